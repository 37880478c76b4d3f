"""The rules of a cycle, each with its usual value: how long everything takes, and who may challenge whom."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from peer_challenge.model.agenda import USUAL_AGENDA, check_agenda_line

Policy = Literal["forbid", "avoid", "allow"]


Treatment = Literal["reject", "query", "warn", "note", "allow"]


class CycleData(BaseModel):
    """What a cycle is made of: checked, never changed, and without fields that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DateRange(CycleData):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


class Rules(CycleData):
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


class AssignmentRules(CycleData):
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
