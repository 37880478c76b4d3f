"""Cycle files: from YAML (and Excel or CSV) to a Cycle, with all mistakes at once, each with its place."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from peer_challenge.cycle_file.area_references import name_areas_by_id
from peer_challenge.cycle_file.cross_checks import problems_of
from peer_challenge.cycle_file.cycle_warnings import warnings_of
from peer_challenge.cycle_file.entry_values import participants_of
from peer_challenge.cycle_file.error_messages import problems_in
from peer_challenge.cycle_file.participants_table import read_participants
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_, Place, Problem, Tree, read_tree
from peer_challenge.errors import CycleFileError
from peer_challenge.model.cycle import Cycle, make_id_from_name
from peer_challenge.model.cycle_changes import FIELDS
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.system.control_characters import remove_controls

_LONGEST_NAME = 255
"""Bytes of a file's name. Longer ones no system opens: what is given is the table itself."""


@dataclass(frozen=True, slots=True)
class CycleFile:
    """A cycle that was read, and warnings about what is worth a second look."""

    cycle: Cycle
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedEntries:
    """What the entries of a cycle file come to: the cycle, or None while there are problems.

    Problems and warnings are (path, words), in the order in which they were found.
    """

    cycle: Cycle | None
    problems: tuple[tuple[Path_, str], ...]
    warnings: tuple[tuple[Path_, str], ...] = ()


def check_entries(entries: Mapping[str, object], frameworks: Mapping[str, Framework]) -> CheckedEntries:
    """What the entries of a cycle file come to under all of its rules, wherever they were typed.

    The entries themselves are not changed.
    """
    tree = Tree(data=deepcopy(dict(entries)))
    cycle, problems = _check_tree(tree, frameworks)
    warnings = () if cycle is None else tuple(warnings_of(cycle))
    at_paths = tuple((at, words) for at, words in problems if not isinstance(at, str))
    return CheckedEntries(cycle and _with_mutual_neighbours(cycle), at_paths, warnings)


def load_cycle(path: Path, frameworks: Mapping[str, Framework], *, participants: Path | None = None) -> Cycle:
    """The cycle in the YAML file `path`. Raises CycleFileError with every mistake at once."""
    return read_cycle_file(path, frameworks, participants=participants).cycle


def read_cycle_file(
    path: Path, frameworks: Mapping[str, Framework], *, participants: Path | None = None
) -> CycleFile:
    """The cycle in `path` with its warnings.

    `participants` names an Excel or CSV table of the areas; the file itself may name one beside
    it (`participants: areas.xlsx`, or `{file: areas.xlsx, sheet: Areas}`). Raises CycleFileError
    with every mistake, each with its line or cell, and what to do.
    """
    return _read_tree_as_cycle(_read_cycle_tree(path, participants), path.name, frameworks)


def read_changed_cycle(data: Mapping[str, object], frameworks: Mapping[str, Framework]) -> CycleFile:
    """The cycle in `data` (`cycle_as_dict`, with changes), by the same checks as one in a file.

    Raises CycleFileError with every mistake, each with what it is about ("Police force (ashcombe)").
    """
    tree = Tree(data=deepcopy(dict(data)), places=dict(_name_places(data)))
    return _read_tree_as_cycle(tree, "The cycle", frameworks)


def _name_places(data: Mapping[str, object]) -> Iterator[tuple[Path_, str]]:
    """What each value of a cycle is called, by its path: what a file has lines for."""
    yield (), "Cycle"
    for (part, field), row in FIELDS.items():
        words = capitalise_first_letter(row.words)
        if part == "cycle":
            yield (field,), words
        elif isinstance(held := data.get(part), list):
            for n in range(len(held)):
                yield (part, n), "Chair" if part == "chairs" else "Area"
                yield (part, n, field), words
        else:
            yield (part, field), words


def _read_tree_as_cycle(tree: Tree, name: str, frameworks: Mapping[str, Framework]) -> CycleFile:
    cycle, problems = _check_tree(tree, frameworks)
    if cycle is None:
        told = _format_problems(tree, problems)
        raise CycleFileError(name, list(told), tuple(told.values()))
    warned = [f"{tree.place(at)}: {words}" for at, words in warnings_of(cycle)]
    return CycleFile(_with_mutual_neighbours(cycle), (*tree.warnings, *dict.fromkeys(warned)))


def _check_tree(tree: Tree, frameworks: Mapping[str, Framework]) -> tuple[Cycle | None, list[Problem]]:
    """The cycle of a tree, None where there are problems, and the problems."""
    if not isinstance(tree.data, dict):
        return None, list(tree.problems)
    _normalise_tree(tree)
    problems = list(tree.problems)
    problems += problems_of(tree.entries, frameworks)
    cycle, wrong = _validate_cycle(tree.entries)
    problems += [one for one in wrong if tree.has_areas or one[0][:1] != ("participants",)]
    return (None if problems else cycle), problems


