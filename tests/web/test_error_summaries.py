"""What keeps a form from being done is said at the top, with a link to its field, and beside that field."""

import warnings
from collections.abc import Iterator, Mapping
from datetime import timedelta

import httpx
import pytest
from lxml import html

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import MessageState
from peer_challenge.register import messages
from peer_challenge.register import tables as t
from peer_challenge.register.events import load_event
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served, client_as
from tests.web.test_access import NOT_ASKED, WHO_MAY
from tests.web.test_help import _NO_PAGE
from tests.web.world import OFFICE, World, copy_of
from tests.web.world_of_pages import WorldOfPages, make_world_of_pages

REASON = "It was agreed by telephone."
WHY, DAY = (
    {"reason": REASON},
    {"day": "2027-05-05", "at": "10:00", "minutes": "120", "place": "", **{"reason": REASON}},
)
CHALLENGE = "/challenges/{cycle_id}/{author_id}"
EVENTS = "/cycle/{cycle_id}/events"
PERSON = {"name": "Robin", "email": "robin@example.org", "access": "viewer"}
TYPED_WRONG: tuple[tuple[str, Mapping[str, str], str], ...] = (
    ("/came/{submission_id}", {"day": "some day", **WHY}, "day"),
    ("/came/{submission_id}", {"day": "2099-02-19", **WHY}, "day"),
    ("/came/{submission_id}", {"day": "2027-02-19", "reason": ""}, "reason"),
    (f"{CHALLENGE}/event", DAY | {"day": "some day"}, "day"),
    (f"{CHALLENGE}/event", DAY | {"day": "2027-05-02"}, "day"),
    (f"{CHALLENGE}/event", DAY | {"at": "noon"}, "at"),
    (f"{CHALLENGE}/event", DAY | {"minutes": "7"}, "minutes"),
    (f"{CHALLENGE}/event", DAY | {"place": "x" * 2001}, "place"),
    (f"{CHALLENGE}/event", DAY | {"reason": ""}, "reason"),
    (f"{CHALLENGE}/chair", {"chair": "nobody", "chair_reason": REASON}, "chair"),
    (f"{CHALLENGE}/chair", {"chair": "nobody", "chair_reason": ""}, "chair_reason"),
    (f"{CHALLENGE}/people", {"act": "replies", "sequence": "0"}, "reply-0"),
    (f"{CHALLENGE}/notes", {"text": ""}, "text"),
    (f"{CHALLENGE}/notes", {"text": "Rang.", "remind_on": "2020-01-01"}, "remind_on"),
    (f"{CHALLENGE}/notes", {"text": "Rang.", "remind_on": "some day"}, "remind_on"),
    (f"{CHALLENGE}/dates", {"deadline": "event_by", "days": "x", **WHY}, "days"),
    (f"{CHALLENGE}/dates", {"deadline": "event_by", "to": "some day", **WHY}, "to"),
    (f"{CHALLENGE}/dates", {"deadline": "event_by", "to": "2027-01-01", **WHY}, "to"),
    (f"{CHALLENGE}/dates", {"deadline": "event_by", "days": "7", "reason": ""}, "reason"),
    (f"{CHALLENGE}/dates", {"kind": "pause", "days": "x", **WHY}, "days--pause"),
    (f"{CHALLENGE}/dates", {"kind": "pause", "days": "7", "first_on": "some day", **WHY}, "first_on--pause"),
    (f"{CHALLENGE}/dates", {"kind": "pause", "days": "7", "first_on": "2027-04-01"}, "reason--pause"),
    (f"{CHALLENGE}/withdraw", {"reason": ""}, "reason"),
    (f"{CHALLENGE}/close", {"reason": ""}, "reason"),
    (f"{CHALLENGE}/reports/{{submission_id}}", {"text": ""}, "text"),
    ("/held/{submission_id}", {"whose": "", "kind": "self_assessment", **WHY}, "whose"),
    ("/held/{submission_id}", {"whose": "{cycle_id}/{author_id}", "kind": "", **WHY}, "kind"),
    ("/held/{submission_id}", {"whose": "{cycle_id}/{author_id}", "kind": "self_assessment"}, "reason"),
    ("/held/{submission_id}/nobody", {"reason": ""}, "reason--nobody"),
    ("/held/{submission_id}/undo", {"reason": ""}, "reason"),
    ("/evidence/{file_id}", {"reason": ""}, "reason"),
    ("/paper", {"day": "2027-02-19", "how": "By post."}, "file"),
    ("/partners/{cycle_id}/try", {"act": "pin", "author": "{author_id}", "other": "{author_id}"}, "other"),
    ("/partners/{cycle_id}/try", {"act": "none", "author": "{author_id}", "other": "eastholme"}, "author"),
    ("/cycle/{cycle_id}/dates", {"deadline": "event_by", "days": "", **WHY}, "days"),
    ("/cycle/{cycle_id}/dates", {"kind": "pause", "days": "3", "first_on": "2027-04-01"}, "reason--pause"),
    (EVENTS, {"day-{author_id}": "some day", "at-{author_id}": "10:00"}, "day-{author_id}"),
    (EVENTS, {"day-{author_id}": "2027-05-05", "at-{author_id}": "noon"}, "at-{author_id}"),
    (EVENTS, {"day-{author_id}": "2027-05-02", "at-{author_id}": "10:00"}, "day-{author_id}"),
    ("/cycle/{cycle_id}/rules/all", {"rules-word_limit": "many"}, "rules-word_limit"),
    ("/cycle/{cycle_id}/office/all", {"cycle-name": "A", "office-email": "nowhere"}, "office-email"),
    ("/cycle/{cycle_id}/areas/{author_id}", {"contact-1-email": "nowhere"}, "contact-1-email"),
    ("/cycle/{cycle_id}/areas/{author_id}", {"participants-capacity": "many"}, "participants-capacity"),
    ("/several/{cycle_id}/note", {"area": "{author_id}", "text": ""}, "text"),
    ("/several/{cycle_id}/note", {"area": "{author_id}", "text": "A", "remind_on": "some day"}, "remind_on"),
    ("/remind/{cycle_id}", WHY, "area-1"),
    ("/retention/{cycle_id}/months", {"months": "many", **WHY}, "months"),
    ("/retention/{cycle_id}/hold", {"way": "hold"}, "reason--{cycle_id}"),
    ("/cycles/{cycle_id}/close", {"reason": ""}, "reason"),
    ("/messages/{message_id}/hold", {"reason": ""}, "reason--hold"),
    ("/messages/{message_id}/sent", {"day": "some day", "at": "10:00"}, "day"),
    ("/messages/{message_id}/sent", {"day": "2027-03-22", "at": "noon"}, "at"),
    ("/messages/{message_id}/words", {"words": "x" * 10_001}, "words"),
    ("/people", PERSON | {"name": ""}, "name"),
    ("/people", PERSON | {"email": "nowhere"}, "email"),
    ("/people", PERSON | {"email": OFFICE}, "email"),
    ("/people", PERSON | {"access": ""}, "access"),
    ("/people", PERSON | {"access": "participant", "place": ""}, "place"),
    ("/people", PERSON | {"access": "office"}, "is_office_meant"),
    ("/people/{user_id}", PERSON | {"email": "nowhere"}, "email"),
    ("/people/2/end", {"reason": ""}, "reason"),
    ("/people/invite", {}, "guest-1"),
    ("/search", {"q": "x"}, "q"),
    ("/find-person", {"name": "x"}, "name"),
    ("/statements/{which}/edit", {"text": ""}, "text"),
    ("/templates/{template}", {}, "file"),
    ("/frameworks", {"how": "file"}, "file"),
    ("/drafts", {"how": "file"}, "file"),
    ("/drafts/{draft_id}/areas/table", {}, "table"),
    ("/drafts/{draft_id}/areas/0", {}, "name"),
    ("/settings", {"session_minutes": "many"}, "session_minutes"),
    ("/password", {"present": "wrong", "password": "four words and no fewer"}, "present"),
    ("/password", {"present": "", "password": "short"}, "present"),
    ("/mail", {"delivery": "drafts", "smtp_port": "many"}, "smtp_port"),
)
"""Where a form is sent, what was typed wrong, and the field that it is about."""
FILLED_IN = (
    EVENTS,
    "/cycle/{cycle_id}/rules",
    "/cycle/{cycle_id}/office",
    "/cycle/{cycle_id}/areas",
    "/mail",
)
"""Forms that send more than what was typed wrong."""
NOT_SENT = ("/backups", "/rehearsal", "/mail/sending", "/mail/mailbox", "/search", "/people/search")
"""Forms that do something as they are, or ask other machines, or only look something up."""


