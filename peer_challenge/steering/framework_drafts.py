"""A framework that the office prepares on its page: begun from a file or another framework, then corrected.

A draft holds the entries of a framework file, each area of focus and sub-heading with its id. What entries
must be, the loader of framework files says. A change says what its writer had seen, as with drafts of cycles.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.errors import WrongUse
from peer_challenge.frameworks.column_roles import Role
from peer_challenge.frameworks.keep_ids import Origin, give_ids, list_entries, list_unanswered
from peer_challenge.frameworks.outline import outline_as_dict, outline_from_dict
from peer_challenge.frameworks.read_uploaded import UploadedFramework
from peer_challenge.frameworks.understand_outline import Understood, understand_outline
from peer_challenge.frameworks.write_framework import entries_of_framework
from peer_challenge.model.framework import Framework
from peer_challenge.register import drafts, journal
from peer_challenge.register.cycles import load_whole_framework
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.drafts import FrameworkDraft
from peer_challenge.settings import Settings
from peer_challenge.steering.check_framework_draft import check_entries, find_base, list_known_frameworks
from peer_challenge.steering.draft_cycle import find_last_cycle, mark_value

BEGUN_FROM = "begun_from"
"""Where a draft holds the mark of the framework that it is a later version of."""


class FrameworkGone(WrongUse):
    """There is no such draft, or no such part of it."""

    remedy = "Nothing was changed. Look at the list of frameworks."


class FrameworkChanged(WrongUse):
    """Somebody else has changed the same part of a draft since it was shown."""

    remedy = "Nothing of yours was saved. Compare it with what is there now, then save again."


@dataclass(frozen=True, slots=True)
class PlannedFramework:
    """What a file comes to: entries with ids, the framework or None, and what is wrong with it.

    `understood` is None for a framework file. `to_answer` are the sub-headings that are like one of `base`.
    """

    entries: Entry
    framework: Framework | None
    problems: tuple[tuple[Path_, str], ...]
    understood: Understood | None
    base: Framework | None
    to_answer: tuple[Origin, ...]


# Frameworks that there are


def find_last_framework(connection: Transaction) -> Framework | None:
    """The framework of the cycle that was opened last, whole; None where there was none."""
    last = find_last_cycle(connection)
    return load_whole_framework(connection, last.id) if last is not None else None


def mark_framework(framework: Framework) -> str:
    """A short mark of what a framework says."""
    return mark_value(entries_of_framework(framework))


def _list_others(known: Mapping[str, Framework], base: Framework | None) -> list[Framework]:
    """The frameworks whose ids are kept after those of `base`: the office's own and the newest first."""
    shipped = shipped_frameworks()
    others = [one for one in known.values() if base is None or one.id != base.id]
    return sorted(others, key=lambda one: (one.id not in shipped, one.title), reverse=True)


# Beginning


def begin_framework_from_file(
    register: Register, settings: Settings, uploaded: UploadedFramework, *, at: datetime, actor: str
) -> int:
    """Begin a draft with what was read of a file; returns its number.

    It carries on from the framework of the last cycle, so that what has the same title keeps its id.
    """
    with register.writing() as connection:
        held: Entry = {}
        if uploaded.outline is not None:
            held = {"outline": outline_as_dict(uploaded.outline), "roles": {}}
        entries = _read_entries(uploaded, find_last_framework(connection))[0]
        return _begin(connection, settings, entries, held, at=at, actor=actor)


def _read_entries(uploaded: UploadedFramework, last: Framework | None) -> tuple[Entry, Understood | None]:
    """The entries of an uploaded file, and what was understood where it is Word or Excel."""
    understood = understand_outline(uploaded.outline) if uploaded.outline is not None else None
    entries = understood.entries if understood is not None else dict(uploaded.entries or {})
    entries.pop("id", None)
    if last is not None and "follows" not in entries:
        entries["follows"] = last.id
    return entries, understood


def plan_framework_from_file(
    register: Register | None, settings: Settings, uploaded: UploadedFramework
) -> PlannedFramework:
    """What a file would come to as a framework of this installation; without a register as of a new one."""
    if register is None:
        known, last = shipped_frameworks(settings.own_frameworks), None
    else:
        with register.reading() as connection:
            known = list_known_frameworks(connection, settings)
            last = find_last_framework(connection)
    read, understood = _read_entries(uploaded, last)
    base = find_base(read, known)
    entries = give_ids(read, base, _list_others(known, base))
    framework, problems = check_entries(entries, known)
    to_answer = tuple(list_unanswered(entries, base)) if base is not None else ()
    return PlannedFramework(entries, framework, problems, understood, base, to_answer)


