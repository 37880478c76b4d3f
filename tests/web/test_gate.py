"""Under which name and from where the page is asked: behind a web server, and by who pretends to be one."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from dashboard.app import create_app
from dashboard.security import HEADERS
from peer_challenge.clock import SimulatedClock
from peer_challenge.operations.network_addresses import stranger_seen
from tests.known_password import PASSWORD
from tests.web.conftest import Served, get, post
from tests.web.world import NOW, OFFICE, World

HTTPS = "https://office.example.org"
LOOPBACK = (ip_network("127.0.0.1"),)
Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def serve(world: World) -> Iterator[Serve]:
    """The dashboard with other settings, each combination once."""
    servers: dict[str, Served] = {}

    def started(**settings: Any) -> Served:
        key = repr(sorted(settings.items()))
        if key not in servers:
            chosen = world.settings.model_copy(update=settings)
            servers[key] = Served(create_app(chosen, world.register, SimulatedClock(NOW)))
        return servers[key]

    yield started
    for server in servers.values():
        server.stop()


def ask(server: Served, head: str) -> str:
    """The whole answer to a request as it is typed."""
    address = urlsplit(server.url)
    assert address.hostname and address.port
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "evil@localhost",
        ),
        *(
            "office.example.org.evil.example",
            "169.254.169.254",
            "office.example.org:8080",
            "[::1].evil.example",
        ),
        *("127.0.0.1:80@evil.example", "localhost:", ""),
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/inbox/", "/metrics", "/static/icon.svg", "/health/live", "/api/v1/status"]
)
def test_a_foreign_host_is_refused_everywhere_and_never_repeated(host: str, path: str, serve: Serve) -> None:
    answer = ask(serve(public_url=HTTPS), f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close")
    assert answer.startswith("HTTP/1.1 400 ")
    assert not host or "evil" not in answer
    assert all(f"{name.lower()}: {value}" in answer for name, value in HEADERS.items())
    assert "cache-control: no-store" in answer


@pytest.mark.parametrize(
    "host",
    [
        "office.example.org",
        "OFFICE.example.org:443",
        "localhost",
        "127.0.0.1:8080",
        "[::1]:8080",
        "127.9.9.9",
    ],
)
def test_the_public_host_and_this_machine_are_answered(host: str, serve: Serve) -> None:
    for settings in ({"public_url": HTTPS}, {"public_url": HTTPS, "trusted_proxies": LOOPBACK}):
        answer = ask(serve(**settings), f"GET /sign-in HTTP/1.1\nHost: {host}\nConnection: close")
        assert answer.startswith("HTTP/1.1 200 ")


def test_two_hosts_none_and_a_whole_address_are_refused(serve: Serve) -> None:
    server = serve(public_url=HTTPS)
    for head in (
        "GET /sign-in HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close",
        "GET /sign-in HTTP/1.0",
    ):
        assert ask(server, head).startswith("HTTP/1.1 400 ")
    whole = ask(server, "GET http://evil.example/sign-in HTTP/1.1\nHost: localhost\nConnection: close")
    assert "evil" not in whole and "location:" not in whole


@pytest.mark.parametrize(
    "path", ["/inbox/", "/inbox//", "//evil.example/", "/\\evil.example/", "/%5Cevil.example/", "/static"]
)
def test_a_slash_too_many_leads_to_a_path_of_ours(path: str, serve: Serve) -> None:
    answer = ask(serve(), f"GET {path} HTTP/1.1\nHost: localhost:99\nConnection: close")
    where = [line.partition(": ")[2] for line in answer.splitlines() if line.startswith("location: ")]
    assert all(one.startswith("/") and not one.startswith(("//", "/\\")) for one in where)
    assert "localhost:99" not in answer and answer.split(" ")[1] in ("307", "404")


def sign_in(server: Served, **headers: str) -> httpx.Response:
    data = {"email": OFFICE, "password": PASSWORD}
    return post(server.url + "/sign-in", data=data, headers=headers)


def test_https_makes_cookies_secure_no_matter_how_the_request_came(serve: Serve) -> None:
    for settings in ({"public_url": HTTPS}, {"public_url": HTTPS, "trusted_proxies": LOOPBACK}):
        answer = sign_in(serve(**settings), **{"X-Forwarded-Proto": "http"})
        cookies = answer.headers.get_list("set-cookie")
        assert answer.status_code == 303 and len(cookies) == 2
        for cookie in cookies:
            assert cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie
            assert "Path=/" in cookie and "Domain" not in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_cookie_without_the_prefix_is_nobodys_where_https_is_used(serve: Serve) -> None:
    server = serve(public_url=HTTPS)
    name, _, value = sign_in(server).headers.get_list("set-cookie")[0].partition(";")[0].partition("=")
    good = get(server.url + "/inbox", headers={"Cookie": f"{name}={value}"})
    planted = get(server.url + "/inbox", headers={"Cookie": f"{name.removeprefix('__Host-')}={value}"})
    assert (good.status_code, planted.status_code) == (200, 303)


def test_the_scheme_of_a_trusted_proxy_is_believed_and_that_of_others_is_not(serve: Serve) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"}
    trusted, others = sign_in(serve(trusted_proxies=LOOPBACK), **told), sign_in(serve(), **told)
    assert "Secure" in trusted.headers["set-cookie"] and "strict-transport-security" in trusted.headers
    assert "Secure" not in others.headers["set-cookie"]
    assert "strict-transport-security" not in others.headers


@pytest.mark.threat("web-page")
@pytest.mark.parametrize("path", ["/sign-in", "/first-sign-in", "/sign-out", "/uploads", "/people"])
def test_a_page_of_another_site_can_send_no_form_and_so_sign_nobody_in(path: str, serve: Serve) -> None:
    server = serve(public_url=HTTPS)
    data = {"email": OFFICE, "password": PASSWORD, "token": "x"}
    for site in ("cross-site", "same-site"):
        answer = post(server.url + path, data=data, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403 and "another site" in answer.text
        assert "set-cookie" not in answer.headers
    for site in ("same-origin", "none"):
        assert sign_in(server, **{"Sec-Fetch-Site": site}).status_code == 303


@pytest.mark.threat("web-page")
@pytest.mark.parametrize("path", ["/sign-in", "/first-sign-in", "/sign-out", "/uploads", "/people"])
def test_a_browser_that_says_the_other_page_by_origin_alone_is_refused_as_well(
    path: str, serve: Serve
) -> None:
    """As every browser does where a page is reached by http on another machine."""
    server = serve()
    data = {"email": OFFICE, "password": PASSWORD, "token": "x"}
    own = server.url.removeprefix("http://")
    for origin in ("http://other.example", f"http://{own}.other.example", f"http://{own}0", "http://["):
        answer = post(server.url + path, data=data, headers={"Origin": origin})
        assert answer.status_code == 403 and "another site" in answer.text
        assert "set-cookie" not in answer.headers
    for origin in (server.url, server.url.upper(), "null"):
        assert sign_in(server, Origin=origin).status_code == 303


def guess(server: Served, email: str, **headers: str) -> int:
    data = {"email": email, "password": "wrong"}
    return post(server.url + "/sign-in", data=data, headers=headers).status_code


def test_nobody_chooses_the_address_that_attempts_are_counted_by(serve: Serve) -> None:
    direct, behind = serve(), serve(trusted_proxies=LOOPBACK)
    for server in (direct, behind):
        codes = [
            guess(
                server,
                f"{id(server)}@example.org",
                **{
                    "X-Forwarded-For": f"203.0.113.{n}, 198.51.100.1",
                    "X-Real-IP": f"203.0.113.{n}",
                    "Forwarded": f"for=203.0.113.{n}",
                },
            )
            for n in range(6)
        ]
        assert codes == [401] * 5 + [429]


def test_visitors_behind_a_proxy_are_counted_by_their_own_networks(serve: Serve) -> None:
    server = serve(trusted_proxies=LOOPBACK, public_url=HTTPS)
    for n in range(6):
        guess(server, "shared@example.org", **{"X-Forwarded-For": f"2001:db8:0:1::{n}"})
    same = guess(server, "shared@example.org", **{"X-Forwarded-For": "2001:db8:0:1:ffff::9"})
    other = guess(server, "shared@example.org", **{"X-Forwarded-For": "2001:db8:0:2::9"})
    assert (same, other) == (429, 401)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"])
def test_numbers_without_a_token_are_for_this_machine_alone(header: str, serve: Serve) -> None:
    server = serve(public_url=HTTPS)
    assert get(server.url + "/metrics").status_code == 200
    assert get(server.url + "/metrics", headers={header: "127.0.0.1"}).status_code == 404
    assert get(server.url + "/metrics", headers={"Host": "office.example.org"}).status_code == 404
    behind = serve(public_url=HTTPS, trusted_proxies=LOOPBACK)
    assert get(behind.url + "/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_a_web_server_that_is_not_trusted_is_noted_for_doctor(serve: Serve, world: World) -> None:
    for noted in world.settings.var.glob("forwarded-by-*"):
        noted.unlink()
    get(serve(trusted_proxies=LOOPBACK).url + "/sign-in", headers={"X-Forwarded-For": "203.0.113.1"})
    assert stranger_seen(world.settings, NOW) is None
    get(serve(public_url=HTTPS).url + "/sign-in", headers={"X-Forwarded-For": "203.0.113.1"})
    assert stranger_seen(world.settings, NOW) == "127.0.0.1"
