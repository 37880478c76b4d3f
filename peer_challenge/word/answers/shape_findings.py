"""What is missing from a form, added to it, or in another shape than the form's."""

from collections.abc import Collection, Iterator

from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.layout import Layout
from peer_challenge.word.answers.set_apart import questions_about
from peer_challenge.word.answers.unmapped_text import Leftovers
from peer_challenge.word.form.forms import FORMS, SCHEDULES, list_headers
from peer_challenge.word.reader_findings import make_finding

_ENOUGH_WORDS = 3  # more than a blank form has by chance: "Draft 2", a name
_OWN_COLUMNS = ("strengths", "development", "rating")


def blank_finding(words: int, passages: int) -> Finding:
    """That nothing is filled in; where somebody wrote beside the form's places, a question about that."""
    return (
        make_finding("form.answers_outside", count=passages)
        if words >= _ENOUGH_WORDS
        else make_finding("form.blank")
    )


def shape_findings(
    layout: Layout, framework: Framework | None, kind: Kind | None, left: Leftovers
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
    yield from _without_place(layout, left.rows, is_schedule=kind in SCHEDULES)
    yield from (make_finding("row.beside_title", address) for address in left.beside_titles)
    if left.in_columns:
        yield make_finding("column.extra", count=left.in_columns)


def _without_place(layout: Layout, kept: Collection[int], *, is_schedule: bool) -> Iterator[Finding]:
    """A question for each place; a row that somebody added to a schedule with a title is only told."""
    extra = {id(row) for row in layout.extra_rows}
    added, asked = 0, []
    for one in layout.apart:
        if is_schedule and one.has_title and id(one.row) in extra:
            added += 1
        elif id(one.row) in kept or id(one.row) in extra:
            asked.append(one)
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
