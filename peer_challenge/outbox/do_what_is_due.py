"""Advance: for every challenge, do what its stage and the date make due, then issue what is intended.

Safe to run at any time and twice: each step looks at the register, and each is one transaction. Partners
and days of events take long to work out, so that is done before their transaction is opened.
"""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from peer_challenge.clock import local_day
from peer_challenge.errors import PeerChallengeError
from peer_challenge.events import propose_or_set_events
from peer_challenge.events.agree_events import agree_what_was_agreed_ahead
from peer_challenge.events.send_timetable import send_first_timetable
from peer_challenge.intake.arrival_findings import OUT_OF_TURN
from peer_challenge.intake.settle_evidence import settle_evidence
from peer_challenge.model.access import Party
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.journey import (
    PREPARATION,
    Send,
    Trigger,
    Watch,
    find_kind_awaited,
    find_trigger,
    is_final_stage,
    watched_in,
)
from peer_challenge.model.kinds_of_submission import DUE_BY, SENT_BY, TIME_FOR_REPORT
from peer_challenge.model.overdue_or_at_risk import UNSETTLED
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.outbox import made_files
from peer_challenge.outbox.dates_of_sending import (
    DRAFTS,
    begin_analysis,
    note_draft,
    note_summary,
    restart_clock,
)
from peer_challenge.outbox.issue import Issued, issue_waiting
from peer_challenge.outbox.look_before_sending import tidy_files_to_look_at
from peer_challenge.partners import proposals
from peer_challenge.post.deliver import Delivered, deliver_messages
from peer_challenge.post.group_into_messages import group_messages
from peer_challenge.register import (
    challenges,
    corrections,
    decisions,
    evidence,
    frames,
    indicators,
    journal,
    messages,
    outbox,
    submission_counts,
    submissions,
)
from peer_challenge.register.cycles import close_cycle, load_cycles, load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.register.proposed_events import list_proposed_events
from peer_challenge.register.records import Challenge, Dispatch, DispatchState
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.settings import Settings

log = logging.getLogger(__name__)
ROUNDS = 10
"""Each round does what the one before made due; an approval, its packs and their dates take three."""
_LOOK_AGAIN_SECONDS = 0.2
"""Little beside an advance, and seldom enough that asking for the lock costs nothing."""
_CLOSING = (
    DispatchKind.REGIONAL_OVERVIEW,
    DispatchKind.REGIONAL_OVERVIEW_ANONYMISED,
    DispatchKind.REGIONAL_TABLES,
)
Progress = Callable[[int, int], None]


class AlreadyAdvancing(PeerChallengeError):
    """Another process is already doing what is due."""

    exit_code = 7
    remedy = "Nothing to do: what is due is being done. Run it again in a minute if you doubt it."


@dataclass(slots=True)
class Advanced:
    """What one advance did: how many challenges moved, how many messages are new, and what was issued."""

    moved: int = 0
    messages: int = 0
    issued: list[Issued] = field(default_factory=list)
    delivered: Delivered = field(default_factory=Delivered)


def advance_challenges(
    register: Register, settings: Settings, at: datetime, *, progress: Progress = lambda done, total: None
) -> Advanced:
    """Do what is due at `at`. Raises AlreadyAdvancing when another process is doing so.

    The advance flow takes the same steps one by one, as tasks of Prefect.
    """
    done = Advanced()
    with advancing(register):
        tidy_files_to_look_at(register, settings)
        for _ in range(ROUNDS):
            moved = move_all_challenges(register, settings, at)
            waiting = made_files.list_waiting(register)
            moved += settle_evidence(register, settings, at)  # of a form that came since: see its receipt
            issued = issue_waiting(register, settings, at, only=waiting, progress=progress)
            grouped = group_messages(register, settings, at)
            done.moved += moved
            done.issued += issued
            done.messages += grouped
            if not moved and not issued and not grouped:
                break
    return done


def advance_and_deliver(
    register: Register, settings: Settings, at: datetime, *, progress: Progress = lambda done, total: None
) -> Advanced:
    """Do what is due at `at`, then deliver the messages, then what is due as they have gone.

    Raises AlreadyAdvancing when another process is doing what is due.
    """
    done = advance_challenges(register, settings, at, progress=progress)
    while True:
        delivered = deliver_messages(register, settings, at)
        done.delivered.add(delivered)
        if not delivered.sent:
            return done
        after = advance_challenges(register, settings, at, progress=progress)  # dates have begun to count
        done.moved, done.issued = done.moved + after.moved, done.issued + after.issued


