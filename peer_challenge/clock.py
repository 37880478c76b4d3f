"""Time: kept in UTC, shown as London time."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def read_clock() -> datetime:
    """The machine's time, aware, UTC. Whatever of ours asks for the time asks here."""
    return datetime.now(UTC)


class Clock(Protocol):
    """Something that says what time it is."""

    def now(self) -> datetime:
        """The time, aware, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return read_clock()


class SimulatedClock:
    """A clock that keeps one time until somebody sets or advances it."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set the clock to `at`, an aware time."""
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by `by`."""
        self._at += by


def local_day(at: datetime) -> date:
    """The day of an aware time, in London."""
    return at.astimezone(LONDON).date()
