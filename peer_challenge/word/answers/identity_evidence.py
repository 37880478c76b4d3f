"""What a document itself says about the area it belongs to: marks, title, headings, file name.

The decision, from this and from who sent it in, is made in peer_challenge/model/whose_document.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.findings import Finding
from peer_challenge.model.names_alike import fold_letters
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import HELD, Decision, Evidence, Pair
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.which_form import SENTENCE
from peer_challenge.word.form.area_names import Names
from peer_challenge.word.form.forms import CHALLENGED_BY
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package import marks
from peer_challenge.word.reader_findings import make_finding

_ENDS_A_SENTENCE = (".", "?", "!", ";", ":")
_WORDS_BESIDE_NAMES = (
    "a action agency agreed analysis and area areas arrangements assessment author authority behalf board "
    "borough by chair chairs challenge child children childrens city completed council county draft final "
    "for form from in local lscp marking mash multi my name of official on our pack page partnership peer "
    "people plan record response return returned safeguarding scp self sensitive sent submitted the this "
    "to together version we working written"
)
_FURNITURE = frozenset(_WORDS_BESIDE_NAMES.split())
"""Words that stand beside an area's name in a title or particular, and leave it one."""

_ASKED_BY = re.compile(r"\bsub-headings? that (.{2,200}?) asks about\b")
"""Where a response form prints its challenger, now and in earlier wordings. No area's name is longer."""


@dataclass(slots=True)
class Identity:
    """What is known about the area and cycle that a document belongs to.

    `basis` has the values of Reading.identity_basis.
    """

    kind: Kind | None = None
    cycle: str | None = None
    participant: str | None = None
    challenger: str | None = None
    framework: str | None = None
    basis: str | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GivenIdentity:
    """What the office decided that a document is, whatever the document itself says."""

    kind: Kind
    cycle: str
    participant: str
    challenger: str | None


def given_identity(given: GivenIdentity, known: Known) -> Identity:
    """The identity that the office gave, with the framework of its cycle."""
    cycle = known.cycles.get(given.cycle)
    framework = cycle.framework if cycle is not None else None
    return Identity(given.kind, given.cycle, given.participant, given.challenger, framework, "office")


def marked_identity(properties: Mapping[str, str], known: Known) -> Identity:
    """The identity that a document's marks give, with findings where they do not fit what is known.

    `basis` is None when the kind is not marked.
    """
    kind = properties.get(marks.KIND)
    if kind not in tuple(Kind):
        return Identity(framework=properties.get(marks.FRAMEWORK) or None)
    found = Identity(
        Kind(kind),
        properties.get(marks.CYCLE) or None,
        properties.get(marks.PARTICIPANT) or None,
        properties.get(marks.CHALLENGER) or None,
        properties.get(marks.FRAMEWORK) or None,
        "marks",
    )
    _check_identity_marks(found, known)
    return found


def _check_identity_marks(found: Identity, known: Known) -> None:
    if found.cycle is not None and known.cycles and found.cycle not in known.cycles:
        found.findings.append(make_finding("identity.unknown_cycle"))
        return
    cycle = known.cycles.get(found.cycle or "")
    if cycle is None:
        return
    if found.framework is not None and found.framework != cycle.framework:
        found.findings.append(make_finding("identity.wrong_framework"))
    if found.participant is not None and found.participant not in cycle.participant:
        found.findings.append(make_finding("identity.unknown_participant"))


def apply_decision(reading: Reading, decision: Decision) -> None:
    """Write into a reading the area that a decision gives it.

    While that is doubtful the reading has no area, and findings that say why. A doubt from before remains:
    later evidence can add a reason and take none away.
    """
    reading.challenger = decision.challenger
    reading.identity_basis = decision.basis or reading.identity_basis or "content"
    if decision.whose is not None and not is_doubtful(reading.findings):
        reading.participant = decision.whose.author
        return
    reading.participant = None
    has = {held.code for held in reading.findings}
    reading.findings += [make_finding(code) for code in (HELD, *decision.reasons) if code not in has]


def with_decision(reading: Reading, decision: Decision) -> Reading:
    """A copy of the reading with the area that a decision gives it; the given reading is not changed."""
    decided = replace(reading, findings=[*reading.findings])
    apply_decision(decided, decision)
    return decided


def is_doubtful(findings: Iterable[Finding]) -> bool:
    """Whether the office has to decide which area a document belongs to, by its findings."""
    return any(held.code == HELD for held in findings)


def find_cycle(found: Identity, known: Known, front: Sequence[str]) -> None:
    """Fill in the cycle where no mark gives it.

    It is the one that the document's headings name, or the only cycle there is when they name none.
    """
    if found.cycle is None and not found.findings:
        named = _cycles_in(front, known)
        found.cycle = named[0] if len(named) == 1 else None if named else _find_only_cycle(known.cycles)


def _find_only_cycle(cycles: Mapping[str, Cycle]) -> str | None:
    return next(iter(cycles)) if len(cycles) == 1 else None


