"""Somebody whose only right is to write to the inbox: nothing there redirects, stops or reveals anything.

What is placed is made by another account, in a child process; the service's part runs as this one.
"""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from dashboard.app import create_app
from peer_challenge.intake import claims
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.intake.watch import watch_for_arrivals
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle, a_filled
from tests.security.conftest import AT
from tests.waiting import wait_until

pytestmark = pytest.mark.threat("inbox-writer")
GOOD = a_filled(Kind.SELF_ASSESSMENT, a_cycle(4).participants[0].id, areas=4)
NOBODY = 65534
HALF = b"PK\x03\x04 half of it"


@pytest.fixture
def settings(opened: Path) -> Iterator[Settings]:
    """An installation that another account may reach, and whose inbox it may write to."""
    home = Path(tempfile.mkdtemp(prefix="office-", dir="/tmp"))
    shutil.copytree(opened, home, dirs_exist_ok=True)
    home.chmod(0o755)
    settings = load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_MAKERS": "0"})
    settings.inbox_folder.chmod(0o777)
    (home / "templates").mkdir(exist_ok=True)
    yield settings
    shutil.rmtree(home, ignore_errors=True)


def by_another(work: Callable[[], object]) -> None:
    """Do `work` as an account that has no right here but to write to the inbox."""
    if os.getuid() != 0:
        pytest.skip("wants the right to become another account")
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.umask(0)
            work()
            os._exit(0)
        except BaseException:  # whatever it is, no test goes on in this process
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 0, "the attack could not be made"


def everything(settings: Settings) -> dict[str, bytes]:
    """What is in the home but in the inbox, and the register, which grows."""
    return {
        str(path.relative_to(settings.home)): path.read_bytes()
        for path in settings.home.rglob("*")
        if path.is_file()
        and not path.is_relative_to(settings.inbox_folder)
        and not path.is_relative_to(settings.rejected_folder)
        and not path.is_relative_to(settings.archive_folder)
        and not path.is_relative_to(settings.var / "locks")
        and "register.db" not in path.name
    }


def _linked(place: str, to: Callable[[Settings], Path]) -> Callable[[Settings], None]:
    def make(settings: Settings) -> None:
        path = settings.inbox_folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(to(settings))

    return make


def _file(place: str, data: bytes = b"", when: float | None = None) -> Callable[[Settings], None]:
    def make(settings: Settings) -> None:
        path = settings.inbox_folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if when is not None:
            os.utime(path, (when, when))

    return make


def _pipe(place: str) -> Callable[[Settings], None]:
    def make(settings: Settings) -> None:
        path = settings.inbox_folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)

    return make


def _socket(settings: Settings) -> None:
    socket.socket(socket.AF_UNIX).bind(str(settings.inbox_folder / "socket.docx"))


def _both(*made: Callable[[Settings], None]) -> Callable[[Settings], None]:
    def make(settings: Settings) -> None:
        for one in made:
            one(settings)

    return make


def _deep(settings: Settings) -> None:
    os.chdir(settings.inbox_folder)
    for _ in range(900):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.docx").write_bytes(b"no form")


def _shut(settings: Settings) -> None:
    (settings.inbox_folder / "shut").mkdir(mode=0o700)
    (settings.inbox_folder / "shut" / "form.docx").write_bytes(b"no form")


def _sparse(settings: Settings) -> None:
    with (settings.inbox_folder / "vast.docx").open("wb") as file:
        file.truncate(1 << 42)


def _home(settings: Settings) -> Path:
    return settings.home


def _cycle(settings: Settings) -> Path:
    return settings.outbox_folder / a_cycle(4).id


def _register(settings: Settings) -> Path:
    return settings.var / "register.db"


def _absent(settings: Settings) -> Path:
    return settings.home / "nowhere"


