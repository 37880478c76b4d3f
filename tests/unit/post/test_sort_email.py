"""An email is sorted by its headers and the kinds of its parts; one made to take long is not parsed."""

import base64

import pytest

from peer_challenge.model.mailbox import LeftReason
from peer_challenge.post.sort_email import sort_email
from peer_challenge.settings import Settings
from tests.mail.emails import an_email

HEAD = b"From: a@ashcombe.example\r\nMessage-ID: <1@ashcombe.example>\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
SETTINGS = Settings(home="/nowhere", trusted_mail_hosts="mx.example")  # type: ignore[call-arg, arg-type]


def _part(data: bytes, headers: bytes = b"Content-Type: application/octet-stream") -> bytes:
    return b"--b\r\n" + headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


WITH_A_FORM = {
    "a document": an_email(("form.docx", b"PK\x03\x04")),
    "a document without a name": MIXED + _part(b"PK\x03\x04 form") + b"--b--",
    "a document in the text's place": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n",
    "an old document": MIXED + _part(b"\xd0\xcf\x11\xe0 old") + b"--b--",
    "winmail.dat": MIXED + _part(b"\x78\x9f\x3e\x22 tnef") + b"--b--",
    "winmail.dat by its type": MIXED + _part(b"?", b"Content-Type: application/ms-tnef") + b"--b--",
    "a name alone": an_email(("form.rtf", b"?")),
    "a name in another alphabet": MIXED
    + _part(b"?", b"Content-Disposition: attachment; filename*=utf-8''f%C3%B6rm.docx")
    + b"--b--",
    "a forwarded email": MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--b--",
    "an encrypted email": HEAD
    + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMII=",
    "uuencode": HEAD + b"\r\nHello\r\nbegin 644 form.docx\r\n#86%A\r\n`\r\nend\r\n",
    "the end is missing": MIXED + _part(b"PK\x03\x04 form"),
}


@pytest.mark.parametrize("email", WITH_A_FORM.values(), ids=WITH_A_FORM)
def test_what_may_hold_a_form_is_taken(email: bytes) -> None:
    assert sort_email(SETTINGS, email).reason is None


WITHOUT = {
    "words": an_email(),
    "a picture": an_email(("logo.png", b"\x89PNG")),
    "a PDF": an_email(("form.pdf", b"%PDF-1.7")),
    "the word docx": an_email(subject="form.docx"),
    "nothing at all": b"",
    "rubbish": bytes(range(256)) * 10,
    "no headers": b"\r\n\r\nhello",
}


@pytest.mark.parametrize("email", WITHOUT.values(), ids=WITHOUT)
def test_what_holds_none_stays(email: bytes) -> None:
    assert sort_email(SETTINGS, email).reason is LeftReason.NO_FORM


_N = 10_000_000
ODD, NONE = LeftReason.ODDLY_BUILT, LeftReason.NO_FORM
HOSTILE = {
    "headers of a part": (MIXED + b"--b\r\n" + b"a: b\r\n" * (_N // 6) + b"\r\n--b--", ODD),
    "headers on top": (HEAD + b"a: b\r\n" * (_N // 6) + b"\r\nx", ODD),
    "a folded header": (HEAD + b"Subject: " + b" x\r\n" * (_N // 4) + b"\r\nx", ODD),
    "parameters": (HEAD + b"Content-Type: multipart/mixed; " + b"name*0=a;" * (_N // 9) + b"\r\n\r\nx", ODD),
    "folded": (HEAD + b"Content-Type: a/b; " + b"name*0=a;\r\n " * (_N // 30) + b"\r\n\r\nx", ODD),
    "separators": (MIXED + b"--b\r\n" * 500_000, ODD),
    "a long header": (HEAD + b"Subject: " + b"x" * _N + b"\r\n\r\nx", NONE),
    "messages in messages": (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"x", None),
    "parts in parts": (
        HEAD
        + b"".join(b'Content-Type: multipart/a; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1900)),
        None,
    ),
    "brackets in From": (b"From: " + b"(<" * 90_000 + b"a@ashcombe.example\r\n\r\nx", NONE),
    "a name in From": (b"From: " + b"=?utf-8?q?x?= " * 50 + b"<a@[>\r\n\r\nx", NONE),
    "comments": (
        b"Authentication-Results: mx.example; " + b"((" * 90_000 + b"\r\nReceived: by mx.example\r\n" + HEAD,
        NONE,
    ),
}
"""Emails over which a parser takes minutes, or all memory, and what becomes of each."""


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize(("email", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_an_email_that_is_made_to_take_long_stops_nothing(email: bytes, reason: LeftReason | None) -> None:
    assert sort_email(SETTINGS, email).reason is reason


def test_the_same_email_has_the_same_content_by_every_way() -> None:
    email = an_email(("form.docx", b"PK\x03\x04"))
    again = b"Received: by elsewhere\r\nX-Spam: no\r\n" + email
    other = an_email(("form.docx", b"PK\x03\x04 other"))
    contents = [sort_email(SETTINGS, one).content_sha256 for one in (email, again, other)]
    assert contents[0] == contents[1] != contents[2]
