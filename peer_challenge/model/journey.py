"""The journey of a challenge, written once: what moves it on, what becomes due, what goes out.

Two tables hold it: TRANSITIONS, the moves between stages, and STAGES, what is true in each stage. Flows,
dashboard, reminders and the diagram in the docs are made from them. Code that needs to know something
about a stage asks a function of this module, and keeps no list of stages.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from peer_challenge.model.kinds_of_submission import DUE_BY
from peer_challenge.model.vocabulary import DeadlineName, Kind, Role, Stage
from peer_challenge.model.vocabulary import DispatchKind as D


class Trigger(StrEnum):
    """What can move a challenge on."""

    SELF_ASSESSMENT_ACCEPTED = "self-assessment accepted"
    PARTNERS_APPROVED = "partners approved"
    PACK_ISSUED = "analysis pack issued"
    ANALYSIS_ACCEPTED = "analysis accepted"
    EVENT_AGREED = "event agreed"
    EVENT_DAY_PASSED = "event day passed"
    EVENT_NOT_HELD = "event given another day"
    CHAIR_RECORD_ACCEPTED = "Chair's record accepted"
    RECORD_TO_CHECK = "Chair's record accepted, to be checked"
    ACCURACY_SETTLED = "corrections settled"
    ACTION_PLAN_ACCEPTED = "action plan accepted"
    FOLLOW_UP_SET = "cycle sets reviews"
    PROGRESS_REPORT_ACCEPTED = "progress report accepted"
    LAST_REPORT_ACCEPTED = "last progress report accepted"
    ENDED_BY_OFFICE = "ended by the office"
    ALL_ISSUED = "everything issued"


@dataclass(frozen=True, slots=True)
class Send:
    """A dispatch of `kind` to the person or area that holds `role` in the challenge."""

    kind: D
    role: Role


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: from `source` to `target` by `trigger`, and what it sends."""

    source: Stage
    trigger: Trigger
    target: Stage
    sends: tuple[Send, ...] = ()


_SUMMARY = (
    Send(D.CHAIR_SUMMARY, Role.AUTHOR),
    Send(D.ACTION_PLAN_TEMPLATE, Role.AUTHOR),
    Send(D.CHAIR_SUMMARY, Role.CHALLENGER),
    Send(D.CHAIR_SUMMARY, Role.CHAIR),
)
"""The final summary, with what the author does next."""

_DRAFT = (Send(D.DRAFT_SUMMARY, Role.AUTHOR), Send(D.CHALLENGER_DRAFT_SUMMARY, Role.CHALLENGER))
"""The draft of the summary, for both areas to correct its facts."""

