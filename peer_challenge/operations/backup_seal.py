"""The key of an installation's backups: a seal that shows who made a backup, and its encryption.

The key is an age identity (https://age-encryption.org). It lies in var/backup-key, is in no backup, and the
office keeps a copy of it somewhere else. A seal is an HMAC-SHA256 over the manifest, which holds the hash of
every file. An encrypted backup is an ordinary age file.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyrage

from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import make_private_folder, open_private

KEY_FILE = "backup-key"
SEAL = "seal.json"
_SCHEME = "HMAC-SHA256 over manifest.json, version 1"
_ENCRYPTED = b"age-encryption.org/"
_LONGEST_SEAL = 10_000
"""Far more than a seal's three short entries: a longer one is not ours, and is cut off unread."""
_LONGEST_KEY = 10_000
"""Room for a line and some comments: the file that somebody names by mistake may have gigabytes."""


class BackupDamaged(PeerChallengeError):
    """A backup is not what it was when it was made."""

    exit_code = 9
    remedy = "Nothing was restored. Use another backup."


class BackupKeyMissing(WrongUse):
    """A backup can be checked only with the key of the installation that made it."""

    remedy = (
        "Nothing was restored. Name a file that holds the key: --key FILE. The installation that made the "
        "backup has it in var/backup-key; `peer-challenge backup-key` showed it there, to be kept elsewhere."
    )


class BackupUnsealed(PeerChallengeError):
    """A backup has no seal: anybody can have made or altered it."""

    exit_code = 9
    remedy = (
        "Nothing was restored. A backup of an older version has no seal. If you know that nobody can have "
        "altered this file since it was made, restore it with --unauthenticated. You can then trust what is "
        "restored only as far as the place where the file was kept."
    )


@dataclass(frozen=True, slots=True)
class BackupKey:
    """The key of an installation's backups, one line of text."""

    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """Eight hexadecimal digits that tell one key from another and say nothing about it."""
        return self._derive_subkey(b"name").hex()[:8]

    def seal(self, manifest: bytes) -> bytes:
        """The seal of a backup with this manifest: a small JSON document."""
        told = {"scheme": _SCHEME, "key": self.name, "mac": self._sign_manifest(manifest)}
        return json.dumps(told, indent=1).encode()

    def fits(self, mac: object, manifest: bytes) -> bool:
        """Whether the seal `mac` was made with this key for this manifest."""
        return isinstance(mac, str) and hmac.compare_digest(
            mac.encode(), self._sign_manifest(manifest).encode()
        )

    def encrypt(self, source: BinaryIO, target: BinaryIO) -> None:
        """Copy `source` to `target` as an age file that this key opens."""
        identity = pyrage.x25519.Identity.from_str(self.text)
        pyrage.encrypt_io(source, target, [identity.to_public()])

    def decrypt(self, source: BinaryIO, target: BinaryIO) -> None:
        """Copy the content of the age file `source` to `target`. Raises BackupDamaged if that fails."""
        try:
            pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(self.text)])
        except (pyrage.DecryptError, OSError) as error:
            if getattr(error, "errno", None) is not None:  # the disk's, not the file's
                raise
            raise BackupDamaged(
                f"The key {self.name} does not open the backup: it is encrypted for another, or altered."
            ) from None

    def _sign_manifest(self, manifest: bytes) -> str:
        return hmac.new(self._derive_subkey(b"seal"), manifest, hashlib.sha256).hexdigest()

    def _derive_subkey(self, purpose: bytes) -> bytes:
        return hmac.digest(self.text.encode(), b"peer-challenge backup " + purpose, "sha256")


def read_backup_key(file: Path) -> BackupKey:
    """The key in a file, comments and empty lines left out. Raises WrongUse when there is none."""
    with file.open("rb") as opened:
        text = opened.read(_LONGEST_KEY).decode("utf-8", "replace")
    return parse_backup_key(text, file.name)


def parse_backup_key(text: str, where: str) -> BackupKey:
    """The key in a text that comes from `where`. Raises WrongUse when there is none."""
    lines = [line.strip().upper() for line in text.removeprefix("\ufeff").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    try:
        pyrage.x25519.Identity.from_str(lines[0] if len(lines) == 1 else "")
    except pyrage.IdentityError:
        raise WrongUse(
            f"{where} holds no backup key.",
            remedy="A key is one line that begins with AGE-SECRET-KEY-1. Copy the whole line.",
            about="secret",
        ) from None
    return BackupKey(lines[0])


def locate_backup_key(settings: Settings) -> Path:
    """Where an installation keeps the key of its backups."""
    return settings.var / KEY_FILE


def find_backup_key(settings: Settings) -> BackupKey | None:
    """The installation's key; None where it has none yet."""
    file = locate_backup_key(settings)
    return read_backup_key(file) if file.exists() else None


def ensure_backup_key(settings: Settings) -> BackupKey:
    """The installation's key, made at its first use. Two processes that ask at once get one key."""
    if (known := find_backup_key(settings)) is not None:
        return known
    made = BackupKey(str(pyrage.x25519.Identity.generate()))
    return made if store_backup_key(settings, made) else read_backup_key(locate_backup_key(settings))


def store_backup_key(settings: Settings, key: BackupKey) -> bool:
    """Keep `key` as the installation's own. Returns False if it already has one, which is not replaced."""
    file = locate_backup_key(settings)
    draft = file.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    make_private_folder(file.parent)
    try:
        with os.fdopen(open_private(draft), "w") as out:
            out.write(f"# The key of this installation's backups. Keep a copy elsewhere.\n{key.text}\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def is_age_file(backup: BinaryIO) -> bool:
    """Whether an open backup is an age file; it is left at its beginning."""
    head = backup.read(len(_ENCRYPTED))
    backup.seek(0)
    return head == _ENCRYPTED


def check_seal(seal: bytes | None, manifest: bytes, key: BackupKey | None) -> None:
    """Raises BackupUnsealed, BackupKeyMissing or BackupDamaged unless the seal was made with this key."""
    if seal is None:
        raise BackupUnsealed("The backup bears no seal: nothing shows who made it.")
    told = _read_seal(seal)
    if key is None:
        raise BackupKeyMissing(f"The backup is sealed with the key {told['key']}, which is not here.")
    if told["key"] != key.name:
        raise BackupKeyMissing(
            f"The backup is sealed with the key {told['key']}; the key given is {key.name}."
        )
    if not key.fits(told["mac"], manifest):
        raise BackupDamaged("The backup was altered after it was sealed.")


def _read_seal(seal: bytes) -> dict[str, object]:
    try:
        told = json.loads(seal[:_LONGEST_SEAL])
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("scheme") != _SCHEME or not _can_be_key_name(told.get("key")):
        raise BackupDamaged("The seal of the backup can't be read.")
    return {"mac": None, **told}


def _can_be_key_name(told: object) -> bool:
    return isinstance(told, str) and len(told) == 8 and set(told) <= set("0123456789abcdef")
