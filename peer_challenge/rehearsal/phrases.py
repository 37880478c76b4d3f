"""The phrase banks of templates/rehearsal, and how a phrase is made into a sentence.

In a phrase `{12-40}` is a number, `{a|b}` one or the other, `{door}` a word of the area's own.
"""

import re
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from peer_challenge.model.framework import Framework
from peer_challenge.rehearsal.fictional import FOLDER
from peer_challenge.system.read_yaml import read_yaml

Bank = dict[str, Any]

_SLOT = re.compile(r"\{([^{}]*)\}")
_BEGINNING = re.compile(r"(?<=[.?!] )[a-z]")
"""The first letter of a sentence after another: a word of the area's own may begin one."""
_RANGE = re.compile(r"(\d+)-(\d+)")
ANY = "any"
"""The bank for a sub-heading that none was written for; `{topic}` in it is the sub-heading's title."""


def make_sentence(phrase: str, terms: Mapping[str, str], dice: Random) -> str:
    """The sentence made from a phrase. Raises KeyError for a word that `terms` lack."""

    def filled(slot: re.Match[str]) -> str:
        inside = slot[1]
        if number := _RANGE.fullmatch(inside):
            return f"{dice.randint(int(number[1]), int(number[2])):,}"
        return dice.choice(inside.split("|")) if "|" in inside else terms[inside]

    while _SLOT.search(phrase):
        phrase = _SLOT.sub(filled, phrase)
    return _BEGINNING.sub(lambda found: found[0].upper(), phrase)


@cache
def load_phrase_banks() -> dict[str, Bank]:
    """Every phrase bank, by the address of its sub-heading."""
    banks: dict[str, Bank] = {}
    for file in sorted((FOLDER / "narratives").glob("*.yaml")):
        banks |= read_yaml(file)
    return banks


@cache
def load_common_phrases() -> Bank:
    """What is common to all sub-headings: the areas' own words, ways of writing, roles."""
    voices: Bank = read_yaml(FOLDER / "voices.yaml")
    return voices


def find_phrase_bank(framework: Framework, address: str) -> Bank:
    """The phrase bank of a sub-heading.

    Its own, else that of a corresponding sub-heading (its crosswalk), else the general one.
    """
    known = load_phrase_banks()
    for name in (address, *framework.subheadings[address].crosswalk):
        if name in known:
            return known[name]
    return known[ANY]
