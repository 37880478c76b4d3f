"""An extension or a pause as the office types it, for one area or for all."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends

from dashboard.form_fields import Text
from dashboard.numbers import read_count
from dashboard.typed_days import read_typed_day
from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.errors import WrongUse
from peer_challenge.model.reasons import read_reason
from peer_challenge.steering.change_dates import MOST_DAYS, ExtensionTo


@dataclass(frozen=True, slots=True)
class TypedAdjustment:
    """What the form of an extension or a pause sends; `is_confirmed` once what follows has been seen."""

    kind: Text = "extension"
    deadline: Text = ""
    days: Text = ""
    to: Text = ""
    first_on: Text = ""
    reason: Text = ""
    message: Text = ""
    is_confirmed: Text = ""

    @property
    def fields(self) -> dict[str, str]:
        """The ids of the fields that were sent, by what each holds: a pause has a form of its own."""
        own = ("first_on", "days", "reason", "message")
        return {name: f"{name}--pause" for name in own} if self.kind == "pause" else {}

    @property
    def asked(self) -> dict[str, str]:
        """The texts by the name of their field, for the form to show again."""
        return {name: text for name, text in asdict(self).items() if name != "is_confirmed"}

    def read(self) -> Adjustment | ExtensionTo:
        """The extension or pause that is asked for. Raises WrongUse for one that is not possible.

        An extension has a number of days or a new date, never both.
        """
        if self.to and self.kind == "extension":
            return self._read_new_date()
        count = read_count(self.days, 1, MOST_DAYS)
        if count is None:
            raise WrongUse(
                "The number of days has to be from 1 to 366.",
                remedy="Write it as a number, such as 7. An extension can give a new date instead.",
                about="days",
            )
        told = self._read_message()
        if self.kind == "pause":
            first = read_typed_day(self.first_on, "The first day", "first_on")
            return Adjustment("pause", read_reason(self.reason), count, first_on=first, message=told)
        if self.kind != "extension" or not self.deadline:
            raise WrongUse(
                "You have not said what to change.",
                remedy="Choose an extension or a pause.",
                about="deadline",
            )
        return Adjustment("extension", read_reason(self.reason), count, deadline=self.deadline, message=told)

    def _read_new_date(self) -> ExtensionTo:
        if self.days.strip():
            raise WrongUse(
                "There is a number of days and a new date.", remedy="Give one of the two.", about="to"
            )
        if not self.deadline:
            raise WrongUse(
                "You have not said which date to extend.", remedy="Choose the date.", about="deadline"
            )
        to = read_typed_day(self.to, "The new date", "to")
        return ExtensionTo(self.deadline, to, read_reason(self.reason), self._read_message())

    def _read_message(self) -> str:
        return " ".join(self.message.split())[:500]


Typed = Annotated[TypedAdjustment, Depends()]
