"""A file that is sent keeps its name, and its name ends no header."""

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.attachment import attach_file, content_disposition

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)


def _read_name(header: str) -> str | None:
    """The name that a reader of the header sees (the standard library's)."""
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename()


@given(NAMES)
def test_whoever_reads_the_header_gets_the_name_as_it_is(name: str) -> None:
    assert _read_name(content_disposition(name)) == name


@given(NAMES)
def test_no_name_ends_the_header_or_is_more_than_ascii(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii() and header.isprintable()
    assert header.count('"') in (0, 2)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("Analysis pack.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("events.ics", "text/calendar; charset=utf-8"),
        ("ratings.csv", "text/csv; charset=utf-8"),
        ("a file", "application/octet-stream"),
    ],
)
def test_the_media_type_follows_from_the_name(name: str, media_type: str) -> None:
    assert attach_file(b"", name).headers["content-type"] == media_type
