"""A rehearsed cycle that is changed on its way keeps its promises: nothing twice, nothing to others."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Cycle, Dates
from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.register import challenges, cycles, journal, messages, outbox
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.events import events_of
from peer_challenge.rehearsal import rehearsal_cycle
from peer_challenge.rehearsal.postbag import Postbag
from peer_challenge.settings import Settings
from peer_challenge.steering.amend_cycle import amend_cycle
from tests.mail.smtp_server import MailServer, run_mail_server
from tests.migrated import make_installation

pytestmark = pytest.mark.slow
_CYCLE = rehearsal_cycle(5)
_RULES = _CYCLE.rules.model_copy(update={"review_months": (), "accuracy_days": 0})
WHOLE = _CYCLE.model_copy(update={"rules": _RULES})
LATE = WHOLE.participants[-1].id
FIRST = WHOLE.participants[0].id
OPENED = datetime(2027, 1, 11, 9, tzinfo=UTC)


def changed(cycle: Cycle, **fields: object) -> Cycle:
    held = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(held | fields)


def without_last(cycle: Cycle) -> Cycle:
    """The cycle before its last area came, which nobody names."""

    def keep(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in ids if one != LATE)

    areas = [
        area.model_copy(
            update={
                "neighbours": keep(area.neighbours),
                "conflicts": keep(area.conflicts),
                "challenged_by": {k: v for k, v in area.challenged_by.items() if v != LATE},
            }
        )
        for area in cycle.participants[:-1]
    ]
    chairs = [chair.model_copy(update={"not_for": keep(chair.not_for)}) for chair in cycle.chairs]
    return changed(cycle, participants=tuple(areas), chairs=tuple(chairs))


@dataclass
class Office:
    """An installation whose cycle runs by email, and what its mail server took before each change."""

    settings: Settings
    register: Register
    server: MailServer
    taken_before: dict[str, int] = field(default_factory=dict)

    def live_through(self, at: datetime) -> None:
        Postbag(self.register, self.settings, areas=5, seed=7).deliver(at)
        take_in_ready_documents(self.register, self.settings, at)
        intend_reminders(self.register, at)
        advance_and_deliver(self.register, self.settings, at)

    def live_until(self, at: datetime, stop: object = None) -> datetime:
        """Live on, post by post, until a condition holds or nothing comes any more."""
        for _ in range(60):
            if callable(stop) and stop():
                break
            following = Postbag(self.register, self.settings, areas=5, seed=7).next_after(at)
            if following is None:
                break
            at = following
            self.live_through(at)
        return at

    def present(self) -> Cycle:
        with self.register.reading() as connection:
            return cycles.load_stored(connection, WHOLE.id)[0]

    def amend(self, cycle: Cycle, at: datetime, gone: str = "") -> None:
        self.taken_before[gone] = len(self.server.taken)
        amend_cycle(self.register, self.settings, cycle, at=at, actor="office", reason="it changed")

    def stages(self) -> Counter[Stage]:
        with self.register.reading() as connection:
            found = challenges.list_challenges_in_cycle(connection, WHOLE.id)
        return Counter(one.stage for one in found)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home: Path = tmp_path_factory.mktemp("midway") / "home"
    with run_mail_server() as server:
        settings = Settings(
            home=home,
            settle_seconds=0,
            approve_automatically=True,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_tls=False,
        )
        make_installation(settings)
        register = open_register(settings)
        with register.writing() as connection:
            framework = shipped_frameworks()[WHOLE.framework]
            cycles.store_cycle(connection, without_last(WHOLE), framework, at=OPENED, actor="office")
        yield _live(Office(settings, register, server))
        register.close()


def _live(office: Office) -> Office:
    """The cycle, changed on its way: areas and contacts, a force, a day, then a Chair who leaves."""
    office.live_through(OPENED)
    day = OPENED + timedelta(days=3)
    first = WHOLE.participant[FIRST].contacts[0]
    moved = first.model_copy(update={"email": f"moved@{FIRST}.example.org"})
    areas = [
        area.model_copy(update={"contacts": (moved, *area.contacts[1:]), "police": "A force of its own"})
        if area.id == FIRST
        else area
        for area in WHOLE.participants
    ]
    dates = Dates(opens=WHOLE.dates.opens, self_assessment_due=date(2027, 3, 5))
    office.amend(changed(WHOLE, participants=tuple(areas), dates=dates), day, gone=first.email)
    office.live_through(day)
    at = office.live_until(day, lambda: office.stages()[Stage.EVENT_SET] > 0)
    with office.register.reading() as connection:
        leaving = events_of(connection, office.present())[0].chair
    present = office.present()
    kept = tuple(chair for chair in present.chairs if chair.id != leaving.id)
    office.amend(changed(present, chairs=kept), at + timedelta(hours=1), gone=leaving.email)
    office.live_until(at + timedelta(hours=1))
    return office


def test_every_challenge_closes_also_that_of_the_area_that_came_later(office: Office) -> None:
    assert office.stages() == {Stage.CLOSED: 5}
    with office.register.reading() as connection:
        assert journal.broken_at(connection) is None
        assert [one.number for one in cycles.list_earlier_versions(connection, WHOLE.id)] == [1, 2]


@pytest.mark.threat("mail-astray")
def test_no_address_gets_anything_after_it_was_taken_out(office: Office) -> None:
    for gone, before in office.taken_before.items():
        assert any(gone in taken.to for taken in office.server.taken[:before]), gone
        assert not any(gone in taken.to for taken in office.server.taken[before:]), gone


@pytest.mark.threat("mail-astray")
def test_every_message_went_to_addresses_that_the_cycle_had_for_its_recipient(office: Office) -> None:
    with office.register.reading() as connection:
        found = messages.list_messages(connection, cycle_id=WHOLE.id, most=None)
        versions = [one.cycle for one in cycles.list_earlier_versions(connection, WHOLE.id)]
    of: dict[str, set[str]] = {"office": {WHOLE.office.email}}
    for cycle in (*versions, office.present()):
        for area in cycle.participants:
            of.setdefault(area.id, set()).update(contact.email for contact in area.contacts)
        for chair in cycle.chairs:
            of.setdefault(chair.id, set()).add(chair.email)
    assert found and all(set(one.sent_to) <= of[one.recipient_id] for one in found)
    assert {one.state for one in found} <= {MessageState.SENT, MessageState.OVERTAKEN}


def test_nothing_went_twice(office: Office) -> None:
    keys = Counter(taken.message["Message-ID"] for taken in office.server.taken)
    assert keys and set(keys.values()) == {1}
    with office.register.reading() as connection:
        issued = outbox.list_all_issued(connection)
        held = outbox.count_held(connection)
    once = Counter(
        (one.kind, one.challenge_id, one.recipient_id)
        for one in issued
        if one.kind
        in (
            DispatchKind.SELF_ASSESSMENT_TEMPLATE,
            DispatchKind.RETURNED_ANALYSIS,
            DispatchKind.RESPONSE_FORM,
            DispatchKind.CHAIR_RECORD_FORM,
            DispatchKind.CHAIR_SUMMARY,
            DispatchKind.ACTION_PLAN_TEMPLATE,
        )
    )
    assert len(once) == 5 * 8 and set(once.values()) == {1} and held == 0


def test_those_who_knew_of_the_old_day_got_a_letter_and_the_new_area_its_form_alone(office: Office) -> None:
    with office.register.reading() as connection:
        letters = outbox.list_issued(connection, WHOLE.id, (DispatchKind.DATES_NOTICE,))
        forms = outbox.list_issued(connection, WHOLE.id, (DispatchKind.SELF_ASSESSMENT_TEMPLATE,))
    assert {one.recipient_id for one in letters} == {area.id for area in WHOLE.participants} - {LATE}
    assert {one.recipient_id for one in forms} == {area.id for area in WHOLE.participants}
