"""What happened since somebody was last here: in words, without their own doings, alike things together."""

import re
from datetime import timedelta

import httpx

from peer_challenge.register import journal, people
from peer_challenge.steering import tell_what_happened as told
from tests.web.conftest import As
from tests.web.world import NOW, OFFICE, World


def text_of(answer: httpx.Response) -> str:
    return " ".join(answer.text.split())


def sign_in(world: World, email: str, days_ago: float) -> None:
    with world.register.writing() as connection:
        people.sign_in_vouched(connection, email, NOW - timedelta(days=days_ago))


def test_the_office_reads_in_words_what_others_did_since_its_last_visit(world: World, as_: As) -> None:
    assert "What happened lately" in as_(OFFICE).get("/").text
    first, left_out = text_of(as_(OFFICE).get("/since")), "What you did yourself is left out."
    assert "This is your first visit" in first and left_out in first
    assert left_out not in text_of(as_(OFFICE).get("/since?window=week"))
    sign_in(world, OFFICE, 9)
    sign_in(world, OFFICE, 0)
    with world.register.writing() as connection:
        for actor in ("Programme office", "A colleague"):
            journal.append_entry(
                connection,
                "settings changed",
                at=NOW - timedelta(days=2),
                actor=actor,
                settings="mail_cc",
                reason=f"as {actor} said",
            )
    page = as_(OFFICE).get("/since").text
    analysed = world.cycle.participant["ashcombe"].name
    assert f"{analysed}</a>: Peer analysis came in. Accepted" in page
    assert "A message was sent <strong>(" in page and "by itself" in page
    assert "as A colleague said" in page and "as Programme office said" not in page
    assert (
        "Self-assessment came in" not in page
        and "happened since you were last here" in as_(OFFICE).get("/").text
    )
    month = as_(OFFICE).get("/since?window=month").text
    assert re.search(r"Self-assessment came in\. Accepted[^<]*<strong>\(\d times\)</strong>", month)
    assert "as Programme office said" in month


def test_a_colleagues_decisions_about_what_goes_out_are_told(world: World) -> None:
    events = {
        *("evidence passed on", "evidence withheld", "template taken into use", "template taken back"),
        *("house style taken into use", "indicators given", "indicators removed", "public text changed"),
    }
    with world.register.writing() as connection:
        for event in sorted(events):
            journal.append_entry(connection, event, at=NOW, actor="A colleague")
        found = told.tell_what_happened(connection, NOW - timedelta(hours=1), but="Programme office")
    assert sum(one.actor == "A colleague" for _, day in found.days for one in day) == len(events)
