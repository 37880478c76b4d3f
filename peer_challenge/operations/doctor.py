"""Checks whether this installation is healthy: each check says what it saw and what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peer_challenge.clock import local_day, read_clock
from peer_challenge.cycle_file.load_framework import read_framework
from peer_challenge.dispatches.samples.check_office_templates import check_templates
from peer_challenge.errors import FrameworkFileError, PeerChallengeError
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.messages import ASKING_OFFICE, GONE, WAITING
from peer_challenge.operations import retention
from peer_challenge.operations.backup_seal import locate_backup_key
from peer_challenge.operations.backups_folder import find_last_backup
from peer_challenge.operations.doctor_address import check_address
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.doctor_machine import check_machine, check_machine_clock
from peer_challenge.operations.doctor_service import check_parts
from peer_challenge.operations.restore_backup import SETTINGS_ASIDE, list_settings
from peer_challenge.register import held_documents, journal, messages, outbox, purging, submissions
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.issued_files import FileAltered, read_issued_file
from peer_challenge.settings import Settings
from peer_challenge.word.package.convert_with_libreoffice import find_isolation_command, find_libreoffice

_LEAST_FREE = 500_000_000
"""More than the largest upload and a conversion take (100 MB each), so that there is time to make room."""
_LONGEST_WAIT = timedelta(minutes=30)
"""By then `intake` was due six times and `advance` twice (prefect.yaml): they are not only busy."""
_LONGEST_WITHOUT_BACKUP = timedelta(days=7)
"""The timer makes one each night: after a week it is no accident of one night."""


def examine_installation(settings: Settings, at: datetime | None = None) -> list[Check]:
    """Every check of the installation at the time `at` (now when not given), in the order of the report."""
    at = at or read_clock()
    checks = [
        *_check_folders(settings),
        _check_disk_space(settings),
        _check_converter(),
        _check_frameworks(settings),
        *_check_own_templates(settings),
        *check_machine(settings),
    ]
    checks += [check_address(settings, at), check_parts(settings, at), *_check_inbox_is_read(settings, at)]
    try:
        register = open_register(settings)
        checks.append(Check("register", True, "answers, and its tables are those of this version"))
    except PeerChallengeError as error:
        return [*checks, Check("register", False, str(error), error.remedy)]
    except OSError as error:
        return [
            *checks,
            Check(
                "register",
                False,
                _describe_os_error(error),
                "Correct the folders above, then look again.",
            ),
        ]
    try:
        for check in _OF_REGISTER:
            checks.append(check(register, settings))
        checks += [
            check_machine_clock(register, settings, at),
            _check_dispatches_go_out(register, at),
            _check_last_backup(register, at),
        ]
        return [*checks, _check_backup_key(register, settings), *_check_settings_aside(settings)]
    except PeerChallengeError as error:  # it went away meanwhile, or a part of it is damaged
        return [*checks, Check("register is whole", False, str(error), error.remedy)]
    finally:
        register.close()


def is_healthy(checks: list[Check]) -> bool:
    """Whether nothing that matters is wrong."""
    return all(check.is_well or not check.is_fatal for check in checks)


def _describe_os_error(error: OSError) -> str:
    return f"its folders can't be used ({os.strerror(error.errno or 0)})"


def _check_folders(settings: Settings) -> Iterator[Check]:
    for name, folder in (
        ("inbox", settings.inbox_folder),
        ("outbox", settings.outbox_folder),
        ("var", settings.var),
    ):
        is_well = folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        yield Check(
            f"{name} folder",
            is_well,
            str(folder) if is_well else f"{folder} can't be written to",
            "Make the folder, or give the account that runs this program the right to write there.",
        )


def _check_disk_space(settings: Settings) -> Check:
    folder = settings.var if settings.var.exists() else settings.home
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return Check(
        "disk space",
        free > _LEAST_FREE,
        f"{free / 1e9:.1f} GB free",
        "Free some space: nothing can be taken in on a full disk.",
    )


def _check_own_templates(settings: Settings) -> Iterator[Check]:
    """Whether the office's own Word templates can be used; nothing where it has none."""
    if not settings.own_templates.is_dir() or not any(settings.own_templates.glob("*.docx")):
        return
    problems = check_templates(settings.own_templates)
    told = "; ".join(f"{one.file}: {one.what}" + (f" ({one.where})" if one.where else "") for one in problems)
    yield Check(
        "own templates",
        not problems,
        told or "can be used",
        "Correct them in Word, then upload them on the page Templates. The shipped ones are used until then.",
        is_fatal=False,
    )


