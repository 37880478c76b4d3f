"""Hostile files dropped into the inbox: each is rejected with a reason, and all the rest is unharmed."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, a_filled
from tests.security.conftest import AT

GOOD = a_filled(Kind.SELF_ASSESSMENT, a_cycle(4).participants[0].id, areas=4)


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """The good form with each part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def document(part: bytes) -> bytes:
    """The good form with another document.xml."""
    return repacked(lambda name, data: part if name == "word/document.xml" else data)


def packed(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members:
            new.writestr(name, data)
    return out.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
HOSTILE = {
    "bomb": packed(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"\0" * 120_000_000)),
    "entities": document(LAUGHS + b"]><l>&j;</l>"),
    "reads-a-file": document(
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
    ),
    "deep": document(b"<a>" * 200_000 + b"</a>" * 200_000),
    "climbs-out": packed(("../../../escaped.docx", GOOD), ("..\\..\\escaped2.docx", GOOD)),
    "absolute": packed(("/tmp/pc-escaped.docx", GOOD)),
    "cut-short": GOOD[: len(GOOD) // 2] + b"PK\x05\x06" + b"\0" * 18,
    "no-word": b"\x7fELF" + bytes(range(256)) * 40,
    "only-nul": b"\0" * 4096,
}


@pytest.mark.threat("hostile-document")
def test_every_hostile_file_is_told_why_and_the_good_one_is_taken(
    register: Register, settings: Settings, tmp_path: Path
) -> None:
    for name, data in HOSTILE.items():
        (settings.inbox_folder / f"{name}.docx").write_bytes(data)
    (settings.inbox_folder / "good.docx").write_bytes(GOOD)
    taken = take_in_ready_documents(register, settings, AT)
    outcomes = taken.table["outcome"].value_counts().to_dict()
    rejected = settings.rejected_folder
    told = {path.name.removesuffix(".docx.reason.txt") for path in rejected.glob("*.reason.txt")}
    assert outcomes == {"accepted": 1, "rejected": len(HOSTILE)}
    assert told == set(HOSTILE)
    assert all("What to do:" in path.read_text() for path in rejected.glob("*.reason.txt"))
    assert "root:" not in "".join(path.read_text() for path in rejected.glob("*.reason.txt"))
    with register.reading() as connection:
        texts = connection.scalars(sa.select(t.unmapped_texts.c.text)).all()
    assert not any("root:" in text for text in texts)
    advance_challenges(register, settings, AT)
    assert is_healthy([check for check in examine_installation(settings) if check.name != "inbox is read"])
    assert not list(tmp_path.glob("escaped*")) and not Path("/tmp/pc-escaped.docx").exists()


NAMES = (
    "forma\u202excod.docx",
    "\u0441ouncil form.docx",
    "x" * 240 + ".docx",
    "..docx",
    "form\n\r\tname.docx",
    "; rm -rf $HOME `id`.docx",
    "'\"><script>alert(1)</script>.docx".replace("/", "\u2215"),
    "=cmd|' !A1.docx",
    "{{7*7}}{% debug %}.docx",
    "\u0130\u00df\ufb01 \U0001f4a3.docx",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_strange_name_harms_nothing(name: str, register: Register, settings: Settings) -> None:
    (settings.inbox_folder / name).write_bytes(GOOD)
    taken = take_in_ready_documents(register, settings, AT)
    if name.startswith("."):  # hidden: an editor's or a sync client's own
        assert taken.table.empty and (settings.inbox_folder / name).exists()
        return
    assert list(taken.table["outcome"]) == ["accepted"]
    with register.reading() as connection:
        assert "\u202e" not in (connection.scalar(sa.select(t.submissions.c.file_name)) or "")
    out = [issued.path for issued in advance_challenges(register, settings, AT).issued]
    assert out and not any(set("\u202e{}<>`$") & set(path) for path in out)


def test_a_name_that_is_no_text_harms_nothing(register: Register, settings: Settings) -> None:
    """A name in an old encoding, as an unpacked ZIP of another country leaves it."""
    for name, data in ((b"caf\xe9.docx", GOOD), (b"\xff\xfe.docx", b"no word file")):
        (settings.inbox_folder / os.fsdecode(name)).write_bytes(data)
    taken = take_in_ready_documents(register, settings, AT)
    assert sorted(taken.table["outcome"]) == ["accepted", "rejected"]
    assert len(list(settings.rejected_folder.glob("*.reason.txt"))) == 1


@pytest.mark.threat("inbox-writer")
def test_a_file_made_a_link_or_a_pipe_as_it_is_claimed_is_never_followed(settings: Settings) -> None:
    secret = settings.home.parent / "secret.docx"
    secret.write_bytes(b"not ours")
    inbox = make_inbox_from_settings(settings)
    for name in ("a.docx", "b.docx"):
        (inbox.folder / name).write_bytes(GOOD)
    ready, _ = inbox.ready()
    (inbox.folder / "a.docx").unlink()
    (inbox.folder / "a.docx").symlink_to(secret)
    (inbox.folder / "b.docx").unlink()
    os.mkfifo(inbox.folder / "b.docx")
    with inbox.claim(ready) as arrivals:
        assert arrivals == []
    assert (inbox.folder / "a.docx").is_symlink() and secret.read_bytes() == b"not ours"


def test_a_folder_made_a_link_as_it_is_claimed_loses_nothing_elsewhere(settings: Settings) -> None:
    elsewhere = settings.home.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "form.docx").write_bytes(b"not ours")
    inbox = make_inbox_from_settings(settings)
    (inbox.folder / "area").mkdir()
    (inbox.folder / "area" / "form.docx").write_bytes(GOOD)
    ready, _ = inbox.ready()
    (inbox.folder / "area" / "form.docx").unlink()
    (inbox.folder / "area").rmdir()
    (inbox.folder / "area").symlink_to(elsewhere)
    with inbox.claim(ready) as arrivals:
        assert arrivals == []
    assert (elsewhere / "form.docx").read_bytes() == b"not ours"


def test_the_office_folders_linked_from_elsewhere_still_work(settings: Settings, tmp_path: Path) -> None:
    """An inbox that is itself a link, as a mounted share often is, is the office's own choice."""
    (tmp_path / "share").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "share")
    (tmp_path / "share" / "form.docx").write_bytes(GOOD)
    inbox = make_inbox_from_settings(settings.model_copy(update={"inbox": tmp_path / "linked"}))
    with inbox.claim(inbox.ready()[0]) as arrivals:
        assert [arrival.name for arrival in arrivals] == ["form.docx"]
