"""What a decision sends: noted with the decision, so that taking it back stops that and nothing else.

Every undoing of a decision goes through here. It is refused once a recipient has, or may have, something that
follows from the decision; what somebody else has intended since goes all the same.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.sentences import join_in_words
from peer_challenge.register import challenges, messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.decisions import Decision
from peer_challenge.register.records import Challenge, Dispatch, DispatchState


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
    """What a decision about a challenge is to send or has sent, without what was cancelled.

    Of a decision that is older than its note of its last dispatch, it is what was intended at its time.
    """
    first, last = int(str(decision.before["dispatch"])), decision.before.get("dispatch_after")
    found = outbox.list_since(connection, decision.challenge_id or "", first)
    if last is None:
        return [one for one in found if one.intended_at == decision.made_at]
    return [one for one in found if one.id <= int(str(last))]


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


def name_dispatches(dispatches: Collection[Dispatch]) -> str:
    """The kinds of some dispatches, each once, within a sentence."""
    return join_in_words(dict.fromkeys(one.kind.in_words for one in dispatches))
