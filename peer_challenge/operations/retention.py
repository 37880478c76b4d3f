"""Retention: what a closed cycle keeps and for how long, legal holds, and destroying what it may not keep.

Kept for good: ratings, what was agreed, dates, the record of dispatches, hashes, the journal. Destroyed
once the time is over: originals, narratives, names of files, contacts, files still in the outbox.
Words go from the register in one transaction, and files after it. If a run is killed, the next one
removes the files that it left.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.deadline_counting import add_months
from peer_challenge.errors import WrongUse
from peer_challenge.intake.rejected_folder import RejectedFolder
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import say_how_many
from peer_challenge.outbox.look_before_sending import tidy_files_to_look_at
from peer_challenge.register import journal, outbox, purging, submission_counts
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import (
    ClosedCycle,
    list_closed,
    load_state,
    load_stored,
    replace_cycle,
)
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.legal_holds import HELD, LIFTED, find_legal_hold
from peer_challenge.register.records import CycleState
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import remove_file

log = logging.getLogger(__name__)
MOST_MONTHS = 1200
"""A hundred years: more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed cycle: when its time is over, and why it is kept longer (empty if it is not)."""

    cycle_id: str
    closed_on: date
    months: int
    purge_on: date
    submissions: int
    kept_because: str = ""

    def is_due(self, today: date) -> bool:
        """Whether it is to be purged on `today`."""
        return today >= self.purge_on and not self.kept_because

    def as_dict(self) -> dict[str, object]:
        """The closed cycle as a mapping for JSON, days as ISO dates."""
        return {name: str(v) if isinstance(v, date) else v for name, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Due:
    """What the next run would destroy: closed cycles, and how many documents that belong to no cycle."""

    cycles: tuple[Kept, ...] = ()
    strays: int = 0

    @property
    def mark(self) -> str:
        """A text that is another one when something else is due."""
        return " ".join([*sorted(one.cycle_id for one in self.cycles), str(self.strays)])


@dataclass(frozen=True, slots=True)
class Purged:
    """What one run destroyed: cycles by id, submissions of no cycle, and files."""

    cycles: tuple[str, ...] = ()
    strays: int = 0
    files: int = 0


def list_kept_cycles(register: Register, settings: Settings) -> list[Kept]:
    """Every closed cycle that was not purged; the one whose time is over first comes first."""
    with register.reading() as connection:
        return _read_kept_cycles(connection, settings)


def list_due(register: Register, settings: Settings, at: datetime) -> Due:
    """What a run at `at` would destroy."""
    with register.reading() as connection:
        kept = _read_kept_cycles(connection, settings)
        strays = purging.count_strays(connection, before=_first_day_kept(settings, at))
    return Due(tuple(one for one in kept if one.is_due(local_day(at))), strays)


def _first_day_kept(settings: Settings, at: datetime) -> date:
    """The day from which documents of no cycle are kept."""
    return add_months(local_day(at), -settings.retention_months)


def _read_kept_cycles(connection: Transaction, settings: Settings) -> list[Kept]:
    found = [_describe_kept_cycle(connection, cycle, settings) for cycle in list_closed(connection)]
    return sorted(found, key=lambda kept: (kept.purge_on, kept.cycle_id))


def _describe_kept_cycle(connection: Transaction, cycle: ClosedCycle, settings: Settings) -> Kept:
    closed_on, months = local_day(cycle.closed_at), cycle.retention_months or settings.retention_months
    why = find_legal_hold(connection, cycle.id)
    if not why and outbox.has_unfinished(connection, cycle.id):
        why = "dispatches have not gone out"
    count = submission_counts.count_in_cycle(connection, cycle.id)
    return Kept(cycle.id, closed_on, months, add_months(closed_on, months), count, why or "")


def change_legal_hold(
    register: Register, cycle_id: str, reason: str, *, at: datetime, actor: str, lift: bool
) -> None:
    """Put a cycle under legal hold, or lift it. Nothing of the cycle is destroyed under a hold.

    Raises WrongUse without a reason, for an unknown or purged cycle, for a hold that is already there, and
    for lifting one that is not.
    """
    why = read_reason(reason)
    with register.writing() as connection:
        state = load_state(connection, cycle_id)
        if state in (None, CycleState.PURGED):
            raise WrongUse(
                f"There is no cycle {cycle_id} that could be held.",
                remedy="The Retention page and `peer-challenge retain --dry-run` list the cycles.",
            )
        if lift == (find_legal_hold(connection, cycle_id) is None):
            raise WrongUse(
                f"{cycle_id} is {'not' if lift else 'already'} under legal hold.",
                remedy="Nothing was changed.",
            )
        journal.append_entry(
            connection, LIFTED if lift else HELD, at=at, actor=actor, cycle_id=cycle_id, reason=why
        )


@dataclass(frozen=True, slots=True)
class MonthsKept:
    """How long one cycle is kept: its own months, None where the settings' count; what follows, in words."""

    cycle: Cycle
    months: int | None
    told: tuple[str, ...]


