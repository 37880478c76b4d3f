"""Who may ask Prefect's server: by which name of it, from which page, and for what."""

from typing import Any

import pytest

from cli.prefect_app import OwnAddressOnly
from tests.loops import run_apart


async def _ask(scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What the guarded application sends."""

    async def passed_on(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "passed on"})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    await OwnAddressOnly(passed_on, ["server"])(scope, receive, send)
    return sent


def _is_passed_on(
    hosts: list[str], origin: str = "", *, to: str = "127.0.0.1", method: str = "GET", path: str = "/api/x"
) -> bool:
    headers = [(b"host", host.encode()) for host in hosts] + (
        [(b"origin", origin.encode())] if origin else []
    )
    scope = {"headers": headers, "server": (to, 4200), "path": path}
    http = run_apart(_ask(scope | {"type": "http", "method": method}))
    socket = run_apart(_ask(scope | {"type": "websocket"}))
    assert (http == socket == [{"type": "passed on"}]) or method != "GET" or http[0]["status"] == 403
    assert socket[0]["type"] in ("passed on", "websocket.close")
    return http[0]["type"] == "passed on"


@pytest.mark.parametrize(
    ("host", "to", "is_own"),
    [
        ("127.0.0.1:4200", "127.0.0.1", True),
        ("localhost:4200", "127.0.0.1", True),
        ("LOCALHOST:4200", "127.0.0.1", True),
        ("localhost:4200", "::1", True),
        ("[::1]:4200", "::1", True),
        ("server:4200", "172.18.0.3", True),
        ("172.18.0.3:4200", "172.18.0.3", True),
        ("172.18.0.3:4200", "::ffff:172.18.0.3", True),
        ("localhost:4200", "172.18.0.3", False),
        ("127.0.0.1:4200", "172.18.0.3", False),
        ("192.0.2.1:4200", "127.0.0.1", False),
        ("evil.example", "127.0.0.1", False),
        ("server.evil.example", "127.0.0.1", False),
        ("127.0.0.1@evil.example", "127.0.0.1", False),
        ("evil.example@127.0.0.1x", "127.0.0.1", False),
        ("[::1", "::1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_it_is_asked_by_its_own_names_only(host: str, to: str, is_own: bool) -> None:
    assert _is_passed_on([host], to=to) is is_own


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1", "evil.example"]], ids=["none", "two"])
def test_it_wants_one_name(hosts: list[str]) -> None:
    assert not _is_passed_on(hosts)


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        ("", True),
        ("http://127.0.0.1:4200", True),
        ("https://127.0.0.1:4200", True),
        ("http://127.0.0.1:4201", False),
        ("http://127.0.0.1", False),
        ("http://localhost:4200", False),
        ("null", False),
        ("file://", False),
        ("http://[", False),
        ("http://127.0.0.1:4200@evil.example", False),
        ("ftp://127.0.0.1:4200", False),
    ],
)
def test_its_own_pages_ask_it_and_no_others(origin: str, is_own: bool) -> None:
    assert _is_passed_on(["127.0.0.1:4200"], origin) is is_own


@pytest.mark.parametrize(
    ("method", "path", "is_open"),
    [
        ("POST", "/api/automations", False),
        ("POST", "/api/automations/", False),
        ("PATCH", "/api/automations/1", False),
        ("DELETE", "/api/automations/1", False),
        ("DELETE", "/api/automations/owned-by/x", True),
        ("POST", "/api/automations/owned-by/x", False),
        ("POST", "/api/automations/filter", True),
        ("GET", "/api/automations/1", True),
        ("POST", "/api/block_documents/filter", True),
        ("POST", "/api/block_documents/", False),
        ("PUT", "/api/admin/storage", False),
        ("POST", "/api/flow_runs/filter", True),
        ("POST", "/api/flow_runs/", True),
    ],
)
def test_what_the_service_does_not_use_can_be_read_and_not_changed(
    method: str, path: str, is_open: bool
) -> None:
    assert _is_passed_on(["127.0.0.1"], method=method, path=path) is is_open
