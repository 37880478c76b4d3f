"""What two areas have in common that matters when one is to challenge the other."""

from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.names_alike import is_same_organisation, shared_organisations

_HOW_PAIRS_ARE_MADE = (
    "We pair all areas of the region at the same time. Where we can, we choose a challenger that is strong "
    "where an area wants to improve."
)


def describe_shared(author: Participant, challenger: Participant) -> dict[str, str]:
    """What the two areas share, by the rule of a cycle that it touches, as a part of a sentence."""
    found: dict[str, str] = {}
    both = f"{author.name} and {challenger.name}"
    if challenger.id in author.conflicts or author.id in challenger.conflicts:
        found["declared_conflicts"] = f"{both} have declared a conflict of interest"
    if is_same_organisation(author.police, challenger.police):
        found["shared_police"] = f"{both} share {author.police}"
    if shared := shared_organisations(author.icb, challenger.icb):
        found["shared_icb"] = f"{both} share {' and '.join(shared)}"
    if challenger.id in author.neighbours or author.id in challenger.neighbours:
        found["neighbours"] = f"{both} share a land border"
    return found


def explain_pair_to_areas(cycle: Cycle, author_id: str, challenger_id: str) -> tuple[str, ...]:
    """Why two areas are partners, in sentences that either may read.

    They say nothing of ratings: a notice goes out before the author's analysis, and what one area wrote is
    not for the other to learn from it. Of a fact that the cycle file does not give they are silent.
    """
    author, challenger = (cycle.participant[who].as_spoken() for who in (author_id, challenger_id))
    shared = describe_shared(author, challenger)
    separate = []
    if author.police and challenger.police and "shared_police" not in shared:
        separate.append("different police forces")
    if author.icb and challenger.icb and "shared_icb" not in shared:
        separate.append("different integrated care boards")
    reasons = [_HOW_PAIRS_ARE_MADE]
    if separate:
        reasons.append(f"The two areas have {' and '.join(separate)}.")
    if (author.neighbours or challenger.neighbours) and "neighbours" not in shared:
        reasons.append("They do not share a land border.")
    if author.challenged_by and challenger_id not in author.challenged_by.values():
        reasons.append(f"{challenger.name} has not challenged {author.name} before.")
    return (
        *reasons,
        *(f"{words}. We know this and have approved the pair." for words in shared.values()),
    )
