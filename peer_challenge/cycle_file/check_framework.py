"""Whether a framework is valid, wherever it was typed: every problem, with the path it is about."""

from collections.abc import Iterator

from pydantic import ValidationError

from peer_challenge.cycle_file.entry_values import read_mapping_entries
from peer_challenge.cycle_file.error_messages import problems_in
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.model.framework import Framework
from peer_challenge.system.control_characters import control_problems


def check_framework_entries(data: Entry) -> tuple[Framework | None, list[tuple[Path_, str]]]:
    """What the entries of a framework file come to, wherever they were typed: the framework, and problems.

    There is no framework where an entry can't be one of a framework at all.
    """
    problems = [*control_problems(data, may_have_lines=True), *_find_repeated_ids(data)]
    try:
        return Framework.model_validate(data), problems
    except ValidationError as error:
        return None, [*problems, *problems_in(error, Framework)]


def _find_repeated_ids(data: Entry) -> Iterator[tuple[Path_, str]]:
    """Ids that two areas of focus share, or two sub-headings of one area of focus."""
    areas = read_mapping_entries(data, "focus_areas")
    yield from _find_repeats_in_list(areas, ("focus_areas",))
    for i, area in areas:
        yield from _find_repeats_in_list(
            read_mapping_entries(area, "subheadings"), ("focus_areas", i, "subheadings")
        )


def _find_repeats_in_list(entries: list[tuple[int, Entry]], path: Path_) -> Iterator[tuple[Path_, str]]:
    seen: set[str] = set()
    for i, entry in entries:
        id_ = str(entry.get("id"))
        if "id" in entry and id_ in seen:
            yield (*path, i, "id"), f"The id `{id_}` is used twice. Give each its own."
        seen.add(id_)
