"""What the programme office does by hand, done for it in a rehearsal."""

from datetime import datetime

from peer_challenge.model.corrections import CorrectedDraft, Decision
from peer_challenge.register import challenges, corrections
from peer_challenge.register.cycles import load_cycles, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.steering.settle_corrections import Asked, settle_correction
from tasks.hide_contents import quoting_nothing
from tasks.installation import get_installation

_ACCEPT = Asked(Decision.ACCEPTED, "The Chair remembers it so.")
_DECLINE = Asked(Decision.DECLINED, "The challenger's notes say otherwise.")
_EVERY = 4
"""One correction in so many is declined."""


@quoting_nothing
def settle_rehearsed_corrections(home: str, at: datetime) -> int:
    """Settle the corrections that wait for a decision; returns how many there were."""
    with get_installation(home).register.writing() as connection:
        waiting = [
            (cycle.id, challenge.id, draft)
            for cycle in load_cycles(connection)
            if corrections.count_open_corrections(connection, cycle.id)
            for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
            for draft in corrections.list_corrected_drafts(connection, challenge.id)
            if draft.open
        ]
        return sum(_settle_draft(connection, *one, at) for one in waiting)


def _settle_draft(
    connection: Transaction, cycle_id: str, challenge_id: str, draft: CorrectedDraft, at: datetime
) -> int:
    cycle, framework = load_stored(connection, cycle_id)
    for number, one in enumerate(draft.open):
        other = _is_settled_otherwise(connection, challenge_id, draft, one.address, one.column)
        is_declined = one.is_remark or other or number % _EVERY == _EVERY - 1
        settle_correction(
            connection,
            cycle,
            framework,
            challenge_id,
            draft.submission_id,
            one.line,
            _DECLINE if is_declined else _ACCEPT,
            at=at,
            actor="rehearsal",
        )
    return len(draft.open)


def _is_settled_otherwise(
    connection: Transaction, challenge_id: str, draft: CorrectedDraft, address: str, column: str
) -> bool:
    """Whether the other area's correction of the same line was decided, in whichever way."""
    return any(
        (settled.address, settled.column) == (address, column)
        for other in corrections.list_corrected_drafts(connection, challenge_id)
        if other.submission_id != draft.submission_id
        for settled in other.settled.values()
    )
