"""Every route says who may use it; changing, strangers and forms without a token.

Who may read what, in every state of a cycle, is in test_rights.py.
"""

from collections.abc import Iterable, Iterator
from itertools import product

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from peer_challenge.register import listings
from tests.waiting import LONG
from tests.web.conftest import As, Served
from tests.web.world import OFFICE, VIEWER, World, contact_of

WHO_MAY = {
    "GET /sign-in": "anybody",
    "POST /sign-in": "anybody",
    "GET /first-sign-in": "anybody",
    "POST /first-sign-in": "anybody",
    "GET /sign-in/provider": "anybody",
    "GET /sign-in/provider/back": "anybody",
    "GET /health/live": "anybody",
    "GET /health/ready": "anybody",
    "GET /metrics": "anybody",
    "GET /statements/{which}": "anybody",
    "GET /statements/{which}/edit": "office",
    "POST /statements/{which}/edit": "office",
    "POST /statements/{which}/restore/{version}": "office",
    "GET /find-person": "office",
    "POST /find-person": "office",
    "POST /sign-out": "signed in",
    "GET /password": "signed in",
    "POST /password": "signed in",
    "GET /": "board",
    "GET /mine": "signed in",
    "GET /mine/events.ics": "signed in",
    "GET /inbox": "office",
    "GET /held/{submission_id}": "office",
    "POST /held/{submission_id}": "office",
    "POST /held/{submission_id}/nobody": "office",
    "GET /held/{submission_id}/undo": "office",
    "POST /held/{submission_id}/undo": "office",
    "GET /accept/{submission_id}": "office",
    "POST /accept/{submission_id}": "office",
    "GET /accept/{submission_id}/undo": "office",
    "POST /accept/{submission_id}/undo": "office",
    "GET /cycle/{cycle_id}/figures": "office",
    "POST /cycle/{cycle_id}/figures": "office",
    "GET /evidence/{file_id}": "office",
    "GET /evidence/{file_id}/file": "office",
    "POST /evidence/{file_id}": "office",
    "GET /came/{submission_id}": "office",
    "POST /came/{submission_id}": "office",
    "GET /challenges/{cycle_id}/{author_id}": "challenge",
    "GET /challenges/{cycle_id}/{author_id}/versions/{submission_id}": "contents",
    "GET /challenges/{cycle_id}/{author_id}/notes": "office",
    "POST /challenges/{cycle_id}/{author_id}/notes": "office",
    "POST /challenges/{cycle_id}/{author_id}/notes/{note_id}/done": "office",
    "GET /challenges/{cycle_id}/{author_id}/remind": "office",
    "POST /challenges/{cycle_id}/{author_id}/remind": "office",
    "GET /challenges/{cycle_id}/{author_id}/close": "office",
    "POST /challenges/{cycle_id}/{author_id}/close": "office",
    "GET /challenges/{cycle_id}/{author_id}/reopen": "office",
    "POST /challenges/{cycle_id}/{author_id}/reopen": "office",
    "GET /challenges/{cycle_id}/{author_id}/bring-back": "office",
    "POST /challenges/{cycle_id}/{author_id}/bring-back": "office",
    "GET /cycles/{cycle_id}/close": "office",
    "POST /cycles/{cycle_id}/close": "office",
    "GET /cycles/{cycle_id}/reopen": "office",
    "POST /cycles/{cycle_id}/reopen": "office",
    "GET /challenges/{cycle_id}/{author_id}/dates": "office",
    "POST /challenges/{cycle_id}/{author_id}/dates": "office",
    "GET /challenges/{cycle_id}/{author_id}/dates/{number}": "office",
    "POST /challenges/{cycle_id}/{author_id}/dates/{number}": "office",
    "GET /challenges/{cycle_id}/{author_id}/withdraw": "office",
    "POST /challenges/{cycle_id}/{author_id}/withdraw": "office",
    "GET /challenges/{cycle_id}/{author_id}/reports/{submission_id}": "contents",
    "POST /challenges/{cycle_id}/{author_id}/reports/{submission_id}/comment": "challenger",
    "GET /challenges/{cycle_id}/{author_id}/people": "challenge",
    "POST /challenges/{cycle_id}/{author_id}/people": "event",
    "GET /challenges/{cycle_id}/{author_id}/corrections": "Chair",
    "POST /challenges/{cycle_id}/{author_id}/corrections": "Chair",
    "POST /challenges/{cycle_id}/{author_id}/corrections/{submission_id}": "Chair",
    "GET /challenges/{cycle_id}/{author_id}/event": "office",
    "POST /challenges/{cycle_id}/{author_id}/event": "office",
    "POST /challenges/{cycle_id}/{author_id}/chair": "office",
    "GET /cycle": "office",
    "GET /cycles/{cycle_id}/undo-opening": "office",
    "POST /cycles/{cycle_id}/undo-opening": "office",
    "GET /cycle/{cycle_id}/dates": "office",
    "POST /cycle/{cycle_id}/dates": "office",
    "GET /cycle/{cycle_id}/dates/{number}/back": "office",
    "POST /cycle/{cycle_id}/dates/{number}/back": "office",
    "GET /cycle/{cycle_id}/events": "office",
    "POST /cycle/{cycle_id}/events": "office",
    "GET /cycle/{cycle_id}/timetable": "office",
    "POST /cycle/{cycle_id}/timetable": "office",
    "GET /cycle/{cycle_id}/{part}/{whose}": "office",
    "POST /cycle/{cycle_id}/{part}/{whose}": "office",
    "GET /submissions/{submission_id}/original": "submission",
    "GET /submissions/{submission_id}/email": "office",
    "GET /submissions/{submission_id}/attachments/{position}": "office",
    "POST /submissions/{submission_id}/told": "office",
    "POST /submissions/{submission_id}/again": "office",
    "GET /dispatches/{dispatch_id}/document": "dispatch",
    "POST /uploads": "not viewer",
    "GET /paper": "office",
    "POST /paper": "office",
    "GET /partners": "office",
    "POST /partners/{cycle_id}/propose": "office",
    "POST /partners/{cycle_id}/try": "office",
    "POST /partners/{cycle_id}/approve": "office",
    "POST /partners/{cycle_id}/lift": "office",
    "POST /partners/{cycle_id}/undo": "office",
    "POST /partners/{cycle_id}/without": "office",
    "GET /partners/what-if": "office",
    "GET /calendar": "board",
    "GET /calendar.ics": "board",
    "GET /picture": "office",
    "GET /picture/{name}": "office",
    "GET /reports": "office",
    "GET /reports/{cycle_id}/files/{name}": "office",
    "GET /reports/{cycle_id}/office": "office",
    "POST /reports/{cycle_id}/office": "office",
    "GET /reports/{cycle_id}/areas": "office",
    "POST /reports/{cycle_id}/areas": "office",
    "POST /reports/export": "office",
    "GET /since": "office",
    "GET /several/{cycle_id}": "office",
    "POST /several/{cycle_id}/note": "office",
    "POST /several/{cycle_id}/documents": "office",
    "GET /search": "office",
    "POST /search": "office",
    "GET /journal": "office",
    "POST /journal": "office",
    "GET /people": "office",
    "POST /people": "office",
    "POST /people/search": "office",
    "GET /people/invite": "office",
    "POST /people/invite": "office",
    "GET /people/{user_id}": "office",
    "POST /people/{user_id}": "office",
    "POST /people/{user_id}/reset": "office",
    "POST /people/{user_id}/end": "office",
    "GET /messages": "office",
    "POST /messages": "office",
    "POST /messages/search": "office",
    "POST /messages/drafts.zip": "office",
    "GET /messages/{message_id}": "office",
    "POST /messages/{message_id}/hold": "office",
    "POST /messages/{message_id}/go": "office",
    "POST /messages/{message_id}/sent": "office",
    "GET /messages/{message_id}/not-sent": "office",
    "POST /messages/{message_id}/not-sent": "office",
    "POST /messages/{message_id}/words": "office",
    "POST /messages/{message_id}/send": "office",
    "GET /messages/{message_id}/draft.eml": "office",
    "GET /messages/{message_id}/files.zip": "office",
    "GET /looks/{dispatch_id}": "office",
    "GET /looks/{dispatch_id}/file": "office",
    "POST /looks/{dispatch_id}": "office",
    "GET /drafts": "office",
    "POST /drafts": "office",
    "GET /drafts/{draft_id}": "office",
    "GET /drafts/{draft_id}/cycle.yaml": "office",
    "POST /drafts/{draft_id}/discard": "office",
    "GET /drafts/{draft_id}/framework": "office",
    "POST /drafts/{draft_id}/framework": "office",
    "GET /drafts/{draft_id}/dates": "office",
    "POST /drafts/{draft_id}/dates": "office",
    "GET /drafts/{draft_id}/rules": "office",
    "POST /drafts/{draft_id}/rules": "office",
    "GET /drafts/{draft_id}/partners": "office",
    "POST /drafts/{draft_id}/partners": "office",
    "GET /drafts/{draft_id}/sending": "office",
    "POST /drafts/{draft_id}/sending": "office",
    "GET /drafts/{draft_id}/areas": "office",
    "POST /drafts/{draft_id}/areas/last": "office",
    "GET /drafts/{draft_id}/areas/table": "office",
    "POST /drafts/{draft_id}/areas/table": "office",
    "POST /drafts/{draft_id}/areas/table/points": "office",
    "POST /drafts/{draft_id}/areas/table/use": "office",
    "GET /drafts/{draft_id}/areas/{number}": "office",
    "POST /drafts/{draft_id}/areas/{number}": "office",
    "POST /drafts/{draft_id}/areas/{number}/remove": "office",
    "GET /drafts/{draft_id}/chairs": "office",
    "GET /drafts/{draft_id}/chairs/{number}": "office",
    "POST /drafts/{draft_id}/chairs/{number}": "office",
    "POST /drafts/{draft_id}/chairs/{number}/remove": "office",
    "GET /drafts/{draft_id}/check": "office",
    "GET /frameworks": "office",
    "POST /frameworks": "office",
    "GET /frameworks/{framework_id}/framework.yaml": "office",
    "GET /frameworks/{framework_id}/framework.xlsx": "office",
    "GET /frameworks/{framework_id}/delete": "office",
    "POST /frameworks/{framework_id}/delete": "office",
    "GET /framework-drafts/{draft_id}": "office",
    "POST /framework-drafts/{draft_id}/use": "office",
    "POST /framework-drafts/{draft_id}/discard": "office",
    "GET /framework-drafts/{draft_id}/form.docx": "office",
    "GET /framework-drafts/{draft_id}/file": "office",
    "POST /framework-drafts/{draft_id}/file": "office",
    "GET /framework-drafts/{draft_id}/words": "office",
    "POST /framework-drafts/{draft_id}/words": "office",
    "GET /framework-drafts/{draft_id}/origins": "office",
    "POST /framework-drafts/{draft_id}/origins": "office",
    "GET /framework-drafts/{draft_id}/areas/{area_id}": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}/move": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}/remove": "office",
    "GET /framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}/move": "office",
    "POST /framework-drafts/{draft_id}/areas/{area_id}/rows/{row_id}/remove": "office",
    "GET /drafts/{draft_id}/preview/{kind}": "office",
    "GET /drafts/{draft_id}/preview/{kind}.docx": "office",
    "GET /drafts/{draft_id}/open": "office",
    "POST /drafts/{draft_id}/open": "office",
    "GET /house-style/page.css": "anybody",
    "GET /house-style/logo.png": "anybody",
    "GET /house-style": "office",
    "POST /house-style": "office",
    "POST /house-style/shipped": "office",
    "GET /house-style/{style_id}": "office",
    "GET /house-style/{style_id}/style.css": "office",
    "GET /house-style/{style_id}/logo.png": "office",
    "GET /house-style/{style_id}/samples/{kind}": "office",
    "POST /house-style/{style_id}/use": "office",
    "GET /backups": "office",
    "POST /backups": "office",
    "GET /backups/files/{name}": "office",
    "POST /backups/check": "office",
    "POST /backups/key": "office",
    "GET /retention": "office",
    "POST /retention/{cycle_id}/hold": "office",
    "POST /retention/purge": "office",
    "GET /retention/{cycle_id}/months": "office",
    "POST /retention/{cycle_id}/months": "office",
    "GET /rehearsal": "office",
    "POST /rehearsal": "office",
    "GET /rehearsal/documents.zip": "office",
    "GET /rehearsal/documents/{dispatch_id}": "office",
    "POST /rehearsal/remove": "office",
    "POST /rehearsal/stop": "office",
    "GET /restore": "office",
    "POST /restore": "office",
    "POST /restore/use": "office",
    "GET /remind/{cycle_id}": "office",
    "POST /remind/{cycle_id}": "office",
    "GET /settings": "office",
    "POST /settings": "office",
    "GET /settings/start": "office",
    "POST /settings/start": "office",
    "GET /templates": "office",
    "GET /templates/{template}": "office",
    "POST /templates/{template}": "office",
    "GET /templates/{template}/shipped.docx": "office",
    "GET /templates/{template}/fields": "office",
    "GET /templates/{template}/fields.docx": "office",
    "GET /templates/{template}/samples/{source}/{number}": "office",
    "POST /templates/{template}/use": "office",
    "POST /templates/{template}/remove": "office",
    "POST /templates/{template}/back": "office",
    "GET /mail": "office",
    "POST /mail": "office",
    "POST /mail/sending": "office",
    "POST /mail/mailbox": "office",
    "GET /system": "office",
    "POST /system/release": "office",
    "GET /events": "board",
    "GET /api/v1/openapi.json": "signed in",
    "GET /api/v1/status": "board",
    "GET /api/v1/challenges/{cycle_id}/{author_id}": "challenge",
    "GET /api/v1/challenges/{cycle_id}/{author_id}/findings": "challenge",
    "GET /api/v1/journal": "office",
    "POST /api/v1/journal": "office",
    "GET /api/v1/dispatches": "office",
}
NOT_ASKED = ("GET /events", *(told for told, rule in WHO_MAY.items() if rule == "anybody"))
"""A stream without end, and what is there for strangers; these have tests of their own."""


