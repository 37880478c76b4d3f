"""Files from outside that describe a cycle: a table of areas or a cycle file, read in a child process.

A workbook is a ZIP file with XML in it, and may be made to take all the memory there is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peer_challenge.cycle_file.indicators_table import ReadIndicators, read_indicators
from peer_challenge.cycle_file.participants_table import read_participants_in
from peer_challenge.cycle_file.yaml_with_lines import (
    MOST_BYTES,
    Entry,
    Path_,
    Problem,
    Tree,
    read_tree_in,
)
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.indicators import Direction, Indicator
from peer_challenge.system.bounded_work import Bounds, ChildLost, TooMuchWork, WorkFailed, call_once
from peer_challenge.system.control_characters import remove_controls

BOUNDS = Bounds(seconds=20, memory_mb=600)
"""For one file. A table of 1,000 areas takes 2 seconds and 100 MB."""
_MOST_TOLD = 200
"""The page lists them all: more than anybody corrects before trying again."""
MOST_AREAS = 200
"""Areas of an uploaded file; with `peer-challenge open` there may be more.

The largest cycle that was tried has 150. To check 1,000 takes 5 s each time.
"""
_TOO_MUCH = "Reading this file takes more work than a table of areas may. Copy the table into a new workbook."


@dataclass(frozen=True, slots=True)
class UploadedEntries:
    """What was understood of a file. `entries` is None where nothing could be read.

    `problems` are (place, words) about the file itself. `places` say in which cell or line each value is.
    `notes` say what was left out or assumed. `kept` are those of the problems whose value is in the entries
    as it was written: the checks of a cycle tell of it again.
    """

    name: str
    entries: Entry | None
    problems: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[tuple[Path_, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def read_uploaded_table(name: str, raw: bytes, sheet: str = "") -> UploadedEntries:
    """The areas of an Excel or CSV table, as the `participants` of a cycle file."""
    return _read_in_child("read_table_in_child", name, raw, sheet)


def read_uploaded_cycle(name: str, raw: bytes) -> UploadedEntries:
    """The entries of a cycle file."""
    return _read_in_child("read_cycle_in_child", name, raw)


def read_uploaded_indicators(name: str, raw: bytes, areas: Sequence[Participant]) -> ReadIndicators:
    """The indicators in an Excel or CSV table, for these areas."""
    if len(raw) > MOST_BYTES:
        words = f"This file is larger than {MOST_BYTES // 1_000_000} MB. Keep only the figures in it."
        return ReadIndicators(problems=((name, words),))
    try:
        told = call_once(__name__, "read_indicators_in_child", BOUNDS, name, raw, tuple(areas))
    except (TooMuchWork, WorkFailed, ChildLost):
        return ReadIndicators(problems=((name, _TOO_MUCH),))
    indicators = (Indicator(**{**one, "direction": Direction(one["direction"])}) for one in told[0])
    return ReadIndicators(tuple(indicators), tuple(told[1]), tuple(told[2]))


def read_indicators_in_child(name: str, raw: bytes, areas: Sequence[Participant]) -> tuple[object, ...]:
    """In a child process: the fields of ReadIndicators as plain values."""
    found = read_indicators(name, raw, areas)
    plain = [
        {
            "name": remove_controls(one.name),
            "unit": remove_controls(one.unit),
            "direction": one.direction.value,
            "values": {area: remove_controls(text) for area, text in one.values.items()},
        }
        for one in found.indicators
    ]
    problems = [(place, remove_controls(words)) for place, words in found.problems[:_MOST_TOLD]]
    return plain, problems, [remove_controls(note) for note in found.notes]


def _read_in_child(function: str, name: str, raw: bytes, *more: str) -> UploadedEntries:
    if not raw:
        return UploadedEntries(name, None, ((name, "This file is empty. Save it and send it again."),))
    if len(raw) > MOST_BYTES:
        words = f"This file is larger than {MOST_BYTES // 1_000_000} MB. Keep only the table of areas in it."
        return UploadedEntries(name, None, ((name, words),))
    try:
        told = call_once(__name__, function, BOUNDS, name, raw, *more)
    except (TooMuchWork, WorkFailed, ChildLost):
        return UploadedEntries(name, None, ((name, _TOO_MUCH),))
    return UploadedEntries(name, *told)


def read_table_in_child(name: str, raw: bytes, sheet: str) -> tuple[object, ...]:
    """In a child process: the fields of UploadedEntries for a table, but for the name."""
    tree = Tree(data={})
    read_participants_in(name, raw, tree, sheet or None, is_on_page=True)
    return _tell(tree, tree.entries if tree.has_areas else None)


def read_cycle_in_child(name: str, raw: bytes) -> tuple[object, ...]:
    """In a child process: the fields of UploadedEntries for a cycle file, but for the name.

    Entries that no cycle file has are left out, and said to be.
    """
    tree = read_tree_in(name, raw)
    if not isinstance(tree.data, dict):
        if not tree.problems:
            tree.problems.append(((), "This isn't a cycle file. One begins with `id:` or `name:`."))
        return _tell(tree, None)
    kept: Entry = {}
    for key, value in tree.entries.items():
        if key not in Cycle.model_fields:
            tree.problems.append(((key,), f"`{key}` isn't a setting here. It was left out."))
        elif key == "participants" and not isinstance(value, list):
            tree.warnings.append("The areas are in a file of their own.")
        else:
            kept[key] = value
            if key in ("participants", "chairs"):
                tree.problems += _find_plain_items(key, value)
    return _tell(tree, kept)


def _find_plain_items(key: str, value: object) -> list[Problem]:
    """What is in the list of areas or Chairs without being one, which no page could show."""
    words = "This should have entries of its own, as in `name: Ashcombe`. See the example."
    if not isinstance(value, list):
        return [((key,), words)] if value is not None else []
    return [((key, n), words) for n, one in enumerate(value) if not isinstance(one, dict)]


def _tell(tree: Tree, entries: Entry | None) -> tuple[object, ...]:
    areas = entries.get("participants") if entries else None
    if isinstance(areas, list) and len(areas) > MOST_AREAS:
        told = f"It has {len(areas)} areas. A cycle that is set up on the page has at most {MOST_AREAS}."
        tree.problems = [((), told)]
        entries = None
    found = [
        (at, tree.place(at), remove_controls(words)) for at, words in _keep_first_problems(tree.problems)
    ]
    problems = tuple((place, words) for _, place, words in found)
    kept = tuple((place, words) for at, place, words in found if not isinstance(at, str) and len(at) > 1)
    return entries, problems, tuple(tree.warnings), tuple(tree.places.items()), kept


def _keep_first_problems(problems: Iterable[Problem]) -> list[Problem]:
    return list(problems)[:_MOST_TOLD]
