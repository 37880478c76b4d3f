"""Makes the shipped templates of the forms. The office may restyle and reword what this makes."""

from collections.abc import Callable, Sequence
from typing import Any

from peer_challenge.vocabulary import Kind, Rating
from peer_challenge.word import form_parts as parts
from peer_challenge.word import style
from peer_challenge.word.building import new_document, page, paragraphs, saved
from peer_challenge.word.form_parts import Cell, Row, answer, bookmark, header, label, link, paragraph, rating
from peer_challenge.word.forms import FORMS, PARTNERS
from peer_challenge.word.identity_marks import column_bookmark, field_bookmark

_FILL_IN = {"took_part": "Roles, not names", "signed_off": "Role", "signed_on": "Choose a day"}
_MEANINGS = {
    Rating.RED: "Much is still to do: it is not in place, or you can’t show that it works.",
    Rating.AMBER: "Partly in place, or uneven. You know what is missing and have begun on it.",
    Rating.GREEN: "In place, and your evidence shows what it changes for children and families.",
    Rating.NOT_APPLICABLE: "It has no place in your area. Say why under strengths and evidence.",
}
_COMMENTARY_PROMPT = "Your questions and comments. Leave it empty if you have none."


def _form(title: str) -> Any:
    parts.restart_numbers()
    made = new_document(title, is_landscape=True)
    page(made.sections[0], is_landscape=True, margin=15)
    made.sections[0].header.paragraphs[0].text = "{{ marking }}"
    _refit_footer(made.sections[0])
    parts.add_form_styles(made)
    parts.protect(made)
    return made


