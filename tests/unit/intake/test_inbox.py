"""The inbox: what is taken, what is left, and nothing lost whoever is killed."""

import os
import time
from pathlib import Path

import pytest

from peer_challenge.intake.inbox import Inbox, InboxUnusable, is_dropping, make_inbox_from_settings
from peer_challenge.intake.inbox_folder import InboxFolder
from peer_challenge.intake.left_files import Left
from peer_challenge.settings import Settings
from tests.unit.intake.emails.wrapping import Outlook, an_email


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, settle_seconds=0)
    settings.inbox_folder.mkdir()
    return settings


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return make_inbox_from_settings(settings)


def put_file(inbox: Inbox, name: str, data: bytes = b"PK..PK\x05\x06") -> Path:
    """Put a file into the inbox; returns where it is."""
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "~$form.docx",
        ".hidden",
        "Thumbs.db",
        "desktop.ini",
        "form.docx.tmp",
        "form.crdownload",
        "~lock",
        ".DS_Store",
        "THUMBS.DB",
        ".taken-0123456789ab-..",
        ".taken-0123456789ab-.lock",
        ".taken-0123456789ab-.taken-0123456789ab-form.docx",
    ],
)
def test_droppings_are_ignored(inbox: Inbox, name: str) -> None:
    put_file(inbox, name)
    assert is_dropping(name)
    assert inbox.waiting() == []


@pytest.mark.parametrize(
    "name", ["form.docx", "Our return (final) v2.DOCX", "no suffix", "tmp.docx", "été.docx"]
)
def test_what_people_send_is_not_a_dropping(name: str) -> None:
    assert not is_dropping(name)


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("form.docx.tmp", True),
        ("~$form.docx", True),
        ("form.crdownload", True),
        ("sent.part/form.docx", True),
        (".0123.tmp", True),
        (".DS_Store", False),
        ("._form.docx", False),
        ("Thumbs.db", False),
        ("desktop.ini", False),
        (".sync/form.docx", False),
    ],
)
def test_what_is_ignored_for_its_name_is_told_after_a_day(
    inbox: Inbox, name: str, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_file(inbox, name)
    os.utime(path, (4_102_444_800.0, 4_102_444_800.0))
    assert inbox.look().left == ()
    now = time.time()
    monkeypatch.setattr("time.time_ns", lambda: round((now + 24 * 3600 + 60) * 1e9))
    assert inbox.waiting() == []
    assert [file.name for file in inbox.look().left] == [Path(name).parts[0]] * is_told


def test_a_file_in_a_folder_is_taken_whatever_the_folder_is_called(inbox: Inbox) -> None:
    put_file(inbox, "Ashcombe/form.docx")
    put_file(inbox, "rejected/old.docx")
    assert {path.name for path in inbox.waiting()} == {"form.docx", "old.docx"}


def test_a_file_is_found_however_deep_it_lies(inbox: Inbox) -> None:
    put_file(inbox, "2027/North/Ashcombe/final/really final/sent/form.docx")
    assert [path.name for path in inbox.ready()[0]] == ["form.docx"]


EMAIL = an_email(("form.docx", bytes(range(256)) * 400)).as_bytes()
OUTLOOK = bytes(Outlook().attach("form.docx", bytes(range(256)) * 400))


@pytest.mark.parametrize(
    "data",
    [
        *(EMAIL, OUTLOOK, an_email().as_bytes(), b"From: a\nTo: b\n\nno parts"),
        *(b"{\\rtf1\\ansi all}\r\n\x00", b"plain text"),
    ],
)
def test_what_is_whole_is_ready_at_once(inbox: Inbox, data: bytes) -> None:
    path = put_file(inbox, "email", data)
    assert inbox.ready()[0] == [path]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"PK\x03\x04 half of it", EMAIL[:90_000], EMAIL[:-4], OUTLOOK[:300]),
        b"{\\rtf1\\ansi{\\b Strengths} half",
    ],
)
def test_what_lacks_its_end_is_waited_for_but_not_for_ever(inbox: Inbox, data: bytes) -> None:
    path = put_file(inbox, "form.docx", data)
    ready, left = inbox.ready()
    assert (ready, [file.why for file in left]) == ([], ["is still arriving"])
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 11))
    assert inbox.ready()[0] == [path]


def test_a_link_and_a_pipe_are_left_with_the_reason(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.docx").write_bytes(b"PK")
    (inbox.folder / "link.docx").symlink_to(tmp_path / "elsewhere.docx")
    os.mkfifo(inbox.folder / "pipe.docx")
    ready, left = inbox.ready()
    assert ready == []
    assert {file.name for file in left} == {"link.docx", "pipe.docx"}
    assert {file.why for file in left} == {"is a link, not a file", "is a pipe or a device, not a file"}
    assert all("Copy the document itself" in file.remedy for file in left)


def test_a_half_copied_file_waits_and_is_taken_once_whole(inbox: Inbox) -> None:
    path = put_file(inbox, "form.docx", b"PK\x03\x04 half of it")
    assert inbox.ready()[0] == []
    path.write_bytes(b"PK\x03\x04 all of it PK\x05\x06" + b"\0" * 18)
    assert inbox.ready()[0] == [path]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="wants a file that can't be read")
def test_a_file_that_can_be_opened_and_not_read_is_left_and_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = InboxFolder(Path("/proc/self"), max_bytes=1_000)
    left = folder.copy_file(Path("/proc/self/mem"), tmp_path / "copy")
    assert isinstance(left, Left) and "can't be read yet" in left.why


