"""What a decision sends: noted with the decision, so that taking it back stops that and nothing else.

Every undoing of a decision goes through here. It is refused once a recipient has, or may have, something that
follows from the decision. Of a decision about a document, that is also what was made from the document since,
such as the papers of an event; what somebody else has intended since goes all the same.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Party
from peer_challenge.model.journey import PREPARATION, SENT_UNCONFIRMED
from peer_challenge.model.kinds_of_submission import MADE_FROM, SENT_BY
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import challenges, evidence, messages, outbox, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.decisions import Decision
from peer_challenge.register.records import Challenge, Dispatch, DispatchState, Submission

_FOR_EVENT = frozenset(send.kind for send in PREPARATION)
_MADE_WITHOUT_TIME = [DispatchState.PLACING.value, DispatchState.TO_LOOK_AT.value]
"""Made, or just being made, with nothing that says when."""


def describe_before(connection: Connection, challenge: Challenge) -> dict[str, object]:
    """How a challenge is before a decision: its state, and its newest dispatch."""
    return {
        "challenge": challenges.describe_state(challenge),
        "dispatch": outbox.find_newest_id(connection, challenge.id),
    }


def describe_after(connection: Connection, challenge: Challenge) -> dict[str, object]:
    """How a challenge is after a decision, in the same transaction: its state, and its newest dispatch."""
    return {
        "challenge_after": challenges.describe_state(challenge),
        "stage_after": challenge.stage.value,
        "dispatch_after": outbox.find_newest_id(connection, challenge.id),
    }


def list_caused(connection: Connection, decision: Decision) -> list[Dispatch]:
    """What a decision about a challenge is to send or has sent, without what was cancelled, in order.

    Of a decision about a document, also what was intended or made since that holds words of it.
    """
    own = _list_intended_with(connection, decision)
    found = {one.id: one for one in [*own, *_list_made_from_document(connection, decision)]}
    return [found[number] for number in sorted(found)]


def _read_dispatch_before(decision: Decision) -> int:
    """The id of the newest dispatch of a challenge before a decision about it; 0 where it had none."""
    return int(str(decision.before["dispatch"]))


def _list_intended_with(connection: Connection, decision: Decision) -> list[Dispatch]:
    """What was intended in a decision's own transaction.

    Of a decision that is older than its note of its last dispatch, it is what was intended at its time.
    """
    last = decision.before.get("dispatch_after")
    found = outbox.list_since(connection, decision.challenge_id or "", _read_dispatch_before(decision))
    if last is None:
        return [one for one in found if one.intended_at == decision.made_at]
    return [one for one in found if one.id <= int(str(last))]


def _list_made_from_document(connection: Connection, decision: Decision) -> list[Dispatch]:
    """What was intended or made since a decision, and holds words of the document that it is about.

    A file says what was true when it was made: one that was intended before counts too, if it was made since.
    """
    if decision.submission_id is None:
        return []
    row, rows = submissions.load_submission(connection, decision.submission_id), t.dispatches.c
    passes_on = sa.exists().where(
        t.dispatch_sources.c.dispatch_id == rows.id, t.dispatch_sources.c.submission_id == row.id
    )
    made_since = sa.or_(rows.issued_at >= decision.made_at, rows.state.in_(_MADE_WITHOUT_TIME))
    is_evidence = rows.kind == DispatchKind.EVIDENCE.value  # its file is the same whenever it is made
    query = sa.select(t.dispatches).where(
        rows.challenge_id == decision.challenge_id,
        rows.state != DispatchState.CANCELLED.value,
        sa.or_(rows.kind.in_(_list_kinds_made_from(connection, row)), passes_on),
        sa.or_(rows.id > _read_dispatch_before(decision), sa.and_(made_since, sa.not_(is_evidence))),
    )
    found = [Dispatch.from_row(one) for one in connection.execute(query)]
    found = [one for one in found if one.review >= row.review]  # a form is made from the review before it
    return [one for one in found if not _is_of_other_version(connection, one, row)]


def _list_kinds_made_from(connection: Connection, row: Submission) -> Collection[DispatchKind]:
    """The kinds of dispatch that are made from a version as it counts now; none where it does not count."""
    if row.kind is None or row.challenge_id is None:
        return ()
    if row.is_current:
        return MADE_FROM[row.kind]
    challenge = challenges.find_challenge(connection, row.challenge_id)
    if challenge is None or row.kind not in SENT_UNCONFIRMED:
        return ()
    writer = Party(challenge.cycle_id, SENT_BY[row.kind], challenge.author_id)
    shown = submissions.find_unconfirmed_version(connection, challenge.id, row.kind, writer=writer)
    return SENT_UNCONFIRMED[row.kind] if shown is not None and shown.id == row.id else ()


def _is_of_other_version(connection: Connection, dispatch: Dispatch, row: Submission) -> bool:
    """Whether a dispatch is a file that came with another version, which was accepted by itself."""
    if dispatch.kind is not DispatchKind.EVIDENCE:
        return False
    file = evidence.find_file(connection, int(str(dispatch.parameters["evidence"])))
    if file is None or file.submission_id == row.id:
        return False
    return submissions.load_submission(connection, file.submission_id).is_accepted


def list_gone(
    connection: Connection, dispatches: Collection[Dispatch], *, are_drafts_unsent: bool = False
) -> list[Dispatch]:
    """Those of some dispatches that their recipients have or may have, or that are just going, in order.

    A message that is on hold or has no address has not gone. A draft may have been sent by somebody who has
    not said so yet, unless the office says that none was (`are_drafts_unsent`).
    """
    query = sa.select(t.dispatches.c.id).where(
        t.dispatches.c.id.in_([one.id for one in dispatches]),
        t.dispatches.c.state.in_([DispatchState.PLACING.value, DispatchState.ISSUED.value]),
        messages.MAY_HAVE_LEFT if are_drafts_unsent else messages.MAY_BE_RECEIVED,
    )
    gone = set(connection.scalars(query))
    return [one for one in dispatches if one.id in gone]


def check_none_has_gone(connection: Connection, caused: Collection[Dispatch], instead: str) -> None:
    """Raise WrongUse where something has gone that a decision sends; `instead` is what to do then."""
    if gone := list_gone(connection, caused, are_drafts_unsent=True):
        raise explain_too_late(f"{name_dispatches(gone)} went out", instead)
    if drafted := list_gone(connection, caused):
        why = f"a draft of an email has been made ({name_dispatches(drafted)}), and may have been sent"
        raise explain_too_late(why, instead)


def explain_too_late(why: str, instead: str) -> WrongUse:
    """The refusal of an undoing that comes too late: why, as part of a sentence, and what to do instead."""
    return WrongUse(f"This can't be taken back any more: {why} since.", remedy=instead)


def take_back_caused(connection: Connection, caused: Collection[Dispatch], instead: str) -> None:
    """Cancel what a decision sends, so that the same can be intended again; what is on hold goes nowhere.

    Raises WrongUse as check_none_has_gone does.
    """
    check_none_has_gone(connection, caused, instead)
    made = [one for one in caused if one.state is DispatchState.ISSUED]
    outbox.note_left_out(connection, [one.id for one in made])  # their message goes without them, or nowhere
    outbox.take_back_intended(connection, [one.id for one in caused])
    messages.follow_keys(connection, made)


def take_back_decision(connection: Connection, decision: Decision, instead: str, *, at: datetime) -> None:
    """Cancel what follows from a decision about a document. Raises WrongUse as check_none_has_gone does.

    What was to go for another reason, and holds words of the document, is made again from what counts then.
    """
    caused = list_caused(connection, decision)
    own = {one.id for one in _list_intended_with(connection, decision)}
    take_back_caused(connection, caused, instead)
    by_itself = {DispatchKind.EVIDENCE} | _begin_preparation_again(connection, decision, caused)
    for one in caused:
        if one.id not in own and one.kind not in by_itself:
            _intend_again(connection, one, at)


def _begin_preparation_again(
    connection: Connection, decision: Decision, cancelled: Sequence[Dispatch]
) -> frozenset[DispatchKind]:
    """Have an event prepared again once that is due, where none is left of a paper that was made for it.

    Returns the kinds that go out then: none where the papers from before the decision are left.
    """
    first, challenge_id = _read_dispatch_before(decision), decision.challenge_id or ""
    new = [one for one in cancelled if one.kind in _FOR_EVENT and one.id > first]
    if all(outbox.has_any(connection, challenge_id, one.kind, to=one.recipient_id) for one in new):
        return frozenset()
    challenges.record_prepared(connection, challenge_id, None)
    return _FOR_EVENT


def _intend_again(connection: Connection, dispatch: Dispatch, at: datetime) -> None:
    """Intend the same as a dispatch that was just taken back, whose key is free for that."""
    outbox.intend_dispatch(
        connection,
        dispatch.kind,
        dispatch.role,
        dispatch.recipient_id,
        key=dispatch.key,
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        parameters=dispatch.parameters,
    )


def name_dispatches(dispatches: Collection[Dispatch]) -> str:
    """The kinds of some dispatches, each once, within a sentence."""
    return join_in_words(dict.fromkeys(one.kind.in_words for one in dispatches))
