"""The office's list of things to do, at the top of its board: sentences, each with a link."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dashboard.board_figures import Board
from dashboard.context import Visit
from peer_challenge.clock import local_day
from peer_challenge.events.move_events import list_events_to_ask_about
from peer_challenge.events.who_comes import list_events_without
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.model.sentences import say_how_many
from peer_challenge.partners.pins_and_bans import read_kept_proposal
from peer_challenge.partners.proposals import list_waiting_for_challenger
from peer_challenge.post.say_what_goes_out import say_way_out
from peer_challenge.register import (
    assignments,
    corrections,
    held_documents,
    listings,
    look_before_sending,
    messages,
    notes,
)
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.listings import ListedCycle
from peer_challenge.register.notes import Note
from peer_challenge.register.proposed_events import list_proposed_events
from peer_challenge.register.records import Assignment, AssignmentStatus, CycleState, Submission
from peer_challenge.settings import Settings

_NOTE_SHOWN = 120
"""Characters: a line or two of the list, which links to the whole note."""
_REJECTED_WITHIN = timedelta(days=7)
"""What nobody ticks off leaves the list after a week: the inbox and the journal have it all the same."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do, and the page where it is done."""

    told: str
    href: str


def list_to_do_items(visit: Visit, cycle: ListedCycle | None, board: Board) -> list[ToDo]:
    """What waits for the office in an open cycle, the most pressing first; nothing for anybody else."""
    if not visit.person.is_office or cycle is None or cycle.state != CycleState.OPEN:
        return []
    with visit.register.reading() as connection:
        held = listings.held_total(connection)
        unidentified = held_documents.held_total(connection)
        refused = listings.refused_uploads_total(connection, since=visit.office.now() - _REJECTED_WITHIN)
        rejected = listings.count_rejected_to_tell(connection, since=visit.office.now() - _REJECTED_WITHIN)
        row = assignments.load_standing(connection, cycle.id)
        unpaired = list_waiting_for_challenger(connection, cycle.id)
        to_remember = notes.list_due_notes(connection, cycle.id, visit.office.today())
        quarantined = held_documents.list_quarantined(connection, cycle.id)
        to_look_at = len(look_before_sending.list_to_look_at(connection, cycle.id))
        states = messages.count_states(connection, cycle_id=cycle.id)
        loaded = load_stored(connection, cycle.id)[0]
        proposed = len(list_proposed_events(connection, loaded))
        missing = list(list_events_without(connection, loaded, visit.office.now()))
        to_ask_about = list_events_to_ask_about(connection, loaded, visit.office.now())
        to_settle = corrections.count_open_corrections(connection, cycle.id)
    senders = _list_sender_tasks(unidentified, refused)
    return [
        *_list_quarantine_tasks(quarantined),
        *(_describe_note(cycle.id, note) for note in to_remember),
        *_list_message_tasks(cycle.id, to_look_at, states, visit.settings.way_to_deliver),
        *_list_correction_tasks(cycle.id, to_settle),
        *senders,
        *_list_document_tasks(held, rejected),
        *_list_partner_tasks(cycle.id, row),
        *_of_unpaired(cycle.id, len(unpaired)),
        *_list_event_tasks(cycle.id, proposed),
        *_list_missing_people(missing),
        *(_ask_whether_held(event) for event in to_ask_about),
        *_list_area_tasks(cycle.id, board.counts, visit.settings),
    ]


_TOLD_OF_MESSAGES: Mapping[MessageState, str] = {
    MessageState.FAILED: "could not be delivered: see why, and send again.",
    MessageState.IN_DOUBT: "may have gone or not: ask the recipient, then say which.",
    MessageState.NO_ADDRESS: "without an address: see whose is missing.",
    MessageState.ON_HOLD: "on hold: let them go when they should.",
}


def _list_message_tasks(
    cycle_id: str, to_look_at: int, states: Mapping[MessageState, int], way: Delivery
) -> Iterator[ToDo]:
    href = f"/messages?cycle={cycle_id}"
    if to_look_at:
        yield ToDo(f"{say_how_many(to_look_at, 'document')} to look at before they go.", f"{href}#looks")
    if way is Delivery.DRAFTS and states[MessageState.READY]:
        told = f"{say_how_many(states[MessageState.READY], 'message')} to send."
        yield ToDo(told, f"{href}&state={MessageState.READY.value}")
    for state, words in _TOLD_OF_MESSAGES.items():
        if states[state]:
            yield ToDo(f"{say_how_many(states[state], 'message')} {words}", f"{href}&state={state.value}")


