"""Reading what people write in a form's cells: nothing yet, evidence, links, names of attachments."""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Iterable

from peer_challenge.word.private_links import has_private_link

_NOTHING = re.compile(
    r"[\W_]*(?:|n/?a|none|nil|tbc|tba|tbd|to (?:be )?(?:confirmed?|agreed?|added?|follow|completed?)|see (?:above|below)|as above|"
    r"(?:see )?previous(?: row)?|ditto|pending|awaited|in progress|\?+|x+)[\W_]*",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"[\W_]*(?:tbc|tba|tbd|to (?:be )?(?:confirmed?|agreed?|added?|follow|completed?)|see (?:above|below)|as above|(?:see )?previous(?: row)?|ditto|pending|awaited|\?+)[\W_]*",
    re.IGNORECASE,
)
_FIGURES = ("%", "audit", "data", "survey", "report", "review", "evidenc", "feedback", "training")
_COUNTED = "half third quarter two three four five six seven eight nine ten eleven twelve dozen most majority every each all both once twice"
_COUNTS = frozenset(_COUNTED.split())
_SOURCE = (
    "dashboard minute inspect evaluat sampl record log figure statistic measur outcome result showed shown shows found finding "
    "attend scrutin peer panel published website annual quarter month week agenda strateg protocol policy agreement memorandum observ "
    "consult said impact improv reduc increas rise risen fell fallen confirm test check trend score rate percent number example signed "
    "register tracker plan paper procedure guidance framework tool budget contribut lessons learning meeting forum group"
)
_SOURCES = tuple(_SOURCE.split())
_PHRASES = ("case stud", "told us", "terms of reference")
_DEVELOPMENT = re.compile(
    r"(?:^|[.!?;\n]\s*|[-•]\s*)(?:(?:key )?areas? for (?:development|improvement)\s*[:–-]|we (?:still )?need to\b|(?:this|it) (?:still )?needs (?:to be )?improv|(?:further )?(?:work|improvement) is (?:still )?(?:needed|required)|requires improvement)",
    re.IGNORECASE,
)
_NAMED_FILE = re.compile(
    r"\b(?P<what>Appendix|Annex|Attachment|Enclosure|Exhibit|appendix|annex|attachment|enclosure|exhibit|APPENDIX|ANNEX)\s+(?:no\.?\s*|ref\.?\s*)?(?P<number>\d{1,3}(?:\.\d+)*[a-z]?|[A-Z]\d{0,2})\b"
    r"|\b(?P<what2>[Ee]vidence|EVIDENCE)\s+(?:(?:item|no\.?|ref\.?|file|folder|document)\s*)?(?P<number2>\d{1,3}(?:\.\d+)+[a-z]?|\d{1,3}[a-z]|[A-Z]\d{1,3})\b"
    r"|\bEvidence\s+(?:item|no\.?|ref\.?|file|folder|document)\s+(?P<number3>\d{1,3})\b"
)
_NUMBER_WORDS = ("item", "no", "ref", "file", "folder", "document")
_ROLE = re.compile(
    r"lead|head|director|manager|officer|board|partner|team|service|police|nurse|doctor|chief|chair|superintendent|inspector|commander|constable|"
    r"co-?ordinator|worker|business|group|council|trust|authority|safeguarding|practice|quality|education|health|executive|secretary|analyst|commission|forum|panel|adviser|advisor|teacher|hub|agency|area|unit|office|deputy|assistant|children|social|virtual|school|youth|justice|probation|public|data|training|strategic|senior|principal|independent|scrutineer|administrat|facilitator|designated|named|professional|governance|operations?|performance|communications?|development|workforce|midwi|paediatric|care|early|help|front|door|all|both|three|joint|chair's",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s+)?[A-Z][a-z'’]+(?:[-\s][A-Z][a-z'’]+){1,2}")


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, "TBC", "see above"."""
    return bool(_NOTHING.fullmatch(text))


def is_to_come(text: str) -> bool:
    """Whether a cell only promises or points elsewhere: "TBC", "see above"."""
    return bool(_TO_COME.fullmatch(text))


def words(text: str) -> int:
    """How many words a text has, as Word counts them: whatever stands between spaces."""
    return len(text.split())


def has_evidence(text: str) -> bool:
    """Whether a strength says by what it is known: a source, a figure, an effect."""
    lower = text.lower()
    if any(word in lower for word in _FIGURES) or re.search(r"\d", text):
        return True
    said = re.findall(r"\w+", lower)
    if any(word in _COUNTS or word.startswith(_SOURCES) for word in said):
        return True
    return any(phrase in lower for phrase in _PHRASES)


def holds_development(text: str) -> bool:
    """Whether a text under strengths opens a sentence as an area for development would."""
    lower = text.lower()
    may_be = any(part in lower for part in ("area for", "areas for", "need", "requir"))
    return may_be and bool(_DEVELOPMENT.search(text))


def named_files(text: str) -> list[str]:
    """The attachments that a text names, as written ("Evidence 4.2a", "Appendix C"), in order."""
    lower = text.lower()
    if not any(word in lower for word in ("evidence", "append", "annex", "attach", "enclos", "exhibit")):
        return []
    return list(dict.fromkeys(found.group() for found in _NAMED_FILE.finditer(text)))


def missing_files(text: str, there: Iterable[str]) -> list[str]:
    """The attachments that a text names and that are neither among the names of what is there nor linked.

    "Appendix 1" is there as "appendix-1 minutes.pdf", not as "Appendix 12.pdf"; "Evidence 4.2a" also as
    "4.2a audit.docx". A public link later in the same sentence is as good as the file.
    """
    there = list(there)
    return [
        name
        for name in named_files(text)
        if not any(_is_named(name, other) for other in there) and not _is_linked(name, text)
    ]


def _is_named(name: str, other: str) -> bool:
    label, *number = re.findall(r"\d+|[a-z]+", name.lower())
    number = number[1:] if number[:1] and number[0] in _NUMBER_WORDS else number
    tail = r"[\W_]*".join(number)
    plain = other.lower().rpartition("/")[2]
    by_number = len(number) > 1 and re.match(rf"[\W_]*{tail}(?![a-z0-9])", plain)
    by_name = re.search(
        rf"(?<![a-z]){label}[\W_]*(?:{'|'.join(_NUMBER_WORDS)})?[\W_]*{tail}(?![a-z0-9])", plain
    )
    return bool(by_number or by_name)


def _is_linked(name: str, text: str) -> bool:
    return not has_private_link(text) and bool(
        re.search(rf"{re.escape(name)}[^.!?\n]{{0,120}}https?://", text)
    )


def is_persons_name(text: str) -> bool:
    """Whether an owner is given as a person's name and nothing that tells the role."""
    return bool(_PERSON.fullmatch(text.strip())) and not _ROLE.search(text)


def is_yes(text: str) -> bool:
    """Whether a word says yes."""
    return bool(re.match(r"\W*(?:y|yes|both|agreed|full|reached|true|✓|✔)\b|\W*[✓✔☒]", text, re.IGNORECASE))


def is_no(text: str) -> bool:
    """Whether a word says no."""
    return bool(re.match(r"\W*(?:n|no|not|disagree\w*|partial\w*|partly)\b", text, re.IGNORECASE))


def squeezed(text: str) -> str:
    """A text without its spacing and kinds of quotes, to compare what was written."""
    plain = text.translate(
        {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "}
    )
    return " ".join(re.sub(r"(?m)^\s*[-•·*]\s+", "", plain).split())


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same but for their spacing and kinds of quotes."""
    return one == other or squeezed(one) == squeezed(other)