def begin_framework_from(
    register: Register, settings: Settings, framework_id: str, *, at: datetime, actor: str
) -> int:
    """Begin a draft that is a later version of a framework; returns its number. Raises FrameworkGone.

    Everything in it carries on what it is there, and what that carried on.
    """
    with register.writing() as connection:
        framework = list_known_frameworks(connection, settings).get(framework_id)
        if framework is None:
            raise FrameworkGone("This framework is not there any more.")
        entries = entries_of_framework(framework)
        begun: Entry = {BEGUN_FROM: mark_framework(framework)}
        entries["follows"] = framework.id
        for area in list_entries(entries, "focus_areas"):
            for row in list_entries(area, "subheadings"):
                earlier = row.get("crosswalk")
                own = f"{area['id']}/{row['id']}"
                row["crosswalk"] = list(dict.fromkeys([own, *(earlier if isinstance(earlier, list) else [])]))
        return _begin(connection, settings, entries, begun, at=at, actor=actor)


def begin_empty_framework(register: Register, settings: Settings, *, at: datetime, actor: str) -> int:
    """Begin a draft with nothing in it; returns its number."""
    with register.writing() as connection:
        last = find_last_framework(connection)
        entries: Entry = {"title": "", "focus_areas": []}
        if last is not None:
            entries["follows"] = last.id
        return _begin(connection, settings, entries, {}, at=at, actor=actor)


def _begin(
    connection: Transaction,
    settings: Settings,
    entries: Entry,
    uploaded: Entry,
    *,
    at: datetime,
    actor: str,
) -> int:
    known = list_known_frameworks(connection, settings)
    base = find_base(entries, known)
    made = give_ids(entries, base, _list_others(known, base))
    number = drafts.add_draft(connection, made, FrameworkDraft, uploaded=uploaded, at=at, actor=actor)
    journal.append_entry(connection, "framework begun", at=at, actor=actor, draft=number)
    return number


# Looking


def load_framework_draft(connection: Transaction, draft_id: int) -> FrameworkDraft:
    """The draft with this number. Raises FrameworkGone."""
    draft = drafts.load_draft(connection, draft_id, FrameworkDraft)
    if draft is None:
        raise FrameworkGone("This framework is not being prepared any more.")
    return draft


def list_framework_drafts(connection: Transaction) -> list[FrameworkDraft]:
    """Every framework that is being prepared, the one changed last first."""
    return drafts.list_drafts(connection, FrameworkDraft)


def understand_draft(draft: FrameworkDraft) -> Understood | None:
    """What was understood of the file that a draft was begun with; None where there was none."""
    outline = draft.uploaded.get("outline")
    if not isinstance(outline, dict):
        return None
    roles = draft.uploaded.get("roles")
    chosen = {str(key): Role(value) for key, value in roles.items()} if isinstance(roles, dict) else {}
    return understand_outline(outline_from_dict(outline), chosen)


def find_area(entries: Mapping[str, object], area_id: str) -> Entry | None:
    """The area of focus with an id."""
    return next((one for one in list_entries(entries, "focus_areas") if one.get("id") == area_id), None)


def find_row(entries: Mapping[str, object], address: str) -> Entry | None:
    """The sub-heading at an address."""
    area_id, _, row_id = address.partition("/")
    area = find_area(entries, area_id)
    rows = list_entries(area, "subheadings") if area else []
    return next((one for one in rows if one.get("id") == row_id), None)


def mark_part(held: Mapping[str, object] | None) -> str:
    """A short mark of an area of focus or a sub-heading as it is shown; "" for a new one."""
    if held is None:
        return ""
    return mark_value({key: value for key, value in held.items() if key != "subheadings"})


# Changing


