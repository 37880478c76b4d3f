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

_MOST_DAYS = 366
"""A year: a longer extension or pause is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class TypedAdjustment:
    """What the form of an extension or a pause sends; `is_confirmed` once what follows has been seen."""

    kind: Text = "extension"
    deadline: Text = ""
    days: Text = ""
    first_on: Text = ""
    reason: Text = ""
    message: Text = ""
    is_confirmed: Text = ""

    @property
    def asked(self) -> dict[str, str]:
        """The texts by the name of their field, for the form to show again."""
        return {name: text for name, text in asdict(self).items() if name != "is_confirmed"}

    def read(self) -> Adjustment:
        """The extension or pause that is asked for. Raises WrongUse for one that is not possible."""
        count = read_count(self.days, 1, _MOST_DAYS)
        if count is None:
            raise WrongUse(
                "The number of days has to be from 1 to 366.", remedy="Write it as a number, such as 7."
            )
        told = " ".join(self.message.split())[:500]
        if self.kind == "pause":
            first = read_typed_day(self.first_on, "The first day")
            return Adjustment("pause", read_reason(self.reason), count, first_on=first, message=told)
        if self.kind != "extension" or not self.deadline:
            raise WrongUse("It is not said what to change.", remedy="Choose an extension or a pause.")
        return Adjustment("extension", read_reason(self.reason), count, deadline=self.deadline, message=told)


Typed = Annotated[TypedAdjustment, Depends()]
