"""Whether a message still has to say a dispatch of the outbox, or what has changed since answers it."""

from peer_challenge.model.access import was_asked_for
from peer_challenge.model.journey import (
    CANCELLING_EVENT,
    SENT_AGAIN,
    WITHDRAWING,
    is_final_stage,
    list_awaited,
    open_deadlines,
)
from peer_challenge.model.kinds_of_submission import KIND_DUE_AT
from peer_challenge.model.overdue_or_at_risk import find_open_outcome
from peer_challenge.model.vocabulary import (
    ACCEPTED_OUTCOMES,
    QUERY_KINDS,
    DeadlineName,
    Outcome,
    Role,
    Stage,
)
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.register import access_facts, challenges, evidence, outbox, submission_counts, submissions
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import read_former_event
from peer_challenge.register.records import Challenge, Dispatch, DispatchState
from peer_challenge.register.sources_in_force import are_sources_in_force
from peer_challenge.word.form.forms import KIND_ON

_OF_ENDS = frozenset({D.FOLLOW_UP_ENDED, *(send.kind for send in (*WITHDRAWING, *CANCELLING_EVENT))})
"""What says that something will not be: it goes to those who knew of it."""
_OVERTAKEN_BY_LATER = SENT_AGAIN | {D.EVENT_CALENDAR, D.EVENT_TIMETABLE, D.DATES_NOTICE}
"""What says all that is true: once a later one is made, an earlier one that has not gone is wrong."""
_OF_FOLLOW_UP = frozenset({D.PROGRESS_REPORT_FORM, D.ACTION_REMINDER})
"""What asks for something while an action plan is followed up, and for nothing afterwards."""
_ASKING = frozenset(QUERY_KINDS) | {D.PARTNER_NOTICE, D.EVIDENCE}
"""What asks for something, or goes with a form that does: none of it is right once a challenge is closed."""


def is_still_needed(connection: Transaction, dispatch: Dispatch) -> bool:
    """Whether a dispatch whose message has not gone is still right for its reader.

    Nothing that was cancelled since, and nothing that passes on what is not accepted any more; nothing for a
    Chair who has left the cycle, and nothing of which a later version is made, as that says what is true now.
    Not a reminder of what has come, a question about a version that a later one has answered, or a form that
    has come back; not what was for a challenger or Chair who is no longer one, but that the event is out of
    their diary; and of a withdrawn challenge nothing but that it was withdrawn.
    """
    challenge = challenges.find_challenge(connection, dispatch.challenge_id or "")
    if dispatch.state is DispatchState.CANCELLED or not are_sources_in_force(connection, dispatch):
        return False
    if dispatch.role is Role.CHAIR and _has_left(connection, dispatch):
        return False
    if dispatch.kind in _OVERTAKEN_BY_LATER and outbox.is_followed_by(connection, dispatch, dispatch.kind):
        return False
    is_of_former_event = read_former_event(dispatch.parameters) is not None
    if challenge is not None and _is_for_former_holder(dispatch, challenge):
        return is_of_former_event
    if is_of_former_event:
        return False  # that Chair has the event again
    if dispatch.kind is D.REMINDER:
        return challenge is not None and _is_reminder_awaited(connection, dispatch, challenge)
    if challenge is None or dispatch.kind is D.DATES_NOTICE:
        return True
    if dispatch.kind in _OF_ENDS:
        return _is_over_still(connection, dispatch, challenge)
    if _is_past(dispatch, challenge):
        return False
    if dispatch.kind is D.EVIDENCE:
        return _is_evidence_passed_on(connection, dispatch, challenge)
    if dispatch.kind in QUERY_KINDS:
        return _is_question_open(connection, dispatch, challenge)
    kind = KIND_ON.get(dispatch.kind)
    return kind is None or not submissions.has_come_since(
        connection, challenge.id, kind, dispatch.intended_at, dispatch.review
    )


