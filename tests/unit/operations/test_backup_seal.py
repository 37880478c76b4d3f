"""A backup is restored only where its seal shows who made it; what is encrypted only its key opens."""

import io
import json
import os
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.operations.backup_seal import (
    SEAL,
    BackupDamaged,
    BackupKey,
    BackupKeyMissing,
    BackupUnsealed,
    ensure_backup_key,
    find_backup_key,
    locate_backup_key,
    parse_backup_key,
    read_backup_key,
)
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.restore_backup import SETTINGS_ASIDE, restore_backup
from peer_challenge.operations.what_a_backup_holds import MANIFEST
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.paths import ROOT
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from tests import waiting
from tests.migrated import make_installation

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
MARKER = "heron marker sentence"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with a document in its inbox, a template of its own, and settings."""
    home = tmp_path_factory.mktemp("office")
    (home / "settings.toml").write_text('outbox = "outbox"\nsmtp_host = "mail.example.org"\n')
    settings = load_settings(home, {})
    settings = settings.model_copy(update={"outbox": home / "outbox"})
    make_installation(settings)
    (settings.inbox_folder / "form.docx").write_text(MARKER)
    (home / "templates" / "word").mkdir(parents=True)
    (home / "templates" / "word" / "receipt.docx").write_bytes(b"a template")
    (home / "templates" / ".git").mkdir()
    (home / "templates" / ".git" / "config").write_text("not the office's business")
    return settings


@pytest.fixture(scope="module")
def key(office: Settings) -> BackupKey:
    return ensure_backup_key(office)


def _backed_up(office: Settings, into: Path, **how: bool) -> Path:
    register = open_register(office)
    write_backup(register, office, into, AT, **how)
    register.close()
    return into


@pytest.fixture(scope="module")
def plain(office: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _backed_up(office, tmp_path_factory.mktemp("kept") / "backup.zip")


@pytest.fixture(scope="module")
def encrypted(office: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _backed_up(office, tmp_path_factory.mktemp("kept") / "backup.zip.age", encrypts=True)


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """Where a backup is restored to."""
    return load_settings(tmp_path / "new", {})


Members = dict[str, bytes]


def _altered(backup: Path, into: Path, alter: Callable[[Members, dict[str, Any]], None]) -> Path:
    """A backup as somebody without the key can make it from another: every hash is right."""
    with zipfile.ZipFile(backup) as kept:
        members = {name: kept.read(name) for name in kept.namelist()}
    manifest = json.loads(members.pop(MANIFEST))
    alter(members, manifest)
    members[MANIFEST] = json.dumps(manifest, indent=1).encode()
    with zipfile.ZipFile(into, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)
    return into


def _nothing_was_restored(place: Settings) -> bool:
    return not place.home.exists()


ADDED = (
    "settings.toml",
    "var/prefect/prefect.db",
    "var/backup-key",
    "var/intruder",
    ".profile",
    "templates/.git/hooks/post-checkout",
    "var/archive/../../out",
    "bin/peer-challenge",
    "var/register.db-wal",
    "inbox/another.docx",
    "templates/word/query_letter.docx",
)


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.threat("backup-forger")
def test_what_somebody_adds_to_a_backup_is_not_restored(
    name: str, plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    def add(members: Members, manifest: dict[str, Any]) -> None:
        members[name] = b'outbox = "/theirs"'
        manifest["files"][name] = sha256_of(members[name])

    with pytest.raises(BackupDamaged, match="altered after it was sealed"):
        restore_backup(_altered(plain, tmp_path / "made.zip", add), place, key=key)
    assert _nothing_was_restored(place)


def test_what_is_in_no_manifest_is_told_and_nothing_is_restored(
    plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    extended = tmp_path / "extended.zip"
    extended.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(extended, "a") as more:
        more.writestr("var/prefect/prefect.db", b"x")
    with pytest.raises(BackupDamaged, match="other files"):
        restore_backup(extended, place, key=key)
    assert _nothing_was_restored(place)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [MANIFEST, SEAL, "inbox/form.docx"])
def test_a_member_that_is_there_twice_is_told(
    name: str, plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    twice = tmp_path / "twice.zip"
    twice.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(twice, "a") as more:
        more.writestr(name, zipfile.ZipFile(plain).read(name))
    with pytest.raises(BackupDamaged):
        restore_backup(twice, place, key=key)
    assert _nothing_was_restored(place)


def _alter_content(members: Members, manifest: dict[str, Any]) -> None:
    members["inbox/form.docx"] = b"other words"
    manifest["files"]["inbox/form.docx"] = sha256_of(b"other words")


def _leave_one_out(members: Members, manifest: dict[str, Any]) -> None:
    del members["inbox/form.docx"], manifest["files"]["inbox/form.docx"]


def _date_it_anew(_members: Members, manifest: dict[str, Any]) -> None:
    manifest["made_at"] = "2028-01-01T00:00:00+00:00"


def _seal_with_own(members: Members, manifest: dict[str, Any]) -> None:
    """The name of the true key, and a seal made with another."""
    _alter_content(members, manifest)
    own = BackupKey(str(pyrage.x25519.Identity.generate()))
    told = json.loads(own.seal(json.dumps(manifest, indent=1).encode()))
    members[SEAL] = json.dumps(told | {"key": json.loads(members[SEAL])["key"]}).encode()


def _seal_with_nonsense(members: Members, _manifest: dict[str, Any]) -> None:
    members[SEAL] = b"{]"


def _seal_without_mac(members: Members, _manifest: dict[str, Any]) -> None:
    told = json.loads(members[SEAL])
    members[SEAL] = json.dumps({"scheme": told["scheme"], "key": told["key"], "mac": None}).encode()


@pytest.mark.parametrize(
    "alter",
    [_alter_content, _leave_one_out, _date_it_anew, _seal_with_own, _seal_with_nonsense, _seal_without_mac],
)
@pytest.mark.threat("backup-forger")
def test_an_altered_backup_is_refused_whole(
    alter: Callable[[Members, dict[str, Any]], None],
    plain: Path,
    key: BackupKey,
    place: Settings,
    tmp_path: Path,
) -> None:
    with pytest.raises(BackupDamaged):
        restore_backup(_altered(plain, tmp_path / "made.zip", alter), place, key=key)
    assert _nothing_was_restored(place)


def _without_seal(members: Members, _manifest: dict[str, Any]) -> None:
    del members[SEAL]


def test_a_backup_without_a_seal_is_restored_only_when_that_is_asked_for(
    plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    old = _altered(plain, tmp_path / "old.zip", _without_seal)
    for known in (key, None):
        with pytest.raises(BackupUnsealed) as told:
            restore_backup(old, place, key=known)
        assert "--unauthenticated" in told.value.remedy
    assert _nothing_was_restored(place)
    restore_backup(old, place, is_seal_needed=False)
    assert (place.inbox_folder / "form.docx").read_text() == MARKER


@pytest.mark.parametrize(
    "name", [name for name in ADDED if not name.startswith(("inbox/", "templates/word"))]
)
def test_even_then_only_what_a_backup_holds_is_restored(
    name: str, plain: Path, place: Settings, tmp_path: Path
) -> None:
    if name == "settings.toml":
        pytest.skip("every backup may hold it; it is put aside")

    def add(members: Members, manifest: dict[str, Any]) -> None:
        _without_seal(members, manifest)
        members[name] = b"x"
        manifest["files"][name] = sha256_of(b"x")

    with pytest.raises(BackupDamaged):
        restore_backup(_altered(plain, tmp_path / "made.zip", add), place, is_seal_needed=False)
    assert _nothing_was_restored(place)


def test_another_installations_key_restores_nothing(plain: Path, key: BackupKey, place: Settings) -> None:
    other = BackupKey(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupKeyMissing, match=f"{key.name}.*{other.name}"):
        restore_backup(plain, place, key=other)
    with pytest.raises(BackupKeyMissing, match=key.name):
        restore_backup(plain, place)
    assert _nothing_was_restored(place)


def test_the_restored_installation_keeps_the_key_and_makes_backups_with_it(
    plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    assert restore_backup(plain, place, key=key).files == 4
    assert find_backup_key(place) == key
    again = _backed_up(place, tmp_path / "again.zip")
    assert restore_backup(again, load_settings(tmp_path / "third", {}), key=key).files == 3, (
        "all but the settings, which are not in force"
    )


def test_a_key_that_lies_in_the_new_folder_already_is_used(
    plain: Path, office: Settings, place: Settings
) -> None:
    locate_backup_key(place).parent.mkdir(parents=True)
    locate_backup_key(place).write_bytes(locate_backup_key(office).read_bytes())
    restore_backup(plain, place)
    assert (place.inbox_folder / "form.docx").read_text() == MARKER


@pytest.mark.threat("backup-holder")
def test_an_encrypted_backup_is_an_age_file_that_the_key_opens(
    encrypted: Path, plain: Path, key: BackupKey, place: Settings
) -> None:
    with zipfile.ZipFile(plain) as readable:
        assert MARKER.encode() == readable.read("inbox/form.docx")
    data = encrypted.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n") and b"inbox/" not in data
    opened = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key.text)])
    with zipfile.ZipFile(io.BytesIO(opened)) as readable:
        assert readable.read("inbox/form.docx") == MARKER.encode()
    restore_backup(encrypted, place, key=key)
    assert (place.inbox_folder / "form.docx").read_text() == MARKER


@pytest.mark.threat("backup-holder")
def test_an_encrypted_backup_is_not_restored_without_its_key_nor_altered(
    encrypted: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupKeyMissing, match="encrypted"):
        restore_backup(encrypted, place, is_seal_needed=False)
    with pytest.raises(BackupDamaged, match="does not open"):
        restore_backup(encrypted, place, key=BackupKey(str(pyrage.x25519.Identity.generate())))
    data = encrypted.read_bytes()
    for at in (60, 200, len(data) // 2, len(data) - 1):
        damaged = tmp_path / "damaged.zip.age"
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(BackupDamaged):
            restore_backup(damaged, place, key=key)
        damaged.write_bytes(data[:at])
        with pytest.raises(BackupDamaged):
            restore_backup(damaged, place, key=key)
    assert _nothing_was_restored(place)


def test_whoever_knows_only_for_whom_it_is_encrypted_cannot_make_one(
    plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    """Encrypting takes no secret: the seal inside is what shows who made it."""
    made = _altered(plain, tmp_path / "made.zip", _alter_content)
    to = pyrage.x25519.Identity.from_str(key.text).to_public()
    (tmp_path / "made.age").write_bytes(pyrage.encrypt(made.read_bytes(), [to]))
    with pytest.raises(BackupDamaged, match="sealed"):
        restore_backup(tmp_path / "made.age", place, key=key)


def test_nothing_readable_is_left_beside_an_encrypted_backup_that_fails(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError("no room")

    before = {path: path.stat().st_size for path in office.home.rglob("*") if path.is_file()}
    monkeypatch.setattr(pyrage, "encrypt_io", full)
    register = open_register(office)
    with pytest.raises(OSError, match="no room"):
        write_backup(register, office, tmp_path / "kept.zip.age", AT, encrypts=True)
    register.close()
    assert list(tmp_path.iterdir()) == []
    assert {p for p in office.home.rglob("*") if p.is_file()} - set(before) <= {
        office.var / "register.db-wal",
        office.var / "register.db-shm",
    }


def test_the_key_is_its_accounts_alone_and_in_no_backup(
    office: Settings, key: BackupKey, plain: Path
) -> None:
    assert stat.S_IMODE(locate_backup_key(office).stat().st_mode) == 0o600
    with zipfile.ZipFile(plain) as kept:
        assert not [name for name in kept.namelist() if key.text.encode() in kept.read(name)]
        assert not [name for name in kept.namelist() if "backup-key" in name or ".git" in name]
    assert key.text not in repr(key)


def test_two_who_ask_for_the_key_at_once_get_the_same(tmp_path: Path) -> None:
    settings, got, begin = load_settings(tmp_path, {}), [], threading.Barrier(8)

    def ask() -> None:
        begin.wait()
        got.append(ensure_backup_key(settings))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8 and len(set(got)) == 1
    assert [path.name for path in settings.var.iterdir()] == ["backup-key"]


def test_a_key_is_read_as_people_keep_it(key: BackupKey) -> None:
    for text in (key.text, f"\ufeff{key.text}\r\n", f"# kept in the safe\n\n  {key.text.lower()}  \n"):
        assert parse_backup_key(text, "key.txt") == key


@pytest.mark.parametrize("text", ["", "a password", "AGE-SECRET-KEY-1", "\x00", "# only this"])
def test_what_is_no_key_is_told_and_not_repeated(text: str, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(text)
    with pytest.raises(WrongUse, match=r"key\.txt holds no backup key") as told:
        read_backup_key(tmp_path / "key.txt")
    assert "password" not in str(told.value)


def test_the_settings_of_a_backup_are_put_aside_until_somebody_has_looked(
    plain: Path, key: BackupKey, place: Settings, tmp_path: Path
) -> None:
    restored = restore_backup(plain, place, key=key)
    assert restored.settings_aside == place.home / SETTINGS_ASIDE
    assert load_settings(place.home, {}).smtp_host == ""
    [told] = [check for check in examine_installation(place) if check.name == "settings of the backup"]
    assert not told.is_well and "outbox, smtp_host" in told.saw and is_healthy(examine_installation(place))
    other = load_settings(tmp_path / "other", {})
    assert restore_backup(plain, other, key=key, uses_settings=True).settings_aside is None
    assert load_settings(other.home, {}).smtp_host == "mail.example.org"


def _cli(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PEER_")}
    return waiting.run([sys.executable, "-m", "cli", *arguments], cwd=ROOT, env=kept)


def test_the_office_backs_up_keeps_its_key_and_restores_on_another_machine(
    office: Settings, tmp_path: Path
) -> None:
    [noted] = [check for check in examine_installation(office) if check.name == "backup key"]
    assert not noted.is_well and "peer-challenge backup-key" in noted.remedy
    backup, home = tmp_path / "office.zip.age", ("--home", office.home)
    assert "backup-key" in _cli("backup", backup, "--encrypt", *home).stdout
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    shown = _cli("backup-key", *home)
    assert shown.returncode == 0 and "Keep it where you keep passwords" in " ".join(shown.stderr.split())
    (tmp_path / "kept.txt").write_text(shown.stdout)
    assert read_backup_key(tmp_path / "kept.txt") == find_backup_key(office)
    assert next(check for check in examine_installation(office) if check.name == "backup key").is_well

    new = ("--home", tmp_path / "new")
    refused = _cli("restore", backup, *new)
    assert refused.returncode == 64 and "--key FILE" in refused.stderr
    done = _cli("restore", backup, "--key", tmp_path / "kept.txt", *new)
    assert done.returncode == 0, done.stderr
    assert "not in force" in done.stdout and "outbox, smtp_host" in " ".join(done.stdout.split())
    register = open_register(load_settings(tmp_path / "new", {}))
    with register.reading() as connection:
        assert journal.broken_at(connection) is None
    register.close()
    for path in (tmp_path / "new").rglob("*"):
        assert not path.stat().st_mode & 0o077, path


def _restore_at_a_terminal(backup: Path, home: Path, typed: str) -> subprocess.CompletedProcess[str]:
    """`restore` where somebody can be asked, who types this."""
    command = [sys.executable, "-m", "cli", "restore", str(backup), "--home", str(home)]
    ours, theirs = os.openpty()
    has_ended = threading.Event()

    def type_again() -> None:
        while not has_ended.wait(1):  # what is typed before the question is thrown away
            os.write(ours, typed.encode() + b"\n")

    typing = threading.Thread(target=type_again)
    typing.start()
    try:
        with subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            out, err = waiting.wait_for_end(process)
    finally:
        has_ended.set()
        typing.join()
        os.close(theirs)
        os.close(ours)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.mark.threat("backup-forger")
def test_somebody_is_asked_for_a_key_only_where_one_helps(
    plain: Path, encrypted: Path, key: BackupKey, tmp_path: Path
) -> None:
    old, torn = _altered(plain, tmp_path / "old.zip", _without_seal), tmp_path / "torn.zip"
    torn.write_bytes(plain.read_bytes()[:500])
    for number, backup in enumerate((old, torn)):
        refused = _restore_at_a_terminal(backup, tmp_path / f"refused-{number}", "")
        assert refused.returncode == 9, refused.stderr
        assert "AGE-SECRET-KEY" not in refused.stdout + refused.stderr
    for number, backup in enumerate((plain, encrypted)):
        done = _restore_at_a_terminal(backup, tmp_path / f"done-{number}", key.text)
        assert done.returncode == 0, done.stderr
        assert "AGE-SECRET-KEY" in done.stdout + done.stderr


def test_a_backup_of_an_older_version_is_restored_when_asked_for(plain: Path, tmp_path: Path) -> None:
    old, new = _altered(plain, tmp_path / "old.zip", _without_seal), ("--home", tmp_path / "new")
    refused = _cli("restore", old, *new)
    assert refused.returncode == 9 and "--unauthenticated" in refused.stderr
    done = _cli("restore", old, "--unauthenticated", *new)
    assert done.returncode == 0, done.stderr
