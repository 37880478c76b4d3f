"""The page with the settings of the post: what it shows, what it saves, and what it never tells."""

import re
from html import unescape

import httpx

from peer_challenge.settings import load_settings
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served
from tests.web.world import OFFICE, World


def _send(client: Client, **typed: str) -> httpx.Response:
    page = client.get("/mail").text
    fields = dict(re.findall(r'<input class="govuk-input[^>]*" id="(\w+)"[^>]*? value="([^"]*)"', page))
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    return client.post("/mail", data={"csrf_token": client.csrf, "seen": seen, **fields, **typed})


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
