"""Emails as mail programs write them, by hand: a form in the place that each program has for it."""

from collections.abc import Callable
from email.utils import format_datetime

from tests.unit.intake.emails.wrapping import DOCX, LOGO, OFFICE, SENDER, SENT, lines_of, uuencoded

Template = Callable[[bytes], bytes]
_PIXEL = lines_of(LOGO)


def _filled(template: str, data: bytes, **more: str) -> bytes:
    gaps = {
        "sender": SENDER,
        "office": OFFICE,
        "date": format_datetime(SENT),
        "docx": DOCX,
        "form": lines_of(data),
        "logo": _PIXEL,
    } | more
    return template.format(**gaps).replace("\r\n", "\n").replace("\n", "\r\n").encode()


_OUTLOOK = """\
Received: from LO2P123MB0001.GBRP123.PROD.OUTLOOK.COM (2603:10a6::1) by LO2P123MB0002.GBRP123.PROD.OUTLOOK.COM
 with HTTPS; {date}
ARC-Seal: i=1; a=rsa-sha256; s=arcselector9901; d=microsoft.com; cv=none; b={seal}
ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=microsoft.com; b={seal}
From: "Partnership manager (Ashcombe)" <{sender}>
To: Northern programme office <{office}>
Subject: =?utf-8?B?T3VyIHJldHVybiDigJMgQXNoY29tYmU=?=
Thread-Topic: Our return
Thread-Index: AdtABCD
Date: {date}
Message-ID: <LO2P123MB0001@LO2P123MB0001.GBRP123.PROD.OUTLOOK.COM>
Accept-Language: en-GB
Content-Language: en-US
X-MS-Has-Attach: yes
X-MS-TNEF-Correlator: <LO2P123MB0001@LO2P123MB0001.GBRP123.PROD.OUTLOOK.COM>
Content-Type: multipart/mixed;
	boundary="_005_LO2P123MB0001LO2P123MB0001GBRP_"
MIME-Version: 1.0

--_005_LO2P123MB0001LO2P123MB0001GBRP_
Content-Type: multipart/related;
	boundary="_004_LO2P123MB0001_"; type="multipart/alternative"

--_004_LO2P123MB0001_
Content-Type: multipart/alternative;
	boundary="_000_LO2P123MB0001_"

--_000_LO2P123MB0001_
Content-Type: text/plain; charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

Dear colleagues, here it is =96 with thanks.

--_000_LO2P123MB0001_
Content-Type: text/html; charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Dear colleagues</p><img src=3D"cid:image001.png@01DB"></body></html>

--_000_LO2P123MB0001_--

--_004_LO2P123MB0001_
Content-Type: image/png; name="image001.png"
Content-Description: image001.png
Content-Disposition: inline; filename="image001.png"; size=212
Content-ID: <image001.png@01DB>
Content-Transfer-Encoding: base64

{logo}

--_004_LO2P123MB0001_--

--_005_LO2P123MB0001LO2P123MB0001GBRP_
Content-Type: {docx};
	name="Self-assessment Ashcombe.docx"
Content-Description: Self-assessment Ashcombe.docx
Content-Disposition: attachment; filename="Self-assessment Ashcombe.docx";
	size=40000; creation-date="Wed, 03 Feb 2027 09:29:00 GMT"
Content-Transfer-Encoding: base64

{form}

--_005_LO2P123MB0001LO2P123MB0001GBRP_--
"""


def outlook(data: bytes) -> bytes:
    """As Exchange Online delivers what Outlook sent: long headers, a logo, the form as an attachment."""
    return _filled(_OUTLOOK, data, seal="x" * 5000)


def outlook_meeting(data: bytes) -> bytes:
    """The same with a calendar entry and a contact card beside the form."""
    more = (
        "--_005_LO2P123MB0001LO2P123MB0001GBRP_\nContent-Type: text/calendar; method=REQUEST\n\n"
        "BEGIN:VCALENDAR\nEND:VCALENDAR\n"
        "--_005_LO2P123MB0001LO2P123MB0001GBRP_\nContent-Type: text/vcard; name=me.vcf\n"
        'Content-Disposition: attachment; filename="me.vcf"\n\nBEGIN:VCARD\nEND:VCARD\n'
        "--_005_LO2P123MB0001LO2P123MB0001GBRP_--"
    )
    return _filled(_OUTLOOK.replace("--_005_LO2P123MB0001LO2P123MB0001GBRP_--", more), data, seal="x")


