"""Reading a Word document: from bytes to a Reading. It raises nothing, whatever the document is."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.protective_marking import find_highest_marking
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import decide_identity
from peer_challenge.word.active_content.active_kinds import LINK_TO_FILE
from peer_challenge.word.active_content.findings import active_findings
from peer_challenge.word.answers import zip_of_forms
from peer_challenge.word.answers.answers import AnswerReader, Answers, is_form_blank, list_remarks
from peer_challenge.word.answers.find_layout import LayoutFinder, is_other_form
from peer_challenge.word.answers.identity_evidence import (
    GivenIdentity,
    apply_decision,
    collect_evidence,
    find_cycle,
    given_identity,
    is_doubtful,
    marked_identity,
)
from peer_challenge.word.answers.layout import Layout, find_answer_cells
from peer_challenge.word.answers.locate_cells import Key, find_cell_paths, mark_of_main_part
from peer_challenge.word.answers.margin_notes import take_margin_notes
from peer_challenge.word.answers.other_ratings import ask_about_other_ratings
from peer_challenge.word.answers.rating_cells import RatingCells
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.shape_findings import basis_findings, blank_finding, shape_findings
from peer_challenge.word.answers.text_answers import find_framework_of_text, place_text_answers
from peer_challenge.word.answers.unmapped_text import Leftovers, list_all_texts
from peer_challenge.word.answers.which_form import (
    find_kind_by_words,
    is_titled_for_reading,
    is_titled_in_words,
    list_other_kinds,
    titled_kinds,
)
from peer_challenge.word.form.forms import OF_CORRECTIONS, SCHEDULES
from peer_challenge.word.form.known_before_reading import MARKING, Known, OwnText
from peer_challenge.word.form.match_titles import Titles, titles_of
from peer_challenge.word.form.printed_text_hashes import Marks
from peer_challenge.word.package import marks
from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS, Limits
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable, make_finding
from peer_challenge.word.text.content import Paragraph, Table
from peer_challenge.word.text.open_document import Document, open_document

_WHAT_CORRECTING_DOES = ("word.tracked_changes", "word.margin_comments")
"""Findings that are no fault of a draft sent back with corrections: it is sent out for them."""


def read_document(
    data: bytes,
    known: Known,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    rules: Rules | None = None,
    given: GivenIdentity | None = None,
) -> Reading:
    """What the document in `data` says, read in this process; `name` is the file's, a hint at most.

    `rules` are the cycle's where they should not be looked up in `known`. `given` is the office's decision
    about the document, which then counts in place of what the document says. Never raises because of what
    the document is: that is a finding. Use Readers for files that nobody has vouched for.
    """
    reading = Reading(hashlib.sha256(data).hexdigest(), len(data))
    try:
        _read_into_reading(reading, data, _Asked(known, name, limits, rules, given))
    except Unreadable as why:
        reading.findings.append(why.finding())
        reading.unmapped += why.words
    except MemoryError:
        reading.findings.append(make_finding("open.too_large"))
    except RecursionError:
        reading.findings.append(make_finding("open.too_deep"))
    except etree.LxmlError:
        reading.findings.append(make_finding("open.bad_xml"))
    return reading


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known beforehand of a document that is to be read."""

    known: Known
    name: str = ""
    limits: Limits = DEFAULT_LIMITS
    rules: Rules | None = None
    given: GivenIdentity | None = None


def _read_into_reading(reading: Reading, data: bytes, asked: _Asked) -> None:
    known, limits = asked.known, asked.limits
    if len(data) > limits.max_bytes:
        raise Unreadable("open.file_too_large", megabytes=round(limits.max_bytes / 1_000_000))
    kind = kind_of_file(data)
    if kind == "zip":
        try:
            found = zip_of_forms.the_one_form(
                data, limits, lambda form: read_document(form, known, limits=limits).kind is not None
            )
        except zip_of_forms.SeveralForms as several:
            _adopt_common_identity(
                reading, [read_document(form, known, limits=limits) for form in several.forms]
            )
            raise
        beside = len(found.beside)
        others = f", with {beside} other {'file' if beside == 1 else 'files'}" if beside else ""
        reading.findings.append(make_finding("open.zip_of_one", others=others))
        reading.attachments += found.beside
        data, kind = found.content, kind_of_file(found.content)
    if kind in CONVERTIBLE:
        data = convert_to_docx(data, kind)
        reading.findings.append(make_finding("open.converted", what=CONVERTIBLE[kind]))
    _Reader(reading, open_document(data, limits), asked).read()