@pytest.fixture(scope="module")
def pages(made: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldOfPages]:
    """A copy of the installation in which every page of the office has something to show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # others' warnings as great_expectations is imported
        copy = make_world_of_pages(copy_of(made, tmp_path_factory.mktemp("pages") / "home"))
    with copy.world.register.writing() as connection:  # one message waits again
        (last, *_) = messages.list_messages(connection, cycle_id=copy.world.cycle.id)
        waiting = {"state": MessageState.READY.value, "sent_at": None, "sent_by": None}
        connection.execute(t.messages.update().where(t.messages.c.id == last.id).values(waiting))
    copy.ids["message_id"] = str(last.id)
    yield copy
    copy.world.register.close()


@pytest.fixture(scope="module")
def world(pages: WorldOfPages) -> World:
    return pages.world


def _check_summary(page: str, field: str | None = None) -> None:
    """Each link of the summary leads to something on the page; if it is about `field`, to that."""
    document = html.document_fromstring(page)
    links = document.xpath("//div[contains(@class, 'govuk-error-summary__body')]//a/@href")
    ids = document.xpath("//@id")
    assert [one for one in links if one.startswith("#") and ids.count(one[1:]) != 1] == []
    if field is not None:
        assert links == [f"#{field}"]
        (shown,) = document.xpath(f"//*[@id='{field}']")
        beside = f"{field}-error"
        (told,) = document.xpath(f"//*[@id='{beside}']")
        (link,) = document.xpath("//div[contains(@class, 'govuk-error-summary__body')]//a")
        assert (
            link.text_content().strip().endswith(told.text_content().strip().removeprefix("Error:").strip())
        )
        whole = shown.xpath("ancestor-or-self::*[contains(@aria-describedby, $told)]", told=beside)
        assert whole and whole[-1].get("aria-invalid") == "true"


@pytest.mark.parametrize(("path", "typed", "field"), TYPED_WRONG)
def test_the_summary_leads_to_the_field_that_the_problem_is_about(
    path: str, typed: Mapping[str, str], field: str, pages: WorldOfPages, as_: As
) -> None:
    office = as_(OFFICE)
    shown = pages.address_of(path.removesuffix("/nobody").removesuffix("/hold")) if "/held/" in path else ""
    where = f"{shown}/nobody" if path.endswith("/nobody") else pages.address_of(path).partition("?")[0]
    where = where.removesuffix("/comment") + ("/comment" if "/reports/" in path else "")
    sent = {pages.address_of(name): pages.address_of(value) for name, value in typed.items()}
    if path.startswith(FILLED_IN):
        sent = _fill_in(office, where, sent)
    answer = office.post(where, data={"csrf_token": office.csrf, **sent})
    assert answer.status_code in (401, 422), answer.headers.get("location")
    _check_summary(answer.text, pages.address_of(field))


def _fill_in(client: Client, path: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What the page of a part of a cycle sends as it is, with what was typed."""
    (form,) = html.fromstring(client.get(path).text).xpath("(//main//form[.//*[@class='govuk-label']])[1]")
    return {name: value or "" for name, value in form.fields.items() if name != "csrf_token"} | dict(typed)


