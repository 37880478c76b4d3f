"""The self-assessment: what makes it valid."""

# ruff: noqa: E501 - a message reads better on one line

from functools import lru_cache

import pandas as pd

from peer_challenge.submissions import common, wording
from peer_challenge.submissions.documents import document_rows, with_blank
from peer_challenge.submissions.suite import QUERY, WARN, Batch, Breaks, Check, Suite
from peer_challenge.submissions.tables import context_of, partner_rows, schedule_rows, text_rows
from peer_challenge.vocabulary import Kind, Rating
from peer_challenge.word.codes import CODES
from peer_challenge.word.ratings import read_rating

_TEXTS = ("strengths", "development")
_COLUMNS = (*_TEXTS, "rating_as_written", "commentary")
_RATING_CODES = (
    "rating.missing",
    "rating.not_chosen",
    "rating.split",
    "rating.by_agency",
    "rating.not_understood",
    "rating.other_scale",
    "rating.other_colour",
)


def prepare(batch: Batch) -> dict[str, pd.DataFrame]:
    """The suite's tables for a batch of self-assessments."""
    rows = schedule_rows(batch, _COLUMNS)
    rows = with_blank(rows, [*_TEXTS, "rating_as_written", "rating"])
    rows["has_strengths"] = ~rows["strengths"].map(wording.is_nothing).astype(bool)
    rows["has_development"] = ~rows["development"].map(wording.is_nothing).astype(bool)
    maps = {s: tuple(context_of(batch, s).rules.rating_map.items()) for s in rows["submission"].unique()}
    rows["rating_codes"] = [
        () if rating else _codes(written, maps[submission])
        for submission, rating, written in zip(
            rows["submission"], rows["rating"], rows["rating_as_written"], strict=True
        )
    ]
    rows["has_evidence"] = rows["strengths"].map(wording.has_evidence)
    rows["holds_development"] = rows["strengths"].map(wording.holds_development)
    rows["has_commentary"] = rows["commentary"].map(str.strip).ne("")
    documents = document_rows(batch, rows)
    particulars = batch.particulars.assign(is_blank=documents["is_blank"].to_numpy())
    live = rows[rows["is_present"].astype(bool)]
    return {
        "rows": rows.drop(columns=[*_TEXTS, "commentary", "rating_as_written"]),
        "texts": text_rows(batch, Kind.SELF_ASSESSMENT, (*_TEXTS, "commentary"), live),
        "partners": partner_rows(Batch(batch.rows, particulars, batch.contexts)),
        "documents": documents,
    }


@lru_cache(maxsize=4096)
def _codes(written: str, rating_map: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    rating, codes = read_rating(written, None, dict(rating_map))
    found = tuple(code for code in codes if code in _RATING_CODES)
    return found or (("rating.missing",) if rating is None else ())


def _rating_checks() -> tuple[Check, ...]:
    return tuple(
        Check(
            code,
            CODES[code].severity,
            "rows",
            _has_code(code),
            CODES[code].message,
            CODES[code].remedy,
            column="rating",
        )
        for code in _RATING_CODES
    )


def _has_code(code: str) -> Breaks:
    def breaks(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["rating_codes"].map(lambda codes: code in codes).astype(bool) & _live(table)

    return breaks


def _live(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["is_present"].astype(bool) & table["is_known"].astype(bool) & ~table["is_blank"].astype(bool)


def _rated(table: pd.DataFrame, *ratings: Rating) -> "pd.Series[bool]":
    return table["rating"].isin([rating.value for rating in ratings]) & _live(table)


SUITE = Suite(
    Kind.SELF_ASSESSMENT,
    prepare,
    (
        common.blank(
            "The form is blank: nothing has been filled in.",
            "Fill in the form and send it again. If you did, check that you attached the right file.",
        ),
        common.ROW_MISSING,
        common.ROW_UNKNOWN,
        *_rating_checks(),
        Check(
            "not_applicable.no_reason",
            QUERY,
            "rows",
            lambda t: _rated(t, Rating.NOT_APPLICABLE) & ~t["has_strengths"] & ~t["has_development"],
            '"{title}" is rated as not applicable, and no reason is given.',
            "Say in a sentence why it does not apply to your area, or give it a rating.",
            column="rating",
        ),
        Check(
            "strengths.missing",
            QUERY,
            "rows",
            lambda t: _rated(t, Rating.GREEN) & ~t["has_strengths"],
            '"{title}" is rated GREEN, and no strengths are given.',
            "Say what is working well and how you know, or change the rating.",
            column="strengths",
        ),
        Check(
            "strengths.no_evidence",
            WARN,
            "rows",
            lambda t: (
                _live(t)
                & t["has_strengths"]
                & t["rating"].notna()
                & ~_rated(t, Rating.NOT_APPLICABLE)
                & ~t["has_evidence"].astype(bool)
            ),
            'The strengths under "{title}" do not say how you know.',
            "Name what shows it: an audit, a figure, what families or staff have told you.",
            column="strengths",
        ),
        Check(
            "development.missing",
            QUERY,
            "rows",
            lambda t: _rated(t, Rating.RED, Rating.AMBER) & ~t["has_development"],
            '"{title}" is rated {rating}, and no area for development is given.',
            "Say what needs to get better, or change the rating.",
            column="development",
        ),
        Check(
            "strengths.holds_development",
            WARN,
            "rows",
            lambda t: _live(t) & t["holds_development"].astype(bool),
            'Something under the strengths of "{title}" reads like an area for development. It was left where it is.',
            "Move it to the areas for development if that is what it is.",
            column="strengths",
        ),
        Check(
            "commentary.by_author",
            WARN,
            "rows",
            lambda t: _live(t) & t["has_commentary"].astype(bool),
            CODES["commentary.by_author"].message,
            CODES["commentary.by_author"].remedy,
            column="commentary",
        ),
        common.over_limit(),
        common.PRIVATE_LINK,
        common.EVIDENCE_NOT_THERE,
        common.TO_COME,
        *common.disclosure_checks(),
        *common.sign_off_checks(QUERY),
        *common.SHARED,
    ),
)