PLACED: dict[str, Callable[[Settings], None]] = {
    # redirecting what the service writes or takes
    "rejected is a link to the home": _both(
        _linked("rejected", _home), _file("settings.toml", b'outbox = "/tmp/theirs"\n')
    ),
    "rejected is a link to the outbox": _both(_linked("rejected", _cycle), _file("Pack.docx", b"forged")),
    "rejected is a link to the templates": _both(
        _linked("rejected", lambda s: s.home / "templates"), _file("word.docx", b"forged")
    ),
    "rejected is a link to nowhere": _both(_linked("rejected", _absent), _file("x.docx", b"no form")),
    "a claim is a link to the outbox": _linked(".taking/x", _cycle),
    "a claim holds a link to the outbox": _linked(".taking/x/00000", _cycle),
    "all claims are a link to the outbox's cycles": _linked(".taking", lambda s: s.outbox_folder),
    "all claims are a link to the real ones": _linked(".taking", lambda s: s.var / "intake"),
    "a claim's lock is a link to the register": _linked(".taking/x/.lock", _register),
    "a claim's lock is a link to the settings": _linked(
        ".taking/x/.lock", lambda s: s.home / "settings.toml"
    ),
    "a document is a link to the register": _linked("form.docx", _register),
    "a document in a folder that is a link": _linked("area", _cycle),
    "a folder is a link to the whole machine": _linked("area", lambda s: Path("/")),
    "a folder is a link to the inbox itself": _linked("again", lambda s: s.inbox_folder),
    "a reason is a link": _both(
        _linked("rejected/form.docx.reason.txt", _register), _file("form.docx", b"no form")
    ),
    "a file that is half taken out is a link": _linked(".taken-0123456789ab-form.docx", _register),
    "a file that is half taken out is called ..": _file(".taken-0123456789ab-..", b"no form"),
    "a file that is half taken out is called .": _file(".taken-0123456789ab-.", b"no form"),
    "a file that is half taken out has a name of ours": _both(
        _file(".taken-0123456789ab-.lock", b"no form"), _file(".taken-0123456789ab-.draft-00000", b"no form")
    ),
    "a hard link to another's file": _both(_file("one.docx", b"no form"), _file("two.docx", b"no form")),
    # stopping it
    "a pipe is called rejected": _both(_pipe("rejected"), _file("x.docx", b"no form")),
    "a half file of 2100 is called rejected": _file("rejected", HALF, datetime(2100, 1, 1).timestamp()),
    "a half file of 2100": _file("half.docx", HALF, datetime(2100, 1, 1).timestamp()),
    "an empty file of the year 30000": _file("empty.docx", b"", 900_000_000_000.0),
    "a file of the year 30000": _file("far.docx", b"no form", 900_000_000_000.0),
    "a file of before there were clocks": _file("past.docx", b"no form", -70_000_000_000.0),
    "a file is called .taking": _file(".taking", b"x"),
    "a link to nowhere is called .taking": _linked(".taking", _absent),
    "a claim's lock is a pipe": _pipe(".taking/x/.lock"),
    "a claimed document is a pipe": _pipe(".taking/x/00000/form.docx"),
    "a document is a pipe": _pipe("form.docx"),
    "a document that is half taken out is a pipe": _pipe(".taken-0123456789ab-form.docx"),
    "a document is a socket": _socket,
    "a document is a link to nowhere": _linked("form.docx", _absent),
    "a document is a link to itself": _linked("loop.docx", lambda s: s.inbox_folder / "loop.docx"),
    "a folder has a document's name": _file("form.docx/inner.txt", b"no form"),
    "a folder nobody may enter": _shut,
    "folders 900 deep": _deep,
    "a name that is no text": _file(os.fsdecode(b"caf\xe9 \xff.docx"), b"no form"),
    "a folder whose name is no text": _file(os.fsdecode(b"\xff\xfe/form.docx"), b"no form"),
    "a file of four terabytes of nothing": _sparse,
    "a file nobody may read": _both(
        _file("form.docx", b"no form"), lambda s: (s.inbox_folder / "form.docx").chmod(0)
    ),
    "2,000 links": lambda s: (
        [(s.inbox_folder / f"{n}.docx").symlink_to("/etc/passwd") for n in range(2000)] and None
    ),
}


