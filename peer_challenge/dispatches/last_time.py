"""What a self-assessment form says of the cycle before: lines beside the question, never in an answer."""

from collections.abc import Iterator

from peer_challenge.dispatches.facts import EarlierAction, EarlierAgreement, EarlierRating, LastTime
from peer_challenge.dispatches.phrases import shorten_to_line
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import Rating

LAST_TIME = "Last time"
"""What each of these lines begins with, so that no reader takes one for this year's answer."""
_LONGEST = 400
"""Characters of one text of the last cycle: it is there to remind, and the documents themselves are kept."""


def list_last_time_lines(last: LastTime | None, address: str) -> tuple[str, ...]:
    """The lines below a sub-heading's question: its last rating, what was agreed, what became of that."""
    if last is None:
        return ()
    ratings, agreed = last.ratings.get(address, ()), last.agreed.get(address, ())
    return (*_describe_ratings(ratings), *(line for one in agreed for line in _describe_agreement(one)))


def list_last_time_without_place(last: LastTime | None) -> tuple[str, ...]:
    """The lines about what was agreed under no sub-heading of the present form."""
    agreed = last.agreed.get("", ()) if last else ()
    return tuple(line for one in agreed for line in _describe_agreement(one, is_titled=True))


def _describe_ratings(ratings: tuple[EarlierRating, ...]) -> Iterator[str]:
    if len({one.title for one in ratings}) > 1:  # several sub-headings have become this one
        rated = join_in_words(f"“{one.title}” {_name_rating(one.rating)}" for one in ratings)
        yield f"{LAST_TIME}: {rated}."
    elif ratings:
        yield f"{LAST_TIME}: {_name_rating(ratings[0].rating)}."


def _name_rating(rating: Rating) -> str:
    return "not applicable" if rating is Rating.NOT_APPLICABLE else rating.value


def _describe_agreement(agreed: EarlierAgreement, *, is_titled: bool = False) -> Iterator[str]:
    about = f" ({agreed.title})" if is_titled and agreed.title else ""
    words = shorten_to_line(agreed.text, _LONGEST)
    yield f"{LAST_TIME}, this was agreed as an area for development{about}: {words}"
    for action in agreed.actions:
        planned = shorten_to_line(action.action, _LONGEST)
        yield f"{LAST_TIME} you planned: {planned} {_describe_status(action)}"


def _describe_status(action: EarlierAction) -> str:
    if action.status is None:
        return "(No progress report has come.)"
    return f"(Your latest report says: {action.status.value}.)"
