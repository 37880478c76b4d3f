"""What doctor says of the way in which the dashboard is reached."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from peer_challenge.operations.doctor_address import check_address
from peer_challenge.operations.network_addresses import note_stranger
from peer_challenge.settings import Settings

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)
PROXY = (ip_network("172.30.80.1"),)
HTTPS = "https://office.example.org"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"public_url": HTTPS},
        {"public_url": HTTPS, "trusted_proxies": PROXY},
        {"public_url": HTTPS, "trusted_proxies": PROXY, "host": "0.0.0.0"},
        {"public_url": "http://localhost:8080"},
    ],
)
def test_what_fits_together_is_well(given: dict[str, object], tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, **given)  # type: ignore[arg-type]
    assert check_address(settings, NOW).is_well


@pytest.mark.parametrize(
    ("given", "saw", "remedy"),
    [
        ({"host": "0.0.0.0"}, "no public address is set", "Set PEER_CHALLENGE_PUBLIC_URL"),
        ({"host": "192.0.2.7"}, "no public address is set", "Set PEER_CHALLENGE_PUBLIC_URL"),
        ({"public_url": "http://office.example.org"}, "without encryption", "https://"),
        (
            {"host": "::", "public_url": HTTPS},
            "no web server in front is trusted",
            "PEER_CHALLENGE_TRUSTED_PROXIES",
        ),
        ({"trusted_proxies": PROXY}, "no public address is set", "Set PEER_CHALLENGE_PUBLIC_URL"),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_do(
    given: dict[str, object], saw: str, remedy: str, tmp_path: Path
) -> None:
    check = check_address(Settings(home=tmp_path, **given), NOW)  # type: ignore[arg-type]
    assert not check.is_well and not check.is_fatal
    assert saw in check.saw and remedy in check.remedy


def test_a_web_server_in_front_that_is_not_trusted_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, public_url=HTTPS)
    settings.var.mkdir()
    note_stranger(settings, "172.18.0.1", NOW)
    check = check_address(settings, NOW)
    assert "172.18.0.1 sends the headers" in check.saw
    assert "PEER_CHALLENGE_TRUSTED_PROXIES to 172.18.0.1" in check.remedy
