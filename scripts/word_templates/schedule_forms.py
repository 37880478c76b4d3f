"""Makes the shipped templates that hold the schedule: self-assessment, analysis pack, returned analysis."""

from typing import Any

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.word.write import house_colours
from scripts.word_templates import form_blocks as parts
from scripts.word_templates.form_blocks import Cell, Row, answer, header, label, link, paragraph, rating
from scripts.word_templates.form_layout import (
    counts,
    new_form,
    new_page,
    opening,
    row_title,
    schedule,
    sign_off,
    tag,
    word_of,
)
from scripts.word_templates.letter_blocks import paragraphs

_MEANINGS = {
    Rating.RED: "Much is still to do: it is not in place, or you can’t show that it works.",
    Rating.AMBER: "Partly in place, or uneven. You know what is missing and have begun on it.",
    Rating.GREEN: "In place, and your evidence shows what it changes for children and families.",
    Rating.NOT_APPLICABLE: "It has no place in your area. Say why under strengths and evidence.",
}

_COMMENTARY_PROMPT = "Click to write questions and comments, or leave it empty"


def _ratings_explained(made: Any) -> None:
    rows: list[Row] = []
    for given, meaning in _MEANINGS.items():
        is_dark = house_colours.RAG[given].text == house_colours.PAPER
        word = paragraph("RatingLight" if is_dark else "Rating", word_of(given))
        rows.append([Cell(word, fill=house_colours.RAG[given].fill), Cell(paragraph("CellText", meaning))])
    parts.add(
        made,
        parts.table("What each rating means", [38, 229], [header("Rating"), header("What it means")], rows),
    )


def self_assessment_template() -> Any:
    """The self-assessment: a page of guidance, the schedule, the sign-off."""
    made = new_form("Self-assessment")
    opening(made)
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
    columns = {"subheading": 80.0, "strengths": 72.0, "development": 57.0, "rating": 27.0, "commentary": 31.0}
    schedule(
        made,
        Kind.SELF_ASSESSMENT,
        columns,
        [
            row_title(),
            Cell(
                parts.narrative(
                    "Strengths and evidence",
                    tag("strengths"),
                    "Click to write what works well, and how you know",
                )
            ),
            Cell(
                parts.narrative(
                    "Areas for development",
                    tag("development"),
                    "Click to write what needs to change, and your plan",
                )
            ),
            Cell(parts.choice("RAG rating", tag("rating"), "Choose a rating", "ratings")),
            Cell(paragraph("Answer"), fill=house_colours.BAND),
        ],
        is_apart=True,
    )
    paragraphs(made, "{%p endfor %}")
    sign_off(made, "Each partner signs off the whole self-assessment. Please give roles, not persons’ names.")
    return made


def analysis_pack() -> Any:
    """The challenger's pack: what is asked by when, an index, the schedule with its commentary open."""
    made = new_form("Analysis pack")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return your analysis by {{ due }}**{% else %}**Please return your "
            "analysis**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% "
            "endif %}. Write "
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
        ("List Bullet", "**Agree it** between your own three partners, and sign it off below the schedule."),
        "{%p if suggestions %}",
        (
            "List Bullet",
            "**Look at the suggestions** after the sign-off: questions that fit the answers, and why.",
        ),
        "{%p endif %}",
        ("List Bullet", "**Treat it in confidence**, under the marking that stands on every page."),
        ("Heading 2", "The ratings that {{ author }} gives itself"),
    )
    counts(made)
    paragraphs(
        made,
        "{%p if dates %}",
        ("Heading 2", "What happens when"),
        "{%p for one in dates %}",
        ("List Bullet", "{{ one.what }}: **{{ one.when }}**"),
        "{%p endfor %}",
        "{%p endif %}",
    )
    new_page(made, "Index: RED first")
    _index(made)
    new_page(made, "Schedule")
    columns = {"subheading": 50.0, "strengths": 67.0, "development": 57.0, "rating": 27.0, "commentary": 66.0}
    schedule(
        made,
        Kind.ANALYSIS,
        columns,
        [
            row_title(),
            Cell(answer("row.strengths")),
            Cell(answer("row.development")),
            rating("row"),
            Cell(parts.narrative("Peer commentary", tag("commentary"), _COMMENTARY_PROMPT)),
        ],
    )
    paragraphs(made, "{%p endfor %}")
    sign_off(
        made,
        "Each of the challenger’s partners signs off the analysis. Please give roles, not persons’ names.",
    )
    _suggestions(made)
    return made


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


def _suggestions(made: Any) -> None:
    paragraphs(made, "{%p if suggestions %}")
    new_page(made, "Suggestions for your questions")
    paragraphs(
        made,
        "These come from simple rules that look at the rating and the wording. They are no judgement; "
        "take what helps, and put it in your own words in the commentary column.",
    )
    rows: list[Row] = [
        "{%tr for one in suggestions %}",
        [
            Cell(paragraph("RowTitle", "{{ one.title }}"), fill=house_colours.BAND),
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
    """What comes back to the author: the challenge on a page, then the schedule with the commentary."""
    made = new_form("Peer analysis")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**{{ challenger }} asks about {{ challenged_phrase }}.** Please answer in the response form "
            "that comes with this document{% if due %}, by **{{ due }}**{% endif %}.",
        ),
        "{%p if 6 < summary|length < 11 %}",
    )
    new_page(made, "The challenge on a page")
    paragraphs(made, "{%p else %}", ("Heading 1", "The challenge on a page"), "{%p endif %}")
    counts(made)
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
            Cell(paragraph("RowTitle", "{{ area.title }}"), fill=house_colours.BAND),
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
    new_page(made, "Your self-assessment and the commentary on it")
    columns = {"subheading": 50.0, "strengths": 67.0, "development": 57.0, "rating": 27.0, "commentary": 66.0}
    schedule(
        made,
        Kind.ANALYSIS,
        columns,
        [
            row_title(),
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
                            "Notes", "notes", "Click to write notes; your answers go into the response form"
                        )
                    ),
                ]
            ],
            has_header=False,
        ),
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}", "{%p endfor %}")
    return made
