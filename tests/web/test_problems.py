"""Whatever goes wrong, the answer is a page (or JSON for scripts) with every header, and repeats nothing."""

import inspect
import typing
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from dashboard.app import create_app
from dashboard.numbers import LARGEST
from dashboard.security import HEADERS
from peer_challenge.clock import SimulatedClock
from peer_challenge.register import tables as t
from tests.web.conftest import As, Client, Served, client_as, get
from tests.web.test_gate import ask
from tests.web.world import NOW, OFFICE, World, contact_of

PLANTED = "planted-zebra"
MULTIPART = "multipart/form-data; boundary=b"


def check_problem(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert PLANTED not in answer.text
    if answer.headers["content-type"].startswith("application/json"):
        assert set(answer.json()) == {"detail", "remedy"}
    else:
        assert "<h1" in answer.text and "Go to the start page" in answer.text


@pytest.fixture(scope="module")
def broken(world: World) -> Iterator[Served]:
    """A dashboard with a page that fails as nobody foresaw."""
    app = create_app(world.settings, world.register, SimulatedClock(NOW))

    @app.get("/fails")
    @app.get("/api/fails")
    def fail() -> None:
        raise RuntimeError(PLANTED)

    server = Served(app)
    yield server
    server.stop()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_error_that_nobody_foresaw_is_a_page_with_every_header(
    accept: str, broken: Served, world: World
) -> None:
    for path in ("/fails", "/api/fails"):
        check_problem(get(broken.url + path, headers={"Accept": accept}), 500)
    with client_as(broken, world, OFFICE) as office:
        check_problem(office.get("/fails"), 500)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", f"/{PLANTED}", {}, 404),
        ("GET", f"/static/{PLANTED}.css", {}, 404),
        ("DELETE", "/inbox", {}, 405),
        ("POST", "/inbox", {}, 405),
        ("GET", f"/journal?number={PLANTED}", {}, 422),
        ("GET", f"/api/v1/journal?number={PLANTED}", {}, 422),
        ("GET", f"/submissions/{PLANTED}/original", {}, 404),
        ("GET", f"/api/v1/journal?q={PLANTED * 40}", {}, 422),
        ("POST", "/password", {"content": PLANTED, "headers": {"Content-Type": "multipart/form-data"}}, 400),
        (
            "POST",
            "/uploads",
            {"content": f"--b\r\n{PLANTED}", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
        ),
        ("POST", "/people/1/reset", {"data": {"csrf_token": PLANTED}}, 400),
        ("POST", "/password", {"data": {"password": "x" * 1_100_000}}, 413),
    ],
)
def test_every_kind_of_problem_is_a_page_with_every_header(
    method: str, path: str, sent: dict[str, object], status: int, accept: str, as_: As
) -> None:
    headers = {"Accept": accept, **typing.cast(dict[str, str], sent.get("headers", {}))}
    answer = as_(OFFICE).request(method, path, **{**sent, "headers": headers})  # type: ignore[arg-type]
    check_problem(answer, status)


def test_what_is_no_request_at_all_is_answered_with_the_headers_too(served: Served) -> None:
    for head in (
        f"{PLANTED}",
        f"GET / HTTP/1.1\n{PLANTED}",
        "GET / HTTP/1.1",
        f"GET / HTTP/9.9\nHost: {PLANTED}",
    ):
        answer = ask(served, head)
        assert answer.startswith("HTTP/1.1 400 ") and PLANTED not in answer and "<h1" in answer
        assert all(f"{name.lower()}: {value}" in answer for name, value in HEADERS.items())
        assert "cache-control: no-store" in answer


def test_a_problem_is_told_while_the_register_does_not_answer(own_world: World) -> None:
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    client = client_as(server, own_world, OFFICE)
    own_world.register.close()
    path = own_world.settings.var / "register.db"
    for file in path.parent.glob("register.db*"):
        file.rename(file.with_name("away-" + file.name))
    path.mkdir()
    try:
        answer = client.get("/journal")
        assert answer.status_code >= 500
        check_problem(answer, answer.status_code)
    finally:
        client.close()
        server.stop()


