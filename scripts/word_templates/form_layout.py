"""What the forms' templates have in common: page, schedule, counts, sign-off."""

from collections.abc import Sequence
from typing import Any

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.word.form.forms import FORMS, PARTNERS, find_own_heading
from peer_challenge.word.package.marks import column_bookmark, field_bookmark
from peer_challenge.word.write import house_colours
from scripts.word_templates import form_blocks as parts
from scripts.word_templates.form_blocks import Cell, Row, bookmark, header, label, paragraph
from scripts.word_templates.letter_blocks import new_document, page, paragraphs, replaced

_FILL_IN = {
    "took_part": "Click to give job titles, not names",
    "signed_off": "Click to give a job title",
    "signed_on": "Choose a date",
}


def new_form(title: str) -> Any:
    """An empty landscape form. Nothing restricts editing: comments and tracked changes stay possible."""
    parts.restart_numbers()
    made = new_document(title, is_landscape=True)
    page(made.sections[0], is_landscape=True, margin=15)
    _refit_footer(made.sections[0])
    parts.add_form_styles(made)
    return made


def _refit_footer(section: Any) -> None:
    """Put the footer's tab stops where the wider page has its middle and its edge."""
    stops = section.footer.paragraphs[0].paragraph_format.tab_stops
    width = section.page_width - section.left_margin - section.right_margin
    for stop, place in zip(stops, (width // 2, width), strict=True):
        stop.position = place


def headers(kind: Kind, columns: Sequence[str], table: int) -> list[Cell]:
    """The header row of a form's table, each cell with the mark of its column."""
    return [
        header(print_header(kind, column), mark=bookmark(column_bookmark(column, table)))
        for column in columns
    ]


def print_header(kind: Kind, column: str) -> str:
    """What is printed above a column: a tag where the framework may choose it."""
    own = find_own_heading(kind, column)
    if own is not None:
        return "{{ headings." + own + " }}"
    return next(one.header for one in FORMS[kind].columns if one.id == column)


def row_title(number: int = 1, *, has_hints: bool = False, has_evidence: bool = False) -> Cell:
    """A schedule row's first cell: title, prompt, reference, and the row's mark.

    `has_hints` adds what may be covered and what each rating looks like, in small print, and what was said
    the last time. `has_evidence` adds the files that the answers name.
    """
    evidence = paragraph("RowPrompt", "{%p if row.evidence %}")
    evidence += paragraph("RowPrompt", "{{ row.evidence }}") + paragraph("RowPrompt", "{%p endif %}")
    hints = paragraph("RowHint", "{%p for hint in row.hints %}")
    hints += paragraph("RowHint", "{{ hint }}") + paragraph("RowHint", "{%p endfor %}")
    hints += paragraph("RowLast", "{%p for line in row.last_time %}")
    hints += paragraph("RowLast", "{{ line }}") + paragraph("RowLast", "{%p endfor %}")
    return Cell(
        parts.paragraph("RowTitle", "{{ row.title }}", inside=bookmark(f"pc_row_{number}"))
        + paragraph("RowPrompt", "{%p for line in row.prompt|lines if line.strip() %}")
        + paragraph("RowPrompt", "{{ line }}")
        + paragraph("RowPrompt", "{%p endfor %}")
        + paragraph("RowPrompt", "{%p if row.reference %}")
        + paragraph("RowPrompt", "{{ row.reference }}")
        + paragraph("RowPrompt", "{%p endif %}")
        + (hints if has_hints else "")
        + (evidence if has_evidence else ""),
        fill=house_colours.BAND,
    )


def tag(column: str) -> str:
    """The tag of a cell's control: column and sub-heading."""
    return "{{ ('" + column + ":' + row.subheading)[:64] }}"


def control_title(heading: str, row: str = "row.title") -> str:
    """The title of a cell's control: what it is for, and the row of the context that it is in."""
    return f"{heading} – {{{{ {row} }}}}"


def schedule(
    made: Any, kind: Kind, columns: dict[str, float], cells: Sequence[Cell], *, is_apart: bool = False
) -> None:
    """One table an area of focus, under its heading: `columns` are widths in millimetres.

    `is_apart` begins a page with each, and lets rows break, for a schedule that is still to be written.
    """
    paragraphs(made, "{%p for area in areas %}")
    if is_apart:
        new_page(made, "{{ area.title }}")
    else:
        paragraphs(made, ("Heading 2", "{{ area.title }}"))
    rows: list[Row] = ["{%tr for row in area.rows %}", list(cells), "{%tr endfor %}"]
    parts.add(
        made,
        parts.table(
            "{{ area.title }}: a row to each sub-heading",
            list(columns.values()),
            headers(kind, list(columns), 0),
            rows,
            may_break=is_apart,
        ),
    )
    paragraphs(made, ("Gap", ""))


def opening(made: Any) -> None:
    """The form's title and whose it is."""
    paragraphs(made, ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}"))
    replaced(made)


def new_page(made: Any, text: str) -> None:
    """A heading that begins a page."""
    made.add_paragraph(text, style="Heading 1").paragraph_format.page_break_before = True


def sign_off(made: Any, text: str) -> None:
    """The sign-off of the three partners: who took part, who signed off, when.

    `text` is printed above it, unless the framework has a sentence of its own.
    """
    made.add_paragraph("{{ sign_off_title }}", style="Heading 1")
    for line in ("{%p if sign_off %}", "{{ sign_off }}", "{%p else %}", text, "{%p endif %}"):
        made.add_paragraph(line, style="Body Text").paragraph_format.keep_with_next = True
    rows: list[Row] = []
    for partner, name in PARTNERS.items():
        cells = [label(name, is_kept=True)]
        for what, prompt in _FILL_IN.items():
            field = f"{what}_{partner}"
            write = parts.day if what == "signed_on" else parts.entry
            cells.append(
                Cell(
                    write(field_label(field), f"field:{field}", prompt, mark=bookmark(field_bookmark(field)))
                )
            )
        rows.append(cells)
    heads = ["Partner", "Who took part (roles)", "Signed off by (role)", "Date signed off"]
    parts.add(
        made,
        parts.table(
            "{{ sign_off_title }}",
            [58, 94, 70, 45],
            [header(text) for text in heads],
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""))


def field_label(field: str) -> str:
    """What is printed beside a particular, as long as a control's title may be."""
    labels = {known.id: known.label for form in FORMS.values() for known in form.fields}
    return labels[field][:64]


def counts(made: Any) -> None:
    """How many sub-headings have each rating: the word in its colour, the figure below."""
    keys = {
        Rating.RED: "red",
        Rating.AMBER: "amber",
        Rating.GREEN: "green",
        Rating.NOT_APPLICABLE: "not_applicable",
        None: "none",
    }
    heads = [
        Cell(
            paragraph(
                "RatingLight" if house_colours.RAG[k].text == house_colours.PAPER else "Rating",
                word_of(k).capitalize() if k is None else word_of(k),
            ),
            fill=house_colours.RAG[k].fill,
        )
        for k in keys
    ]
    parts.add(
        made,
        parts.table(
            "How many sub-headings have each rating",
            [53.4] * 5,
            heads,
            [[Cell(paragraph("Figure", "{{ counts." + key + " }}")) for key in keys.values()]],
            has_row_headers=False,
            is_compact=True,
        ),
    )


def word_of(given: Rating | None) -> str:
    """The word a form prints for a rating, narrow enough for its column."""
    return "Not applicable" if given is Rating.NOT_APPLICABLE else house_colours.RAG[given].word
