"""What the columns of an office's own table are, by their headings."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from rapidfuzz import fuzz

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import FORMS

_LONGEST_HEADING = 90
"""The longest that is known has 26 letters: a cell this long is guidance in which one occurs."""
_ALIKE = 88
"""From this likeness (0 to 100) on a heading is taken for a known one: a letter or two differ."""


class Role(StrEnum):
    """What a column holds. Those from STRENGTHS to COMMENTARY are for answers: only their heading is kept."""

    AREA = "area"
    SUBHEADING = "subheading"
    PROMPT = "prompt"
    QUESTIONS = "questions"
    COVER = "cover"
    RED = "RED"
    AMBER = "AMBER"
    GREEN = "GREEN"
    ASK_RED = "questions for RED"
    ASK_AMBER = "questions for AMBER"
    ASK_GREEN = "questions for GREEN"
    REFERENCE = "reference"
    LINKED = "linked"
    STRENGTHS = "strengths"
    DEVELOPMENT = "development"
    RATING = "rating"
    COMMENTARY = "commentary"
    LEFT_OUT = "left out"


OF_ANSWERS = (Role.STRENGTHS, Role.DEVELOPMENT, Role.RATING, Role.COMMENTARY)
DESCRIPTORS = (Role.RED, Role.AMBER, Role.GREEN)
PEER_QUESTIONS = {"RED": Role.ASK_RED, "AMBER": Role.ASK_AMBER, "GREEN": Role.ASK_GREEN}
"""By rating, the column of questions that peers may ask."""

ROLE_NAMES: Mapping[Role, str] = {
    Role.AREA: "Area of focus",
    Role.SUBHEADING: "Sub-heading",
    Role.PROMPT: "What is looked for",
    Role.QUESTIONS: "Questions",
    Role.COVER: "What areas may want to cover",
    Role.RED: "What RED looks like",
    Role.AMBER: "What AMBER looks like",
    Role.GREEN: "What GREEN looks like",
    Role.ASK_RED: "Questions for peers where it is RED",
    Role.ASK_AMBER: "Questions for peers where it is AMBER",
    Role.ASK_GREEN: "Questions for peers where it is GREEN",
    Role.REFERENCE: "Reference",
    Role.LINKED: "Whether a cycle may leave it out",
    Role.STRENGTHS: "For answers: strengths",
    Role.DEVELOPMENT: "For answers: development",
    Role.RATING: "For answers: the rating",
    Role.COMMENTARY: "For peers: their commentary",
    Role.LEFT_OUT: "Leave this column out",
}
"""What the page and the command call each role."""

_HEADINGS: Mapping[Role, tuple[str, ...]] = {
    Role.AREA: ("area of focus", "areas of focus", "focus area", "theme", "domain", "section", "priority"),
    Role.SUBHEADING: (
        *("sub heading", "subheading", "sub headings", "standard", "criterion", "criteria", "indicator"),
        *("element", "topic", "component", "aspect", "sub theme", "subtheme", "requirement", "area"),
    ),
    Role.PROMPT: (
        *("what we are looking for", "what we look for", "what is looked for", "looking for"),
        *("what good looks like", "what it looks like"),
        *("description", "guidance", "detail", "details", "prompt", "prompts", "what we expect"),
        *("what we expect to see", "what this means", "key lines of enquiry", "lines of enquiry"),
        *("what it covers", "explanation", "definition"),
    ),
    Role.QUESTIONS: ("questions", "question", "key questions", "questions to ask", "things to ask"),
    Role.COVER: (
        *("you may want to cover", "may want to cover", "you might cover", "what you may want to cover"),
        *("things to consider", "consider", "hints", "evidence you might use", "suggested evidence"),
        *("examples of evidence", "sources of evidence", "what to cover", "what to include"),
    ),
    Role.REFERENCE: ("reference", "references", "legislation", "legal reference", "source"),
    Role.DEVELOPMENT: ("what needs to change", "what we need to do", "what we will do", "next steps"),
    Role.RATING: ("where we are", "our rating", "score", "self assessment"),
    Role.LINKED: (
        *("linked", "optional", "may be left out", "core or linked", "scope"),
        ROLE_NAMES[Role.LINKED].lower(),
    ),
    Role.LEFT_OUT: ("no", "number", "ref", "item", "id", "row", "#"),
}  # fmt: skip
_OF_COLOUR = re.compile(
    r"(?:(?:what|rag|rating|descriptor|description|if|when|looks|like|is|means|of|for|a) )*"
    r"(?P<colour>red|amber|green)"
    r"(?: (?:looks|like|means|rating|rag|descriptor|description|if|when|is))*"
)

_ASKED_OF_COLOUR = re.compile(
    r"(?:(?:peer|peers|challenge) )?questions?(?: (?:to|ask|for|about|of|peers|where|when|if|it|is|a|rated))*"
    r" (?P<colour>red|amber|green)(?: (?:rating|ratings|rows?))?"
)


def recognise_role(heading: str) -> Role | None:
    """What a column with this heading is; None where the heading says nothing that we know."""
    words = _normalise_heading(heading)
    if not words or len(words) > _LONGEST_HEADING:
        return Role.LEFT_OUT if heading.strip() in ("#", "№") else None
    if (asked := _ASKED_OF_COLOUR.fullmatch(words)) is not None:
        return PEER_QUESTIONS[asked["colour"].upper()]
    if (colour := _OF_COLOUR.fullmatch(words)) is not None:
        return Role(colour["colour"].upper())
    known = _known_headings()
    if words in known:
        return known[words]
    scored = max(((fuzz.ratio(words, name), role) for name, role in known.items() if len(name) > 4))
    if scored[0] >= _ALIKE:
        return scored[1]
    inside = [name for name in known if len(name) > 8 and f" {name} " in f" {words} "]
    return known[max(inside, key=len)] if inside else None  # the longest says most


def _normalise_heading(heading: str) -> str:
    words = re.findall(r"[^\W_]+", re.sub(r"\([^()]*\)", " ", heading).casefold())
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("our", "your", "the") else words)


@cache
def _known_headings() -> Mapping[str, Role]:
    """Every heading that we know, in small letters, with what it means."""
    found = {name: role for role, names in _HEADINGS.items() for name in names}
    columns = {column.id: column for column in FORMS[Kind.ANALYSIS].columns}
    for role in OF_ANSWERS:
        column = columns[role.value]
        for name in (column.header, *column.synonyms):
            found.setdefault(_normalise_heading(name), role)
    return found
