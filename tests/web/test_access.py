"""Nobody gets what is not theirs: every route, asked by every role, with everybody's ids."""

import html
from collections.abc import Iterable, Iterator
from itertools import product

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from peer_challenge.journey import SENT_BY
from peer_challenge.policy import Scope
from peer_challenge.register import listings
from peer_challenge.register import tables as t
from peer_challenge.vocabulary import Kind, Role
from tests.web.conftest import As, Served
from tests.web.world import OFFICE, VIEWER, World, contact_of

WHO_MAY = {
    "GET /sign-in": "anybody",
    "POST /sign-in": "anybody",
    "GET /sign-in/provider": "anybody",
    "GET /sign-in/provider/back": "anybody",
    "GET /health/live": "anybody",
    "GET /health/ready": "anybody",
    "GET /metrics": "anybody",
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
    "GET /challenges/{cycle_id}/{author_id}": "challenge",
    "GET /challenges/{cycle_id}/{author_id}/versions/{submission_id}": "contents",
    "GET /challenges/{cycle_id}/{author_id}/dates": "office",
    "POST /challenges/{cycle_id}/{author_id}/dates": "office",
    "GET /challenges/{cycle_id}/{author_id}/withdraw": "office",
    "POST /challenges/{cycle_id}/{author_id}/withdraw": "office",
    "GET /challenges/{cycle_id}/{author_id}/event": "office",
    "POST /challenges/{cycle_id}/{author_id}/event": "office",
    "GET /submissions/{submission_id}/original": "submission",
    "POST /submissions/{submission_id}/again": "office",
    "GET /dispatches/{dispatch_id}/document": "dispatch",
    "POST /uploads": "not viewer",
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
    "GET /journal": "office",
    "GET /people": "office",
    "POST /people": "office",
    "POST /people/{user_id}/reset": "office",
    "POST /people/{user_id}/end": "office",
    "GET /system": "office",
    "POST /system/release": "office",
    "GET /events": "board",
    "GET /api/v1/status": "board",
    "GET /api/v1/challenges/{cycle_id}/{author_id}": "challenge",
    "GET /api/v1/challenges/{cycle_id}/{author_id}/findings": "challenge",
    "GET /api/v1/journal": "office",
    "GET /api/v1/dispatches": "office",
}
NOT_ASKED = ("GET /events", *(told for told, rule in WHO_MAY.items() if rule == "anybody"))
"""A stream without end, and what is there for strangers; these have tests of their own."""