@contextlib.contextmanager
def advancing(register: Register, *, patience: float = 0) -> Iterator[None]:
    """Be the only process that does what is due. Raises AlreadyAdvancing.

    Another is waited for, `patience` seconds at most: it may be past the step that is due only now.
    """
    until = time.monotonic() + patience
    while True:
        with register.exclusive("advance") as is_ours:
            if is_ours:
                yield
                return
        if time.monotonic() >= until:
            raise AlreadyAdvancing("Another advance is running.")
        time.sleep(_LOOK_AGAIN_SECONDS)


def move_all_challenges(register: Register, settings: Settings, at: datetime) -> int:
    """Move on every challenge of every open cycle that can be; returns how many moves were made."""
    settle_evidence(register, settings, at)
    moved = propose_partners(register, settings, at)
    moved += set_dates(register, at)
    return moved + propose_events(register, at)


def propose_partners(register: Register, settings: Settings, at: datetime) -> int:
    """Propose who challenges whom in every open cycle where it is due; returns how many moves were made."""
    approve = settings.approve_automatically
    propose = partial(proposals.propose_when_due, register, at=at, approve=approve)
    return sum(_work_out(propose, cycle) for cycle in _open_cycles(register))


def propose_events(register: Register, at: datetime) -> int:
    """Propose an event for every returned challenge of every open cycle; returns how many are new.

    They are set at once where the cycle says that the office does not look at them first.
    """

    def work_out(cycle: Cycle) -> int:
        give = (
            propose_or_set_events.propose_events
            if cycle.rules.look_at_events
            else propose_or_set_events.set_events
        )
        return _agree_ahead(register, cycle, at) + give(register, cycle, at)

    return sum(_work_out(work_out, cycle) for cycle in _open_cycles(register))


def _agree_ahead(register: Register, cycle: Cycle, at: datetime) -> int:
    """Agree what was agreed ahead and whose analysis is in now; returns how many events."""
    with register.reading() as connection:
        if not list_proposed_events(connection, cycle):
            return 0
    with register.writing() as connection:
        return agree_what_was_agreed_ahead(connection, cycle, at)


def set_dates(register: Register, at: datetime) -> int:
    """Let dates follow the calendar, and move on every challenge whose time has come; returns how many."""
    return sum(_move_cycle(register, cycle, at) for cycle in _open_cycles(register))


def _open_cycles(register: Register) -> list[Cycle]:
    with register.reading() as connection:
        return load_cycles(connection)


def _work_out(work_out: Callable[[Cycle], int], cycle: Cycle) -> int:
    """What has to be worked out; where the register keeps changing meanwhile, the next advance does it."""
    try:
        return work_out(cycle)
    except ChangedMeanwhile:
        log.warning("partners or events of %s were not worked out: the register kept changing", cycle.id)
        return 0


def _move_cycle(register: Register, cycle: Cycle, at: datetime) -> int:
    with register.writing() as connection:
        cycle, _ = load_stored(connection, cycle.id)  # it may have been changed since
        challenges.follow_calendar(connection, cycle, at=at)
        idle = _find_idle(connection, cycle)
        moved = sum(
            _move_challenge(connection, cycle, challenge, at, idle)
            for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        )
        moved += send_first_timetable(connection, cycle, at)
        return moved + _close_cycle(connection, cycle, at)


def _find_idle(connection: Transaction, cycle: Cycle) -> Callable[[Watch, Challenge], bool]:
    """Whether there is nothing in the cycle that something watched for in a challenge could be about."""
    with_files = evidence.list_challenges_with_files(connection, cycle.id)
    has_figures = bool(indicators.load_indicators(connection, cycle.id))

    def is_idle(watch: Watch, challenge: Challenge) -> bool:
        if watch is Watch.EVIDENCE_DUE:
            return challenge.id not in with_files
        return watch is Watch.FIGURES_DUE and not has_figures

    return is_idle


def _move_challenge(
    connection: Transaction,
    cycle: Cycle,
    challenge: Challenge,
    at: datetime,
    is_idle: Callable[[Watch, Challenge], bool],
) -> int:
    """Do what a challenge's stage makes `advance_challenges` look for; returns how many steps were made."""
    watched = [watch for watch in watched_in(challenge.stage) if not is_idle(watch, challenge)]
    return sum(ACTS[watch](connection, cycle, challenge, at) for watch in watched)


