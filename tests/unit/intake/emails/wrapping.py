"""Forms put into emails as mail programs do: Python's writer, Outlook's .msg, winmail.dat, S/MIME."""

import base64
import binascii
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from extract_msg.ole_writer import OleWriter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENT = datetime(2027, 2, 3, 9, 30, tzinfo=UTC)
SENDER = "partnership@ashcombe.example.org"
OFFICE = "office@northern.example.org"
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(200)
File = tuple[str, bytes]

# Python's own writer


def an_email(
    *files: File,
    sender: str = SENDER,
    sent: datetime | None = SENT,
    subject: str = "Our return",
    text: str = "Dear colleagues,\n\nour form is attached.\n",
    inner: Sequence[EmailMessage] = (),
) -> EmailMessage:
    """An email with files attached, and other emails."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Business manager <{sender}>", OFFICE, subject
    if sent is not None:
        message["Date"] = format_datetime(sent)
    message["Message-ID"] = f"<{abs(hash((sender, subject, sent)))}@mail.example>"
    message.set_content(text)
    for name, data in files:
        kind = DOCX if name.endswith("docx") else "application/octet-stream"
        message.add_attachment(data, *kind.split("/"), filename=name)
    for one in inner:
        message.add_attachment(one)
    return message


def forwarded(message: EmailMessage, times: int, **given: object) -> EmailMessage:
    """An email in another, so many times."""
    for number in range(times):
        message = an_email(
            inner=[message], subject=f"FW: {number}", sent=SENT + timedelta(hours=number + 1), **given
        )  # type: ignore[arg-type]
    return message


def zipped(*files: File) -> bytes:
    """A ZIP file of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


# Outlook's .msg, by extract-msg's writer


class Outlook:
    """A message as Outlook saves it; `attach` and `embed` put files and messages into it.

    An `is_ansi` one has its texts in Windows' letters, as Outlook saved them before 2003.
    """

    def __init__(
        self,
        *,
        sender: str = SENDER,
        sent: datetime | None = SENT,
        subject: str = "Our return",
        is_ansi: bool = False,
    ) -> None:
        self._kind, self._coding = (0x001E, "cp1252") if is_ansi else (0x001F, "utf-16-le")
        self.writer = OleWriter()
        self.writer.addEntry(["__nameid_version1.0"], storage=True)
        for name in ("00020102", "00030102", "00040102"):
            self.writer.addEntry(["__nameid_version1.0", f"__substg1.0_{name}"], b"")
        self._fill([], 32, sender, sent, subject)
        self._counts: dict[tuple[str, ...], int] = {}

    def _fill(
        self, place: list[str], head: int, sender: str, sent: datetime | None, subject: str, count: int = 0
    ) -> None:
        texts = {0x001A: "IPM.Note", 0x0037: subject, 0x1000: "Our form is attached.", 0x0C1A: "Manager"}
        texts |= {0x5D01: sender, 0x0C1F: "/O=EXCHANGELABS/OU=EXCHANGE/CN=RECIPIENTS/CN=ABC"}
        rows = b""
        for number, text in texts.items():
            data = text.encode(self._coding)
            self.writer.addEntry([*place, f"__substg1.0_{number:04X}{self._kind:04X}"], data)
            rows += struct.pack("<HHIII", self._kind, number, 6, len(data) + 2, 0)
        if sent is not None:
            ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)
            rows += struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
        rows += struct.pack("<HHIII", 0x0003, 0x340D, 6, 0x00040000, 0)
        header = struct.pack("<8xIIII", 0, count, 0, count) + bytes(head - 24)
        self.writer.addEntry([*place, "__properties_version1.0"], header + rows)

    def attach(
        self, name: str, data: bytes, place: Sequence[str] = (), mime: str = DOCX, content_id: str = ""
    ) -> "Outlook":
        """A file."""
        at = self._next(place)
        rows = bytes(8) + struct.pack("<HHIII", 0x0003, 0x3705, 6, 1, 0)
        texts = {0x3707: name, 0x3704: name[:8], 0x370E: mime} | ({0x3712: content_id} if content_id else {})
        for number, text in texts.items():
            written = text.encode(self._coding)
            self.writer.addEntry([*at, f"__substg1.0_{number:04X}{self._kind:04X}"], written)
            rows += struct.pack("<HHIII", self._kind, number, 6, len(written) + 2, 0)
        self.writer.addEntry([*at, "__substg1.0_37010102"], data)
        rows += struct.pack("<HHIII", 0x0102, 0x3701, 6, len(data), 0)
        self.writer.addEntry([*at, "__properties_version1.0"], rows)
        return self

    def embed(
        self,
        place: Sequence[str] = (),
        *,
        sender: str = SENDER,
        sent: datetime | None = SENT,
        subject: str = "FW",
    ) -> list[str]:
        """Another message; returns its place, for `attach` and `embed`."""
        at = self._next(place)
        rows = (
            bytes(8)
            + struct.pack("<HHIII", 0x0003, 0x3705, 6, 5, 0)
            + struct.pack("<HHIII", 0x000D, 0x3701, 6, 0xFFFFFFFF, 1)
        )
        self.writer.addEntry([*at, "__properties_version1.0"], rows)
        inner = [*at, "__substg1.0_3701000D"]
        self.writer.addEntry(inner, storage=True)
        self._fill(inner, 24, sender, sent, subject)
        return inner

    def _next(self, place: Sequence[str]) -> list[str]:
        number = self._counts.get(tuple(place), 0)
        self._counts[tuple(place)] = number + 1
        at = [*place, f"__attach_version1.0_#{number:08X}"]
        self.writer.addEntry(at, storage=True)
        return at

    def __bytes__(self) -> bytes:
        out = io.BytesIO()
        self.writer.write(out)
        return out.getvalue()