def describe_months(
    connection: Transaction, settings: Settings, cycle_id: str, months: int | None, at: datetime
) -> MonthsKept:
    """What would follow if a cycle were kept for `months` from its closing (None: as the settings say).

    Changes nothing. Raises WrongUse for an unknown or purged cycle, and where it is kept so long already.
    """
    cycle = _load_kept_cycle(connection, cycle_id)
    if cycle.rules.retention_months == months:
        raise WrongUse(
            f"{cycle.name} is kept so long already.", remedy="Give another number of months.", about="months"
        )
    now, then = (one or settings.retention_months for one in (cycle.rules.retention_months, months))
    told = [f"{cycle.name} is kept for {say_how_many(then, 'month')} after it closed, instead of {now}."]
    closed = next((one for one in list_closed(connection) if one.id == cycle_id), None)
    if closed is None:
        told.append("It is open. The months count from the day on which it closes.")
    else:
        told += _say_when_it_goes(connection, replace(closed, retention_months=months), settings, at)
    return MonthsKept(cycle, cycle.rules.retention_months, tuple(told))


def _say_when_it_goes(
    connection: Transaction, closed: ClosedCycle, settings: Settings, at: datetime
) -> Iterator[str]:
    then = _describe_kept_cycle(connection, closed, settings)
    words = say_how_many(then.submissions, "document")
    yield f"It closed on {day_in_words(then.closed_on)}, and is kept until {day_in_words(then.purge_on)}."
    if then.kept_because:
        yield f"Nothing of it is destroyed while this holds: {then.kept_because}."
    elif then.is_due(local_day(at)):
        yield f"That is over. The next weekly run destroys {words} and what was written in them, for good."
    else:
        yield f"{words.capitalize()} and what was written in them are destroyed then, for good."