def routes_of(routes: Iterable[object]) -> Iterator[str]:
    """Every route, however deep: method and path, or the path alone of what is not one of our functions."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes)
        elif isinstance(route, APIRoute):
            yield from (f"{method} {route.path}" for method in sorted(route.methods))
        else:
            yield str(getattr(route, "path", route))


def test_every_route_says_here_who_may_use_it(app: FastAPI) -> None:
    assert sorted(routes_of(app.routes)) == sorted([*WHO_MAY, "/static", "/api/v1/openapi.json"])


def everybody(world: World) -> list[str]:
    areas = [contact_of(area.id) for area in world.cycle.authors]
    return [OFFICE, VIEWER, *areas, *(f"{chair.id}@example.org" for chair in world.cycle.chairs)]


def holds(world: World, scope: Scope | None, email: str, *roles: Role) -> bool:
    """Whether somebody holds one of `roles`, worked out from the address alone."""
    if scope is None:
        return False
    for role in roles:
        who = scope.holder(role)
        if who and email == (f"{who}@example.org" if role is Role.CHAIR else contact_of(who)):
            return True
    return False


def things(world: World) -> Iterator[tuple[dict[str, str], Scope | None, Role | None]]:
    """Every challenge, submission and dispatch as path parameters, with its scope and whose it is."""
    with world.register.reading() as connection:
        for author in world.cycle.authors:
            found = listings.with_scope(connection, world.cycle.id, author.id)
            assert found is not None
            yield {"cycle_id": world.cycle.id, "author_id": author.id}, found[1], None
        for row in connection.execute(t.submissions.select()).fetchall():
            scope = listings.scope_by_id(connection, row.challenge_id)
            sender = SENT_BY[Kind(row.kind)] if row.kind else None
            author = (row.challenge_id or "x/nobody").rpartition("/")[2]
            ids = {"submission_id": str(row.id), "cycle_id": world.cycle.id, "author_id": author}
            yield ids, scope, sender
        for row in connection.execute(t.dispatches.select()).fetchall():
            yield (
                {"dispatch_id": str(row.id)},
                listings.scope_by_id(connection, row.challenge_id),
                Role(row.role),
            )
        yield {"user_id": "1", "name": "rows.csv"}, None, None


def may(rule: str, world: World, email: str, scope: Scope | None, role: Role | None) -> bool:
    if rule == "signed in" or email == OFFICE:
        return True
    return {
        "board": email == VIEWER,
        "not viewer": email != VIEWER,
        "challenge": holds(world, scope, email, Role.AUTHOR, Role.CHALLENGER, Role.CHAIR),
        "contents": holds(world, scope, email, Role.AUTHOR),
        "submission": role is not None and holds(world, scope, email, role),
        "dispatch": role is not None and holds(world, scope, email, role),
    }.get(rule, False)


def asked_with_ids(world: World) -> list[tuple[str, str, str, str, Scope | None, Role | None]]:
    """Every route with every id that fits it: method, path, rule."""
    found = []
    for told, rule in WHO_MAY.items():
        method, path = told.split(" ")
        seen = set()
        for ids, scope, role in things(world):
            wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
            if told in NOT_ASKED or not wanted <= set(ids):
                continue
            filled = path.format(**ids)
            if filled not in seen:
                seen.add(filled)
                found.append((told, method, filled, rule, scope, role))
    return found


def test_reading_answers_those_who_may_and_nobody_else(world: World, as_: As) -> None:
    wrong = []
    for (told, method, path, rule, scope, role), email in product(asked_with_ids(world), everybody(world)):
        if method != "GET":
            continue
        answer = as_(email).get(path)
        expected = may(rule, world, email, scope, role)
        is_sent_home = told == "GET /" and answer.status_code == 303
        if expected and answer.status_code not in (200, 303, 404, 422):
            wrong.append((email, path, answer.status_code, "should be answered"))
        if not expected and answer.status_code != 403 and not is_sent_home:
            wrong.append((email, path, answer.status_code, "should be refused"))
    assert wrong == []


def test_changing_is_refused_to_those_who_may_not(world: World, as_: As) -> None:
    wrong = []
    for (_, method, path, rule, scope, role), email in product(asked_with_ids(world), everybody(world)):
        if method != "POST" or may(rule, world, email, scope, role):
            continue
        client = as_(email)
        answer = client.post(path, data={"csrf_token": client.csrf})
        if answer.status_code != 403:
            wrong.append((email, path, answer.status_code))
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in_or_told_so(served: Served, world: World) -> None:
    stranger, wrong = httpx.Client(base_url=served.url), []
    for _, method, path, _, _, _ in asked_with_ids(world):
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


def test_a_form_without_its_token_changes_nothing(world: World, as_: As) -> None:
    client = as_(OFFICE)
    with world.register.reading() as connection:
        before = listings.pulse(connection)
    for _, method, path, _, _, _ in asked_with_ids(world):
        if method == "POST":
            for token in ("", "0" * 48, "é"):
                assert client.post(path, data={"csrf_token": token}).status_code == 400, path
    with world.register.reading() as connection:
        assert listings.pulse(connection) == before


def secrets_of(world: World) -> dict[str, str]:
    """For each area a sentence that it alone wrote."""
    found = {}
    with world.register.reading() as connection:
        for author in world.cycle.authors:
            rows = connection.execute(
                t.self_assessment_rows.select()
                .join(t.submissions, t.submissions.c.id == t.self_assessment_rows.c.submission_id)
                .where(t.submissions.c.challenge_id == f"{world.cycle.id}/{author.id}")
                .order_by(t.self_assessment_rows.c.position)
            ).fetchall()
            found[author.id] = next(
                row.strengths for row in rows if row.strengths and len(row.strengths) > 60
            )[:60]
    return found


def test_what_an_area_wrote_is_on_no_page_of_others(world: World, as_: As) -> None:
    secrets, leaks = secrets_of(world), []
    for _, method, path, _, _, _ in asked_with_ids(world):
        if method != "GET" or path.startswith(("/submissions", "/dispatches", "/picture")):
            continue
        for email in everybody(world)[1:]:
            page = html.unescape(as_(email).get(path).text)
            leaks += [
                (email, path, area)
                for area, secret in secrets.items()
                if email != contact_of(area) and secret in page
            ]
    assert leaks == []


def test_the_office_and_the_author_see_what_was_written(world: World, as_: As) -> None:
    for area, secret in secrets_of(world).items():
        for email in (OFFICE, contact_of(area)):
            page = as_(email).get(f"/challenges/{world.cycle.id}/{area}").text
            assert secret in html.unescape(page)


@pytest.mark.parametrize("path", ["/challenges/northern-2027/nowhere", "/submissions/99999/original"])
def test_what_there_is_not_is_told_to_others_as_what_they_may_not_see(path: str, as_: As) -> None:
    assert as_(OFFICE).get(path).status_code == 404
    assert as_(VIEWER).get(path).status_code == 403
