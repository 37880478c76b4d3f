"""What the page shows of a decision before it is made."""

from dataclasses import dataclass

from peer_challenge.model.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision of the office would cause: the outcome, and sentences that describe it."""

    outcome: Outcome
    told: tuple[str, ...]
