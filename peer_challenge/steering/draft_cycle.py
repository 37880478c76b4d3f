"""A cycle that the office prepares on its page: a draft in parts, which several people can go on with.

A draft holds the entries of a cycle file. What they must be, the loader of cycle files says and nobody else.
Each save says which values its writer had seen: where somebody has changed them meanwhile, nothing is saved.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel

from peer_challenge.cycle_file.area_references import follow_area
from peer_challenge.cycle_file.load_cycle import check_entries
from peer_challenge.cycle_file.load_framework import CURRENT, shipped_frameworks
from peer_challenge.cycle_file.opening_day import list_past_days
from peer_challenge.cycle_file.uploaded_files import UploadedEntries
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Contact, Cycle, Dates
from peer_challenge.model.cycle_rules import AssignmentRules, Rules
from peer_challenge.model.framework import Framework, find_newest_version
from peer_challenge.model.sentences import say_how_many
from peer_challenge.register import challenges, drafts, journal
from peer_challenge.register.cycles import is_cycle_stored, list_rules_since, load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.drafts import CycleDraft
from peer_challenge.register.records import CycleState


class Part(StrEnum):
    """The parts of a draft, in the order in which people fill them in."""

    FRAMEWORK = "framework"
    DATES = "dates"
    AREAS = "areas"
    CHAIRS = "chairs"
    RULES = "rules"
    PARTNERS = "partners"
    SENDING = "sending"


class PartState(StrEnum):
    """How far a part is. `USUAL`: nothing was typed, and nothing has to be."""

    TO_DO = "to do"
    TO_CORRECT = "to correct"
    DONE = "done"
    USUAL = "usual"


SENDING_RULES = ("look_before_sending", "evidence_goes_with_pack", "marking_in_subject", "marking")
"""The rules that belong to the part about sending."""
ITEMS = {Part.AREAS: "participants", Part.CHAIRS: "chairs"}
"""The parts that are lists, each with its key in the entries."""
_PART_OF_KEY = {
    "framework": Part.FRAMEWORK,
    "omit": Part.FRAMEWORK,
    "participants": Part.AREAS,
    "chairs": Part.CHAIRS,
    "rules": Part.RULES,
    "assignment": Part.PARTNERS,
    "office": Part.SENDING,
}


_MODELS: Mapping[str, type[BaseModel]] = {
    "dates": Dates,
    "rules": Rules,
    "assignment": AssignmentRules,
    "office": Contact,
}


class DraftGone(WrongUse):
    """There is no such draft: it was opened or thrown away."""

    remedy = "Nothing was changed. Look at the list of cycles that are being prepared."


class DraftChanged(WrongUse):
    """Somebody else has changed the same part of a draft since it was shown."""

    remedy = "Nothing of yours was saved. Compare it with what is there now, then save again."


@dataclass(frozen=True, slots=True)
class DraftRemark:
    """A problem or a warning about a draft: the path of the value, what is wrong and what to do, the part."""

    path: Path_
    words: str
    part: Part


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft and what the loader says of it. `cycle` is None while there are problems."""

    draft: CycleDraft
    cycle: Cycle | None
    problems: tuple[DraftRemark, ...]
    warnings: tuple[DraftRemark, ...]

    def list_problems(self, part: Part) -> list[DraftRemark]:
        """The problems of one part."""
        return [one for one in self.problems if one.part is part]

    def find_state(self, part: Part) -> PartState:
        """How far a part is."""
        is_begun = has_begun(self.draft.entries, part)
        if self.list_problems(part):
            return PartState.TO_CORRECT if is_begun else PartState.TO_DO
        return PartState.DONE if is_begun else PartState.USUAL

    def find_next_part(self, part: Part) -> Part | None:
        """The part to go on with after one that was saved; None where all are done.

        First those after it that nobody has filled in, also where the usual is enough: they are worth a
        look once. Then those before it that need something.
        """
        at = list(Part).index(part)
        after, before = list(Part)[at + 1 :], list(Part)[:at]
        not_done = [one for one in after if self.find_state(one) is not PartState.DONE]
        needed = [one for one in before if self.list_problems(one)]
        return next(iter((*not_done, *needed)), None)


