"""What was sent and is not so any more: its readers are told once, what has changed, and nobody else is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from peer_challenge.clock import LONDON
from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.events.change_chair import give_event, list_candidates
from peer_challenge.events.move_events import move_event
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.messages import WAITING, Delivery, MessageState
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind
from peer_challenge.partners.proposals import approve_latest
from peer_challenge.partners.withdraw_area import withdraw_area
from peer_challenge.partners.withdraw_challenge import withdraw_challenge
from peer_challenge.post.compose import Composed, compose_message
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import challenges, date_adjustments, messages
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.events import events_of
from peer_challenge.register.records import Message
from peer_challenge.steering.change_dates import change_dates, take_back_adjustment
from peer_challenge.steering.end_challenge import bring_area_back, close_challenge, reopen_challenge
from peer_challenge.steering.send_messages import mark_as_sent
from tests.unit.steering.test_accept_findings import ONE, WHICH
from tests.web.world import World, an_empty_world, day, pair_all_areas, send_self_assessments

NOW = day(3, 22)
LATER = NOW + timedelta(hours=1)
TUESDAY, WEDNESDAY = date(2027, 4, 20), date(2027, 4, 21)
REASON = "the Chair is away that week"


@dataclass
class Desk:
    """An office whose messages wait until somebody says that they were sent."""

    world: World

    def advance(self, at: datetime = NOW) -> None:
        """Do what is due; what has been overtaken stops waiting."""
        self.world.advance(at)
        deliver_messages(self.world.register, self.world.settings, at)

    def send(self, at: datetime = NOW, *, but: tuple[DispatchKind, ...] = ()) -> None:
        """Mark what waits as sent, but the messages with some kinds of document."""
        for message in self._list_waiting():
            if not set(self.list_kinds(message)) & set(but):
                with self.world.register.writing() as connection:
                    mark_as_sent(connection, message.id, at=at, actor="Office")

    def list_kinds(self, message: Message) -> list[DispatchKind]:
        with self.world.register.reading() as connection:
            found = messages.list_dispatches_of(connection, [message.id]).get(message.id, ())
        return [one.kind for one in found]

    def _list_waiting(self) -> list[Message]:
        with self.world.register.reading() as connection:
            return messages.list_messages(connection, states=WAITING, most=None)[::-1]

    def read_waiting(self, at: datetime = NOW) -> dict[str, list[Composed]]:
        """What waits to be sent, as it would go, by whom it is for."""
        found: dict[str, list[Composed]] = {}
        for message in self._list_waiting():
            with self.world.register.reading() as connection:
                composed = compose_message(connection, self.world.settings, message, at)
            found.setdefault(message.recipient_id, []).append(composed)
        return found

    def decide(self, act: Callable[..., object], *args: object, at: datetime = NOW, **more: object) -> None:
        with self.world.register.writing() as connection:
            cycle, _ = load_stored(connection, self.world.cycle.id)
            act(connection, cycle, WHICH, *args, reason=REASON, at=at, actor="Office", **more)

    def move(self, to: date, at: datetime = NOW, place: str = "Online") -> None:
        starts_at = datetime.combine(to, time(10), LONDON)
        self.decide(move_event, starts_at, minutes=180, place=place, at=at)

    def withdraw(self, at: datetime = NOW) -> None:
        with self.world.register.writing() as connection:
            withdraw_challenge(connection, WHICH, REASON, at=at, actor="Office")

    @property
    def event(self) -> EventFacts:
        with self.world.register.reading() as connection:
            (event,) = events_of(connection, load_stored(connection, self.world.cycle.id)[0])
        return event

    def list_free_chairs(self) -> list[str]:
        with self.world.register.reading() as connection:
            found = list_candidates(connection, self.world.cycle, WHICH, NOW)
        return [one.chair.id for one in found if not one.why_not]

    def send_in(self, kind: Kind, at: datetime, seed: int) -> None:
        """Take in another version of a form, with other words."""
        data = self.world.filled(kind, ONE, turn=2, seed=seed)
        (self.world.settings.inbox_folder / f"{kind.value} {seed}.docx").write_bytes(data)
        take_in_ready_documents(self.world.register, self.world.settings, at)


def read_entries(composed: Composed) -> list[tuple[str, int, date]]:
    """The calendar entries of a message: method, sequence and day of each."""
    return [
        (str(calendar["METHOD"]), int(entry["SEQUENCE"]), entry["DTSTART"].dt.date())
        for one in composed.attachments
        if one.ending == "ics"
        for calendar in [Calendar.from_ical(one.data)]
        for entry in calendar.walk("VEVENT")
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Four areas whose self-assessments are in; all that went out was sent."""
    made = Desk(an_empty_world(tmp_path / "home", Delivery.SEND))
    made.send(day(1, 11))
    send_self_assessments(made.world)
    made.advance(day(2, 20))
    made.send(day(2, 20))
    return made


