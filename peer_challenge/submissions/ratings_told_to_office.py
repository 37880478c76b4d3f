"""Ratings that an area told the office, by telephone for example: they settle a question about its form."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from peer_challenge.errors import WrongUse
from peer_challenge.model.decisions import AcceptedFinding
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.submissions.accepted_findings import Contents, Found, can_be_accepted, hash_words
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.reader_findings import RATINGS, make_finding

RATINGS_TO_TELL = (Rating.RED, Rating.AMBER, Rating.GREEN)
"""What an area can tell. That a sub-heading does not apply needs its reason, in the form."""
_COLUMN = "rating"


def read_told_rating(written: str) -> Rating | None:
    """The rating that was chosen, None for no choice. Raises WrongUse for one that can't be told."""
    if not written:
        return None
    found = next((rating for rating in RATINGS_TO_TELL if rating.value == written), None)
    if found is None:
        raise WrongUse(
            "This is not one of the ratings.", remedy="Choose RED, AMBER or GREEN.", about="rating"
        )
    return found


def can_rating_be_told(kind: Kind | None, finding: Found) -> bool:
    """Whether a finding asks which rating an area gives."""
    return kind is Kind.SELF_ASSESSMENT and finding.code in RATINGS and can_be_accepted(finding)


def find_told_ratings(reading: Reading, accepted: Iterable[AcceptedFinding]) -> list[AcceptedFinding]:
    """Those of the office's decisions that tell a rating, where the cell still has the words of that time.

    `accepted` has the newest first; of several about one cell the newest counts.
    """
    contents = Contents.from_reading(reading)
    found: dict[str | None, AcceptedFinding] = {}
    for one in accepted:
        if one.rating is not None and one.words_sha256 == hash_words(contents, one):
            found.setdefault(one.subheading, one)
    return list(found.values())


def tell_ratings(reading: Reading, told: Sequence[AcceptedFinding]) -> Reading:
    """A reading with the ratings that were told, in place of the questions about them.

    What is written in the cells stays as it is.
    """
    ratings = {one.subheading: one.rating for one in told}
    rows = [
        {**row, _COLUMN: rating.value} if (rating := ratings.get(row.get("subheading"))) is not None else row
        for row in reading.rows
    ]
    findings = [one for one in reading.findings if not _asks_for_rating(one, ratings)]
    findings += [_make_told_finding(one) for one in told]
    return replace(reading, rows=rows, findings=findings)


def _asks_for_rating(finding: Finding, ratings: dict[str | None, Rating | None]) -> bool:
    return finding.code in RATINGS and finding.subheading is not None and finding.subheading in ratings


def _make_told_finding(told: AcceptedFinding) -> Finding:
    found = make_finding("rating.told", told.subheading, _COLUMN, rating=told.rating)
    return replace(found, remedy=f"{told.message} {found.remedy}".strip())