_REPORT_TO_CHALLENGER = (Send(D.PROGRESS_REPORT_COPY, Role.CHALLENGER),)
"""The challenger reads each progress report."""

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Stage.INVITED, Trigger.SELF_ASSESSMENT_ACCEPTED, Stage.SELF_ASSESSED),
    Transition(
        Stage.SELF_ASSESSED,
        Trigger.PARTNERS_APPROVED,
        Stage.PAIRED,
        (
            Send(D.PARTNER_NOTICE, Role.AUTHOR),
            Send(D.PARTNER_NOTICE, Role.CHALLENGER),
            Send(D.ANALYSIS_PACK, Role.CHALLENGER),
        ),
    ),
    Transition(Stage.PAIRED, Trigger.PACK_ISSUED, Stage.IN_ANALYSIS),
    Transition(
        Stage.IN_ANALYSIS,
        Trigger.ANALYSIS_ACCEPTED,
        Stage.RETURNED,
        (Send(D.RETURNED_ANALYSIS, Role.AUTHOR), Send(D.RESPONSE_FORM, Role.AUTHOR)),
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
    ),
    Transition(Stage.EVENT_SET, Trigger.EVENT_DAY_PASSED, Stage.EVENT_HELD),
    Transition(Stage.EVENT_HELD, Trigger.EVENT_NOT_HELD, Stage.EVENT_SET),
    Transition(
        Stage.EVENT_HELD,
        Trigger.CHAIR_RECORD_ACCEPTED,
        Stage.SUMMARISED,
        _SUMMARY,
    ),
    Transition(
        Stage.EVENT_HELD,
        Trigger.RECORD_TO_CHECK,
        Stage.DRAFTED,
        (*_DRAFT, Send(D.DRAFT_NOTICE, Role.CHAIR)),
    ),
    Transition(Stage.DRAFTED, Trigger.ACCURACY_SETTLED, Stage.SUMMARISED, _SUMMARY),
    Transition(Stage.SUMMARISED, Trigger.ACTION_PLAN_ACCEPTED, Stage.PLANNED),
    Transition(Stage.PLANNED, Trigger.FOLLOW_UP_SET, Stage.IN_FOLLOW_UP),
    Transition(
        Stage.IN_FOLLOW_UP, Trigger.PROGRESS_REPORT_ACCEPTED, Stage.IN_FOLLOW_UP, _REPORT_TO_CHALLENGER
    ),
    Transition(Stage.IN_FOLLOW_UP, Trigger.LAST_REPORT_ACCEPTED, Stage.REVIEWED, _REPORT_TO_CHALLENGER),
    Transition(Stage.PLANNED, Trigger.ALL_ISSUED, Stage.CLOSED),
    Transition(Stage.REVIEWED, Trigger.ALL_ISSUED, Stage.CLOSED),
    Transition(
        Stage.IN_FOLLOW_UP,
        Trigger.ENDED_BY_OFFICE,
        Stage.CLOSED,
        (Send(D.FOLLOW_UP_ENDED, Role.AUTHOR),),
    ),
)


class Challenger(StrEnum):
    """How firmly the challenger of a challenge is decided."""

    OPEN = "open"
    CHOSEN = "chosen"
    """Approved, and at work: another may still be found, should this area drop out."""
    SETTLED = "settled"
    """The analysis is in: whatever becomes of its challenger, the challenge is not given to another."""


class Watch(StrEnum):
    """What happens without anybody sending a document, so that `advance` has to look for it."""

    PACK_ISSUED = "the analysis pack has gone out"
    EVIDENCE_DUE = "files that came with the self-assessment are to go with its pack"
    FIGURES_DUE = "the area's figures are to go to those who read its challenge"
    CLOCK_RESTARTED = "the pack of a later self-assessment has gone out"
    PREPARATION_DUE = "what the event needs is to go out"
    EVENT_DAY_PASSED = "the day of the event is over"
    DRAFT_ISSUED = "the draft of the summary has gone out"
    ACCURACY_SETTLED = "nothing in the draft of the summary waits for corrections any more"
    SUMMARY_ISSUED = "the Chair's summary has gone out"
    FOLLOW_UP_SET = "the cycle sets reviews of the action plan"
    REVIEW_DUE = "a progress report is to be asked for"
    CAME_EARLY = "the form that comes next was accepted out of turn before"
    ALL_ISSUED = "nothing is waiting to go out any more"


@dataclass(frozen=True, slots=True)
class Wait:
    """Who has to act, and by which deadline; None where no day is set for it.

    `is_beside`: it is waited for at the same time as the one before. `words` say what the office has to do,
    within a sentence; "" for others, of whom the deadline says it.
    """

    deadline: DeadlineName | None
    role: Role
    is_beside: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class StageRow:
    """What is true of a challenge in one stage.

    `waits` are what it waits for, in order: the first that is not met comes next. `open_deadlines` still
    have to be met; `meets` are the deadlines that are met by coming to this stage. `receives` are the kinds
    of submission of which a first or a new version has an effect. `renews` is what an accepted later
    version of one sends again, as the version before had been passed on: also of a kind whose turn is over,
    where the office has taken it in. `hands_over` is what every version of one sends to those who read it,
    from the first on. `watches` is what `advance` looks for.
    """

    waits: tuple[Wait, ...] = ()
    open_deadlines: tuple[DeadlineName, ...] = ()
    meets: tuple[DeadlineName, ...] = ()
    receives: tuple[Kind, ...] = ()
    renews: Mapping[Kind, tuple[Send, ...]] = field(default_factory=dict)
    hands_over: Mapping[Kind, tuple[Send, ...]] = field(default_factory=dict)
    watches: tuple[Watch, ...] = ()
    challenger: Challenger = Challenger.SETTLED
    has_event: bool = False
    is_over: bool = False