def _describe_note(cycle_id: str, note: Note) -> ToDo:
    text = note.text if len(note.text) <= _NOTE_SHOWN else f"{note.text[:_NOTE_SHOWN].rstrip()} …"
    return ToDo(f"Your note: {text}", f"/challenges/{cycle_id}/{note.author_id}#notes")


def _list_correction_tasks(cycle_id: str, to_settle: Mapping[str, int]) -> Iterator[ToDo]:
    for author, count in to_settle.items():
        told = f"{say_how_many(count, 'correction')} to a draft summary for you or its Chair to settle."
        yield ToDo(told, f"/challenges/{cycle_id}/{author}/corrections")


def _list_quarantine_tasks(quarantined: Sequence[Submission]) -> Iterator[ToDo]:
    if quarantined:
        told = (
            f"{say_how_many(len(quarantined), 'document')} put aside, as a child might be identified: "
            "read the passage, and clear it or wait for a corrected form."
        )
        only = quarantined[0].id
        yield ToDo(told, f"/accept/{only}" if len(quarantined) == 1 else "/inbox?outcome=rejected")


def _list_sender_tasks(unidentified: int, refused: int) -> Iterator[ToDo]:
    if unidentified:
        told = (
            f"{say_how_many(unidentified, 'document')} held: say whose form it is. Nothing goes out before."
        )
        yield ToDo(told, "/inbox?outcome=held")
    if refused:
        told = (
            f"{say_how_many(refused, 'upload')} refused within the last week: it was not the sender's form. "
            "See who sent it, and speak to them."
        )
        yield ToDo(told, "/journal?event=upload+refused")


def _list_document_tasks(held: int, rejected: int) -> Iterator[ToDo]:
    if held:
        yield ToDo(
            f"{say_how_many(held, 'document')} could not be made: see why, and release.", "/system#held"
        )
    if rejected:
        told = (
            f"{say_how_many(rejected, 'document')} rejected within the last week: "
            "tell the sender what to do, then tick it off."
        )
        yield ToDo(told, "/inbox?outcome=rejected")


def _list_partner_tasks(cycle_id: str, row: Assignment | None) -> Iterator[ToDo]:
    if row is None or row.status is not AssignmentStatus.PROPOSED:
        return
    href = f"/partners?cycle={cycle_id}"
    if read_kept_proposal(row).get("pairs"):
        yield ToDo("Partners are proposed and wait for your approval.", href)
    else:
        yield ToDo("No partners keep every rule: see which rules contradict each other.", href)


def _of_unpaired(cycle_id: str, count: int) -> Iterator[ToDo]:
    if count:
        verb = "waits" if count == 1 else "wait"
        told = f"{say_how_many(count, 'area')} {verb} for a challenger: propose partners."
        yield ToDo(told, f"/partners?cycle={cycle_id}")


def _list_event_tasks(cycle_id: str, proposed: int) -> Iterator[ToDo]:
    if proposed:
        verb = "is" if proposed == 1 else "are"
        told = f"{say_how_many(proposed, 'event')} {verb} proposed: look at the days, then agree them."
        yield ToDo(told, f"/cycle/{cycle_id}/timetable")


def _list_missing_people(missing: Sequence[tuple[EventFacts, int]]) -> Iterator[ToDo]:
    for event, count in missing:
        told = f"{say_how_many(count, 'person', 'people')} can’t come to the event of {event.author.name}."
        yield ToDo(told, f"/challenges/{event.challenge}/people")


def _ask_whether_held(event: EventFacts) -> ToDo:
    told = (
        f"The event of {event.author.name} was to be on {day_in_words(local_day(event.starts_at))}. "
        "Did it take place? If not, give it another day."
    )
    return ToDo(told, f"/challenges/{event.challenge}/event")


def _list_area_tasks(cycle_id: str, counts: Mapping[str, int], settings: Settings) -> Iterator[ToDo]:
    reminders = say_way_out(settings, "Reminders", when=" on their days")
    for show, told in (
        ("overdue", f"overdue: speak to them, or extend the date. {reminders}"),
        ("questions", "with questions to answer. Speak to them if no answer comes."),
    ):
        if counts[show]:
            yield ToDo(f"{say_how_many(counts[show], 'area')} {told}", f"/?cycle={cycle_id}&show={show}")
