"""Makes the shipped templates that hold the schedule: self-assessment, analysis pack, returned analysis."""

from typing import Any

from docx.oxml import parse_xml

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.word.write import house_colours
from scripts.word_templates import form_blocks as parts
from scripts.word_templates.contents import add_contents
from scripts.word_templates.form_blocks import Cell, Row, answer, header, label, link, paragraph, rating
from scripts.word_templates.form_layout import (
    control_title,
    counts,
    new_form,
    new_page,
    opening,
    print_header,
    row_title,
    schedule,
    sign_off,
    tag,
    word_of,
)
from scripts.word_templates.letter_blocks import WHO_READS, paragraphs

_LAST_TIME_STYLE = parts.paragraph_style(
    "Row Last", "RowLast", colour=house_colours.ACCENT, after=2, keep="lines"
)
_COMMENTARY_PROMPT = (
    "Click to write {% if row.rating == 'RED' %}at least one question"
    "{% else %}questions and comments, or leave this empty{% endif %}"
)


def _ratings_explained(made: Any) -> None:
    """What each rating means, on one page: the last row alone on a page would be one of two lines."""
    rows: list[Row] = []
    for given in Rating:
        is_last = given is list(Rating)[-1]
        meaning = "{{ meanings." + given.value + " }}"
        is_dark = house_colours.RAG[given].text == house_colours.PAPER
        word = paragraph("RatingLight" if is_dark else "Rating", word_of(given), is_kept=not is_last)
        meaning_kept = paragraph("CellText", meaning, is_kept=not is_last)
        rows.append([Cell(word, fill=house_colours.RAG[given].fill), Cell(meaning_kept)])
    parts.add(
        made,
        parts.table("What each rating means", [38, 229], [header("Rating"), header("What it means")], rows),
    )


