"""What to say when a cycle is opened on another day than its file names."""

from datetime import date

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import weekday_in_words


def tell_opening_day(cycle: Cycle, today: date) -> str:
    """A note where the templates go out before the cycle's opening day, or after they are due; else ""."""
    dates = cycle.dates
    if today < dates.opens:
        return (
            f"By its dates, the cycle opens on {weekday_in_words(dates.opens)}. "
            "The templates go out today. If that is too early, keep them until then."
        )
    if today > dates.self_assessment_due:
        return (
            f"Self-assessments were due on {weekday_in_words(dates.self_assessment_due)}. "
            "The templates that go out today ask for them by that day."
        )
    return ""