def _refit_footer(section: Any) -> None:
    """Put the footer's tab stops where the wider page has its middle and its edge."""
    stops = section.footer.paragraphs[0].paragraph_format.tab_stops
    width = section.page_width - section.left_margin - section.right_margin
    for stop, place in zip(stops, (width // 2, width), strict=True):
        stop.position = place


def _headers(kind: Kind, columns: Sequence[str], table: int) -> list[Cell]:
    """The header row of a form's table, each cell with the mark of its column."""
    printed = {column.id: column.header for column in FORMS[kind].columns}
    return [header(printed[column], mark=bookmark(column_bookmark(column, table))) for column in columns]


def _row_title(number: int = 1) -> Cell:
    return Cell(
        parts.paragraph("RowTitle", "{{ row.title }}", inside=bookmark(f"pc_row_{number}"))
        + paragraph("RowPrompt", "{{ row.prompt }}")
        + paragraph("RowPrompt", "{%p if row.reference %}")
        + paragraph("RowPrompt", "{{ row.reference }}")
        + paragraph("RowPrompt", "{%p endif %}"),
        fill=style.BAND,
    )


def _tag(column: str) -> str:
    return "{{ ('%s:' + row.subheading)[:64] }}" % column


def _schedule(made: Any, kind: Kind, columns: dict[str, float], cells: Sequence[Cell]) -> None:
    """One table an area of focus, under its heading: `columns` are widths in millimetres."""
    paragraphs(made, "{%p for area in areas %}", ("Heading 2", "{{ area.title }}"))
    rows: list[Row] = ["{%tr for row in area.rows %}", list(cells), "{%tr endfor %}"]
    parts.add(
        made,
        parts.table(
            "{{ area.title }}: a row to each sub-heading",
            list(columns.values()),
            _headers(kind, list(columns), 0),
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""))


def _title(made: Any) -> None:
    paragraphs(made, ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}"))


def _new_page(made: Any, text: str) -> None:
    made.add_paragraph(text, style="Heading 1").paragraph_format.page_break_before = True


def sign_off(made: Any, text: str) -> None:
    """The sign-off of the three partners: who took part, who signed off, when."""
    made.add_paragraph("Sign-off by the three safeguarding partners", style="Heading 1")
    made.add_paragraph(text, style="Body Text").paragraph_format.keep_with_next = True
    rows: list[Row] = []
    for partner, name in PARTNERS.items():
        cells = [label(name)]
        for what, prompt in _FILL_IN.items():
            field = f"{what}_{partner}"
            write = parts.day if what == "signed_on" else parts.entry
            cells.append(
                Cell(write(_label(field), f"field:{field}", prompt, mark=bookmark(field_bookmark(field))))
            )
        rows.append(cells)
    heads = ["Partner", "Who took part (roles)", "Signed off by (role)", "Date signed off"]
    parts.add(
        made,
        parts.table(
            "Sign-off by the three safeguarding partners",
            [58, 94, 70, 45],
            [header(text) for text in heads],
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""))


def _label(field: str) -> str:
    labels = {known.id: known.label for form in FORMS.values() for known in form.fields}
    return labels[field][:64]


def _ratings_explained(made: Any) -> None:
    rows: list[Row] = []
    for given, meaning in _MEANINGS.items():
        is_dark = style.RAG[given].text == style.PAPER
        word = paragraph("RatingLight" if is_dark else "Rating", word_of(given))
        rows.append([Cell(word, fill=style.RAG[given].fill), Cell(paragraph("CellText", meaning))])
    parts.add(
        made,
        parts.table("What each rating means", [38, 229], [header("Rating"), header("What it means")], rows),
    )


def word_of(given: Rating | None) -> str:
    """The word a form prints for a rating, narrow enough for its column."""
    return "Not applicable" if given is Rating.NOT_APPLICABLE else style.RAG[given].word


def self_assessment_template() -> Any:
    """The self-assessment: a page of guidance, the schedule, the sign-off."""
    made = _form("Self-assessment")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this form by {{ due }}**{% else %}**Please return this form"
            "**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. It has "
            "{{ row_count }} sub-headings in {{ area_count }} areas of focus.",
        ),
        ("Heading 1", "How to fill it in"),
        ("List Bullet", "**Agree each answer** between local authority, integrated care board and police."),
        (
            "List Bullet",
            "**Write in the white cells.** Paragraphs and lists are welcome. The rest is locked, so that "
            "nothing is lost by accident.",
        ),
        (
            "List Bullet",
            "**Keep it brief:** up to about {{ word_limit }} words in a cell. Say what you do, how well, "
            "and what it changes for children.",
        ),
        (
            "List Bullet",
            "**Choose one rating** for each sub-heading from its list, the one all three partners stand "
            "behind.",
        ),
        (
            "List Bullet",
            "**Protect children:** leave out names, dates of birth, case numbers and anything else by "
            "which a child could be known.",
        ),
        ("List Bullet", "**Leave the last column empty.** Your peer challenger writes there."),
        ("Heading 2", "What the ratings mean"),
    )
    _ratings_explained(made)
    _new_page(made, "Schedule")
    columns = {"subheading": 56.0, "strengths": 77.0, "development": 68.0, "rating": 28.0, "commentary": 38.0}
    _schedule(
        made,
        Kind.SELF_ASSESSMENT,
        columns,
        [
            _row_title(),
            Cell(
                parts.narrative(
                    "Strengths and evidence", _tag("strengths"), "What works well, and how you know"
                )
            ),
            Cell(
                parts.narrative(
                    "Areas for development", _tag("development"), "What needs to change, and your plan"
                )
            ),
            Cell(parts.choice("RAG rating", _tag("rating"), "Choose a rating", "ratings")),
            Cell(paragraph("Answer"), fill=style.BAND),
        ],
    )
    paragraphs(made, "{%p endfor %}")
    sign_off(made, "Each partner signs off the whole self-assessment. Please give roles, not persons’ names.")
    return made


def _counts(made: Any) -> None:
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
                "RatingLight" if style.RAG[k].text == style.PAPER else "Rating",
                word_of(k).capitalize() if k is None else word_of(k),
            ),
            fill=style.RAG[k].fill,
        )
        for k in keys
    ]
    parts.add(
        made,
        parts.table(
            "How many sub-headings have each rating",
            [53.4] * 5,
            heads,
            [[Cell(paragraph("Figure", "{{ counts.%s }}" % key)) for key in keys.values()]],
            is_compact=True,
        ),
    )


