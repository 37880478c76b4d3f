"""Who sent an email, so far as the office's own mail server vouches for it (RFC 8601).

Anybody can write any From, and any header below it. What counts is the Authentication-Results of a server
that the settings name, in the place where only that server can have put it: above the line with which it
received the email from outside. Everything below that line came with the email.
"""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from authres import AuthenticationResultsHeader, AuthResError

from peer_challenge.post.email_headers import parse_headers, read_sender
from peer_challenge.settings import Settings

_LONGEST = 20_000
"""Characters of one header: a mail server writes a few hundred."""
MICROSOFT = "protection.outlook.com"
"""What to trust for Microsoft 365, whose own header begins without the name of a host."""
_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"(?:from\s+\S+\s+)?(?:.*?\s)??by\s+([a-z0-9._-]+)", re.IGNORECASE)
"""The host that wrote a Received line. The word after `from` is the sender's own, even where it is `by`."""
_WITHOUT_HOST = re.compile(r"[a-z0-9.-]+\s*=", re.IGNORECASE)


def find_verified_sender(settings: Settings, email: bytes) -> str | None:
    """The address that an email came from, lower case, where a trusted server has checked it; else None.

    The server must say `dmarc=pass` for the very domain of From, which has one address.
    """
    if not settings.trusted_mail_hosts:
        return None
    headers = parse_headers(email)
    sender = read_sender(headers)
    if sender is None:
        return None
    domain = _fold_domain(sender.rpartition("@")[2])
    results = list(_list_dmarc_results(_find_own_headers(headers, settings.trusted_mail_hosts)))
    is_verified = bool(results) and all(found == ("pass", domain) for found in results)
    return sender if is_verified and domain else None


def _find_own_headers(headers: Message, trusted: Sequence[str]) -> list[str]:
    """The Authentication-Results that a trusted server put above its own Received line; else none."""
    found: list[str] = []
    for name, value in headers.raw_items():
        text = " ".join(str(value)[:_LONGEST].split())
        if name.lower() == "authentication-results":
            if _read_host(text) in trusted:
                found.append(text)
        elif name.lower() == "received":
            is_trusted = _is_trusted_line(text, trusted)
            if found or is_trusted:
                return found if is_trusted else []
    return []


def _read_host(result: str) -> str:
    """The authserv-id of a header, lower case."""
    if _WITHOUT_HOST.match(result):
        return MICROSOFT
    first = _COMMENT.sub(" ", result).partition(";")[0].split()
    return first[0].lower().rstrip(".") if first else ""


def _is_trusted_line(received: str, trusted: Sequence[str]) -> bool:
    """Whether a Received line says that a trusted host, or one of a trusted domain, wrote it."""
    match = _BY.match(_COMMENT.sub(" ", received).strip())
    host = match[1].lower().rstrip(".") if match else ""
    return any(host == one or host.endswith(f".{one}") for one in trusted)


def _list_dmarc_results(found: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The result and the domain of each DMARC check in these headers; ("", "") for one we can't read."""
    for text in found:
        with_host = f"{MICROSOFT}; {text}" if _WITHOUT_HOST.match(text) else text
        try:
            results = AuthenticationResultsHeader.parse_value(with_host).results
        except (AuthResError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
            yield "", ""
            continue
        for result in results:
            if result.method.lower() == "dmarc":
                domains = [
                    one.value for one in result.properties if (one.type, one.name) == ("header", "from")
                ]
                yield (
                    str(result.result).lower(),
                    _fold_domain(domains[0]) if len(domains) == 1 and domains[0] else "",
                )


def _fold_domain(domain: str) -> str:
    """A domain as it is compared: lower case, without a last dot, letters of other alphabets as A-labels."""
    plain = domain.strip().lower().rstrip(".")
    try:
        return plain.encode("idna").decode() if not plain.isascii() else plain
    except UnicodeError:
        return ""