def self_assessment_template() -> Any:
    """The self-assessment: a page of guidance, the schedule, the sign-off."""
    made = new_form("Self-assessment")
    made.styles.element.append(parse_xml(_LAST_TIME_STYLE))
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this form by {{ due }}**{% else %}**Please return this form"
            "**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}.",
        ),
        "The form follows **{{ framework }}** and has {{ row_count }} sub-headings in {{ area_count }} "
        "areas of "
        "focus.",
        ("Heading 1", "How to fill it in"),
        (
            "List Bullet",
            "**Be honest with yourselves.** This is for learning. Nobody is marked on it, and a candid RED "
            "is more use to you than a generous GREEN.",
        ),
        (
            "List Bullet",
            "**Keep it brief:** {{ length }}. Say what you do, how well, and what it changes for children.",
        ),
        (
            "List Bullet",
            "**Agree each answer** between the local authority, the integrated care board and the police.",
        ),
        (
            "List Bullet",
            "**Write in the white cells.** You can use paragraphs and lists. Where you still see a prompt, "
            "such as “Click to write” or “Choose a rating”, nothing is filled in yet. Please leave the other "
            "cells as they are.",
        ),
        (
            "List Bullet",
            "**Use comments and tracked changes** while you agree the text. We read it with all changes "
            "accepted. We do not pass comments on.",
        ),
        (
            "List Bullet",
            "**Choose one rating** for each sub-heading from its list: the one that all three partners "
            "agree on. If it is RED or AMBER, always write what needs to change.",
        ),
        (
            "List Bullet",
            "**Use the hints if they help.** “You may want to cover” lists points that your challenger may "
            "ask about. You do not need to cover all of them.",
        ),
        "{%p if last_time %}",
        (
            "List Bullet",
            "**Look back.** Lines that begin with “Last time” say how you rated yourselves in {{ last_time "
            "}}, what was agreed for development and what became of it. They are only a reminder, and your "
            "challenger does not see them. If something is better or worse now, please say in your "
            "answer what it was and what it is now. If something still does not apply, please say why.",
        ),
        "{%p endif %}",
        (
            "List Bullet",
            "**Protect children:** please leave out names, dates of birth, case numbers and anything else "
            "that could identify a child.",
        ),
        "{%p if evidence_goes %}",
        (
            "List Bullet",
            "**Send your evidence with the form** if your challenger should see it: up to 20 files (Word, "
            "PDF, Excel or pictures), in the same email or ZIP file. Give each file the name that "
            "you use for it in your answers, such as “Appendix C”. We tell you which files we pass on.",
        ),
        "{%p endif %}",
        ("Heading 1", "What happens next"),
        (
            "List Bullet",
            "You send us this form. We check it and may ask you to make something clear.",
        ),
        (
            "List Bullet",
            "We pair you with another area, your peer challenger. It has {{ analysis_days }} to write "
            "questions about what you wrote. You answer them.",
        ),
        (
            "List Bullet",
            "You both meet at a challenge event, within {{ event_months }} of the questions. An "
            "independent Chair leads it and records up to {{ agreed_items }} strengths and "
            "{{ agreed_items }} areas for development that you both agree on. Then you write an action plan.",
        ),
        ("Heading 1", "Who will read it"),
        *WHO_READS,
        ("Heading 1", "Who to contact"),
        "{%p if office_phone %}",
        "Please ring {{ office }} on {{ office_phone }}{% if office_email %}, or write to "
        "{{ office_email }}{% endif %}.",
        "{%p elif office_email %}",
        "Please write to {{ office }} at {{ office_email }}.",
        "{%p else %}",
        "Please ask {{ office }}.",
        "{%p endif %}",
        ("Heading 1", "What the ratings mean"),
    )
    _ratings_explained(made)
    paragraphs(
        made,
        "{%p if has_descriptors %}",
        ("Gap", ""),
        "Some sub-headings say themselves what RED, AMBER and GREEN look like there. Where they do, please "
        "use that in place of this table.",
        "{%p endif %}",
        "{%p if also_last_time %}",
        ("Heading 1", "Also agreed last time"),
        "This was agreed under no sub-heading of this form.",
        "{%p for line in also_last_time %}",
        ("List Bullet", "{{ line }}"),
        "{%p endfor %}",
        "{%p endif %}",
    )
    columns = {"subheading": 82.0, "strengths": 88.0, "development": 70.0, "rating": 27.0}
    schedule(
        made,
        Kind.SELF_ASSESSMENT,
        columns,
        [
            row_title(has_hints=True),
            Cell(
                parts.narrative(
                    control_title(print_header(Kind.SELF_ASSESSMENT, "strengths")),
                    tag("strengths"),
                    "Click to write what works well, and how you know",
                )
            ),
            Cell(
                parts.narrative(
                    control_title(print_header(Kind.SELF_ASSESSMENT, "development")),
                    tag("development"),
                    "Click to write what needs to change, and your plan",
                )
            ),
            Cell(
                parts.choice(
                    control_title(print_header(Kind.SELF_ASSESSMENT, "rating")),
                    tag("rating"),
                    "Choose a rating",
                    "ratings",
                )
            ),
        ],
        is_apart=True,
    )
    paragraphs(made, "{%p endfor %}")
    sign_off(made, "Each partner signs off the whole self-assessment. Please give job titles, not names.")
    add_contents(made, "How to fill it in")
    return made


def analysis_pack() -> Any:
    """The challenger's pack: what is asked by when, an index, the schedule with its commentary open."""
    made = new_form("Analysis pack")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return your questions by {{ due }}**{% else %}**Please return your "
            "questions**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% "
            "endif %}. This is {{ author|possessive }} self-assessment, with a column for your questions. "
            "Please ask about every sub-heading rated RED and about some rated AMBER. The rest is up to you.",
        ),
        ("Heading 1", "How to make a good challenge"),
        (
            "List Bullet",
            "**Ask open questions,** such as “What gets in the way?”. A verdict ends the conversation.",
        ),
        (
            "List Bullet",
            "**Start from their words.** You see everything that {{ author }} wrote. Please leave it as it "
            "is, and write in the last column, up to about {{ word_limit }} words in a cell.",
        ),
        (
            "List Bullet",
            "**Ask about strengths too:** how will the area keep each one, and who could learn from it?",
        ),
        (
            "List Bullet",
            "**Agree your questions** between your own three partners, and sign them off on the last page.",
        ),
        "{%p if suggestion_count %}",
        (
            "List Bullet",
            "**Look at the suggestions.** Below most tables is a short list of questions that you might "
            "ask, and why. A computer program picks them by simple rules. They are not a verdict on {{ "
            "author }}. Please put any that help into your own words.",
        ),
        "{%p endif %}",
        ("List Bullet", "**Keep this confidential.** It is marked {{ marking }}."),
        ("Heading 2", "How {{ author }} rates itself"),
    )
    counts(made)
    paragraphs(
        made,
        "{%p if dates %}",
        ("Heading 2", "Dates"),
        "{%p for one in dates %}",
        ("List Bullet", "{{ one.what }}: **{{ one.when }}**"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if evidence %}",
        ("Heading 2", "Evidence that came with the form"),
        "What is listed here comes with this pack. It belongs to {{ author }}: please show it to nobody "
        "outside your three partners.",
    )
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # or the list is left alone on a page
    paragraphs(
        made,
        "{%p for one in evidence %}",
        ("List Bullet", "**{{ one.what }}**{% if one.where %}, named under {{ one.where }}{% endif %}"),
        "{%p endfor %}",
        "{%p endif %}",
    )
    new_page(made, "Index: RED first")
    _index(made)
    new_page(made, "The self-assessment")
    columns = {"subheading": 50.0, "strengths": 67.0, "development": 57.0, "rating": 27.0, "commentary": 66.0}
    schedule(
        made,
        Kind.ANALYSIS,
        columns,
        [
            row_title(has_evidence=True),
            Cell(answer("row.strengths")),
            Cell(answer("row.development")),
            rating("row"),
            Cell(
                parts.narrative(
                    control_title(print_header(Kind.ANALYSIS, "commentary")),
                    tag("commentary"),
                    _COMMENTARY_PROMPT,
                )
            ),
        ],
    )
    _suggestions(made)
    paragraphs(made, "{%p endfor %}")
    sign_off(
        made,
        "Each of your three partners signs off all the questions. Please give job titles, not names.",
    )
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
            has_row_headers=False,
            is_compact=True,
        ),
    )


