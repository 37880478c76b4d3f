"""A hostile or damaged email stops nothing: each ends in an outcome in words, within its bounds."""

import io
import random
from collections.abc import Callable, Iterator

import pytest
from extract_msg.ole_writer import OleWriter

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.emails.mime_message import DEEPEST, MOST_PARTS
from peer_challenge.intake.emails.open_email import holds_email
from peer_challenge.intake.emails.opening_process import open_email_within_bounds
from peer_challenge.intake.emails.part_sorts import Sort
from peer_challenge.intake.emails.prepare_files import Delivered, prepare_file
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.file_kinds import kind_of_file
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.process import shared_pool
from tests.factories import a_cycle, a_filled
from tests.unit.intake.emails import templates as by_hand
from tests.unit.intake.emails.wrapping import Outlook, an_email, forwarded, signed_around, winmail, zipped

CYCLE = a_cycle(4)
KNOWN = Known(frameworks=shipped_frameworks(), cycles={CYCLE.id: CYCLE})
FORM = a_filled(Kind.ACTION_PLAN, CYCLE.participants[0].id, areas=4, turn=1)
HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n"
MUTATED = 500


def read(data: bytes) -> list[Delivered]:
    """What is taken in of a file."""
    prepared = prepare_file("email.eml", data, DEFAULT_LIMITS)
    return prepared.deliver(shared_pool.read_all_documents(prepared.documents(), KNOWN, DEFAULT_LIMITS))


def nested(times: int) -> bytes:
    """Messages in messages, without anything else."""
    data = b"Subject: x\r\nFrom: a@example.org\r\n\r\nHello"
    for _ in range(times):
        data = b"Subject: x\r\nFrom: a@example.org\r\nContent-Type: message/rfc822\r\n\r\n" + data
    return data


def parts(count: int, kind: str = "text/plain") -> bytes:
    """Many parts side by side."""
    body = b"".join(f"--b\r\nContent-Type: {kind}\r\n\r\nx\r\n".encode() for _ in range(count))
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body + b"--b--\r\n"


def zip_bomb() -> bytes:
    """A ZIP in a ZIP that unpacks to far more than it may."""
    inner = zipped(*((f"{n}.docx", bytes(9_000_000)) for n in range(20)))
    return an_email(("a.zip", zipped(("x/b.zip", inner)))).as_bytes()


HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "messages one in another": (lambda: nested(DEEPEST * 3), "email.too_deep"),
    "ten thousand messages one in another": (lambda: nested(10_000), None),
    "many parts": (lambda: parts(MOST_PARTS + 1), "email.too_many_parts"),
    "many empty messages": (lambda: parts(MOST_PARTS + 1, "message/rfc822"), "email.too_many_parts"),
    "a hundred thousand parts": (lambda: parts(100_000), "email.too_many_parts"),
    "a ZIP that unpacks to far too much": (zip_bomb, None),
    "a header of a megabyte": (lambda: HEAD + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\nx", "email.no_form"),
    "a sender of brackets": (
        lambda: b"From: " + b"<(" * 200_000 + b"\r\n" + HEAD + b"\r\nx",
        None,
    ),
    "encoded words without end": (
        lambda: HEAD.replace(b"Subject: x", b"Subject: " + b"=?utf-8?q?x?= " * 100_000) + b"\r\nx",
        "email.no_form",
    ),
    "a name in ten thousand pieces": (
        lambda: (
            HEAD
            + b"Content-Type: application/pdf;"
            + b"".join(f"\r\n name*{n}*=%41;".encode() for n in range(10_000))
            + b"\r\n\r\n%PDF-1.4"
        ),
        None,
    ),
    "a boundary of dots": (
        lambda: HEAD + b'Content-Type: multipart/mixed; boundary="' + b"." * 500_000 + b'"\r\n\r\n--.',
        "email.no_form",
    ),
    "a charset nobody knows": (
        lambda: HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\nx",
        "email.no_form",
    ),
    "no end of begin": (lambda: HEAD + b"\r\n" + b"begin 644 a.docx\n" * 50_000, "email.no_form"),
    "nothing but headers": (lambda: HEAD, "email.no_form"),
    "an external body": (
        lambda: HEAD + b"Content-Type: message/external-body; access-type=URL\r\n\r\nContent-Type: x\r\n\r\n",
        "email.no_form",
    ),
    "a piece of an email": (
        lambda: HEAD + b'Content-Type: message/partial; id="1"; number=1; total=3\r\n\r\nx',
        "email.in_pieces",
    ),
    "an Outlook file cut short": (lambda: bytes(Outlook().attach("f.docx", FORM))[:5_000], "email.damaged"),
    "a winmail.dat cut short": (lambda: winmail(("f.docx", FORM))[:30], None),
    "a signed part cut short": (lambda: signed_around(an_email(("f.docx", FORM)))[:-9_000], None),
}


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_email_ends_in_words(name: str) -> None:
    make, code = HOSTILE[name]
    delivered = read(make())
    found = [finding for one in delivered for finding in one.reading.findings]
    assert found and all(finding.message and finding.remedy for finding in found)
    assert code is None or code in {finding.code for finding in found}