def _send_evidence(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Send the challenger the files that came with the self-assessment, once its pack goes or has gone.

    What waits is called back where the cycle does not pass files on any more, and a file where the office
    decided so. Answers how many are new.
    """
    to = challenge.challenger_id
    if to is None or not outbox.has_any(connection, challenge.id, DispatchKind.ANALYSIS_PACK, to=to):
        return 0
    files = evidence.list_passed_on(connection, challenge) if cycle.rules.evidence_goes_with_pack else []
    going = {one.id for one in files}
    known = outbox.list_of_kind(connection, challenge.id, DispatchKind.EVIDENCE)
    outbox.cancel_dispatches(
        connection, [one.id for one in known if one.parameters.get("evidence") not in going]
    )
    return sum(
        _send_file(connection, challenge, one, [d for d in known if d.recipient_id == to], at)
        for one in files
    )


def _send_file(
    connection: Transaction, challenge: Challenge, file: EvidenceFile, known: Sequence[Dispatch], at: datetime
) -> bool:
    """Intend a file to the challenger, unless it is among those that `known` dispatches have or will have.

    One that was called back, and is passed on after all, goes once more.
    """
    of_file = [one for one in known if one.parameters.get("evidence") == file.id]
    if any(one.state is not DispatchState.CANCELLED for one in of_file):
        return False
    return challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(DispatchKind.EVIDENCE, Role.CHALLENGER),
        at=at,
        suffix=f"file-{file.number}-{len(of_file) + 1}",
        parameters={
            "evidence": file.id,
            "number": file.number,
            "ending": file.ending,
            "has_words": file.has_words,
        },
    )


def _send_figures(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Send the area's figures to it and its challenger with the pack, and to the Chair before the event.

    It is asked for only where the cycle has figures.
    """
    to = challenge.challenger_id
    if to is None or not outbox.has_any(connection, challenge.id, DispatchKind.ANALYSIS_PACK, to=to):
        return 0
    roles = [Role.AUTHOR, Role.CHALLENGER]
    if challenge.prepared_at is not None and challenge.chair_id is not None:
        roles.append(Role.CHAIR)
    return sum(
        challenges.intend_challenge_dispatch(
            connection, challenge, Send(DispatchKind.DATA_SHEET, role), at=at
        )
        for role in roles
    )


def _send_event_papers(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Send what the event needs once the response is in, or its day has come.

    A response about which we still have questions is in: its readers get it marked as not yet confirmed.
    """
    if challenge.prepared_at is not None:
        return 0
    due = challenges.due_dates(connection, challenge.id).get(DUE_BY[Kind.RESPONSE])
    is_due = due is not None and local_day(at) >= due
    writer = Party(challenge.cycle_id, Role.AUTHOR, challenge.author_id)
    if not (
        challenge.response_received_at
        or is_due
        or submissions.find_unconfirmed_version(connection, challenge.id, Kind.RESPONSE, writer=writer)
    ):
        return 0
    for what in PREPARATION:
        challenges.intend_challenge_dispatch(connection, challenge, what, at=at)
    challenges.record_prepared(connection, challenge.id, at)
    return 1


def _mark_event_held(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    if challenge.event_on is None or local_day(at) <= challenge.event_on:
        return 0
    return challenges.move_challenge_on(
        connection, challenge.id, Trigger.EVENT_DAY_PASSED, cycle, at=at, event_held_on=challenge.event_on
    )


def _settle_accuracy(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Send the final summary once both areas have corrected the draft, or their days are over.

    Corrections that came are decided first, and what came and is not accepted is waited for.
    """
    challenge = challenges.find_challenge(connection, challenge.id) or challenge
    due = challenges.due_dates(connection, challenge.id)
    outcomes = submission_counts.newest_outcomes(connection, cycle.id, challenge_id=challenge.id)
    outcome_of = outcomes.get(challenge.id, {})
    for _, kind, _, column in DRAFTS:
        is_over = DUE_BY[kind] not in due or local_day(at) > due[DUE_BY[kind]]
        is_sent = getattr(challenge, column) is not None
        if outcome_of.get(kind) in UNSETTLED or not (kind in challenge.came or (is_sent and is_over)):
            return 0
    if any(draft.open for draft in corrections.list_corrected_drafts(connection, challenge.id)):
        return 0
    return challenges.move_challenge_on(connection, challenge.id, Trigger.ACCURACY_SETTLED, cycle, at=at)


def _take_up_what_came_early(
    connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime
) -> int:
    """Move on where the form that comes next was accepted out of turn, from the one whose turn it is now."""
    kind = find_kind_awaited(challenge.stage)
    current = submissions.find_current_version(connection, challenge.id, kind) if kind else None
    if (
        kind is None
        or current is None
        or not submissions.has_finding(connection, current.id, OUT_OF_TURN.code)
    ):
        return 0
    if current.writer_id != challenges.find_recipient_id(connection, challenge, SENT_BY[kind]):
        return 0
    trigger = find_trigger(kind, is_checked=bool(cycle.rules.accuracy_days))
    return trigger is not None and challenges.move_challenge_on(
        connection, challenge.id, trigger, cycle, at=at
    )


def _close_challenge(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Close a challenge once all that it has to send was sent."""
    if outbox.count_unfinished(connection, challenge.id) or messages.has_waiting(connection, challenge.id):
        return 0
    return challenges.move_challenge_on(
        connection, challenge.id, Trigger.ALL_ISSUED, cycle, at=at, closed_at=at
    )


def _begin_follow_up(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Follow the action plan up from the day it came, where the cycle sets reviews and it has actions."""
    plan = submissions.find_current_version(connection, challenge.id, Kind.ACTION_PLAN)
    has_actions = (
        plan is not None and not frames.read_submission_rows(connection, Kind.ACTION_PLAN, plan.id).empty
    )
    if not cycle.rules.review_months or not has_actions:
        return 0
    return challenges.move_challenge_on(connection, challenge.id, Trigger.FOLLOW_UP_SET, cycle, at=at)


def _ask_for_report(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Send the form of the next progress report four weeks before it is due, once."""
    due = challenges.due_dates(connection, challenge.id).get(DUE_BY[Kind.PROGRESS_REPORT])
    if due is None or local_day(at) < due - TIME_FOR_REPORT:
        return 0
    review = challenge.last_review + 1
    return challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(DispatchKind.PROGRESS_REPORT_FORM, Role.AUTHOR),
        at=at,
        suffix=f"review-{review}",
        parameters={"review": review},
    )


ACTS: Mapping[Watch, Callable[[Transaction, Cycle, Challenge, datetime], int]] = {
    Watch.EVIDENCE_DUE: _send_evidence,
    Watch.FIGURES_DUE: _send_figures,
    Watch.PACK_ISSUED: begin_analysis,
    Watch.CLOCK_RESTARTED: restart_clock,
    Watch.PREPARATION_DUE: _send_event_papers,
    Watch.EVENT_DAY_PASSED: _mark_event_held,
    Watch.DRAFT_ISSUED: note_draft,
    Watch.ACCURACY_SETTLED: _settle_accuracy,
    Watch.SUMMARY_ISSUED: note_summary,
    Watch.FOLLOW_UP_SET: _begin_follow_up,
    Watch.REVIEW_DUE: _ask_for_report,
    Watch.CAME_EARLY: _take_up_what_came_early,
    Watch.ALL_ISSUED: _close_challenge,
}
"""What is done about each thing that `advance_challenges` looks for; each answers how many steps it made."""


def _close_cycle(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    stages = {challenge.stage for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)}
    if not all(map(is_final_stage, stages)):
        is_planned = stages <= {Stage.WITHDRAWN, Stage.CLOSED, Stage.IN_FOLLOW_UP, Stage.REVIEWED}
        return _send_overviews(connection, cycle, "planned", at) if is_planned else 0
    if Stage.CLOSED in stages:
        reopened = len(decisions.list_of_cycle(connection, cycle.id, (DecisionKind.REOPEN_CYCLE,)))
        _send_overviews(connection, cycle, f"closing-{reopened + 1}" if reopened else "closing", at)
    close_cycle(connection, cycle.id, at)
    journal.append_entry(connection, "cycle closed", at=at, cycle_id=cycle.id)
    return 1


def _send_overviews(connection: Transaction, cycle: Cycle, when: str, at: datetime) -> int:
    """Intend the overviews of the region: once all plans are in, and once the cycle closes.

    Returns how many are new.
    """
    return sum(
        outbox.intend_dispatch(
            connection,
            kind,
            Role.OFFICE,
            outbox.OFFICE,
            key=f"{kind.value}/{when}",
            at=at,
            cycle_id=cycle.id,
        )
        for kind in _CLOSING
    )