def _index(made: Any) -> None:
    """Every sub-heading, the RED ones first, each a link to its row."""
    rows: list[Row] = [
        "{%tr for row in index %}",
        [
            rating("row"),
            Cell(paragraph("CellText", inside=link("{{ row.mark }}", "{{ row.title }}"))),
            Cell(paragraph("CellText", "{{ row.area }}")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "All sub-headings, those rated RED first",
            [38, 118, 111],
            [header("Rating"), header("Sub-heading"), header("Area of focus")],
            rows,
            is_compact=True,
        ),
    )


def analysis_pack() -> Any:
    """The challenger's pack: what is asked by when, an index, the schedule with its commentary open."""
    made = _form("Analysis pack")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return your analysis by {{ due }}**{% else %}**Please return your "
            "analysis**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. Write "
            "commentary on every sub-heading rated RED and on some rated AMBER. It need not cover all.",
        ),
        ("Heading 1", "How to make a good challenge"),
        (
            "List Bullet",
            "**Ask; don’t judge.** “What stands in the way?” opens a conversation that a verdict ends.",
        ),
        (
            "List Bullet",
            "**Start from their words.** Everything {{ author }} wrote stands here as it was written, and "
            "is locked. You write in the last column.",
        ),
        (
            "List Bullet",
            "**Ask about strengths too:** why is this not rated higher, what would the evidence have to "
            "show, how will it last?",
        ),
        ("List Bullet", "**Agree it** between your own three partners, and sign it off on the last page."),
        ("List Bullet", "**Treat it in confidence**, under the marking that stands on every page."),
        ("Heading 2", "The ratings that {{ author }} gives itself"),
    )
    _counts(made)
    paragraphs(
        made,
        "{%p if dates %}",
        ("Heading 2", "What happens when"),
        "{%p for one in dates %}",
        ("List Bullet", "{{ one.what }}: **{{ one.when }}**"),
        "{%p endfor %}",
        "{%p endif %}",
    )
    _new_page(made, "Index: RED first")
    _index(made)
    _new_page(made, "Schedule")
    columns = {"subheading": 50.0, "strengths": 67.0, "development": 57.0, "rating": 27.0, "commentary": 66.0}
    _schedule(
        made,
        Kind.ANALYSIS,
        columns,
        [
            _row_title(),
            Cell(answer("row.strengths")),
            Cell(answer("row.development")),
            rating("row"),
            Cell(parts.narrative("Peer commentary", _tag("commentary"), _COMMENTARY_PROMPT)),
        ],
    )
    paragraphs(made, "{%p endfor %}")
    sign_off(
        made,
        "Each of the challenger’s partners signs off the analysis. Please give roles, not persons’ names.",
    )
    _suggestions(made)
    return made