def choose_columns(
    register: Register,
    settings: Settings,
    draft_id: int,
    roles: Mapping[str, Role],
    *,
    seen: int,
    at: datetime,
    actor: str,
) -> None:
    """Say what the columns of the uploaded file are, and build the framework from it again.

    `seen` is the version of the draft that was shown. Raises FrameworkChanged and FrameworkGone.
    """
    with register.writing() as connection:
        draft = load_framework_draft(connection, draft_id)
        held = draft.uploaded.get("outline")
        if draft.version != seen or not isinstance(held, dict):
            raise FrameworkChanged("Somebody else has changed this framework meanwhile.")
        chosen = {key: role.value for key, role in roles.items()}
        entries = understand_outline(outline_from_dict(held), roles).entries
        if "follows" in draft.entries:
            entries["follows"] = draft.entries["follows"]
        uploaded = {**draft.uploaded, "roles": chosen}
        _save(connection, settings, draft, entries, "columns", uploaded=uploaded, at=at, actor=actor)


def save_framework_words(
    register: Register,
    settings: Settings,
    draft_id: int,
    changes: Mapping[str, object],
    *,
    seen: str,
    at: datetime,
    actor: str,
) -> None:
    """Save the title, the words of the form, and what the framework carries on from.

    `changes` are by key of the file; None takes one out. `seen` marks what its writer was shown
    (`mark_value` of the values in the order of `changes`). Raises FrameworkChanged and FrameworkGone.
    """

    def change(entries: Entry) -> None:
        _check_seen(mark_value([entries.get(key) for key in changes]), seen)
        is_moved = "follows" in changes and changes["follows"] != entries.get("follows")
        _apply(entries, changes)
        if is_moved:
            _forget_answers(entries)

    _change(register, settings, draft_id, change, "title and words", at=at, actor=actor)


def _forget_answers(entries: Entry) -> None:
    """Take out what sub-headings carry on: it was said of another framework."""
    for area in list_entries(entries, "focus_areas"):
        for row in list_entries(area, "subheadings"):
            row.pop("crosswalk", None)


def save_area(
    register: Register,
    settings: Settings,
    draft_id: int,
    area_id: str,
    changes: Mapping[str, object],
    *,
    seen: str,
    at: datetime,
    actor: str,
) -> str:
    """Save an area of focus, a new one where `area_id` is ""; returns its id.

    Raises FrameworkChanged and FrameworkGone.
    """

    def change(entries: Entry) -> None:
        area = find_area(entries, area_id)
        if area is None:
            _check_is_new(area_id, "area of focus")
            area = {"subheadings": []}
            entries["focus_areas"] = [*list_entries(entries, "focus_areas"), area]
        else:
            _check_seen(mark_part(area), seen)
        _apply(area, changes)

    draft = _change(register, settings, draft_id, change, "area of focus", at=at, actor=actor)
    return area_id or str(list_entries(draft.entries, "focus_areas")[-1]["id"])


def save_row(
    register: Register,
    settings: Settings,
    draft_id: int,
    address: str,
    changes: Mapping[str, object],
    *,
    into: str,
    seen: str,
    at: datetime,
    actor: str,
) -> str:
    """Save a sub-heading, a new one where `address` is ""; returns its address.

    `into` is the id of the area of focus that it belongs to: another one moves it to its end. Raises
    FrameworkChanged and FrameworkGone.
    """

    def change(entries: Entry) -> None:
        area, row = find_area(entries, into), find_row(entries, address)
        if area is None:
            raise FrameworkGone("This area of focus is not there any more.")
        if row is None:
            _check_is_new(address, "sub-heading")
            row = {}
        else:
            _check_seen(mark_part(row), seen)
            before = find_area(entries, address.partition("/")[0])
            if before is area or before is None:
                _apply(row, changes)
                return
            _take_out(before, "subheadings", row)
        _apply(row, changes)
        rows = list_entries(area, "subheadings")
        if row.get("id") in {one.get("id") for one in rows}:
            del row["id"]
        area["subheadings"] = [*rows, row]

    draft = _change(register, settings, draft_id, change, "sub-heading", at=at, actor=actor)
    if address.startswith(f"{into}/"):
        return address
    return f"{into}/{list_entries(find_area(draft.entries, into) or {}, 'subheadings')[-1]['id']}"


def remove_part(
    register: Register,
    settings: Settings,
    draft_id: int,
    address: str,
    *,
    seen: str,
    at: datetime,
    actor: str,
) -> None:
    """Remove a sub-heading, or an area of focus with all of its own; one that is gone needs nothing more.

    `address` is "area" or "area/sub-heading". Raises FrameworkChanged and FrameworkGone.
    """

    def change(entries: Entry) -> None:
        area_id, _, row_id = address.partition("/")
        area, row = find_area(entries, area_id), find_row(entries, address) if row_id else None
        held = row if row_id else area
        if area is None or held is None:
            return
        _check_seen(mark_part(held), seen)
        if row is None:
            _take_out(entries, "focus_areas", area)
        else:
            _take_out(area, "subheadings", row)

    _change(register, settings, draft_id, change, "removed a part", at=at, actor=actor)


