"""The rules of a cycle that came with a later version of the program, and what counts for older cycles.

A cycle that was opened before goes on as it was: its people were told so. A new one gets the usual value.
"""

from collections.abc import Iterable, Mapping

AGENDA_BEFORE = (
    "10 | Welcome, introductions and how the session runs | Independent Chair",
    "20 | Presentation of the self-assessment | Author",
    "65 | The challenge: sub-headings rated RED | Challenger, then author",
    "10 | Break",
    "40 | The challenge: other questions and strengths | Challenger, then author",
    "25 | Agreeing key strengths and areas for development | Independent Chair",
    "10 | What happens next | Independent Chair",
)
"""The agenda of events before a cycle could set it; no cycle that was opened later has just this one."""
LATER_RULES: Mapping[str, object] = {
    "review_months": [],
    "look_at_events": False,
    "timetable_working_days": 0,
    "agenda": [*AGENDA_BEFORE],
    "form_word_limit": None,
    "show_last_time": False,
    "accuracy_days": 0,
}
"""What counts for cycles that were opened before a rule, as a cycle's file says it."""
_WRITTEN_IN = frozenset({"review_months", "look_at_events", "timetable_working_days", "agenda"})
"""The rules that were written into all cycles when they came. A cycle lacks the others."""

Definition = Mapping[str, object]
"""The rules of a version of a cycle, as the register keeps them."""


def add_rules_of_its_day(rules: Definition) -> dict[str, object]:
    """The rules of a cycle, with what counts for it for those that did not exist when it was opened."""
    return {**LATER_RULES, **rules}


def list_rules_nobody_chose(now: Definition, versions: Iterable[Definition]) -> list[str]:
    """The later rules of which a cycle has what counts for older ones, as it was opened before they came.

    `now` are its rules as they are, `versions` those of all its versions.
    """
    known = [now, *versions]
    return [
        name
        for name, older in LATER_RULES.items()
        if now.get(name, older) == older and any(_is_older_than(rules, name) for rules in known)
    ]


def _is_older_than(rules: Definition, name: str) -> bool:
    is_before_events = rules.get("agenda") == LATER_RULES["agenda"]
    return name not in rules or (name in _WRITTEN_IN and is_before_events)
