"""A cycle told in states, each with canary words in all that anybody wrote, and who may see what in it.

Who may see what is worked out here from what the story itself had sent in, from the register by plain
SQL, and from the files that lie in the outbox; never through the product's rules or its lists.
"""

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from docx import Document

from peer_challenge.clock import SimulatedClock
from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.events.move_events import move_event
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access
from peer_challenge.model.vocabulary import Kind
from peer_challenge.partners import changes, proposals
from peer_challenge.register import challenges, people, purging
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.word.form.forms import FORMS
from tests.factories import a_region, its_framework
from tests.web.world import AREAS, OFFICE, VIEWER, World, contact_of, day

Key = tuple[str, str, str]
"""A party: cycle, "area" or "chair", id."""
ENDED = "ended@example.org"
LATER_CYCLE = "northern-2028"
_TELLING = {
    "challenger": ("partner_notice", "analysis_pack", "event_invitation"),
    "chair": ("event_invitation", "chair_briefing"),
}
_WHOLE = ("analysis_pack", "returned_analysis", "challenger_briefing", "chair_summary")
"""What passes a document on whole: who was sent it has to be able to read that version on the page."""
_WHOLE_OF = {"progress_report_copy": "progress_report"}
"""What passes one kind of document on whole, and quotes another: a report quotes the plan."""
_NUMBER = "NHS number 943 476 5919"


@dataclass(frozen=True)
class Written:
    """One document as the story had it sent in: `writer` is None where the office alone may know."""

    writer: Key | None
    canary: str
    is_refused: bool = False


@dataclass
class Story:
    """The world of the story, and what the story knows: who wrote what, why, and for whom."""

    world: World
    clock: SimulatedClock
    written: dict[str, Written] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    count: int = 0

    @property
    def cycle_id(self) -> str:
        """The cycle that the story is about."""
        return self.world.cycle.id

    def canary(self, what: str) -> str:
        """A word that is nowhere else."""
        self.count += 1
        return f"zq{what}{chr(97 + self.count // 26)}{chr(97 + self.count % 26)}qz"

    def reason(self) -> str:
        """A reason of the office's, with a canary in it."""
        self.reasons.append(self.canary("reason"))
        return f"Because of {self.reasons[-1]}"

    def people(self) -> dict[str, Key | None]:
        """Everybody who can sign in, by address, with the party that they act for."""
        cycle = self.world.cycle
        found: dict[str, Key | None] = {OFFICE: None, VIEWER: None}
        found |= {contact_of(a.id): (cycle.id, "area", a.id) for a in cycle.authors}
        found |= {f"{c.id}@example.org": (cycle.id, "chair", c.id) for c in cycle.chairs}
        return found | {later_contact(a.id): (LATER_CYCLE, "area", a.id) for a in cycle.authors[:1]}

    def send(
        self, kind: Kind, author: str, who: str, at: datetime, *, writer: Key | None = None, **how: bool
    ) -> str:
        """Fill in the form that `who` was sent about `author`, plant a canary, take it in; its outcome."""
        with self.world.register.reading() as connection:
            form = connection.execute(
                sa.select(t.dispatches).where(
                    t.dispatches.c.challenge_id == f"{self.cycle_id}/{author}",
                    t.dispatches.c.kind == FORMS[kind].goes_out_as.value,
                    t.dispatches.c.recipient_id == who,
                    t.dispatches.c.state == "issued",
                )
            ).first()
        assert form is not None
        blank = (self.world.settings.outbox_folder / form.path).read_bytes()
        held_on = at.date() - timedelta(days=1) if kind is Kind.CHAIR_RECORD else None
        filled = a_region(areas=AREAS).fill(kind, blank, who, round=1, event_on=held_on)
        word = self.canary("wrote")
        data = _planted(blank, filled, word, **how)
        side = "chair" if kind is Kind.CHAIR_RECORD else "area"
        named = writer or (self.cycle_id, side, who)
        self.written[sha256_of(data)] = Written(named, word, is_refused=how.get("has_detail", False))
        (self.world.settings.inbox_folder / "form.docx").write_bytes(data)
        taken = take_in_ready_documents(self.world.register, self.world.settings, at)
        return str(taken.table["outcome"].iloc[0])