_THUNDERBIRD = """\
Message-ID: <3a4b@ashcombe.example.org>
Date: {date}
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Content-Language: en-GB
To: {office}
From: Partnership manager <{sender}>
Subject: Our return
Content-Type: multipart/mixed; boundary="------------0YAnCvJ0"

This is a multi-part message in MIME format.
--------------0YAnCvJ0
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

Dear colleagues,

--------------0YAnCvJ0
Content-Type: {docx};
 name="=?UTF-8?Q?Selbstbewertung_=E2=80=93_Ashcombe=2Edocx?="
Content-Disposition: attachment;
 filename*0*=UTF-8''%53%65%6C%66%20%E2%80%93%20;
 filename*1*=%41%73%68%63%6F%6D%62%65%2E%64%6F%63%78
Content-Transfer-Encoding: base64

{form}

--------------0YAnCvJ0--
"""


def thunderbird(data: bytes) -> bytes:
    """As Thunderbird writes it, the file's name in pieces (RFC 2231)."""
    return _filled(_THUNDERBIRD, data)


_FORWARD = """\
Message-ID: <fw{depth}@ashcombe.example.org>
Date: {date}
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
To: {office}
From: Partnership manager <{sender}>
Subject: Fwd: Our return
Content-Type: multipart/mixed; boundary="------------fw{depth}"

This is a multi-part message in MIME format.
--------------fw{depth}
Content-Type: text/plain; charset=UTF-8

See below.

--------------fw{depth}
Content-Type: message/rfc822; charset=UTF-8; name="Our return.eml"
Content-Disposition: attachment; filename="Our return.eml"

{inner}
--------------fw{depth}--
"""


def thunderbird_forwarded(data: bytes, times: int) -> bytes:
    """Forwarded as an attachment, so many times."""
    message = thunderbird(data).decode()
    for depth in range(times):
        gaps = {"sender": SENDER, "office": OFFICE, "date": format_datetime(SENT)}
        message = _FORWARD.format(depth=depth, inner=message, **gaps)
    return message.replace("\r\n", "\n").replace("\n", "\r\n").encode()


_APPLE = """\
From: Partnership manager <{sender}>
Content-Type: multipart/alternative;
	boundary="Apple-Mail=_1"
Mime-Version: 1.0 (Mac OS X Mail 16.0)
Subject: Our return
Message-Id: <apple@ashcombe.example.org>
Date: {date}
To: {office}
X-Mailer: Apple Mail

--Apple-Mail=_1
Content-Transfer-Encoding: 7bit
Content-Type: text/plain; charset=us-ascii

Here it is.

--Apple-Mail=_1
Content-Type: multipart/mixed; boundary="Apple-Mail=_2"

--Apple-Mail=_2
Content-Transfer-Encoding: 7bit
Content-Type: text/html; charset=us-ascii

<html><body>Here it is.</body></html>
--Apple-Mail=_2
Content-Disposition: inline; filename="Self-assessment.docx"
Content-Type: {docx}; x-unix-mode=0644; name="Self-assessment.docx"
Content-Transfer-Encoding: base64

{form}
--Apple-Mail=_2
Content-Transfer-Encoding: 7bit
Content-Type: text/html; charset=us-ascii

<html><body>Kind regards</body></html>
--Apple-Mail=_2--

--Apple-Mail=_1--
"""


def apple_mail(data: bytes) -> bytes:
    """As Apple Mail writes it: the form inline, between two pieces of text."""
    return _filled(_APPLE, data)


_WEBMAIL = """\
MIME-Version: 1.0
Date: {date}
Message-ID: <webmail@mail.example.org>
Subject: Our return
From: Partnership manager <{sender}>
To: {office}
Content-Type: multipart/mixed; boundary="000000000000abc"

--000000000000abc
Content-Type: multipart/alternative; boundary="000000000000abd"

--000000000000abd
Content-Type: text/plain; charset="UTF-8"

Hello

--000000000000abd
Content-Type: text/html; charset="UTF-8"

<div dir="ltr">Hello</div>

--000000000000abd--
--000000000000abc
Content-Type: application/octet-stream; name="Self-assessment.docx"
Content-Disposition: attachment; filename="Self-assessment.docx"
Content-Transfer-Encoding: base64
Content-ID: <f_l0>
X-Attachment-Id: f_l0

{form}
--000000000000abc--
"""


def webmail(data: bytes) -> bytes:
    """As webmail writes it: the form has a Content-ID although nothing shows it."""
    return _filled(_WEBMAIL, data)


def only_attachment(data: bytes) -> bytes:
    """A scanner or a script: the email is the form, without any text."""
    return _filled(
        "From: {sender}\nTo: {office}\nSubject: Our return\nDate: {date}\nMIME-Version: 1.0\n"
        'Content-Type: {docx}; name="form.docx"\nContent-Transfer-Encoding: base64\n\n{form}\n',
        data,
    )


