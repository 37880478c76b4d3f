"""What is missing from a form, added to it, or in another shape than the form's."""

from collections.abc import Iterator, Sequence

from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.layout import Layout
from peer_challenge.word.answers.passages import ENOUGH_WORDS
from peer_challenge.word.answers.set_apart import SetApart, questions_about
from peer_challenge.word.answers.text_answers import OF_TEXT_APART, is_entry_blank
from peer_challenge.word.answers.unmapped_text import Leftovers, Passage
from peer_challenge.word.form.forms import FORMS, OF_CORRECTIONS, SCHEDULES, list_headers
from peer_challenge.word.form.known_before_reading import OwnText
from peer_challenge.word.reader_findings import make_finding

_ANSWERS_EACH_ROW = (Kind.SELF_ASSESSMENT, Kind.RESPONSE)
_OWN_COLUMNS = ("strengths", "development", "rating")


def blank_finding(words: int, passages: int, pictures: int) -> Finding:
    """That nothing is filled in; a question where somebody wrote beside the places, or put pictures."""
    if words >= ENOUGH_WORDS:
        return make_finding("form.answers_outside", count=passages)
    return make_finding("form.pictures", count=pictures) if pictures else make_finding("form.blank")


def shape_findings(
    layout: Layout, framework: Framework | None, kind: Kind | None, left: Leftovers, own: OwnText
) -> Iterator[Finding]:
    """What is missing, and what stands where no row and no column is."""
    if not layout.tables and not layout.text_rows:
        yield make_finding("layout.no_table")
    elif kind in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS) and framework:
        yield from _find_missing_parts(layout, framework)
    if layout.tagged:
        yield make_finding("layout.rows_by_tag", count=layout.tagged)
    if layout.ordered:
        yield make_finding("layout.rows_by_order", count=layout.ordered)
    yield from _without_place(layout, left, kind, is_schedule=kind in SCHEDULES)
    yield from (make_finding("row.beside_title", address) for address in left.beside_titles)
    for address in left.retitled:
        title = framework.subheadings[address].title if framework and address in framework.subheadings else ""
        yield make_finding("row.reworded", address, title=title)
    if left.in_columns:
        yield make_finding("column.extra", count=left.in_columns)
    if left.passages and kind and kind not in OF_CORRECTIONS and not _asks_about_text(layout):
        yield _ask_about_passages(left.passages, _code_of_passages(layout, kind, left, own))

    yield from (make_finding(f"word.{why}_text") for why in ("hidden", "struck") if why in left.left_out)


def _asks_about_text(layout: Layout) -> bool:
    """Whether something is asked about text outside the form's tables already."""
    return any(finding.code in OF_TEXT_APART for finding in layout.findings)


def _ask_about_passages(passages: Sequence[Passage], code: str) -> Finding:
    places = dict.fromkeys(passage.where for passage in passages)
    return make_finding(code, count=len(passages), where=f": {', '.join(places)}")


def _code_of_passages(layout: Layout, kind: Kind, left: Leftovers, own: OwnText) -> str:
    """The code for text outside the tables: a question where it may be what a row or a table lacks.

    Blank rows say so in a form that answers each row; in an analysis, or a list, a table without anything.
    Beside a list of items text is always asked about, as the list may go on in it.
    """
    if kind not in SCHEDULES and any(passage.is_beside_answers for passage in left.passages):
        return "text.unplaced"
    filled = {id(entry): not is_entry_blank(entry, kind, own) for entry in layout.entries}
    lacks = not all(filled.values())
    if kind not in _ANSWERS_EACH_ROW:
        tables = {id(entry.table) for entry in layout.entries}
        lacks = tables != {id(entry.table) for entry in layout.entries if filled[id(entry)]}
    may_be = any(passage.is_in_form for passage in left.passages)
    return "text.unplaced" if may_be and lacks else "text.between"


def _without_place(
    layout: Layout, left: Leftovers, kind: Kind | None, *, is_schedule: bool
) -> Iterator[Finding]:
    """A question for each place; a row that somebody added to a schedule with a title is only told.

    So is a row of a table that is not the form's, where that holds no items: under the sign-off, say.
    """
    kept = left.rows
    extra = {id(row) for row in layout.extra_rows}
    added, asked = 0, []
    for one in layout.apart:
        if is_schedule and one.has_title and id(one.row) in extra:
            added += 1
        elif id(one.row) in kept or id(one.row) in extra:
            asked.append(one)
    known = extra | {id(one.row) for one in layout.apart} | {id(row) for row in layout.repeated_rows}
    for number, row in left.added_rows if kind not in OF_CORRECTIONS else ():
        if id(row) in known:
            continue
        if is_schedule or left.is_of_particulars(number):
            added += 1
        else:
            asked.append(SetApart(row, number, is_foreign=True))
    if added:
        yield make_finding("row.extra", count=added)
    yield from questions_about(asked, is_schedule=is_schedule)


def basis_findings(
    layout: Layout, framework: Framework | None, basis: str | None, *, is_doubtful: bool
) -> Iterator[Finding]:
    """That the form is known by its words alone, or is none of ours."""
    if basis in ("marks", "office") or not layout.tables:
        return
    if not _is_like_ours(layout, framework):
        yield make_finding("layout.own_format")
    elif not is_doubtful:
        yield make_finding("identity.from_content")


def _find_missing_parts(layout: Layout, framework: Framework) -> Iterator[Finding]:
    present = layout.addresses() | layout.uncertain
    columns = {column for columns in layout.tables for column in columns.places}
    for column in _OWN_COLUMNS if layout.tables else ():
        if column not in columns:
            yield make_finding("layout.column_missing", column=column)
    for address, row in framework.subheadings.items():
        if address not in present:
            yield make_finding("row.missing", address, title=row.title)


def _is_like_ours(layout: Layout, framework: Framework | None) -> bool:
    """Whether the table's headers are, word for word, those that the form prints."""
    kind = layout.kind or Kind.SELF_ASSESSMENT
    printed = list_headers(kind, (framework.words if framework else FormWords()).headings)
    headers = {printed[column.id].casefold() for column in FORMS[kind].columns if not column.is_old}
    found = {cell.text.casefold() for columns in layout.tables for cell in columns.cells}
    return len(headers & found) >= len(headers) - 1
