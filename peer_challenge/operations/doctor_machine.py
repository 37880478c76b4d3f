"""What `doctor` checks outside the register: versions, clock, who may read the folders, Prefect."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from shlex import quote

from packaging.requirements import Requirement

from peer_challenge.operations import prefect_access
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.home_modes import find_open_files
from peer_challenge.operations.prefect_runs import (
    LATE_AFTER,
    NO_ANSWER,
    STUCK_AFTER,
    read_failed_runs,
    read_unended_runs,
)
from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

_REHEARSAL = "this-is-a-rehearsal.json"
_AHEAD = timedelta(minutes=5)
"""Two machines that share a register may differ a little; a clock that was set back is further off."""


def check_machine(settings: Settings) -> Iterator[Check]:
    """Every check that needs no register."""
    yield _check_versions()
    yield _check_privacy(settings)
    yield from _check_prefect(settings)


def _check_versions() -> Check:
    """The packages that run against those this version was made for."""
    try:
        wanted = [Requirement(told) for told in requires("peer-challenge") or ()]
    except PackageNotFoundError:  # run from a copy of the files
        wanted = []
    wrong = [found for one in wanted if one.marker is None and (found := _describe_wrong_version(one))]
    return Check(
        "versions",
        not wrong,
        "; ".join(wrong) if wrong else f"{len(wanted)} packages, each as this version wants it",
        "Run `make setup`, which brings the packages of the lock file.",
        is_fatal=False,
    )


def _describe_wrong_version(wanted: Requirement) -> str:
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return "" if wanted.specifier.contains(found, prereleases=True) else f"{wanted.name} is {found}"


def _check_privacy(settings: Settings) -> Check:
    """Whether everybody on this machine may read what areas wrote."""
    open_files = find_open_files(settings)
    in_var = [path for path in open_files if path.is_relative_to(settings.var)]
    elsewhere = [path for path in open_files if path not in in_var]
    commands = [f"chmod -R go-rwx {quote(str(settings.var))}"] if in_var else []
    commands += [f"chmod o-rwx {' '.join(quote(str(path)) for path in elsewhere)}"] if elsewhere else []
    return Check(
        "folders are closed to others",
        not open_files,
        f"others on this machine may read {len(open_files)} files or folders, {open_files[0]} first"
        if open_files
        else "its account alone may read var, and only their group the rest",
        f"Close them: {'; '.join(commands)}",
        is_fatal=False,
    )


def check_machine_clock(register: Register, settings: Settings, at: datetime) -> Check:
    """Whether the clock is earlier than the newest journal entry, as happens after it was set back.

    A rehearsal writes in simulated time, so it always passes.
    """
    if (settings.home / _REHEARSAL).exists():
        return Check("clock", True, "simulated, in a rehearsal")
    with register.reading() as connection:
        last = journal.find_newest_time(connection)
    is_well = last is None or last <= at + _AHEAD
    return Check(
        "clock",
        is_well,
        f"{at:%Y-%m-%d %H:%M} UTC" + ("" if is_well else f", but the journal has {last:%Y-%m-%d %H:%M}"),
        "Set this machine's clock, and let it be kept (systemd-timesyncd or chrony): deadlines count by it.",
        is_fatal=False,
    )


def _check_prefect(settings: Settings) -> Iterator[Check]:
    """Whether Prefect answers, and whether its runs come to an end and begin in time."""
    url = prefect_access.find_prefect_api_url(settings)
    if prefect_access.takes_password(url, None):
        yield Check(
            "Prefect asks for a password",
            False,
            f"{url} answers anybody: anyone who can reach it can start and stop what this service does",
            "End that Prefect server. `peer-challenge serve` starts one that asks for a password.",
        )
    name, start = "Prefect", "Start the service (`peer-challenge serve`); commands work without it."
    try:
        runs = read_unended_runs(url, settings, seconds=3)
        failed = read_failed_runs(url, settings, seconds=3)
    except NO_ANSWER as error:
        yield Check(name, False, f"does not answer at {url} ({type(error).__name__})", start, is_fatal=False)
        return
    yield Check(name, True, f"answers at {url}")
    stuck, late = sum(run.is_stuck for run in runs), sum(run.is_late for run in runs)
    yield Check(
        "runs",
        not stuck and not late and not failed,
        f"{stuck} running for more than {_format_minutes(STUCK_AFTER)}, "
        f"{late} that should have begun {_format_minutes(LATE_AFTER)} ago, "
        f"{len(failed)} that failed and were not made good by a later one",
        "Look at Prefect's page. A run that hangs: cancel it there. None begins: start the worker again. One "
        "that failed: its page says at which step and why. Correct that, then run the same flow again there.",
    )


def _format_minutes(time: timedelta) -> str:
    return f"{time // timedelta(minutes=1)} minutes"
