"""The page with the settings of the post: what it shows, what it saves, and what it never tells."""

import re
from html import unescape

import httpx
import pytest

from dashboard.app import create_app
from dashboard.pages.mail import list_field_groups
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.mailbox import REASONS_IN_WORDS, LeftReason, MailState
from peer_challenge.register import mailbox_messages
from peer_challenge.settings import load_settings
from peer_challenge.steering.installation_settings import POST_SETTINGS
from tests.known_password import PASSWORD
from tests.mail.smtp_server import run_mail_server
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served, client_as
from tests.web.world import NOW, OFFICE, World


def _send(client: Client, **typed: str) -> httpx.Response:
    page = client.get("/mail").text
    fields = dict(re.findall(r'<input class="govuk-input[^>]*" id="(\w+)"[^>]*? value="([^"]*)"', page))
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    form = {"csrf_token": client.csrf, "seen": seen, "present": PASSWORD, **fields, **typed}
    return client.post("/mail", data=form)


def test_the_office_saves_and_the_page_reads_the_new_values_at_once(as_: As, world: World) -> None:
    client = as_(OFFICE)
    answer = _send(client, smtp_host="smtp.example.org", smtp_user="post", smtp_password="a secret of ours")
    assert answer.status_code == 303 and answer.headers["location"] == "/mail?done=saved"
    page = client.get("/mail?done=saved").text
    assert "The new settings are used from now on." in page and 'value="smtp.example.org"' in page
    assert "There is one. Leave this empty to keep it." in page and "a secret of ours" not in page
    password = load_settings(world.settings.home).smtp_password
    assert password is not None and password.get_secret_value() == "a secret of ours"
    assert "a secret of ours" not in client.get("/journal").text


@pytest.mark.threat("settings-page")
def test_a_session_alone_changes_no_setting_of_the_post(as_: As, world: World) -> None:
    client, before = as_(OFFICE), load_settings(world.settings.home)
    for present, told in (("", "Type the password with which you sign in"), ("guessed", "is not right")):
        answer = _send(client, mail_cc="me@elsewhere.example.org", present=present)
        text = unescape(answer.text)
        assert answer.status_code == 422 and told in text and 'value="me@elsewhere.example.org"' in text
        assert present == "" or present not in text
    assert load_settings(world.settings.home) == before


def test_guessing_the_password_on_a_form_of_settings_is_braked(own_world: World) -> None:
    served = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    with client_as(served, own_world, OFFICE) as client:
        for _ in range(5):
            assert "is not right" in _send(client, smtp_user="x", present="guessed").text
        assert "Too many attempts" in _send(client, smtp_user="x").text
    served.stop()
    assert load_settings(own_world.settings.home).smtp_user == ""


def test_what_can_not_be_used_is_told_at_its_field_and_stays_typed(as_: As, world: World) -> None:
    client, before = as_(OFFICE), load_settings(world.settings.home)
    answer = _send(client, smtp_port="many", smtp_user="another", smtp_password="typed now")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert 'href="#smtp_port"' in text and "Write a whole number." in text
    assert 'value="many"' in text and 'value="another"' in text and "typed now" not in text
    assert load_settings(world.settings.home) == before


def test_no_secret_of_the_post_is_carried_to_the_page_for_signing_in(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        for name in ("smtp_password", "mail_oauth_client_secret", "imap_password"):
            answer = client.post("/mail", data={name: "secret one", "smtp_user": "known"})
            assert "secret one" not in answer.text


def test_a_test_message_is_sent_or_it_is_told_what_to_correct(own_world: World) -> None:
    with run_mail_server() as mail:
        settings = own_world.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_tls": False}
        )
        served = Served(create_app(settings, own_world.register, SimulatedClock(NOW)))
        with client_as(served, own_world, OFFICE) as client:
            sent = client.post("/mail/sending", data={"csrf_token": client.csrf, "to": "me@example.org"})
            assert "The mail server took the message." in sent.text
            assert [one.to for one in mail.taken] == [("me@example.org",)]
            wrong = client.post("/mail/sending", data={"csrf_token": client.csrf, "to": "nowhere"})
            assert "This is not an email address." in wrong.text and 'value="nowhere"' in wrong.text
            mail.on_data = lambda: "554 5.7.1 you may not send from there"
            refused = client.post("/mail/sending", data={"csrf_token": client.csrf, "to": "me@example.org"})
            assert "did not take the message (554). <strong>Check “From”" in refused.text
        served.stop()
    served = Served(create_app(settings, own_world.register, SimulatedClock(NOW)))
    with client_as(served, own_world, OFFICE) as client:
        form = {"csrf_token": client.csrf, "to": "me@example.org"}
        away = unescape(client.post("/mail/sending", data=form).text)
        assert "Nothing answers at port" in away and "Correct “Mail server” and “Port”" in away
        none = unescape(client.post("/mail/mailbox", data={"csrf_token": client.csrf}).text)
        assert "No mailbox is set." in none and "Set “Mail server”" in none
    served.stop()


def test_every_setting_of_the_post_is_on_the_page(as_: As) -> None:
    shown = {field.name for _, _, fields in list_field_groups() for field in fields}
    assert shown == set(POST_SETTINGS)
    page = as_(OFFICE).get("/mail").text
    assert all(f'name="{name}"' in page for name in shown)


def test_what_is_left_in_the_mailbox_is_listed_with_what_to_do(as_: As, world: World) -> None:
    place = mailbox_messages.MailPlace("a hash", 7)
    with world.register.writing() as connection:
        listed = mailbox_messages.ListedMail(1, 90_000_000, NOW)
        mailbox_messages.add_listed_mails(connection, place, [listed], NOW)
        (mail,) = mailbox_messages.list_in_states(connection, place, [MailState.SEEN])
        mailbox_messages.record_left(connection, mail, LeftReason.TOO_LARGE, NOW)
    page = unescape(as_(OFFICE).get("/inbox").text)
    assert "Left in the mailbox: 1" in page and "90.0 MB" in page
    assert all(words in page for words in REASONS_IN_WORDS[LeftReason.TOO_LARGE])
