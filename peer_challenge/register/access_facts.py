"""The facts that the rules of access need, from the register: who wrote what, and who was sent what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from peer_challenge.model.access import Access, Document, Party, Person, Scope, Sent
from peer_challenge.model.kinds_of_submission import PASSES_ON
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, DispatchKind, Kind, Outcome, Role, Severity
from peer_challenge.register import messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.challenges import CHALLENGES
from peer_challenge.register.records import Challenge, Dispatch, Submission

MOST_ID = 2**63 - 1
"""The largest number that a database keeps; a larger one is nobody's id."""
_GUARD = "disclosure."


class Reach(Enum):
    """From when on a dispatch counts for its recipient."""

    SENT = "its message has gone: from then on the recipient may know what it says"
    RECEIVED = "its recipient has it or may have it: what it says is taken back with a letter"
    ISSUED = "its file is made: from then on the recipient may answer it, however it reached them"
    GOING = "its file is being put into the outbox: what it says of days has to be corrected when it goes"


ChallengeWithScope = tuple[Challenge, Scope]
SubmissionWithRights = tuple[Submission, Document]


def load_challenge(
    connection: Connection, cycle_id: str, author_id: str, reach: Reach = Reach.SENT
) -> ChallengeWithScope | None:
    """A challenge and its scope; None if there is none. The register gets the same queries in both cases.

    `reach` says from when on a dispatch counts for its recipient.
    """
    queries = _ask_for_challenges(_IS_ONE, _IS_OUT[reach])
    found = _load_challenges(connection, queries, cycle_id=cycle_id, author_id=author_id)
    return found[0] if found else None


def load_challenge_at_issue(connection: Connection, dispatch: Dispatch) -> ChallengeWithScope | None:
    """The challenge of a dispatch and its scope, as they are once the dispatch has gone out.

    Dispatches that are not held and were intended before it, or go to its reader with it, count as gone out
    as well.
    """
    found = _load_challenges(
        connection,
        _ask_for_challenges(_IS_OF_DISPATCH, _IS_OUT_WITH_DISPATCH),
        challenge_id=dispatch.challenge_id,
        dispatch_id=dispatch.id,
        recipient_id=dispatch.recipient_id,
        role=str(dispatch.role),
    )
    return found[0] if found else None


def challenges_of_cycle(
    connection: Connection, cycle_id: str, reach: Reach = Reach.SENT
) -> list[ChallengeWithScope]:
    """Every challenge of a cycle with its scope, by author; `reach` as in `load_challenge`."""
    queries = _ask_for_challenges(_IS_IN_CYCLE, _IS_OUT[reach])
    return _load_challenges(connection, queries, cycle_id=cycle_id)


_IS_ONE = sa.and_(
    t.challenges.c.cycle_id == sa.bindparam("cycle_id"), t.challenges.c.author_id == sa.bindparam("author_id")
)
_IS_IN_CYCLE = t.challenges.c.cycle_id == sa.bindparam("cycle_id")
_IS_OF_DISPATCH = t.challenges.c.id == sa.bindparam("challenge_id")
_IS_SENT = sa.and_(t.dispatches.c.state == outbox.ISSUED, messages.IS_SENT)
_IS_OUT: Mapping[Reach, ColumnElement[bool]] = {
    Reach.SENT: _IS_SENT,
    Reach.ISSUED: t.dispatches.c.state == outbox.ISSUED,
    Reach.RECEIVED: sa.and_(
        t.dispatches.c.state.in_([outbox.ISSUED, outbox.PLACING]), messages.MAY_BE_RECEIVED
    ),
    Reach.GOING: t.dispatches.c.state.in_([outbox.ISSUED, outbox.PLACING]),
}


_GOES_WITH_DISPATCH = sa.and_(
    t.dispatches.c.challenge_id == sa.bindparam("challenge_id"),
    t.dispatches.c.recipient_id == sa.bindparam("recipient_id"),
    t.dispatches.c.role == sa.bindparam("role"),
)
_IS_OUT_WITH_DISPATCH = sa.or_(
    t.dispatches.c.state == outbox.ISSUED,
    sa.and_(
        t.dispatches.c.state.in_([outbox.INTENDED, outbox.PLACING]),
        sa.or_(t.dispatches.c.id < sa.bindparam("dispatch_id"), _GOES_WITH_DISPATCH),
    ),
    t.dispatches.c.id == sa.bindparam("dispatch_id"),
)


