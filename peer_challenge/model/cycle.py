"""A cycle: one round of peer challenge, with its participants, dates and rules.

Pure data, checked. Files are read by load_cycle.py, which reports every mistake with its place.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from peer_challenge.model.cycle_rules import AssignmentRules, CycleData, DateRange, Rules
from peer_challenge.model.email_addresses import clean_address
from peer_challenge.model.names_alike import has_name, make_name_key

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


LONGEST_SLUG = 40
"""An area's id stands in its folder and in the names of its files: whole paths have to stay short."""
Email = Annotated[str, AfterValidator(clean_address)]


def make_id_from_name(name: str) -> str:
    """An id made from a name: "Kingsmouth, City of" gives "kingsmouth-city-of"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(whole) <= LONGEST_SLUG:
        return whole
    kept = whole[: LONGEST_SLUG + 1].rpartition("-")[0]  # whole words, where there are any
    return kept or whole[:LONGEST_SLUG]


def name_as_spoken(name: str) -> str:
    """An area's name as people say it: "City of Kingsmouth" for "Kingsmouth, City of" of an index."""
    first, _, rest = name.partition(", ")
    return f"{rest} {first}" if rest.lower().endswith(" of") else name


class Receives(StrEnum):
    """What a contact gets emails about. `COPIES`: a copy of everything that the others get."""

    FORMS = "forms"
    REMINDERS = "reminders"
    EVENT = "event"
    COPIES = "copies"


class Contact(CycleData):
    """Somebody to write to. `name` may be a role.

    `receives` says what emails are about that go to this contact. Where it is not given, the first contact
    with an address gets those about forms, reminders and the event, and each other one those about the event.
    """

    name: str
    role: str = ""
    email: Email = ""
    phone: str = ""
    receives: tuple[Receives, ...] | None = None


class Participant(CycleData):
    """One area's safeguarding partnership: council, integrated care board(s) and police.

    `challenged_by` maps an earlier cycle's id to the participant that challenged this one in it.
    `capacity` is how many areas it can challenge; `external` marks a challenger from outside the
    region, which writes no self-assessment. `size` and `type` serve variety when given.
    `school_calendar` names a set of templates/calendar/school-holidays.yaml.
    """

    id: str = Field(pattern=ID, max_length=60)
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    partnership: str = ""
    police: str = ""
    icb: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    challenged_by: dict[str, str] = Field(default={})
    conflicts: tuple[str, ...] = ()
    unavailable: tuple[date | DateRange, ...] = ()
    capacity: int = Field(default=1, ge=0)
    external: bool = False
    size: Literal["small", "medium", "large"] | None = None
    type: str | None = None
    school_calendar: str | None = None

    def as_spoken(self) -> "Participant":
        """This area under the name that people say: "City of Kingsmouth" for "Kingsmouth, City of"."""
        return self.model_copy(update={"name": name_as_spoken(self.name)})


class Chair(CycleData):
    """An independent Chair; `id` is made from the name where none is given.

    `not_for` lists participants with which the Chair has a conflict (independent_chair.py).
    `available` empty means any working day; days in `unavailable` are taken out. `left`: no event is given
    to them any more, and nothing is sent to them; they stay in the cycle, as what they did is theirs.
    """

    id: str = Field(pattern=ID, max_length=60)
    name: str
    email: Email = ""
    not_for: tuple[str, ...] = ()
    available: tuple[date | DateRange, ...] = ()
    unavailable: tuple[date | DateRange, ...] = ()
    left: bool = False

    @model_validator(mode="before")
    @classmethod
    def _id_from_name(cls, data: object) -> object:
        if isinstance(data, dict) and "id" not in data and isinstance(data.get("name"), str):
            return {**data, "id": make_id_from_name(data["name"])}
        return data


class Dates(CycleData):
    """The two days a cycle is built on."""

    opens: date
    self_assessment_due: date


class Cycle(CycleData):
    """A whole cycle file."""

    id: str = Field(pattern=ID, max_length=60)
    name: str
    framework: str
    omit: tuple[str, ...] = ()
    dates: Dates
    rules: Rules = Rules()
    assignment: AssignmentRules = AssignmentRules()
    chairs: tuple[Chair, ...] = ()
    office: Contact = Contact(name="Programme office")
    participants: tuple[Participant, ...] = Field(min_length=2)

    @cached_property
    def participant(self) -> dict[str, Participant]:
        """Participants by id."""
        return {participant.id: participant for participant in self.participants}

    @cached_property
    def authors(self) -> tuple[Participant, ...]:
        """The participants that write a self-assessment."""
        return tuple(p for p in self.participants if not p.external)

    def find_chair_named_in(self, text: str) -> Chair | None:
        """The Chair whose name is in a text, as whole words; the longest name if several are."""
        named = (chair for chair in self.chairs if has_name(text, make_name_key(chair.name)))
        return max(named, key=lambda chair: len(chair.name), default=None)

    @cached_property
    def present_chairs(self) -> tuple[Chair, ...]:
        """The Chairs that events can be given to: those that have not left."""
        return tuple(chair for chair in self.chairs if not chair.left)

    @cached_property
    def chair(self) -> dict[str, Chair]:
        """Chairs by id."""
        return {chair.id: chair for chair in self.chairs}

    def find_recipient(self, recipient_id: str) -> Participant | Chair | None:
        """The area or Chair with an id; None for the office and for an id of neither."""
        return self.participant.get(recipient_id) or self.chair.get(recipient_id)
