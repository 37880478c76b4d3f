"""The headers of an email, read without its body and without believing them."""

from collections.abc import Sequence
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from email.message import Message
from email.parser import BytesHeaderParser

from peer_challenge.model.email_addresses import is_address

_LONGEST_FROM = 2_000
"""Python's parser takes a tenth of a second for the worst of these, and over eight for one of 20,000."""
_REGISTRY = HeaderRegistry()
_MOST_BYTES = 200_000
"""Of the headers: a mail server's own are at the top."""


def parse_headers(email: bytes) -> Message:
    """The headers of an email as they came, without its body. None of them is decoded yet."""
    return BytesHeaderParser().parsebytes(split_email(email)[0])


def split_email(email: bytes) -> tuple[bytes, bytes]:
    """The headers of an email as they came, 200,000 bytes at most, and its body."""
    ends = [(at, at + len(gap)) for gap in (b"\n\n", b"\n\r\n") if (at := email.find(gap)) >= 0]
    end, begin = min(ends, default=(len(email), len(email)))
    return email[: min(end + 1, _MOST_BYTES)], email[begin:]


def read_sender(headers: Message) -> str | None:
    """The address in From, lower case; None unless there is one From with one whole address."""
    froms = [str(value) for name, value in headers.raw_items() if name.lower() == "from"]
    if len(froms) != 1 or len(froms[0]) > _LONGEST_FROM:
        return None
    try:
        header = _REGISTRY("From", froms[0])
        found: Sequence[Address] = header.addresses if isinstance(header, AddressHeader) else ()
        addresses = [one.addr_spec for one in found]
    except Exception:  # the standard library's parser raises many things on what no mail program writes
        return None
    address = addresses[0].lower() if len(addresses) == 1 else ""
    return address if is_address(address) else None


def get_raw_header(headers: Message, name: str) -> str:
    """The first header of this name as it came, without its folds; "" where there is none."""
    return next(
        (" ".join(str(text).split()) for key, text in headers.raw_items() if key.lower() == name.lower()), ""
    )


def get_content_type(headers: Message) -> str:
    """What the email says that its body is, such as multipart/report; lower case."""
    return get_raw_header(headers, "Content-Type").partition(";")[0].strip().lower()
