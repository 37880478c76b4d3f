"""What a region can say at the end of a cycle: the time that each step took, and what areas say of it."""

from collections.abc import Iterator
from datetime import date, datetime

import pandas as pd

from peer_challenge.clock import local_day
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import challenges, frames
from peer_challenge.register.cycles import load_opened_at
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.word.form.forms import ABOUT_THE_CHALLENGE

_STEPS = (
    ("Self-assessment", "self_assessment_received_at"),
    ("Pairing areas", "pack_issued_at"),
    ("Analysis", "analysis_completed_at"),
    ("Response and event", "event_held_on"),
    ("Chair's record and summary", "summary_issued_at"),
    ("Action plan", "action_plan_received_at"),
    ("Follow-up", "closed_at"),
)
"""Each step, and what ends it; it begins with the end of the one before, the first with the opening."""


def gather_step_days(connection: Transaction, cycle: Cycle) -> pd.DataFrame:
    """The days that each finished step of each challenge took, by step: step, participant, days."""
    opened_at = load_opened_at(connection, cycle.id)
    found = [
        row
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        if opened_at is not None
        for row in _count_step_days(challenge, local_day(opened_at))
    ]
    order = [name for name, _ in _STEPS]
    found.sort(key=lambda row: order.index(row[0]))
    return pd.DataFrame(found, columns=["step", "participant", "days"], dtype=object)


def _count_step_days(challenge: Challenge, opened_on: date) -> Iterator[tuple[str, str, int]]:
    begins: date | None = opened_on
    for name, ended in _STEPS:
        at = getattr(challenge, ended)
        ends = local_day(at) if isinstance(at, datetime) else at
        if begins is not None and ends is not None:
            yield name, challenge.author_id, max(0, (ends - begins).days)
        begins = ends


def gather_feedback(connection: Transaction, cycle: Cycle) -> pd.DataFrame:
    """What areas say of the challenge in their last reports: participant, field, value."""
    return frames.read_challenge_feedback(connection, cycle.id, [field.id for field in ABOUT_THE_CHALLENGE])
