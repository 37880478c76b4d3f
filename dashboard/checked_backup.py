"""Checking a backup for a page: what is in it, or a sentence that says what to do."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.context import Visit
from peer_challenge.errors import PeerChallengeError
from peer_challenge.operations.backup_seal import (
    BackupDamaged,
    BackupKey,
    BackupKeyMissing,
    BackupUnsealed,
    parse_backup_key,
)
from peer_challenge.operations.restore_backup import BackupContents, examine_backup


@dataclass(frozen=True, slots=True)
class CheckedBackup:
    """What came of the check: `contents`, or a `problem` in words. `key` is what was typed, if anything."""

    contents: BackupContents | None = None
    problem: str = ""
    key: BackupKey | None = None
    is_damaged: bool = False


def check_backup(visit: Visit, path: Path, secret: str) -> CheckedBackup:
    """Check the seal and every file of a backup with the key that was typed, else with our own."""
    name = path.name
    try:
        key = parse_backup_key(secret, "What you typed") if secret.strip() else None
        return CheckedBackup(examine_backup(path, visit.settings, key=key), key=key)
    except (BackupDamaged, BackupUnsealed) as refused:
        return CheckedBackup(problem=f"{name}: {refused} Use another backup.", is_damaged=True)
    except BackupKeyMissing as refused:
        told = f"{name}: {refused} Type the key of the installation that made it, then check it again."
        return CheckedBackup(problem=told)
    except PeerChallengeError as refused:
        return CheckedBackup(problem=refused.in_full)
    except OSError as error:
        told = (
            f"{name}: we can't read it or unpack it ({error.strerror}). Free some space in "
            f"{visit.settings.home}, or let the service read the file."
        )
        return CheckedBackup(problem=told)