def test_one_that_exhausts_its_process_is_refused_and_the_next_is_opened() -> None:
    words = bytes(24_000_000).replace(b"\x00", b"=\n")[:24_000_000]
    exhausting = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + words
    open_email_within_bounds(exhausting, DEFAULT_LIMITS)
    opened = open_email_within_bounds(an_email(("f.docx", FORM)).as_bytes(), DEFAULT_LIMITS)
    assert [part.content for part in opened.parts if part.sort is Sort.DOCUMENT] == [FORM]


def test_what_lies_in_an_outlook_file_does_not_change_what_it_is() -> None:
    names = [
        name.encode("utf-16-le") for name in ("WordDocument", "EncryptedPackage", "DRMEncryptedDataSpace")
    ]
    message = Outlook().attach(
        "old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(names) + bytes(5_000)
    )
    assert holds_email(bytes(message))
    document = OleWriter()
    for name in ("WordDocument", "1Table", "Data", "CompObj"):
        document.addEntry([name], bytes(5_000))
    document.addEntry(["ObjectPool", "_1", "__properties_version1.0"], bytes(100))
    out = io.BytesIO()
    document.write(out)
    assert kind_of_file(out.getvalue()) == "doc" and not holds_email(out.getvalue())


@pytest.mark.threat("hostile-words")
def test_no_text_of_an_email_steers_a_screen_or_another_header() -> None:
    message = by_hand.with_name('Content-Disposition: attachment; filename="a\x1b[31m\u202excod.docx"')(FORM)
    message = message.replace(b"Subject: Our return", b"Subject: =?utf-8?q?a=0D=0ABcc=3A_x=1B[2J?=")
    opened = open_email_within_bounds(message, DEFAULT_LIMITS)
    told = [*(part.name for part in opened.parts), opened.envelopes[0].subject]
    assert all(text.isprintable() for text in told), told


def _bases() -> Iterator[bytes]:
    email = an_email(("form.docx", FORM), ("a.pdf", b"%PDF-1.4"))
    yield email.as_bytes()
    yield forwarded(email, 2).as_bytes()
    yield by_hand.outlook(FORM)
    yield by_hand.thunderbird_forwarded(FORM, 1)
    yield by_hand.apple_mail(FORM)
    yield an_email(("winmail.dat", winmail(("form.docx", FORM)))).as_bytes()
    yield signed_around(email)
    yield bytes(Outlook().attach("form.docx", FORM))
    yield an_email(("f.zip", zipped(("x/form.docx", FORM)))).as_bytes()
    yield by_hand.binary(FORM)


def _mutate(data: bytes, dice: random.Random) -> bytes:
    """A few changes of bytes and lines, most of them where the headers are."""
    held = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        end = len(held) if dice.random() < 0.15 else min(len(held), 1_500)
        at = dice.randrange(end)
        length = dice.choice((1, 2, 10, 200))
        what = dice.randrange(5)
        if what == 0:
            held[at] = dice.randrange(256)
        elif what == 1:
            del held[at : at + length]
        elif what == 2:
            held[at:at] = held[at : at + length]
        elif what == 3:
            held[at:at] = dice.randbytes(length)
        else:
            held[at:at] = dice.choice(
                (b"\r\n", b"--", b"\r\n\r\n", b"\x00", b'"', b"=?", b";", b"\r\n--b--\r\n")
            )
    return bytes(held[: dice.randrange(len(held))] if dice.random() < 0.05 else held)


def test_five_hundred_mutated_emails_each_end_in_words() -> None:
    dice, bases, found = random.Random(20), list(_bases()), 0
    for number in range(MUTATED):
        data = _mutate(bases[number % len(bases)], dice)
        for one in read(data):
            found += one.reading.kind is not None
            is_told = one.reading.kind is not None or one.reading.findings
            assert is_told and all(f.message and f.remedy for f in one.reading.findings), number
    assert found > MUTATED // 5  # most changes leave the form as it is
