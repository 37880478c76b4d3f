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
    made = new_document("Chair's summary of the peer challenge")
    opening(made, particulars=(("Area", "{{ author }}"), ("Challenger", "{{ challenger }}")))
    replaced(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if not is_author %}**You do not need to do anything.** {% elif developments %}**Please "
            "return your action plan{% if plan_due %} by {{ plan_due }}{% endif %}.** The form comes with "
            "this summary, and lists the areas for development. {% else %}**Please sign the action-plan form "
            "that comes with this summary{% if plan_due %}, and return it by {{ plan_due }}{% endif %}.** No "
            "area for development was agreed, so there is nothing to plan. {% endif %}"
            "{% if held_on %}The challenge event was held on **{{ held_on }}**. {% endif %}"
            "{% if consensus %}{{ consensus }}{% else %}What follows is the Chair's record.{% endif %}",
        ),
    )
    _add_agreed_items(made, "Key strengths", "strengths")
    _add_agreed_items(made, "Areas for development", "developments")
    _not_agreed(made)
    paragraphs(
        made,
        "{%p if notes %}",
        ("Heading 1", "Also recorded"),
        "{{ notes }}",
        "{%p endif %}",
        "{%p if late_reason %}",
        ("Heading 1", "Why the event was held after the last day for it"),
        "{{ late_reason }}",
        "{%p endif %}",
    )
    paragraphs(
        made,
        ("Heading 1", "Sign-off"),
        "{% if signed_off %}The record of the event was signed off by **{{ signed_off }}**{% if signed_on %} "
        "on {{ signed_on }}{% endif %}.{% else %}The Chair has not signed off the record of the event yet."
        "{% endif %}{% if corrected_on %} Both areas "
        "could then correct the facts. This summary includes the corrections that were "
        "accepted.{% endif %}",
        "{%p if not is_author %}",
        ("Heading 1", "What happens next"),
        "Both areas have this summary. {% if developments %}{{ author }} now writes an action plan on the "
        "areas for development{% if plan_due %}, due by {{ plan_due }}{% endif %}.{% else %}As no area for "
        "development was agreed, {{ author }} has nothing to plan.{% endif %}",
        "{%p endif %}",
    )
    paragraphs(made, ("Heading 1", "Who took part"))
    table(
        made,
        ["For", "Roles"],
        [
            ["{{ author }}", "{{ author_present or 'Not recorded' }}"],
            ["{{ challenger }}", "{{ challenger_present or 'Not recorded' }}"],
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
    made = new_document("Draft summary sent")
    opening(made, particulars=(("Area", "{{ author }}"), ("Challenger", "{{ challenger }}")))
    paragraphs(
        made,
        (
            "Call-out",
            "**We have made a draft summary from your record for {{ author }}, and sent it to {{ author }} "
            "and {{ challenger }}.** They can correct its facts{% if due %} until **{{ due }}**, or until "
            "both have replied{% endif %}. You do not need to do anything, unless you want to decide on "
            "corrections yourself.",
        ),
        "If an area sends a correction, we decide on it for you. If you would rather decide yourself, please "
        "tell us as soon as you can, or decide on our website if you have an account there. "
        "When the corrections are settled, we will send the final summary to you and to both areas.",
    )
    closing(made)
    return made


SUMMARIES = {make.__name__: make for make in (chair_summary, draft_notice)}
