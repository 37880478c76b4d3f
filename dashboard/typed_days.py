"""Reading days that somebody typed or chose in a form."""

from datetime import date

from peer_challenge.errors import WrongUse


def read_typed_day(written: str, what: str = "The day") -> date:
    """The day that somebody chose; `what` is what to call it. Raises WrongUse for anything else."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUse(f"{what} is not a date.", remedy="Choose one from the calendar.") from None
