"""What is told where a cycle file names an area that is not in its cycle."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from peer_challenge.cycle_file.area_references import list_name_keys, split_area_names
from peer_challenge.cycle_file.entry_values import (
    is_filled_text,
    read_list_value,
    read_mapping,
    read_mapping_entries,
    read_or_make_id,
    read_text_value,
)
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_, PlacedProblem
from peer_challenge.model.names_alike import has_name, make_name_key
from peer_challenge.model.sentences import join_in_words

_LIKELY = 65
"""Per cent alike of whole names: "Dunmer" is near "Dunmere"; "Nowhere" is near nothing."""
_LIKELY_WHOLE = 85
"""Per cent alike of a name with a comma: half of it is less."""
_LIKELY_WORD = 80
"""Per cent alike of one word of a longer name: a letter or two are wrong."""
_FEWEST_LETTERS = 4
"""Shorter words, such as "St" and "of", are in many names."""
_MOST_SUGGESTED = 3
"""More areas than that are no help to choose from."""


class _KnownNames:
    """The areas of a cycle by what they are called."""

    def __init__(self, areas: Sequence[tuple[int, Entry]]) -> None:
        self.ids = [
            held for _, area in areas if is_filled_text(held := area.get("id"))
        ]  # others may not hash
        self.name_by_key = {
            key: read_text_value(area, "name") or read_or_make_id(area)
            for _, area in areas
            for key in sorted(list_name_keys(area))
        }

    def has(self, text: str) -> bool:
        return make_name_key(text) in self.name_by_key


def find_unknown_areas(data: Entry, areas: Sequence[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    """Each area that is named without being in the cycle, or that names itself, with the path.

    Of several names in one text each unknown one is told alone. In `data`, ids are in the place of names
    (`name_areas_by_id`).
    """
    known = _KnownNames(areas)
    for i, area in areas:
        for key in ("neighbours", "conflicts"):
            for n, other in enumerate(read_list_value(area, key)):
                for words in _describe_list_item(other, known, area, key):
                    yield ("participants", i, key, n), words
        for cycle, words in _find_unclear_challengers(area, known):
            yield ("participants", i, "challenged_by", cycle), words
    for i, chair in read_mapping_entries(data, "chairs"):
        for n, other in enumerate(read_list_value(chair, "not_for")):
            for words in _describe_list_item(other, known, {}, "not_for"):
                yield ("chairs", i, "not_for", n), words
    for path, author, others in list_named_partners(data):
        for other in (author, *others):
            if other not in known.ids:
                yield path, _describe_several(other) or _describe_unknown_area(other, known)


def list_named_partners(data: Entry) -> Iterator[tuple[Path_, str, list[str]]]:
    """Each area of `pins` and `bans` with those that are named for it, and the path."""
    rules = read_mapping(data, "assignment")
    for key in ("pins", "bans"):
        held = rules.get(key)
        for author, given in held.items() if isinstance(held, dict) else ():
            others = given if isinstance(given, list) else [given]
            yield ("assignment", key, author), author, [str(other) for other in others]


def _describe_list_item(
    other: object, known: _KnownNames, area: Mapping[str, object], key: str
) -> Iterator[str]:
    if other in known.ids:
        if other == area.get("id"):
            yield f"`{area.get('name') or other}` names itself in `{key}`. Take it out."
        return
    parts = split_area_names(str(other), known.has)
    unknown = [part for part in parts if not known.has(part)]
    for part in unknown or [str(other)]:
        yield _describe_unknown_area(part, known)


def _find_unclear_challengers(area: Mapping[str, object], known: _KnownNames) -> Iterator[tuple[str, str]]:
    """Each earlier cycle whose challenger is unknown, not one or the area itself, with what to say."""
    for cycle, other in read_mapping(area, "challenged_by").items():
        if other not in known.ids:
            words = f"{_describe_unknown_area(other, known)} Leave it out if it takes no part this time."
            yield cycle, _describe_unclear_challenger(cycle, other) or words
        elif other == area.get("id"):
            yield cycle, f"`{area.get('name') or other}` names itself in `challenged_by`. Take it out."


def _describe_unclear_challenger(cycle: object, area: object) -> str:
    if area == "":
        return f"`{cycle}` has no cycle or no area. Write both, as in `2023: Brackenford`."
    if len(several := str(area).split("; ")) > 1:
        return f"`{cycle}` has {join_in_words(several)}. Give each cycle one area, as in `2023: Brackenford`."
    return ""


def _describe_several(area: str) -> str:
    several = area.split("; ")
    if len(several) == 1:
        return ""
    return f"There can be one area only: {join_in_words(several)} are given. Keep one."


def _describe_unknown_area(word: object, known: _KnownNames) -> str:
    near = _find_likely_areas(str(word), known.name_by_key)
    hint = f" Did you mean {join_in_words([f'`{name}`' for name in near], last='or')}?" if near else ""
    return f"There is no area `{word}` in this cycle.{hint} Use the name of an area."


def _find_likely_areas(word: str, name_by_key: Mapping[str, str]) -> list[str]:
    """The names of the areas that somebody may mean: a part of a name is surer than a name like it.

    Of several names in one text none is suggested alone: who follows that would drop the others.
    """
    key = make_name_key(word)
    if re.search("[,;]", word):
        near = process.extractOne(key, list(name_by_key), scorer=fuzz.ratio, score_cutoff=_LIKELY_WHOLE)
        return [name_by_key[near[0]]] if near else []
    if len(key) >= _FEWEST_LETTERS:
        holding = (
            name
            for held, name in name_by_key.items()
            if has_name(held, key) or (len(held) >= _FEWEST_LETTERS and has_name(key, held))
        )
        likely = list(dict.fromkeys(holding))
        if 0 < len(likely) <= _MOST_SUGGESTED:
            return likely
    if near := process.extractOne(key, list(name_by_key), scorer=fuzz.ratio, score_cutoff=_LIKELY):
        return [name_by_key[near[0]]]
    by_word = {
        one: name for held, name in name_by_key.items() for one in held.split() if len(one) >= _FEWEST_LETTERS
    }
    near = process.extractOne(key, list(by_word), scorer=fuzz.ratio, score_cutoff=_LIKELY_WORD)
    return [by_word[near[0]]] if near else []
