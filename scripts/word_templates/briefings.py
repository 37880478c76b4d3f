"""Makes the shipped templates of the papers before an event: the challenger's briefing and the Chair's."""

from typing import Any

from scripts.word_templates.contents import add_contents
from scripts.word_templates.letter_blocks import new_document, paragraphs, rag_cell, replaced, table
from scripts.word_templates.letters import closing, rating_counts, session

_UNCONFIRMED = ("Table Text", "{%p if one.is_unconfirmed %}"), ("Table Text", "**Not yet confirmed**")
_END = ("Table Text", "{%p endif %}")
_FILES_STAY = (
    "Files that came with an answer are not passed on. Where an answer names one, please ask about it at the "
    "event."
)


def _open_briefing(title: str, *, opens: str, asks: str = "") -> Any:
    """A briefing as far as its call-out: when and where the event is, how things are, what it asks for."""
    made = new_document(title, is_landscape=True)
    paragraphs(made, ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}"), "{%p if event_day %}")
    for label, what in (
        ("When", "{{ event_day }}, {{ event_time }}"),
        ("Where", "{{ place }}"),
        ("Chair", "{{ chair }}"),
    ):
        paragraphs(made, ("Particular", f"**{label}**\t{what}"))
    paragraphs(made, "{%p endif %}")
    paragraphs(
        made,
        (
            "Call-out",
            opens + "{{ in_brief }}{% if response_note %} {{ response_note }}{% endif %}" + asks,
        ),
    )
    replaced(made)  # below what is asked for, which is read first
    return made


def challenger_briefing() -> Any:
    """The response as the challenger reads it: the page from which it leads its part of the session."""
    made = _open_briefing(
        "Lead your challenge",
        opens="**You lead the conversation{% if event_day %} on {{ event_day }}{% endif %}.** Please begin "
        "with the sub-headings rated RED. ",
    )
    paragraphs(
        made,
        ("Heading 1", "Your part"),
        (
            "List Bullet",
            "For each answer that you take up, ask what it shows, what is still open, and what {{ author }} "
            "will do next.",
        ),
        (
            "List Bullet",
            "The Chair keeps the time and records what you both agree: up to {{ agreed_items }} key "
            "strengths and up to {{ agreed_items }} areas for development.",
        ),
        "{%p if session %}",
        ("Heading 1", "Agenda"),
    )
    session(made)
    paragraphs(
        made,
        ("Gap", ""),
        "{%p else %}",
        "The event has no date yet. We will send you this paper again with the agenda.",
        "{%p endif %}",
        ("Heading 1", "Your questions, RED first"),
        "{%p if challenges %}",
        ("Note", _FILES_STAY),
    )
    table(
        made,
        ["No.", "Sub-heading", "Rating", "You asked", "{{ author }} answered", "Your notes"],
        [
            ["{%tr for one in challenges %}"],
            [
                "{{ one.number }}",
                "**{{ one.title }}**",
                rag_cell("one.rating"),
                "{{ one.commentary or 'You did not ask about this.' }}",
                [
                    *_UNCONFIRMED,
                    _END,
                    (
                        "Table Text",
                        "{% if one.answer %}**{{ one.answer }}.** {% endif %}"
                        "{{ one.response or one.no_answer }}",
                    ),
                ],
                "",
            ],
            ["{%tr endfor %}"],
        ],
        [12, 40, 28, 60, 70, 47],
        description="Every question with its answer, RED first, and room for notes",
    )
    paragraphs(made, "{%p else %}", "There are no questions.", "{%p endif %}", ("Gap", ""))
    closing(made)
    return made


def chair_briefing() -> Any:
    """The Chair's briefing: every challenge on one line, the agenda, then each challenge in full."""
    made = _open_briefing(
        "Chair's briefing",
        opens="**Please read this before you chair the event{% if event_day %} on {{ event_day }}{% endif "
        "%}.** ",
        asks="{% if record_due %} **Please return your record by {{ record_due }}, on the form that {% if "
        "replaces %}we have sent you{% else %}comes with this briefing{% endif %}.**{% endif %}",
    )
    rating_counts(made)
    paragraphs(
        made,
        ("Heading 1", "Every challenge, RED first"),
        "{%p if challenges %}",
        (
            "Note",
            "Of what {{ author }} wrote, the table shows the strengths for GREEN, and the areas for "
            "development for the others. It cuts long texts short. The full text is below, under the same "
            "number.",
        ),
    )
    table(
        made,
        [
            "No.",
            "Sub-heading",
            "Rating",
            "{{ author }} wrote",
            "{{ challenger }} asked",
            "{{ author }} answered",
        ],
        [
            ["{%tr for one in challenges %}"],
            [
                "{{ one.number }}",
                "**{{ one.title }}**",
                rag_cell("one.rating"),
                [("Table Small", "{{ one.wrote_line }}")],
                [("Table Small", "{{ one.asked_line or 'No question was asked.' }}")],
                [
                    *_UNCONFIRMED,
                    _END,
                    (
                        "Table Small",
                        "{% if one.answer %}**{{ one.answer }}.** {% endif %}"
                        "{{ one.answered_line or one.no_answer }}",
                    ),
                ],
            ],
            ["{%tr endfor %}"],
        ],
        [12, 43, 28, 56, 56, 62],
        description="Every challenge on one line, RED first: what was written, asked and answered",
    )
    paragraphs(
        made,
        "{%p else %}",
        "There are no challenges.",
        "{%p endif %}",
        "{%p if session %}",
        ("Heading 1", "Agenda"),
    )
    session(made)
    paragraphs(
        made,
        "{%p endif %}",
        ("Gap", ""),
        ("Heading 2", "What the two areas agree, and you record"),
        (
            "List Bullet",
            "Up to {{ agreed_items }} key strengths and up to {{ agreed_items }} areas for development, in "
            "words that both areas agree on.",
        ),
        ("List Bullet", "Each linked to a sub-heading, so that it can be followed into the action plan."),
        "{%p if challenges %}",
        ("Heading 1", "Each challenge in full"),
        ("Note", _FILES_STAY),
        "{%p for one in challenges %}",
        ("Heading 2", "{{ one.number }}. {{ one.title }} ({{ one.rating_word }})"),
        ("Note", "{{ one.area }}"),
    )
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # or a heading is left alone below a page
    paragraphs(
        made,
        ("Heading 3", "What {{ author }} wrote"),
        "{%p if one.strengths %}",
        ("Area Words", "**Strengths and evidence.** {{ one.strengths }}"),
        "{%p endif %}",
        "{%p if one.development %}",
        ("Area Words", "**Areas for development.** {{ one.development }}"),
        "{%p endif %}",
        "{%p if not one.strengths and not one.development %}",
        "Nothing was written.",
        "{%p endif %}",
        ("Heading 3", "What {{ challenger }} asked"),
        ("Area Words", "{{ one.commentary or 'No question was asked.' }}"),
        ("Heading 3", "What {{ author }} answered"),
        "{%p if one.is_unconfirmed %}",
        ("Call-out", "**Not yet confirmed.** We have asked {{ author }} about this answer."),
        "{%p endif %}",
        (
            "Area Words",
            "{% if one.answer %}**{{ one.answer }}.** {% endif %}{{ one.response or one.no_answer }}",
        ),
        "{%p endfor %}",
        "{%p endif %}",
    )
    closing(made)
    add_contents(made, "Every challenge, RED first")
    return made


BRIEFINGS = {make.__name__: make for make in (challenger_briefing, chair_briefing)}
