"""What `peer-challenge rehearse` does first: a marked folder, and a local Prefect that comes up meanwhile."""

import gc
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.errors import WrongUse
from peer_challenge.model.messages import Delivery
from peer_challenge.operations.kept_rehearsal import MARK, read_mark
from peer_challenge.settings import Settings, load_settings

_PARTS = ("inbox", "outbox", "var")
_REAL = tuple(
    f"PEER_CHALLENGE_{name}" for name in ("DATABASE_URL", "INBOX", "OUTBOX", "DELIVERY", "SMTP_", "MAIL_")
)


def run_rehearsal(into: Path, areas: int, seed: int, by_email: str = "", mailbox: str = "") -> None:
    """Run a rehearsal in the folder `into`, or go on with one that was interrupted.

    With `by_email`, a mail server as HOST:PORT, every document leaves in a message through it. With
    `mailbox`, an IMAP server as HOST:PORT, every return comes as an email in the mailbox there, of the user
    and with the password that the environment names. Raises WrongUse when the folder is not a rehearsal's, or
    when the rehearsal does not reach its end.
    """
    began = time.monotonic()
    home = into.resolve()
    settings = _prepare_folder(
        home, {"areas": areas, "seed": seed}, _read_server(by_email) | _read_mailbox(mailbox)
    )
    prepare_prefect(settings, quiet=True)
    gc.set_threshold(50_000, 20, 100)  # trees of documents die young: 7% of the time went on looking
    with local_prefect() as server:
        from cli.rehearse_cycle import run_cycle  # seconds of imports, while the server starts

        is_finished = run_cycle(settings, areas, seed, server, began)
    _write_mark(home, (read_mark(home) or {}) | {"is_finished": is_finished})
    if not is_finished:
        raise WrongUse(
            "The rehearsal did not reach the end.",
            remedy=f"See how far it got: peer-challenge status --home {home}",
        )


def _read_server(by_email: str) -> dict[str, str]:
    """The settings with which a rehearsal's messages go through a server, or into folders without one."""
    if not by_email:
        return {"DELIVERY": Delivery.FOLDER.value}
    host, port = _split_server(by_email)
    return {"DELIVERY": Delivery.SEND.value, "SMTP_HOST": host, "SMTP_PORT": port, "SMTP_TLS": "false"}


def _read_mailbox(mailbox: str) -> dict[str, str]:
    """The settings with which a rehearsal's returns come through a mailbox; none without one."""
    if not mailbox:
        return {"IMAP_HOST": ""}
    host, port = _split_server(mailbox)
    return {"IMAP_HOST": host, "IMAP_PORT": port}


def _split_server(named: str) -> tuple[str, str]:
    host, _, port = named.rpartition(":")
    if not host or not port.isdigit():
        raise WrongUse(f"`{named}` is no mail server.", remedy="Give it as HOST:PORT: localhost:8025, say.")
    return host, port


def _write_mark(home: Path, says: Mapping[str, object]) -> None:
    (home / MARK).write_text(json.dumps(says))


def _prepare_folder(home: Path, wanted: dict[str, int], post: dict[str, str]) -> Settings:
    before = read_mark(home)
    if home.exists() and any(home.iterdir()) and before is None:
        raise WrongUse(
            f"{home} is not a rehearsal's folder.",
            remedy="Nothing was touched. Name an empty or a new folder: --into DIR.",
        )
    is_another = before is not None and any(before.get(name) != value for name, value in wanted.items())
    if before is not None and (before.get("is_finished") or is_another):
        for part in _PARTS:
            shutil.rmtree(home / part, ignore_errors=True)
        before = None
    home.mkdir(parents=True, exist_ok=True)
    if before is None:
        _write_mark(home, wanted)
    environment = {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "true"}
    for name in [name for name in os.environ if name.startswith(_REAL)]:
        del os.environ[name]  # a rehearsal never touches a real cycle's, and writes to nobody
    environment |= {f"PEER_CHALLENGE_{name}": value for name, value in post.items()}
    os.environ.update(environment)  # the flows open the installation by its folder and these
    settings = load_settings(home)
    settings.make_folders()
    return settings