@pytest.fixture
def paired(desk: Desk) -> Desk:
    """Partners are told and have their packs."""
    pair_all_areas(desk.world)
    desk.send(day(3, 1))
    desk.advance(day(3, 1))
    return desk


@pytest.fixture
def invitable(paired: Desk) -> Desk:
    """An analysis is back and its event is set; the invitations wait to be sent."""
    paired.world.send_in(Kind.ANALYSIS, ONE, day(3, 19))
    paired.advance(day(3, 19))
    paired.send(day(3, 19), but=(DispatchKind.EVENT_INVITATION,))
    paired.advance(day(3, 19))
    return paired


@pytest.fixture
def invited(invitable: Desk) -> Desk:
    invitable.send(day(3, 19))
    assert not invitable.read_waiting()
    return invitable


def test_an_event_that_is_moved_before_its_invitations_went_is_told_once_as_it_is(invitable: Desk) -> None:
    invitable.move(TUESDAY)
    invitable.advance()
    event = invitable.event
    waiting = invitable.read_waiting()
    assert set(waiting) == {event.author.id, event.challenger.id, event.chair.id}
    for found in waiting.values():
        (one,) = found
        assert not one.subject.count("Changed") and "replaces" not in one.covering
        assert read_entries(one) == [("PUBLISH", 1, TUESDAY)]


def test_an_event_that_is_called_off_before_its_invitations_went_is_told_to_nobody(invitable: Desk) -> None:
    event = invitable.event
    invitable.withdraw()
    invitable.advance()
    waiting = invitable.read_waiting()
    assert set(waiting) == {event.author.id, event.challenger.id}  # they know of the challenge
    assert not any(read_entries(one) for found in waiting.values() for one in found)


def test_a_moved_event_says_what_was_different_and_twice_moved_goes_once(invited: Desk) -> None:
    before = invited.event
    invited.move(TUESDAY)
    invited.advance()
    invited.move(WEDNESDAY, LATER, place="https://meet.example.org/abc")
    invited.advance(LATER)
    for found in invited.read_waiting(LATER).values():
        (one,) = found
        assert "Changed: " in one.subject
        assert "It was to be on Monday 19 April 2027, 10:00 to 13:00. The place has changed." in one.covering
        assert "The Chair was" not in one.covering
        assert read_entries(one) == [("PUBLISH", before.sequence + 2, WEDNESDAY)]


def test_those_who_had_the_first_invitation_get_one_cancellation_after_a_move_that_never_went(
    invited: Desk,
) -> None:
    event = invited.event
    invited.move(TUESDAY)
    invited.advance()
    invited.withdraw(LATER)
    invited.advance(LATER)
    waiting = invited.read_waiting(LATER)
    assert set(waiting) == {event.author.id, event.challenger.id, event.chair.id}
    assert [read_entries(one) for found in waiting.values() for one in found] == [
        [("CANCEL", event.sequence + 2, TUESDAY)]
    ] * 3


def test_every_chair_who_had_an_event_gets_it_out_of_the_diary_and_no_other(invited: Desk) -> None:
    first = invited.event.chair.id
    second, third, *_ = invited.list_free_chairs()
    invited.decide(give_event, second)
    invited.decide(give_event, third)  # before anything of the first change has gone
    invited.advance()
    waiting = invited.read_waiting()
    assert [read_entries(one) for one in waiting[first]] == [[("CANCEL", 1, date(2027, 4, 19))]]
    assert second not in waiting
    assert [read_entries(one) for one in waiting[third]] == [[("PUBLISH", 2, date(2027, 4, 19))]]
    author = waiting[ONE][0].covering
    assert f"The Chair was to be {invited.world.cycle.chair[first].name}." in author


