"""The rehearsal's post: who has been sent which form, and when each answer arrives."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias, TypeVar

from peer_challenge.clock import LONDON
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import is_final_stage
from peer_challenge.model.kinds_of_submission import DUE_BY, TIME_FOR_REPORT
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, DeadlineName, Kind, Stage
from peer_challenge.register import challenges, outbox, submissions
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import list_ends
from peer_challenge.register.records import Challenge, CycleState, Dispatch, Submission
from peer_challenge.rehearsal.evidence import add_evidence
from peer_challenge.rehearsal.post_by_email import ReturnedForm, put_into_mailbox
from peer_challenge.rehearsal.region import Region
from peer_challenge.settings import Settings
from peer_challenge.word.form.forms import FORMS, KIND_ON, OF_CORRECTIONS

_MOST_ROUNDS = 4
"""Mistakes are made in the first version only: what is not accepted by the fourth never will be."""
_CORRECTED_AFTER = timedelta(days=3)
"""Less than the week from one post to the next: what was asked about is corrected by the next."""
_POST_DAYS = (1,)  # post is opened on Tuesdays, so that a rehearsal is short
_WORKING = WorkingDays()


@dataclass(frozen=True, slots=True)
class _Return:
    at: datetime
    kind: Kind
    who: str
    author: str
    form: str
    round: int = 0
    event_on: date | None = None


_Found = TypeVar("_Found")
_ByKind: TypeAlias = dict[tuple[str, str], _Found]
"""Of a challenge and a kind."""


@dataclass(frozen=True, slots=True)
class _Post:
    """What the register holds about a cycle's post."""

    sent: _ByKind[Dispatch]
    came: _ByKind[list[Submission]]
    due: dict[str, dict[DeadlineName, date]]