def _adopt_common_identity(reading: Reading, forms: list[Reading]) -> None:
    """Take over the identity of a ZIP's forms when all of them are the same area's.

    With it, that area can be asked which form counts.
    """
    whose = {(form.kind, form.cycle, form.participant, form.challenger) for form in forms}
    if len(whose) == 1:
        reading.kind, reading.cycle, reading.participant, reading.challenger = whose.pop()
        reading.framework, reading.identity_basis = forms[0].framework, forms[0].identity_basis
        reading.evidence = forms[0].evidence


def cells_of_form(document: Document, known: Known) -> Mapping[Key, XmlElement]:
    """The element of each answer's cell (w:tc) in an open document that has not been read yet.

    An answer that was typed as text has a paragraph (w:p) instead. Empty when it holds no form, or one that
    is too large to be laid out.
    """
    try:
        return find_answer_cells(_Reader(Reading(""), document, _Asked(known)).lay_out_with_text())
    except (MemoryError, RecursionError):
        return {}


class _Reader:
    """Reads one open document into a Reading."""

    def __init__(self, reading: Reading, document: Document, asked: _Asked) -> None:
        known = asked.known
        self._reading, self._document, self._known, self._rules = reading, document, known, asked.rules
        self._name, self._given = asked.name, asked.given
        self._own = own = OwnText(known, Marks(document.properties))
        body = document.body  # without what a marked copy says at its top, which must not look like a title
        body.blocks = [b for b in body.blocks if not (isinstance(b, Paragraph) and own.is_copy_line(b.text))]
        self._identity = (
            given_identity(asked.given, known) if asked.given else marked_identity(document.properties, known)
        )

    def read(self) -> None:
        reading, identity = self._reading, self._identity
        reading.findings += self._document.findings
        reading.attachments += self._document.embedded
        reading.issue = self._document.properties.get(marks.ISSUE, "")
        framework, layout = self.lay_out()
        reading.marking = self._find_highest_marking()
        is_marked = marks.KIND in self._document.properties or self._given is not None
        front = self._collect_front_texts(layout)
        is_ours = marks.ISSUE in self._document.properties or is_titled_for_reading(front)
        for_reading = not is_marked and is_ours
        is_form = identity.basis is not None or layout.is_form
        if not is_form and (in_text := self._framework_of_text(front)) is not None:
            is_form, framework = True, in_text
        if for_reading or not is_form:
            reading.unmapped = list_all_texts(self._document)
            reading.findings.append(
                make_finding("identity.for_reading" if for_reading else "identity.not_ours")
            )
            reading.findings += self._active_content(None)
            return
        layout.kind = identity.kind = identity.kind or find_kind_by_words(layout, front)
        identity.framework = identity.framework or (framework.id if framework else None)
        find_cycle(identity, self._known, front)
        if identity.cycle and framework and identity.cycle in self._known.cycles:
            framework = self._known.framework_of(identity.cycle, identity.framework) or framework
        self._place_text(layout, framework)
        reading.places, reading.main_part = find_cell_paths(layout), mark_of_main_part(self._document.package)
        left = self._fill_in_answers(layout, framework, front)
        found = reading.findings
        found += shape_findings(layout, framework, identity.kind, left, self._own)
        found += basis_findings(layout, framework, identity.basis, is_doubtful=is_doubtful(found))
        reading.findings += self._active_content(layout)

    # Layout

    def lay_out_with_text(self) -> Layout:
        """The layout, with answers that were typed as text, of a document that is not read further."""
        framework, layout = self.lay_out()
        front = self._collect_front_texts(layout)
        layout.kind = self._identity.kind or find_kind_by_words(layout, front)
        in_text = None if layout.entries else self._framework_of_text(front)
        self._place_text(layout, in_text or framework)
        return layout

    def _place_text(self, layout: Layout, framework: Framework | None) -> None:
        titles = titles_of(framework) if framework else None
        place_text_answers(self._document, layout, titles, self._own)

    def lay_out(self) -> tuple[Framework | None, Layout]:
        """The layout under the framework that the marks name, else under the one that fits best."""
        identity, known = self._identity, self._known
        named = known.framework_of(identity.cycle, identity.framework)
        candidates: list[Framework | None] = [named] if named else [*_list_candidate_frameworks(known)]
        best: tuple[Framework | None, Layout] | None = None
        for framework in candidates or [None]:
            titles = titles_of(framework) if framework else None
            layout = self._laid_out(identity.kind, titles)
            fits = framework is None or _count_fitting_rows(layout, framework)
            if best is None or fits > _count_fitting_rows(best[1], best[0]):
                best = framework, layout
        assert best is not None
        return best if identity.kind or best[1].is_form else self._laid_out_by_title(*best)

    def _laid_out_by_title(
        self, framework: Framework | None, layout: Layout
    ) -> tuple[Framework | None, Layout]:
        """The layout as the one kind of form that its title names, where its headings are in other words."""
        kinds = titled_kinds(self._collect_front_texts(layout))
        for candidate in _list_candidate_frameworks(self._known) if len(kinds) == 1 else ():
            finder = LayoutFinder(self._known, kinds[0], titles_of(candidate), is_only_titled=True)
            found = finder.find(self._document.body)
            if found.is_form and (
                not layout.is_form or _count_fitting_rows(found, candidate) > len(layout.entries)
            ):
                framework, layout = candidate, found
        return framework, layout

    def _laid_out(self, kind: Kind | None, titles: Titles | None) -> Layout:
        """The layout as a form of a kind, or, where that is not known, of the one of which it holds most."""
        layout = LayoutFinder(self._known, kind, titles).find(self._document.body)
        main = layout.kind if kind else layout.main_kind()
        is_mixed = any(is_other_form(columns.kind, main) for columns in layout.tables)
        return LayoutFinder(self._known, main, titles).find(self._document.body) if is_mixed else layout

    def _framework_of_text(self, front: Sequence[str]) -> Framework | None:
        """The framework of a form without tables: it has a form's title, and titles of rows as text."""
        kinds = titled_kinds(front)
        if not (kinds or is_titled_in_words(front)):
            return None
        kind = next((kind for kind in kinds if kind in SCHEDULES), Kind.SELF_ASSESSMENT)
        return find_framework_of_text(
            self._document, kind, _list_candidate_frameworks(self._known), self._own
        )

    def _collect_front_texts(self, layout: Layout) -> list[str]:
        """The texts that say whose a document is: headings, headers, footers, and cells of small tables.

        Cells of the form's own tables are left out: they are answers, and roles of those who signed.
        """
        schedules = {id(columns.table) for columns in layout.tables}
        fields = {id(cell) for cells in layout.fields.values() for cell in cells}
        texts = []
        for block in self._document.body.blocks[:60]:
            # A title or a line of who and when has fewer than 200 letters; a longer text is an answer.
            if isinstance(block, Paragraph) and len(block.text) <= 200:
                texts.append(block.text)
            elif isinstance(block, Table) and len(block.rows) <= 4 and id(block) not in schedules:
                cells = [cell for row in block.rows for cell in row.cells if id(cell) not in fields]
                # Of cells too.
                texts += [cell.text for cell in cells if len(cell.text) <= 200]
        for kind, content in self._document.others:
            if kind in ("header", "footer"):
                texts += [p.text for p in content.paragraphs()]
        return [text for text in texts if text.strip()]

    def _collect_all_texts(self) -> Iterable[str]:
        for block in self._document.body.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                yield from (cell.text for row in block.rows for cell in row.cells)

    def _find_highest_marking(self) -> str | None:
        found = [marking for text in self._short_texts() if (marking := find_marking_in(text))]
        return find_highest_marking(found) if found else None

    def _short_texts(self) -> Iterator[str]:
        contents = [self._document.body, *(content for _, content in self._document.others)]
        # A marking is a line by itself, of fewer than 80 letters with its descriptor.
        return (p.text for content in contents for p in content.paragraphs() if 0 < len(p.text) <= 80)

    # Answers

    def _fill_in_answers(
        self, layout: Layout, framework: Framework | None, front: Sequence[str]
    ) -> Leftovers:
        """Put answers and what is left over into the reading; gives what was met on the way through that."""
        reading, identity = self._reading, self._identity
        titles = titles_of(framework) if framework else None
        answers = self._answers_in(layout, titles)
        reading.rows, reading.items, reading.particulars = answers.rows, answers.items, answers.particulars
        self._identify_document(front, answers)
        reading.review = self._find_review(answers)
        remarks = self._take_margin_notes(layout, answers)
        left = Leftovers(layout, answers, self._own)
        reading.unmapped = [*left.of(self._document), *remarks]
        reading.findings += [*identity.findings, *layout.findings]
        is_sure_of_kind = reading.evidence is None or not reading.evidence.other_kinds
        if is_sure_of_kind and identity.kind and is_form_blank(identity.kind, answers.rows, answers.items):
            beside = list_remarks(answers.particulars)
            words = left.words + sum(len(text.split()) for text in beside)
            pictures = sum(1 for _ in self._document.root.iter(w("drawing"), w("pict")))
            reading.findings.append(blank_finding(words, len(reading.unmapped) + len(beside), pictures))
            left.passages, left.added_rows = [], []  # that finding speaks of them
            return left
        reading.findings += answers.findings
        if identity.kind is Kind.SELF_ASSESSMENT and titles is not None:
            reading.findings += ask_about_other_ratings(
                self._document.body, layout, titles, answers.rows, self._find_opening_day()
            )
        self._note_author_in_commentary(answers)
        return left

    def _take_margin_notes(self, layout: Layout, answers: Answers) -> list[str]:
        """What stands in the margin of a draft sent back, beside no line of it; [] for other forms."""
        if self._identity.kind not in OF_CORRECTIONS:
            return []
        found = self._reading.findings
        found[:] = [finding for finding in found if finding.code not in _WHAT_CORRECTING_DOES]
        return take_margin_notes(self._document, layout, answers)

    def _find_review(self, answers: Answers) -> int:
        """The review that a progress report says it is for; 0 for none, and where two places disagree."""
        if self._identity.kind is not Kind.PROGRESS_REPORT:
            return 0
        places = (self._document.properties.get(marks.REVIEW, ""), answers.particulars.get("review", ""))
        said = {number for text in places if (number := read_review(text))}
        return said.pop() if len(said) == 1 else 0

    def _answers_in(self, layout: Layout, titles: Titles | None) -> Answers:
        document, ratings = self._document, self._rating_cells()
        return AnswerReader(layout, self._own, document.styles, titles, ratings, document.labels).read()

    def _rating_cells(self) -> RatingCells:
        opens = self._find_opening_day()
        document = self._document
        return RatingCells(document.styles, self._rules_in_force().rating_map, opens, document.comments)

    def _find_opening_day(self) -> date | None:
        cycle = self._known.cycles.get(self._identity.cycle or "")
        return cycle.dates.opens if cycle else None

    def _identify_document(self, front: Sequence[str], answers: Answers) -> None:
        """Whose the document is, as far as it says so itself; of who sent it in nothing is known here."""
        reading, identity = self._reading, self._identity
        reading.kind, reading.cycle, reading.framework = identity.kind, identity.cycle, identity.framework
        if self._given is not None:
            reading.participant, reading.challenger = identity.participant, identity.challenger
            reading.identity_basis = identity.basis
            return
        reading.evidence = collect_evidence(
            identity,
            self._known,
            front,
            self._collect_all_texts(),
            self._name,
            other_kinds=list_other_kinds(identity.kind, front, answers, is_marked=identity.basis is not None),
            chair=answers.particulars.get("chair", ""),
        )
        decision = decide_identity(reading.evidence)
        identity.basis = identity.basis or decision.basis
        apply_decision(reading, decision)

    def _note_author_in_commentary(self, answers: Answers) -> None:
        if self._identity.kind is Kind.SELF_ASSESSMENT:
            for row in answers.rows:
                if row.get("commentary"):
                    self._reading.findings.append(
                        make_finding("commentary.by_author", row["subheading"], "commentary")
                    )

    def _rules_in_force(self) -> Rules:
        cycle = self._known.cycles.get(self._identity.cycle or "")
        return self._rules or (cycle.rules if cycle else Rules())

    def _active_content(self, layout: Layout | None) -> Iterator[Finding]:
        """What runs, fetches or starts something, at the answer it is in or of the document as a whole."""
        active = self._document.active
        cells = find_answer_cells(layout) if layout is not None and active else {}
        told = {(f.subheading, f.column) for f in self._reading.findings if f.code == "link.private"}
        found = active_findings(active, cells, len(self._document.embedded), self._rules_in_force().macros)
        return (f for f in found if f.code != LINK_TO_FILE or (f.subheading, f.column) not in told)


