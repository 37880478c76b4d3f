"""Calendars read back by another parser; drafts that open addressed; mail through a real server."""

import email
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email import policy
from pathlib import Path

import pytest
import vobject
from dateutil.tz import tzical

from peer_challenge.clock import LONDON
from peer_challenge.dates.calendar_file import DeadlineEntry, event_calendar, make_entry_uid
from peer_challenge.dispatches.email_draft import Attachment, eml_draft
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Contact
from peer_challenge.post.smtp import MailNotSent, MailServerAway, send_email_draft
from peer_challenge.settings import load_settings
from tests.factories import a_cycle

STAMP = datetime(2027, 4, 1, 8, tzinfo=LONDON)
OFFICE = Contact(name="Programme office", email="office@region.example")


def _event(sequence: int = 0, starts_at: datetime = datetime(2027, 5, 13, 10, tzinfo=LONDON)) -> EventFacts:
    cycle = a_cycle()
    author, challenger = cycle.participants[:2]
    return EventFacts(
        "c/one",
        author,
        challenger,
        cycle.chairs[0],
        starts_at,
        starts_at + timedelta(hours=3),
        "Civic Hall; room 2, first floor",
        sequence,
    )


def _lines(data: bytes) -> list[str]:
    """An independent reading: unfold (RFC 5545, 3.1), split."""
    text = data.decode("utf-8")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_reads_back_with_its_zone_and_people() -> None:
    lines = _lines(event_calendar([_event()], office=OFFICE, stamped_at=STAMP))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert f"UID:{make_entry_uid('c/one')}" in lines
    assert "DTSTART;TZID=Europe/London:20270513T100000" in lines
    assert "TZID:Europe/London" in lines
    assert "DTSTAMP:20270401T070000Z" in lines
    assert r"LOCATION:Civic Hall\; room 2\, first floor" in lines


def test_an_update_moves_the_entry_instead_of_adding_one() -> None:
    first = _lines(event_calendar([_event()], office=OFFICE, stamped_at=STAMP))
    moved = _lines(
        event_calendar([_event(1, datetime(2027, 5, 20, 14, tzinfo=LONDON))], office=OFFICE, stamped_at=STAMP)
    )
    assert [line for line in first if line.startswith("UID")] == [
        line for line in moved if line.startswith("UID")
    ]
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in moved


def test_a_cancelled_event_is_taken_out_of_the_diary() -> None:
    lines = _lines(event_calendar([], office=OFFICE, stamped_at=STAMP, cancelled=[_event()]))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(lines)


def test_a_deadline_is_a_day_without_a_time() -> None:
    lines = _lines(
        event_calendar(
            [],
            office=OFFICE,
            stamped_at=STAMP,
            deadlines=[DeadlineEntry("c/one", "analysis_due", "One", date(2027, 4, 7))],
        )
    )
    assert "DTSTART;VALUE=DATE:20270407" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_the_same_events_give_the_same_bytes() -> None:
    assert event_calendar([_event()], office=OFFICE, stamped_at=STAMP) == event_calendar(
        [_event()], office=OFFICE, stamped_at=STAMP
    )


def _zone(data: bytes) -> tzinfo:
    """The zone that the calendar itself describes, as python-dateutil reads it."""
    text = "\n".join(_lines(data))
    block = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE") + len("END:VTIMEZONE")]
    zone = tzical(io.StringIO(block)).get("Europe/London")
    assert zone is not None
    return zone


@pytest.mark.parametrize("day", [date(2027, 3, 26), date(2027, 3, 29), date(2027, 10, 29), date(2027, 11, 1)])
def test_the_zone_in_the_file_gives_the_right_moment_on_either_side_of_a_clock_change(day: date) -> None:
    starts_at = datetime.combine(day, time(10), LONDON)
    data = event_calendar([_event(0, starts_at)], office=OFFICE, stamped_at=STAMP)
    written = next(line for line in _lines(data) if line.startswith("DTSTART;TZID")).rpartition(":")[2]
    read_back = datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=_zone(data))
    assert read_back.astimezone(UTC) == starts_at.astimezone(UTC)