def later_contact(area: str) -> str:
    """The contact of the area of the same name in the later cycle."""
    return f"later@{area}.example.org"


def _planted(
    blank: bytes, filled: bytes, word: str, *, has_detail: bool = False, is_thin: bool = False
) -> bytes:
    """The filled form with `word` in every longer text that was written into it.

    `has_detail` adds what the disclosure guard refuses; `is_thin` leaves one text and drops the others.
    """
    printed = {node.text for node in Document(io.BytesIO(blank)).element.body.xpath(".//w:t")}
    form = Document(io.BytesIO(filled))
    written = [
        node
        for node in form.element.body.xpath(".//w:tc//w:t")
        if node.text not in printed and len(node.text or "") > 60
    ]
    assert written
    added = f" We mean {word}." + (f" {_NUMBER}." if has_detail else "")
    for number, node in enumerate(written):
        node.text = "" if is_thin and number else f"{node.text}{added}"
    saved = io.BytesIO()
    form.save(saved)
    return saved.getvalue()


def text_in(data: bytes) -> str:
    """Everything that a page or a document says."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    return re.sub(r"<[^>]+>", "", "\n".join(parts))


def tell(story: Story) -> Iterator[str]:
    """Move the cycle on, from state to state; the name of each is given once it is reached."""
    world, cycle, register = story.world, story.world.cycle, story.world.register
    first = cycle.authors[0].id
    yield "opened"
    assert story.send(Kind.SELF_ASSESSMENT, first, first, day(2, 18), has_detail=True) == "rejected"
    for area in cycle.authors:
        assert story.send(Kind.SELF_ASSESSMENT, area.id, area.id, day(2, 20)) in ("accepted", "warned")
    (world.settings.inbox_folder / "holiday plans.docx").write_bytes(b"this is no Word document")
    take_in_ready_documents(register, world.settings, day(2, 22))
    world.advance(day(2, 22))
    story.clock.set(day(3, 1))
    yield "self-assessed"
    proposals.propose_for(register, cycle, day(3, 1))
    with register.writing() as connection:
        proposals.approve_latest(connection, cycle, day(3, 1), reason=story.reason(), actor="office")
    yield "approved, nothing issued"
    world.advance(day(3, 1))
    author, old = _first_that_can_be_moved(story)
    story.former[author] = old
    assert story.send(Kind.ANALYSIS, author, old, day(3, 3), has_detail=True) == "rejected"
    assert story.send(Kind.ANALYSIS, author, old, day(3, 4), is_thin=True) == "queried"
    _change_dates(story, author)
    world.advance(day(3, 5))
    story.clock.set(day(3, 5))
    yield "in analysis"
    trial = changes.try_without(register, cycle, old)
    with register.writing() as connection:
        changes.keep_trial(connection, cycle, trial, at=day(3, 6), actor="office", reason=story.reason())
        proposals.approve_latest(connection, cycle, day(3, 6), reason=story.reason(), actor="office")
    world.advance(day(3, 6))
    assert story.send(Kind.ANALYSIS, author, old, day(3, 7)) == "queried"
    _note_held(story)
    world.advance(day(3, 7))
    story.clock.set(day(3, 8))
    yield "challenger replaced, area withdrawn"
    new = challenger_of(story, author)
    assert new != old
    assert story.send(Kind.ANALYSIS, author, new, day(3, 8)) in ("accepted", "warned")
    yield "analysis accepted, not sent"
    other = next(area.id for area in cycle.authors if area.id not in (author, old))
    _hold_returned(story, other, day(3, 9))
    story.clock.set(day(3, 9))
    yield "analysis sent; another's held"
    _open_later_cycle(story)
    chair = _chair_of(story, author)
    with register.writing() as connection:
        event = connection.execute(
            sa.select(t.events).where(t.events.c.challenge_id == f"{cycle.id}/{author}")
        ).one()
        move_event(
            connection,
            cycle,
            f"{cycle.id}/{author}",
            event.starts_at,
            minutes=90,
            place="Online",
            reason=story.reason(),
            actor="office",
            at=day(3, 10),
        )
    world.advance(day(3, 10))
    assert story.send(Kind.RESPONSE, author, author, day(3, 10), has_detail=True) == "rejected"
    world.advance(day(3, 10))
    yield "response refused"
    assert story.send(Kind.RESPONSE, author, author, day(3, 10), is_thin=True) == "queried"
    world.advance(day(3, 10))
    yield "response in question, sent as not confirmed"
    response = story.send(Kind.RESPONSE, author, author, day(3, 11))
    assert response in ("accepted", "warned")
    world.advance(day(3, 11))
    story.clock.set(day(3, 11))
    yield "response in, two cycles"
    held_on = event.starts_at + timedelta(days=1)
    world.advance(held_on)
    story.clock.set(held_on)
    yield "event held"
    assert story.send(Kind.CHAIR_RECORD, author, chair, held_on, has_detail=True) == "rejected"
    assert story.send(Kind.CHAIR_RECORD, author, chair, held_on) in ("accepted", "warned")
    yield "record accepted, not sent"
    successor = next(one.id for one in cycle.chairs if one.id != chair)
    with register.writing() as connection:
        connection.execute(
            t.events.update()
            .where(t.events.c.challenge_id == f"{cycle.id}/{author}")
            .values(chair_id=successor)
        )
        challenges.withdraw_challenge(
            connection, f"{cycle.id}/{other}", story.reason(), at=held_on, actor="office"
        )
    world.advance(held_on)
    yield "Chair replaced, summary sent, another withdrawn"
    planned_at = held_on + timedelta(days=7)
    assert story.send(Kind.ACTION_PLAN, author, author, planned_at) in ("accepted", "warned")
    world.advance(planned_at)
    with register.reading() as connection:
        due = challenges.due_dates(connection, f"{cycle.id}/{author}")["progress_report_due"]
    reported_at = datetime.combine(due - timedelta(days=21), held_on.time(), held_on.tzinfo)
    world.advance(reported_at - timedelta(days=1))
    assert story.send(Kind.PROGRESS_REPORT, author, author, reported_at) in ("accepted", "warned")
    story.clock.set(reported_at)
    yield "report accepted, not sent"
    world.advance(reported_at)
    yield "report sent"
    with register.writing() as connection:
        connection.execute(t.cycles.update().where(t.cycles.c.id == cycle.id).values(state="closed"))
        connection.execute(
            t.challenges.update().where(t.challenges.c.cycle_id == cycle.id).values(stage="closed")
        )
    yield "closed"
    with register.writing() as connection:
        purging.purge_cycle(connection, cycle.id, at=held_on, actor="office")
    yield "purged"


UNNOTICED = (
    ("self-assessed", "approved, nothing issued", "everybody"),
    ("challenger replaced, area withdrawn", "analysis accepted, not sent", "all but its writer"),
    ("event held", "record accepted, not sent", "all but its writer"),
)
"""Two states between which nothing was sent: what people outside the office see does not change."""


def _note_held(story: Story) -> None:
    """What was sent in last is held: until the office has said whose it is, it is for the office alone."""
    last = list(story.written)[-1]
    story.written[last] = replace(story.written[last], writer=None)
    with story.world.register.reading() as connection:
        held = connection.scalar(
            sa.select(t.submissions.c.held_since_at).where(t.submissions.c.sha256 == last)
        )
    assert held is not None


def challenger_of(story: Story, author: str) -> str:
    """Who challenges an area now."""
    with story.world.register.reading() as connection:
        return str(
            connection.scalar(
                sa.select(t.challenges.c.challenger_id).where(
                    t.challenges.c.id == f"{story.cycle_id}/{author}"
                )
            )
        )


def _chair_of(story: Story, author: str) -> str:
    with story.world.register.reading() as connection:
        return str(
            connection.scalar(
                sa.select(t.events.c.chair_id).where(t.events.c.challenge_id == f"{story.cycle_id}/{author}")
            )
        )


def _first_that_can_be_moved(story: Story) -> tuple[str, str]:
    """An area whose challenger can withdraw so that another takes over, and that challenger."""
    for author in story.world.cycle.authors:
        old = challenger_of(story, author.id)
        trial = changes.try_without(story.world.register, story.world.cycle, old)
        if trial.proposal["pairs"]:
            return author.id, old
    raise AssertionError("no area can be given another challenger")


def _change_dates(story: Story, author: str) -> None:
    """An extension with a word for those concerned, and a pause without."""
    told = story.canary("told")
    story.messages[told] = author
    which = f"{story.cycle_id}/{author}"
    with story.world.register.writing() as connection:
        for change in (
            Adjustment("extension", story.reason(), 7, "analysis_due", message=f"We add {told}"),
            Adjustment("pause", story.reason(), 3, first_on=day(3, 4).date()),
        ):
            challenges.adjust_challenge_dates(
                connection, story.world.cycle, which, change, at=day(3, 5), actor="office"
            )


def _hold_returned(story: Story, other: str, at: datetime) -> None:
    """Send what waits; then take in another area's analysis and hold what would pass it on."""
    story.world.advance(at)
    assert story.send(Kind.ANALYSIS, other, challenger_of(story, other), at) in ("accepted", "warned")
    with story.world.register.writing() as connection:
        connection.execute(
            t.dispatches.update()
            .where(
                t.dispatches.c.challenge_id == f"{story.cycle_id}/{other}",
                t.dispatches.c.kind.in_(["returned_analysis", "response_form"]),
            )
            .values(state="held", problem="held by the story")
        )