def test_the_key_that_is_none_is_told_beside_the_backup_that_it_was_typed_for(
    pages: WorldOfPages, as_: As
) -> None:
    office = as_(OFFICE)
    assert office.post("/backups", data={"csrf_token": office.csrf}).status_code == 303
    (name,) = html.fromstring(office.get("/backups").text).xpath("//input[@name='name']/@value")
    sent = {"csrf_token": office.csrf, "name": name, "secret": "no key"}
    _check_summary(office.post("/backups/check", data=sent).text, "secret-1")


def test_a_first_password_that_is_too_short_is_told_beside_its_field(as_: As, served: Served) -> None:
    office = as_(OFFICE)
    asked = {"csrf_token": office.csrf, **PERSON, "email": "first@example.org"}
    page = html.fromstring(office.post("/people", data=asked).text)
    (link,) = [one for one in page.xpath("//code/text()") if "first-sign-in" in one]
    with httpx.Client(base_url=served.url, timeout=LONG) as stranger:
        sent = {"token": link.partition("token=")[2], "password": "short"}
        _check_summary(stranger.post("/first-sign-in", data=sent).text, "password")


def test_whatever_is_wrong_in_a_form_of_any_page_no_link_of_its_summary_leads_to_nowhere(
    pages: WorldOfPages, as_: As
) -> None:
    """Each form with something to type is sent as it is with nothing typed, and then with nonsense."""
    office, refused, wrong = as_(OFFICE), 0, []
    routes = [
        told.removeprefix("GET ") for told in WHO_MAY if told.startswith("GET ") and told not in NOT_ASKED
    ]
    for path in [pages.address_of(route) for route in routes if not _NO_PAGE.search(route)]:
        page = office.get(path, follow_redirects=True)
        for form in html.fromstring(page.text, base_url=str(page.url)).xpath("//main//form[@method='post']"):
            if form.get("action").partition("#")[0] in NOT_SENT or not _list_typed(form):
                continue
            for nonsense in ("", "?"):
                sent = {name: value or "" for name, value in form.fields.items()} | dict.fromkeys(
                    _list_typed(form), nonsense
                )
                answer = office.post(form.get("action"), data=sent | {"csrf_token": office.csrf})
                if answer.status_code == 422:
                    refused += 1
                    try:
                        _check_summary(answer.text)
                    except AssertionError as fault:
                        wrong.append(f"{path}, {form.get('action')}: {fault}")
    assert wrong == [] and refused > 40


def _list_typed(form: html.FormElement) -> list[str]:
    """The names of the fields in which something is typed."""
    fields = form.xpath(
        ".//textarea[@name] | .//input[@name][not(@type='hidden' or @type='checkbox' or @type='radio')]"
    )
    return [field.get("name") for field in fields]


def test_a_note_of_who_came_that_is_too_long_is_told_beside_its_side(pages: WorldOfPages) -> None:
    path = pages.own_ids["/challenges/{cycle_id}/{author_id}/reports/{submission_id}"]
    which = f"{pages.world.cycle.id}/{path['author_id']}"
    with pages.world.register.reading() as connection:
        event = load_event(connection, which)
    assert event is not None
    later = event.ends_at + timedelta(hours=1)
    server = Served(create_app(pages.world.settings, pages.world.register, SimulatedClock(later)))
    with client_as(server, pages.world, OFFICE, later) as office:
        sent = {"csrf_token": office.csrf, "act": "came", "came-challenger": "x" * 5000}
        _check_summary(office.post(f"/challenges/{which}/people", data=sent).text, "came-challenger")
    server.stop()
