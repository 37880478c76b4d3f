"""The journey of a challenge, written once: what moves it on, what becomes due, what goes out.

Flows, dashboard, reminders and the diagram in the docs are driven by or drawn from this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Role, Stage


class Trigger(StrEnum):
    """What can move a challenge on."""

    SELF_ASSESSMENT_ACCEPTED = "self-assessment accepted"
    PARTNERS_APPROVED = "partners approved"
    PACK_ISSUED = "analysis pack issued"
    ANALYSIS_ACCEPTED = "analysis accepted"
    EVENT_AGREED = "event agreed"
    EVENT_DAY_PASSED = "event day passed"
    CHAIR_RECORD_ACCEPTED = "Chair's record accepted"
    ACTION_PLAN_ACCEPTED = "action plan accepted"
    ALL_ISSUED = "everything issued"


@dataclass(frozen=True, slots=True)
class Send:
    """A dispatch of `kind` to whoever holds `role` in the challenge."""

    kind: D
    role: Role


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: from `source` to `target` by `trigger`.

    `due` names the deadline that then runs, `waiting_on` who has to act to meet it.
    """

    source: Stage
    trigger: Trigger
    target: Stage
    sends: tuple[Send, ...] = ()
    due: str | None = None
    waiting_on: Role | None = None


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Stage.INVITED, Trigger.SELF_ASSESSMENT_ACCEPTED, Stage.SELF_ASSESSED, waiting_on=Role.OFFICE),
    Transition(
        Stage.SELF_ASSESSED,
        Trigger.PARTNERS_APPROVED,
        Stage.PAIRED,
        (
            Send(D.PARTNER_NOTICE, Role.AUTHOR),
            Send(D.PARTNER_NOTICE, Role.CHALLENGER),
            Send(D.ANALYSIS_PACK, Role.CHALLENGER),
        ),
        waiting_on=Role.OFFICE,
    ),
    Transition(
        Stage.PAIRED, Trigger.PACK_ISSUED, Stage.IN_ANALYSIS, due="analysis_due", waiting_on=Role.CHALLENGER
    ),
    Transition(
        Stage.IN_ANALYSIS,
        Trigger.ANALYSIS_ACCEPTED,
        Stage.RETURNED,
        (Send(D.RETURNED_ANALYSIS, Role.AUTHOR), Send(D.RESPONSE_FORM, Role.AUTHOR)),
        due="event_by",
        waiting_on=Role.OFFICE,
    ),
    Transition(
        Stage.RETURNED,
        Trigger.EVENT_AGREED,
        Stage.EVENT_SET,
        tuple(
            Send(kind, role)
            for kind in (D.EVENT_INVITATION, D.EVENT_CALENDAR)
            for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)
        ),
        due="event_on",
        waiting_on=Role.AUTHOR,
    ),
    Transition(
        Stage.EVENT_SET,
        Trigger.EVENT_DAY_PASSED,
        Stage.EVENT_HELD,
        due="chair_record_due",
        waiting_on=Role.CHAIR,
    ),
    Transition(
        Stage.EVENT_HELD,
        Trigger.CHAIR_RECORD_ACCEPTED,
        Stage.SUMMARISED,
        (Send(D.CHAIR_SUMMARY, Role.AUTHOR), Send(D.ACTION_PLAN_TEMPLATE, Role.AUTHOR)),
        due="action_plan_due",
        waiting_on=Role.AUTHOR,
    ),
    Transition(Stage.SUMMARISED, Trigger.ACTION_PLAN_ACCEPTED, Stage.PLANNED, waiting_on=Role.OFFICE),
    Transition(Stage.PLANNED, Trigger.ALL_ISSUED, Stage.CLOSED),
)

OPENING = (Send(D.SELF_ASSESSMENT_TEMPLATE, Role.AUTHOR),)
"""What goes out when a cycle opens."""

PREPARATION = (
    Send(D.CHAIR_BRIEFING, Role.CHAIR),
    Send(D.CHAIR_RECORD_FORM, Role.CHAIR),
    Send(D.PRESENTATION, Role.AUTHOR),
)
"""What goes out before an event: as soon as the author's response is in, or when it is due."""

SENT_BY: dict[Kind, Role] = {
    Kind.SELF_ASSESSMENT: Role.AUTHOR,
    Kind.ANALYSIS: Role.CHALLENGER,
    Kind.RESPONSE: Role.AUTHOR,
    Kind.CHAIR_RECORD: Role.CHAIR,
    Kind.ACTION_PLAN: Role.AUTHOR,
}
"""Who sends each kind of submission, and so who gets its receipt or its questions."""

