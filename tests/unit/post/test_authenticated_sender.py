"""Only what the office's own mail server put on top of an email says who sent it."""

import pytest

from peer_challenge.post.authenticated_sender import find_verified_sender
from peer_challenge.settings import Settings

OURS = "mx.office.example"
RECEIVED = (
    f"Received: from mail.ashcombe.example (mail.ashcombe.example [192.0.2.7]) by {OURS} with ESMTPS id 4X"
)
PASS = (
    f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=ashcombe.example;"
    " dmarc=pass header.from=ashcombe.example"
)
FAIL = f"Authentication-Results: {OURS}; dmarc=fail header.from=ashcombe.example"
FROM = "From: Safeguarding <Board@Ashcombe.example>"
REST = "Subject: the form\nMessage-ID: <1@ashcombe.example>\n\nHere it is.\n"


def _find(*headers: str, trusted: str = OURS, rest: str = REST) -> str | None:
    settings = Settings(home="/nowhere", trusted_mail_hosts=trusted)  # type: ignore[arg-type]
    return find_verified_sender(settings, ("\n".join(headers) + "\n" + rest).encode())


@pytest.mark.parametrize(
    "headers",
    [
        (PASS, RECEIVED, FROM),
        (
            "Return-Path: <x@ashcombe.example>",
            "Received: from mx by backend.example with LMTP",
            PASS,
            RECEIVED,
            FROM,
        ),
        (f"Authentication-Results: {OURS}; dkim=pass header.d=ashcombe.example", PASS, RECEIVED, FROM),
        (PASS.replace(";", ";\n\t"), RECEIVED.replace(" by", "\n by"), FROM),
        (
            f"Authentication-Results: {OURS} 1; dmarc=pass (p=reject dis=none) header.from=ASHCOMBE.example.",
            RECEIVED,
            FROM,
        ),
        (PASS, RECEIVED, FROM, FAIL.replace(OURS, "mail.ashcombe.example")),
    ],
    ids=[
        "plain",
        "passed on inside",
        "two headers",
        "folded",
        "comment and version",
        "another's opinion below",
    ],
)
def test_a_sender_whom_our_own_server_checked_is_known(headers: tuple[str, ...]) -> None:
    assert _find(*headers) == "board@ashcombe.example"


def test_microsoft_365_is_known_by_its_received_line() -> None:
    headers = (
        "Received: from AM0PR01.eurprd01.prod.exchangelabs.com by LO2P01.prod.outlook.com with HTTPS",
        "Authentication-Results: spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=ashcombe.example; dkim=pass"
        " (signature was verified) header.d=ashcombe.example;dmarc=pass action=none"
        " header.from=ashcombe.example;compauth=pass reason=100",
        "Received-SPF: Pass (protection.outlook.com: domain of ashcombe.example designates 192.0.2.7)",
        "Received: from mail.ashcombe.example [192.0.2.7] by A.mail.protection.outlook.com with SMTP",
        FROM,
    )
    assert _find(*headers, trusted="protection.outlook.com") == "board@ashcombe.example"
    assert _find(*headers, trusted=OURS) is None


FORGERIES = {
    "nothing of ours, all of it the sender's own": (PASS, FROM),
    "below our own line": (RECEIVED, PASS, FROM),
    "below our own line, with a forged line of ours": (RECEIVED, PASS, RECEIVED, FROM),
    "below our server's own opinion": (FAIL, RECEIVED, PASS, RECEIVED, FROM),
    "beside our server's own opinion": (FAIL, PASS, RECEIVED, FROM),
    "another host's word": (PASS.replace(OURS, "mx.attacker.example"), RECEIVED, FROM),
    "a host that begins like ours": (PASS.replace(OURS, f"{OURS}.attacker.example"), RECEIVED, FROM),
    "our name in a comment": (PASS.replace(OURS, f"mx.attacker.example ({OURS})"), RECEIVED, FROM),
    "a server that calls itself by in its greeting": (
        RECEIVED.replace("from mail.ashcombe.example", "from by"),
        PASS,
        RECEIVED,
        FROM,
    ),
    "another domain's pass": (PASS.replace("header.from=ashcombe", "header.from=attacker"), RECEIVED, FROM),
    "a longer domain": (PASS.replace("header.from=ashcombe", "header.from=not-ashcombe"), RECEIVED, FROM),
    "two domains": (PASS + " header.from=attacker.example", RECEIVED, FROM),
    "pass in a comment": (FAIL.replace("fail", "fail (dmarc=pass)"), RECEIVED, FROM),
    "pass in a quoted text": (FAIL.replace("fail", 'fail reason="; dmarc=pass"'), RECEIVED, FROM),
    "SPF alone": (PASS.partition("; dmarc")[0], RECEIVED, FROM),
    "two From lines": (PASS, RECEIVED, "From: x@attacker.example", FROM),
    "two addresses": (PASS, RECEIVED, "From: x@attacker.example, board@ashcombe.example"),
    "the address as a name": (PASS, RECEIVED, 'From: "board@ashcombe.example" <x@attacker.example>'),
    "the address encoded": (
        PASS,
        RECEIVED,
        "From: =?utf-8?q?board=40ashcombe=2Eexample?= <x@attacker.example>",
    ),
    "no address": (PASS, RECEIVED, "From: undisclosed"),
    "rubbish": (PASS.replace("dmarc=pass", "dmarc==;;pass"), RECEIVED, FROM),
    "a line of ours that somebody else wrote": (
        PASS,
        RECEIVED.replace(f"by {OURS}", "by mx.attacker.example"),
        FROM,
    ),
    "a header of Microsoft's make elsewhere": (PASS.replace(f"{OURS}; ", ""), RECEIVED, FROM),
}


@pytest.mark.threat("false-sender")
@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_word_on_the_sender_counts_for_nothing(headers: tuple[str, ...]) -> None:
    assert _find(*headers) is None


def test_a_header_that_the_body_quotes_counts_for_nothing() -> None:
    assert _find(FROM, rest="\n" + "\n".join((PASS, RECEIVED)) + "\n") is None


def test_nobody_is_known_where_no_server_is_trusted() -> None:
    assert _find(PASS, RECEIVED, FROM, trusted="") is None
