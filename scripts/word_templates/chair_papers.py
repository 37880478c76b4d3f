"""Makes the shipped template of the Chair's summary."""

from typing import Any

from scripts.word_templates.letter_blocks import (
    new_document,
    paragraphs,
    replaced,
    table,
    tag,
)
from scripts.word_templates.letters import closing, opening


def _add_agreed_items(made: Any, heading: str, name: str) -> None:
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
    paragraphs(made, "{%p else %}", "None was agreed.", "{%p endif %}")


def _not_agreed(made: Any) -> None:
    """What the Chair recorded and the two areas did not both agree, apart from all that they did."""
    paragraphs(
        made,
        "{%p if not_agreed %}",
        ("Heading 1", "Recorded by the Chair, not agreed by both"),
        "The two areas did not both agree these. They are not part of the action plan.",
    )
    table(
        made,
        ["No.", "What was recorded", "Kind", "Sub-heading"],
        [
            ["{%tr for item in not_agreed %}"],
            ["{{ item.number }}", "{{ item.text }}", "{{ item.kind }}", "{{ item.place }}"],
            ["{%tr endfor %}"],
        ],
        [14, 78, 36, 42],
        description="Recorded by the Chair, not agreed by both",
    )
    paragraphs(made, "{%p endif %}")


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
            "{% if consensus %}{{ consensus }}{% else %}What follows is the Chair's record.{% endif %}",
        ),
    )
    _add_agreed_items(made, "Key strengths", "strengths")
    _add_agreed_items(made, "Key areas for development", "developments")
    _not_agreed(made)
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
        "{% if developments %}The areas for development are yours to act on. An action-plan form, filled in "
        "from them, comes with this summary.{% else %}No area for development was agreed, so there is "
        "nothing to plan. Please sign the action-plan form that comes with this summary.{% endif %}"
        "{% if plan_due %} Please return it by **{{ plan_due }}**.{% endif %}",
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


def draft_notice() -> Any:
    """The note to the Chair that both areas have the draft."""
    made = new_document("The draft summary was sent")
    opening(made, particulars=(("Author", "{{ author }}"), ("Challenger", "{{ challenger }}")))
    paragraphs(
        made,
        (
            "Call-out",
            "**We have sent a draft of your summary to {{ author }} and {{ challenger }}.** They can correct "
            "its facts{% if due %} until **{{ due }}**{% endif %}.",
        ),
        "You do not need to do anything now. If corrections come, you or {{ office }} decide about each one: "
        "you find them on the page of this challenge. If none come, we send the final summary to both areas "
        "and to you.",
    )
    closing(made)
    return made


SUMMARIES = {make.__name__: make for make in (chair_summary, draft_notice)}