@pytest.mark.parametrize("name", PLACED)
def test_what_is_placed_in_the_inbox_neither_redirects_nor_stops(name: str, settings: Settings) -> None:
    register = open_register(settings)
    advance_challenges(register, settings, AT)
    before = everything(settings)
    by_another(lambda: PLACED[name](settings))
    by_another(lambda: (settings.inbox_folder / "honest.docx").write_bytes(GOOD))
    for _ in range(2):
        take_in_ready_documents(register, settings, AT)
        assert is_healthy(
            [check for check in examine_installation(settings, AT) if check.name != "inbox is read"]
        )
    with register.reading() as connection:
        files = connection.execute(sa.select(t.submissions.c.file_name, t.submissions.c.outcome)).fetchall()
    assert ("honest.docx", "accepted") in [tuple(row) for row in files]
    assert not (settings.inbox_folder / "honest.docx").exists()
    after = everything(settings)
    assert {path: after.get(path) for path in before} == before, "nothing was moved, written over or removed"
    assert set(after) == set(before)
    for path in [*settings.rejected_folder.rglob("*"), *settings.intake_folder.rglob("*")]:
        assert path.lstat().st_uid == os.getuid() and not stat.S_IMODE(path.lstat().st_mode) & 0o077
    assert _answers(settings, register)
    register.close()


def _answers(settings: Settings, register: Register) -> bool:
    """Whether /metrics and the readiness of the page answer."""
    app = create_app(settings, register)
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 50_000)) as client:
        return client.get("/metrics").status_code == 200 and client.get("/health/ready").status_code == 200