@dataclass(frozen=True, slots=True)
class _ChallengeQueries:
    """What the register is asked for challenges and their scopes."""

    challenges: t.TableQuery
    sources: t.TableQuery
    sent: t.TableQuery
    accepted: t.TableQuery


@cache  # making a query takes as long as asking it, and every page of an area asks these
def _ask_for_challenges(wanted: ColumnElement[bool], is_out: ColumnElement[bool]) -> _ChallengeQueries:
    ids = sa.select(t.challenges.c.id).where(wanted)
    of_dispatches, of_submissions = t.dispatches.c, t.submissions.c
    return _ChallengeQueries(
        challenges=CHALLENGES.where(wanted).order_by(t.challenges.c.author_id),
        sources=sa.select(t.dispatch_sources.c.dispatch_id, of_submissions.kind)
        .join(t.submissions, of_submissions.id == t.dispatch_sources.c.submission_id)
        .where(of_submissions.challenge_id.in_(ids)),
        sent=sa.select(
            of_dispatches.id,
            of_dispatches.challenge_id,
            of_dispatches.kind,
            of_dispatches.state,
            of_dispatches.cycle_id,
            of_dispatches.role,
            of_dispatches.recipient_id,
            of_dispatches.intended_at,
        ).where(of_dispatches.challenge_id.in_(ids), is_out),
        accepted=sa.select(
            of_submissions.challenge_id,
            of_submissions.kind,
            of_submissions.cycle_id,
            of_submissions.writer_role,
            of_submissions.writer_id,
        ).where(
            of_submissions.challenge_id.in_(ids),
            of_submissions.writer_id.is_not(None),
            of_submissions.outcome.in_(ACCEPTED_OUTCOMES),
        ),
    )


def _load_challenges(
    connection: Connection, queries: _ChallengeQueries, **values: str | int | None
) -> list[ChallengeWithScope]:
    sent = _read_sent_dispatches(connection, queries, values)
    written = _read_accepted_kinds(connection, queries, values)
    found = [Challenge.from_row(row) for row in connection.execute(queries.challenges, values)]
    return [(one, _make_challenge_scope(one, sent[one.id], written[one.id])) for one in found]


def _make_challenge_scope(
    challenge: Challenge, sent: Sequence[Sent], written: Sequence[tuple[Kind, Party]]
) -> Scope:
    return Scope(
        challenge.cycle_id,
        challenge.author_id,
        challenge.challenger_id,
        challenge.chair_id,
        stage=challenge.stage,
        paired_at=challenge.paired_at,
        event_on=challenge.event_on,
        sent=tuple(sent),
        written=frozenset(written),
    )


def _read_sent_dispatches(
    connection: Connection, queries: _ChallengeQueries, values: Mapping[str, str | int | None]
) -> dict[str, list[Sent]]:
    """What has gone out, by challenge. For a dispatch that is about to go out, also what it will pass on."""
    passed_on: dict[int, set[Kind]] = defaultdict(set)
    for row in connection.execute(queries.sources, values):
        passed_on[row.dispatch_id].add(Kind(row.kind))
    found: dict[str, list[Sent]] = defaultdict(list)
    for row in connection.execute(queries.sent, values):
        kind = DispatchKind(row.kind)
        if row.state != outbox.ISSUED:
            passed_on[row.id].update(PASSES_ON.get(kind, ()))
        sent = Sent(kind, find_addressee(row), row.intended_at, frozenset(passed_on.get(row.id, ())))
        found[row.challenge_id].append(sent)
    return found


def _read_accepted_kinds(
    connection: Connection, queries: _ChallengeQueries, values: Mapping[str, str | int | None]
) -> dict[str, list[tuple[Kind, Party]]]:
    """Which kinds were accepted from whom, by challenge."""
    found: dict[str, list[tuple[Kind, Party]]] = defaultdict(list)
    for row in connection.execute(queries.accepted, values):
        writer = _find_writer_party(row)
        if writer is not None and row.kind:
            found[row.challenge_id].append((Kind(row.kind), writer))
    return found


def find_addressee(dispatch: Dispatch | t.TableRow) -> Party:
    """The party that a dispatch is addressed to, as recorded when it was intended."""
    return Party(dispatch.cycle_id, Role(dispatch.role), dispatch.recipient_id)


def _find_writer_party(row: t.TableRow) -> Party | None:
    if row.writer_id is None or row.cycle_id is None:
        return None
    return Party(row.cycle_id, Role(row.writer_role), row.writer_id)