def _open_later_cycle(story: Story) -> None:
    """Another cycle with the same areas."""
    later = story.world.cycle.model_copy(update={"id": LATER_CYCLE, "name": "Northern 2028"})
    area = later.authors[0].id
    with story.world.register.writing() as connection:
        store_cycle(connection, later, its_framework(later), at=day(3, 10), actor="office")
        add_person(connection, later_contact(area), LATER_CYCLE, area)


def add_person(connection: Any, email: str, cycle_id: str, area: str) -> None:
    """A contact who can sign in."""
    people.add_person(
        connection,
        email,
        "A contact",
        Access.PARTICIPANT,
        at=day(1, 11),
        actor="office",
        cycle_id=cycle_id,
        participant_id=area,
    )


class Oracle:
    """Who may see what in the present state."""

    def __init__(self, story: Story) -> None:
        self.story = story
        with sqlite3.connect(story.world.settings.home / "var" / "register.db") as database:
            database.row_factory = sqlite3.Row

            def rows(query: str) -> list[dict[str, Any]]:
                return [dict(row) for row in database.execute(query)]

            self.dispatches = rows("SELECT * FROM dispatches")
            self.submissions = rows("SELECT * FROM submissions")
            self.challenges = rows(
                "SELECT c.*, e.chair_id FROM challenges c LEFT JOIN events e ON e.challenge_id = c.id"
            )
        database.close()
        words = [one.canary for one in story.written.values()] + story.reasons + list(story.messages)
        self.words = re.compile("|".join(words)) if words else re.compile("(?!)")
        self.received: dict[str, set[Key]] = {}
        self.received_whole: dict[str, set[Key]] = {}
        self.in_office_files: set[str] = set()
        for row in self.dispatches:
            if row["state"] == "issued":
                self._note(row)

    def _note(self, row: dict[str, Any]) -> None:
        path = self.story.world.settings.outbox_folder / row["path"]
        for word in self.words.findall(text_in(path.read_bytes())) if path.exists() else ():
            if row["role"] == "office":
                self.in_office_files.add(word)
            else:
                self.received.setdefault(word, set()).add(_addressee(row))
                if row["kind"] in _WHOLE or _WHOLE_OF.get(row["kind"], "") == self._kind_of(word):
                    self.received_whole.setdefault(word, set()).add(_addressee(row))

    def _kind_of(self, word: str) -> str | None:
        """The kind of the document in which a canary was written."""
        by_hash = {row["sha256"]: row["kind"] for row in self.submissions}
        return next((by_hash.get(sha) for sha, one in self.story.written.items() if one.canary == word), None)

    def is_report(self, number: int) -> bool:
        """Whether a submission is a progress report that is in force."""
        found = next((row for row in self.submissions if row["id"] == number), None)
        return found is not None and found["kind"] == "progress_report" and bool(found["is_current"])

    def may_read(self, word: str, who: Key) -> bool:
        """Whether a party may see a canary anywhere: it wrote it, was sent it, or it is meant for it."""
        if word in self.story.reasons:
            return False
        if word in self.story.messages:
            author = self.story.messages[word]
            return self.sees_challenge((self.story.cycle_id, author), who)
        written = next(one for one in self.story.written.values() if one.canary == word)
        return not written.is_refused and (who == written.writer or who in self.received.get(word, ()))

    def sees_challenge(self, which: tuple[str, str], who: Key) -> bool:
        """The author; the challenger and Chair of today, once something that tells of it went out to them."""
        row = next((c for c in self.challenges if (c["cycle_id"], c["author_id"]) == which), None)
        if row is None or who[0] != which[0]:
            return False
        if who == (which[0], "area", row["author_id"]):
            return True
        role = "challenger" if who[1] == "area" else "chair"
        return who[2] == row[f"{role}_id"] and any(
            d["challenge_id"] == row["id"]
            and d["state"] == "issued"
            and d["kind"] in _TELLING[role]
            and (d["role"], d["recipient_id"]) == (role, who[2])
            and d["intended_at"] >= row["paired_at"]
            for d in self.dispatches
        )

    def has_submission(self, number: int, who: Key) -> bool:
        """Its writer, unless the disclosure guard refused it."""
        written = self._written(number)
        return written is not None and not written.is_refused and written.writer == who

    def reads_submission(self, number: int, who: Key) -> bool | None:
        """Its writer, and those who were sent it whole; None for those who were sent some of its words."""
        written = self._written(number)
        if written is None or not self.may_read(written.canary, who):
            return False
        is_whole = who == written.writer or who in self.received_whole.get(written.canary, ())
        return True if is_whole else None

    def _written(self, number: int) -> Written | None:
        row = next((row for row in self.submissions if row["id"] == number), None)
        return self.story.written.get(row["sha256"]) if row else None

    def row_of(self, ids: dict[str, str]) -> str:
        """All that the register says of the document that a route is asked for; "" where there is none."""
        rows = self.submissions if "submission_id" in ids else self.dispatches
        number = int(ids.get("submission_id", ids.get("dispatch_id", "0")))
        return next((repr(row) for row in rows if row["id"] == number), "")

    def has_dispatch(self, number: int, who: Key) -> bool:
        """The party it is addressed to, once it has gone out."""
        row = next((row for row in self.dispatches if row["id"] == number), None)
        return row is not None and row["state"] == "issued" and _addressee(row) == who


def _addressee(row: dict[str, Any]) -> Key | None:
    if row["role"] == "office":
        return None
    return row["cycle_id"], "chair" if row["role"] == "chair" else "area", row["recipient_id"]
