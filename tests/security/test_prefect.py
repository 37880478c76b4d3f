"""Prefect's API is the service's alone: a real server and worker, asked by strangers and with the password.

Who has the password may have the service do what its deployments do, and nothing else.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from peer_challenge.paths import ROOT
from tests import waiting
from tests.faults import kills

pytestmark = [
    pytest.mark.threat("machine-prefect", "stranger-prefect"),
    pytest.mark.timeout(900),  # two processes start and seven runs go by; nothing is measured
]
POOL = "peer-challenge"
SECONDS = 120  # for one answer: the machine may be busy
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass
class Service:
    """A running server and worker of one home, and what they print."""

    home: Path
    port: int
    log: Path
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def password(self) -> str:
        """What the server made; nothing where it makes none."""
        file = self.home / "var" / "prefect-password"
        return file.read_text().strip() if file.exists() else ""

    def start(self, part: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "PEER_"))}
        ours = {
            "PEER_CHALLENGE_PREFECT_PORT": str(self.port),
            "PEER_CHALLENGE_SETTLE_SECONDS": "0",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        }
        with self.log.open("ab") as log:
            self.parts[part] = subprocess.Popen(
                [sys.executable, "-m", "cli", "serve", part, "--home", str(self.home)],
                cwd=ROOT,
                env=environment | ours,
                stdout=log,
                stderr=log,
            )

    def until(self, is_so: Callable[[], Any], what: str, *, part: str = "worker") -> Any:
        """Wait for what happens, as long as the part that has to do it lives."""
        while not (found := is_so()):
            assert self.parts[part].poll() is None, f"{part} ended before: {what}\n{self.log.read_text()}"
            time.sleep(0.2)
        return found

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask as somebody who has the password."""
        user, _, secret = self.password.partition(":")
        none_idle = httpx.Limits(max_keepalive_connections=0)  # the server drops idle ones: we may be slow
        with httpx.Client(
            base_url=self.url, auth=(user, secret), timeout=SECONDS, limits=none_idle
        ) as client:
            name = str(uuid4())
            token = client.get("/csrf-token", params={"client": name})
            headers = {"Prefect-Csrf-Client": name} if token.is_success else {}
            if token.is_success:
                headers["Prefect-Csrf-Token"] = token.json()["token"]
            while (answer := client.request(method, path, json=body, headers=headers)).status_code == 503:
                time.sleep(0.2)  # its database was busy
            return answer

    def deployment(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/deployments/name/{name}/{name}").json()
        return found

    def run(self, deployment: str, **told: Any) -> str:
        """Ask for a run of a deployment; its id."""
        answer = self.ask("POST", f"/deployments/{deployment}/create_flow_run", told)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    def end_of(self, run: str) -> dict[str, Any]:
        """The state in which a run ends."""

        def final() -> Any:
            state = self.ask("GET", f"/flow_runs/{run}").json()["state"]
            return state if state["type"] in FINAL else None

        return dict(self.until(final, "a run ends"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("prefect") / "office"
    kills.make(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = Service(home, port, home.parent / "log")
    try:
        made.start("worker")  # first: it waits for the server and its password
        made.start("server")
        made.until(lambda: _is_up(made), "the server answers", part="server")
        made.until(lambda: _workers_of(made), "the worker has started")
        yield made
    finally:
        for part in reversed(made.parts.values()):
            part.terminate()
        for part in made.parts.values():
            try:
                part.wait(30)
            except subprocess.TimeoutExpired:
                part.kill()


def _workers_of(service: Service) -> Any:
    answer = service.ask("POST", f"/work_pools/{POOL}/workers/filter", {})
    return answer.json() if answer.is_success else []


def _is_up(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url}/health", timeout=SECONDS).is_success
    except httpx.HTTPError:
        return False


# Strangers: everybody on the machine, and every page in a browser on it

DOORS = [
    ("GET", "/admin/version"),
    ("GET", "/admin/settings"),
    ("POST", "/flow_runs/filter"),
    ("POST", "/deployments/filter"),
    ("POST", "/block_documents/filter"),
    ("POST", "/admin/database/clear"),
    ("GET", f"/work_pools/{POOL}"),
    ("GET", "/csrf-token?client=x"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
@pytest.mark.parametrize("password", [None, "peer-challenge:guessed", "peer-challenge:", ":"])
def test_nobody_gets_in_without_the_password(
    service: Service, method: str, path: str, password: str | None
) -> None:
    user, _, secret = (password or "").partition(":")
    auth = (user, secret) if password else None
    answer = httpx.request(
        method, f"{service.url}{path}", json={} if method == "POST" else None, auth=auth, timeout=SECONDS
    )
    assert answer.status_code in (401, 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "http://localhost:9"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "192.0.2.1"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/health", "/admin/version", "/csrf-token?client=x"])
def test_no_other_page_and_no_other_name_gets_in_even_with_the_password(
    service: Service, headers: dict[str, str], path: str
) -> None:
    user, _, secret = service.password.partition(":")
    answer = httpx.get(f"{service.url}{path}", headers=headers, auth=(user, secret), timeout=SECONDS)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_browser_that_asks_first_is_told_no(service: Service) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = httpx.options(
        f"{service.url}/flow_runs/filter", headers=asking | {"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_pages_get_in_by_each_of_its_names(service: Service) -> None:
    user, _, secret = service.password.partition(":")
    for name in ("127.0.0.1", "localhost"):
        own = {"Host": f"{name}:{service.port}", "Origin": f"http://{name}:{service.port}"}
        assert httpx.get(
            f"{service.url}/admin/version", headers=own, auth=(user, secret), timeout=SECONDS
        ).is_success


def test_the_password_alone_changes_nothing_without_a_token_against_forgery(service: Service) -> None:
    user, _, secret = service.password.partition(":")
    answer = httpx.post(f"{service.url}/flow_runs/filter", json={}, auth=(user, secret), timeout=SECONDS)
    assert answer.status_code == 403


SOCKETS = [
    "/events/in",
    "/events/out",
    "/logs/out",
    "/task_runs/subscriptions/scheduled",
    f"/work_pools/{POOL}/workers/connect",
]


def _is_let_in(service: Service, path: str, token: str, origin: str | None = None) -> bool:
    url = f"{service.url.replace('http', 'ws', 1)}{path}"
    try:
        with connect(
            url, subprotocols=[Subprotocol("prefect")], origin=Origin(origin) if origin else None
        ) as ws:
            ws.send(json.dumps({"type": "auth", "token": token}))
            return json.loads(ws.recv(timeout=SECONDS)).get("type") == "auth_success"
    except WebSocketException:
        return False


@pytest.mark.parametrize("path", SOCKETS)
def test_no_socket_opens_to_a_stranger(service: Service, path: str) -> None:
    assert not _is_let_in(service, path, "")
    assert not _is_let_in(service, path, "peer-challenge:guessed")
    assert not _is_let_in(service, path, service.password, "https://evil.example")
    assert _is_let_in(service, path, service.password, f"http://127.0.0.1:{service.port}")


# Where the password is, and where it is not


def test_the_password_is_in_one_file_that_its_account_alone_reads(service: Service) -> None:
    file = service.home / "var" / "prefect-password"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(service.password) > 40
    secret = service.password.partition(":")[2].encode()
    kept = [path for path in service.home.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert kept == [file]
    assert secret not in service.log.read_bytes()
    commands = b"\n".join(_command(pid) for pid in psutil.pids())
    assert b"cli.worker" in commands and secret not in commands


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_no_page_of_prefects_shows_the_password(service: Service) -> None:
    secret = service.password.partition(":")[2]
    assert secret
    page = service.url.removesuffix("/api")
    told = [
        httpx.get(f"{page}{path}", timeout=SECONDS).text for path in ("/ui-settings", "/", "/openapi.json")
    ]
    told += [service.ask("GET", path).text for path in ("/admin/settings", "/admin/version")]
    assert not [text for text in told if secret in text]
    assert json.loads(told[0])["auth"] == "BASIC" and json.loads(told[0])["csrf_enabled"]


# Somebody who has the password


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (
            "POST",
            "/automations/",
            {
                "name": "evil",
                "trigger": {"type": "event", "posture": "Reactive", "expect": ["*"], "threshold": 1},
                "actions": [{"type": "call-webhook", "block_document_id": str(uuid4())}],
            },
        ),
        ("POST", "/block_documents/", {"name": "evil", "data": {}}),
        ("POST", "/block_types/", {"name": "evil", "slug": "evil"}),
        ("POST", "/block_schemas/", {"fields": {}}),
        ("POST", "/variables/", {"name": "evil", "value": "1"}),
        ("PUT", "/admin/storage", {"default_result_storage_block_id": str(uuid4())}),
        ("DELETE", "/admin/storage", None),
        ("POST", "/admin/database/drop", {"confirm": True}),
        ("POST", "/admin/database/clear", {"confirm": True}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_service_has_no_use_for_is_closed(
    service: Service, method: str, path: str, body: dict[str, Any] | None
) -> None:
    assert service.ask(method, path, body).status_code == 403


def test_the_work_pool_lets_a_run_say_nothing_about_its_command(service: Service, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for told in ({"command": f"touch {ran}"}, {"env": {"A": "1"}}, {"working_dir": "/tmp"}, {"env.A": "1"}):
        run = service.deployment("report")["id"]
        answer = service.ask("POST", f"/deployments/{run}/create_flow_run", {"job_variables": told})
        assert answer.status_code == 422
    answer = service.ask("POST", f"/deployments/{run}/create_flow_run", {"parameters": {"home": "/tmp"}})
    assert answer.status_code in (409, 422)


def _attacks(service: Service, ran: Path) -> Iterator[tuple[str, str]]:
    """Runs that would make a file if anything of them were heeded: what was tried, and the run's id.

    As with every work pool that Prefect makes, anything may be said first.
    """
    touch = f"touch {ran}"
    step = [{"prefect.deployments.steps.run_shell_script": {"script": touch}}]
    to_us = [{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}]
    code = ran.with_name("evil.py")
    code.write_text(
        "import pathlib\nfrom prefect import flow\n"
        f"pathlib.Path({str(ran)!r}).touch()\n@flow\ndef f():\n    pass\n"
    )
    entry = f"{code}:f"
    evil = service.ask("POST", "/flows/", {"name": "evil"}).json()["id"]
    ours = {name: service.deployment(name) for name in ("advance", "remind", "report", "retain")}

    def deployment(flow: str, name: str, **told: Any) -> str:
        body = {"flow_id": flow, "name": name, "work_pool_name": POOL} | told
        answer = service.ask("POST", "/deployments/", body)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    yield "a deployment of another", service.run(deployment(evil, "evil", entrypoint=entry, pull_steps=step))
    yield "one that is called as ours", service.run(deployment(evil, "intake", entrypoint=entry))
    ours_now = {"entrypoint": "flows.advance.advance"}
    yield (
        "steps before ours",
        service.run(
            deployment(ours["advance"]["flow_id"], "advance", pull_steps=[*to_us, *step], **ours_now)
        ),
    )
    yield (
        "another entry point of ours",
        service.run(deployment(ours["remind"]["flow_id"], "remind", entrypoint=entry)),
    )
    open_ = {"enforce_parameter_schema": False, "entrypoint": "flows.report.report"}
    yield (
        "a path as a parameter",
        service.run(
            deployment(ours["report"]["flow_id"], "report", **open_), parameters={"home": str(ran.parent)}
        ),
    )
    yield (
        "a run of no deployment",
        str(
            service.ask(
                "POST",
                "/flow_runs/",
                {
                    "flow_id": evil,
                    "state": {"type": "SCHEDULED"},
                    "work_pool_name": POOL,
                    "work_queue_name": "default",
                    "job_variables": {"command": touch},
                },
            ).json()["id"]
        ),
    )


def test_a_worker_refuses_what_our_deployments_did_not_ask_for(service: Service, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    ends = {what: service.end_of(run) for what, run in list(_attacks(service, ran))}
    assert not ran.exists()
    assert not [what for what, state in ends.items() if "Refused" not in (state["message"] or "")], ends
    log = service.log.read_text()
    assert "Refused" in log and "evil.py" not in log and str(ran) not in log


def test_a_worker_refuses_a_work_pool_that_was_changed(service: Service, tmp_path: Path) -> None:
    ran, before = tmp_path / "ran", service.ask("GET", f"/work_pools/{POOL}").json()
    told = {"type": "string", "default": f"touch {ran}"}
    template = {
        "job_configuration": {"command": "{{ command }}"},
        "variables": {"type": "object", "properties": {"command": told, "env": {"type": "object"}}},
    }
    back = {"base_job_template": before["base_job_template"]}
    assert service.ask("PATCH", f"/work_pools/{POOL}", {"base_job_template": template}).is_success
    try:
        ids = [service.deployment("retain")["id"], service.deployment("intake")["id"]]
        runs = [service.run(ids[1])]  # it says nothing: the pool says it for all, from this moment
        runs += [service.run(one, job_variables={"command": f"touch {ran}"}) for one in ids]
        ends = [service.end_of(run) for run in runs]
    finally:  # the other tests of this module have the same pool
        assert service.ask("PATCH", f"/work_pools/{POOL}", back).is_success
    assert not ran.exists()
    assert [state["type"] for state in ends] == ["CRASHED"] * 3
    assert all("Refused" in state["message"] for state in ends)


def test_a_run_of_ours_does_its_work_and_says_how_it_ended(service: Service) -> None:
    run = service.run(service.deployment("intake")["id"])
    assert service.end_of(run)["type"] == "COMPLETED"

    def receipts() -> int:
        return sum(" Keep - Receipt" in Path(path).name for path in kills.outbox_of(service.home))

    service.until(lambda: receipts() >= 4, "the inbox is answered")  # by this run, or one that was due
    assert receipts() == 4


def test_a_run_that_is_cancelled_on_prefects_page_is_ended(service: Service) -> None:
    held = sqlite3.connect(service.home / "var" / "register.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")  # so that the run has to wait
    try:
        run = service.run(service.deployment("retain")["id"])

        def pid() -> Any:
            found = service.ask("GET", f"/flow_runs/{run}").json()
            return found["infrastructure_pid"] if found["state"]["type"] == "RUNNING" else None

        process = psutil.Process(int(service.until(pid, "the run has begun")))
        service.ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
        assert service.end_of(run)["type"] == "CANCELLED"
        assert not process.is_running()
    finally:
        held.close()


def test_a_server_that_starts_again_has_another_password(service: Service) -> None:
    before = service.password
    service.parts["server"].send_signal(signal.SIGTERM)
    service.parts["server"].wait()
    service.start("server")
    service.until(lambda: _is_up(service), "the server answers again", part="server")
    assert service.password != before
    assert service.ask("GET", "/admin/version").is_success
    assert service.parts["worker"].wait() != 0, (
        "the worker's is not good any more: who keeps it starts it again"
    )
    service.start("worker")
    assert service.end_of(service.run(service.deployment("intake")["id"]))["type"] == "COMPLETED"


# The server of one command


def test_the_server_of_one_command_lets_nobody_in_either(tmp_path: Path) -> None:
    home = tmp_path / "office"
    kills.make(home)
    done = waiting.run([sys.executable, "-m", "tests.security.local_prefect_doors", str(home)], cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    told = done.stdout.splitlines()
    assert told == ["ours 200", "no password 401", "guessed 401", "another page 403"]
