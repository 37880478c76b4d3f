"""People are invited by email with a link that lasts a day; where no mail is sent, the link is shown."""

import re
from collections.abc import Iterator

import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery
from peer_challenge.register import listings, people
from tests.mail.smtp_server import MailServer, run_mail_server
from tests.web.conftest import Client, Served, client_as, get
from tests.web.world import NOW, OFFICE, World, contact_of

EMAIL = "lead.officer@eastholme.example.org"
LINK = re.compile(r"http\S+/first-sign-in\?token=[\w-]+")


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with run_mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def office(world: World, mail: MailServer) -> Iterator[Client]:
    """The office of an installation whose mail server sends."""
    settings = world.settings.model_copy(
        update={
            "delivery": Delivery.SEND,
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.port,
            "smtp_tls": False,
            "smtp_from": "office@region.example.org",
            "public_url": "http://peer-challenge.example.org",
        }
    )
    server = Served(create_app(settings, world.register, SimulatedClock(NOW)))
    with client_as(server, world, OFFICE) as client:
        client.base_url = server.url
        yield client
    server.stop()


def add(client: Client, email: str, how: str) -> str:
    typed = {
        "name": "Lead officer",
        "email": email,
        "access": "participant",
        "place": "participant/northern-2027/eastholme",
    }
    return client.post("/people", data={"csrf_token": client.csrf, "how": how, **typed}).text


def words_of(mail: MailServer) -> str:
    body = mail.taken[-1].message.get_body()
    assert body is not None
    return str(body.get_content())


def test_a_link_goes_by_email_and_nowhere_else(office: Client, mail: MailServer, world: World) -> None:
    page = add(office, EMAIL, "email")
    assert mail.taken[-1].to == (EMAIL,) and not LINK.search(page)
    said = words_of(mail)
    (link,) = LINK.findall(said)
    assert link.startswith("http://peer-challenge.example.org/") and "10:00 on Tuesday 23 March 2027" in said
    token = link.partition("=")[2]
    with world.register.reading() as connection:
        assert people.user_of_link(connection, token, NOW).email == EMAIL
        entries = listings.list_journal_entries(connection, 1, size=3).rows
    assert entries[0].event == "invitation sent"
    assert not [entry for entry in entries if token in str(entry.details) or EMAIL in str(entry.details)]


def test_who_can_not_be_reached_gets_a_link_to_be_passed_on(office: Client, mail: MailServer) -> None:
    mail.answer = lambda address: "550 no such mailbox"
    try:
        page = add(office, "other@eastholme.example.org", "email")
    finally:
        mail.answer = lambda address: "250 OK"
    assert "We did not send an email to Lead officer." in page and LINK.search(page)
    assert LINK.search(add(office, "third@eastholme.example.org", "show"))


def test_a_new_link_can_be_sent_too(office: Client, mail: MailServer, world: World) -> None:
    with world.register.reading() as connection:
        user = people.find_user_by_email(connection, contact_of("ashcombe"))
    assert user is not None
    sent = len(mail.taken)
    office.post(f"/people/{user.id}/reset", data={"csrf_token": office.csrf, "how": "email"})
    assert [one.to for one in mail.taken[sent:]] == [(user.email,)]


def test_everybody_of_a_cycle_without_access_is_invited_at_once_and_once(
    office: Client, mail: MailServer, world: World
) -> None:
    page = office.get("/people/invite").text
    keys = re.findall(r'name="guest" type="checkbox" value="([^"]+)"', page)
    assert keys and not [key for key in keys if key.endswith(contact_of("ashcombe"))]
    sent = len(mail.taken)
    data = {"csrf_token": office.csrf, "cycle": world.cycle.id, "guest": keys}
    answer = office.post("/people/invite", data=data)
    assert answer.status_code == 200 and not LINK.search(answer.text)
    assert sorted(one.to[0] for one in mail.taken[sent:]) == sorted(key.split("/")[2] for key in keys)
    assert office.post("/people/invite", data=data).status_code == 422
    assert len(mail.taken) == sent + len(keys)


def test_where_no_mail_is_sent_the_links_are_shown_once(as_own: Client, own_world: World) -> None:
    page = as_own.get("/people/invite").text
    assert "This installation sends no email." in page
    keys = re.findall(r'name="guest" type="checkbox" value="([^"]+)"', page)
    data = {"csrf_token": as_own.csrf, "cycle": own_world.cycle.id, "guest": keys[:2]}
    links = LINK.findall(as_own.post("/people/invite", data=data).text)
    assert len(set(links)) == 2
    shown = get(str(as_own.base_url).rstrip("/") + "/first-sign-in?token=" + links[0].partition("=")[2])
    assert shown.status_code == 200