def _suggestions(made: Any) -> None:
    paragraphs(made, "{%p if suggestions %}")
    _new_page(made, "Suggestions for your questions")
    paragraphs(
        made,
        "These come from simple rules that look at the rating and the wording. They are no judgement; "
        "take what helps, and put it in your own words in the commentary column.",
    )
    rows: list[Row] = [
        "{%tr for one in suggestions %}",
        [
            Cell(paragraph("RowTitle", "{{ one.title }}"), fill=style.BAND),
            Cell(paragraph("CellText", "{{ one.question }}")),
            Cell(paragraph("CellText", "{{ one.because }}")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "Suggested questions, and why each is suggested",
            [56, 126, 85],
            [header("Sub-heading"), header("You might ask"), header("Why")],
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")


def returned_analysis() -> Any:
    """What comes back to the author: the challenge on a page, then the schedule with the commentary beside it."""
    made = _form("Peer analysis")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**{{ challenger }} asks about {{ challenged_phrase }}.** Please answer in the response form "
            "that comes with this document{% if due %}, by **{{ due }}**{% endif %}.",
        ),
        "{%p if summary|length > 6 %}",
    )
    _new_page(made, "The challenge on a page")
    paragraphs(made, "{%p else %}", ("Heading 1", "The challenge on a page"), "{%p endif %}")
    _counts(made)
    paragraphs(
        made,
        ("Gap", ""),
        "{%p for theme in themes %}",
        ("List Bullet", "{{ theme }}"),
        "{%p endfor %}",
        ("Heading 2", "Questions by area of focus"),
    )
    rows: list[Row] = [
        "{%tr for area in summary %}",
        [
            Cell(paragraph("RowTitle", "{{ area.title }}"), fill=style.BAND),
            Cell(paragraph("Choice", "{{ area.questions }}")),
            Cell(paragraph("CellText", "{{ area.challenged }}")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "How many questions each area of focus has",
            [100, 28, 139],
            [header("Area of focus"), header("Questions"), header("Asked about")],
            rows,
            is_compact=True,
        ),
    )
    _new_page(made, "Your self-assessment and the commentary on it")
    columns = {"subheading": 50.0, "strengths": 67.0, "development": 57.0, "rating": 27.0, "commentary": 66.0}
    _schedule(
        made,
        Kind.ANALYSIS,
        columns,
        [
            _row_title(),
            Cell(answer("row.strengths")),
            Cell(answer("row.development")),
            rating("row"),
            Cell(answer("row.commentary")),
        ],
    )
    paragraphs(made, "{%p if area.is_challenged %}")
    parts.add(
        made,
        parts.table(
            "Room for notes on {{ area.title }}",
            [50, 217],
            [],
            [
                [
                    label("Your notes towards a response"),
                    Cell(
                        parts.narrative(
                            "Notes", "notes", "For your own use. Your answers go into the response form."
                        )
                    ),
                ]
            ],
            has_header=False,
        ),
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}", "{%p endfor %}")
    return made


def response_form() -> Any:
    """The author's answer to each challenge."""
    made = _form("Response to the challenge")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this form by {{ due }}**{% else %}**Please return this form"
            "**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. It has a row for "
            "each of the {{ row_count }} sub-headings that {{ challenger }} asks about.",
        ),
        ("Heading 1", "How to answer"),
        (
            "List Bullet",
            "**Choose the kind of answer:** further evidence, an acknowledgement that more is needed, or an "
            "update on what has been done since.",
        ),
        (
            "List Bullet",
            "**Answer the question that is asked,** in a few sentences. There will be time to talk at the "
            "event.",
        ),
        ("List Bullet", "**Agree it** between your three partners, and sign it off on the last page."),
        ("List Bullet", "**Protect children:** leave out anything by which a child could be known."),
        ("Heading 1", "Your answers"),
    )
    columns = {"subheading": 56.0, "commentary": 86.0, "response_kind": 36.0, "response": 89.0}
    rows: list[Row] = [
        "{%tr for row in rows %}",
        [
            Cell(
                paragraph("RowTitle", "{{ row.title }}", inside=bookmark("pc_row_1"))
                + paragraph("RowPrompt", "{{ row.area }}")
                + paragraph("RowPrompt", "Your rating: {{ row.word }}"),
                fill=style.BAND,
            ),
            Cell(answer("row.commentary")),
            Cell(parts.choice("Kind of answer", _tag("response_kind"), "Choose the kind", "kinds")),
            Cell(parts.narrative("Your answer", _tag("response"), "Your answer")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "The challenge and your answer, a row to each sub-heading",
            list(columns.values()),
            _headers(Kind.RESPONSE, list(columns), 1),
            rows,
        ),
    )
    sign_off(made, "Each partner signs off the whole response. Please give roles, not persons’ names.")
    return made


def _particulars(made: Any, fields: Sequence[str], caption: str) -> None:
    rows: list[Row] = []
    for field in fields:
        mark = bookmark(field_bookmark(field))
        if field in ("held_on", "signed_on"):
            content = parts.day(_label(field), f"field:{field}", "Choose a day", mark=mark)
        elif field == "consensus":
            content = parts.choice(
                _label(field), f"field:{field}", "Choose yes or no", "yes_no", style_id="Answer", mark=mark
            )
        else:
            content = parts.narrative(
                _label(field), f"field:{field}", _ASKED.get(field, "Write here"), mark=mark
            )
        rows.append([label(_label(field)), Cell(content)])
    parts.add(made, parts.table(caption, [78, 189], [], rows, has_header=False))
    paragraphs(made, ("Gap", ""))


_ASKED = {
    "author_present": "Roles, not names",
    "challenger_present": "Roles, not names",
    "late_reason": "Only if it was",
    "notes": "Where you did not agree, and anything else worth keeping",
    "chair": "Role or title",
    "signed_off": "Role or title",
}


def _agreed(made: Any, kind: str, table: int) -> None:
    columns = {"item": 14.0, "text": 127.0, "subheading": 86.0, "consensus": 40.0}
    item = "strengths" if kind == "strength" else "developments"
    rows: list[Row] = [
        "{%%tr for row in %s %%}" % item,
        [
            Cell(
                paragraph("Choice", "{{ row.number }}", inside=bookmark(f"pc_row_{table}")), fill=style.BAND
            ),
            Cell(parts.narrative("What was agreed", _tag("text"), "One sentence that both agree on")),
            Cell(
                parts.choice(
                    "Sub-heading",
                    _tag("subheading"),
                    "Choose a sub-heading",
                    "subheadings",
                    style_id="Answer",
                )
            ),
            Cell(parts.choice("Agreed by both?", _tag("consensus"), "Choose yes or no", "yes_no")),
        ],
        "{%tr endfor %}",
    ]
    caption = "Key strengths" if kind == "strength" else "Areas for development"
    parts.add(
        made,
        parts.table(caption, list(columns.values()), _headers(Kind.CHAIR_RECORD, list(columns), table), rows),
    )
    paragraphs(made, ("Gap", ""))


def chair_record_form() -> Any:
    """What the independent Chair records at the event."""
    made = _form("Chair's record")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this record by {{ due }}**{% else %}**Please return this "
            "record**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. "
            "Record at most {{ agreed_items }} key strengths and {{ agreed_items }} areas for development, in "
            "words that author and challenger both agree on. Rows you don’t need stay empty.",
        ),
        ("Heading 1", "The event"),
    )
    _particulars(made, ["held_on", "chair", "author_present", "challenger_present"], "The event")
    made.add_paragraph("Key strengths", style="Heading 1").paragraph_format.keep_with_next = True
    _agreed(made, "strength", 1)
    made.add_paragraph("Areas for development", style="Heading 1").paragraph_format.keep_with_next = True
    _agreed(made, "development", 2)
    made.add_paragraph("How it went, and sign-off", style="Heading 1").paragraph_format.keep_with_next = True
    _particulars(
        made, ["consensus", "late_reason", "notes", "signed_off", "signed_on"], "How it went, and sign-off"
    )
    return made


