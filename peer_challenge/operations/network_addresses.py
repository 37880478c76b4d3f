"""Where a request comes from: the visitor's own address behind proxies, and the network it belongs to.

A proxy gives the visitor's address in X-Forwarded-For, but anybody who connects directly can send that
header too. So we believe it only from the proxies that the settings name.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from peer_challenge.settings import Settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_IPV6_PREFIX = 64  # what one household or one server is given: within it an address costs nothing
_MOST_HOPS = 20  # more web servers than anybody has in front: a visitor may send a longer header
_WITH_PORT = re.compile(
    r"(?P<v4>[0-9.]+)(:[0-9]{1,5})?|\[(?P<v6>[0-9a-fA-F:.]+)\](:[0-9]{1,5})?|(?P<bare>[0-9a-fA-F:.]+)"
)
_SEEN_FILE = "forwarded-by-a-stranger.json"
_NOTED_EVERY = timedelta(minutes=10)
"""Requests come by the thousand: each would write to the disk."""
_REMEMBERED_FOR = timedelta(days=1)
"""Longer than from one look at `doctor` to the next, and gone the day after it was corrected."""


def read_address(text: str) -> Address | None:
    """The address in `text`, with a port or without (`192.0.2.7:443`, `[2001:db8::1]:443`), or None.

    An IPv4 address that is written as IPv6 (`::ffff:192.0.2.7`) is given as IPv4.
    """
    parts = _WITH_PORT.fullmatch(text.strip())
    if parts is None:
        return None
    try:
        found = ip_address(parts["v4"] or parts["v6"] or parts["bare"])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def is_loopback(text: str) -> bool:
    """Whether `text` is an address of this machine that no other machine can reach."""
    found = read_address(text)
    return found is not None and found.is_loopback


def is_trusted(text: str, proxies: Iterable[Network]) -> bool:
    """Whether `text` is the address of one of the trusted `proxies`."""
    found = read_address(text)
    return found is not None and any(found in network for network in proxies)


def find_visitor_address(peer: str, forwarded_for: Sequence[str], proxies: Sequence[Network]) -> str:
    """The visitor's address: the right-most of X-Forwarded-For that is no trusted proxy.

    `peer` is who connected, `forwarded_for` the values of the header in their order. Anything further to
    the left was written by the visitor, so it is ignored. Returns `peer` if it is no trusted proxy. If a
    part of the header can't be read, returns the last address before it.
    """
    if not is_trusted(peer, proxies):
        return peer
    found = peer
    for hop in reversed(",".join(forwarded_for).split(",")[-_MOST_HOPS:]):
        address = read_address(hop)
        if address is None:
            break
        found = str(address)
        if not is_trusted(found, proxies):
            break
    return found


def network_of(address: str) -> str:
    """The network that sign-in limits count as one: an IPv4 address alone, or the /64 of an IPv6 address.

    Returns `address` unchanged if it is neither.
    """
    found = read_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _IPV6_PREFIX), strict=False))
    return str(found) if found else address


def note_stranger(settings: Settings, peer: str, at: datetime) -> None:
    """Note that `peer`, no trusted proxy, sent headers of a proxy, for `doctor` to report.

    Written at most every ten minutes. If the folder can't be written to, nothing is noted and nothing raised.
    """
    path = settings.var / _SEEN_FILE
    try:
        is_fresh = path.exists() and at.timestamp() - path.stat().st_mtime < _NOTED_EVERY.total_seconds()
        if not is_fresh:
            draft = path.with_suffix(".tmp")
            draft.write_text(json.dumps({"address": peer, "at": at.isoformat()}), encoding="utf-8")
            draft.replace(path)
    except OSError:
        return


def stranger_seen(settings: Settings, at: datetime) -> str | None:
    """The address noted within the last day by `note_stranger`, or None."""
    path: Path = settings.var / _SEEN_FILE
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        seen_at = datetime.fromisoformat(noted["at"])
        address = read_address(noted["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_recent = address is not None and at - seen_at < _REMEMBERED_FOR
    return str(address) if is_recent and not is_trusted(str(address), settings.trusted_proxies) else None