SAID = {
    "link.docx": (_linked("link.docx", _register), "is a link, not a file"),
    "pipe.docx": (_pipe("pipe.docx"), "is a pipe or a device, not a file"),
    "socket.docx": (_socket, "is a pipe or a device, not a file"),
    "vast.docx": (_sparse, "is far larger than 25 MB, the most that is read"),
    "form.docx": (_file("form.docx/inner.docx"), "is a folder with the name of a document"),
    "d": (_deep, "lies more than 40 folders deep and is not looked into"),
    "half.docx": (_file("half.docx", HALF, 4_102_444_800.0), "is still arriving"),
    "nowhere.docx": (_linked("nowhere.docx", _absent), "is a link, not a file"),
    "taken.docx": (_linked(".taken-0123456789ab-taken.docx", _register), "is a link, not a file"),
    "caf?.docx": (_pipe(os.fsdecode(b"caf\xe9.docx")), "is a pipe or a device, not a file"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_left_is_told_in_words_with_what_to_do(name: str, settings: Settings) -> None:
    make, why = SAID[name]
    by_another(lambda: make(settings))
    _, left = make_inbox_from_settings(settings).ready()
    assert (name, why) in [(file.name, file.why) for file in left]
    assert all(file.remedy.endswith(".") for file in left)


def test_a_half_file_whose_clock_is_ahead_is_read_once_it_is_still_for_long(
    settings: Settings,
) -> None:
    patient, quick = (settings.model_copy(update={"incomplete_seconds": most}) for most in (3600.0, 0.3))
    by_another(lambda: _file("half.docx", HALF, 4_102_444_800.0)(settings))
    assert make_inbox_from_settings(patient).ready()[0] == []
    wait_until(
        lambda: [path.name for path in make_inbox_from_settings(quick).ready()[0]] == ["half.docx"],
        "it is read",
    )


def test_a_file_under_a_lease_is_not_waited_for(settings: Settings) -> None:
    path = settings.inbox_folder / "leased.docx"
    path.write_bytes(b"no form")
    code = (
        "import fcntl,os,signal,sys,time; signal.signal(signal.SIGIO, signal.SIG_IGN); "
        "h=os.open(sys.argv[1], os.O_RDWR); fcntl.fcntl(h, fcntl.F_SETLEASE, fcntl.F_WRLCK); "
        "print(1, flush=True); time.sleep(600)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert other.stdout and other.stdout.readline()
    try:
        _, left = make_inbox_from_settings(settings).ready()
        assert other.poll() is None
        assert [(file.name, "can't be read yet" in file.why) for file in left] == [("leased.docx", True)]
    finally:
        other.kill()
        other.communicate()


def test_a_hundred_thousand_names_delay_nothing_for_good(settings: Settings) -> None:
    register = open_register(settings)

    def make() -> None:
        folder = os.open(settings.inbox_folder, os.O_RDONLY)
        for number in range(100_000):
            os.symlink("nowhere", f"{number}.docx", dir_fd=folder)

    by_another(make)
    by_another(lambda: (settings.inbox_folder / "honest.docx").write_bytes(GOOD))
    assert list(take_in_ready_documents(register, settings, AT).table["outcome"]) == ["accepted"]
    assert is_healthy(
        [check for check in examine_installation(settings, AT) if check.name != "inbox is read"]
    )
    assert _answers(settings, register)
    register.close()


# Races: the name is changed while intake is at work


def _swapping(settings: Settings, script: str) -> "subprocess.Popen[bytes]":
    """Another account's process that changes names in the inbox as fast as it can until it is ended."""
    code = (
        "import os,shutil,sys\nos.setgroups([]); os.setgid(65534); os.setuid(65534); os.umask(0)\n"
        "os.chdir(sys.argv[1])\nhome = sys.argv[2]\nn = 0\n"
        "print(1, flush=True)\n"
        "def forget(*names):\n"
        "    for name in names:\n"
        "        shutil.rmtree(name, ignore_errors=True)\n"
        "        if os.path.lexists(name): os.unlink(name)\n"
        "while True:\n    n += 1\n    try:\n"
        + "".join(f"        {line}\n" for line in script.splitlines())
        + "    except OSError:\n        pass\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.inbox_folder), str(settings.home)], stdout=subprocess.PIPE
    )
    assert process.stdout and process.stdout.readline()
    return process


WRITE = "open('new', 'wb').write(b'no form %d' % n); os.rename('new', 'a.docx')\n"
RACES = {
    "a file and a link": WRITE + "os.symlink(home + '/secret', 'l'); os.rename('l', 'a.docx')",
    "a file and a pipe": WRITE + "forget('a.docx'); os.mkfifo('a.docx'); forget('a.docx')",
    "a file and a folder": WRITE + "forget('a.docx'); os.mkdir('a.docx'); forget('a.docx')",
    "a folder and a link": (
        "forget('f', 'area'); os.mkdir('f'); open('f/secret', 'wb').write(b'no form %d' % n)\n"
        "os.rename('f', 'area'); os.rename('area', 'g'); os.symlink(home, 'area'); forget('area', 'g')"
    ),
    "rejected and a link": (
        "os.mkdir('rejected'); forget('rejected'); os.symlink(home, 'rejected'); forget('rejected')\n" + WRITE
    ),
    "what is half taken out and a link": (
        WRITE + "for name in os.listdir('.'):\n"
        "    if name.startswith('.taken-'): os.unlink(name); os.symlink(home + '/secret', name)"
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_what_is_swapped_meanwhile_reveals_and_changes_nothing_outside(name: str, settings: Settings) -> None:
    if os.getuid() != 0:
        pytest.skip("wants the right to become another account")
    secret = settings.home / "secret"
    secret.write_bytes(b"the secret of another")
    secret.chmod(0o600)
    before = everything(settings)
    inbox = make_inbox_from_settings(settings)
    attacker = _swapping(settings, RACES[name])
    try:
        for _ in range(200):
            with inbox.claim(inbox.ready()[0]) as arrivals:
                for arrival in arrivals:
                    data = arrival.path.read_bytes()
                    assert data.startswith(b"no form") or data == b""
                    assert stat.S_ISREG(arrival.path.lstat().st_mode)
                    inbox.finish(arrival)
        assert attacker.poll() is None
    finally:
        attacker.kill()
        attacker.communicate()
    assert everything(settings) == before
    (settings.inbox_folder / "honest.txt").write_bytes(b"no form")
    with inbox.claim(inbox.ready()[0]) as arrivals:
        assert "honest.txt" in [arrival.name for arrival in arrivals]


def test_a_document_saved_again_while_it_is_taken_is_read_as_a_later_one(settings: Settings) -> None:
    """Of 400 saves, each by a rename over the one before, as Word saves, the last one is always read."""
    inbox = make_inbox_from_settings(settings)
    done = threading.Event()

    def save() -> None:
        for number in range(400):
            draft = settings.inbox_folder / ".new.tmp"
            draft.write_bytes(b"save %04d" % number)
            draft.rename(settings.inbox_folder / "form.txt")
        done.set()

    saver = threading.Thread(target=save)
    saver.start()
    read = []
    while not done.is_set() or inbox.waiting():
        with inbox.claim(inbox.waiting()) as arrivals:
            for arrival in arrivals:
                read.append(arrival.path.read_bytes())
                inbox.finish(arrival)
    saver.join()
    assert read[-1] == b"save 0399", "the last one is never lost"
    assert len(read) == len(set(read)), "and none is read twice"


def test_several_intakes_at_once_never_have_the_same_file(settings: Settings) -> None:
    """A file each time, so that one looks at the claim of another while that one clears it."""
    for number in range(300):
        (settings.inbox_folder / f"{number}.txt").write_bytes(b"%d" % number)
    inbox, read = make_inbox_from_settings(settings), list[bytes]()

    def take() -> None:
        while waiting := inbox.waiting():
            with inbox.claim(waiting[:1]) as arrivals:
                for arrival in arrivals:
                    read.append(arrival.path.read_bytes())
                    inbox.finish(arrival)

    several = [threading.Thread(target=take) for _ in range(6)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(map(int, read)) == list(range(300))


def test_a_claim_that_goes_while_another_intake_looks_at_it_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To filelock a folder that goes between its two looks is one that can't be made, as a file is."""
    (tmp_path / "claims").mkdir()
    (gone := tmp_path / "claims" / "of another").touch()
    monkeypatch.setattr(claims, "locked_folders", lambda _folder: [gone])
    with claims.Claims(tmp_path / "claims").open_claim() as claim:
        assert claim.arrivals == []


def test_a_link_to_the_whole_machine_does_not_make_the_watcher_watch_it(settings: Settings) -> None:
    by_another(lambda: (settings.inbox_folder / "everything").symlink_to("/"))
    stop = threading.Event()
    patience = threading.Timer(200, stop.set)
    patience.start()
    looks = watch_for_arrivals(settings.model_copy(update={"rescan_seconds": 3600.0}), stop=stop)
    next(looks)
    threading.Timer(0.3, lambda: (settings.inbox_folder / "form.docx").write_bytes(b"no form")).start()
    next(looks)
    watched = sum(_watches(info) for info in Path("/proc/self/fdinfo").iterdir())
    patience.cancel()
    stop.set()
    assert not list(looks)
    assert watched < 20


def _watches(info: Path) -> int:
    """How many places the file system watches for one of our handles."""
    try:
        return sum(line.startswith("inotify wd:") for line in info.read_text().splitlines())
    except FileNotFoundError:  # of the listing itself
        return 0


def test_what_arrives_in_a_folder_made_meanwhile_is_seen_at_once(settings: Settings) -> None:
    stop = threading.Event()
    patience = threading.Timer(200, stop.set)
    patience.start()
    looks = watch_for_arrivals(settings.model_copy(update={"rescan_seconds": 3600.0}), stop=stop)
    next(looks)
    threading.Timer(0.3, (settings.inbox_folder / "Ashcombe").mkdir).start()
    next(looks), next(looks)
    threading.Timer(0.3, lambda: (settings.inbox_folder / "Ashcombe" / "a.docx").write_bytes(b"x")).start()
    while not (settings.inbox_folder / "Ashcombe" / "a.docx").exists() and not stop.is_set():
        next(looks)
    assert not stop.is_set()
    patience.cancel()