def submissions_of(connection: Connection, challenge_id: str) -> list[SubmissionWithRights]:
    """Every version of every document that came in for a challenge, newest first, with its rights."""
    return _load_submissions(connection, _IS_FOR_CHALLENGE, challenge_id=challenge_id)


def submissions_of_cycle(connection: Connection, cycle_id: str) -> list[SubmissionWithRights]:
    """Every version of every document that came in for a cycle, newest first, with its rights."""
    return _load_submissions(connection, _IS_FOR_CYCLE, cycle_id=cycle_id)


def submissions_by(connection: Connection, person: Person) -> list[SubmissionWithRights]:
    """What the area or Chair that `person` acts for has sent in, in any role, newest first."""
    who = person.participant_id if person.access is Access.PARTICIPANT else person.chair_id
    return _load_submissions(connection, _IS_BY_PARTY, cycle_id=person.cycle_id, writer_id=who)


def rejected_uploads_of(connection: Connection, person: Person) -> list[SubmissionWithRights]:
    """What `person` sent in through the page that was not taken in, newest first."""
    return _load_submissions(connection, _IS_REJECTED_UPLOAD, user_id=person.id)


def load_submission(connection: Connection, submission_id: int) -> SubmissionWithRights | None:
    """One submission with its rights, or None.

    The register gets the same queries in both cases.
    """
    found = _load_submissions(connection, _IS_SUBMISSION, submission_id=_limit_to_valid_id(submission_id))
    return found[0] if found else None


def load_dispatch(connection: Connection, dispatch_id: int) -> tuple[Dispatch, Party] | None:
    """One dispatch and the party that it is addressed to, or None."""
    query = sa.select(t.dispatches).where(t.dispatches.c.id == _limit_to_valid_id(dispatch_id))
    row = connection.execute(query).first()
    if row is None:
        return None
    dispatch = Dispatch.from_row(row)
    return dispatch, find_addressee(dispatch)


def _limit_to_valid_id(number: int) -> int:
    return number if 0 < number <= MOST_ID else 0


_IS_FOR_CHALLENGE = t.submissions.c.challenge_id == sa.bindparam("challenge_id")
_IS_FOR_CYCLE = t.submissions.c.cycle_id == sa.bindparam("cycle_id")
_IS_SUBMISSION = t.submissions.c.id == sa.bindparam("submission_id")
_IS_BY_PARTY = sa.and_(
    t.submissions.c.cycle_id == sa.bindparam("cycle_id"),
    t.submissions.c.writer_id == sa.bindparam("writer_id"),
)
_IS_REJECTED_UPLOAD = sa.and_(
    t.submissions.c.uploaded_by == sa.bindparam("user_id"),
    t.submissions.c.outcome == Outcome.REJECTED.value,
)


@dataclass(frozen=True, slots=True)
class _SubmissionQueries:
    """What the register is asked for submissions and their rights."""

    submissions: t.TableQuery
    refused: t.TableQuery
    passed_on: t.TableQuery


@cache  # as those for challenges
def _ask_for_submissions(wanted: ColumnElement[bool]) -> _SubmissionQueries:
    ids = sa.select(t.submissions.c.id).where(wanted)
    return _SubmissionQueries(
        submissions=sa.select(t.submissions).where(wanted).order_by(t.submissions.c.id.desc()),
        refused=sa.select(t.findings.c.submission_id).where(
            t.findings.c.submission_id.in_(ids),
            t.findings.c.code.startswith(_GUARD, autoescape=True),
            t.findings.c.severity == Severity.REJECT.value,
        ),
        passed_on=sa.select(
            t.dispatch_sources.c.submission_id,
            t.dispatches.c.cycle_id,
            t.dispatches.c.role,
            t.dispatches.c.recipient_id,
        )
        .join(t.dispatches, t.dispatches.c.id == t.dispatch_sources.c.dispatch_id)
        .where(t.dispatch_sources.c.submission_id.in_(ids), _IS_SENT),
    )


def _load_submissions(
    connection: Connection, wanted: ColumnElement[bool], **values: str | int | None
) -> list[SubmissionWithRights]:
    queries = _ask_for_submissions(wanted)
    refused = set(connection.scalars(queries.refused, values))
    readers = defaultdict(set)
    for row in connection.execute(queries.passed_on, values):
        readers[row.submission_id].add(find_addressee(row))
    return [
        (
            Submission.from_row(row),
            Document(_find_writer_party(row), frozenset(readers.get(row.id, ())), row.id in refused),
        )
        for row in connection.execute(queries.submissions, values)
    ]
