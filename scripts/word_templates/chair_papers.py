"""Makes the shipped templates of the Chair's papers."""

from typing import Any

from scripts.word_templates.letter_blocks import (
    new_document,
    paragraphs,
    replaced,
    table,
    tag,
)
from scripts.word_templates.letters import closing, opening, rating_counts, session


def chair_briefing() -> Any:
    """The Chair's briefing: one page on the challenge, then the run of the session."""
    made = new_document("Chair's briefing")
    paragraphs(made, ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}"))
    for label, what in (
        ("When", "{{ event_day }}, {{ event_time }}"),
        ("Where", "{{ place }}"),
        ("Chair", "{{ chair }}"),
    ):
        paragraphs(made, ("Particular", f"**{label}**\t{what}"))
    replaced(made)
    paragraphs(made, ("Call-out", "**In brief.** {{ in_brief }}"))
    rating_counts(made)
    paragraphs(made, ("Heading 1", "Rated RED"), "{%p if reds %}")
    table(
        made,
        ["Sub-heading", "What the challenger asks", "The answer so far"],
        [
            ["{%tr for one in reds %}"],
            [
                "**{{ one.title }}**",
                "{{ one.commentary or 'No commentary was made.' }}",
                [
                    (
                        "Table Text",
                        "**{% if one.answer %}{{ one.answer }}. {% endif %}**"
                        "{{ one.response or 'None yet.' }}",
                    )
                ],
            ],
            ["{%tr endfor %}"],
        ],
        [40, 68, 62],
        description="Sub-headings rated RED: challenge and answer",
    )
    paragraphs(
        made,
        "{%p else %}",
        "No sub-heading is rated RED.",
        "{%p endif %}",
        "{%p if open %}",
        ("Heading 1", "Questions still open"),
        "{%p for one in open %}",
        ("List Bullet", "**{{ one.title }} ({{ one.rating }}).** {{ one.commentary }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if differences %}",
        ("Heading 1", "Where author and challenger differ"),
        "{%p for one in differences %}",
        ("List Bullet", "**{{ one.title }}.** {{ one.why }}"),
        "{%p endfor %}",
        "{%p endif %}",
        ("Heading 1", "Run of the session"),
    )
    session(made)
    paragraphs(
        made,
        ("Gap", ""),
        ("Heading 2", "What the session has to reach"),
        (
            "List Bullet",
            "At most {{ agreed_items }} key strengths and {{ agreed_items }} areas for "
            "development, in words that both agree.",
        ),
        ("List Bullet", "Each linked to a sub-heading, so that it can be followed into the action plan."),
        "{%p if record_due %}",
        ("List Bullet", "Your record, on the form that comes with this briefing, by **{{ record_due }}**."),
        "{%p endif %}",
    )
    return made


def _agreed(made: Any, heading: str, name: str) -> None:
    paragraphs(made, ("Heading 1", heading), tag("p", f"if {name}"))
    table(
        made,
        ["No.", "What was agreed", "Sub-heading"],
        [
            [tag("tr", f"for item in {name}")],
            ["{{ item.number }}", "{{ item.text }}", "{{ item.place }}"],
            ["{%tr endfor %}"],
        ],
        [14, 108, 48],
        description=heading,
    )
    paragraphs(made, "{%p else %}", "None was recorded.", "{%p endif %}")


def chair_summary() -> Any:
    """The Chair's summary of what was agreed."""
    made = new_document("Summary of the peer challenge")
    opening(made, particulars=(("Author", "{{ author }}"), ("Challenger", "{{ challenger }}")))
    replaced(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if held_on %}The challenge event was held on **{{ held_on }}**. {% endif %}"
            "What follows is the Chair's record of what author and challenger agreed."
            "{% if consensus %} Was consensus reached? **{{ consensus }}**{% endif %}",
        ),
    )
    _agreed(made, "Key strengths", "strengths")
    _agreed(made, "Key areas for development", "developments")
    paragraphs(
        made,
        "{%p if notes %}",
        ("Heading 1", "Also recorded"),
        "{{ notes }}",
        "{%p endif %}",
        "{%p if late_reason %}",
        ("Heading 1", "Why the event was outside its window"),
        "{{ late_reason }}",
        "{%p endif %}",
    )
    paragraphs(
        made,
        ("Heading 1", "Sign-off"),
        "Signed off by the Chair: **{{ signed_off or 'not yet' }}**{% if signed_on %}, {{ signed_on }}"
        "{% endif %}",
        "{%p if is_author %}",
        ("Heading 1", "What happens next"),
        "The areas for development are yours to act on. An action-plan form, filled in from them, comes with "
        "this summary.{% if plan_due %} Please return it by **{{ plan_due }}**.{% endif %}",
    )
    paragraphs(
        made,
        "{%p else %}",
        ("Heading 1", "What happens next"),
        "{{ author }} has been sent this summary too, and writes an action plan on the areas for "
        "development.",
        "{%p endif %}",
    )
    paragraphs(made, ("Heading 1", "Who took part"))
    table(
        made,
        ["For", "Roles"],
        [
            ["Author", "{{ author_present or 'Not recorded' }}"],
            ["Challenger", "{{ challenger_present or 'Not recorded' }}"],
            ["Independent Chair", "{{ chair }}"],
        ],
        [45, 125],
        description="Who took part in the event",
    )
    paragraphs(made, ("Gap", ""))
    closing(made)
    return made


CHAIRS = {make.__name__: make for make in (chair_briefing, chair_summary)}
