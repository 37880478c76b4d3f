"""A cycle: one round of peer challenge, with its participants, dates and rules.

Pure data, checked. Files are read by load_cycle.py, which reports every mistake with its place.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from peer_challenge.model.agenda import USUAL_AGENDA, check_agenda_line
from peer_challenge.model.email_addresses import clean_address
from peer_challenge.model.names_alike import has_name, make_name_key

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Policy = Literal["forbid", "avoid", "allow"]
Treatment = Literal["reject", "query", "warn", "note", "allow"]


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


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DateRange(_Data):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


class Receives(StrEnum):
    """What a contact gets emails about. `COPIES`: a copy of everything that the others get."""

    FORMS = "forms"
    REMINDERS = "reminders"
    EVENT = "event"
    COPIES = "copies"


class Contact(_Data):
    """Somebody to write to. `name` may be a role.

    `receives` says what emails are about that go to this contact. Where it is not given, the first contact
    with an address gets those about forms, reminders and the event, and each other one those about the event.
    """

    name: str
    role: str = ""
    email: Email = ""
    phone: str = ""
    receives: tuple[Receives, ...] | None = None


class Participant(_Data):
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
    challenged_by: dict[str, str] = {}
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


class Chair(_Data):
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


class Dates(_Data):
    """The two days a cycle is built on."""

    opens: date
    self_assessment_due: date


class Rules(_Data):
    """What a cycle asks of its documents and dates (docs/cycle-file.md lists each).

    `word_limit` is for one cell, `form_word_limit` for a whole self-assessment. A form says both, and nothing
    is held for being longer. None: no limit for the whole form. `accuracy_days` are the working days in which
    both areas can correct the draft of the Chair's summary; 0: the summary goes out as it is.
    """

    word_limit: int = Field(default=80, ge=1)
    form_word_limit: int | None = Field(default=5000, ge=1)
    agreed_items: int = Field(default=5, ge=1)
    macros: Literal["reject", "warn"] = "reject"
    sign_off: Literal["query", "warn"] = "query"
    not_applicable: Literal["allow", "query"] = "allow"
    marking: str = "OFFICIAL-SENSITIVE"
    rating_map: dict[str, Literal["RED", "AMBER", "GREEN", "NOT_APPLICABLE"]] = {}
    checks: dict[str, Treatment | Literal["off"]] = {}
    analysis_days: int = Field(default=28, ge=1)
    event_months: int = Field(default=2, ge=1)
    summary_working_days: int = Field(default=5, ge=1)
    accuracy_days: int = Field(default=5, ge=0)
    action_plan_days: int = Field(default=28, ge=1)
    review_months: tuple[Annotated[int, Field(ge=1, le=36)], ...] = Field(default=(3, 6), max_length=6)
    chase_actions: bool = False
    show_last_time: bool = True
    response_working_days_before_event: int = Field(default=5, ge=0)
    closing_time: str = Field(default="17:00", pattern=r"^\d\d:\d\d$")
    resubmission_restarts_clock: bool = False
    events_per_day: int = Field(default=2, ge=1)
    event_notice_working_days: int = Field(default=10, ge=0, le=60)
    event_after_analysis_working_days: int = Field(default=10, ge=0, le=60)
    look_at_events: bool = True
    agenda: tuple[Annotated[str, AfterValidator(check_agenda_line)], ...] = Field(
        default=USUAL_AGENDA, min_length=1, max_length=20
    )
    timetable_working_days: int = Field(default=5, ge=0, le=60)
    reminders_before_days: tuple[int, ...] = (14, 7, 1)
    reminders_after_working_days: tuple[int, ...] = (1, 5)
    extra_bank_holidays: tuple[date, ...] = ()
    school_holidays: tuple[DateRange, ...] = ()
    school_calendars: tuple[str, ...] = ()
    retention_months: int | None = Field(default=None, ge=1)
    look_before_sending: bool = True
    evidence_goes_with_pack: bool = False
    marking_in_subject: bool = True


class AssignmentRules(_Data):
    """Who may challenge whom. `pins` and `bans` are author -> challenger(s)."""

    reciprocal: Policy = "forbid"
    shared_police: Policy = "forbid"
    shared_icb: Policy = "avoid"
    neighbours: Policy = "avoid"
    previous_challenger: Policy = "avoid"
    declared_conflicts: Policy = "forbid"
    repeat_within_cycles: int = Field(default=2, ge=0)
    triads: bool = False
    pins: dict[str, str] = {}
    bans: dict[str, tuple[str, ...]] = {}
    seed: int = 0


NEEDED_BY_RULES = {
    "shared_police": ("police", "police force"),
    "shared_icb": ("icb", "integrated care board"),
}
"""What a rule needs to know of each area: the participant's field, and what it is called."""


class Cycle(_Data):
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