@dataclass(slots=True)
class Postbag:
    """The documents on their way to the inbox, worked out from the register alone.

    An interrupted rehearsal can therefore continue: a form that has been answered is not answered again.
    """

    register: Register
    settings: Settings
    areas: int
    seed: int
    cycle_id: str | None = None
    """Whose post it is; the oldest cycle's when not given."""
    _region: Region | None = field(default=None)

    def next_after(self, now: datetime) -> datetime | None:
        """When something happens next; None when the cycle has closed.

        That is the next post, the end of an event, the end of the days in which a draft can be corrected, or
        the day on which a progress report is asked for.
        """
        with self.register.reading() as connection:
            if self._cycle_id(connection) not in cycle_ids(connection):
                return None
            coming = [item.at for item in self._list_expected_returns(connection)]
            events = list_ends(connection)
            coming += self._list_asking_times(connection)
            coming += self._list_ends_of_drafts(connection)
        coming += [_find_next_post_time(at + timedelta(days=1)) for at in events]
        later = [at for at in coming if at > now]
        return min(later) if later else _find_next_post_time(now + timedelta(days=1))

    def deliver(self, now: datetime) -> int:
        """Let the documents that come by `now` arrive; returns how many there were.

        They come into the inbox, or into the office's mailbox where one is set. Raises MailboxAway.
        """
        with self.register.reading() as connection:
            arriving = [item for item in self._list_expected_returns(connection) if item.at <= now]
            cycle, _ = load_stored(connection, self._cycle_id(connection)) if arriving else (None, None)
        forms = []
        for item in arriving:
            form = (self.settings.outbox_folder / item.form).read_bytes()
            data = self._load_region().fill(
                item.kind, form, item.who, round=item.round, on=item.at.date(), event_on=item.event_on
            )
            name = self._load_region().file_name(item.kind, item.who, item.round, author=item.author)
            if cycle is not None and _has_evidence(cycle, item):
                name, data = add_evidence(name, data)
            key = f"{item.author}.{item.kind}.{item.round}.{item.at:%Y%m%d}"
            forms.append(ReturnedForm(key, item.who, name, data, item.at))
        if cycle is not None and self.settings.imap_host:
            put_into_mailbox(self.settings, cycle, forms)
        else:
            for number, one in enumerate(forms):
                self._put_into_inbox(one.name, one.data, number)
        return len(forms)

    def _list_asking_times(self, connection: Transaction) -> list[datetime]:
        """When each form of a progress report goes out that has not gone out yet."""
        due = challenges.due_dates_in(connection, self._cycle_id(connection))
        days = [
            due[one.id][DeadlineName.PROGRESS_REPORT_DUE] - TIME_FOR_REPORT
            for one in challenges.list_challenges_in_cycle(connection, self._cycle_id(connection))
            if DeadlineName.PROGRESS_REPORT_DUE in due.get(one.id, {})
            and one.last_review + 1 not in outbox.list_reviews_asked_for(connection, one.id)
        ]
        return [_find_next_post_time(datetime.combine(day, time(8), LONDON)) for day in days]

    def _list_ends_of_drafts(self, connection: Transaction) -> list[datetime]:
        """When the time of each draft summary is over that is out."""
        due = challenges.due_dates_in(connection, self._cycle_id(connection))
        days = [
            due[one.id][name] + timedelta(days=1)
            for one in challenges.list_challenges_in_cycle(connection, self._cycle_id(connection))
            if one.stage is Stage.DRAFTED
            for name in (DUE_BY[kind] for kind in OF_CORRECTIONS)
            if name in due.get(one.id, {})
        ]
        return [_find_next_post_time(datetime.combine(day, time(8), LONDON)) for day in days]

    def _load_region(self) -> Region:
        if self._region is None:
            with self.register.reading() as connection:
                cycle, framework = load_stored(connection, self._cycle_id(connection))
            self._region = Region(self.seed, cycle, framework)
        return self._region

    def _put_into_inbox(self, name: str, data: bytes, number: int) -> None:
        inbox = self.settings.inbox_folder
        draft = inbox / f".{name}.tmp"
        draft.write_bytes(data)
        os.utime(draft, (1_700_000_000 + number, 1_700_000_000 + number))  # the order they were posted in
        place = inbox / name
        counter = 2
        while place.exists():
            place = inbox / f"{Path(name).stem} ({counter}){Path(name).suffix}"
            counter += 1
        draft.rename(place)

    def _cycle_id(self, connection: Transaction) -> str:
        return self.cycle_id or cycle_ids(connection, states=(CycleState.OPEN, CycleState.CLOSED))[0]

    def _list_expected_returns(self, connection: Transaction) -> list[_Return]:
        cycle_id = self._cycle_id(connection)
        post = _Post(
            self._find_newest_forms(connection, cycle_id),
            self._group_versions_by_kind(connection, cycle_id),
            challenges.due_dates_in(connection, cycle_id),
        )
        found = [
            self._plan_next_return(challenge, kind, post)
            for challenge in challenges.list_challenges_in_cycle(connection, cycle_id)
            if not is_final_stage(challenge.stage)
            for kind in FORMS
        ]
        return sorted((item for item in found if item), key=lambda item: (item.at, item.kind, item.author))

    @staticmethod
    def _find_newest_forms(connection: Transaction, cycle_id: str) -> _ByKind[Dispatch]:
        """The newest form of each kind that went out in each challenge."""
        return {
            (form.challenge_id or "", form.kind): form
            for form in outbox.list_issued(connection, cycle_id, tuple(KIND_ON))
        }

    @staticmethod
    def _group_versions_by_kind(connection: Transaction, cycle_id: str) -> _ByKind[list[Submission]]:
        """The versions of each kind that came in each challenge, oldest first."""
        found: _ByKind[list[Submission]] = {}
        for version in submissions.list_versions(connection, cycle_id):
            found.setdefault((version.challenge_id or "", version.kind or ""), []).append(version)
        return found

    def _plan_next_return(self, challenge: Challenge, kind: Kind, post: _Post) -> _Return | None:
        form = post.sent.get((challenge.id, FORMS[kind].goes_out_as))
        if form is None or form.issued_at is None or form.path is None:
            return None
        versions = [one for one in post.came.get((challenge.id, kind), []) if one.review == form.review]
        if versions and (versions[-1].outcome in ACCEPTED_OUTCOMES or len(versions) >= _MOST_ROUNDS):
            return None
        who = form.recipient_id
        if kind in OF_CORRECTIONS and not self._load_region().people.has_corrections(
            challenge.author_id, who
        ):
            return None
        if versions:
            at = _find_next_post_time(versions[-1].received_at + _CORRECTED_AFTER)
        else:
            due = post.due.get(challenge.id, {}).get(DUE_BY[kind])
            if due is None:
                return None
            sent_on = datetime.combine(due, time(10), LONDON) + timedelta(
                days=self._load_region().lateness(kind, who)
            )
            at = _find_next_post_time(max(sent_on, form.issued_at + timedelta(days=1)))
        if kind is Kind.CHAIR_RECORD and challenge.event_on is not None:
            at = max(
                at,
                _find_next_post_time(
                    datetime.combine(challenge.event_on, time(10), LONDON) + timedelta(days=1)
                ),
            )
        return _Return(at, kind, who, challenge.author_id, form.path, len(versions), challenge.event_on)


def _has_evidence(cycle: Cycle, item: _Return) -> bool:
    """Whether a return has a file with it: the first self-assessment of the first area."""
    is_first = item.kind is Kind.SELF_ASSESSMENT and item.round == 0
    return is_first and item.who == cycle.authors[0].id and cycle.rules.evidence_goes_with_pack


def _find_next_post_time(at: datetime) -> datetime:
    """The first time the post is opened at or after `at`: ten o'clock, in London."""
    day = at.astimezone(LONDON)
    opened = day.replace(hour=10, minute=0, second=0, microsecond=0)
    while opened < day or opened.weekday() not in _POST_DAYS or not _WORKING.is_working_day(opened.date()):
        opened = (opened + timedelta(days=1)).replace(hour=10)
    return opened