def find_part(path: Path_) -> Part:
    """The part of a draft to which the value at a path belongs."""
    first = str(path[0]) if path else ""
    if first == "rules" and path[1:2] and path[1] in SENDING_RULES:
        return Part.SENDING
    if "receives" in path:
        return Part.SENDING
    return _PART_OF_KEY.get(first, Part.DATES)


def has_begun(entries: Mapping[str, object], part: Part) -> bool:
    """Whether something was typed into a part."""
    keys = [key for key in Cycle.model_fields if find_part((key,)) is part]
    if part is Part.RULES:
        return any(name not in SENDING_RULES for name in _read_mapping(entries, "rules"))
    if part is Part.SENDING and any(name in SENDING_RULES for name in _read_mapping(entries, "rules")):
        return True
    return any(entries.get(key) for key in keys)


def _read_mapping(entries: Mapping[str, object], key: str) -> Mapping[str, object]:
    held = entries.get(key)
    return held if isinstance(held, dict) else {}


def check_draft(
    connection: Transaction, draft: CycleDraft, frameworks: Mapping[str, Framework]
) -> CheckedDraft:
    """A draft with every problem that is left, and what is worth a second look."""
    checked = check_draft_with(connection, draft, draft.entries, frameworks)
    left = [
        DraftRemark((ITEMS[Part.AREAS],), f"{place}: {words}", Part.AREAS)
        for place, words in list_points_of_table(draft)
    ]
    return replace(checked, cycle=None, problems=(*checked.problems, *left)) if left else checked


def list_warnings_on(checked: CheckedDraft, today: date) -> list[DraftRemark]:
    """What is worth a second look on a day, with the days that have passed by then."""
    past = list_past_days(checked.cycle, today) if checked.cycle else ()
    return [*checked.warnings, *(DraftRemark(path, words, find_part(path)) for path, words in past)]


def check_draft_with(
    connection: Transaction,
    draft: CycleDraft,
    entries: Mapping[str, object],
    frameworks: Mapping[str, Framework],
) -> CheckedDraft:
    """A draft as it would be with other entries."""
    checked = check_entries(entries, frameworks)
    problems = [
        DraftRemark(path, words, find_part(path))
        for path, words in checked.problems
        if path != ("id",) or "name" in entries or "id" in entries  # it is made from the name
    ]
    cycle = checked.cycle
    if cycle is not None and is_cycle_stored(connection, cycle.id):
        words = f"There has been a cycle with the id `{cycle.id}`. Give this one another name or `id`."
        problems.append(DraftRemark(("id",), words, Part.DATES))
        cycle = None
    if not get_value(entries, ("office", "email")):
        path = ("office", "email")
        words = "Give the office's email address: forms and letters say to send them there."
        problems.append(DraftRemark(path, words, find_part(path)))
        cycle = None
    warnings = tuple(DraftRemark(path, words, find_part(path)) for path, words in checked.warnings)
    return CheckedDraft(draft, cycle, tuple(dict.fromkeys(problems)), warnings)


# Beginning


def begin_draft(register: Register, entries: Mapping[str, object], *, at: datetime, actor: str) -> int:
    """Begin a draft with these entries; returns its number."""
    with register.writing() as connection:
        number = drafts.add_draft(connection, entries, at=at, actor=actor)
        journal.append_entry(connection, "draft begun", at=at, actor=actor, draft=number)
    return number


def find_last_cycle(connection: Transaction) -> Cycle | None:
    """The cycle that was opened last and is not purged, or None."""
    return next(reversed(load_cycles(connection, states=(CycleState.OPEN, CycleState.CLOSED))), None)


