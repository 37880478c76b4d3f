"""A form in an email is taken in as the same form by itself: its area, its day, and every word of it.

The emails are made by Python's own writer, by extract-msg's writer of Outlook's files, and by hand as mail
programs write them; in ZIP files, in winmail.dat, signed, and one in another.
"""

import base64
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from tests.factories import a_cycle, a_filled
from tests.migrated import make_installation
from tests.unit.intake.emails import templates as by_hand
from tests.unit.intake.emails.wrapping import (
    LOGO,
    OFFICE,
    SENDER,
    SENT,
    Outlook,
    an_email,
    forwarded,
    signed_around,
    signed_clear,
    uuencoded,
    winmail,
    zipped,
)

CYCLE = a_cycle(4)
AREA = CYCLE.participants[0].id
AT = datetime(2027, 2, 10, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 evidence"
FORM = a_filled(Kind.SELF_ASSESSMENT, AREA, areas=4, turn=1)


def _outlook_nested(data: bytes, levels: int) -> bytes:
    message = Outlook()
    place: list[str] = []
    for _ in range(levels):
        place = message.embed(place)
    message.attach("form.docx", data, place)
    return bytes(message)


def _forwarded_by_office(data: bytes, times: int) -> bytes:
    """Sent to the office, and forwarded to the inbox by a colleague there, one day after another."""
    message = an_email(("form.docx", data))
    for day in range(1, times + 1):
        message = an_email(inner=[message], sender=OFFICE, sent=SENT + timedelta(day), subject="FW")
    return message.as_bytes()


def _in_winmail(*files: tuple[str, bytes], name: str = "winmail.dat") -> bytes:
    return an_email((name, winmail(*files))).as_bytes()


def _outlook_in_python(data: bytes) -> bytes:
    return an_email(("Our return.msg", bytes(Outlook().attach("form.docx", data)))).as_bytes()


def _zipped_form(data: bytes) -> bytes:
    return an_email(
        ("return.zip", zipped(("Return/form.docx", data), ("Return/evidence.pdf", PDF)))
    ).as_bytes()


def _named(parameter: str) -> by_hand.Template:
    return by_hand.with_name(f"Content-Disposition: attachment; {parameter}".rstrip("; "))


def _signed_by_outlook(data: bytes) -> bytes:
    """A signed message as Outlook saves it: one attachment that is the whole signed part."""
    part = signed_clear(an_email(("form.docx", data))).partition(b"\r\n\r\n")
    headers = b"\r\n".join(
        line
        for line in part[0].split(b"\r\n")
        if line.lower().startswith((b"content-", b"mime-", b" ", b"\t"))
    )
    signed = headers + b"\r\n\r\n" + part[2]
    return bytes(Outlook().attach("smime.p7m", signed, mime="multipart/signed"))


def _opaque(data: bytes) -> bytes:
    """The wrapped part of a signed email, as webmail saves it: a file smime.p7m."""
    return base64.b64decode(signed_around(an_email(("form.docx", data))).rpartition(b"\r\n\r\n")[2])


WRAPPINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    # Python's writer
    "attached": ("a.eml", lambda f: an_email(("form.docx", f)).as_bytes()),
    "attached, without an ending": ("email", lambda f: an_email(("form.docx", f)).as_bytes()),
    "attached, called otherwise": ("a.eml", lambda f: an_email(("ATT00001.bin", f)).as_bytes()),
    "with evidence": ("a.eml", lambda f: an_email(("form.docx", f), ("Appendix C.pdf", PDF)).as_bytes()),
    "with a logo": ("a.eml", lambda f: an_email(("logo.png", LOGO), ("form.docx", f)).as_bytes()),
    "twice the same": ("a.eml", lambda f: an_email(("form.docx", f), ("form.docx", f)).as_bytes()),
    "forwarded once": ("a.eml", lambda f: forwarded(an_email(("form.docx", f)), 1).as_bytes()),
    "forwarded twice": ("a.eml", lambda f: forwarded(an_email(("form.docx", f)), 2).as_bytes()),
    "forwarded three times": ("a.eml", lambda f: forwarded(an_email(("form.docx", f)), 3).as_bytes()),
    "forwarded four times": ("a.eml", lambda f: forwarded(an_email(("form.docx", f)), 4).as_bytes()),
    "forwarded five times": ("a.eml", lambda f: forwarded(an_email(("form.docx", f)), 5).as_bytes()),
    "forwarded by the office": ("a.eml", lambda f: _forwarded_by_office(f, 1)),
    "forwarded by the office twice": ("a.eml", lambda f: _forwarded_by_office(f, 2)),
    "an .eml attached as a file": (
        "a.eml",
        lambda f: an_email(("Our return.eml", an_email(("form.docx", f)).as_bytes())).as_bytes(),
    ),
    "in a ZIP with evidence": ("a.eml", _zipped_form),
    "in a ZIP in a ZIP": (
        "a.eml",
        lambda f: an_email(("a.zip", zipped(("x/b.zip", zipped(("y/form.docx", f)))))).as_bytes(),
    ),
    "in a ZIP in a forwarded email": (
        "a.eml",
        lambda f: forwarded(an_email(("a.zip", zipped(("x/form.docx", f)))), 2).as_bytes(),
    ),
    "an email in a ZIP": ("a.zip", lambda f: zipped(("a.eml", an_email(("form.docx", f)).as_bytes()))),
    "an email in a folder in a ZIP": (
        "a.zip",
        lambda f: zipped(("Inbox/a.eml", an_email(("form.docx", f)).as_bytes())),
    ),
    "an Outlook email in a ZIP": (
        "a.zip",
        lambda f: zipped(("a.msg", bytes(Outlook().attach("form.docx", f)))),
    ),
    "uuencoded in the text": (
        "a.eml",
        lambda f: an_email(text="Hello\n" + uuencoded("form.docx", f)).as_bytes(),
    ),
    "in winmail.dat": (
        "a.eml",
        lambda f: an_email(("winmail.dat", winmail(("Self-assessment.docx", f)))).as_bytes(),
    ),
    "in winmail.dat with evidence": (
        "a.eml",
        lambda f: an_email(("winmail.dat", winmail(("e.pdf", PDF), ("f.docx", f)))).as_bytes(),
    ),
    "in winmail.dat in a forwarded email": (
        "a.eml",
        lambda f: forwarded(an_email(("winmail.dat", winmail(("f.docx", f)))), 1).as_bytes(),
    ),
    "in a message in winmail.dat": (
        "a.eml",
        lambda f: an_email(("winmail.dat", winmail(inner=winmail(("f.docx", f))))).as_bytes(),
    ),
    "winmail.dat called otherwise": (
        "a.eml",
        lambda f: an_email(("ATT00001.dat", winmail(("Self-assessment.docx", f)))).as_bytes(),
    ),
    "signed beside the text": ("a.eml", lambda f: signed_clear(an_email(("form.docx", f)))),
    "signed around the text": ("a.eml", lambda f: signed_around(an_email(("form.docx", f)))),
    "signed around a forwarded email": (
        "a.eml",
        lambda f: signed_around(an_email(inner=[an_email(("form.docx", f))])),
    ),
    "a signed part by itself": ("smime.p7m", _opaque),
    "a signed email attached": (
        "a.eml",
        lambda f: an_email(("a.eml", signed_around(an_email(("form.docx", f))))).as_bytes(),
    ),
    # Outlook's files, by extract-msg's writer
    "Outlook's file": ("a.msg", lambda f: bytes(Outlook().attach("form.docx", f))),
    "Outlook's file with a logo": (
        "a.msg",
        lambda f: bytes(
            Outlook().attach("l.png", LOGO, mime="image/png", content_id="l@x").attach("f.docx", f)
        ),
    ),
    "Outlook's file with evidence": (
        "a.msg",
        lambda f: bytes(Outlook().attach("e.pdf", PDF).attach("f.docx", f)),
    ),
    "Outlook's file of old": ("a.msg", lambda f: bytes(Outlook(is_ansi=True).attach("Übung.docx", f))),
    "Outlook's file, a message in it": ("a.msg", lambda f: _outlook_nested(f, 1)),
    "Outlook's file, two levels": ("a.msg", lambda f: _outlook_nested(f, 2)),
    "Outlook's file, three levels": ("a.msg", lambda f: _outlook_nested(f, 3)),
    "Outlook's file, four levels": ("a.msg", lambda f: _outlook_nested(f, 4)),
    "Outlook's file with a ZIP": (
        "a.msg",
        lambda f: bytes(Outlook().attach("a.zip", zipped(("x/f.docx", f)), mime="application/zip")),
    ),
    "Outlook's file attached to an email": ("a.eml", _outlook_in_python),
    "an email attached to Outlook's file": (
        "a.msg",
        lambda f: bytes(Outlook().attach("m.eml", an_email(("f.docx", f)).as_bytes(), mime="message/rfc822")),
    ),
    "Outlook's file, signed": ("a.msg", _signed_by_outlook),
    "Outlook's file without an ending": ("RE Our return", lambda f: bytes(Outlook().attach("form.docx", f))),
    # by hand, as mail programs write them
    "Outlook and Exchange": ("a.eml", by_hand.outlook),
    "Outlook with a calendar entry and a card": ("a.eml", by_hand.outlook_meeting),
    "Thunderbird": ("a.eml", by_hand.thunderbird),
    "Thunderbird, forwarded once": ("a.eml", lambda f: by_hand.thunderbird_forwarded(f, 1)),
    "Thunderbird, forwarded twice": ("a.eml", lambda f: by_hand.thunderbird_forwarded(f, 2)),
    "Thunderbird, forwarded four times": ("a.eml", lambda f: by_hand.thunderbird_forwarded(f, 4)),
    "Apple Mail": ("a.eml", by_hand.apple_mail),
    "webmail": ("a.eml", by_hand.webmail),
    "nothing but the form": ("a.eml", by_hand.only_attachment),
    "a folder of a mail program": ("a.mbox", by_hand.mbox),
    "forwarded in base64": ("a.eml", by_hand.rfc822_in_base64),
    "lines that end with LF": ("a.eml", by_hand.line_feeds_only),
    "lines that end with CR": ("a.eml", by_hand.carriage_returns_only),
    "the last line missing": ("a.eml", by_hand.without_end),
    "the boundary missing": ("a.eml", by_hand.without_boundary),
    "another boundary": ("a.eml", by_hand.other_boundary),
    "rubbish in base64": ("a.eml", by_hand.rubbish_in_base64),
    "base64 in pieces": ("a.eml", by_hand.base64_in_pieces),
    "base64 without its end": ("a.eml", by_hand.base64_without_padding),
    "base64 in one line": ("a.eml", by_hand.base64_in_one_line),
    "base64 that is not said": ("a.eml", by_hand.base64_not_said),
    "quoted-printable": ("a.eml", by_hand.quoted_printable),
    "uuencoded part": ("a.eml", by_hand.uuencoded_part),
    "binary": ("a.eml", by_hand.binary),
    "a name by RFC 2047": (
        "a.eml",
        _named('filename="=?utf-8?B?Zm9ybS5kb2N4?="'),
    ),
    "a name in a coding nobody knows": (
        "a.eml",
        _named("filename*=x-odd''f%E9.docx"),
    ),
    "a name with a path": (
        "a.eml",
        _named('filename="C:\\\\forms\\\\f.docx"'),
    ),
    "no name at all": ("a.eml", _named("")),
}


