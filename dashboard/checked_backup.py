"""Checking a backup for a page: what is in it, or a sentence that says what to do."""

from dataclasses import dataclass, replace
from pathlib import Path

from dashboard.context import Visit
from dashboard.form_problem import Problem, tell_problem
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
    problem: Problem | None = None
    key: BackupKey | None = None
    is_damaged: bool = False

    def tell(self, *, secret: str) -> Problem:
        """The problem, at the field `secret` where it is about the key that was typed."""
        found = self.problem or Problem("")
        return replace(found, field=secret) if found.field else found


def check_backup(visit: Visit, path: Path, secret: str) -> CheckedBackup:
    """Check the seal and every file of a backup with the key that was typed, else with our own."""
    name = path.name
    try:
        key = parse_backup_key(secret, "What you typed") if secret.strip() else None
        return CheckedBackup(examine_backup(path, visit.settings, key=key), key=key)
    except (BackupDamaged, BackupUnsealed) as refused:
        told = f"{name}: {refused} Use another backup."
        return CheckedBackup(problem=Problem(told), is_damaged=True)
    except BackupKeyMissing as refused:
        told = f"{name}: {refused} Type the key of the installation that made it, then check it again."
        return CheckedBackup(problem=Problem(told, "secret"))
    except PeerChallengeError as refused:
        return CheckedBackup(problem=tell_problem(refused))
    except OSError as error:
        told = (
            f"{name}: we can't read it or unpack it ({error.strerror}). Free some space in "
            f"{visit.settings.home}, or let the service read the file."
        )
        return CheckedBackup(problem=Problem(told))
