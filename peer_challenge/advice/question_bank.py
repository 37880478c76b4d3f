"""The bank: questions worth asking of a sub-heading, by rating, whatever the area wrote.

They come from the framework's own file first, then from templates/questions/working-together.yaml by the
sub-heading's address, or by that of an earlier sub-heading that it carries on; then from general.yaml.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from peer_challenge.model.framework import Questions, Subheading
from peer_challenge.paths import TEMPLATES
from peer_challenge.system.read_yaml import read_yaml

_FOLDER = TEMPLATES / "questions"
BANK = _FOLDER / "working-together.yaml"
GENERAL = _FOLDER / "general.yaml"


@cache
def read_bank(path: Path = BANK) -> Mapping[str, Questions]:
    """The questions of each sub-heading, by its address. An address alone stands for those of that one."""
    held = read_yaml(path)
    entries = {address: held[one] if isinstance(one, str) else one for address, one in held.items()}
    return {address: Questions.model_validate(entry) for address, entry in entries.items()}


@cache
def read_general_questions(path: Path = GENERAL) -> Questions:
    """The questions for a sub-heading that has none of its own."""
    return Questions.model_validate(read_yaml(path))


def find_questions(address: str, subheading: Subheading, rating: str) -> tuple[str, ...]:
    """The questions for a sub-heading of a rating, the one to ask first in front. None for other ratings."""
    own = subheading.questions.of_rating(rating) if subheading.questions else ()
    return own or find_bank_questions((address, *subheading.crosswalk), rating)


def find_bank_questions(addresses: Sequence[str], rating: str) -> tuple[str, ...]:
    """The questions that are asked where the framework has none: the bank's of the first address it knows."""
    bank = read_bank()
    known = next((bank[one] for one in addresses if one in bank), None)
    return (known.of_rating(rating) if known else ()) or read_general_questions().of_rating(rating)