def change_months(
    register: Register,
    settings: Settings,
    cycle_id: str,
    months: int | None,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """Keep one cycle, open or closed, for so many months after it closed; None: as long as the settings say.

    The cycle as it was is one of its earlier versions then. Raises WrongUse as describe_months does, without
    a reason, and for a number that is none.
    """
    why = read_reason(reason)
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise WrongUse(
            f"{months} months are too few or too many.", remedy=f"Give 1 to {MOST_MONTHS}.", about="months"
        )
    with register.writing() as connection:
        before = describe_months(connection, settings, cycle_id, months, at)
        rules = before.cycle.rules.model_copy(update={"retention_months": months})
        after = before.cycle.model_copy(update={"rules": rules})
        replace_cycle(connection, after, at=at, actor=actor, reason=why)
        journal.append_entry(
            connection,
            "months kept changed",
            at=at,
            actor=actor,
            cycle_id=cycle_id,
            before=before.months,
            after=months,
            reason=why,
        )


def _load_kept_cycle(connection: Transaction, cycle_id: str) -> Cycle:
    """A cycle that is not purged. Raises WrongUse."""
    if load_state(connection, cycle_id) in (None, CycleState.PURGED):
        raise WrongUse(
            f"There is no cycle {cycle_id} that is kept.",
            remedy="The Retention page and `peer-challenge retain --dry-run` list the cycles.",
        )
    return load_stored(connection, cycle_id)[0]


def purge_by_hand(
    register: Register, settings: Settings, reason: str, *, seen: str, at: datetime, actor: str
) -> Purged:
    """Destroy now what the weekly run would destroy, because the office asks for it.

    `seen` is the mark (`Due.mark`) of what the office was shown. Raises WrongUse without a reason, where
    nothing is due, and where something else is due than was shown.
    """
    why, due = read_reason(reason), list_due(register, settings, at)
    if due.mark != seen:
        raise WrongUse(
            "Something else is due than this page showed.",
            remedy="Nothing was destroyed. Look at the list as it is now, then decide again.",
        )
    if not due.cycles and not due.strays:
        raise WrongUse("Nothing has been kept too long.", remedy="See on the page until when each is kept.")
    with register.writing() as connection:
        journal.append_entry(connection, "retention asked for", at=at, actor=actor, reason=why)
    return purge_expired_data(register, settings, at, actor=actor)


def purge_expired_data(
    register: Register, settings: Settings, at: datetime, *, actor: str = journal.SYSTEM
) -> Purged:
    """Destroy what has been kept too long at `at`. Can be run at any time and twice, and killed anywhere."""
    with register.reading() as connection:
        due = [kept for kept in _read_kept_cycles(connection, settings) if kept.is_due(local_day(at))]
    done = tuple(kept.cycle_id for kept in due if _purge_cycle(register, settings, kept.cycle_id, at, actor))
    with register.writing() as connection:
        strays = purging.purge_strays(connection, before=_first_day_kept(settings, at), at=at, actor=actor)
    with register.exclusive("advance") as is_ours:
        if is_ours:  # who holds it removes them
            tidy_files_to_look_at(register, settings)
    files = _remove_purged_files(register, settings)
    purging.forget_old_pages(register)
    return Purged(done, strays, files)


def _purge_cycle(register: Register, settings: Settings, cycle_id: str, at: datetime, actor: str) -> bool:
    """Purge one cycle, unless somebody held it meanwhile."""
    with register.writing() as connection:
        still = {kept.cycle_id: kept for kept in _read_kept_cycles(connection, settings)}
        if cycle_id not in still or not still[cycle_id].is_due(local_day(at)):
            return False
        purging.purge_cycle(connection, cycle_id, at=at, actor=actor)
        return True


def _remove_issued_file(settings: Settings, path: str) -> bool:
    """Remove a file from the outbox; False where it is not there, or not ours to remove (doctor tells)."""
    try:
        return remove_file(settings.outbox_folder, path)
    except PermissionError:
        log.warning("a file of a purged cycle in the outbox can't be removed")
        return False


def list_left_in_outbox(connection: Transaction, settings: Settings) -> list[str]:
    """The paths in the outbox of what went out in purged cycles and is still there."""
    paths = purging.issued_in_purged_cycles(connection)
    return [path for path in paths if os.path.lexists(settings.outbox_folder / path)]


def _remove_purged_files(register: Register, settings: Settings) -> int:
    """Remove the files of all that is purged, as the only writer: no intake records one meanwhile."""
    archive = Archive(settings.archive_folder)
    with register.writing() as connection:
        gone = purging.purged_originals(connection)
        files = sum(archive.destroy(sha256) for sha256 in sorted(gone))
        files += sum(
            _remove_issued_file(settings, path) for path in purging.issued_in_purged_cycles(connection)
        )
        for path in RejectedFolder(settings.rejected_folder).copies_of(gone):
            path.unlink()
            files += 1
    return files