def entries_from_last_cycle(connection: Transaction, frameworks: Mapping[str, Framework]) -> Entry:
    """What a new cycle takes over from the last one; nothing where there is none.

    Areas, contacts, neighbours, Chairs and rules stay. An earlier framework gives way to the current one, one
    of the office's own to its newest version among `frameworks`. The cycle's name and dates, days that
    somebody can or can't come, and partners that were set are left out.
    Each area gets its last challenger.
    """
    last = find_last_cycle(connection)
    if last is None:
        return {}
    entries = entries_of_cycle(last)
    for key in ("id", "name", "dates"):
        entries.pop(key, None)
    _begin_with_current_framework(entries, frameworks)
    rules = entries.get("rules")
    if isinstance(rules, dict):
        for name in list_rules_since(connection, last.id):
            rules.pop(name, None)
    assignment = entries.get("assignment")
    if isinstance(assignment, dict):
        assignment.pop("pins", None)
    partners = {
        one.author_id: one.challenger_id
        for one in challenges.list_challenges_in_cycle(connection, last.id)
        if one.challenger_id is not None
    }
    for area in list_items(entries, Part.AREAS):
        area.pop("unavailable", None)
        challenger = partners.get(str(area.get("id")))
        if challenger is not None:
            area["challenged_by"] = {**_read_mapping(area, "challenged_by"), last.id: challenger}
    for chair in list_items(entries, Part.CHAIRS):
        for days in ("available", "unavailable"):
            chair.pop(days, None)
    return entries


def _begin_with_current_framework(entries: Entry, frameworks: Mapping[str, Framework]) -> None:
    """Put the current edition, or the newest version of the office's own, in the place of an earlier one."""
    known = {**shipped_frameworks(), **frameworks}
    before = str(entries.get("framework") or "")
    newest = find_newest_version(before, known)
    if newest in shipped_frameworks():
        newest = CURRENT
    if newest != before and newest in known:
        linked = {area.id for area in known[newest].focus_areas if area.scope == "linked"}
        left_out = entries.get("omit")
        entries["framework"] = newest
        entries["omit"] = [one for one in left_out if one in linked] if isinstance(left_out, list) else []


# Values


def get_value(entries: Mapping[str, object], path: Path_) -> object:
    """The value at a path of a draft, None where there is none."""
    held: object = entries
    for step in path:
        if isinstance(held, dict):
            held = held.get(step)
        elif isinstance(held, list) and isinstance(step, int) and 0 <= step < len(held):
            held = held[step]
        else:
            return None
    return held


def list_items(entries: Mapping[str, object], part: Part) -> list[Entry]:
    """The areas or Chairs of a draft, those that can be shown."""
    held = entries.get(ITEMS[part])
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def mark_values(entries: Mapping[str, object], paths: Collection[Path_]) -> str:
    """A short mark of the values at some paths: it changes when one of them does."""
    return mark_value([get_value(entries, path) for path in paths])


def mark_value(value: object) -> str:
    """A short mark of one value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _put_value(entries: Entry, path: Path_, value: object) -> None:
    """Put a value at a path, or take it out where it is None; mappings on the way are made."""
    *way, last = path
    held: object = entries
    for step in way:
        if isinstance(held, dict):
            if not isinstance(held.get(step), dict | list):
                held[step] = {}
            held = held[step]
        elif isinstance(held, list) and isinstance(step, int):
            held = held[step]
    if isinstance(held, dict):
        held.pop(last, None)
        if value is not None:
            held[str(last)] = value
    elif isinstance(held, list) and isinstance(last, int):
        held[last] = value


def _drop_unknown(entries: Entry, part: Part) -> None:
    """Take out what no cycle file has of a part that was saved on its page: it came with an uploaded file."""
    for key, model in _MODELS.items():
        held = entries.get(key)
        if isinstance(held, dict) and _PART_OF_KEY.get(key, Part.DATES) is part:
            entries[key] = {name: value for name, value in held.items() if name in model.model_fields}
        elif key in entries and not isinstance(held, dict):
            del entries[key]


# Changing


def change_values(
    register: Register,
    draft_id: int,
    part: Part,
    changes: Mapping[Path_, object],
    *,
    watched: Collection[Path_] | None = None,
    seen: str,
    at: datetime,
    actor: str,
) -> CycleDraft:
    """Save values of one part, each at its path; None takes a value out. Returns the draft as it is then.

    `seen` is the mark (`mark_values`) of the values at `watched`, or at the paths of the changes, that the
    writer was shown. Raises DraftChanged and DraftGone.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        entries = deepcopy(draft.entries)
        for path, value in changes.items():
            _put_value(entries, path, value)
        _drop_unknown(entries, part)
        is_seen = mark_values(draft.entries, changes if watched is None else watched) == seen
        if not is_seen and entries != draft.entries:  # a button pressed twice saves the same
            raise DraftChanged("Somebody else has changed this part meanwhile.")
        return _save(connection, draft, entries, part, at=at, actor=actor)