def _suggestions(made: Any) -> None:
    """Under the schedule of an area of focus: questions that fit its answers, and why each is suggested."""
    paragraphs(made, "{%p if area.suggestions %}", ("Gap", ""))
    rows: list[Row] = [
        "{%tr for one in area.suggestions %}",
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
            "Suggested questions about {{ area.title }}, and why each is suggested",
            [56, 126, 85],
            [header("Sub-heading"), header("You might ask"), header("Why")],
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")


_QUESTION_OR_NONE = (
    paragraph("Answer", "{%p if row.commentary.strip() %}")
    + answer("row.commentary")
    + paragraph("Answer", "{%p else %}")
    + paragraph("RowPrompt", "No question")
    + paragraph("Answer", "{%p endif %}")
)
"""What peers asked about a row; where they asked nothing it says so, or it would look unfinished."""


def returned_analysis() -> Any:
    """What comes back to the author: the challenge on a page, then the schedule with the commentary."""
    made = new_form("Peer analysis")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**{{ challenger }} asks about {{ challenged_phrase }}.** Please answer in the response form "
            "that comes with this document by **{{ due or response_first }}**. "
            "{% if event_when %}Your challenge event is on **{{ event_when }}**.{% else %}We will tell you "
            "the day of your challenge event in an invitation.{% if not due %} If it is later than we "
            "expect, the invitation will also give you a later day for your answers.{% endif %}{% endif %}",
        ),
        ("Heading 1", "How you rated yourselves"),
    )
    counts(made)
    paragraphs(
        made,
        ("Heading 1", "The challenge in brief"),
        "{%p for theme in themes %}",
        ("List Bullet", "{{ theme }}"),
        "{%p endfor %}",
        "{%p if signed_off_by %}",
        ("List Bullet", "Signed off for {{ challenger }}: {{ signed_off_by }}."),
        "{%p endif %}",
        ("Heading 2", "The questions, RED first"),
        "{%p if has_longer_questions %}",
        ("Note", "Longer questions are cut short here. The full text is below."),
        "{%p endif %}",
    )
    rows: list[Row] = [
        "{%tr for row in asked %}",
        [
            rating("row"),
            Cell(paragraph("CellText", inside=link("{{ row.mark }}", "{{ row.title }}"))),
            Cell(paragraph("CellText", "{{ row.questions }}")),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "The sub-headings that {{ challenger }} asks about, RED first, and what it asks",
            [38, 75, 154],
            [header("Rating"), header("Sub-heading"), header("{{ challenger }} asks")],
            rows,
            is_compact=True,
        ),
    )
    new_page(made, "Your self-assessment and the questions on it")
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
            Cell(_QUESTION_OR_NONE),
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
                    label("Your notes"),
                    Cell(
                        parts.narrative(
                            control_title("Notes", "area.title"),
                            "notes",
                            "Click to write notes; your answers go into the response form",
                        )
                    ),
                ]
            ],
            has_header=False,
        ),
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}", "{%p endfor %}")
    add_contents(made, "How you rated yourselves")
    return made
