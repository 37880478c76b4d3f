"""The watcher: it sees what arrives, by events or by polling, tries again, and answers many in turns."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.watch_inbox import Watcher
from peer_challenge.errors import WrongUse
from peer_challenge.intake.batch import MOST, Batch
from peer_challenge.intake.batches_to_take import ReadyFiles
from peer_challenge.intake.inbox import InboxUnusable, make_inbox_from_settings
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.intake.watch import _has_waiting_file, watch_for_arrivals
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.migrated import make_installation
from tests.waiting import LONG

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
WHOLE = b"no Word document"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    make_installation(settings)
    return settings


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    register = open_register(settings)
    yield register
    register.close()


@pytest.fixture
def watcher(settings: Settings, register: Register, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    """A watcher whose Prefect server is away: nothing listens at that port."""
    before = dict(os.environ)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    yield Watcher(settings, register)
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.mark.parametrize("poll", [False, True])
def test_what_arrives_is_seen_at_once_also_by_polling(settings: Settings, poll: bool) -> None:
    """A rescan is far off: only the event, or the polling, can tell."""
    settings = settings.model_copy(update={"poll": poll, "rescan_seconds": 3600.0})
    stop = threading.Event()
    looks = watch_for_arrivals(settings, stop=stop)
    next(looks)  # at the start, for what lies there already
    drop = threading.Timer(0.5, lambda: (settings.inbox_folder / "form.docx").write_bytes(WHOLE))
    guard = threading.Timer(LONG, stop.set)
    drop.start(), guard.start()
    next(looks)
    guard.cancel()
    assert (settings.inbox_folder / "form.docx").exists() and not stop.is_set()


def test_what_could_not_be_taken_yet_is_looked_at_again(settings: Settings) -> None:
    settings = settings.model_copy(update={"rescan_seconds": 3600.0})
    (settings.inbox_folder / "form.docx").write_bytes(b"PK\x03\x04 half")
    stop = threading.Event()
    guard = threading.Timer(LONG, stop.set)
    guard.start()
    looks = watch_for_arrivals(settings, stop=stop)
    next(looks), next(looks)
    guard.cancel()
    assert not stop.is_set()


@pytest.mark.parametrize("poll", [False, True])
def test_a_name_that_is_no_text_ends_no_watching_and_is_not_in_the_log(
    settings: Settings, poll: bool, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings.model_copy(update={"poll": poll, "rescan_seconds": 3600.0})
    stop = threading.Event()
    guard = threading.Timer(LONG, stop.set)
    guard.start()
    looks = watch_for_arrivals(settings, stop=stop)
    next(looks)
    drop = Path(os.fsdecode(os.fsencode(settings.inbox_folder) + b"/Ashcombe \xff.docx"))
    threading.Timer(0.5, lambda: drop.write_bytes(WHOLE)).start()
    next(looks)
    drop.rename(settings.home / "aside")
    threading.Timer(0.5, lambda: (settings.inbox_folder / "form.docx").write_bytes(WHOLE)).start()
    while not (settings.inbox_folder / "form.docx").exists() and not stop.is_set():
        next(looks)
    guard.cancel()
    assert not stop.is_set()
    assert "Ashcombe" not in caplog.text


def test_an_inbox_that_is_away_for_a_while_is_watched_again(settings: Settings) -> None:
    settings = settings.model_copy(update={"rescan_seconds": 3600.0})
    stop = threading.Event()
    guard = threading.Timer(LONG, stop.set)
    guard.start()
    looks = watch_for_arrivals(settings, stop=stop)
    next(looks)
    shutil.rmtree(settings.inbox_folder)
    next(looks)
    settings.inbox_folder.mkdir()
    (settings.inbox_folder / "form.docx").write_bytes(WHOLE)
    next(looks)
    guard.cancel()
    assert not stop.is_set()


def test_a_link_or_a_pipe_that_lies_there_keeps_nobody_busy(settings: Settings) -> None:
    (settings.inbox_folder / "link.docx").symlink_to(settings.home / "settings.toml")
    os.mkfifo(settings.inbox_folder / "pipe.docx")
    assert not _has_waiting_file(settings)
    (settings.inbox_folder / "form.docx").write_bytes(WHOLE)
    assert _has_waiting_file(settings)


def test_many_at_once_are_claimed_in_batches_oldest_first(register: Register, settings: Settings) -> None:
    for number in range(7):
        path = settings.inbox_folder / f"{9 - number}.docx"
        path.write_bytes(WHOLE + bytes([number]))
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    ready = ReadyFiles(make_inbox_from_settings(settings))
    with Batch(register, settings, AT) as batch:
        assert len(batch.claim_files(ready, most=3)) == 3
        assert ready.is_more
        assert sorted(path.name for path in settings.inbox_folder.glob("*.docx")) == [
            "3.docx",
            "4.docx",
            "5.docx",
            "6.docx",
        ]
    assert len(take_in_ready_documents(register, settings, AT, ready=ready).table) == 7, (
        "what was let go is adopted"
    )
    assert not list(settings.inbox_folder.glob("*.docx"))


def test_a_claim_that_failed_begins_again_with_the_oldest(register: Register, settings: Settings) -> None:
    """Otherwise a newer version would be recorded before an older one."""
    for number in range(4):
        path = settings.inbox_folder / f"{number}.docx"
        path.write_bytes(WHOLE + bytes([number]))
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    claims, away = settings.intake_folder, settings.intake_folder.with_name("away")
    ready = ReadyFiles(make_inbox_from_settings(settings))
    with Batch(register, settings, AT) as batch:
        claims.rename(away)
        claims.write_text("no folder")
        with pytest.raises(InboxUnusable):
            batch.claim_files(ready, most=2)
        claims.unlink()
        away.rename(claims)
        assert len(batch.claim_files(ready, most=2)) == 2
        assert sorted(path.name for path in settings.inbox_folder.glob("*.docx")) == ["2.docx", "3.docx"]


def test_each_batch_is_answered_before_the_next_is_claimed(register: Register, settings: Settings) -> None:
    for number in range(MOST + 1):
        (settings.inbox_folder / f"{number}.docx").write_bytes(WHOLE + bytes([number]))
    waiting = []
    take_in_ready_documents(
        register, settings, AT, then=lambda: waiting.append(len(list(settings.inbox_folder.iterdir())))
    )
    assert waiting == [1, 0]


def test_no_name_of_a_file_is_said_where_nobody_sits(
    watcher: Watcher,
    settings: Settings,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    (settings.inbox_folder / "Ashcombe.docx").write_bytes(WHOLE)
    assert watcher.look_once()
    said = "".join(capfd.readouterr()) + caplog.text
    assert "1 document taken in" in said
    assert "Ashcombe" not in said
    assert "Prefect's server is starting: the steps run without it" in said


def test_a_watcher_goes_on_when_the_register_does_not_answer(
    watcher: Watcher, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.inbox_folder / "form.docx").write_bytes(WHOLE)
    shutil.move(settings.var / "archive", settings.var / "away")
    (settings.var / "archive").write_bytes(b"a file stands where the archive was")
    assert not watcher.look_once()
    assert "tried again" in caplog.text
    (settings.var / "archive").unlink()
    shutil.move(settings.var / "away", settings.var / "archive")
    assert watcher.look_once()
    assert (settings.rejected_folder / "form.docx").read_bytes() == WHOLE


@pytest.mark.parametrize("outbox", ["inbox", "inbox/out", "inbox/../inbox/deep/out", "linked/out"])
def test_an_outbox_inside_the_inbox_is_refused(outbox: str, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "inbox")
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_OUTBOX": str(tmp_path / outbox)})
    with pytest.raises(WrongUse, match="inside the inbox"):
        make_installation(settings)


def test_a_file_that_may_not_be_read_stays_and_says_so() -> None:
    """As somebody without rights: whoever runs the tests may be allowed everything."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    (folder / "form.docx").write_bytes(WHOLE)
    (folder / "form.docx").chmod(0)
    (folder / "shut").mkdir(mode=0o777)
    (folder / "shut" / "inner.docx").write_bytes(WHOLE)
    (folder / "shut").chmod(0o444)
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65534)
        ready, left = make_inbox_from_settings(Settings(home=folder, inbox=folder, settle_seconds=0)).ready()
        is_right = ready == [] and [file.name for file in left] == ["form.docx", "inner.docx"]
        is_right = is_right and "yet" in left[0].why and all(file.remedy for file in left)
        os._exit(0 if is_right else 9)
    _, status = os.waitpid(child, 0)
    (folder / "shut").chmod(0o777)
    shutil.rmtree(folder)
    assert os.waitstatus_to_exitcode(status) == 0