def action_plan_template() -> Any:
    """The area's plan, with the agreed areas for development filled in."""
    made = _form("Action plan")
    _title(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this plan by {{ due }}**{% else %}**Please return this "
            "plan**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. Each "
            "area for development below was agreed at your challenge event. Give each at least one action; "
            "the row below it is for a second one and may stay empty.",
        ),
        ("Heading 1", "What you will do"),
    )
    columns = {
        "item": 14.0,
        "development": 66.0,
        "action": 68.0,
        "owner": 38.0,
        "due_on": 32.0,
        "measure": 49.0,
    }
    rows: list[Row] = [
        "{%tr for row in plan %}",
        [
            Cell(paragraph("Choice", "{{ row.number }}", inside=bookmark("pc_row_1")), fill=style.BAND),
            Cell(
                paragraph("CellText", "{%p if row.place %}")
                + paragraph("RowTitle", "{{ row.place }}")
                + paragraph("CellText", "{%p endif %}")
                + answer("row.development"),
                fill=style.BAND,
            ),
            Cell(parts.narrative("What will be done", _tag("action"), "{{ row.prompt }}")),
            Cell(parts.entry("Owner (role)", _tag("owner"), "Role")),
            Cell(parts.day("By when", _tag("due_on"), "Choose a day")),
            Cell(parts.narrative("How we will know", _tag("measure"), "What will be different for children")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "Actions on each agreed area for development",
            list(columns.values()),
            _headers(Kind.ACTION_PLAN, list(columns), 1),
            rows,
        ),
    )
    sign_off(made, "Each partner signs off the whole plan. Please give roles, not persons’ names.")
    return made


FORM_TEMPLATES: dict[str, Callable[[], Any]] = {
    make.__name__: make
    for make in (
        self_assessment_template,
        analysis_pack,
        returned_analysis,
        response_form,
        chair_record_form,
        action_plan_template,
    )
}


def made_forms() -> dict[str, bytes]:
    """The file of every form's template by name."""
    return {name: saved(make()) for name, make in FORM_TEMPLATES.items()}