_LAST = "the last documents to go out"
_PACK_AGAIN = {Kind.SELF_ASSESSMENT: (Send(D.ANALYSIS_PACK, Role.CHALLENGER),)}


def _list_sends_of_trigger(trigger: Trigger) -> tuple[Send, ...]:
    """What the moves by `trigger` send."""
    return tuple(send for move in TRANSITIONS if move.trigger is trigger for send in move.sends)


STAGES: Mapping[Stage, StageRow] = {
    Stage.INVITED: StageRow(
        waits=(Wait(DeadlineName.SELF_ASSESSMENT_DUE, Role.AUTHOR),),
        open_deadlines=(DeadlineName.SELF_ASSESSMENT_DUE,),
        receives=(Kind.SELF_ASSESSMENT,),
        challenger=Challenger.OPEN,
    ),
    Stage.SELF_ASSESSED: StageRow(
        waits=(Wait(None, Role.OFFICE, words="partners, once every self-assessment is in"),),
        meets=(DeadlineName.SELF_ASSESSMENT_DUE,),
        receives=(Kind.SELF_ASSESSMENT,),
        challenger=Challenger.OPEN,
    ),
    Stage.PAIRED: StageRow(
        waits=(Wait(None, Role.OFFICE, words="the analysis pack to go out"),),
        receives=(Kind.SELF_ASSESSMENT,),
        renews=_PACK_AGAIN,
        watches=(Watch.EVIDENCE_DUE, Watch.FIGURES_DUE, Watch.PACK_ISSUED),
        challenger=Challenger.CHOSEN,
    ),
    Stage.IN_ANALYSIS: StageRow(
        waits=(Wait(DeadlineName.ANALYSIS_DUE, Role.CHALLENGER),),
        open_deadlines=(DeadlineName.ANALYSIS_DUE, DeadlineName.EVENT_BY),
        receives=(Kind.SELF_ASSESSMENT, Kind.ANALYSIS),
        renews=_PACK_AGAIN,
        watches=(Watch.EVIDENCE_DUE, Watch.FIGURES_DUE, Watch.CLOCK_RESTARTED, Watch.CAME_EARLY),
        challenger=Challenger.CHOSEN,
    ),
    Stage.RETURNED: StageRow(
        waits=(Wait(DeadlineName.EVENT_BY, Role.OFFICE, words="an event to agree"),),
        open_deadlines=(DeadlineName.EVENT_BY,),
        meets=(DeadlineName.ANALYSIS_DUE,),
        receives=(Kind.ANALYSIS, Kind.RESPONSE),
        renews={Kind.ANALYSIS: _list_sends_of_trigger(Trigger.ANALYSIS_ACCEPTED)},
        hands_over={Kind.RESPONSE: (Send(D.CHALLENGER_BRIEFING, Role.CHALLENGER),)},  # there is no Chair yet
        watches=(Watch.EVIDENCE_DUE,),
    ),
    Stage.EVENT_SET: StageRow(
        waits=(Wait(DeadlineName.RESPONSE_DUE, Role.AUTHOR), Wait(DeadlineName.EVENT_ON, Role.AUTHOR)),
        open_deadlines=(DeadlineName.RESPONSE_DUE, DeadlineName.EVENT_ON, DeadlineName.CHAIR_RECORD_DUE),
        receives=(Kind.RESPONSE, Kind.CHAIR_RECORD),
        renews={Kind.ANALYSIS: _list_sends_of_trigger(Trigger.ANALYSIS_ACCEPTED)},  # taken in by the office
        watches=(Watch.EVIDENCE_DUE, Watch.PREPARATION_DUE, Watch.FIGURES_DUE, Watch.EVENT_DAY_PASSED),
        has_event=True,
    ),
    Stage.EVENT_HELD: StageRow(
        waits=(Wait(DeadlineName.CHAIR_RECORD_DUE, Role.CHAIR),),
        open_deadlines=(DeadlineName.CHAIR_RECORD_DUE,),
        meets=(DeadlineName.EVENT_ON,),
        receives=(Kind.RESPONSE, Kind.CHAIR_RECORD),
        watches=(Watch.CAME_EARLY,),
        has_event=True,
    ),
    Stage.DRAFTED: StageRow(
        waits=(
            Wait(DeadlineName.CORRECTIONS_DUE, Role.AUTHOR),
            Wait(DeadlineName.CHALLENGER_CORRECTIONS_DUE, Role.CHALLENGER, is_beside=True),
            Wait(None, Role.OFFICE, words="corrections to settle"),
        ),
        open_deadlines=(DeadlineName.CORRECTIONS_DUE, DeadlineName.CHALLENGER_CORRECTIONS_DUE),
        meets=(DeadlineName.CHAIR_RECORD_DUE,),
        receives=(Kind.RESPONSE, Kind.CHAIR_RECORD, Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS),
        renews={Kind.CHAIR_RECORD: _DRAFT},
        watches=(Watch.DRAFT_ISSUED, Watch.ACCURACY_SETTLED),
        has_event=True,
    ),
    Stage.SUMMARISED: StageRow(
        waits=(Wait(DeadlineName.ACTION_PLAN_DUE, Role.AUTHOR),),
        open_deadlines=(DeadlineName.ACTION_PLAN_DUE,),
        meets=(
            DeadlineName.CHAIR_RECORD_DUE,
            DeadlineName.CORRECTIONS_DUE,
            DeadlineName.CHALLENGER_CORRECTIONS_DUE,
        ),
        receives=(Kind.RESPONSE, Kind.CHAIR_RECORD, Kind.ACTION_PLAN),
        renews={Kind.CHAIR_RECORD: _SUMMARY},
        watches=(Watch.SUMMARY_ISSUED, Watch.CAME_EARLY),
        has_event=True,
    ),
    Stage.PLANNED: StageRow(
        waits=(Wait(None, Role.OFFICE, words=_LAST),),
        meets=(DeadlineName.ACTION_PLAN_DUE,),
        receives=(Kind.ACTION_PLAN,),
        watches=(Watch.FOLLOW_UP_SET, Watch.ALL_ISSUED),
        has_event=True,
    ),
    Stage.IN_FOLLOW_UP: StageRow(
        waits=(Wait(DeadlineName.PROGRESS_REPORT_DUE, Role.AUTHOR),),
        open_deadlines=(DeadlineName.PROGRESS_REPORT_DUE,),
        receives=(Kind.ACTION_PLAN, Kind.PROGRESS_REPORT),
        renews={Kind.PROGRESS_REPORT: _REPORT_TO_CHALLENGER},
        watches=(Watch.REVIEW_DUE,),
        has_event=True,
    ),
    Stage.REVIEWED: StageRow(
        waits=(Wait(None, Role.OFFICE, words=_LAST),),
        meets=(DeadlineName.PROGRESS_REPORT_DUE,),
        receives=(Kind.PROGRESS_REPORT,),
        renews={Kind.PROGRESS_REPORT: _REPORT_TO_CHALLENGER},
        watches=(Watch.ALL_ISSUED,),
        has_event=True,
    ),
    Stage.CLOSED: StageRow(has_event=True, is_over=True),
    Stage.WITHDRAWN: StageRow(challenger=Challenger.OPEN, is_over=True),
}
"""A row for every stage. A test holds it complete, and to TRANSITIONS."""

