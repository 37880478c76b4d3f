"""Templates of the office's own: uploaded, checked, looked at, taken into use and taken back.

One that is uploaded waits in a folder of its own until it is used. It changes places with the one used
before, so that the office can go back by using that again. A refused one is never used: the shipped one is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peer_challenge.dispatches.kinds import KINDS, template_of
from peer_challenge.dispatches.samples.check_office_templates import (
    TemplateProblem,
    check_template,
    list_template_names,
)
from peer_challenge.errors import WrongUse
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import file_lock
from peer_challenge.system.file_modes import make_private_folder
from peer_challenge.system.folder_handles import replace_private

WAITING = "waiting"
"""The folder, in that of the office's templates, of those that are not used yet."""
MOST_TEMPLATE_BYTES = 2_000_000
"""A hundred times a shipped one: its pictures are in every document that it makes, and those go by email."""
_LOCK = "templates.lock"


@dataclass(frozen=True, slots=True)
class OfficeTemplate:
    """A template: what it is for, and whether the office has one of its own in use or waiting.

    `problems` are those of the one in use, `waiting_problems` of the one that waits. `waiting_sha256` is ""
    where none waits.
    """

    name: str
    title: str
    purposes: tuple[str, ...]
    has_own: bool
    problems: tuple[TemplateProblem, ...]
    waiting_sha256: str
    waiting_problems: tuple[TemplateProblem, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether one waits to be used."""
        return bool(self.waiting_sha256)

    @property
    def is_own_used(self) -> bool:
        """Whether documents are made from the office's own."""
        return self.has_own and not self.problems


def list_office_templates(settings: Settings) -> list[OfficeTemplate]:
    """Every template, by its title."""
    found = [describe_office_template(settings, name) for name in list_template_names()]
    return sorted(found, key=lambda one: one.title)


def describe_office_template(settings: Settings, name: str) -> OfficeTemplate:
    """One template as it is now. Raises WrongUse for a name that no template has."""
    _check_name(name)
    kinds = [kind for kind, row in KINDS.items() if row.ending == "docx" and template_of(kind) == name]
    own, waiting = _own_file(settings, name), _waiting_file(settings, name)
    return OfficeTemplate(
        name,
        capitalise_first_letter(name.replace("_", " ")),
        tuple(kind.in_words for kind in kinds),
        own.is_file(),
        tuple(check_template(own)) if own.is_file() else (),
        sha256_of(waiting.read_bytes()) if waiting.is_file() else "",
        tuple(check_template(waiting)) if waiting.is_file() else (),
    )


def put_template_aside(
    register: Register, settings: Settings, name: str, data: bytes, *, at: datetime, actor: str
) -> Sequence[TemplateProblem]:
    """Keep an uploaded template until it is used; returns what is wrong with it. Raises WrongUse."""
    _check_name(name)
    if not data:
        raise WrongUse(
            "You did not choose a file, or it is empty.", remedy="Choose your Word template.", about="file"
        )
    if len(data) > MOST_TEMPLATE_BYTES:
        most = MOST_TEMPLATE_BYTES // 1_000_000
        raise WrongUse(
            f"This file is larger than {most} MB.", remedy="Make its pictures smaller.", about="file"
        )
    waiting = _waiting_file(settings, name)
    with file_lock(settings.var / _LOCK) as is_ours:
        _check_lock(is_ours)
        _write_beside(waiting, data)
        with register.writing() as connection:
            journal.append_entry(
                connection, "template uploaded", at=at, actor=actor, template=name, sha256=sha256_of(data)
            )
    return check_template(waiting)


def use_template(
    register: Register, settings: Settings, name: str, seen: str, *, at: datetime, actor: str
) -> None:
    """Use the template that waits for all that is made from now on; the one used before waits then.

    `seen` is the SHA-256 of the template that was looked at. Nothing happens where that is in use already.
    Raises WrongUse where none or another one waits, or where it can't be used.
    """
    _check_name(name)
    own, waiting = _own_file(settings, name), _waiting_file(settings, name)
    with file_lock(settings.var / _LOCK) as is_ours:
        _check_lock(is_ours)
        before = own.read_bytes() if own.is_file() else None
        if before is not None and sha256_of(before) == seen:
            return
        data = _read_waiting(waiting, seen)
        if check_template(waiting):
            raise WrongUse("This template can't be used.", remedy="Correct it in Word, and upload it again.")
        with register.writing() as connection:
            journal.append_entry(
                connection,
                "template taken into use",
                at=at,
                actor=actor,
                template=name,
                sha256=sha256_of(data),
                before=sha256_of(before) if before is not None else "shipped",
            )
        _write_beside(own, data)
        if before is None:
            waiting.unlink()
        else:
            _write_beside(waiting, before)


def _read_waiting(waiting: Path, seen: str) -> bytes:
    """The template that waits. Raises WrongUse where there is none, or another one than was looked at."""
    if not waiting.is_file():
        raise WrongUse("No template of yours waits to be used.", remedy="Upload one first.")
    data = waiting.read_bytes()
    if sha256_of(data) != seen:
        raise WrongUse(
            "Another template waits here than the one that you looked at.",
            remedy="Nothing was changed. Look at the one that waits now, then decide again.",
        )
    return data


def remove_waiting_template(
    register: Register, settings: Settings, name: str, seen: str, *, at: datetime, actor: str
) -> None:
    """Remove the template that waits, whose SHA-256 is `seen`.

    Raises WrongUse where none or another one waits.
    """
    _check_name(name)
    waiting = _waiting_file(settings, name)
    with file_lock(settings.var / _LOCK) as is_ours:
        _check_lock(is_ours)
        _read_waiting(waiting, seen)
        with register.writing() as connection:
            journal.append_entry(
                connection, "waiting template removed", at=at, actor=actor, template=name, sha256=seen
            )
        waiting.unlink()


def take_template_back(
    register: Register, settings: Settings, name: str, *, at: datetime, actor: str
) -> None:
    """Use the shipped template again; the office's own waits, and can be used again.

    Raises WrongUse where the shipped one is in use, and where another one of the office's waits.
    """
    _check_name(name)
    own = _own_file(settings, name)
    with file_lock(settings.var / _LOCK) as is_ours:
        _check_lock(is_ours)
        if not own.is_file():
            raise WrongUse("The shipped template is in use already.", remedy="There is nothing to take back.")
        data, waiting = own.read_bytes(), _waiting_file(settings, name)
        if waiting.is_file() and waiting.read_bytes() != data:
            raise WrongUse(
                "Another template of yours waits here. The one in use would take its place.",
                remedy="Remove the one that waits, on this page, if nobody needs it. Then try again.",
            )
        with register.writing() as connection:
            journal.append_entry(
                connection, "template taken back", at=at, actor=actor, template=name, sha256=sha256_of(data)
            )
        _write_beside(waiting, data)
        own.unlink()


def find_template_folder(settings: Settings, name: str, *, is_waiting: bool) -> Path | None:
    """The folder of the template that waits, or of the office's own in use; None where there is none."""
    file = _waiting_file(settings, name) if is_waiting else _own_file(settings, name)
    return file.parent if file.is_file() else None


def _own_file(settings: Settings, name: str) -> Path:
    return settings.own_templates / f"{name}.docx"


def _waiting_file(settings: Settings, name: str) -> Path:
    return settings.own_templates / WAITING / f"{name}.docx"


def _check_name(name: str) -> None:
    if name not in list_template_names():
        raise WrongUse("There is no such template.", remedy="Choose one of the list of templates.")


def _check_lock(is_ours: bool) -> None:
    if not is_ours:
        raise WrongUse("Somebody else is changing a template.", remedy="Try again in a moment.")


def _write_beside(file: Path, data: bytes) -> None:
    """Write a file under a passing name first: a document is never made from half of it."""
    try:
        make_private_folder(file.parent)
        replace_private(file, data)
    except OSError as error:
        raise WrongUse(
            f"We can't write the template ({error.strerror}).",
            remedy="Ask the person who looks after this machine to let the service write in templates/word.",
        ) from None