def move_part(
    register: Register,
    settings: Settings,
    draft_id: int,
    address: str,
    step: int,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Move an area of focus, or a sub-heading within its own, up (-1) or down (1); at an end it stays."""

    def change(entries: Entry) -> None:
        area_id, _, row_id = address.partition("/")
        holder, key = (find_area(entries, area_id), "subheadings") if row_id else (entries, "focus_areas")
        if holder is None:
            return
        held = list_entries(holder, key)
        at_index = next((n for n, one in enumerate(held) if one.get("id") == (row_id or area_id)), None)
        if at_index is not None and 0 <= at_index + step < len(held):
            held.insert(at_index + step, held.pop(at_index))
            holder[key] = held

    _change(register, settings, draft_id, change, "order", at=at, actor=actor)


def save_origins(
    register: Register,
    settings: Settings,
    draft_id: int,
    origins: Mapping[str, str],
    *,
    at: datetime,
    actor: str,
) -> None:
    """Save what sub-headings carry on of the framework before: its address by their own, "" for nothing.

    One that carries on several sub-headings of it is shown with the first, and keeps them all where that is
    left as it is. What they carry on of other frameworks stays. Raises FrameworkGone.
    """

    with register.reading() as connection:
        known = list_known_frameworks(connection, settings)
        base = find_base(load_framework_draft(connection, draft_id).entries, known)
    of_base = frozenset(base.subheadings) if base is not None else frozenset()

    def change(entries: Entry) -> None:
        for address, origin in origins.items():
            row = find_row(entries, address)
            if row is not None:
                crosswalk = row.get("crosswalk")
                held = crosswalk if isinstance(crosswalk, list) else []
                said = [one for one in held if one in of_base]
                if not isinstance(crosswalk, list) or origin != (said or [""])[0]:
                    kept = [one for one in held if one not in of_base]
                    row["crosswalk"] = [*([origin] if origin in of_base else []), *kept]

    _change(register, settings, draft_id, change, "what it carries on", at=at, actor=actor)


def discard_framework_draft(register: Register, draft_id: int, *, at: datetime, actor: str) -> None:
    """Throw a draft away. Raises FrameworkGone."""
    with register.writing() as connection:
        draft = load_framework_draft(connection, draft_id)
        drafts.delete_draft(connection, draft)
        journal.append_entry(connection, "framework discarded", at=at, actor=actor, draft=draft_id)


def _check_seen(now: str, seen: str) -> None:
    if now != seen:
        raise FrameworkChanged("Somebody else has changed this meanwhile.")


def _check_is_new(wanted: str, what: str) -> None:
    if wanted:
        raise FrameworkGone(f"This {what} is not there any more.")


def _apply(held: Entry, changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        held.pop(key, None)
        if value is not None:
            held[key] = value


def _take_out(holder: Entry, key: str, held: Entry) -> None:
    holder[key] = [one for one in list_entries(holder, key) if one is not held]


def _change(
    register: Register,
    settings: Settings,
    draft_id: int,
    change: Callable[[Entry], None],
    what: str,
    *,
    at: datetime,
    actor: str,
) -> FrameworkDraft:
    with register.writing() as connection:
        draft = load_framework_draft(connection, draft_id)
        entries = deepcopy(draft.entries)
        change(entries)
        return _save(connection, settings, draft, entries, what, at=at, actor=actor)


def _save(
    connection: Transaction,
    settings: Settings,
    draft: FrameworkDraft,
    entries: Entry,
    what: str,
    *,
    uploaded: Entry | None = None,
    at: datetime,
    actor: str,
) -> FrameworkDraft:
    """Save entries that differ from the draft's, with ids for what is new. The journal has no words."""
    known = list_known_frameworks(connection, settings)
    base = find_base(entries, known)
    made = give_ids(entries, base, _list_others(known, base))
    if made == draft.entries and uploaded is None:
        return draft
    drafts.save_draft(connection, draft, entries=made, uploaded=uploaded, at=at, actor=actor)
    journal.append_entry(connection, "framework changed", at=at, actor=actor, draft=draft.id, part=what)
    return load_framework_draft(connection, draft.id)