BRIEFINGS = (Send(D.CHALLENGER_BRIEFING, Role.CHALLENGER), Send(D.CHAIR_BRIEFING, Role.CHAIR))
"""What those who lead an event read before it; they get it again when what it says changes."""

_PRESENTATION = Send(D.PRESENTATION, Role.AUTHOR)

RENEWED_ONCE_PREPARED: Mapping[Kind, tuple[Send, ...]] = {Kind.RESPONSE: (*BRIEFINGS, _PRESENTATION)}
"""What is sent again before an event for what comes after the event was prepared, to all who read it."""

SENT_UNCONFIRMED: Mapping[Kind, frozenset[D]] = {
    Kind.RESPONSE: frozenset({D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING, D.PRESENTATION})
}
"""What says a document about which we still have questions, marked as not yet confirmed.

The event does not wait for the answers to our questions, and the document is sent again with them. All else
is made of accepted versions alone.
"""

SENT_AGAIN = frozenset(
    {send.kind for row in STAGES.values() for sends in row.renews.values() for send in sends}
    | {send.kind for sends in RENEWED_ONCE_PREPARED.values() for send in sends}
    | {D.EVENT_INVITATION, D.PARTNER_NOTICE}
)
"""What a later version or a change sends again: its reader is told which one it takes the place of."""