def test_an_empty_file_that_stays_empty_is_taken(inbox: Inbox) -> None:
    path = put_file(inbox, "empty.docx", b"")
    assert inbox.ready()[0] == []
    os.utime(path, (1, 1))
    assert inbox.ready()[0] == [path]


def test_a_claimed_file_is_nobody_elses(inbox: Inbox) -> None:
    path = put_file(inbox, "form.docx")
    with inbox.claim([path]) as mine, inbox.claim([path]) as theirs:
        assert [arrival.name for arrival in mine] == ["form.docx"]
        assert theirs == []
        inbox.finish(mine[0])
    assert inbox.waiting() == []


def test_what_was_claimed_and_not_settled_is_claimed_again(inbox: Inbox) -> None:
    path = put_file(inbox, "form.docx", b"precious")
    with pytest.raises(ZeroDivisionError), inbox.claim([path]):
        raise ZeroDivisionError
    with inbox.claim(inbox.waiting()) as again:
        assert [arrival.path.read_bytes() for arrival in again] == [b"precious"]


def test_what_a_killed_intake_had_claimed_is_adopted(inbox: Inbox) -> None:
    path = put_file(inbox, "form.docx", b"precious")
    child = os.fork()
    if child == 0:
        with inbox.claim([path]):
            os._exit(9)  # as killed: nothing is given back
    os.waitpid(child, 0)
    assert inbox.waiting() == []
    with inbox.claim([]) as adopted:
        assert [(a.name, a.path.read_bytes()) for a in adopted] == [("form.docx", b"precious")]


def test_a_later_file_of_the_same_name_is_another_file(inbox: Inbox) -> None:
    path = put_file(inbox, "form.docx", b"first")
    with inbox.claim([path]) as mine:
        put_file(inbox, "form.docx", b"second")
        inbox.finish(mine[0])
    assert path.read_bytes() == b"second"


def test_rejected_files_stand_beside_their_reason_and_never_on_each_other(inbox: Inbox) -> None:
    for data in (b"one", b"two"):
        with inbox.claim([put_file(inbox, "form.pdf", data)]) as mine:
            place = inbox.reject(mine[0], "This is a PDF.")
            assert place.read_bytes() == data
            assert place.with_name(place.name + ".reason.txt").read_text() == "This is a PDF."
    assert sorted(path.name for path in inbox.rejected.folder.glob("*.pdf")) == [
        "form (2).pdf",
        "form.pdf",
    ]


def test_a_document_that_is_called_like_anothers_reason_is_kept(inbox: Inbox) -> None:
    for name, data in (("form.pdf.reason.txt", b"a document"), ("form.pdf", b"one"), ("form.pdf", b"two")):
        with inbox.claim([put_file(inbox, name, data)]) as [arrival]:
            place = inbox.reject(arrival, f"why {name}")
            assert place.with_name(place.name + ".reason.txt").read_text() == f"why {name}"
    kept = {path.read_bytes() for path in inbox.rejected.folder.iterdir()}
    assert {b"a document", b"one", b"two", b"why form.pdf", b"why form.pdf.reason.txt"} == kept


@pytest.mark.parametrize("length", [200, 244, 250, 255])
@pytest.mark.parametrize("ending", [".docx", ".not-an-ending-but-a-sentence"])
def test_files_with_the_longest_names_are_rejected_each_with_its_reason(
    inbox: Inbox, length: int, ending: str
) -> None:
    name = "\u00e9" * ((length - len(ending)) // 2) + ending
    for data in (b"PK..PK\x05\x06one", b"PK..PK\x05\x06two"):
        with inbox.claim([put_file(inbox, name, data)]) as [arrival]:
            inbox.reject(arrival, "why")
    rejected = sorted(inbox.rejected.folder.iterdir())
    reasons = {path for path in rejected if path.name.endswith(".reason.txt")}
    files = set(rejected) - reasons
    assert {path.with_name(path.name + ".reason.txt") for path in files} == reasons
    assert {path.read_bytes()[-3:] for path in files} == {b"one", b"two"}


def test_a_long_name_that_is_no_text_is_seen_among_the_rejected(inbox: Inbox) -> None:
    with inbox.claim([put_file(inbox, os.fsdecode(b"\xff" * 250) + ".docx", b"")]) as [arrival]:
        assert not is_dropping(inbox.reject(arrival, "why").name)


def test_two_files_with_the_longest_name_are_both_kept(inbox: Inbox) -> None:
    name = "n" * 250 + ".docx"
    with inbox.claim([put_file(inbox, name, b"PK..PK\x05\x06one")]):
        put_file(inbox, name, b"PK..PK\x05\x06two")
    with inbox.claim(inbox.waiting()) as arrivals:
        assert [arrival.path.read_bytes()[-3:] for arrival in arrivals] == [b"one", b"two"]


def test_what_fails_with_what_was_claimed_is_not_taken_for_the_inbox(inbox: Inbox) -> None:
    form = put_file(inbox, "form.docx")
    with pytest.raises(OSError, match="elsewhere"), inbox.claim([form]):
        raise OSError(28, "elsewhere")
    with inbox.claim([]) as adopted:
        assert [arrival.name for arrival in adopted] == ["form.docx"]


def test_a_folder_that_takes_no_file_is_told(inbox: Inbox) -> None:
    inbox.rejected.folder.write_text("a file where the folder was")
    form = put_file(inbox, "form.docx")
    with pytest.raises(InboxUnusable) as told, inbox.claim([form]) as [arrival]:
        inbox.reject(arrival, "why")
    assert told.value.remedy
    with inbox.claim([]) as adopted:
        assert [arrival.name for arrival in adopted] == ["form.docx"]
