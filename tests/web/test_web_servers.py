"""The sample configurations of web servers, in front of the dashboard as the guide puts them there."""

import datetime
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashboard.app import create_app
from dashboard.body_limits import together_bytes
from peer_challenge.clock import SimulatedClock
from peer_challenge.operations.network_addresses import stranger_seen
from peer_challenge.paths import ROOT
from tests.known_password import PASSWORD
from tests.requirements import need
from tests.waiting import wait_until
from tests.web.conftest import Served, begin_session, get
from tests.web.world import NOW, OFFICE, World

PROXY = ROOT / "deploy" / "proxy"
HOST = "peer-challenge.example.org"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for HOST, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "site.pem", folder / "site.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


@pytest.fixture(scope="module")
def behind(world: World) -> Iterator[Served]:
    """The dashboard with the two settings that the sample names."""
    settings = {"public_url": f"https://{HOST}", "trusted_proxies": (ip_network("127.0.0.1"),)}
    server = Served(
        create_app(world.settings.model_copy(update=settings), world.register, SimulatedClock(NOW))
    )
    yield server
    server.stop()


class Front:
    """A running nginx: its process, where it listens, and what it logged."""

    def __init__(self, process: int, folder: Path, https: int, http: int, context: ssl.SSLContext) -> None:
        self.process, self.log = process, folder / "peer-challenge.log"
        self.errors = folder / "peer-challenge-error.log"
        self.http_port = http
        self._https, self._context = https, context

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """Somebody whose requests come from `address` of this machine."""
        transport = httpx.HTTPTransport(verify=self._context, local_address=address)
        return httpx.Client(
            transport=transport,
            base_url=f"https://127.0.0.1:{self._https}",
            headers={"Host": HOST},
            timeout=30,
        )


@pytest.fixture(scope="module")
def nginx(behind: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    program, folder = need("nginx"), tmp_path_factory.mktemp("nginx")
    pem, key = certificate(folder)
    https, http = free_port(), free_port()
    sample = (PROXY / "nginx.conf").read_text()
    for place, ours in (
        ("127.0.0.1:8080", f"127.0.0.1:{urlsplit(behind.url).port}"),
        ("listen 443", f"listen 127.0.0.1:{https}"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/ssl/certs/peer-challenge.pem", str(pem)),
        ("/etc/ssl/private/peer-challenge.key", str(key)),
    ):
        assert place in sample
        sample = sample.replace(place, ours)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {temporary}\n{sample}\n}}\n"
    )
    running = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and running.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", https)) == 0:
                    break
            time.sleep(0.05)
        assert running.poll() is None
        context = ssl.create_default_context(cafile=str(pem))
        context.check_hostname = False
        yield Front(running.pid, folder, https, http, context)
    finally:
        running.terminate()
        running.wait(30)


def sign_in(client: httpx.Client, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return client.post("/sign-in", data={"email": OFFICE, "password": password}, headers=headers)


def test_behind_nginx_one_signs_in_over_https(nginx: Front, world: World) -> None:
    with nginx.client() as client:
        answer = sign_in(client)
        assert answer.status_code == 303 and "__Host-" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] and answer.headers["location"] == "/"
        cookies = "; ".join(c.partition(";")[0] for c in answer.headers.get_list("set-cookie"))
        assert client.get("/inbox", headers={"Cookie": cookies}).status_code == 200
        assert client.get("/metrics").status_code == 404
        assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    assert stranger_seen(world.settings, NOW) is None


def test_behind_nginx_each_visitor_is_counted_by_their_own_address(nginx: Front) -> None:
    with nginx.client("127.0.0.2") as attacker, nginx.client("127.0.0.3") as other:
        codes = [
            sign_in(attacker, "wrong", **{"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(6)
        ]
        assert codes == [401] * 5 + [429]
        assert sign_in(other, "wrong").status_code == 401


def test_behind_nginx_what_follows_an_address_is_in_no_log_and_http_leads_to_https(nginx: Front) -> None:
    with nginx.client() as client:
        client.get("/first-sign-in", params={"token": "planted-link"})
        client.get("/api/v1/journal", params={"q": "planted-name"})
        client.get("/sign-in", headers={"Referer": f"https://{HOST}/?q=planted-name"})
    wait_until(lambda: "GET /sign-in" in nginx.log.read_text(), "nginx writes its log", nginx.process)
    log = nginx.log.read_text()
    assert "GET /first-sign-in" in log and "GET /api/v1/journal" in log
    assert "planted" not in log + nginx.errors.read_text()
    plain = get(f"http://127.0.0.1:{nginx.http_port}/inbox?x=1", headers={"Host": "evil.example"})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{HOST}/inbox?x=1")


def test_behind_nginx_open_pages_hear_the_news_at_once(nginx: Front, world: World) -> None:
    token, _ = begin_session(world, OFFICE)
    headers = {"Cookie": f"__Host-peer_challenge_session={token}"}
    with nginx.client() as client, client.stream("GET", "/events", headers=headers) as stream:
        assert stream.status_code == 200 and next(stream.iter_lines()).startswith("retry:")


def test_the_samples_let_through_what_the_dashboard_takes(world: World) -> None:
    most = together_bytes(world.settings)
    nginx_mb = re.search(r"client_max_body_size (\d+)m;", (PROXY / "nginx.conf").read_text())
    caddy_mb = re.search(r"max_size (\d+)MB", (PROXY / "Caddyfile").read_text())
    assert nginx_mb and caddy_mb
    assert int(nginx_mb[1]) * 2**20 > most and int(caddy_mb[1]) * 10**6 > most


def test_what_caddy_logs_of_a_request_that_fails_has_nothing_of_what_follows_its_address(
    tmp_path: Path,
) -> None:
    port, away, admin, log = free_port(), free_port(), free_port(), tmp_path / "log"
    sample = (PROXY / "Caddyfile").read_text()
    for place, ours in (
        (f"\n{HOST} {{", f"\nhttp://127.0.0.1:{port} {{"),
        ("127.0.0.1:8080", f"127.0.0.1:{away}"),
        ("\tservers {", f"\tadmin 127.0.0.1:{admin}\n\tservers {{"),
    ):
        assert place in sample
        sample = sample.replace(place, ours)
    (tmp_path / "Caddyfile").write_text(sample)
    command = [need("caddy"), "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    with log.open("wb") as file:
        running = subprocess.Popen(command, stderr=file, env={"PATH": "/usr/bin", "HOME": str(tmp_path)})
    try:
        wait_until(lambda: _listens(port), "Caddy listens", running.pid)
        headers = {"Referer": f"http://{HOST}/?q=planted"}
        asked = get(f"http://127.0.0.1:{port}/first-sign-in?token=planted", headers=headers)
        assert asked.status_code == 502
        wait_until(lambda: "/first-sign-in" in log.read_text(), "Caddy writes its log", running.pid)
        assert "planted" not in log.read_text()
    finally:
        running.terminate()
        running.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_caddy_finds_nothing_wrong_with_its_sample() -> None:
    done = subprocess.run(
        [need("caddy"), "validate", "--adapter", "caddyfile", "--config", str(PROXY / "Caddyfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "Valid configuration" in done.stdout + done.stderr, done.stderr
    assert "input is not formatted" not in done.stderr
