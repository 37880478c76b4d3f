"""Who wrote a document is recorded when it arrives, and worked out for registers that did not record it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access, Party
from peer_challenge.model.vocabulary import Kind, Role
from peer_challenge.register import access_facts, people, uploads
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import MIGRATIONS, Register
from peer_challenge.settings import Settings
from tests.factories import a_challenger, a_cycle, a_filled, its_framework

CYCLE = a_cycle(4)
AUTHOR = CYCLE.authors[0].id
CHALLENGER = a_challenger(CYCLE, AUTHOR)
OTHER = next(area.id for area in CYCLE.participants if area.id not in (AUTHOR, CHALLENGER))
CHALLENGE = f"{CYCLE.id}/{AUTHOR}"
AT = datetime(2027, 3, 2, 10, tzinfo=UTC)
ANALYSIS = a_filled(Kind.ANALYSIS, AUTHOR)


@pytest.fixture
def office(settings: Settings, register: Register) -> Register:
    """A cycle whose first area is being challenged: its challenger has its pack."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, its_framework(CYCLE), at=AT, actor="test")
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == CHALLENGE)
            .values(stage="in analysis", challenger_id=CHALLENGER, paired_at=AT)
        )
        send_pack(connection, CHALLENGER)
    return register


def send_pack(connection: sa.Connection, to: str) -> None:
    connection.execute(
        t.dispatches.insert().values(
            cycle_id=CYCLE.id,
            challenge_id=CHALLENGE,
            kind="analysis_pack",
            role="challenger",
            recipient_id=to,
            key=f"pack/{to}",
            parameters={},
            state="issued",
            intended_at=AT,
            issued_at=AT,
        )
    )


def replace_challenger(register: Register, by: str) -> None:
    with register.writing() as connection:
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == CHALLENGE).values(challenger_id=by)
        )
        send_pack(connection, by)


def upload(register: Register, data: bytes, access: Access, area: str | None) -> None:
    """Note that a contact of `area`, or the office, sent `data` in through the page."""
    with register.writing() as connection:
        people.add_person(
            connection,
            "somebody@example.org",
            "Somebody",
            access,
            at=AT,
            actor="test",
            cycle_id=CYCLE.id if area else None,
            participant_id=area,
        )
        user = connection.scalar(sa.select(t.users.c.id))
        assert user is not None
        uploads.note_upload(connection, user, sha256_of(data), AT)


def writer_of(register: Register, settings: Settings, data: bytes) -> Party | None:
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    (settings.inbox_folder / "form.docx").write_bytes(data)
    take_in_ready_documents(register, settings, AT)
    with register.reading() as connection:
        last = connection.scalar(sa.select(sa.func.max(t.submissions.c.id)))
        found = access_facts.load_submission(connection, last)
    assert found is not None
    return found[1].writer


def answered_to(register: Register) -> set[tuple[str, str]]:
    with register.reading() as connection:
        kinds = ("receipt", "query_letter", "fix_it_copy")
        query = sa.select(t.dispatches).where(t.dispatches.c.kind.in_(kinds))
        return {(row.role, row.recipient_id) for row in connection.execute(query)}


def test_a_form_in_the_folder_is_of_the_party_whose_turn_it_is(office: Register, settings: Settings) -> None:
    assert writer_of(office, settings, ANALYSIS) == Party(CYCLE.id, Role.CHALLENGER, CHALLENGER)
    assert answered_to(office) == {("challenger", CHALLENGER)}


def test_what_a_former_challenger_sends_in_late_is_held_and_answered_to_nobody(
    office: Register, settings: Settings
) -> None:
    replace_challenger(office, OTHER)
    assert writer_of(office, settings, ANALYSIS) is None
    assert answered_to(office) == set()


def test_a_form_of_an_area_that_was_never_the_challenger_is_for_the_office_alone(
    office: Register, settings: Settings
) -> None:
    with office.writing() as connection:
        connection.execute(t.dispatches.delete())
    replace_challenger(office, OTHER)
    assert writer_of(office, settings, ANALYSIS) is None
    assert answered_to(office) == set()


@pytest.mark.parametrize(
    ("access", "area", "is_known"),
    [
        (Access.OFFICE, None, True),
        (Access.PARTICIPANT, CHALLENGER, True),
        (Access.PARTICIPANT, AUTHOR, False),
        (Access.PARTICIPANT, OTHER, False),
    ],
)
def test_what_somebody_else_uploaded_is_for_the_office_alone(
    office: Register, settings: Settings, access: Access, area: str | None, is_known: bool
) -> None:
    upload(office, ANALYSIS, access, area)
    written_by = Party(CYCLE.id, Role.CHALLENGER, CHALLENGER)
    assert writer_of(office, settings, ANALYSIS) == (written_by if is_known else None)


def _config(settings: Settings) -> object:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = settings.register_url
    return config


def test_an_older_register_learns_who_wrote_and_what_was_passed_on(
    office: Register, settings: Settings
) -> None:
    writer_of(office, settings, ANALYSIS)
    with office.writing() as connection:
        accepted = connection.scalar(sa.select(t.submissions.c.id))
        connection.execute(
            t.submissions.update().values(outcome="accepted", writer_role=None, writer_id=None)
        )
        connection.execute(
            t.dispatches.update().where(t.dispatches.c.kind == "returned_analysis").values(state="issued")
        )
        connection.execute(
            t.adjustments.insert().values(
                challenge_id=CHALLENGE,
                definition={"kind": "pause", "reason": "illness at home", "days": 2},
                made_at=AT,
                made_by="office",
            )
        )
        connection.execute(t.deadlines.delete())
        connection.execute(
            t.deadlines.insert().values(
                challenge_id=CHALLENGE,
                name="event_by",
                due_on=AT.date(),
                nominal_on=AT.date(),
                rule="a rule",
                notes=["Paused by 2 days: illness at home", "Another: note"],
            )
        )
    office.close()
    command.downgrade(_config(settings), "0004")  # type: ignore[arg-type]
    command.upgrade(_config(settings), "head")  # type: ignore[arg-type]
    with office.reading() as connection:
        found = access_facts.load_submission(connection, accepted)
        notes = connection.scalar(sa.select(t.deadlines.c.notes))
    assert found is not None
    assert found[1].writer == Party(CYCLE.id, Role.CHALLENGER, CHALLENGER)
    assert found[1].readers == {Party(CYCLE.id, Role.AUTHOR, AUTHOR)}
    assert notes == ["Paused by 2 days.", "Another: note"]


def test_an_older_register_leaves_what_is_in_doubt_to_the_office(
    office: Register, settings: Settings
) -> None:
    writer_of(office, settings, ANALYSIS)
    with office.writing() as connection:
        which = connection.scalar(sa.select(t.submissions.c.id))
        connection.execute(
            t.findings.insert().values(
                submission_id=which,
                position=999,
                code="intake.other_sender",
                severity="warn",
                message="",
                remedy="",
            )
        )
    office.close()
    command.downgrade(_config(settings), "0004")  # type: ignore[arg-type]
    command.upgrade(_config(settings), "head")  # type: ignore[arg-type]
    with office.reading() as connection:
        found = access_facts.load_submission(connection, which)
    assert found is not None and found[1].writer is None