def test_a_deadline_that_moved_takes_the_place_of_the_one_before() -> None:
    def entry(stamp: datetime, day: date) -> list[str]:
        return _lines(
            event_calendar(
                [],
                office=OFFICE,
                stamped_at=stamp,
                deadlines=[DeadlineEntry("c/one", "analysis_due", "One", day)],
            )
        )

    first = entry(STAMP, date(2027, 4, 7))
    moved = entry(STAMP + timedelta(days=1), date(2027, 4, 14))
    numbers = [int(line[9:]) for entry_ in (first, moved) for line in entry_ if line.startswith("SEQUENCE:")]
    assert {line for line in first if line.startswith("UID")} <= set(moved)
    assert numbers[0] < numbers[1]


def test_the_order_of_events_does_not_matter() -> None:
    other = replace(_event(starts_at=datetime(2027, 5, 14, 10, tzinfo=LONDON)), challenge="c/two")
    one, two = [_event(), other], [other, _event()]
    assert event_calendar(one, office=OFFICE, stamped_at=STAMP) == event_calendar(
        two, office=OFFICE, stamped_at=STAMP
    )


def _draft(subject: str = "Reminder") -> bytes:
    return eml_draft(
        ["manager@example.org"],
        subject,
        "Dear colleague\n\nÉtat: “due”.\n",
        [Attachment("Reminder.docx", b"PK\x03\x04 letter")],
        date=STAMP,
        message_id="abc",
        sender="office@example.org",
    )


def test_a_draft_is_unsent_addressed_and_has_its_attachment() -> None:
    message = email.message_from_bytes(_draft(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "manager@example.org"
    body, attached = message.get_body(), list(message.iter_attachments())
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "Dear colleague\n\nÉtat: “due”.\n"
    assert [(part.get_filename(), part.get_content()) for part in attached] == [
        ("Reminder.docx", b"PK\x03\x04 letter")
    ]


def test_a_line_break_in_a_subject_adds_no_header() -> None:
    message = email.message_from_bytes(
        _draft("Reminder\r\nBcc: everybody@example.org"), policy=policy.default
    )
    assert message["Bcc"] is None
    assert message["Subject"] == "Reminder Bcc: everybody@example.org"


def test_the_same_draft_has_the_same_bytes() -> None:
    assert _draft() == _draft()


def test_a_long_id_makes_no_boundary_that_mail_forbids() -> None:
    draft = eml_draft(
        ["a@example.org"], "S", "B", [Attachment("R.docx", b"x")], date=STAMP, message_id="i" * 90
    )
    boundary = email.message_from_bytes(draft, policy=policy.default).get_boundary()
    assert boundary is not None
    assert len(boundary) <= 70  # RFC 2046, 5.1.1


def test_a_draft_to_nobody_opens_and_is_not_sent(tmp_path: Path) -> None:
    draft = eml_draft([], "Reminder", "Body", date=STAMP, message_id="x")
    assert email.message_from_bytes(draft, policy=policy.default)["To"] is None
    with pytest.raises(MailNotSent, match="not addressed to those it is for"):
        send_email_draft(
            load_settings(tmp_path, {"PEER_CHALLENGE_SMTP_HOST": "127.0.0.1"}), draft, ["a@example.org"]
        )


def test_a_server_that_is_not_there_is_told_with_a_remedy(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path, {"PEER_CHALLENGE_SMTP_HOST": "127.0.0.1", "PEER_CHALLENGE_SMTP_PORT": "1"}
    )
    with pytest.raises(MailServerAway) as failed:
        send_email_draft(settings, _draft(), ["manager@example.org"])
    assert "tried again" in failed.value.remedy


def test_a_parser_of_another_maker_reads_the_same() -> None:
    """vobject knows nothing of the library that wrote it."""
    at = datetime(2027, 5, 13, 10, tzinfo=LONDON)
    moved = at + timedelta(days=7, hours=4)
    read = [
        vobject.readOne(event_calendar([_event(number, when)], office=OFFICE, stamped_at=STAMP).decode())
        for number, when in ((0, at), (1, moved))
    ]
    first, second = (calendar.vevent for calendar in read)
    assert first.dtstart.value.astimezone(UTC) == at.astimezone(UTC)
    assert second.dtend.value.astimezone(UTC) == (moved + timedelta(hours=3)).astimezone(UTC)
    assert first.uid.value == second.uid.value
    assert (first.sequence.value, second.sequence.value) == ("0", "1")
    assert first.location.value == "Civic Hall; room 2, first floor"
    gone = vobject.readOne(event_calendar([], office=OFFICE, stamped_at=STAMP, cancelled=[_event()]).decode())
    assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")
