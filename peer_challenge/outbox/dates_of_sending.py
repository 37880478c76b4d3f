"""Dates that count from the moment at which a document was sent: how they begin, and are taken back.

`advance` looks for each in the stages of which journey.py says so.
"""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.register import challenges, journal, messages, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge, Dispatch

DRAFTS = (
    (DispatchKind.DRAFT_SUMMARY, Kind.CORRECTIONS, Role.AUTHOR, "draft_issued_at"),
    (
        DispatchKind.CHALLENGER_DRAFT_SUMMARY,
        Kind.CHALLENGER_CORRECTIONS,
        Role.CHALLENGER,
        "challenger_draft_issued_at",
    ),
)
"""The draft of each area, what comes back of it, whose it is, and where it is kept when it was sent."""


def begin_analysis(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Once the pack was sent the challenger is at work, from the moment it was sent."""
    packs = list_packs_sent_at(connection, challenge)
    if not packs:
        return 0
    return challenges.move_challenge_on(
        connection, challenge.id, Trigger.PACK_ISSUED, cycle, at=at, pack_issued_at=packs[0]
    )


def list_packs_sent_at(connection: Transaction, challenge: Challenge) -> list[datetime]:
    """When each pack was sent to the present challenger since it is the challenger, earliest first.

    An earlier one may have had a pack, and so may this one, before the area was away.
    """
    if challenge.challenger_id is None:
        return []
    sent = messages.list_sent_at(
        connection, challenge.id, DispatchKind.ANALYSIS_PACK, to=challenge.challenger_id
    )
    return [at for at in sent if challenge.paired_at is None or at >= challenge.paired_at]


def restart_clock(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Count from the pack of a later self-assessment, where the cycle says that it restarts the clock."""
    if not cycle.rules.resubmission_restarts_clock:
        return 0
    packs = list_packs_sent_at(connection, challenge)
    if not packs or packs[-1] == challenge.pack_issued_at:
        return 0
    challenges.note_dates(connection, cycle, challenge.id, pack_issued_at=packs[-1])
    journal.append_entry(connection, "clock restarted", at=at, cycle_id=cycle.id, challenge_id=challenge.id)
    return 1


def note_summary(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Note when its author was sent the Chair's summary: the action plan's weeks count from then."""
    if challenge.summary_issued_at is not None:
        return 0
    summaries = messages.list_sent_at(
        connection, challenge.id, DispatchKind.CHAIR_SUMMARY, to=challenge.author_id
    )
    if not summaries:
        return 0
    challenges.note_dates(connection, cycle, challenge.id, summary_issued_at=summaries[0])
    return 1


def note_draft(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> int:
    """Note when each area was sent the newest draft summary: its days to correct it count from then."""
    noted = 0
    for kind, _, role, column in DRAFTS:
        if getattr(challenge, column) is not None:
            continue
        to = challenges.find_recipient_id(connection, challenge, role)
        draft = outbox.load_newest(connection, challenge.id, kind, to=to)
        if draft is None:
            continue
        if sent_at := messages.find_sent_times(connection, [draft.id]).get(draft.id):
            challenges.note_dates(connection, cycle, challenge.id, **{column: sent_at})
            noted += 1
    return noted


_BEGINS = {
    DispatchKind.ANALYSIS_PACK: ("pack_issued_at", Stage.IN_ANALYSIS),
    DispatchKind.DRAFT_SUMMARY: ("draft_issued_at", Stage.DRAFTED),
    DispatchKind.CHALLENGER_DRAFT_SUMMARY: ("challenger_draft_issued_at", Stage.DRAFTED),
    DispatchKind.CHAIR_SUMMARY: ("summary_issued_at", Stage.SUMMARISED),
}
"""What each document begins by having been sent: where that is kept, and the stage in which it runs."""


def take_back_dates(
    connection: Transaction,
    cycle: Cycle,
    dispatch: Dispatch,
    sent_at: datetime,
    *,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """Take back what a document began at `sent_at`, now that it counts as not sent.

    It begins again once the document is sent. Raises WrongUse where its challenge has moved on since.
    """
    challenge = challenges.find_challenge(connection, dispatch.challenge_id or "")
    if challenge is None or dispatch.kind not in _BEGINS:
        return
    column, stage = _BEGINS[dispatch.kind]
    is_another = dispatch.kind is DispatchKind.CHAIR_SUMMARY and dispatch.role is not Role.AUTHOR
    if is_another or getattr(challenge, column) != sent_at:
        return
    if challenge.stage is not stage:
        raise WrongUse(
            f"The challenge of {cycle.participant[challenge.author_id].name} has gone on since: it is "
            f"“{challenge.stage.value}” now.",
            remedy="Leave the message as it is, and send its documents to its recipient yourself.",
        )
    if dispatch.kind is not DispatchKind.ANALYSIS_PACK:
        challenges.note_dates(connection, cycle, challenge.id, **{column: None})
    elif packs := list_packs_sent_at(connection, challenge):  # an earlier or later version of it has gone
        counts = packs[-1] if cycle.rules.resubmission_restarts_clock else packs[0]
        challenges.note_dates(connection, cycle, challenge.id, pack_issued_at=counts)
    else:
        _end_analysis(connection, cycle, challenge, at, actor, reason)


def _end_analysis(
    connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime, actor: str, reason: str
) -> None:
    """Take a challenge back to the stage in which its pack waits to be sent."""
    challenges.note_dates(
        connection,
        cycle,
        challenge.id,
        stage=Stage.PAIRED.value,
        stage_since_at=at,
        pack_issued_at=None,
    )
    journal.append_entry(
        connection,
        "analysis taken back",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge.id,
        before=challenge.stage.value,
        after=Stage.PAIRED.value,
        reason=reason,
    )
