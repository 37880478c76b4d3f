"""What can be said of how a document arrived: out of its turn, late, or from somebody else.

A file in the inbox folder does not say who put it there; one that was sent in through the page does.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge import policy
from peer_challenge.clock import local_day
from peer_challenge.findings import Finding, outcome_of
from peer_challenge.journey import RECEIVABLE
from peer_challenge.register import challenges, rights
from peer_challenge.register import tables as t
from peer_challenge.vocabulary import KIND_NAMES, Kind, Outcome, Severity, Stage
from peer_challenge.word.codes import Code
from peer_challenge.writers import find_uploader

OUT_OF_TURN = Code(
    "intake.out_of_turn",
    Severity.REJECT,
    "We cannot take in this {what} now: it is too early or too late for it.",
    "If you meant to send another form, send that one. "
    "If we have to take in this {what}, ask the programme office.",
)
NOBODYS = Code(
    "intake.nobodys",
    Severity.REJECT,
    "It can't be told which area and which open cycle this document belongs to.",
    "Send the form of the present cycle. Ask the programme office for it if you don't have it.",
)
LATE = Code(
    "intake.late",
    Severity.WARN,
    "This {what} was due on {due}, and came on {came}. It counts all the same.",
    "Nothing needs doing. If you know beforehand that something will be late, tell the programme office.",
)
OTHER_SENDER = Code(
    "intake.other_sender",
    Severity.WARN,
    "This {what} was sent in by somebody who is not down as a contact of those it comes from.",
    "If that is as it should be, nothing needs doing. If not, tell the programme office at once.",
)
CODES = (OUT_OF_TURN, NOBODYS, LATE, OTHER_SENDER)

_DUE = {kind: f"{kind.value}_due" for kind in Kind}


def out_of_turn(challenge: Row[Any], kind: Kind) -> tuple[Finding, ...]:
    """The finding that a challenge takes in no document of a kind at its stage, if so.

    It does not name the stage: the sender may not have been told of it yet.
    """
    return () if Stage(challenge.stage) in RECEIVABLE[kind] else (_finding(OUT_OF_TURN, kind),)


def nobodys(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The finding that a document belongs to no challenge, unless it is rejected for what was `found`."""
    if outcome_of(found) is Outcome.REJECTED:
        return ()
    return (Finding(NOBODYS.code, NOBODYS.severity, NOBODYS.message, NOBODYS.remedy),)


def on_arrival(
    connection: Connection, challenge: Row[Any], kind: Kind, sha256: str, at: datetime
) -> tuple[Finding, ...]:
    """What is to be told of a document that arrived at `at`: that it is late, that another sent it."""
    return (*_late(connection, challenge, kind, at), *_other_sender(connection, challenge, kind, sha256))


def _late(connection: Connection, challenge: Row[Any], kind: Kind, at: datetime) -> tuple[Finding, ...]:
    """Late is what first comes after its due day; what corrects an earlier version is not late."""
    due, came = challenges.due_dates(connection, challenge.id).get(_DUE[kind]), local_day(at)
    if due is None or came <= due or _came_before(connection, challenge, kind):
        return ()
    return (_finding(LATE, kind, due=f"{due:%-d %B %Y}", came=f"{came:%-d %B %Y}"),)


def _came_before(connection: Connection, challenge: Row[Any], kind: Kind) -> bool:
    query = sa.select(t.submissions.c.id).where(
        t.submissions.c.challenge_id == challenge.id,
        t.submissions.c.kind == kind.value,
        t.submissions.c.outcome != Outcome.REJECTED.value,
    )
    return connection.execute(query.limit(1)).first() is not None


def _other_sender(
    connection: Connection, challenge: Row[Any], kind: Kind, sha256: str
) -> tuple[Finding, ...]:
    person = find_uploader(connection, sha256)
    found = rights.load_challenge(connection, challenge.cycle_id, challenge.author_id)
    if person is None or found is None or policy.user_can_send_in(person, found[1], kind):
        return ()
    return (_finding(OTHER_SENDER, kind),)


def _finding(code: Code, kind: Kind, **gaps: str) -> Finding:
    gaps["what"] = KIND_NAMES[kind]
    return Finding(code.code, code.severity, code.message.format(**gaps), code.remedy.format(**gaps))
