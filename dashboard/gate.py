"""The gate that every request passes first: it checks the host's name and finds the visitor's address.

A request for another host's name is refused: either a page elsewhere makes a browser ask here (DNS
rebinding), or it is a wrong name that would end up in an address. What a proxy says about the visitor is
believed only from the proxies that the settings name; `Forwarded`, `X-Real-IP` and `X-Forwarded-Host` never.
"""

import re
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.context import office_of
from dashboard.problems import answer_problem
from peer_challenge.operations.network_addresses import (
    find_visitor_address,
    is_loopback,
    is_trusted,
    network_of,
    note_stranger,
    read_address,
)
from peer_challenge.settings import Settings

_FROM_PROXIES = (
    "forwarded",
    "via",
    "x-real-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
)
_LOCALHOST = re.compile("localhost(:[0-9]{1,5})?")
_SAFE = ("GET", "HEAD", "OPTIONS")
_MISDIRECTED, _FORBIDDEN = 400, 403
"""Of HTTP (RFC 9110, 15.5): an address that is not ours, and a form that another site sent."""
_UNKNOWN_HOST = (
    "This page is not known under that address.",
    "Check the address. If it is the right one, the person who looks after this machine can name it "
    "in the setting public_url (docs/operations.md, Behind a web server).",
)
_FROM_ELSEWHERE = (
    "This was sent by a page of another site, so nothing was done.",
    "Type the address of this page into your browser, and begin there.",
)


class Gate:
    """Sets the client and the scheme of a request to the visitor's own, and refuses a foreign Host.

    `scope["state"]["peer"]` keeps the address that really connected.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._public_host = _host_and_port(settings.public_url)
        self._public_scheme = urlsplit(settings.public_url).scheme

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that its host is not this page's."""
        if scope["type"] == "http":
            request = Request(scope)
            peer = scope["client"][0] if scope.get("client") else ""
            request.state.peer = peer
            if is_trusted(peer, self._settings.trusted_proxies):
                self._trust_proxy_headers(scope, request, peer)
            elif has_passed_a_proxy(request) and peer:
                await run_in_threadpool(note_stranger, self._settings, peer, office_of(request).now())
            if self._public_scheme:
                scope["scheme"] = self._public_scheme
            if not self._is_own_host(scope, request):
                await self._refuse_request(scope, receive, send, _MISDIRECTED, _UNKNOWN_HOST)
                return
            if is_sent_by_another_page(request) or self._has_foreign_origin(request):
                await self._refuse_request(scope, receive, send, _FORBIDDEN, _FROM_ELSEWHERE)
                return
        await self._app(scope, receive, send)

    def _trust_proxy_headers(self, scope: Scope, request: Request, peer: str) -> None:
        told = request.headers.getlist("x-forwarded-for")
        proxies = self._settings.trusted_proxies
        scope["client"] = (find_visitor_address(peer, told, proxies), scope["client"][1])
        schemes = request.headers.getlist("x-forwarded-proto")
        scheme = schemes[-1].rpartition(",")[2].strip().lower() if schemes else ""
        if scheme in ("http", "https"):
            scope["scheme"] = scheme

    def _is_own_host(self, scope: Scope, request: Request) -> bool:
        """Whether the Host is the public address, this machine itself, or where the request came in."""
        hosts = request.headers.getlist("host")
        asked = hosts[0].strip().lower() if len(hosts) == 1 else ""
        if not asked:
            return False
        if self._public_host and asked in self._public_host:
            return True
        return is_loopback_host(asked) or _is_local_address(asked, scope)

    def _has_foreign_origin(self, request: Request) -> bool:
        """Whether a form comes from a page of another host, as a browser says that sends no Sec-Fetch-Site.

        Over http and not on this machine, none sends it. "null" says nothing: our own page with a one-time
        link sends it, as it names no page it came from.
        """
        _, is_address, origin = request.headers.get("origin", "").lower().rpartition("//")
        if request.method in _SAFE or "sec-fetch-site" in request.headers or not is_address:
            return False
        return origin not in {request.headers["host"].strip().lower(), *self._public_host}

    async def _refuse_request(
        self, scope: Scope, receive: Receive, send: Send, status: int, words: tuple[str, str]
    ) -> None:
        request = Request(scope)
        request.state.visitor = None
        await answer_problem(request, status, *words)(scope, receive, send)


def is_sent_by_another_page(request: Request) -> bool:
    """Whether a browser says that a page of another site sends this form.

    A form that begins a session has no token yet: a page elsewhere could make the office sign in as somebody
    else without knowing it. Browsers send this header over https and on this machine; a program that sends
    none is not a browser.
    """
    is_form = request.method not in _SAFE
    return is_form and request.headers.get("sec-fetch-site", "") in ("cross-site", "same-site")


def has_passed_a_proxy(request: Request) -> bool:
    """Whether a request carries a header that proxies add."""
    return any(name in request.headers for name in _FROM_PROXIES)


def visitor_network(request: Request) -> str:
    """The network that a visitor's attempts are counted by: an IPv4 address, or the /64 of an IPv6 one."""
    return network_of(request.client.host) if request.client else ""


def is_loopback_host(host: str) -> bool:
    """Whether a Host header names this machine as only itself can: `localhost`, `127.0.0.1:8080`, `[::1]`."""
    return _LOCALHOST.fullmatch(host) is not None or is_loopback(host)


def _is_local_address(host: str, scope: Scope) -> bool:
    """Whether a Host header is the very address at which the request came in, as the server tells it."""
    server = scope.get("server")
    if not server or server[0] is None:
        return False
    here = read_address(server[0])
    is_same = read_address(host) == here if here else host == server[0]
    return is_same and _read_host_port(host) in (None, server[1])


def _read_host_port(host: str) -> int | None:
    last = host.rpartition(":")[2]
    return int(last) if last.isdecimal() and ":" in host and not host.endswith("]") else None


def _host_and_port(url: str) -> set[str]:
    """How a Host header may name `url`: with its port, and without, as some web servers pass it on."""
    parts = urlsplit(url)
    if not parts.hostname:
        return set()
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {name, f"{name}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"}