def cycle_as_dict(cycle: Cycle) -> dict[str, object]:
    """`cycle` as plain data that JSON can hold; `cycle_from_dict` reads it back."""
    return cycle.model_dump(mode="json")


def cycle_from_dict(held: Mapping[str, object]) -> Cycle:
    """The cycle that `cycle_as_dict` wrote."""
    return Cycle.model_validate(held)


def _read_cycle_tree(path: Path, participants: Path | None) -> Tree:
    if not path.is_file():
        raise CycleFileError(path.name, ["There is no such file. Check the name and the folder."])
    tree = read_tree(path)
    if not isinstance(tree.data, dict):
        if not tree.problems:
            tree.problems.append(
                ((), "This isn't a cycle file. Begin with `id:`, `name:`, `framework:`; see the example.")
            )
        return tree
    named = tree.data.get("participants")
    sheet = None
    if isinstance(named, dict) and set(named) <= {"file", "sheet"} and named.get("file"):
        named, sheet = named["file"], named.get("sheet")
    if participants is not None:
        read_participants(participants, tree)
    elif isinstance(named, str) and _is_pasted_table(named):
        words = "Name the file of the table here, as in `participants: areas.xlsx`. Save your table in it."
        tree.problems.append((("participants",), words))
        tree.entries["participants"], tree.has_areas = [], False
    elif isinstance(named, str):
        read_participants(path.parent / named, tree, sheet)
    return tree


def _is_pasted_table(named: str) -> bool:
    """Whether what should name the file of a table is the table, or another text that is no name."""
    is_long = any(len(part.encode()) > _LONGEST_NAME for part in Path(named).parts)
    return is_long or "\n" in named.strip()


def _normalise_tree(tree: Tree) -> None:
    """Leave out what was left empty, make ids from names, and let areas be named by name."""
    tree.data = _without_nothing(tree.data)
    named = tree.entries.get("name")
    if "id" not in tree.entries and isinstance(named, str):
        tree.entries["id"] = make_id_from_name(named)
        tree.places.setdefault(("id",), tree.place(("name",)))
    for i, area in participants_of(tree.entries):
        name = area.get("name")
        if "id" not in area and isinstance(name, str):
            area["id"] = make_id_from_name(name)
            tree.places.setdefault(("participants", i, "id"), tree.place(("participants", i, "name")))
    name_areas_by_id(tree.entries)


def _without_nothing(held: object) -> object:
    if isinstance(held, dict):
        return {key: _without_nothing(value) for key, value in held.items() if value is not None}
    return [_without_nothing(value) for value in held] if isinstance(held, list) else held


def _validate_cycle(data: Entry) -> tuple[Cycle | None, list[tuple[Path_, str]]]:
    try:
        return Cycle.model_validate(data), []
    except ValidationError as error:
        return None, problems_in(error, Cycle)


def _format_problems(tree: Tree, problems: list[Problem]) -> dict[str, Path_]:
    """All problems in words, by their place, each with its path; () where it is about no value."""
    said = {
        (tree.place(at), remove_controls(_describe_owner(tree, at)), remove_controls(words)): (
            () if isinstance(at, str) else at
        )
        for at, words in reversed(problems)  # of two that read alike, the first
    }
    return {
        f"{place}{thing}: {words}": said[place, thing, words]
        for place, thing, words in sorted(said, key=lambda s: _make_place_sort_key(s[0]))
    }


def _describe_owner(tree: Tree, path: Place) -> str:
    """Whose value it is, where the line alone would not say ("(eastholme)")."""
    if isinstance(path, str) or len(path) < 2 or path[0] not in {"participants", "chairs"}:
        return ""
    entry = _find_entry(tree.data, path[:2])
    whose = (entry.get("id") or entry.get("name")) if isinstance(entry, dict) else None
    return f" ({' '.join(str(whose).split())})" if whose else ""


def _find_entry(held: object, path: Path_) -> object:
    """What is at a path of a tree; None where the tree does not go that far."""
    for part in path:
        if isinstance(held, dict):
            held = held.get(part)
        elif isinstance(held, list) and isinstance(part, int) and part < len(held):
            held = held[part]
        else:
            return None
    return held


def _make_place_sort_key(place: str) -> tuple[str, int, str]:
    before, _, last = place.rpartition(" ")
    number = "".join(c for c in last if c.isdigit())
    return ("" if before == "line" else before, int(number or 0), place)


def _with_mutual_neighbours(cycle: Cycle) -> Cycle:
    """A border has two sides: each neighbour named by one is a neighbour of both."""
    areas = tuple(
        area.model_copy(
            update={
                "neighbours": (
                    *area.neighbours,
                    *(
                        other.id
                        for other in cycle.participants
                        if area.id in other.neighbours and other.id not in area.neighbours
                    ),
                )
            }
        )
        for area in cycle.participants
    )
    fields = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(fields | {"participants": areas})  # a copy would keep what was worked out