_REVIEW_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}


def read_review(text: str) -> int:
    """The number of a review in a text such as "Review 2 of 3", "2" or "second"; 0 where it has none."""
    number = re.search(r"(?<!\d)[1-9](?!\d)", text)
    if number:
        return int(number[0])
    return next((n for word, n in _REVIEW_WORDS.items() if word in text.casefold()), 0)


def _list_candidate_frameworks(known: Known) -> list[Framework]:
    of_cycles = [framework for cycle in known.cycles if (framework := known.framework_of(cycle, None))]
    return [*of_cycles, *(f for f in known.frameworks.values() if f.id not in {c.id for c in of_cycles})]


def _count_fitting_rows(layout: Layout, framework: Framework | None) -> int:
    known = set(framework) if framework else set()
    return len(layout.addresses() & known) if layout.kind in SCHEDULES else len(layout.entries)


def find_marking_in(text: str) -> str | None:
    """The protective marking that a line of text is, as "OFFICIAL-SENSITIVE"; None where it is none."""
    match = MARKING.fullmatch(text.strip())
    # In small letters, a marking of more than 30 letters is a sentence that speaks of one.
    if match is None or (match[1] != match[1].upper() and len(text) > 30):
        return None
    words = re.findall(r"[A-Z]+", match[1].upper())
    return "TOP SECRET" if words[0] == "TOP" else "-".join(words)
