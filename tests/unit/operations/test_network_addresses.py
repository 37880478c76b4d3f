"""Whose address a request has: believed from named proxies alone, counted by network."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_challenge.errors import WrongUse
from peer_challenge.operations.network_addresses import (
    find_visitor_address,
    network_of,
    note_stranger,
    read_address,
    stranger_seen,
)
from peer_challenge.settings import Settings, load_settings

PROXIES = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"), ip_network("fd00::/8"))
NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "visitor"),
    [
        ("198.51.100.9", ["203.0.113.1"], "198.51.100.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.1"], "203.0.113.1"),
        ("127.0.0.1", ["1.1.1.1, 203.0.113.1"], "203.0.113.1"),
        ("127.0.0.1", ["1.1.1.1", "203.0.113.1, 10.1.2.3"], "203.0.113.1"),
        ("127.0.0.1", ["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        ("127.0.0.1", ["203.0.113.1, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["1.1.1.1, nonsense, 10.1.2.3"], "10.1.2.3"),
        ("::ffff:127.0.0.1", ["203.0.113.1:4711"], "203.0.113.1"),
        ("fd00::1", ["[2001:db8::7]:443"], "2001:db8::7"),
        ("unix", ["203.0.113.1"], "unix"),
    ],
)
def test_the_visitor_is_the_right_most_hop_that_is_no_proxy(
    peer: str, forwarded_for: list[str], visitor: str
) -> None:
    assert find_visitor_address(peer, forwarded_for, PROXIES) == visitor


@given(st.text(max_size=200))
def test_what_a_visitor_writes_to_the_left_counts_for_nothing(written: str) -> None:
    assert find_visitor_address("127.0.0.1", [written, "203.0.113.1"], PROXIES) == "203.0.113.1"
    assert find_visitor_address("203.0.113.1", [written], PROXIES) == "203.0.113.1"


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = read_address(text)
    assert found is None or found.version in (4, 6)


def test_addresses_of_one_network_count_together() -> None:
    assert network_of("2001:db8:1:2:3::9") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::9") != network_of("2001:db8:1:2::9")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("testclient") == "testclient"


def test_trusted_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    given = {"PEER_CHALLENGE_TRUSTED_PROXIES": "172.30.80.1, fd00::/8 10.0.0.5/8"}
    assert [str(n) for n in load_settings(tmp_path, given).trusted_proxies] == [
        "172.30.80.1/32",
        "fd00::/8",
        "10.0.0.0/8",
    ]
    (tmp_path / "settings.toml").write_text('trusted_proxies = ["127.0.0.1", "::1"]\n')
    assert [str(n) for n in load_settings(tmp_path, {}).trusted_proxies] == ["127.0.0.1/32", "::1/128"]
    assert load_settings(tmp_path / "other", {}).trusted_proxies == ()


@pytest.mark.parametrize("told", ["*", "proxy.example.org", "0.0.0.0/0", "::/0", "10.0.0.0/99"])
def test_a_proxy_that_is_everybody_or_a_name_is_refused(told: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="trusted_proxies: `"):
        load_settings(tmp_path, {"PEER_CHALLENGE_TRUSTED_PROXIES": told})


@pytest.mark.parametrize(
    "told",
    [
        "peer.example.org",
        "ftp://x.example",
        "https://",
        "https://x/path",
        "https://u:p@x.example",
        "https://x:y",
    ],
)
def test_a_public_address_that_nobody_could_open_is_refused(told: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="public_url: `"):
        load_settings(tmp_path, {"PEER_CHALLENGE_PUBLIC_URL": told})


@pytest.mark.parametrize(
    ("settings", "opened_at"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "0.0.0.0", "port": 81}, "http://127.0.0.1:81"),
        ({"host": "::"}, "http://[::1]:8080"),
        ({"public_url": "https://office.example.org/"}, "https://office.example.org"),
    ],
)
def test_the_dashboard_is_opened_at_an_address_that_leads_there(
    settings: dict[str, object], opened_at: str, tmp_path: Path
) -> None:
    assert Settings(home=tmp_path, **settings).dashboard_url == opened_at  # type: ignore[arg-type]


def test_settings_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b'host = "127.0.0.1"\n# caf\xe9\n')
    with pytest.raises(WrongUse, match=r"settings\.toml can't be read: line 2 .* UTF-8"):
        load_settings(tmp_path, {})
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    with pytest.raises(WrongUse, match=r"secret can't be read: line 1 .* UTF-8"):
        load_settings(tmp_path / "other", {"PEER_CHALLENGE_METRICS_TOKEN_FILE": str(tmp_path / "secret")})


def test_a_proxy_that_is_not_trusted_is_remembered_for_a_day(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    note_stranger(settings, "172.18.0.1", NOW)  # no folder yet: nothing happens
    assert stranger_seen(settings, NOW) is None
    settings.var.mkdir()
    note_stranger(settings, "172.18.0.1", NOW)
    assert stranger_seen(settings, NOW) == "172.18.0.1"
    assert stranger_seen(settings, NOW + timedelta(hours=25)) is None
    trusting = settings.model_copy(update={"trusted_proxies": (ip_network("172.18.0.0/16"),)})
    assert stranger_seen(trusting, NOW) is None
    (next(settings.var.iterdir())).write_text('{"address": "\\u001b[31m", "at": 7}')
    assert stranger_seen(settings, NOW) is None