OPENING = (Send(D.SELF_ASSESSMENT_TEMPLATE, Role.AUTHOR), Send(D.LAUNCH_LETTER, Role.AUTHOR))
"""What goes out when a cycle opens: the form, and with it a letter that says what this is."""

PREPARATION = (
    *BRIEFINGS,
    Send(D.CHAIR_RECORD_FORM, Role.CHAIR),
    _PRESENTATION,
)
"""What goes out before an event: as soon as the author's response is in, or when it is due."""

WITHDRAWING = tuple(Send(D.WITHDRAWAL_NOTICE, role) for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR))
"""What goes out when a challenge is withdrawn, to those who know of it."""

CANCELLING_EVENT = tuple(
    Send(D.EVENT_CANCELLATION, role) for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)
)
"""What takes an event that will not be held out of diaries, of those who were told of it."""


ACCEPTED: dict[Kind, Trigger] = {
    Kind.SELF_ASSESSMENT: Trigger.SELF_ASSESSMENT_ACCEPTED,
    Kind.ANALYSIS: Trigger.ANALYSIS_ACCEPTED,
    Kind.CHAIR_RECORD: Trigger.CHAIR_RECORD_ACCEPTED,
    Kind.ACTION_PLAN: Trigger.ACTION_PLAN_ACCEPTED,
    Kind.PROGRESS_REPORT: Trigger.PROGRESS_REPORT_ACCEPTED,
}
"""What accepting a submission triggers. A response moves nothing: the event goes ahead without.

The last progress report triggers LAST_REPORT_ACCEPTED instead, and a Chair's record RECORD_TO_CHECK where
the cycle gives the areas days to correct it. Corrections move nothing: they are settled first.
"""

MOVE_NOTHING = frozenset(set(Kind) - set(ACCEPTED))
"""The kinds whose deadline is met by their coming, whatever the stage."""


ORDER = tuple(stage for stage in Stage if stage is not Stage.WITHDRAWN)
"""The stages of a challenge that runs its course, in order."""


def find_transition(source: Stage, trigger: Trigger) -> Transition | None:
    """The move that `trigger` makes from `source`, or None when it moves nothing there."""
    return next((t for t in TRANSITIONS if t.source is source and t.trigger is trigger), None)


def list_awaited(stage: Stage, *, came: Collection[Kind]) -> list[Wait]:
    """What is waited for now in `stage`: the first thing that is not met, and those beside it.

    `came` are the kinds of MOVE_NOTHING that are in. Empty once the challenge is over.
    """
    found: list[Wait] = []
    for wait in STAGES[stage].waits:
        if found and not wait.is_beside:
            break
        if not _has_come(wait.deadline, came):
            found.append(wait)
    return found