# winmail.dat


def _object(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _mapi(*held: tuple[int, int, bytes]) -> bytes:
    """MAPI properties: type, name, and value; those of a length that varies with it."""
    out = struct.pack("<I", len(held))
    for kind, name, data in held:
        out += struct.pack("<HH", kind, name)
        out += data if kind in (0x0003,) else struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)
    return out


def winmail(*files: File, inner: bytes | None = None) -> bytes:
    """A winmail.dat with files, and with a message that is one itself."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _object(1, 0x9006, 8, struct.pack("<I", 0x10000)) + _object(
        1, 0x9007, 6, struct.pack("<II", 1252, 0)
    )
    out += _object(1, 0x8008, 7, b"IPM.Microsoft Mail.Note\x00")
    for name, data in files:
        out += _object(2, 0x9002, 6, struct.pack("<HIIIH", 1, 0xFFFFFFFF, 0, 0, 0)[:14])
        out += _object(2, 0x8010, 1, name.encode("cp1252", "replace")[:12] + b"\x00")
        out += _object(2, 0x800F, 6, data)
        out += _object(2, 0x9005, 6, _mapi((0x001F, 0x3707, f"{name}\x00".encode("utf-16-le"))))
    if inner is not None:
        out += _object(2, 0x9002, 6, struct.pack("<HIIIH", 1, 0xFFFFFFFF, 0, 0, 0)[:14])
        sig = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
        out += _object(2, 0x9005, 6, _mapi((0x000D, 0x3701, sig + inner)))
    return out


# S/MIME


@cache
def _signer() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Business manager")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(SENT).not_valid_after(SENT + timedelta(days=365))
    return key, builder.sign(key, hashes.SHA256())


def head(sender: str = SENDER, sent: datetime = SENT, subject: str = "Our return") -> bytes:
    """The headers of an email, as a mail program writes them."""
    return (
        f"From: {sender}\r\nTo: {OFFICE}\r\nSubject: {subject}\r\nDate: {format_datetime(sent)}\r\n".encode()
    )


def body_of(message: EmailMessage) -> bytes:
    """The MIME part of an email without who sent it and when."""
    copy = EmailMessage()
    for name, value in message.items():
        if name.lower().startswith("content-"):
            copy[name] = value
    copy.set_payload(message.get_payload())
    return copy.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def signed_clear(message: EmailMessage) -> bytes:
    """An email signed beside its text (multipart/signed)."""
    key, certificate = _signer()
    builder = (
        pkcs7.PKCS7SignatureBuilder().set_data(body_of(message)).add_signer(certificate, key, hashes.SHA256())
    )
    return head() + builder.sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])


def signed_around(message: EmailMessage, name: str = "smime.p7m") -> bytes:
    """An email inside its signature (application/pkcs7-mime)."""
    key, certificate = _signer()
    builder = (
        pkcs7.PKCS7SignatureBuilder().set_data(body_of(message)).add_signer(certificate, key, hashes.SHA256())
    )
    wrapped = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    lines = base64.encodebytes(wrapped)
    kind = f'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="{name}"\r\n'
    coding = (
        f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return head() + b"MIME-Version: 1.0\r\n" + (kind + coding).encode() + lines


def encrypted(message: EmailMessage) -> bytes:
    """An email that only somebody else can open."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(2).not_valid_before(SENT).not_valid_after(SENT + timedelta(days=365))
    to = builder.sign(key, hashes.SHA256())
    envelope = pkcs7.PKCS7EnvelopeBuilder().set_data(body_of(message)).add_recipient(to)
    return head() + envelope.encrypt(serialization.Encoding.SMIME, [])


def uuencoded(name: str, data: bytes) -> str:
    """A file written into a text as old programs do."""
    lines = [binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


def lines_of(data: bytes, width: int = 76) -> str:
    """Base64 in lines."""
    text = base64.b64encode(data).decode()
    return "\r\n".join(text[at : at + width] for at in range(0, len(text), width))
