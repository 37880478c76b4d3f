"""The units and the compose file give each part what it needs and no more, and say nothing secret."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml

from cli.serving import PARTS
from peer_challenge.settings import load_settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "database"}
WANTED = (
    "User=peer-challenge",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "CapabilityBoundingSet=",
    "RestrictSUIDSGID=yes",
    "SystemCallFilter=@system-service",
    "IPAddressDeny=any",
    "IPAddressAllow=localhost",
)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_with_the_least_privilege(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert [line for line in WANTED if line not in lines] == []
    (writable,) = [line for line in lines if line.startswith("ReadWritePaths=")]
    assert all(path.startswith("/srv/peer-challenge") for path in writable.partition("=")[2].split())


def test_every_part_has_a_unit_and_every_timer_its_service() -> None:
    names = {unit.stem for unit in UNITS}
    assert {f"peer-challenge-{part}" for part in PARTS} <= names
    assert {timer.stem for timer in TIMERS} <= names
    started = {line for unit in UNITS for line in unit.read_text().splitlines() if "ExecStart=" in line}
    assert all("/opt/peer-challenge/.venv/bin/peer-challenge " in line for line in started)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("wants systemd-analyze, which comes with systemd")
    for unit in (*UNITS, *TIMERS):
        text = unit.read_text().replace("/opt/peer-challenge/.venv/bin/peer-challenge", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert "peer-challenge" not in done.stderr, done.stderr
    services = [unit for unit in units if unit.endswith(".service")]
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", *services],
        capture_output=True,
        text=True,
        check=False,
    )
    assert exposed.returncode == 0, exposed.stdout[-500:]


def test_the_compose_file_is_one() -> None:
    text = (DEPLOY / "compose" / "compose.yaml").read_text()
    parsed = compose_spec.ComposeSpecification.model_validate(yaml.safe_load(text))
    assert set(parsed.services or {}) == set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_is_nobody_and_may_write_only_where_the_office_is(name: str) -> None:
    service = OURS[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["office:/srv/peer-challenge"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_pinned_watched_and_told_its_secrets_by_file(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z-]+:[0-9]+\.[0-9][0-9a-z.-]*", service["image"])
    assert "healthcheck" in service
    for variable, value in service["environment"].items():
        is_secret = re.search(r"PASSWORD|AUTH|TOKEN|DATABASE_URL|SECRET", variable)
        assert not is_secret or (variable.endswith("_FILE") and value.startswith("/run/secrets/"))


def test_only_the_dashboard_is_reached_from_outside_and_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["dashboard"]
    assert SERVICES["dashboard"]["ports"] == ["127.0.0.1:8080:8080"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_image_is_built_as_dockerfiles_should_be_and_is_not_root() -> None:
    file = DEPLOY / "compose" / "Dockerfile"
    lint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([str(lint), "--no-color", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    lines = file.read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert all(re.search(r":[0-9]+\.[0-9]+\.[0-9]+", line) for line in lines if line.startswith("FROM "))


def test_the_dashboard_trusts_the_machine_in_front_of_its_container_and_nobody_else() -> None:
    environment = SERVICES["dashboard"]["environment"]
    (outside,) = COMPOSE["networks"]["outside"]["ipam"]["config"]
    given = {
        "PEER_CHALLENGE_TRUSTED_PROXIES": environment["PEER_CHALLENGE_TRUSTED_PROXIES"],
        "PEER_CHALLENGE_PUBLIC_URL": re.sub(
            r"\$\{.*\}", "office.example.org", environment["PEER_CHALLENGE_PUBLIC_URL"]
        ),
    }
    settings = load_settings(Path("/nowhere"), given)
    assert [str(network) for network in settings.trusted_proxies] == [f"{outside['gateway']}/32"]
    assert settings.public_url == "https://office.example.org"