def _has_come(deadline: DeadlineName | None, came: Collection[Kind]) -> bool:
    """Whether a deadline is met by one of the kinds that are in."""
    return deadline is not None and deadline in {DUE_BY[kind] for kind in came}


def find_next_wait(stage: Stage, *, came: Collection[Kind]) -> Wait | None:
    """What comes next in `stage`; None once it is over.

    Before an event, the response comes first until it is in: `came` are the kinds of MOVE_NOTHING that are.
    """
    return next(iter(list_awaited(stage, came=came)), None)


def open_deadlines(stage: Stage, *, came: Collection[Kind]) -> tuple[DeadlineName, ...]:
    """The deadlines that still have to be met in `stage`; that of a kind of MOVE_NOTHING until it is in."""
    return tuple(name for name in STAGES[stage].open_deadlines if not _has_come(name, came))


def met_deadlines(
    stages: Collection[Stage], *, is_event_agreed: bool, came: Collection[Kind]
) -> frozenset[DeadlineName]:
    """The deadlines that are met when a challenge has come to all of `stages`.

    Some depend on no stage: the event's last day is met once a day is agreed, and the deadline of a kind of
    MOVE_NOTHING once that is in.
    """
    met = {name for stage, row in STAGES.items() if stage in stages for name in row.meets}
    met |= {DeadlineName.EVENT_BY} if is_event_agreed else set()
    return frozenset(met | {DUE_BY[kind] for kind in came})


def find_trigger(kind: Kind, *, is_checked: bool) -> Trigger | None:
    """What accepting a submission of `kind` triggers, or None.

    `is_checked`: the cycle gives both areas days to correct the Chair's summary.
    """
    return Trigger.RECORD_TO_CHECK if is_checked and kind is Kind.CHAIR_RECORD else ACCEPTED.get(kind)


def find_kind_awaited(stage: Stage) -> Kind | None:
    """The kind of submission whose acceptance moves a challenge on from `stage`, or None."""
    triggers = {move.trigger for move in TRANSITIONS if move.source is stage}
    return next((kind for kind, trigger in ACCEPTED.items() if trigger in triggers), None)


def can_receive(kind: Kind, stage: Stage) -> bool:
    """Whether a first or a new version of `kind` has an effect in `stage`."""
    return kind in STAGES[stage].receives


def list_sends_of_version(kind: Kind, stage: Stage, *, is_prepared: bool = False) -> tuple[Send, ...]:
    """What a version of `kind` that moves nothing sends in `stage`: what had passed on the one before.

    `is_prepared` says that what an event needs has gone out. Empty where nothing was passed on yet, and
    where it is too late for it.
    """
    if is_prepared and stage is Stage.EVENT_SET and kind in RENEWED_ONCE_PREPARED:
        return RENEWED_ONCE_PREPARED[kind]
    return STAGES[stage].renews.get(kind, ()) or STAGES[stage].hands_over.get(kind, ())


_BROUGHT_BY_NOTHING = (
    Trigger.ACCURACY_SETTLED,
    Trigger.ALL_ISSUED,
    Trigger.FOLLOW_UP_SET,
    Trigger.ENDED_BY_OFFICE,
)
_BROUGHT_BY = {trigger: kind for kind, trigger in ACCEPTED.items()} | {
    Trigger.LAST_REPORT_ACCEPTED: Kind.PROGRESS_REPORT,
    Trigger.RECORD_TO_CHECK: Kind.CHAIR_RECORD,
}


def brought_by(stage: Stage) -> frozenset[Kind]:
    """The kinds of submission that bring a challenge to `stage`: showing the stage shows that one is in.

    A closed challenge shows what brought it to the stage before, and so does one in follow-up. Empty if no
    submission does.
    """
    found: set[Kind] = set()
    for move in TRANSITIONS:
        if move.target is stage and move.trigger in _BROUGHT_BY_NOTHING:
            found |= brought_by(move.source)
        elif move.target is stage and move.trigger in _BROUGHT_BY:
            found.add(_BROUGHT_BY[move.trigger])
    return frozenset(found)