NUMBERS = (0, -1, LARGEST, LARGEST + 1, 2**63 - 1, 2**63, 10**30)


@pytest.mark.parametrize("email", [OFFICE, contact_of("ashcombe")])
def test_an_id_of_any_size_is_answered_as_one_that_there_is_not(email: str, as_: As, world: World) -> None:
    client: Client = as_(email)
    area = f"/challenges/{world.cycle.id}/ashcombe"
    for path in ("/submissions/{}/original", "/dispatches/{}/document", f"{area}/versions/{{}}"):
        answers = [client.get(path.format(number)) for number in (999_999, *NUMBERS)]
        assert len({(answer.status_code, answer.text) for answer in answers}) == 1, path
        check_problem(answers[0], answers[0].status_code)
    for path in ("/submissions/{}/again", "/people/{}/reset", "/people/{}/end"):
        answers = [client.post(path.format(n), data={"csrf_token": client.csrf}) for n in (999_999, *NUMBERS)]
        assert len({answer.status_code for answer in answers}) == 1
        check_problem(answers[0], answers[0].status_code)


@pytest.mark.parametrize(
    "path", ["/journal", "/inbox", "/people", "/system", "/api/v1/journal", "/api/v1/dispatches"]
)
def test_a_page_number_of_any_size_is_answered(path: str, as_: As) -> None:
    for number in (*NUMBERS, 10**6):
        assert as_(OFFICE).get(path, params={"number": number}).status_code in (200, 422)


@pytest.mark.parametrize("typed", ["9" * 5000, "²", "-7", "1e3", "7.5", "٧٧٧٧٧٧٧٧٧٧", "\x00"])
def test_a_number_in_a_form_is_read_or_refused_whatever_is_typed(typed: str, as_: As, world: World) -> None:
    client, area = as_(OFFICE), f"/challenges/{world.cycle.id}/{world.cycle.authors[0].id}"
    sent = {"csrf_token": client.csrf, "reason": "planned", "first_on": "2027-04-01", "kind": "pause"}
    dates = client.post(f"{area}/dates", data=sent | {"days": typed})
    event = client.post(
        f"{area}/event",
        data=sent | {"minutes": typed, "day": "2027-05-04", "at": "10:00"},
    )
    held = client.post("/system/release", data=sent | {"dispatch": typed})
    assert [dates.status_code, event.status_code, held.status_code] == [422, 422, 404]


def test_every_number_in_an_address_is_bounded(app: FastAPI) -> None:
    """A page that takes a plain int would hand it to the register, however large."""
    bare = [
        f"{route.path}: {name}"
        for route in app.routes
        if isinstance(route, APIRoute)
        for name, parameter in inspect.signature(route.endpoint).parameters.items()
        if parameter.annotation is int
    ]
    assert len(app.routes) > 40 and bare == []


def test_the_description_of_the_interface_is_for_those_who_signed_in(served: Served, as_: As) -> None:
    for path in ("/api/v1/openapi.json", "/openapi.json", "/docs", "/redoc"):
        assert get(served.url + path, follow_redirects=False).status_code in (401, 404)
    assert "/api/v1/status" in as_(contact_of("ashcombe")).get("/api/v1/openapi.json").json()["paths"]


def test_a_name_with_control_characters_that_is_open_already_breaks_no_page(own_world: World) -> None:
    """A cycle opened by an earlier version may have one."""
    hostile = "North\x1b]0;x\x07ern\u202e\x00\x85"
    with own_world.register.writing() as connection:
        row = connection.execute(t.cycles.select()).one()
        definition = {**row.definition, "name": hostile, "office": {"name": hostile}}
        connection.execute(t.cycles.update().values(name=hostile, definition=definition))
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    try:
        with client_as(server, own_world, OFFICE) as office:
            for path in (
                "/",
                "/picture",
                "/picture/tables.xlsx",
                "/picture/self-assessments.csv",
                "/calendar.ics",
            ):
                assert office.get(path).status_code == 200, path
    finally:
        server.stop()
