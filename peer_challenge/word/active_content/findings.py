"""From active content to findings, each at the answer it is in or with its place in the document."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from peer_challenge.model.findings import Finding
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.active_content.active_kinds import EMBEDDED, IMPORTED, MACROS
from peer_challenge.word.active_content.detection import Active
from peer_challenge.word.package.namespaces import TC, P
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import make_finding, with_severity

_BESIDE_ANSWERS = "in the text beside the answers"
Key = tuple[str, str]


def active_findings(
    active: Iterable[Active],
    cells: Mapping[Key, XmlElement],
    embedded: int,
    macros: Literal["reject", "warn"],
) -> Iterator[Finding]:
    """A finding for each code at each answer, and one for each code elsewhere that names all its places.

    `cells` are the elements of the answers' cells by (row address, column), `embedded` is how many files
    are embedded, `macros` the cycle's rule for macros.
    """
    active = list(active)
    embedded = embedded or sum(one.code == EMBEDDED for one in active)  # of some only the frame is there
    keys = {element: key for key, element in cells.items()}
    at_answers: dict[tuple[str, Key], None] = {}
    elsewhere: dict[str, dict[str, None]] = {}
    for one in active:
        key = _find_answer_key(one, keys)
        if key is not None and one.code not in (MACROS, EMBEDDED):
            at_answers[one.code, key] = None
        else:
            places = elsewhere.setdefault(one.code, {})
            places[one.place or (_BESIDE_ANSWERS if one.element is not None and cells else "")] = None
    if embedded:  # those of charts are counted, and not told otherwise
        elsewhere.setdefault(EMBEDDED, {})
    for code, places in elsewhere.items():
        name = _macro_code(macros) if code == MACROS else code
        yield make_finding(name, where=_join_places(places), count=embedded)
    for code, (address, column) in at_answers:
        told = make_finding(code, address or None, column, where=" in this answer")
        yield with_severity(told, Severity.QUERY) if code == IMPORTED else told  # some of it is unread


def _macro_code(rule: str) -> str:
    return MACROS if rule == "reject" else "open.macros_ignored"


def _find_answer_key(one: Active, keys: Mapping[XmlElement, Key]) -> Key | None:
    if one.element is None or not keys:
        return None
    around = one.element.iterancestors(TC, P)  # an answer that was typed as text has a paragraph, not a cell
    return next((key for element in around if (key := keys.get(element)) is not None), None)


def _join_places(places: Iterable[str]) -> str:
    said = join_in_words(filter(None, places))
    return f" {said}" if said else ""
