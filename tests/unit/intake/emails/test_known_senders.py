"""A sender counts as known only where the office's own mail server has checked the email."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Contact
from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.register import held_documents
from peer_challenge.register import mailbox_messages as mails
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle, a_filled
from tests.migrated import make_installation
from tests.unit.intake.emails.wrapping import an_email

AT = datetime(2027, 2, 10, 12, tzinfo=UTC)
PLACE = mails.MailPlace("a mailbox", 1)
AREAS = a_cycle(4)
CYCLE = AREAS.model_copy(
    update={
        "participants": tuple(
            area.model_copy(update={"contacts": (Contact(name="Manager", email=f"{area.id}@example.org"),)})
            for area in AREAS.participants
        )
    }
)
OWN, OTHER = (area.id for area in CYCLE.participants[:2])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Register, Settings]]:
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        framework = shipped_frameworks()[CYCLE.framework]
        store_cycle(connection, CYCLE, framework, at=datetime(2027, 1, 11, tzinfo=UTC), actor="test")
    yield register, settings
    register.close()


def take_in_email(home: tuple[Register, Settings], sender: str, *, is_verified: bool) -> str | None:
    """Take in the form of OWN in an email that says it is from `sender`; its outcome, None while held."""
    register, settings = home
    form = a_filled(Kind.SELF_ASSESSMENT, OWN, turn=1)
    email = an_email(("form.docx", form), sender=sender).as_bytes()
    if is_verified:
        with register.writing() as connection:
            mails.add_listed_mails(connection, PLACE, [mails.ListedMail(1, len(email), AT)], AT)
            (mail,) = mails.list_in_states(connection, PLACE, tuple(mails.MailState))
            sha256 = sha256_of(email)
            mails.record_fetched(
                connection, mail, sha256=sha256, content_sha256=sha256, verified_sender=sender, at=AT
            )
    (settings.inbox_folder / "post.eml").write_bytes(email)
    taken = take_in_ready_documents(register, settings, AT)
    (outcome,) = taken.table["outcome"]
    with register.reading() as connection:
        held = held_documents.held_total(connection)
    return None if held else str(outcome)


@pytest.mark.parametrize(
    ("sender", "is_verified", "is_held"),
    [
        (f"{OWN}@example.org", False, False),
        (f"{OWN}@example.org", True, False),
        (f"{OTHER}@example.org", False, False),
        (f"{OTHER}@example.org", True, True),
        ("somebody@example.com", True, False),
    ],
)
def test_only_a_checked_sender_of_another_area_holds_a_form(
    home: tuple[Register, Settings], sender: str, is_verified: bool, is_held: bool
) -> None:
    outcome = take_in_email(home, sender, is_verified=is_verified)
    assert (outcome is None) == is_held
    assert is_held or outcome in (Outcome.ACCEPTED, Outcome.WARNED)