def test_a_chair_who_gets_an_event_back_is_not_told_that_another_has_it(invited: Desk) -> None:
    first = invited.event.chair.id
    second = invited.list_free_chairs()[0]
    invited.decide(give_event, second)
    invited.advance()
    invited.decide(give_event, first, at=LATER)
    invited.advance(LATER)
    waiting = invited.read_waiting(LATER)
    assert second not in waiting
    assert [read_entries(one) for one in waiting[first]] == [[("PUBLISH", 2, date(2027, 4, 19))]]


def test_who_left_and_is_back_before_the_letter_went_is_not_told_of_leaving(invited: Desk) -> None:
    event = invited.event
    invited.withdraw()
    invited.advance()
    invited.decide(bring_area_back, at=LATER)
    invited.advance(LATER)
    invited.advance(LATER + timedelta(minutes=1))
    for found in invited.read_waiting(LATER).values():
        for one in found:
            assert "has left" not in one.subject and "have left" not in one.subject
            entries = read_entries(one)
            assert all(method == "PUBLISH" and number > event.sequence for method, number, _ in entries)


def test_a_second_pack_takes_the_place_of_one_that_was_not_sent(desk: Desk) -> None:
    pair_all_areas(desk.world)
    desk.send_in(Kind.SELF_ASSESSMENT, NOW, seed=5)
    desk.advance()
    packs = [
        one.name
        for found in desk.read_waiting().values()
        for composed in found
        for one in composed.attachments
        if "pack - Ashcombe" in one.name
    ]
    assert len(packs) == 1
    desk.send(NOW)
    with desk.world.register.reading() as connection:
        sent = messages.list_sent_at(connection, WHICH, DispatchKind.ANALYSIS_PACK)
        gone = messages.list_messages(connection, states=[MessageState.SENT], most=None)
        composed = [compose_message(connection, desk.world.settings, one, NOW) for one in gone]
    assert len(sent) == 1  # its weeks count from the pack that went
    assert not any("New version" in one.subject for one in composed)


def test_who_knows_its_challenger_is_not_promised_to_be_told(desk: Desk) -> None:
    promise = "we tell you who will challenge you"
    desk.send_in(Kind.SELF_ASSESSMENT, day(2, 21), seed=4)
    desk.advance(day(2, 21))
    assert promise in desk.read_waiting(day(2, 21))[ONE][0].covering
    pair_all_areas(desk.world)
    desk.send(day(3, 1))
    desk.send_in(Kind.SELF_ASSESSMENT, NOW, seed=5)
    desk.advance()
    assert promise not in desk.read_waiting()[ONE][0].covering


def test_the_day_of_what_is_replaced_is_the_day_on_which_it_was_sent(paired: Desk) -> None:
    paired.send_in(Kind.SELF_ASSESSMENT, NOW, seed=5)
    paired.advance()
    paired.send(day(3, 24))
    paired.send_in(Kind.SELF_ASSESSMENT, day(3, 25), seed=6)
    paired.advance(day(3, 25))
    (again,) = [
        one
        for found in paired.read_waiting(day(3, 25)).values()
        for one in found
        if "questions about Ashcombe" in one.subject
    ]
    assert "that we sent you on Wednesday 24 March 2027" in again.covering


def test_two_extensions_before_the_letter_went_are_one_letter_from_the_day_that_was_known(
    paired: Desk,
) -> None:
    for number, at in enumerate((NOW, LATER)):
        with paired.world.register.writing() as connection:
            made = Adjustment("extension", REASON, 7 + number, DeadlineName.ANALYSIS_DUE)
            change_dates(connection, paired.world.cycle, WHICH, made, at=at, actor="Office")
        paired.advance(at)
    for found in paired.read_waiting(LATER).values():
        (one,) = found
        assert "30 March 2027" in one.covering and "6 April 2027" not in one.covering


def _extend_and_take_back(desk: Desk, *, is_sent: bool) -> tuple[date, date]:
    """Extend the analysis by a week, and take that back after its letter was made, or was sent.

    Returns the day with the extension, and the one without.
    """
    with desk.world.register.writing() as connection:
        made = Adjustment("extension", REASON, 7, DeadlineName.ANALYSIS_DUE, message="You have a week more.")
        change_dates(connection, desk.world.cycle, WHICH, made, at=NOW, actor="Office")
    desk.advance()
    if is_sent:
        desk.send()
    with desk.world.register.reading() as connection:
        (number,) = date_adjustments.number_adjustments(connection, WHICH)
        extended = challenges.due_dates(connection, WHICH)[DeadlineName.ANALYSIS_DUE]
    desk.decide(take_back_adjustment, number, at=LATER)
    desk.advance(LATER)
    with desk.world.register.reading() as connection:
        return extended, challenges.due_dates(connection, WHICH)[DeadlineName.ANALYSIS_DUE]


