"""Days and times as people read them: the only forms in which this program writes them."""

from datetime import date, datetime

from peer_challenge.clock import LONDON


def day_in_words(day: date) -> str:
    """A day: "6 March 2027"."""
    return f"{day.day} {day:%B %Y}"


def weekday_in_words(day: date) -> str:
    """A day in full: "Saturday 6 March 2027"."""
    return f"{day:%A} {day_in_words(day)}"


def short_weekday(day: date) -> str:
    """A day where there is little room: "Sat 6 Mar 2027"."""
    return f"{short_day(day)} {day.year}"


def short_day(day: date) -> str:
    """A day for tables that say the year elsewhere: "Sat 6 Mar"."""
    return f"{day:%a} {day.day} {day:%b}"


def month_in_words(day: date) -> str:
    """The month alone: "March"."""
    return f"{day:%B}"


def time_of_day(at: datetime) -> str:
    """An aware time in London: "14:05"."""
    return f"{at.astimezone(LONDON):%H:%M}"
