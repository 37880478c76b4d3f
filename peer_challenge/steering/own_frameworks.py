"""The office's own frameworks as files that cycles can name: what there is, what is used, a version more.

A framework that a cycle was opened with is never changed: what replaces it is a version of its own, with an
id of its own, that says what it follows.
"""

import contextlib
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peer_challenge.cycle_file.check_framework import check_framework_entries
from peer_challenge.cycle_file.load_framework import read_framework, shipped_frameworks
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.errors import FrameworkFileError, WrongUse
from peer_challenge.frameworks.keep_ids import list_entries, make_free_id
from peer_challenge.frameworks.write_framework import write_framework_file
from peer_challenge.model.cycle import make_id_from_name
from peer_challenge.model.framework import Framework
from peer_challenge.register import drafts, journal
from peer_challenge.register.cycles import list_uses_of_frameworks
from peer_challenge.register.database import Register, Transaction
from peer_challenge.settings import Settings
from peer_challenge.steering.check_framework_draft import check_framework_draft, list_known_frameworks
from peer_challenge.steering.framework_drafts import (
    BEGUN_FROM,
    FrameworkChanged,
    PlannedFramework,
    load_framework_draft,
    mark_framework,
)
from peer_challenge.system.folder_handles import replace_private

_VERSION = re.compile(r"-\d{1,3}$")


class FrameworkIncomplete(WrongUse):
    """A framework that has problems still, or questions that nobody has answered."""

    remedy = "Nothing was saved. Correct what the page lists, then try again."


@dataclass(frozen=True, slots=True)
class ListedFramework:
    """A framework that a cycle can choose.

    `used_by` are the names of cycles that were opened with it. `is_own`: it is the office's. `followed_by` is
    the id of the framework of the office's that takes its place, "" where none does.
    """

    framework: Framework
    used_by: tuple[str, ...]
    is_own: bool
    followed_by: str


def list_frameworks_to_choose(connection: Transaction, settings: Settings) -> list[ListedFramework]:
    """Every framework in files, the office's own first, then the newest."""
    shipped, known = shipped_frameworks(), shipped_frameworks(settings.own_frameworks)
    uses = list_uses_of_frameworks(connection)
    own = {one.id for one in known.values() if shipped.get(one.id) != one}
    followers = {known[one].follows: one for one in sorted(own, reverse=True) if known[one].follows in own}
    listed = [
        ListedFramework(one, tuple(uses.get(one.id, ())), one.id in own, followers.get(one.id, ""))
        for one in known.values()
    ]
    return sorted(listed, key=lambda one: (one.is_own, one.framework.title, one.framework.id), reverse=True)


def use_framework(
    register: Register, settings: Settings, draft_id: int, *, seen: int, at: datetime, actor: str
) -> Framework:
    """Save a draft as a framework that cycles can choose; the draft is gone then. Returns the framework.

    `seen` is the version of the draft that was confirmed. The file is in its place before the register says
    so: a run that is ended in between leaves the draft, and saving it again comes to the same file. Raises
    FrameworkIncomplete, FrameworkChanged and FrameworkGone, WrongUse where the file can't be written.
    """
    with register.writing() as connection:
        draft = load_framework_draft(connection, draft_id)
        if draft.version != seen:
            raise FrameworkChanged(
                "Somebody else has changed this framework since you looked.",
                remedy="Nothing was saved. Look at it once more, then save it.",
            )
        if not check_framework_draft(connection, settings, draft).is_complete:
            raise FrameworkIncomplete("This framework can't be used yet.")
        begun = str(draft.uploaded.get(BEGUN_FROM, ""))
        framework = _save_entries(connection, settings, draft.entries, begun, at=at, actor=actor)
        drafts.delete_draft(connection, draft)
    return framework


def save_planned_framework(
    register: Register, settings: Settings, planned: PlannedFramework, *, at: datetime, actor: str
) -> Framework:
    """Save what was understood of a file as a framework that cycles can choose; returns it.

    A sub-heading that is only like an earlier one is new. Raises FrameworkIncomplete, and WrongUse where the
    file can't be written.
    """
    if planned.framework is None or planned.problems:
        raise FrameworkIncomplete("This framework can't be used yet.")
    with register.writing() as connection:
        return _save_entries(connection, settings, planned.entries, "", at=at, actor=actor)


def _save_entries(
    connection: Transaction,
    settings: Settings,
    held: Mapping[str, object],
    begun: str,
    *,
    at: datetime,
    actor: str,
) -> Framework:
    known, uses = list_known_frameworks(connection, settings), list_uses_of_frameworks(connection)
    entries = finish_entries(settings, held, known, uses, begun)
    framework, problems = check_framework_entries(entries)
    if framework is None or problems:
        raise FrameworkIncomplete("This framework can't be used yet.")
    save_framework_file(settings, framework.id, entries)
    journal.append_entry(
        connection,
        "framework saved",
        at=at,
        actor=actor,
        framework=framework.id,
        follows=framework.follows or "",
        rows=len(framework),
    )
    return framework


