"""What is told of how a document arrived: late, in parts, from somebody else (variations 44 and 54)."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import people, uploads
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, a_filled

CYCLE = a_cycle(4)
AREA, OTHER = CYCLE.participants[0].id, CYCLE.participants[1].id
DUE = CYCLE.dates.self_assessment_due
ON_THE_DAY = datetime(DUE.year, DUE.month, DUE.day, 22, tzinfo=UTC)
DAY_AFTER = ON_THE_DAY + timedelta(days=1)
FORM = a_filled(Kind.SELF_ASSESSMENT, AREA, areas=4, turn=1)
LATER_FORM = a_filled(Kind.SELF_ASSESSMENT, AREA, seed=2, areas=4, turn=1)


@pytest.fixture
def office(settings: Settings, register: Register) -> Register:
    """An open cycle."""
    with register.writing() as connection:
        framework = shipped_frameworks()[CYCLE.framework]
        store_cycle(connection, CYCLE, framework, at=datetime(2027, 1, 11, tzinfo=UTC), actor="test")
    return register


def sent(office: Register, settings: Settings, data: bytes, at: datetime) -> dict[str, str]:
    """The codes, with severity, of the findings of a document taken in at `at`."""
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    (settings.inbox_folder / "form.docx").write_bytes(data)
    take_in_ready_documents(office, settings, at)
    with office.reading() as connection:
        last = connection.scalar(sa.select(sa.func.max(t.submissions.c.id)))
        query = sa.select(t.findings.c.code, t.findings.c.severity).where(t.findings.c.submission_id == last)
        return {row.code: row.severity for row in connection.execute(query)}


def uploaded_by(office: Register, data: bytes, access: Access, participant: str | None) -> int:
    """Record that somebody sends in `data` through the page; returns the account's id."""
    email = f"{access.value}-{participant}@example.org"
    with office.writing() as connection:
        people.add_person(
            connection,
            email,
            "Somebody",
            access,
            at=ON_THE_DAY,
            actor="test",
            cycle_id=CYCLE.id if participant else None,
            participant_id=participant,
        )
        user = people.find_user_by_email(connection, email)
        assert user is not None
        uploads.note_upload(connection, user.id, sha256_of(data), ON_THE_DAY)
    return int(user.id)


def test_variation_54_what_comes_after_its_due_day_is_told_as_late_and_taken_in(office, settings):
    assert sent(office, settings, FORM, DAY_AFTER).get("intake.late") == "warn"
    with office.reading() as connection:
        assert connection.scalar(sa.select(t.submissions.c.outcome)) == "warned"


def test_what_comes_on_its_due_day_is_in_time(office, settings):
    assert "intake.late" not in sent(office, settings, FORM, ON_THE_DAY)


def test_a_correction_of_what_came_in_time_is_not_late(office, settings):
    sent(office, settings, FORM, ON_THE_DAY)
    assert "intake.late" not in sent(office, settings, LATER_FORM, DAY_AFTER)


@pytest.mark.parametrize(
    ("access", "participant", "is_held"),
    [
        (Access.PARTICIPANT, OTHER, True),
        (Access.PARTICIPANT, AREA, False),
        (Access.OFFICE, None, False),
    ],
)
def test_variation_54_what_a_sender_sends_who_is_no_contact_of_the_area_is_held(
    office, settings, access, participant, is_held
):
    uploaded_by(office, FORM, access, participant)
    found = sent(office, settings, FORM, ON_THE_DAY)
    assert ("identity.other_sender" in found, "identity.held" in found) == (is_held, is_held)


def test_a_file_that_somebody_put_into_the_folder_says_nothing_of_its_sender(office, settings):
    assert "identity.other_sender" not in sent(office, settings, FORM, ON_THE_DAY)


def test_a_new_version_by_another_way_is_told_to_the_area(office, settings):
    sent(office, settings, FORM, ON_THE_DAY)
    uploaded_by(office, LATER_FORM, Access.PARTICIPANT, AREA)
    assert sent(office, settings, LATER_FORM, ON_THE_DAY).get("intake.other_way") == "warn"
    with office.reading() as connection:
        told = connection.scalar(
            sa.select(t.findings.c.message).where(t.findings.c.code == "intake.other_way")
        )
    assert "put into the shared folder" in told and f"a contact of {CYCLE.participants[0].name}" in told


def test_a_new_version_by_the_same_way_is_not_told(office, settings):
    sent(office, settings, FORM, ON_THE_DAY)
    assert "intake.other_way" not in sent(office, settings, LATER_FORM, ON_THE_DAY)


def test_no_setting_silences_who_sent_it(office, settings):
    quiet = CYCLE.model_copy(
        update={"rules": CYCLE.rules.model_copy(update={"checks": {"identity": "off", "intake": "off"}})}
    )
    with office.writing() as connection:
        connection.execute(t.cycles.update().values(definition=quiet.model_dump(mode="json")))
    uploaded_by(office, FORM, Access.PARTICIPANT, OTHER)
    assert "identity.held" in sent(office, settings, FORM, ON_THE_DAY)


def test_variation_44_an_area_that_sends_several_forms_in_a_zip_is_asked_for_one(office, settings):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("council.docx", FORM)
        archive.writestr("police.docx", LATER_FORM)
    assert sent(office, settings, packed.getvalue(), ON_THE_DAY) == {"open.zip_of_many": "query"}
    with office.reading() as connection:
        kinds = connection.scalars(sa.select(t.dispatches.c.kind).where(t.dispatches.c.recipient_id == AREA))
        assert set(kinds) >= {"query_letter"}
        assert "fix_it_copy" not in set(kinds)


def test_a_form_of_a_cycle_that_is_not_open_yet_is_kept_for_the_office_and_taken_in_once_it_is(
    register: Register, settings: Settings
) -> None:
    """Whatever its questions are, there is nobody to send them to: nothing leaves the inbox unseen."""
    incomplete = a_filled(Kind.SELF_ASSESSMENT, OTHER, areas=4)
    assert sent(register, settings, FORM, ON_THE_DAY)["intake.nobodys"] == "reject"
    assert sent(register, settings, incomplete, ON_THE_DAY)["intake.nobodys"] == "reject"
    rejected = sorted(path.name for path in settings.rejected_folder.iterdir())
    assert len(rejected) == 4
    with register.writing() as connection:
        framework = shipped_frameworks()[CYCLE.framework]
        store_cycle(connection, CYCLE, framework, at=datetime(2027, 1, 11, tzinfo=UTC), actor="test")
    assert "intake.nobodys" not in sent(register, settings, FORM, ON_THE_DAY)
    with register.reading() as connection:
        last = connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id.desc())).first()
    assert last is not None and last.challenge_id == f"{CYCLE.id}/{AREA}"