def save_item(
    register: Register,
    draft_id: int,
    part: Part,
    entry: Entry | None,
    *,
    seen: str,
    at: datetime,
    actor: str,
) -> CycleDraft:
    """Save one area or Chair, found by the mark of what its writer was shown; None takes it out.

    Without a mark it is a new one, added at the end; the very same is not added twice. Raises DraftChanged
    where what the writer was shown is not there any more, and DraftGone. What other areas and Chairs say of
    an area follows its new name, and goes with an area that is taken out.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        entries = deepcopy(draft.entries)
        held = entries.setdefault(ITEMS[part], [])
        if not isinstance(held, list):
            raise DraftChanged("Somebody else has changed this part meanwhile.")
        at_index = next((n for n, one in enumerate(held) if seen and mark_value(one) == seen), None)
        is_done = entry is None or entry in held  # a button pressed twice saves the same
        if seen and at_index is None and not is_done:
            raise DraftChanged("Somebody else has changed or removed this meanwhile.")
        if at_index is None:
            if entry is not None and entry not in held:
                held.append(entry)
        else:
            before = held[at_index]
            held[at_index : at_index + 1] = [] if entry is None else [entry]
            if part is Part.AREAS and isinstance(before, dict):
                follow_area(entries, before, entry)
        if not held:
            del entries[ITEMS[part]]
        return _save(connection, draft, entries, part, at=at, actor=actor)


def put_table_aside(
    register: Register, draft_id: int, uploaded: UploadedEntries, *, at: datetime, actor: str
) -> CycleDraft:
    """Keep a table of areas with a draft until somebody has looked at what was understood of it."""
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        held = {
            "name": uploaded.name,
            "participants": (uploaded.entries or {}).get("participants"),
            "problems": [list(one) for one in uploaded.problems],
            "notes": list(uploaded.notes),
            "places": [[list(path), place] for path, place in uploaded.places],
            "kept": [list(one) for one in uploaded.kept],
            # they are about the areas of the draft until others take their place
            **_keep_points(draft.uploaded),
        }
        drafts.save_draft(connection, draft, uploaded=held, at=at, actor=actor)
        return load_draft(connection, draft_id)


_POINTS = "points"


def has_table(draft: CycleDraft) -> bool:
    """Whether a table of areas waits to be looked at."""
    return "problems" in draft.uploaded


def list_points_of_table(draft: CycleDraft) -> list[tuple[str, str]]:
    """Problems of the table from which the areas were taken over that no check of the areas tells again.

    What they are about is not in the areas, or it is not sure. Each has its place in the table.
    """
    return [(str(place), str(words)) for place, words in _read_pairs(draft.uploaded.get(_POINTS))]


def _keep_points(uploaded: Mapping[str, object]) -> Entry:
    return {_POINTS: uploaded[_POINTS]} if _POINTS in uploaded else {}


def _read_pairs(held: object) -> list[list[object]]:
    return [one for one in held if isinstance(one, list)] if isinstance(held, list) else []


def use_table(register: Register, draft_id: int, *, seen: int, at: datetime, actor: str) -> CycleDraft:
    """Take over the table that was put aside, in place of all areas so far.

    Its problems that no check would tell again stay with the draft (`list_points_of_table`). `seen` is the
    version of the draft that was shown. Raises DraftChanged and DraftGone.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        areas = draft.uploaded.get("participants")
        if draft.version != seen or not isinstance(areas, list):
            raise DraftChanged("Somebody else has changed these areas meanwhile.")
        kept = _read_pairs(draft.uploaded.get("kept"))
        points = [one for one in _read_pairs(draft.uploaded.get("problems")) if one not in kept]
        entries = {**draft.entries, "participants": areas}
        uploaded: Entry = {_POINTS: points} if points else {}
        return _save(connection, draft, entries, Part.AREAS, uploaded=uploaded, at=at, actor=actor)


