"""What to say when a cycle is opened, or prepared, on another day than its file names."""

from collections.abc import Iterator, Mapping
from datetime import date

from peer_challenge.cycle_file.yaml_with_lines import PlacedProblem
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.messages import Delivery

_IF_EARLY: Mapping[Delivery, str] = {
    Delivery.FOLDER: "The templates go out today. If that is too early, keep them until then.",
    Delivery.DRAFTS: "The templates are made today. You can wait until then before you send them.",
    Delivery.SEND: "The templates go out today. If that is too early, open the cycle on that day.",
}


def list_past_days(cycle: Cycle, today: date) -> Iterator[PlacedProblem]:
    """Days of a cycle in preparation that have passed although something is still to come by them."""
    due = cycle.dates.self_assessment_due
    if due < today:
        words = f"Self-assessments are due on {weekday_in_words(due)}, which has passed. Check the date."
        yield ("dates", "self_assessment_due"), words


def tell_opening_day(cycle: Cycle, today: date, way: Delivery) -> str:
    """A note where the templates are made before the cycle's opening day, or after they are due; else "".

    `way` is how messages leave.
    """
    dates = cycle.dates
    if today < dates.opens:
        return f"By its dates, the cycle opens on {weekday_in_words(dates.opens)}. {_IF_EARLY[way]}"
    if today > dates.self_assessment_due:
        return (
            f"Self-assessments were due on {weekday_in_words(dates.self_assessment_due)}. "
            "The templates that are made today ask for them by that day."
        )
    return ""
