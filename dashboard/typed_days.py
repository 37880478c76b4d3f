"""Reading days, times and lengths that somebody typed or chose in a form."""

from datetime import date, datetime, time

from dashboard.numbers import read_count
from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.model import typed_days as reader


def read_typed_day(written: str, what: str = "The day", about: str = "day") -> date:
    """The day that somebody chose; `what` is what to call it, `about` its field.

    Raises WrongUse for anything else.
    """
    day = reader.read_typed_day(written)
    if day is None:
        raise WrongUse(f"{what} is not a date.", remedy=reader.explain_unread_day(written), about=about)
    return day


def read_typed_moment(day: str, at: str) -> datetime:
    """The moment in London that somebody chose, as a day and a time. Raises WrongUse for anything else."""
    on = read_typed_day(day)
    try:
        return datetime.combine(on, time.fromisoformat(at), LONDON)
    except ValueError:
        raise WrongUse("The time is not a time of day.", remedy="Write it as 14:00.", about="at") from None


def read_typed_minutes(written: str) -> int:
    """How many minutes an event lasts, from 15 to 600. Raises WrongUse for anything else."""
    minutes = read_count(written, 15, 600)
    if minutes is None:
        raise WrongUse(
            "An event lasts from 15 to 600 minutes.", remedy="Write it as a number.", about="minutes"
        )
    return minutes