def settle_points_of_table(
    register: Register, draft_id: int, *, seen: int, at: datetime, actor: str
) -> CycleDraft:
    """Let go of the points of the table: somebody has corrected the areas, or there was nothing to correct.

    `seen` is the version of the draft that was shown. Raises DraftChanged and DraftGone.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        if not list_points_of_table(draft):
            return draft  # a button pressed twice
        if draft.version != seen:
            raise DraftChanged("Somebody else has changed this draft meanwhile.")
        uploaded = {key: value for key, value in draft.uploaded.items() if key != _POINTS}
        return _save(connection, draft, draft.entries, Part.AREAS, uploaded=uploaded, at=at, actor=actor)


def take_areas_from_last_cycle(
    register: Register, draft_id: int, *, seen: int, at: datetime, actor: str
) -> CycleDraft:
    """Take over the areas of the last cycle, in place of all areas so far.

    Raises DraftChanged, DraftGone, and WrongUse where there was no cycle.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        if draft.version != seen:
            raise DraftChanged("Somebody else has changed these areas meanwhile.")
        areas = entries_from_last_cycle(connection, {}).get("participants")
        if not areas:
            raise WrongUse("There is no earlier cycle.", remedy="Upload a table, or type the areas.")
        entries = {**draft.entries, "participants": areas}
        return _save(connection, draft, entries, Part.AREAS, uploaded={}, at=at, actor=actor)


def discard_draft(register: Register, draft_id: int, *, at: datetime, actor: str) -> None:
    """Throw a draft away. Raises DraftGone."""
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        drafts.delete_draft(connection, draft)
        journal.append_entry(connection, "draft discarded", at=at, actor=actor, draft=draft_id)


def load_draft(connection: Transaction, draft_id: int) -> CycleDraft:
    """The draft with this number. Raises DraftGone."""
    draft = drafts.load_draft(connection, draft_id, CycleDraft)
    if draft is None:
        raise DraftGone("This cycle is not being prepared any more.")
    return draft


def _save(
    connection: Transaction,
    draft: CycleDraft,
    entries: Entry,
    part: Part | None,
    *,
    uploaded: Entry | None = None,
    at: datetime,
    actor: str,
) -> CycleDraft:
    """Save entries that differ from the draft's. The journal says which part changed, and no values.

    Without `uploaded`, a table that was put aside is let go where the areas change.
    """
    if uploaded is None:
        is_of_areas = part in (Part.AREAS, None)
        uploaded = _keep_points(draft.uploaded) if is_of_areas else draft.uploaded
        if entries == draft.entries:
            return draft
    if not drafts.save_draft(connection, draft, entries=entries, uploaded=uploaded, at=at, actor=actor):
        raise DraftChanged("Somebody else has changed this draft meanwhile.")
    what = part.value if part else "all of it"
    journal.append_entry(connection, "draft changed", at=at, actor=actor, draft=draft.id, part=what)
    return load_draft(connection, draft.id)


def describe_draft(draft: CycleDraft) -> str:
    """What a draft is called: the cycle's name as far as there is one, else by its areas."""
    name = draft.entries.get("name")
    if isinstance(name, str) and name.strip():
        return name
    areas = len(list_items(draft.entries, Part.AREAS))
    return f"A cycle with {say_how_many(areas, 'area')}" if areas else "A new cycle"
