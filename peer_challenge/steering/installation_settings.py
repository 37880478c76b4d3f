"""Changes settings in `settings.toml`: of the post, of how people sign in, of how long a cycle is kept.

The file keeps its comments and its other lines. What the environment sets is not changed here. A secret is
never given back: only whether there is one. Every process takes the new values with its next run or request,
through `CurrentSettings`; those of `START_SETTINGS` when the service starts again.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import tomlkit
from pydantic import SecretStr, ValidationError
from tomlkit.exceptions import TOMLKitError

from peer_challenge.errors import WrongUse
from peer_challenge.model.messages import Delivery
from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.settings import (
    FILE_NAME,
    MOST_SETTINGS_BYTES,
    Settings,
    check_settings_text,
    find_sign_in_fault,
    load_settings,
    read_settings_text,
)
from peer_challenge.system.control_characters import find_controls
from peer_challenge.system.file_lock import file_lock
from peer_challenge.system.folder_handles import replace_private

_BEGINNINGS = (
    "delivery",
    "hold_new_addresses",
    "smtp_",
    "mail_",
    "imap_",
    "trusted_mail_hosts",
    "answer_unknown_senders",
)
POST_SETTINGS = tuple(name for name in Settings.model_fields if name.startswith(_BEGINNINGS))
"""The settings of the post, in the order in which Settings has them."""
ACCESS_SETTINGS = ("session_minutes", "one_time_link_hours", "retention_months")
"""Those of how people sign in, and of how long a closed cycle is kept."""
START_SETTINGS = (
    *("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_trusts_email"),
    *("public_url", "inbox", "outbox", "rejected"),
)
"""Those that are read when the service starts: sign-in with an organisation's account, address, folders."""
_ASK_WHO_IT_IS = frozenset((*POST_SETTINGS, *START_SETTINGS))
"""Those with which somebody could get others' mail, links or sign-ins: a session alone changes none of them.

All of the two pages: which of them does no harm alone is nothing that an office should have to know.
"""
_ON_PAGES = (*POST_SETTINGS, *ACCESS_SETTINGS)
"""All that can be changed on a page and is in force at once."""
SECRET_SETTINGS = frozenset(
    name
    for name in (*POST_SETTINGS, *START_SETTINGS)
    if SecretStr
    in (*get_args(Settings.model_fields[name].annotation), Settings.model_fields[name].annotation)
)
"""Those whose value is never shown."""
_GOES_TO = {
    "smtp_password": ("smtp_host", "smtp_tls"),
    "imap_password": ("imap_host",),
    "oidc_client_secret": ("oidc_issuer",),
    "mail_oauth_client_secret": (
        *("mail_oauth_authority", "mail_oauth_tenant"),
        *("smtp_host", "smtp_tls", "imap_host"),  # which are given the token that the secret brings
    ),
}
"""Where each secret is sent, or what it opens. Who changes that has to know the secret.

Else a new server would be told it.
"""
_MOST_CHARACTERS = 2_000
"""Longer than any address, path or secret: a whole text was pasted by mistake."""
_LOCK = "settings.lock"


class SettingsRefused(WrongUse):
    """Settings that can't be used; `problems` has a sentence for each, by its name."""

    remedy = "Nothing was changed. Correct these settings, then save again."

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("Some settings can't be used.")


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting as the office sees it. `value` is empty for a secret. `fixed_by` names what sets it, where
    that is not `settings.toml`: then it can't be changed here."""

    name: str
    value: str
    is_secret: bool
    is_set: bool
    fixed_by: str


def show_settings(settings: Settings, names: Collection[str] = _ON_PAGES) -> dict[str, ShownSetting]:
    """Settings by their names, as text that a form can hold; secrets without their value.

    Without `names`, all that can be changed on a page.
    """
    return {name: _show_setting(settings, name) for name in names}


def _show_setting(settings: Settings, name: str) -> ShownSetting:
    value, source = getattr(settings, name), settings.sources.get(name, "")
    return ShownSetting(
        name,
        "" if name in SECRET_SETTINGS else _write_as_text(value),
        name in SECRET_SETTINGS,
        value not in (None, "", ()),
        "" if source in ("", FILE_NAME) else source,
    )