def routes_of(routes: Iterable[object]) -> Iterator[str]:
    """Every route: method and path, or the path alone of what is not one of our functions."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods))
        else:
            yield str(getattr(route, "path", route))


def test_every_route_says_here_who_may_use_it(app: FastAPI) -> None:
    assert sorted(routes_of(app.routes)) == sorted([*WHO_MAY, "/static"])


def everybody(world: World) -> list[str]:
    areas = [contact_of(area.id) for area in world.cycle.authors]
    return [OFFICE, VIEWER, *areas, *(f"{chair.id}@example.org" for chair in world.cycle.chairs)]


def asked_with_ids(world: World) -> Iterator[tuple[str, str, str]]:
    """Every route with the ids of things that there are: method, path, rule."""
    ids = {
        "cycle_id": world.cycle.id,
        "author_id": world.cycle.authors[0].id,
        "submission_id": "1",
        "dispatch_id": "1",
        "position": "1",
        "user_id": "1",
        "message_id": "1",
        "note_id": "1",
        "file_id": "1",
        "style_id": "1",
        "template": "receipt",
        "source": "waiting",
        "name": "tables.csv",
        "which": "privacy",
        "version": "0",
        "draft_id": "1",
        "framework_id": "working-together-2026",
        "area_id": "leadership",
        "row_id": "equal-duty",
        "number": "1",
        "kind": "self_assessment_template",
        "part": "areas",
        "whose": world.cycle.authors[0].id,
    }
    for told, rule in WHO_MAY.items():
        if told not in NOT_ASKED:
            method, path = told.split(" ")
            yield method, path.format(**ids), rule


@pytest.mark.threat("viewer")
def test_changing_is_refused_to_those_who_may_not(world: World, as_: As) -> None:
    wrong = []
    for (method, path, rule), email in product(asked_with_ids(world), everybody(world)[1:]):
        is_theirs = rule in ("signed in", "event") or (rule == "not viewer" and email != VIEWER)
        is_theirs |= rule == "Chair" and "chair" in email  # what other Chairs get: test_corrections
        if method == "POST" and not is_theirs:
            client = as_(email)
            answer = client.post(path, data={"csrf_token": client.csrf})
            if answer.status_code != 403:
                wrong.append((email, path, answer.status_code))
    assert wrong == []


@pytest.mark.threat("stranger-page")
def test_a_stranger_is_sent_to_sign_in_or_told_so(served: Served, world: World) -> None:
    stranger, wrong = httpx.Client(base_url=served.url, timeout=LONG), []
    for method, path, _ in asked_with_ids(world):
        answer = stranger.request(method, path)
        is_right = (
            answer.status_code == 401
            if path.startswith("/api/")
            else answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        )
        if not is_right:
            wrong.append((method, path, answer.status_code))
    stranger.close()
    assert wrong == []


@pytest.mark.threat("web-page")
def test_a_form_without_its_token_changes_nothing(world: World, as_: As) -> None:
    client = as_(OFFICE)
    with world.register.reading() as connection:
        before = listings.read_newest_sequence(connection)
    for method, path, _ in asked_with_ids(world):
        if method == "POST":
            is_search = path == "/api/v1/journal"  # by scripts, which have no form with a token
            for token in ("", "0" * 48, "é"):
                answer = client.post(path, data={"csrf_token": token})
                assert answer.status_code == (200 if is_search else 400), path
    with world.register.reading() as connection:
        assert listings.read_newest_sequence(connection) == before


@pytest.mark.threat("area-reads")
@pytest.mark.parametrize(
    "path", ["/challenges/northern-2027/nowhere", "/submissions/99999/original", "/dispatches/99999/document"]
)
def test_what_there_is_not_is_told_to_others_as_what_they_may_not_see(path: str, as_: As) -> None:
    assert as_(OFFICE).get(path).status_code == 404
    assert as_(VIEWER).get(path).status_code == 403
