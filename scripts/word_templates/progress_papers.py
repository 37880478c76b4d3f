"""Makes the shipped templates around progress reports: the challenger's copy, and the letters."""

from collections.abc import Callable
from typing import Any

from peer_challenge.word.write import house_colours
from scripts.word_templates import form_blocks as parts
from scripts.word_templates.form_blocks import Cell, Row, answer, header, paragraph
from scripts.word_templates.form_layout import new_form
from scripts.word_templates.form_layout import opening as form_opening
from scripts.word_templates.letter_blocks import new_document, paragraphs
from scripts.word_templates.letters import closing, opening


def progress_report_copy() -> Any:
    """What the challenger reads: how far each action is, in the words of the area."""
    made = new_form("Progress on the action plan")
    form_opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**This is how far {{ author }} has got with the actions that follow from your challenge.** "
            "{% if in_brief %}So far: {{ in_brief }}. {% endif %}You do not need to do anything. If you want "
            "to comment, please write to {% if office_email %}{{ office_email }}{% else %}{{ office }}"
            "{% endif %}. If you have an account on our website, you can comment there. We pass your comment "
            "on to {{ author }}.",
        ),
        ("Heading 1", "The actions"),
    )
    rows: list[Row] = [
        "{%tr for row in rows %}",
        [
            Cell(paragraph("RowTitle", "{{ row.number }}"), fill=house_colours.BAND),
            Cell(answer("row.development"), fill=house_colours.BAND),
            Cell(answer("row.action"), fill=house_colours.BAND),
            Cell(paragraph("Choice", "{{ row.status }}")),
            Cell(answer("row.evidence")),
            Cell(answer("row.difference")),
        ],
        "{%tr endfor %}",
    ]
    heads = (
        "No.",
        "Area for development",
        "What was planned",
        "How far",
        "What shows it",
        "What difference it made for children",
    )
    parts.add(
        made,
        parts.table(
            "How far each action is",
            [17, 50, 64, 26, 57, 53],
            [header(text) for text in heads],
            rows,
        ),
    )
    paragraphs(made, ("Gap", ""))
    return made


def progress_comment() -> Any:
    """The challenger's comment on a progress report, to its author."""
    made = new_document("A comment on your progress report")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**{{ challenger }} has read your {{ report }}** and has this to say. "
            "You do not have to answer it.",
        ),
        "{%p for line in comment %}",
        "{{ line }}",
        "{%p endfor %}",
    )
    closing(made)
    return made


def action_reminder() -> Any:
    """The reminder that the day of actions has come."""
    made = new_document("Actions of your plan are due")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**{{ actions }} of your plan {% if one %}is{% else %}are{% endif %} to be done by "
            "{{ due_on }}.**",
        ),
        "You do not need to send us anything now. If {% if one %}it is{% else %}they are{% endif %} done, "
        "please note what shows it and what difference it made for children: your progress report asks for "
        "both.",
        "{%p if report_due %}",
        "Your next progress report is due on {{ report_due }}.",
        "{%p endif %}",
    )
    closing(made)
    return made


def follow_up_ended() -> Any:
    """The letter that no more progress reports are needed."""
    made = new_document("No more progress reports are needed")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**You do not need to send any more progress reports on your action plan.** We have closed the "
            "peer challenge of {{ author }}.",
        ),
        "If you have filled in a report already, please keep it with your plan. Your action plan remains "
        "yours to carry out.",
    )
    closing(made)
    return made


PROGRESS_PAPERS: dict[str, Callable[[], Any]] = {
    make.__name__: make for make in (progress_report_copy, progress_comment, action_reminder, follow_up_ended)
}