def _describe_isolation() -> str:
    if find_isolation_command():
        return "run without a network"
    return (
        "run with a network, as there are no rights to make namespaces here: a .doc, .odt or .rtf file that "
        "names anything outside itself is refused"
    )


def _check_converter() -> Check:
    found = find_libreoffice()
    return Check(
        "converter",
        found is not None,
        f"{found}, {_describe_isolation()}" if found else "LibreOffice is not installed",
        "Install LibreOffice Writer if areas send .doc, .odt or .rtf files; until then they are "
        "rejected with how to save as .docx.",
        is_fatal=False,
    )


def _check_frameworks(settings: Settings) -> Check:
    """The office's own frameworks can be read: documents of their cycles are read by them."""
    files = sorted(settings.own_frameworks.glob("*.yaml"))
    problems = []
    for file in files:
        try:
            read_framework(file)
        except FrameworkFileError as error:
            problems.append(f"{file.name}: {error.problems[0]}")
    return Check(
        "frameworks",
        not problems,
        f"{len(files)} of your own, in {settings.own_frameworks}"
        if not problems
        else f"{len(problems)} of {len(files)} can't be read: {problems[0]}",
        "Correct the file, or bring it back from the last backup.",
    )


def _check_journal(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        broken = journal.broken_at(connection)
        entries = journal.count_entries(connection)
    return Check(
        "journal",
        broken is None,
        f"{entries} entries, each follows from the one before"
        if broken is None
        else f"entry {broken} does not follow from the one before",
        "Somebody altered the register by hand. Restore the last backup whose journal is whole.",
    )


def _check_archive(register: Register, settings: Settings) -> Check:
    archive = Archive(settings.archive_folder)
    with register.reading() as connection:
        wanted = submissions.list_kept_hashes(connection)
    damaged = [sha256 for sha256 in sorted(wanted) if not _is_original_whole(archive, sha256)]
    return Check(
        "archive",
        not damaged,
        f"{len(wanted)} originals, each as it came"
        if not damaged
        else f"{len(damaged)} of {len(wanted)} originals are missing or altered: {damaged[0][:12]}…",
        "Restore the archive from the last backup (docs/operations.md, Restore).",
    )


def _is_original_whole(archive: Archive, sha256: str) -> bool:
    try:
        return archive.holds(sha256)
    except OSError:
        return False


def _check_outbox(register: Register, settings: Settings) -> Check:
    """What was issued and is still in the outbox is as it was; the office may have moved files away."""
    with register.reading() as connection:
        issued = outbox.list_all_issued(connection)
    gone, altered = 0, 0
    for one in issued:
        try:
            read_issued_file(settings.outbox_folder, one)
        except FileNotFoundError:
            gone += 1
        except FileAltered:
            altered += 1
    saw = f"{len(issued)} dispatches, {len(issued) - gone} still in the outbox"
    return Check(
        "outbox",
        not altered,
        saw + (f", {altered} altered since" if altered else ""),
        "Somebody saved over a file in the outbox. The register has the original facts: copy the "
        "altered file elsewhere if it is wanted.",
        is_fatal=False,
    )


def _check_held_dispatches(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        held = outbox.count_held(connection)
    return Check(
        "held dispatches",
        held == 0,
        f"{held} held",
        "See why on the dashboard's System page. Correct the cause, then send them there.",
    )


def _check_held_documents(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        held = held_documents.held_total(connection)
    return Check(
        "whose documents are",
        held == 0,
        f"{held} held, as it is not certain whose" if held else "certain of every one",
        "Say whose each is on the dashboard's Inbox page, or with `peer-challenge identify`.",
        is_fatal=False,
    )


def _check_messages(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        states = messages.count_states(connection)
    waiting, gone = (sum(states[state] for state in some) for some in (WAITING, GONE))
    asking = sum(states[state] for state in ASKING_OFFICE)
    return Check(
        "messages",
        not asking,
        f"{gone} sent, {waiting} to send, {asking} that need you",
        "`peer-challenge messages` lists them. It says why each has not gone, and what to do.",
        is_fatal=False,
    )


def _check_inbox_is_read(settings: Settings, at: datetime) -> Iterator[Check]:
    """Whether what arrives is read, and what can't be.

    A file that lies there for long means that nobody takes it in.
    """
    inbox = make_inbox_from_settings(settings)
    contents = inbox.look()
    times = [file.since for file in contents.waiting] + [_changed_at(path) for path in inbox.unsettled()]
    age = at - min(times, default=at)
    is_stuck = age > _LONGEST_WAIT
    yield Check(
        "inbox is read",
        not is_stuck,
        f"{len(times)} waiting" + (f", one since {_describe_duration(age)}" if is_stuck else ""),
        "What reads the inbox does not run, or is stuck. Start `peer-challenge serve` again; "
        "`peer-challenge intake` reads it once by hand, and says what it leaves and why.",
    )
    left = contents.left
    yield Check(
        "inbox holds documents only",
        not left,
        f"{len(left)} in it that can't be read: one {left[0].why}"
        if left
        else "nothing in it that can't be read",
        "The Inbox page and `peer-challenge intake` list each by its name, with what to do.",
        is_fatal=False,
    )


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:  # taken in meanwhile
        return datetime.max.replace(tzinfo=UTC)


def _check_dispatches_go_out(register: Register, at: datetime) -> Check:
    """Whether dispatches go out: an old one that is still intended means that nothing issues them."""
    with register.reading() as connection:
        count, oldest = outbox.count_waiting(connection)
    age = at - oldest if oldest is not None else timedelta()
    is_stuck = age > _LONGEST_WAIT
    return Check(
        "dispatches go out",
        not is_stuck,
        f"{count} to go out" + (f", one since {_describe_duration(age)}" if is_stuck else ""),
        "What issues dispatches does not run, or is stuck. Start `peer-challenge serve` again; "
        "`peer-challenge advance` issues them once by hand.",
    )


def _check_last_backup(register: Register, at: datetime) -> Check:
    """When the last backup was made, as the journal has it."""
    with register.reading() as connection:
        last = find_last_backup(connection)
    is_recent = last is not None and at - last.made_at <= _LONGEST_WITHOUT_BACKUP
    return Check(
        "last backup",
        is_recent,
        last.in_words if last is not None else "No backup yet",
        "Make one now, on the page Backups or with `peer-challenge backup FILE.zip`, then every week.",
        is_fatal=False,
    )


def _check_backup_key(register: Register, settings: Settings) -> Check:
    """Whether somebody has been shown the key of the backups, as the journal has it, and so may keep it."""
    with register.reading() as connection:
        shown = journal.find_newest_time(connection, journal.BACKUP_KEY_SHOWN)
    is_needed = locate_backup_key(settings).exists()
    return Check(
        "backup key",
        not is_needed or shown is not None,
        f"shown on {day_in_words(local_day(shown))}"
        if shown is not None
        else "never shown, so that it is kept on this machine alone"
        if is_needed
        else "made with the first backup",
        "Run `peer-challenge backup-key` and keep the key somewhere else: without it no other machine can "
        "restore your backups (docs/operations.md, Back up).",
        is_fatal=False,
    )


def _check_settings_aside(settings: Settings) -> Iterator[Check]:
    """Tells of settings that came back with a backup and are not in force."""
    aside = settings.home / SETTINGS_ASIDE
    if aside.exists():
        yield Check(
            "settings of the backup",
            False,
            f"not in force; they set: {', '.join(list_settings(aside)) or 'nothing that can be read'}",
            f"Look at {aside}: its folders, database and mail server are those of the installation that was "
            "backed up. Rename it to settings.toml to use it, or remove it.",
            is_fatal=False,
        )


def _describe_duration(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    # Below two hours, minutes say more.
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _check_retention(register: Register, settings: Settings) -> Check:
    """Whether no cycle is kept past its time, and no purged original is still on the disk."""
    today = local_day(read_clock())
    late = [kept.cycle_id for kept in retention.list_kept_cycles(register, settings) if kept.is_due(today)]
    archive = Archive(settings.archive_folder)
    with register.reading() as connection:
        back = [s for s in purging.purged_originals(connection) if archive.has_remains(s)]
        left = retention.list_left_in_outbox(connection, settings)
    return Check(
        "retention",
        not late and not back and not left,
        f"{len(late)} closed cycles kept past their time, {len(back)} purged originals still in the archive"
        + (f", {len(left)} files of purged cycles still in the outbox" if left else ""),
        "Run `peer-challenge retain --dry-run`, then `peer-challenge retain`; the service does so weekly. "
        "What is still there then is not ours to remove: give the account that runs this program the right "
        "to change its folder, or remove it yourself.",
        is_fatal=False,
    )


_OF_REGISTER: tuple[Callable[[Register, Settings], Check], ...] = (
    _check_journal,
    _check_archive,
    _check_outbox,
    _check_held_dispatches,
    _check_held_documents,
    _check_messages,
    _check_retention,
)
