"""What the text of a form's cell holds: nothing yet, evidence, links, names of attachments."""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from peer_challenge.model.empty_words import NOTHING, TO_COME
from peer_challenge.word.answers.private_links import has_private_link

_NOTHING = re.compile(rf"(?:{NOTHING}|n/?[ak]|in progress|x+)", re.IGNORECASE)
_TO_COME = re.compile(rf"(?:{TO_COME})", re.IGNORECASE)
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
    r"(?:^|[.!?;\n•-][^\S\n]*)(?:(?:key )?areas? for (?:development|improvement)\s*[:–-]|we (?:still )?need to\b|(?:this|it) (?:still )?needs (?:to be )?improv|(?:further )?(?:work|improvement) is (?:still )?(?:needed|required)|requires improvement)",
    re.IGNORECASE,
)
_EDGES = re.compile(r"[\W_]*")
_ALPHANUMERIC = re.compile(r"[a-z0-9]")
_PIECE = re.compile(r"\d+|[a-z]+|[^\W_]")
_MOST_PIECES = 12
"""No text names a file by so many (“Evidence item 4.2a” has five), and each name in a ZIP is taken apart."""
_LABELS = ("appendix", "annex", "attachment", "enclosure", "exhibit", "evidence")
_NAMED_FILE = re.compile(
    r"\b(?P<what>Appendix|Annex|Attachment|Enclosure|Exhibit|appendix|annex|attachment|enclosure|exhibit|APPENDIX|ANNEX)\s+(?:no\.?\s*|ref\.?\s*)?(?P<number>\d{1,3}(?:\.\d+)*[a-z]?|[A-Z]\d{0,2})\b"
    r"|\b(?P<what2>[Ee]vidence|EVIDENCE)\s+(?:(?:item|no\.?|ref\.?|file|folder|document)\s*)?(?P<number2>\d{1,3}(?:\.\d+)+[a-z]?|\d{1,3}[a-z]|[A-Z]\d{1,3})\b"
    r"|\bEvidence\s+(?:item|no\.?|ref\.?|file|folder|document)\s+(?P<number3>\d{1,3})\b"
)
_LINK_AFTER = re.compile(r"[^.!?\n]{0,120}https?://")
_NUMBER_WORDS = ("item", "no", "ref", "file", "folder", "document")
_ROLE = re.compile(
    r"lead|head|director|manager|officer|board|partner|team|service|police|nurse|doctor|chief|chair|superintendent|inspector|commander|constable|"
    r"co-?ordinator|worker|business|group|council|trust|authority|safeguarding|practice|quality|education|health|executive|secretary|analyst|commission|forum|panel|adviser|advisor|teacher|hub|agency|area|unit|office|deputy|assistant|children|social|virtual|school|youth|justice|probation|public|data|training|strategic|senior|principal|independent|scrutineer|administrat|facilitator|designated|named|professional|governance|operations?|performance|communications?|development|workforce|midwi|paediatric|care|early|help|front|door|all|both|three|joint|chair's",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s+)?[A-Z][a-z'’]+(?:[-\s][A-Z][a-z'’]+){1,2}")


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, "TBC", "see above"."""
    core = _strip_outer_signs(text)
    return not core or bool(_NOTHING.fullmatch(core))


def is_to_come(text: str) -> bool:
    """Whether a cell only promises or points elsewhere: "TBC", "see above"."""
    core = _strip_outer_signs(text)
    return bool(_TO_COME.fullmatch(core)) if core else "?" in text


def _strip_outer_signs(text: str) -> str:
    """A text without the signs around it.

    A pattern that allowed for the signs would be slow: it would try each pair of ends.
    """
    start = _length_of_edge(text)
    return text[start : len(text) - _length_of_edge(text[start:][::-1])]


def _length_of_edge(text: str) -> int:
    edge = _EDGES.match(text)
    return edge.end() if edge else 0


def count_words(text: str) -> int:
    """How many words a text has, as Word counts them: whatever stands between spaces, but no bullets."""
    return sum(word != "•" for word in text.split())


def has_evidence(text: str) -> bool:
    """Whether a strength names its evidence: a source, a figure or an effect."""
    lower = text.lower()
    if any(word in lower for word in _FIGURES) or re.search(r"\d", text):
        return True
    said = re.findall(r"\w+", lower)
    if any(word in _COUNTS or word.startswith(_SOURCES) for word in said):
        return True
    return any(phrase in lower for phrase in _PHRASES)


def holds_development(text: str) -> bool:
    """Whether a text about strengths has a sentence that begins like an area for development."""
    lower = text.lower()
    may_be = any(part in lower for part in ("area for", "areas for", "need", "requir"))
    return may_be and bool(_DEVELOPMENT.search(text))


def _named_files(text: str) -> dict[str, bool]:
    """The attachments that a text names, and whether a link follows in the sentence that names one."""
    lower = text.lower()
    if not any(word in lower for word in ("evidence", "append", "annex", "attach", "enclos", "exhibit")):
        return {}
    found: dict[str, bool] = {}
    for named in _NAMED_FILE.finditer(text):
        near = text[named.end() : named.end() + 128]
        found[named.group()] = found.get(named.group(), False) or bool(_LINK_AFTER.match(near))
    return found


def index_of_names(names: Iterable[str]) -> frozenset[str]:
    """The keys by which a text can name each of the files `names`, for `missing_from`.

    A key is a run of a name's pieces without the signs between them ("appendix1a"). A run from the
    beginning of a name is also listed with "^" before it. The index is made once, so that names need not be
    compared one by one.
    """
    index: set[str] = set()
    for name in names:
        index.update(_runs_of_pieces(name.lower().rpartition("/")[2]))
    return frozenset(index)


def _runs_of_pieces(plain: str) -> Iterator[str]:
    pieces = list(_PIECE.finditer(plain))
    for first, begin in enumerate(pieces):
        if first > 0 and not begin.group().startswith(_LABELS):
            continue
        run = ""
        for piece in pieces[first : first + _MOST_PIECES]:
            run += piece.group()
            if not _ALPHANUMERIC.match(plain, piece.end()):
                yield run
                if first == 0:
                    yield f"^{run}"


def missing_files(text: str, there: Iterable[str]) -> list[str]:
    """The attachments that a text names but that neither came with it nor are linked in it.

    `there` are the names of what came. "Appendix 1" matches "appendix-1 minutes.pdf", not "Appendix
    12.pdf"; "Evidence 4.2a" also matches "4.2a audit.docx". A public link later in the same sentence counts
    as the file.
    """
    return missing_from(text, index_of_names(there))


def missing_from(text: str, index: frozenset[str]) -> list[str]:
    """The attachments that a text names but that are neither in `index` (see index_of_names) nor linked."""
    named = _named_files(text)
    may_be_linked = any(named.values()) and not has_private_link(text)
    return [
        name
        for name, is_linked in named.items()
        if not (is_linked and may_be_linked) and index.isdisjoint(_list_index_keys(name))
    ]


def name_files(text: str, names: Sequence[str]) -> list[int]:
    """The positions in `names` of the files that a text names, as missing_files matches them."""
    named = _named_files(text)
    keys = [key for one in named for key in _list_index_keys(one)]
    return [
        position
        for position, name in enumerate(names)
        if keys and not index_of_names([name]).isdisjoint(keys)
    ]


def find_label(name: str) -> str:
    """The label that a file's name begins with or holds: "Appendix C" of "appendix-c_minutes.pdf".

    Empty where it holds none. Nothing but one of our words and a short number is taken over.
    """
    pieces = [piece.group() for piece in _PIECE.finditer(name.lower().rpartition("/")[2])]
    for label, number in pairwise(pieces):
        if label in _LABELS and ((number.isdigit() and len(number) < 4) or len(number) == 1):
            return f"{label.capitalize()} {number.upper()}"
    return ""


def _list_index_keys(name: str) -> list[str]:
    """The keys under which an index of names would hold the attachment that a text calls `name`."""
    label, *number = re.findall(r"\d+|[a-z]+", name.lower())
    number = number[1:] if number[:1] and number[0] in _NUMBER_WORDS else number
    tail = "".join(number)
    keys = [label + word + tail for word in ("", *_NUMBER_WORDS)]
    return [*keys, f"^{tail}"] if len(number) > 1 else keys


def is_persons_name(text: str) -> bool:
    """Whether an owner is given as a person's name, without a role."""
    return bool(_PERSON.fullmatch(text.strip())) and not _ROLE.search(text)


def normalise_text(text: str) -> str:
    """A text with single spaces, plain quotes and dashes, and no bullets, for comparison."""
    plain = text.translate(
        {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "}
    )
    return " ".join(re.sub(r"(?m)^[^\S\n]*[-•·*]\s+", "", plain).split())