def finish_entries(
    settings: Settings,
    held: Mapping[str, object],
    known: Mapping[str, Framework],
    uses: Iterable[str],
    begun: str = "",
) -> Entry:
    """The entries of the file: with the id that it gets, and what it follows.

    A framework that no cycle has used is replaced by its later version. Where somebody has replaced it since
    that was begun, the later version is one of its own, so that neither is lost. `uses` are the ids of
    frameworks that a cycle was opened with; `begun` marks what the later version was begun from, "" where
    that is not known.
    """
    present = known.get(str(held.get("id") or ""))
    if present is not None and present.id not in uses and present.id not in shipped_frameworks():
        replacing = deepcopy(dict(held))
        _go_back_to_same(replacing, present)
        _drop_empty_crosswalks(replacing)
        if begun in ("", mark_framework(present)) or check_framework_entries(replacing)[0] == present:
            return replacing
    entries = deepcopy(dict(held))
    _drop_empty_crosswalks(entries)
    entries["id"] = choose_framework_id(entries, {*known, *uses}, settings)
    return entries


def _drop_empty_crosswalks(entries: Entry) -> None:
    for area in list_entries(entries, "focus_areas"):
        for row in list_entries(area, "subheadings"):
            if not row.get("crosswalk"):
                row.pop("crosswalk", None)


def _go_back_to_same(entries: Entry, present: Framework) -> None:
    """For a framework that no cycle has used: it follows what it followed, and not itself."""
    entries.pop("follows", None)
    if present.follows is not None:
        entries["follows"] = present.follows
    own = set(present.subheadings) - {one for row in present.subheadings.values() for one in row.crosswalk}
    for area in list_entries(entries, "focus_areas"):
        for row in list_entries(area, "subheadings"):
            held = row.get("crosswalk")
            row["crosswalk"] = [one for one in held if one not in own] if isinstance(held, list) else []


def choose_framework_id(entries: Mapping[str, object], taken: Iterable[str], settings: Settings) -> str:
    """An id that no framework has: that of the version before with a number more, else made from the title.

    The names of files are taken too, whatever framework is in them. One whose file says the very same already
    is taken again.
    """
    before = str(entries.get("id") or "")
    wanted = _VERSION.sub("", before) or make_id_from_name(str(entries.get("title") or "")) or "our-framework"
    files = {path.stem: path for path in settings.own_frameworks.glob("*.yaml")}
    for one in sorted(set(taken) & set(files)):
        is_version = _VERSION.sub("", one) == wanted
        if is_version and files[one].read_text("utf-8") == write_framework_file({**entries, "id": one}):
            return one
    return make_free_id(wanted, {*taken, *files})


def save_framework_file(settings: Settings, framework_id: str, entries: Mapping[str, object]) -> Path:
    """Write a framework's file into the folder of the office's own; returns where it is.

    Raises WrongUse where it can't be written.
    """
    folder = settings.own_frameworks
    path = find_framework_file(folder, framework_id) or folder / f"{framework_id}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_private(path, write_framework_file(entries).encode("utf-8"))
    except OSError as error:
        raise WrongUse(
            f"The framework can't be written ({error.strerror}).",
            remedy=f"Ask the person who looks after this machine to let the service write in {folder}.",
        ) from None
    return path


def explain_why_kept(connection: Transaction, settings: Settings, framework_id: str) -> str:
    """Why a framework can't be deleted, in a sentence; "" where it can."""
    listed = {one.framework.id: one for one in list_frameworks_to_choose(connection, settings)}
    found = listed.get(framework_id)
    if found is None:
        return "This framework is not there any more."
    if not found.is_own:
        return "This framework comes with the software."
    if found.used_by:
        return f"It is used by: {', '.join(found.used_by)}. What a cycle was opened with stays."
    cycles = drafts.list_drafts(connection, drafts.CycleDraft)
    if any(one.entries.get("framework") == framework_id for one in cycles):
        return "A cycle in preparation uses it. Choose another framework there first."
    frameworks = drafts.list_drafts(connection, drafts.FrameworkDraft)
    if any(one.entries.get("follows") == framework_id for one in frameworks):
        return "A framework in preparation carries on from it. Save or discard that first."
    if found.followed_by:
        return "A later version carries on from it, and needs it to compare the years."
    return ""


def delete_framework(
    register: Register, settings: Settings, framework_id: str, *, at: datetime, actor: str
) -> None:
    """Delete a framework of the office's own that nothing uses. The journal says so before the file goes.

    Where its file had taken the place of a shipped one, that one is there again. Raises WrongUse.
    """
    with register.writing() as connection:
        if why := explain_why_kept(connection, settings, framework_id):
            raise WrongUse(f"Nothing was deleted. {why}", remedy="Go back to the list of frameworks.")
        folder = settings.own_frameworks
        path = find_framework_file(folder, framework_id)
        if path is None:
            raise WrongUse("This framework has no file of its own.", remedy="Nothing was deleted.")
        journal.append_entry(connection, "framework deleted", at=at, actor=actor, framework=framework_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise WrongUse(
                f"The framework can't be deleted ({error.strerror}).",
                remedy=f"Ask the person who looks after this machine to let the service write in {folder}.",
            ) from None


def find_framework_file(folder: Path, framework_id: str) -> Path | None:
    """The file of the framework with an id, whatever its name is; None where there is none.

    Of several it is the one that is used: the last by name.
    """
    for path in sorted(folder.glob("*.yaml"), reverse=True):
        with contextlib.suppress(FrameworkFileError):
            if read_framework(path).id == framework_id:
                return path
    return None
