"""Prefect's server behind a check of every request: its own address, its own pages, and what we use.

Any page in a browser on this machine can send requests here. We refuse three kinds before Prefect sees
them: those of a page of another address, those under a name made to point here (DNS rebinding), and
those that our service has no use for.
"""

import ipaddress
import os
import socket
import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from peer_challenge.system.end_with_parent import end_with_starter

_READING = ("/filter", "/count", "/paginate")  # a POST that changes nothing
_UNUSED = (  # what could call webhooks, load code or destroy Prefect's own database
    "/api/admin/",
    "/api/automations/",
    "/api/block_capabilities/",
    "/api/block_documents/",
    "/api/block_schemas/",
    "/api/block_types/",
    "/api/collections/",
    "/api/variables/",
)
_DROPS_NOTHING = "/api/automations/owned-by/"
"""`prefect deploy` has the automations of each deployment deleted under this address: there are none."""
_VIOLATION = 1008
"""RFC 6455, 7.4.1: closed because of a policy."""


class OwnAddressOnly:
    """An ASGI application that passes on only requests to its own address, from its own pages or no page."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        """`names`: host names by which it may be asked, besides the address that a connection was made to."""
        self._app = app
        self._names = {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 (a WebSocket before it is accepted), or pass on."""
        is_asked = scope["type"] in ("http", "websocket")
        if not is_asked or not (why := self._why_refused(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(why, 403)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": _VIOLATION, "reason": why})

    def _why_refused(self, scope: Scope) -> str:
        hosts, origins = (_list_header_values(scope, name) for name in (b"host", b"origin"))
        if len(hosts) != 1 or not self._is_own_host(hosts[0], scope):
            return "This server is not called that."
        if any(not _is_page_of(origin, hosts[0]) for origin in origins):
            return "Only this server's own pages may ask it."
        if _is_unused_request(scope):
            return "This service has no use for that."
        return ""

    def _is_own_host(self, told: str, scope: Scope) -> bool:
        try:
            name = (urlsplit(f"//{told}").hostname or "").lower()
        except ValueError:
            return False
        own = _parse_ip_address((scope.get("server") or ("",))[0])
        if own is not None and (_parse_ip_address(name) == own or (own.is_loopback and name == "localhost")):
            return True
        return name in self._names


def _list_header_values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _parse_ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_page_of(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return page.scheme in ("http", "https") and page.netloc.lower() == host.lower()


def _is_unused_request(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    path = f"{scope['path'].rstrip('/')}/"
    if scope["method"] == "DELETE" and path.startswith(_DROPS_NOTHING):
        return False
    return path.startswith(_UNUSED) and not path.rstrip("/").endswith(_READING)


def create_app() -> OwnAddressOnly:
    """Prefect's server, guarded: what uvicorn serves."""
    end_with_starter()
    from prefect.server.api.server import create_app as create_prefect

    asked_at = urlsplit(os.environ.get("PREFECT_API_URL", "")).hostname
    return OwnAddressOnly(create_prefect(), filter(None, (asked_at, socket.gethostname())))


def build_server_command(host: str, port: int, *, log_level: str = "warning") -> list[str]:
    """The command that serves Prefect's guarded server at `host` and `port`."""
    return [
        sys.executable,
        *("-W", "ignore", "-m", "uvicorn", "--factory", "cli.prefect_app:create_app"),
        *("--host", host, "--port", str(port), "--log-level", log_level),
        *("--timeout-graceful-shutdown", "5"),  # a worker that listens does not hold it
    ]