def _simple(disposition: str, body: str, coding: str = "base64", kind: str = DOCX) -> str:
    return (
        "From: {sender}\nTo: {office}\nSubject: Our return\nDate: {date}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\nHello\n'
        f"--b1\nContent-Type: {kind}\n{disposition}\nContent-Transfer-Encoding: {coding}\n\n{body}\n--b1--\n"
    )


_NAMED = 'Content-Disposition: attachment; filename="form.docx"'


def without_end(data: bytes) -> bytes:
    """The line that ends the last part is missing."""
    return _filled(_simple(_NAMED, "{form}").replace("\n--b1--\n", "\n"), data)


def without_boundary(data: bytes) -> bytes:
    """The header does not say which line divides the parts."""
    return _filled(_simple(_NAMED, "{form}").replace('; boundary="b1"', ""), data)


def other_boundary(data: bytes) -> bytes:
    """The header names another line than the one that divides the parts."""
    return _filled(_simple(_NAMED, "{form}").replace('boundary="b1"', 'boundary="another"'), data)


def rubbish_in_base64(data: bytes) -> bytes:
    """A gateway has put lines of its own and odd letters between those of the base64."""
    lines = lines_of(data).split("\r\n")
    return _filled(_simple(_NAMED, "! \n".join(lines[:-1]) + "\n>*\n" + lines[-1]), data)


def base64_in_pieces(data: bytes) -> bytes:
    """Each piece of the file was encoded by itself, with padding at its end."""
    pieces = [lines_of(data[at : at + 1000]) for at in range(0, len(data), 1000)]
    return _filled(_simple(_NAMED, "\n".join(pieces)), data)


def base64_without_padding(data: bytes) -> bytes:
    """The "=" at the end were lost."""
    return _filled(_simple(_NAMED, lines_of(data).rstrip("=")), data)


def base64_in_one_line(data: bytes) -> bytes:
    """One line of all letters."""
    return _filled(_simple(_NAMED, lines_of(data).replace("\r\n", "")), data)


def base64_not_said(data: bytes) -> bytes:
    """It is base64, and the header says 7bit."""
    return _filled(_simple(_NAMED, "{form}", coding="7bit"), data)


def quoted_printable(data: bytes) -> bytes:
    """A binary file in quoted-printable."""
    lines = ["".join(f"={byte:02X}" for byte in data[at : at + 24]) for at in range(0, len(data), 24)]
    written = "=\n".join(lines)
    return _filled(_simple(_NAMED, written, coding="quoted-printable"), data)


def uuencoded_part(data: bytes) -> bytes:
    """A part in uuencode."""
    written = uuencoded("form.docx", data).replace("{", "{{").replace("}", "}}")
    return _filled(_simple(_NAMED, written, coding="x-uuencode"), data)


def binary(data: bytes) -> bytes:
    """The file as it is, without any encoding (BINARYMIME)."""
    start, end = _filled(_simple(_NAMED, "HERE", coding="binary"), data).split(b"HERE")
    return start + data + end


def with_name(disposition: str, kind: str = DOCX) -> Template:
    """An email in which the file's name is written as given."""
    return lambda data: _filled(_simple(disposition, "{form}", kind=kind), data)


def rfc822_in_base64(data: bytes) -> bytes:
    """A forwarded email written in base64, as some gateways do and no standard allows."""
    inner = lines_of(thunderbird(data))
    return _filled(
        "From: {sender}\nTo: {office}\nSubject: FW\nDate: {date}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\nHello\n'
        '--b1\nContent-Type: message/rfc822; name="mail.eml"\nContent-Transfer-Encoding: base64\n\n'
        + inner
        + "\n--b1--\n",
        data,
    )


def line_feeds_only(data: bytes) -> bytes:
    """Saved on a system that ends lines with LF alone."""
    return thunderbird(data).replace(b"\r\n", b"\n")


def carriage_returns_only(data: bytes) -> bytes:
    """Saved on an old Mac."""
    return thunderbird(data).replace(b"\r\n", b"\r")


def mbox(data: bytes) -> bytes:
    """A folder of a mail program: several emails in one file, the form in the second."""
    first = (
        b"From a@example.org Wed Feb  3 09:00:00 2027\nFrom: a@example.org\nSubject: x\n"
        b"Date: Wed, 03 Feb 2027 09:00:00 +0000\n\nHello\n\n"
    )
    return first + b"From b@example.org Wed Feb  3 09:30:00 2027\n" + line_feeds_only(data)
