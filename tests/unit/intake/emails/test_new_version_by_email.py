"""A new version that comes by email, or from another mailbox than the one before, is told; no address is."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.intake.hand_in import admit_upload
from peer_challenge.register import people
from peer_challenge.register import tables as t
from peer_challenge.register.uploads import find_person_by_id
from tests.unit.intake.emails.wrapping import an_email
from tests.unit.steering.test_accept_findings import AT, ONE, a_form, take_in
from tests.web.world import World, an_empty_world, contact_of

OWN, OTHER = contact_of(ONE), "somebody.else@example.net"
FOLDER, PAGE = "folder", "page"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def send(world: World, way: str, seed: int) -> str:
    """Send a version by the folder, the page or an email from this address; what its way is told as."""
    form, name = a_form(seed), f"form{seed}.docx"
    if way == PAGE:
        with world.register.reading() as connection:
            user = people.find_user_by_email(connection, OWN)
            person = find_person_by_id(connection, user.id if user else 0)
        assert person is not None
        assert admit_upload(world.register, world.settings, person, name, form, AT) is None
    elif way != FOLDER:
        form, name = an_email((name, form), sender=way, sent=AT).as_bytes(), f"post{seed}.eml"
    row = take_in(world, form, AT, name)
    assert row.source == (way if way in (FOLDER, PAGE) else "email")
    told = sa.select(t.findings.c.message).where(
        t.findings.c.submission_id == row.id, t.findings.c.code == "intake.other_way"
    )
    with world.register.reading() as connection:
        return connection.scalar(told) or ""


@pytest.mark.threat("false-sender")
@pytest.mark.parametrize(
    ("before", "way", "words"),
    [
        (FOLDER, OWN, "It was sent by email; the version before was put into the shared folder."),
        (PAGE, OWN, "It was sent by email; the version before was sent in through the page by a contact of"),
        (OWN, PAGE, "the version before was sent by email."),
        (OWN, OTHER, "It was sent by email; the version before was sent from another address."),
        (OTHER, OWN, "It was sent by email; the version before was sent from another address."),
    ],
)
def test_another_way_or_mailbox_is_told_without_an_address(
    world: World, before: str, way: str, words: str
) -> None:
    assert send(world, before, 1) == ""
    told = send(world, way, 2)
    assert words in told and "@" not in told


@pytest.mark.parametrize(("before", "way"), [(OWN, OWN), (OWN, OWN.upper()), (OTHER, OTHER)])
def test_the_same_mailbox_is_no_other_way(world: World, before: str, way: str) -> None:
    assert send(world, before, 1) == ""
    assert send(world, way, 2) == ""
