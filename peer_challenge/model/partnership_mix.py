"""Whether the same partners took part in a self-assessment, in its analysis and in the event.

Process note, ii: the analysis is done "in partnership", by the same partnership mix. Forms name job titles
and no people, and the Chair's record has those of all three partners in one line. So a title is compared by
whose it is: "chief nurse" and "designated doctor" are both the integrated care board. The office is told of
a difference. Nothing is ever held for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peer_challenge.model.empty_words import NOTHING
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import Kind

PARTNERS = {
    "local_authority": "The local authority",
    "icb": "The integrated care board",
    "police": "The police",
}
"""The three safeguarding partners, as a sentence begins with them."""
_TITLES = {
    "police": r"police|superintendent|inspector|constable|commander|detective|sergeant",
    "icb": r"icb|nurse|nursing|doctor|gp|midwi\w+|health|nhs|clinical|medical|designated professionals?"
    r"|place director",
    "local_authority": r"local authority|council|children s services|childrens services|dcs|social work\w*"
    r"|assistant director|chief executive|early help|front door|youth justice|virtual school|lead member"
    r"|head of safeguarding|head of service|service manager|service director|quality assurance|housing",
}
"""Words of titles by which one knows whose they are, in the order in which they are looked for."""
_OF_ALL = re.compile(
    r"\b(?:partnership|business|independent|scrutineer|chair|education|voluntary|observer)\b"
)
"""Words of titles that belong to none of the three."""
_PLACES = {partner: re.compile(rf"\b(?:{words})\b") for partner, words in _TITLES.items()}
_NOBODY = re.compile(rf"\W*(?:n/?a|nobody|no one|{NOTHING})?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mix:
    """The partners that took part in one thing, and how many titles could not be placed."""

    what: str
    partners: frozenset[str]
    unplaced: int = 0


def read_mix_of_form(what: str, particulars: Mapping[str, str]) -> Mix | None:
    """Who took part, by a form with a line for each partner; None where no line says anything."""
    lines = {partner: particulars.get(f"took_part_{partner}", "") for partner in PARTNERS}
    named = frozenset(partner for partner, text in lines.items() if not _NOBODY.fullmatch(text))
    return Mix(what, named) if named else None


def read_mix_of_line(what: str, text: str) -> Mix | None:
    """Who was there, by one line with the titles of all; None where it says nothing."""
    if _NOBODY.fullmatch(text):
        return None
    marks = r";|\n| and " if ";" in text else r",|\n| and "  # "assistant director, safeguarding" is one title
    titles = [key for title in re.split(marks, text) if (key := make_name_key(title))]
    placed = [_place_title(title) for title in titles]
    unplaced = sum(
        partner is None and not _OF_ALL.search(title) for title, partner in zip(titles, placed, strict=True)
    )
    return Mix(what, frozenset(filter(None, placed)), unplaced)


def _place_title(title: str) -> str | None:
    return next((partner for partner, words in _PLACES.items() if words.search(title)), None)


def compare_who_took_part(author: str, challenger: str, told: Mapping[Kind, Mapping[str, str]]) -> list[str]:
    """What differs in who took part, a sentence each; [] where nothing does or too little is known.

    `told` are the particulars of self-assessment, analysis and Chair's record, as far as they are in.
    """
    record = told.get(Kind.CHAIR_RECORD, {})
    own = read_mix_of_form(f"the self-assessment of {author}", told.get(Kind.SELF_ASSESSMENT, {}))
    analysis = read_mix_of_form(f"the analysis by {challenger}", told.get(Kind.ANALYSIS, {}))
    pairs = (
        (own, analysis),
        (own, read_mix_of_line(f"the event for {author}", record.get("author_present", ""))),
        (analysis, read_mix_of_line(f"the event for {challenger}", record.get("challenger_present", ""))),
    )
    return [sentence for one, other in pairs if one and other for sentence in _compare_mixes(one, other)]


def _compare_mixes(one: Mix, other: Mix) -> Iterator[str]:
    titles = f" ({say_how_many(other.unplaced, 'job title')} could not be placed.)" if other.unplaced else ""
    for partner, called in PARTNERS.items():
        if partner in one.partners - other.partners:
            yield f"{called} took part in {one.what}. We find nobody from them in {other.what}.{titles}"
        elif partner in other.partners - one.partners:
            yield f"{called} took part in {other.what}. We find nobody from them in {one.what}."