def _cycles_in(front: Sequence[str], known: Known) -> list[str]:
    text = "\n".join(map(_fold_line, front))
    return [c.id for c in known.cycles.values() if _fold_line(c.name) in text or c.id in text]


def _fold_line(text: str) -> str:
    """A line in which the name of a cycle can be looked for, whatever its apostrophes, accents and spaces."""
    return " ".join(fold_letters(text).split())


def collect_evidence(
    found: Identity,
    known: Known,
    front: Sequence[str],
    everything: Iterable[str],
    name: str,
    *,
    other_kinds: tuple[Kind, ...] = (),
    chair: str = "",
) -> Evidence:
    """All that the document says about the area it belongs to.

    `front` are its headings, headers, footers and particulars, without a form's own words and answers.
    `everything` is all its text; `name` is the file's name; `chair` is who chaired, as a record says.
    """
    cycle = known.cycles.get(found.cycle or "")
    names = known.names_in([cycle] if cycle else list(known.cycles.values()))
    texts = list(everything)
    marked = (found.participant, found.challenger) if found.participant is not None else None
    lines = _Lines(names, cycle, found.participant, front)
    named_chair = cycle.find_chair_named_in(chair) if cycle else None
    return Evidence(
        cycle=found.cycle if cycle is not None or found.basis == "marks" or not known.cycles else None,
        other_cycle=_other_cycle(cycle, front, known) if marked else None,
        kind=found.kind,
        other_kinds=other_kinds,
        marked=marked,
        titled=tuple(lines.titled),
        claimed=tuple(sorted(lines.claimed)),
        named=tuple(sorted(lines.named)),
        mentioned=tuple(sorted(names.found_in_any(texts))),
        file_named=tuple(sorted(names.found_in(re.sub(r"[_\-.]+", " ", name)))),
        asked_by=tuple(sorted(_find_printed_challengers(texts, names))),
        is_joint=lines.is_joint,
        has_strange_title=lines.has_strange_title,
        chair=named_chair.id if named_chair else None,
    )


def _find_printed_challengers(texts: Iterable[str], names: Names) -> set[str]:
    """The challengers that a form prints. A name that several areas share says nothing."""
    sentences = (" ".join(text.split()) for text in texts if "sub-heading" in text and "asks" in text)
    printed = (name for sentence in sentences for name in _ASKED_BY.findall(sentence))
    return {area for name in printed if len(found := names.found_in(name)) == 1 for area in found}


def _other_cycle(cycle: Cycle | None, front: Sequence[str], known: Known) -> str | None:
    """Another cycle that the headings name where they do not name the document's own."""
    named = _cycles_in(front, known)
    return named[0] if cycle is not None and named and cycle.id not in named else None


class _Lines:
    """What the short lines of a document say: which areas they are about."""

    def __init__(self, names: Names, cycle: Cycle | None, expected: str | None, front: Sequence[str]) -> None:
        self.titled: list[Pair] = []
        self.claimed: set[str] = set()
        self.named: set[str] = set()
        self.is_joint = self.has_strange_title = False
        self._names, self._expected = names, expected
        self._cycle = _fold_line(cycle.name) if cycle is not None else None
        for text in dict.fromkeys(" ".join(text.split()) for text in front):
            if self._cycle and self._cycle in _fold_line(text):
                self._read_title(text)
            if len(text) < SENTENCE and not text.endswith(_ENDS_A_SENTENCE):
                self._read_line(text)

    def _read_title(self, text: str) -> None:
        """A line that says author, challenger and cycle together, as our forms do."""
        before, _, after = _fold_line(text).partition(self._cycle or "")
        author, by, challenger = f"{before} {after}".partition(CHALLENGED_BY)
        authors, challengers = self._names.found_in(author), self._names.found_in(challenger)
        if len(authors) == 1 and (not by or len(challengers) == 1):
            pair = (authors.pop(), next(iter(challengers), None))
            self.titled += [pair] if pair not in self.titled else []
        elif not authors and self._expected is not None:
            strange = self._find_words_beside_names(before)
            is_title = bool(re.search(r"[–—-]\s*$", before)) or bool(by)
            self.has_strange_title |= is_title and bool(strange) and not self._find_areas_alike(strange)

    def _read_line(self, text: str) -> None:
        found = self._names.found_in(text)
        beside = self._find_words_beside_names(text)
        self.named |= found
        self.is_joint |= len(found) > 1
        if found and not beside:
            self.claimed |= found
        self.claimed |= self._find_areas_alike(beside)

    def _find_words_beside_names(self, text: str) -> list[str]:
        """The words of a line that belong neither to a name nor to the furniture of a title."""
        text = _fold_line(text).replace(self._cycle, " ") if self._cycle else text
        return [
            word for word in self._names.without_names(text) if word not in _FURNITURE and not word.isdigit()
        ]

    def _find_areas_alike(self, words: Sequence[str]) -> set[str]:
        return self._names.alike(words, self._expected)
