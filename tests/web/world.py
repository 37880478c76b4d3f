"""An installation in the middle of a cycle, made by the domain's own functions from real Word documents."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, listings, people, submissions
from peer_challenge.register.cycles import load_stored, store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from peer_challenge.steering.draft_cycle import begin_draft
from peer_challenge.word.form.forms import FORMS
from tests.factories import a_cycle, a_region
from tests.kept_folder import kept_folder
from tests.known_password import give_password
from tests.migrated import make_installation

AREAS = 4
NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)
OFFICE, VIEWER = "office@example.org", "viewer@example.org"


_NEXT = {
    "id": "northern-2028",
    "name": "Northern peer challenge 2028",
    "dates": {"opens": "2028-01-10", "self_assessment_due": "2028-02-25"},
}
"""What is different in the cycle that is being prepared."""


def contact_of(area: str) -> str:
    return f"contact@{area}.example.org"


@dataclass(slots=True)
class World:
    """An installation and what is known of it."""

    settings: Settings
    register: Register
    cycle: Cycle

    def send_in(self, kind: Kind, author: str, at: datetime, *, turn: int = 1) -> None:
        """Fill in the form that was dispatched for `author`, and take it in."""
        self.put_in_inbox(kind, author, turn=turn)
        take_in_ready_documents(self.register, self.settings, at)

    def put_in_inbox(self, kind: Kind, author: str, *, turn: int = 1) -> Path:
        path = self.settings.inbox_folder / f"{author} {kind.value} {turn}.docx"
        path.write_bytes(self.filled(kind, author, turn=turn))
        return path

    def filled(
        self, kind: Kind, author: str, *, turn: int = 1, seed: int = 1, event_on: date | None = None
    ) -> bytes:
        """The form that was dispatched for `author`, filled in by its sender; another seed, other words."""
        with self.register.reading() as connection:
            rows = listings.dispatches_of(connection, f"{self.cycle.id}/{author}")
        form = next(
            row for row in rows if row.kind == FORMS[kind].goes_out_as.value and row.state == "issued"
        )
        data = (self.settings.outbox_folder / form.path).read_bytes()
        return a_region(seed, AREAS).fill(kind, data, form.recipient_id, round=turn, event_on=event_on)

    def advance(self, at: datetime) -> None:
        advance_challenges(self.register, self.settings, at)

    def dispatch_ids(self, **wanted: object) -> list[int]:
        with self.register.reading() as connection:
            rows = listings.list_dispatches(connection, 1, size=500).rows
        return [row.id for row in rows if all(getattr(row, key) == value for key, value in wanted.items())]


def day(month: int, number: int) -> datetime:
    return datetime(2027, month, number, 10, tzinfo=UTC)


def an_empty_world(
    home: Path,
    delivery: Delivery | None = None,
    *,
    is_looked_at: bool = False,
    has_addresses: bool = True,
) -> World:
    """A cycle just opened, its templates sent (or to be sent), everybody able to sign in."""
    return copy_of(_make_empty_world(delivery, is_looked_at, has_addresses), home)


def a_world(home: Path) -> World:
    """Four areas, paired; one analysis is back, its event set, and one document was rejected."""
    return copy_of(_make_world(), home)


def copy_of(made: World, home: Path) -> World:
    """The same installation in another folder."""
    shutil.copytree(made.settings.home, home, dirs_exist_ok=True)
    settings = made.settings.model_copy(update={"home": home})
    return World(settings, open_register(settings), made.cycle)


@cache
def _make_empty_world(delivery: Delivery | None, is_looked_at: bool, has_addresses: bool) -> World:
    """Made once in a process; never changed by a test."""
    name = f"{delivery.value if delivery else 'page'}-{is_looked_at}-{has_addresses}"
    home = kept_folder() / name
    home.mkdir()
    settings = Settings(home=home, settle_seconds=0, delivery=delivery, hold_new_addresses=delivery is None)
    make_installation(settings)
    if delivery is not None:  # as the page would have it written
        written = f'delivery = "{delivery.value}"\nhold_new_addresses = false\n'
        (home / "settings.toml").write_text(written, encoding="utf-8")
    register = open_register(settings)
    cycle = a_cycle(AREAS)
    rules = cycle.rules.model_copy(update={"look_before_sending": is_looked_at})
    cycle = cycle.model_copy(update={"rules": rules})
    if not has_addresses:
        bare = [area.model_copy(update={"contacts": ()}) for area in cycle.participants]
        cycle = cycle.model_copy(update={"participants": tuple(bare)})
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=day(1, 11), actor="office")
        _people(connection, cycle)
    world = World(settings, register, cycle)
    begin_draft(register, entries_of_cycle(cycle) | _NEXT, at=day(1, 11), actor="Programme office")
    world.advance(day(1, 11))
    return world


@cache
def _make_world() -> World:
    """Made once in a process; never changed by a test."""
    world = an_empty_world(kept_folder() / "world")
    send_self_assessments(world)
    (world.settings.inbox_folder / "holiday plans.docx").write_bytes(b"this is no Word document")
    take_in_ready_documents(world.register, world.settings, day(2, 22))
    pair_all_areas(world)
    world.send_in(Kind.ANALYSIS, world.cycle.authors[0].id, day(3, 19))
    world.advance(day(3, 19))
    return world


def send_self_assessments(world: World) -> None:
    """Take in the self-assessment of every area."""
    for author in world.cycle.authors:
        world.send_in(Kind.SELF_ASSESSMENT, author.id, day(2, 20))


def pair_all_areas(world: World) -> None:
    """Approve the partners that are proposed; what follows from it goes out."""
    with world.register.reading() as connection:
        cycle, _ = load_stored(connection, world.cycle.id)
    proposals.propose_for(world.register, cycle, day(3, 1))
    with world.register.writing() as connection:
        proposals.approve_latest(connection, cycle, day(3, 1), reason="as proposed", actor="office")
    world.advance(day(3, 1))


def follow_up(world: World, author: str) -> int:
    """Go on with an area whose event is set until its first progress report has been sent on; its number."""
    which = f"{world.cycle.id}/{author}"
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, which)
    assert challenge is not None and challenge.event is not None
    at = challenge.event.ends_at + timedelta(days=1)
    world.advance(at)
    _send_and_advance(world, Kind.CHAIR_RECORD, author, at)
    _send_and_advance(world, Kind.ACTION_PLAN, author, at + timedelta(days=7))
    with world.register.reading() as connection:
        due = challenges.due_dates(connection, which)["progress_report_due"]
    asked = datetime.combine(due, datetime.min.time(), at.tzinfo) - timedelta(days=28)
    world.advance(asked + timedelta(hours=12))
    _send_and_advance(world, Kind.PROGRESS_REPORT, author, asked + timedelta(days=3))
    with world.register.reading() as connection:
        [report] = submissions.list_progress_reports(connection, which)
    return report.id


def _send_and_advance(world: World, kind: Kind, author: str, at: datetime) -> None:
    """Take in a form about an area, filled in without mistakes, and do what follows."""
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, f"{world.cycle.id}/{author}")
    assert challenge is not None
    filled = world.filled(kind, author, event_on=challenge.event_on)
    (world.settings.inbox_folder / "form.docx").write_bytes(filled)
    taken = take_in_ready_documents(world.register, world.settings, at)
    assert list(taken.table["outcome"]) in (["accepted"], ["warned"]), kind
    world.advance(at)


def _people(connection: object, cycle: Cycle) -> None:
    members = [
        (OFFICE, "Programme office", Access.OFFICE, None, None),
        (VIEWER, "Board viewer", Access.VIEWER, None, None),
        *((contact_of(a.id), f"Contact of {a.id}", Access.PARTICIPANT, a.id, None) for a in cycle.authors),
        *((f"{c.id}@example.org", c.name, Access.CHAIR, None, c.id) for c in cycle.chairs),
    ]
    for email, name, access, area, chair in members:
        people.add_person(
            connection,  # type: ignore[arg-type]
            email,
            name,
            access,
            at=day(1, 11),
            actor="office",
            cycle_id=cycle.id if area or chair else None,
            participant_id=area,
            chair_id=chair,
        )
        give_password(connection, email)  # type: ignore[arg-type]
