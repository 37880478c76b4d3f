"""Is this installation healthy, and what to do if not: each check with what it saw and a remedy."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from peer_challenge.errors import PeerChallengeError
from peer_challenge.register import journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings

_LEAST_FREE = 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `is_fatal` says whether an installation with it wrong is unhealthy."""

    name: str
    is_well: bool
    saw: str
    remedy: str = ""
    is_fatal: bool = True


def examine(settings: Settings) -> list[Check]:
    """Every check, in the order they are told."""
    checks = [*_folders(settings), _space(settings), _converter()]
    try:
        register = open_register(settings)
    except PeerChallengeError as error:
        return [*checks, Check("register", False, str(error), error.remedy)]
    try:
        checks.append(Check("register", True, "answers, and its tables are those of this version"))
        return [*checks, *(check(register, settings) for check in _OF_REGISTER)]
    finally:
        register.close()


def is_healthy(checks: list[Check]) -> bool:
    """Whether nothing that matters is wrong."""
    return all(check.is_well or not check.is_fatal for check in checks)


def _folders(settings: Settings) -> Iterator[Check]:
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


def _space(settings: Settings) -> Check:
    folder = settings.var if settings.var.exists() else settings.home
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return Check(
        "disk space",
        free > _LEAST_FREE,
        f"{free / 1e9:.1f} GB free",
        "Free some space: nothing can be taken in on a full disk.",
    )


def _converter() -> Check:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Check(
        "converter",
        found is not None,
        found or "LibreOffice is not installed",
        "Install LibreOffice Writer if areas send .doc, .odt or .rtf files; until then they are "
        "rejected with how to save as .docx.",
        is_fatal=False,
    )


def _journal(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        broken = journal.broken_at(connection)
        entries = connection.scalar(sa.select(sa.func.count()).select_from(t.journal))
    return Check(
        "journal",
        broken is None,
        f"{entries} entries, each follows from the one before"
        if broken is None
        else f"entry {broken} does not follow from the one before",
        "Somebody altered the register by hand. Restore the last backup whose journal is whole.",
    )


def _archive(register: Register, settings: Settings) -> Check:
    archive = Archive(settings.archive_folder)
    with register.reading() as connection:
        wanted = set(
            connection.scalars(
                sa.select(t.submissions.c.sha256)
                .join(t.cycles, t.cycles.c.id == t.submissions.c.cycle_id, isouter=True)
                .where(sa.or_(t.cycles.c.state != "purged", t.cycles.c.state.is_(None)))
            )
        )
    damaged = [sha256 for sha256 in sorted(wanted) if not _is_whole(archive, sha256)]
    return Check(
        "archive",
        not damaged,
        f"{len(wanted)} originals, each as it came"
        if not damaged
        else f"{len(damaged)} of {len(wanted)} originals are missing or altered: {damaged[0][:12]}…",
        "Restore the archive from the last backup (docs/operations.md, Restore).",
    )


def _is_whole(archive: Archive, sha256: str) -> bool:
    try:
        archive.get(sha256)
    except PeerChallengeError:
        return False
    return True


def _outbox(register: Register, settings: Settings) -> Check:
    """What was issued and is still in the outbox is as it was; the office may have moved files away."""
    with register.reading() as connection:
        issued = connection.execute(
            sa.select(t.dispatches.c.path, t.dispatches.c.sha256).where(t.dispatches.c.state == outbox.ISSUED)
        ).fetchall()
    here = [(settings.outbox_folder / row.path, row.sha256) for row in issued]
    present = [(path, sha256) for path, sha256 in here if path.exists()]
    altered = [path for path, sha256 in present if sha256_of(path.read_bytes()) != sha256]
    saw = f"{len(issued)} dispatches, {len(present)} still in the outbox"
    return Check(
        "outbox",
        not altered,
        saw + (f", {len(altered)} altered since" if altered else ""),
        "Somebody saved over a file in the outbox. The register has the original facts: copy the "
        "altered file elsewhere if it is wanted.",
        is_fatal=False,
    )


def _held(register: Register, _settings: Settings) -> Check:
    with register.reading() as connection:
        held = connection.scalar(sa.select(sa.func.count()).where(t.dispatches.c.state == outbox.HELD)) or 0
    return Check(
        "held dispatches",
        held == 0,
        f"{held} held",
        "See why on the dashboard's System page, mend the cause, and release them there.",
    )


_OF_REGISTER: tuple[Callable[[Register, Settings], Check], ...] = (_journal, _archive, _outbox, _held)