PASSES_ON: dict[D, tuple[Kind, ...]] = {
    D.ANALYSIS_PACK: (Kind.SELF_ASSESSMENT,),
    D.RETURNED_ANALYSIS: (Kind.SELF_ASSESSMENT, Kind.ANALYSIS),
    D.CHAIR_BRIEFING: (Kind.RESPONSE,),
    D.CHAIR_SUMMARY: (Kind.CHAIR_RECORD,),
}
"""What each dispatch passes on whole: who is sent it may read those versions on the page as well.

What it only quotes from is left out: the briefing has some of a self-assessment, the action-plan
template some of a Chair's record, and nobody learns the rest by being sent them.
"""

ASKED_BY: dict[str, D] = {
    "self_assessment_due": D.SELF_ASSESSMENT_TEMPLATE,
    "analysis_due": D.ANALYSIS_PACK,
    "response_due": D.RESPONSE_FORM,
    "event_on": D.EVENT_INVITATION,
    "chair_record_due": D.CHAIR_RECORD_FORM,
    "action_plan_due": D.ACTION_PLAN_TEMPLATE,
}
"""What asks for each thing that is due: before it has gone out to them, nobody is reminded of that thing."""

QUOTES: dict[D, tuple[Kind, D]] = {
    D.RESPONSE_FORM: (Kind.ANALYSIS, D.RETURNED_ANALYSIS),
    D.PRESENTATION: (Kind.ANALYSIS, D.RETURNED_ANALYSIS),
    D.ACTION_PLAN_TEMPLATE: (Kind.CHAIR_RECORD, D.CHAIR_SUMMARY),
}
"""Dispatches that quote a submission, and what has to pass that on to the same reader before them."""

ACCEPTED: dict[Kind, Trigger] = {
    Kind.SELF_ASSESSMENT: Trigger.SELF_ASSESSMENT_ACCEPTED,
    Kind.ANALYSIS: Trigger.ANALYSIS_ACCEPTED,
    Kind.CHAIR_RECORD: Trigger.CHAIR_RECORD_ACCEPTED,
    Kind.ACTION_PLAN: Trigger.ACTION_PLAN_ACCEPTED,
}
"""What accepting a submission triggers. A response moves nothing: the event goes ahead without."""

RECEIVABLE: dict[Kind, tuple[Stage, ...]] = {
    Kind.SELF_ASSESSMENT: (Stage.INVITED, Stage.SELF_ASSESSED, Stage.PAIRED, Stage.IN_ANALYSIS),
    Kind.ANALYSIS: (Stage.IN_ANALYSIS, Stage.RETURNED),
    Kind.RESPONSE: (Stage.RETURNED, Stage.EVENT_SET, Stage.EVENT_HELD, Stage.SUMMARISED),
    Kind.CHAIR_RECORD: (Stage.EVENT_SET, Stage.EVENT_HELD, Stage.SUMMARISED),
    Kind.ACTION_PLAN: (Stage.SUMMARISED, Stage.PLANNED),
}
"""The stages in which a first or a new version of each kind has an effect."""

ORDER = tuple(stage for stage in Stage if stage is not Stage.WITHDRAWN)
FIRST_DUE = "self_assessment_due"


def transition(source: Stage, trigger: Trigger) -> Transition | None:
    """The move that `trigger` makes from `source`, or None when it moves nothing there."""
    return next((t for t in TRANSITIONS if t.source is source and t.trigger is trigger), None)


def standing_of(stage: Stage) -> tuple[str | None, Role | None]:
    """The deadline that runs in `stage` and who has to act: (None, None) once closed or withdrawn."""
    if stage is Stage.INVITED:
        return FIRST_DUE, Role.AUTHOR
    into = next((t for t in TRANSITIONS if t.target is stage), None)
    return (into.due, into.waiting_on) if into else (None, None)


def awaited(stage: Stage, *, is_response_in: bool) -> tuple[str | None, Role | None]:
    """The deadline that is to be met next, and by whom; before an event that is first the response."""
    if stage is Stage.EVENT_SET and not is_response_in:
        return "response_due", Role.AUTHOR
    return standing_of(stage)


def can_withdraw(stage: Stage) -> bool:
    """Whether a challenge in `stage` can still be withdrawn."""
    return stage not in (Stage.CLOSED, Stage.WITHDRAWN)


def diagram() -> str:
    """The journey as a Mermaid state diagram, for the docs."""

    def name(stage: Stage) -> str:
        return stage.value.replace("-", "_").replace(" ", "_")

    lines = ["stateDiagram-v2", f"    [*] --> {name(Stage.INVITED)}: cycle opened"]
    lines += [f"    {name(t.source)} --> {name(t.target)}: {t.trigger}" for t in TRANSITIONS]
    lines += [f"    {name(s)} --> {name(Stage.WITHDRAWN)}: withdrawn" for s in ORDER if can_withdraw(s)]
    return "\n".join([*lines, f"    {name(Stage.CLOSED)} --> [*]"])
