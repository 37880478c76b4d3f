"""The steps that do what is due: propose partners, set dates, propose events, render, issue."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial

from peer_challenge.intake import settle_evidence
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.outbox import do_what_is_due, look_before_sending, made_files
from peer_challenge.outbox.issue import Issued, issue_waiting
from peer_challenge.post import group_into_messages
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import messages as register_of_messages
from tasks.advance_tables import link_to, list_events, list_issued, list_pairs
from tasks.hide_contents import quoting_nothing
from tasks.installation import get_installation, read_run_time
from tasks.show_in_prefect import show_table, tell_event
from tasks.step import step

_PATIENCE_SECONDS = 60.0
"""How long another advance is waited for: it takes seconds, and leaves what has come since it looked."""


def advancing_alone(home: str | None) -> AbstractContextManager[None]:
    """Hold the lock of what is due for all steps of a run. Raises AlreadyAdvancing."""
    return do_what_is_due.advancing(get_installation(home).register, patience=_PATIENCE_SECONDS)


@step("check evidence", minutes=30)
def _check_evidence(home: str | None, at: str | None) -> int:
    place = get_installation(home)
    return settle_evidence.settle_evidence(place.register, place.settings, read_run_time(at))


def check_evidence(home: str | None, at: str | None) -> int:
    """Check the files that came with forms and may be passed on, where there are any; how many forms."""
    return _check_evidence(home, at) if _has_unread_evidence(home) else 0


@quoting_nothing
def _has_unread_evidence(home: str | None) -> bool:
    return settle_evidence.has_unread(get_installation(home).register)


@step("propose partners", minutes=30)
def propose_partners(home: str | None, at: str | None) -> int:
    """Propose who challenges whom where it is due; returns how many moves were made."""
    place = get_installation(home)
    moved = do_what_is_due.propose_partners(place.register, place.settings, read_run_time(at))
    if moved:
        pairs = "Who challenges whom: " + link_to(place.settings, "partners", "partners, and why")
        show_table("pairs", list_pairs(place.register), pairs)
    return moved


@step("set dates", minutes=10)
def set_dates(home: str | None, at: str | None) -> int:
    """Move on every challenge whose time has come, with its dates; returns how many moves were made."""
    return do_what_is_due.set_dates(get_installation(home).register, read_run_time(at))


@step("propose events", minutes=30)
def propose_events(home: str | None, at: str | None) -> int:
    """Propose or set an event for every returned challenge where a day is found; returns how many are new."""
    place = get_installation(home)
    moved = do_what_is_due.propose_events(place.register, read_run_time(at))
    if moved:
        timetable = "When the events are: " + link_to(place.settings, "events", "the timetable")
        show_table("timetable", list_events(place.register), timetable)
    return moved


@quoting_nothing
def tidy_files_to_look_at(home: str | None) -> None:
    """Remove what nobody has to look at any more, and have what is lost made again."""
    place = get_installation(home)
    look_before_sending.tidy_files_to_look_at(place.register, place.settings)


@quoting_nothing
def list_waiting(home: str | None) -> list[int]:
    """The numbers of the dispatches that wait to go out."""
    return made_files.list_waiting(get_installation(home).register)


@quoting_nothing
def group_messages(home: str | None, at: str | None) -> int:
    """Put what has come out into messages, one for each recipient; returns how many are new."""
    place = get_installation(home)
    return group_into_messages.group_messages(place.register, place.settings, read_run_time(at))


def folder_for_files(home: str | None) -> AbstractContextManager[str]:
    """A folder for the files of one round, from where they are made to where they are issued."""
    return made_files.folder_for_files(get_installation(home).settings)


@step("render", minutes=None)
def render_documents(home: str | None, folder: str, numbers: Sequence[int], waiting: int) -> int:
    """Make the files of these dispatches in `folder`; returns how many. It may run on another machine."""
    place = get_installation(home)
    return made_files.make_files(place.register, place.settings, folder, numbers, waiting=waiting)


@step("issue", minutes=30)
def issue_documents(home: str | None, folder: str, at: str | None) -> list[Issued]:
    """Put what was made into the outbox, each once; what can't be made is held with the reason."""
    place = get_installation(home)
    make = partial(made_files.made_in, folder)
    issued = issue_waiting(place.register, place.settings, read_run_time(at), make=make)
    show_table("went-out", list_issued(issued), "What went out")
    if issued:
        tell_event("dispatches.went-out", "outbox", {"dispatches": len(issued)})
    return issued


@step("send", minutes=30, is_retried=False)
def _send_messages(home: str | None, at: str | None) -> int:
    place = get_installation(home)
    done = deliver_messages(place.register, place.settings, read_run_time(at))
    if done.sent:
        tell_event("messages.sent", "outbox", {"messages": done.sent})
    return done.sent


def send_messages(home: str | None, at: str | None) -> int:
    """Send what is ready, or write its drafts; returns how many were sent: none into shared folders."""
    return _send_messages(home, at) if _has_messages_to_send(home) else 0


@quoting_nothing
def _has_messages_to_send(home: str | None) -> bool:
    """Whether the post has something to do; with shared folders only what waited from before."""
    place = get_installation(home)
    if place.settings.way_to_deliver is not Delivery.FOLDER:
        return True
    with place.register.reading() as connection:
        counts = register_of_messages.count_states(connection)
    return any(counts[state] for state in (MessageState.READY, MessageState.NO_ADDRESS, MessageState.SENDING))


@quoting_nothing
def count_messages_to_send(home: str | None) -> int:
    """How many messages are ready to be sent."""
    with get_installation(home).register.reading() as connection:
        return register_of_messages.count_states(connection)[MessageState.READY]