def _write_as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def mark_version(settings: Settings, names: Collection[str] = _ON_PAGES) -> str:
    """A short mark of these settings, without the secrets: it changes when one of them does."""
    shown = {name: one.value or one.is_set for name, one in show_settings(settings, names).items()}
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def change_settings(
    register: Register,
    home: Path,
    typed: Mapping[str, str],
    *,
    seen: str,
    forgotten: Collection[str] = (),
    names: Collection[str] = _ON_PAGES,
    confirm: Callable[[], None],
    at: datetime,
    actor: str,
) -> tuple[str, ...]:
    """Write settings into `settings.toml`; returns the names of those that changed.

    `names` are those that the form has, `typed` has a text by the name of each. An empty one brings the
    default back; of a secret, it keeps the present one, unless its name is in `forgotten`. `seen` is the
    mark (`mark_version`) of the settings that the form showed. The journal names what changed, and no value,
    before the file is replaced: killed in between, the old settings stay in force. `confirm` is called before
    a change that could hand control to somebody else, and raises WrongUse where the actor has not shown again
    who they are.

    Raises SettingsRefused for values that can't be used, what `confirm` raises, and WrongUse where somebody
    else has changed the settings meanwhile or the file can't be written.
    """
    with file_lock(home / "var" / _LOCK) as is_ours:
        if not is_ours:
            raise WrongUse("Somebody else is saving the settings.", remedy="Try again in a moment.")
        present = load_settings(home)
        if seen != mark_version(present, names):
            raise WrongUse(
                "Somebody else has changed the settings meanwhile.",
                remedy="Nothing was changed. Look at them as they are now, then make your change again.",
            )
        changes = _list_changes(present, typed, forgotten, names)
        if not changes:
            return ()
        path = (home / FILE_NAME).resolve()
        text = _edit_settings_text(path, _check_new_settings(present, path, changes), changes)
        if not _ASK_WHO_IT_IS.isdisjoint(changes):
            confirm()
        _replace_settings_file(register, path, text, tuple(changes), at, actor)
        return tuple(changes)


def try_settings(
    home: Path,
    typed: Mapping[str, str],
    forgotten: Collection[str] = (),
    names: Collection[str] = _ON_PAGES,
) -> Settings:
    """The settings as `change_settings` would write them; nothing is written. Raises SettingsRefused."""
    present = load_settings(home)
    changes = _list_changes(present, typed, forgotten, names)
    return _check_new_settings(present, (home / FILE_NAME).resolve(), changes) if changes else present


def _list_changes(
    present: Settings, typed: Mapping[str, str], forgotten: Collection[str], names: Collection[str]
) -> dict[str, str | None]:
    """The new text of each setting that changes, by name; None where the default comes back.

    Raises SettingsRefused.
    """
    changes: dict[str, str | None] = {}
    problems: dict[str, str] = {}
    for name, shown in show_settings(present, names).items():
        text = " ".join(typed.get(name, shown.value).split()) if not shown.is_secret else typed.get(name, "")
        is_kept = not text if shown.is_secret else text == shown.value
        if shown.is_secret and name in forgotten and shown.is_set:
            text, is_kept = "", False
        if is_kept:
            continue
        if shown.fixed_by:
            problems[name] = f"It is set by the {shown.fixed_by}, and can only be changed there."
        elif len(text) > _MOST_CHARACTERS or find_controls(text):
            problems[name] = "This is too long, or has a character that can't be used."
        else:
            changes[name] = text or None
    problems = {**_find_moved_secrets(present, changes), **problems}
    if problems:
        raise SettingsRefused(problems)
    return changes


def _find_moved_secrets(present: Settings, changes: Mapping[str, str | None]) -> dict[str, str]:
    """A sentence for each secret that is kept, but would be sent to another place than so far."""
    problems = {}
    for secret, places in _GOES_TO.items():
        moved = next((place for place in places if place in changes), None)
        if moved is None or secret in changes:
            continue
        shown = _show_setting(present, secret)
        if shown.is_set and shown.fixed_by:
            problems[moved] = f"This decides where a secret is sent. Change both in the {shown.fixed_by}."
        elif shown.is_set:
            problems[secret] = "Type it again: it would now be sent to another place."
    return problems