@pytest.mark.parametrize("is_sent", [True, False])
def test_an_extension_that_is_taken_back_leaves_one_letter_that_gives_the_old_date(
    paired: Desk, *, is_sent: bool
) -> None:
    days = _extend_and_take_back(paired, is_sent=is_sent)
    assert days[0] > days[1]
    waiting = paired.read_waiting(LATER)
    assert set(waiting) == {ONE, "kestrel-riding"}
    for found in waiting.values():
        (one,) = found
        assert all(day_in_words(one_day) in one.covering for one_day in days)
        assert "You have a week more." not in one.covering


def test_an_area_hears_that_another_challenges_it_in_place_of_which(paired: Desk) -> None:
    with paired.world.register.reading() as connection:
        cycle, _ = load_stored(connection, paired.world.cycle.id)
    withdraw_area(paired.world.register, cycle, "kestrel-riding", REASON, at=NOW, actor="Office")
    with paired.world.register.writing() as connection:
        approve_latest(connection, cycle, LATER, reason=REASON, actor="Office")
    paired.advance(LATER)
    waiting = paired.read_waiting(LATER)
    assert any("in place of Kestrel Riding" in one.covering for one in waiting[ONE])
    (left,) = waiting["kestrel-riding"]
    assert "documents about an area that you no longer challenge, please delete" in left.covering


def test_those_at_work_hear_that_a_challenge_is_closed_and_that_it_goes_on(paired: Desk) -> None:
    paired.decide(close_challenge)
    paired.advance()
    waiting = paired.read_waiting()
    assert set(waiting) == {ONE, "kestrel-riding"}
    assert "Your challenge has ended" in waiting[ONE][0].subject
    (challenger,) = waiting["kestrel-riding"]
    assert "If you have begun to write your questions, you can stop." in challenger.covering
    assert "no longer takes part" not in challenger.covering
    paired.send()
    paired.decide(reopen_challenge, at=LATER)
    paired.advance(LATER)
    again = paired.read_waiting(LATER)
    assert set(again) == {ONE, "kestrel-riding"}
    assert all("This challenge goes on." in found[0].covering for found in again.values())


def test_of_a_closed_challenge_nothing_waits_that_asks_for_something(desk: Desk) -> None:
    pair_all_areas(desk.world)
    desk.advance(day(3, 1))
    asks = "Please send us your questions"
    assert asks in desk.read_waiting(day(3, 1))["kestrel-riding"][0].covering
    desk.decide(close_challenge, at=day(3, 2))
    desk.advance(day(3, 2))
    waiting = desk.read_waiting(day(3, 2)).get("kestrel-riding", [])
    assert not any(asks in one.covering for one in waiting)


def test_who_gets_the_same_area_again_has_all_its_weeks_from_the_new_pack(paired: Desk) -> None:
    with paired.world.register.reading() as connection:
        before = challenges.find_challenge(connection, WHICH)
    withdraw_area(paired.world.register, paired.world.cycle, ONE, REASON, at=day(3, 4), actor="Office")
    paired.advance(day(3, 4))
    paired.decide(bring_area_back, at=day(4, 5))
    paired.advance(day(4, 5))
    paired.send(day(4, 6))
    paired.advance(day(4, 6))
    with paired.world.register.reading() as connection:
        again = challenges.find_challenge(connection, WHICH)
        due = challenges.due_dates(connection, WHICH)[DeadlineName.ANALYSIS_DUE]
    assert before is not None and again is not None and again.challenger_id == before.challenger_id
    assert again.pack_issued_at == day(4, 6) and due == date(2027, 5, 4)


def test_a_draft_that_somebody_may_have_sent_counts_as_received(tmp_path: Path) -> None:
    desk = Desk(an_empty_world(tmp_path / "home", Delivery.DRAFTS))
    send_self_assessments(desk.world)
    pair_all_areas(desk.world)
    desk.send(day(3, 1))
    desk.advance(day(3, 1))
    desk.world.send_in(Kind.ANALYSIS, ONE, day(3, 19))
    desk.advance(day(3, 19))
    event = desk.event
    desk.withdraw()
    desk.advance()
    assert read_entries(desk.read_waiting()[event.chair.id][0]) == [("CANCEL", 1, date(2027, 4, 19))]
