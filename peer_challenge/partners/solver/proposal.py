"""The form of a proposal: pairs with their reasons, the objective, or why there is none."""

from dataclasses import dataclass, field
from typing import Literal

from peer_challenge.model.kept_proposal import KeptPair, KeptProposal

Status = Literal["optimal", "feasible", "infeasible"]


@dataclass(frozen=True)
class Pair:
    """One author and its challenger, why, what is broken (avoided rules), and the best two alternatives."""

    author: str
    challenger: str
    moderator: str | None = None
    reasons: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()

    def as_dict(self) -> KeptPair:
        """The pair as `assign --json` prints it; `moderator` only in triads."""
        shown: KeptPair = {
            "author": self.author,
            "challenger": self.challenger,
            "reasons": list(self.reasons),
            "alternatives": list(self.alternatives),
        }
        if self.moderator:
            shown["moderator"] = self.moderator
        return shown


@dataclass(frozen=True)
class Proposal:
    """A proposal of partners. `status` is "optimal" only when every level is proven.

    `objective` maps each level to its figure, and `gap` to what is unproven. `conflict` and
    `relaxations` are sentences, given when the rules cannot all hold.
    """

    status: Status
    pairs: tuple[Pair, ...] = ()
    objective: dict[str, object] = field(default_factory=dict)
    conflict: tuple[str, ...] = ()
    relaxations: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def challenger_of(self) -> dict[str, str]:
        """Author to challenger."""
        return {pair.author: pair.challenger for pair in self.pairs}

    def as_dict(self) -> KeptProposal:
        """Exactly what `assign --json` prints; `relaxations` only where the rules cannot all hold."""
        shown: KeptProposal = {
            "status": self.status,
            "pairs": [pair.as_dict() for pair in self.pairs],
            "objective": dict(self.objective),
            "conflict": list(self.conflict),
            "seconds": round(self.seconds, 3),
        }
        if self.relaxations:
            shown["relaxations"] = list(self.relaxations)
        return shown

    def as_kept(self) -> KeptProposal:
        """The mapping that the register stores: `as_dict` with one more key.

        That is `avoided`, the authors whose pair breaks a rule to be avoided.
        """
        return {**self.as_dict(), "avoided": [pair.author for pair in self.pairs if pair.avoided]}
