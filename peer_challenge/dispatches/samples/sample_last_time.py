"""What the sample area's cycle before came to."""

from peer_challenge.dispatches.facts import EarlierAction, EarlierAgreement, EarlierRating, LastTime
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import ActionStatus, Rating

_AGREED = {
    "voice/family-voice": (
        EarlierAgreement(
            "Family voice",
            "Hear from fathers, and act on what they say.",
            (
                EarlierAction("Begin a fathers' group with the early help service.", ActionStatus.DONE),
                EarlierAction("Ask each father of a child on a plan what helped.", ActionStatus.UNDER_WAY),
            ),
        ),
    ),
    "workforce-learning/training-impact": (
        EarlierAgreement(
            "Training impact",
            "Know which courses change practice.",
            (EarlierAction("Choose three courses to follow up.", None),),
        ),
    ),
    "": (EarlierAgreement("", "Tell staff of all agencies what came of the challenge."),),
}


def sample_last_time(framework: Framework) -> LastTime:
    """Every rating but those of the last area of focus, which was new since, and three things agreed."""
    *known, _ = framework.focus_areas
    ratings = (Rating.AMBER, Rating.RED, Rating.AMBER, Rating.GREEN)
    addresses = [f"{area.id}/{row.id}" for area in known for row in area.subheadings]
    return LastTime(
        "Northern peer challenge 2025",
        {
            address: (EarlierRating(framework.subheadings[address].title, ratings[n % len(ratings)]),)
            for n, address in enumerate(addresses)
        },
        _AGREED,
    )