LATER = {
    "in winmail.dat in a forwarded email": 1,
    "in a ZIP in a forwarded email": 2,
    **{
        f"forwarded {said}": n
        for n, said in enumerate(("once", "twice", "three times", "four times", "five times"), 1)
    },
}
"""Those that were sent on by the area itself, and so many hours later."""


@dataclass(frozen=True)
class TakenIn:
    """What became of one wrapping: the row of its form, its words, and what is kept."""

    row: sa.Row[tuple[object, ...]]
    words: list[tuple[object, ...]]
    email: bytes
    sender: str
    left: int


def _marked(number: int) -> bytes:
    """The form as another file: the same words in other bytes."""
    out = io.BytesIO(FORM)
    with zipfile.ZipFile(out, "a") as package:
        package.comment = f"{number:04}".encode()
    return out.getvalue()


BARE = _marked(9_999)
FORMS = {name: _marked(number) for number, name in enumerate(WRAPPINGS)}


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TakenIn]]:
    """All wrappings, and the form by itself (as ""), taken in by one intake."""
    at_once = {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_INCOMPLETE_SECONDS": "0"}
    settings = load_settings(tmp_path_factory.mktemp("home"), at_once)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        framework = shipped_frameworks()[CYCLE.framework]
        store_cycle(connection, CYCLE, framework, at=datetime(2027, 1, 11, tzinfo=UTC), actor="test")
    (settings.inbox_folder / "bare.docx").write_bytes(BARE)
    emails = {name: make(FORMS[name]) for name, (_, make) in WRAPPINGS.items()}
    in_order = sorted(emails.items(), key=lambda email: LATER.get(email[0], 0))
    for number, (name, data) in enumerate(in_order):
        folder = settings.inbox_folder / f"{number:03}"
        folder.mkdir()
        (folder / WRAPPINGS[name][0]).write_bytes(data)
    take_in_ready_documents(register, settings, AT)
    archive = Archive(settings.archive_folder)
    left = len(list(settings.inbox_folder.rglob("*.*"))) + len(list(settings.intake_folder.glob("*/*/*")))
    with register.reading() as connection:
        found = {}
        for name, form in {**FORMS, "": BARE}.items():
            row = connection.execute(
                sa.select(t.submissions).where(t.submissions.c.sha256 == sha256_of(form))
            )
            held = row.first()
            if held is None:
                continue
            sender = connection.execute(
                sa.select(t.email_submissions.c.sender, t.received_emails.c.sha256)
                .join(t.received_emails, t.received_emails.c.id == t.email_submissions.c.email_id)
                .where(t.email_submissions.c.submission_id == held.id)
            ).first()
            rows = t.self_assessment_rows
            columns = [column for column in rows.c if column.name != "submission_id"]
            query = sa.select(*columns).where(rows.c.submission_id == held.id).order_by(rows.c.position)
            words = [tuple(one) for one in connection.execute(query)]
            email = archive.get(sender.sha256) if sender else b""
            found[name] = TakenIn(held, words, email, sender.sender if sender else "", left)
    register.close()
    assert emails.keys() >= found.keys() - {""}
    for name, one in found.items():
        assert not name or one.email == emails[name], name
    yield found


def test_there_are_sixty_wrappings_and_more() -> None:
    assert len(WRAPPINGS) >= 60


@pytest.mark.parametrize("name", WRAPPINGS)
def test_a_form_in_an_email_is_taken_in_as_by_itself(name: str, taken_in: dict[str, TakenIn]) -> None:
    bare = taken_in[""]
    assert name in taken_in, "not taken in"
    found = taken_in[name]
    assert (found.row.kind, found.row.challenge_id) == (bare.row.kind, f"{CYCLE.id}/{AREA}")
    assert found.row.outcome in ("accepted", "warned")
    assert found.words == bare.words and len(bare.words) > 20


@pytest.mark.parametrize("name", WRAPPINGS)
def test_it_counts_from_the_day_on_which_it_was_sent(name: str, taken_in: dict[str, TakenIn]) -> None:
    found = taken_in[name]
    if name == "a signed part by itself":  # it is no whole email, and says neither who sent it nor when
        assert (found.row.received_at, found.sender) == (AT, "")
        return
    assert found.row.received_at == SENT + timedelta(hours=LATER.get(name, 0))
    assert found.row.taken_in_at == AT
    assert found.sender == SENDER


def test_nothing_is_left_in_the_inbox_or_on_its_way(taken_in: dict[str, TakenIn]) -> None:
    assert taken_in[""].left == 0