def tells_partners(stage: Stage) -> bool:
    """Whether showing `stage` tells no more than who is paired."""
    return STAGES[stage].challenger is Challenger.CHOSEN


def is_under_way(stage: Stage) -> bool:
    """Whether a challenger is at work in `stage` or has been: proposals do not change such a pair."""
    return STAGES[stage].challenger is not Challenger.OPEN


def is_settled(stage: Stage) -> bool:
    """Whether the analysis is in, so that the challenge is given to no other challenger."""
    return STAGES[stage].challenger is Challenger.SETTLED


def can_change_challenger(stage: Stage) -> bool:
    """Whether another challenger can be found in `stage` for one who drops out."""
    return STAGES[stage].challenger is Challenger.CHOSEN


def has_event(stage: Stage) -> bool:
    """Whether the event has been agreed, or held, in `stage`."""
    return STAGES[stage].has_event


def can_plan_event(stage: Stage) -> bool:
    """Whether a day for the event can be chosen ahead in `stage`: while the challenger is at work."""
    return STAGES[stage].challenger is Challenger.CHOSEN


def can_move_event(stage: Stage, *, has_record: bool) -> bool:
    """Whether the event can be given another day in `stage`.

    `has_record`: its Chair's record has come. The calendar alone says that an event was held; only the record
    shows that it took place.
    """
    is_to_come = DeadlineName.EVENT_ON in STAGES[stage].open_deadlines
    return is_to_come or (not has_record and find_transition(stage, Trigger.EVENT_NOT_HELD) is not None)


def watched_in(stage: Stage) -> tuple[Watch, ...]:
    """What `advance` looks for in `stage`, in this order."""
    return STAGES[stage].watches


def can_send_evidence(stage: Stage) -> bool:
    """Whether a file that the office passes on in `stage` goes: its pack is to come, or it is watched for."""
    row = STAGES[stage]
    return not row.is_over and (row.challenger is Challenger.OPEN or Watch.EVIDENCE_DUE in row.watches)


def find_stage_to_reopen(*, has_reviews: bool) -> Stage:
    """The last stage that waits for somebody outside the office: there a closed challenge goes on.

    `has_reviews`: its cycle sets reviews of the action plan.
    """
    return next(
        stage
        for stage in reversed(ORDER)
        if any(wait.role is not Role.OFFICE and wait.deadline for wait in STAGES[stage].waits)
        if has_reviews or not can_end_follow_up(stage)
    )


def find_stage_after_break(before: Stage) -> Stage:
    """The stage in which a challenge goes on that ended in `before`: without its event, it waits for one."""
    return Stage.RETURNED if before is Stage.EVENT_SET else before


def is_final_stage(stage: Stage) -> bool:
    """Whether nothing more happens in `stage`: the challenge is closed or withdrawn."""
    return STAGES[stage].is_over


def can_end_follow_up(stage: Stage) -> bool:
    """Whether the office can close a challenge in `stage` before its last review is in."""
    return find_transition(stage, Trigger.ENDED_BY_OFFICE) is not None


def can_withdraw(stage: Stage) -> bool:
    """Whether a challenge in `stage` can still be withdrawn."""
    return not is_final_stage(stage)


def draw_journey_diagram() -> str:
    """The journey as a Mermaid state diagram, for the docs."""

    def name(stage: Stage) -> str:
        return stage.value.replace("-", "_").replace(" ", "_")

    lines = ["stateDiagram-v2", f"    [*] --> {name(Stage.INVITED)}: cycle opened"]
    lines += [f"    {name(t.source)} --> {name(t.target)}: {t.trigger}" for t in TRANSITIONS]
    lines += [f"    {name(s)} --> {name(Stage.WITHDRAWN)}: withdrawn" for s in ORDER if can_withdraw(s)]
    return "\n".join([*lines, f"    {name(Stage.CLOSED)} --> [*]"])
