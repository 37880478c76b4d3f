"""Killing intake and advance, then running them again: what tests and the long run share.

The steps are the calls that change the world outside: syncs, renames, links, unlinks and commits. A
child process counts them and kills itself (SIGKILL) at the one asked for; or it is killed from outside
after some time, at whatever instruction it then is.
"""

import importlib
import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.word.process import shared_pool
from tests.factories import a_cycle, a_filled
from tests.migrated import make_installation
from tests.unit.intake.emails.wrapping import an_email

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
_STEPS = ((os, "fsync"), (os, "link"), (os, "unlink"), (os, "rename"), (os, "replace"))


def settings_of(home: Path) -> Settings:
    """The settings of an installation for these runs."""
    return load_settings(
        home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    )


def make(home: Path) -> None:
    """An installation whose cycle is open and whose four self-assessments wait in the inbox.

    One is there twice; two came in one email, with evidence.
    """
    importlib.import_module(
        "peer_challenge.submissions.run_great_expectations"
    )  # once here, not in every child
    settings, cycle = settings_of(home), a_cycle(4)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    advance_challenges(register, settings, AT)
    register.close()
    forms = [a_filled(Kind.SELF_ASSESSMENT, area.id, areas=4, turn=1) for area in cycle.participants]
    for number, data in enumerate(forms[:2]):
        (settings.inbox_folder / f"{number}.docx").write_bytes(data)
    email = an_email(
        ("two.docx", forms[2]),
        ("three.docx", forms[3]),
        ("Annex.pdf", b"%PDF-1.7"),
        sent=AT - timedelta(hours=1),
    )
    (settings.inbox_folder / "both.eml").write_bytes(email.as_bytes())
    shutil.copyfile(settings.inbox_folder / "0.docx", settings.inbox_folder / "again.docx")
    (settings.inbox_folder / "notes.pdf").write_bytes(b"%PDF-1.4 not a form")


def run(home: Path) -> None:
    """Intake, then advance, as the service does."""
    settings = settings_of(home)
    register = open_register(settings)
    take_in_ready_documents(register, settings, AT)
    advance_challenges(register, settings, AT)
    register.close()


def run_flows(home: Path) -> None:
    """The same through Prefect's flows, of whose server PREFECT_API_URL and its password tell."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.advance import advance as advance_flow
    from flows.intake import intake as intake_flow

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        intake_flow(str(home), AT.isoformat())
        advance_flow(str(home), AT.isoformat())


def run_in_child(
    home: Path,
    kill_at: int | None = None,
    *,
    after: float | None = None,
    run: Callable[[Path], None] = run,
) -> tuple[bool, int]:
    """Run in a child process that is killed at its `kill_at`th step, or `after` so many seconds.

    Returns whether it was killed, and the steps made where it was not.
    """

    def work() -> str:
        made = _count_steps(kill_at)
        run(home)
        return str(made())

    was_killed, told = _in_child(work, after)
    return was_killed, int(told or "0")


def said_by_run(home: Path, prepare: Callable[[], object] = lambda: None) -> str:
    """The kind of error that a run in a process of its own ends with, after `prepare`; "" for none."""

    def work() -> str:
        prepare()
        try:
            run(home)
        except PeerChallengeError as error:
            return type(error).__name__
        except BaseException as error:
            return f"NOT TOLD: {type(error).__name__}"
        return ""

    was_killed, told = _in_child(work)
    return "NOT TOLD: killed" if was_killed else told


def _in_child(work: Callable[[], str], kill_after: float | None = None) -> tuple[bool, str]:
    """Whether the forked process was killed, and what its work gave."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        shared_pool._kept.clear()  # the parent's children are not ours
        try:
            os.write(writing, work().encode())
            shared_pool._close_all_pools()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    try:
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    except KeyboardInterrupt:  # a long run is ended: its child is not to work on
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    told = os.read(reading, 200).decode()
    os.close(reading)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run in the child failed"
    return os.WIFSIGNALED(status), told


def _count_steps(kill_at: int | None) -> Callable[[], int]:
    made = 0

    def step() -> None:
        nonlocal made
        made += 1
        if made == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counting(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            step()
            done = call(*args, **kwargs)
            step()
            return done

        return counted

    for module, name in _STEPS:
        setattr(module, name, counting(getattr(module, name)))
    sa.event.listen(sa.engine.Engine, "commit", lambda _connection: step())
    return lambda: made


def wrongs(home: Path, expected: dict[str, bytes]) -> list[str]:
    """What is wrong after a kill and a second run: nothing lost, nothing twice, nothing astray."""
    settings = settings_of(home)
    found = [
        f"doctor: {check.saw}"
        for check in examine_installation(settings)
        if not check.is_well and check.is_fatal
    ]
    assert found or is_healthy(examine_installation(settings))
    register = open_register(settings)
    with register.reading() as connection:
        shas = list(connection.scalars(sa.select(t.submissions.c.sha256)))
        issued = connection.execute(sa.select(t.dispatches.c.state, t.dispatches.c.path)).fetchall()
        of_email = [
            connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (t.received_emails, t.email_submissions, t.email_attachments)
        ]
    register.close()
    if len(shas) != len(set(shas)) or len(shas) != 5:
        found.append(f"{len(shas)} submissions, {len(set(shas))} of them different, where there are 5")
    if any(row.state != "issued" for row in issued):
        found.append("a dispatch did not go out")
    if outbox_of(home) != expected:
        found.append("the outbox is not that of a run that nothing stopped")
    if of_email != [1, 2, 1]:
        found.append(f"emails, forms in them and files beside: {of_email}")
    if [path.name for path in settings.inbox_folder.iterdir() if path.suffix in (".docx", ".eml")]:
        found.append("a document is still in the inbox")
    rejected = [path.name for path in settings.rejected_folder.iterdir()]
    if sorted(rejected) != ["notes.pdf", "notes.pdf.reason.txt"]:
        found.append("what was rejected does not lie there once, with its reason")
    if left := [str(path) for path in settings.intake_folder.rglob("*")]:
        found.append(f"{len(left)} files or folders of claims are left")
    return found


def outbox_of(home: Path) -> dict[str, bytes]:
    """Every file in the outbox, drafts too."""
    folder = home / "outbox"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
