"""What `doctor` checks about reaching the dashboard: its public address and the web server in front."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.network_addresses import is_loopback, stranger_seen
from peer_challenge.settings import Settings

_GUIDE = "docs/operations.md, Behind a web server, has an example."


def check_address(settings: Settings, at: datetime) -> Check:
    """Whether the public address and the trusted proxies in the settings fit how visitors come in."""
    wrong = list(_find_address_faults(settings, at))
    return Check(
        "address",
        not wrong,
        "; ".join(saw for saw, _ in wrong) if wrong else settings.dashboard_url,
        " ".join([*(remedy for _, remedy in wrong), _GUIDE]),
        is_fatal=False,
    )


def _find_address_faults(settings: Settings, at: datetime) -> Iterator[tuple[str, str]]:
    """What does not fit, each with what to do about it."""
    public = urlsplit(settings.public_url)
    is_for_others = not (settings.host == "localhost" or is_loopback(settings.host))
    is_public_here = public.hostname is None or public.hostname == "localhost" or is_loopback(public.hostname)
    if is_for_others and not settings.public_url:
        yield (
            f"other machines can reach the dashboard ({settings.host}), and no public address is set",
            "Set PEER_CHALLENGE_PUBLIC_URL to the address that people type.",
        )
    if public.scheme == "http" and not is_public_here:
        yield (
            f"people reach the dashboard without encryption ({settings.public_url})",
            "Put a web server with TLS in front, and begin PEER_CHALLENGE_PUBLIC_URL with https://.",
        )
    if public.scheme == "https" and is_for_others and not settings.trusted_proxies:
        yield (
            "the public address begins with https://, and no web server in front is trusted",
            "Set PEER_CHALLENGE_TRUSTED_PROXIES to the address of the web server in front: until then all "
            "visitors count as one.",
        )
    if settings.trusted_proxies and not settings.public_url:
        yield (
            "a web server in front is trusted, and no public address is set",
            "Set PEER_CHALLENGE_PUBLIC_URL to the address that people type.",
        )
    stranger = stranger_seen(settings, at)
    if stranger is not None:
        yield (
            f"{stranger} sends the headers of a web server in front, and is not trusted",
            f"If that is your web server, set PEER_CHALLENGE_TRUSTED_PROXIES to {stranger}.",
        )