def _is_past(dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a dispatch is of a time of its challenge that is over."""
    if challenge.stage is Stage.WITHDRAWN or _names_former_challenger(dispatch, challenge):
        return True
    if challenge.stage is Stage.CLOSED and (dispatch.kind in _ASKING or dispatch.kind in KIND_ON):
        return True  # nothing is asked of anybody any more
    return dispatch.kind in _OF_FOLLOW_UP and challenge.stage is not Stage.IN_FOLLOW_UP


def _is_over_still(connection: Transaction, dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a challenge that was to be told as ended has ended, or its event is not set again."""
    if dispatch.kind is D.EVENT_CANCELLATION:
        return not outbox.is_followed_by(connection, dispatch, D.EVENT_CALENDAR)
    return is_final_stage(challenge.stage)


def _is_evidence_passed_on(connection: Transaction, dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a file is still passed on.

    The office may have decided otherwise since, of the file or of the document that it came with.
    """
    number = int(str(dispatch.parameters["evidence"]))
    return any(one.id == number for one in evidence.list_passed_on(connection, challenge))


def _is_question_open(connection: Transaction, dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether our questions about a version are still to be answered, and are not asked in a later letter.

    A later version answers them; so does the office that accepts the version as it is.
    """
    number = int(str(dispatch.parameters["submission"]))
    if submissions.has_later_version(connection, number):
        return False
    if submissions.load_submission(connection, number).outcome in ACCEPTED_OUTCOMES:
        return False
    asked = outbox.list_about_submission(connection, challenge.id, number, (dispatch.kind,))
    return not any(other.id > dispatch.id for other in asked)


def _has_left(connection: Transaction, dispatch: Dispatch) -> bool:
    cycle, _ = load_stored(connection, dispatch.cycle_id)
    return cycle.chair[dispatch.recipient_id].left


def _is_for_former_holder(dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a dispatch is for a challenger or Chair who was replaced; of notices, `_names_...` decides."""
    holder = {Role.CHALLENGER: challenge.challenger_id, Role.CHAIR: challenge.chair_id}
    role = Role(dispatch.role)
    is_of_role = role in holder and dispatch.kind is not D.PARTNER_NOTICE
    return is_of_role and dispatch.recipient_id != holder[role]


def _names_former_challenger(dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a notice of partners is of an earlier pairing than the present one."""
    is_notice = dispatch.kind is D.PARTNER_NOTICE
    return is_notice and (challenge.paired_at is None or dispatch.intended_at < challenge.paired_at)


def _is_reminder_awaited(connection: Transaction, dispatch: Dispatch, challenge: Challenge) -> bool:
    """Whether a reminder is still right: the thing is awaited, from the same, by that day, and was asked for.

    What asked for it counts as not sent where the office has taken back that it was. What has come meanwhile,
    even if we have questions about it, is not asked for as if it had not.
    """
    said = dispatch.parameters
    awaited = [(wait.deadline, wait.role) for wait in list_awaited(challenge.stage, came=challenge.came)]
    due, name = challenges.due_dates(connection, challenge.id), DeadlineName(str(said["what"]))
    found = access_facts.load_challenge(connection, challenge.cycle_id, challenge.author_id)
    if found is None or not was_asked_for(dispatch.role, found[1], name):
        return False
    if name is DeadlineName.EVENT_ON:  # it is told to everybody, whatever else is awaited
        is_ahead = name in open_deadlines(challenge.stage, came=())
        return is_ahead and name in due and due[name].isoformat() == said["due_on"]
    if (name, dispatch.role) not in awaited or name not in due:
        return False
    if said.get("arrived") and submissions.has_come_since(
        connection,
        challenge.id,
        KIND_DUE_AT[name],
        dispatch.intended_at,
        dispatch.review,
        outcomes=tuple(Outcome),
    ):
        return False  # it speaks of questions about an earlier version
    outcomes = submission_counts.newest_outcomes(connection, challenge.cycle_id, challenge_id=challenge.id)
    is_as_said = find_open_outcome(name, outcomes.get(challenge.id, {})) == said.get("arrived")
    return is_as_said and due[name].isoformat() == said["due_on"]
