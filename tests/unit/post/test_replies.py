"""What a machine wrote is known as such, and a delivery report says what did not arrive."""

from email import message_from_bytes

import pytest

from peer_challenge.post.email_headers import parse_headers
from peer_challenge.post.replies import (
    DeliveryReport,
    is_auto_reply,
    is_automatic,
    is_report,
    read_delivery_report,
)
from tests.mail.emails import KEY, a_delivery_report, an_email

MACHINES = {
    "an automatic reply": {"Auto_Submitted": "auto-replied"},
    "an automatic reply with more to it": {"Auto_Submitted": "auto-replied; owner-email=x@y.example"},
    "something generated": {"Auto_Submitted": "Auto-Generated"},
    "Outlook's out of office": {"X_Auto_Response_Suppress": "All"},
    "Outlook's, of several kinds": {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    "an old vacation program": {"Precedence": "bulk"},
    "a mailing list": {"List_Id": "<news.example.org>"},
    "a list that can be left": {"List_Unsubscribe": "<mailto:leave@example.org>"},
    "no return path": {"Return_Path": "<>"},
    "a mail server": {"sender": "MAILER-DAEMON@mx.example"},
    "a postmaster": {"sender": "Postmaster <postmaster@example.org>"},
    "nobody to answer": {"sender": "no-reply@example.org"},
    "a list's owner": {"sender": "owner-news@example.org"},
    "nobody at all": {"sender": "undisclosed"},
    "an English subject": {"subject": "Automatic reply: Please return by 26 February"},
    "another English subject": {"subject": "Out of Office Re: Your form"},
}


@pytest.mark.threat("answering-machine")
@pytest.mark.parametrize("given", MACHINES.values(), ids=MACHINES)
def test_a_machine_is_not_answered(given: dict[str, str]) -> None:
    assert is_automatic(parse_headers(an_email(**given)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Precedence": "first-class"},
        {"Return_Path": "<board@ashcombe.example>"},
        {"subject": "Re: the office moves out of the office park"},
        {"subject": "Reply to your automatic questions"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
    ],
    ids=str,
)
def test_a_person_is(given: dict[str, str]) -> None:
    assert not is_automatic(parse_headers(an_email(**given)))  # type: ignore[arg-type]


def test_only_a_reply_of_a_program_is_one() -> None:
    assert is_auto_reply(parse_headers(an_email(Auto_Submitted="auto-replied")))
    assert not is_auto_reply(parse_headers(an_email(Auto_Submitted="auto-generated")))
    assert not is_auto_reply(parse_headers(an_email(List_Id="<board.ashcombe.example>")))


@pytest.mark.parametrize(
    ("given", "report"),
    [
        ({}, DeliveryReport(KEY, True, "5.1.1")),
        ({"whole": False}, DeliveryReport(KEY, True, "5.1.1")),
        ({"action": "delayed", "status": "4.4.1"}, DeliveryReport(KEY, False, None)),
        ({"status": "unknown"}, DeliveryReport(KEY, True, "5.0.0")),
        ({"about": "<somebody-elses@example.org>"}, DeliveryReport(None, True, "5.1.1")),
        ({"about": "<../../etc/passwd@x>"}, DeliveryReport(None, True, "5.1.1")),
    ],
    ids=str,
)
def test_a_delivery_report_is_read(given: dict[str, object], report: DeliveryReport) -> None:
    email = a_delivery_report(**given)  # type: ignore[arg-type]
    assert is_report(parse_headers(email))
    assert read_delivery_report(message_from_bytes(email)) == report


def test_what_is_no_report_is_none() -> None:
    assert read_delivery_report(message_from_bytes(an_email())) is None
    assert not is_report(parse_headers(an_email()))
