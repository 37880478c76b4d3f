"""Taking back that a cycle was opened, until something has gone out or come in: it is in preparation again.

What was made for its areas is not sent, and its files leave the outbox. What the cycle says now is a draft,
to be changed and opened again. The journal keeps what happened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.outbox.look_before_sending import tidy_files_to_look_at
from peer_challenge.register import delete_cycle, drafts, journal, outbox
from peer_challenge.register.caused_dispatches import list_gone, name_dispatches
from peer_challenge.register.cycles import load_opened_at, load_state, load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.legal_holds import find_legal_hold
from peer_challenge.register.records import CycleState, Dispatch
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import remove_file

_INSTEAD = (
    "Change what is wrong on the page “Cycle”, or close the cycle there. Then open another with another name."
)


@dataclass(frozen=True, slots=True)
class UndoneOpening:
    """The opening of a cycle: what was decided, and what taking it back causes.

    `drafts` counts the messages whose drafts lie in the outbox: only the office knows whether one was sent.
    """

    cycle: Cycle
    decided: str
    told: tuple[str, ...]
    drafts: int


def describe_undoing_opening(connection: Transaction, cycle_id: str) -> UndoneOpening:
    """What would follow from taking back that a cycle was opened. Changes nothing.

    Raises WrongUse where it is not possible any more, saying why. Drafts do not count as sent here.
    """
    cycle, _ = load_stored(connection, cycle_id)
    made = _list_made(connection, cycle_id)
    _check_can_be_undone(connection, cycle_id, made, is_nothing_sent=True)
    left = len({one.recipient_id for one in list_gone(connection, made)})
    opened_at = load_opened_at(connection, cycle_id)
    assert opened_at is not None
    told = [
        f"{cycle.name} is in preparation again, as it is now. You can change it, and open it again.",
        f"{say_how_many(len(made), 'document')} ({name_dispatches(made)}): not sent, and removed from the "
        "outbox."
        if made
        else "Nothing was to be sent.",
    ]
    if lost := delete_cycle.list_what_is_lost(connection, cycle_id):
        told.append(f"You lose what you did since: {join_in_words(lost)}.")
    when = day_in_words(local_day(opened_at))
    return UndoneOpening(cycle, f"{cycle.name} was opened on {when}.", tuple(told), left)


def can_opening_be_undone(connection: Transaction, cycle_id: str) -> bool:
    """Whether it can be taken back that a cycle was opened, if none of its drafts was sent."""
    try:
        _check_can_be_undone(connection, cycle_id, _list_made(connection, cycle_id), is_nothing_sent=True)
    except WrongUse:
        return False
    return True


def undo_opening(
    register: Register,
    settings: Settings,
    cycle_id: str,
    *,
    reason: str,
    is_nothing_sent: bool = False,
    at: datetime,
    actor: str,
) -> int:
    """Take back that a cycle was opened; returns the number of the draft that it is again.

    `is_nothing_sent` says that no draft in the outbox was sent: only the office knows. Raises WrongUse, and
    changes nothing, without a reason, and where something has gone out, may have gone, or has come in.
    Raises ChangedMeanwhile while documents are being made.
    """
    why = read_reason(reason)
    with _nothing_made_meanwhile(register):
        with register.writing() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            made = _list_made(connection, cycle_id)
            _check_can_be_undone(connection, cycle_id, made, is_nothing_sent=is_nothing_sent)
            for path in delete_cycle.list_files_of_cycle(connection, cycle_id):
                remove_file(settings.outbox_folder, path)  # before its row: killed here, none is forgotten
            number = drafts.add_draft(connection, entries_of_cycle(cycle), at=at, actor=actor)
            delete_cycle.delete_cycle(connection, cycle_id)
            journal.append_entry(
                connection,
                "opening undone",
                at=at,
                actor=actor,
                cycle_id=cycle_id,
                draft=number,
                documents=len(made),
                reason=why,
            )
        tidy_files_to_look_at(register, settings)
    return number


@contextmanager
def _nothing_made_meanwhile(register: Register) -> Iterator[None]:
    """Keep documents from being made and messages from being sent. Raises ChangedMeanwhile where some are."""
    with register.exclusive("advance") as is_ours, register.exclusive("mail") as is_mail_ours:
        if not (is_ours and is_mail_ours):
            raise ChangedMeanwhile("Documents are being made or sent just now.")
        yield


def _list_made(connection: Transaction, cycle_id: str) -> list[Dispatch]:
    return outbox.list_all_of_cycle(connection, cycle_id)


def _check_can_be_undone(
    connection: Transaction, cycle_id: str, made: list[Dispatch], *, is_nothing_sent: bool
) -> None:
    """Raise WrongUse where an opening can't be taken back any more, saying why."""
    if load_state(connection, cycle_id) is not CycleState.OPEN:
        raise WrongUse("This cycle is not open.", remedy="Look at the list of cycles on the page “Cycle”.")
    if gone := list_gone(connection, made, are_drafts_unsent=True):
        raise _refuse(f"{name_dispatches(gone)} went out, or may have gone")
    if keeping := delete_cycle.find_what_keeps(connection, cycle_id):
        raise _refuse(join_in_words(keeping))
    if find_legal_hold(connection, cycle_id):
        raise _refuse("the cycle is under legal hold")
    if not is_nothing_sent and list_gone(connection, made):
        raise WrongUse(
            "Drafts of emails lie in the outbox, and you have not said that none was sent.",
            remedy="If nobody has sent one, tick “No draft was sent”. If somebody has, leave the cycle open. "
            f"{_INSTEAD}",
            about="is_nothing_sent",
        )


def _refuse(why: str) -> WrongUse:
    return WrongUse(f"It can't be taken back any more that this cycle was opened: {why}.", remedy=_INSTEAD)