def _check_new_settings(present: Settings, path: Path, changes: Mapping[str, str | None]) -> Settings:
    """The settings with the changes, before the file is written. Raises SettingsRefused."""
    text = _edit_settings_text(path, None, changes)
    try:
        made = check_settings_text(present.home, text)
    except ValidationError as error:
        raise SettingsRefused(
            {str(problem["loc"][0]): _explain_problem(dict(problem)) for problem in error.errors()}
        ) from None
    if made.way_to_deliver is Delivery.SEND and not made.smtp_host:
        raise SettingsRefused({"smtp_host": "To send by email, give the mail server."})
    if (fault := find_sign_in_fault(made)) is not None:
        raise SettingsRefused({fault[0]: fault[1]})
    return made


def _explain_problem(problem: Mapping[str, Any]) -> str:
    """What is wrong with a value, as the office would say it; our own validators' words as they are."""
    kind, limits = str(problem["type"]), problem.get("ctx") or {}
    if kind.startswith("int"):
        return "Write a whole number."
    if kind == "greater_than_equal":
        return f"Write a number from {limits.get('ge')} upwards."
    if kind == "less_than_equal":
        return f"Write a number up to {limits.get('le')}."
    if kind.startswith("bool"):
        return "Choose yes or no."
    if kind in ("enum", "literal_error"):
        return "Choose one from the list."
    if kind == "value_error":
        return f"{str(limits.get('error', 'This can not be used')).strip()[:200]}."
    return "This can't be used."


def _edit_settings_text(path: Path, made: Settings | None, changes: Mapping[str, str | None]) -> str:
    """The text of the file with the changes. Values are as `made` has them; as typed before there is one."""
    before = read_settings_text(path) if path.exists() else ""
    try:
        document = tomlkit.parse(before)
    except TOMLKitError as error:
        raise WrongUse(
            f"{FILE_NAME} can't be read: {error}.", remedy=f"Correct that line in {path}, then try again."
        ) from None
    for name, text in changes.items():
        if text is None:
            document.pop(name, None)
        else:
            document[name] = text if made is None else _write_as_toml(getattr(made, name))
    return tomlkit.dumps(document)


def _write_as_toml(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, Path):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def _replace_settings_file(
    register: Register, path: Path, text: str, names: tuple[str, ...], at: datetime, actor: str
) -> None:
    data = text.encode("utf-8")
    if len(data) > MOST_SETTINGS_BYTES:
        raise WrongUse(f"{FILE_NAME} would be far too large.", remedy=f"Keep only settings in {path}.")
    try:
        with register.writing() as connection:
            journal.append_entry(
                connection, "settings changed", at=at, actor=actor, settings=", ".join(names)
            )
            replace_private(path, data)
    except OSError as error:
        raise WrongUse(
            f"We can't write {FILE_NAME} ({error.strerror}).",
            remedy=f"Ask the person who looks after this machine to let the service write in {path.parent}.",
        ) from None


class CurrentSettings:
    """The settings of a process, those of the pages always as `settings.toml` has them now.

    The file is read again when it has changed. While it can't be used, the last settings stay in force.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: tuple[int, ...] | None = None

    def read(self) -> Settings:
        """The settings in force at this moment."""
        seen = _look_at_file(self._settings.home / FILE_NAME)
        if seen is not None and seen != self._seen:
            with contextlib.suppress(WrongUse, OSError):
                self._settings = _take_over(self._settings, load_settings(self._settings.home))
            self._seen = seen
        return self._settings


def _look_at_file(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ino, status.st_size)


def _take_over(settings: Settings, fresh: Settings) -> Settings:
    sources = {name: source for name, source in settings.sources.items() if name not in _ON_PAGES}
    sources |= {name: source for name, source in fresh.sources.items() if name in _ON_PAGES}
    return settings.model_copy(
        update={**{name: getattr(fresh, name) for name in _ON_PAGES}, "sources": sources}
    )
