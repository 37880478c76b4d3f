"""The self-assessment: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from functools import lru_cache

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check import QUERY, WARN, Batch, Breaks, Check, Row, Suite, Tables
from peer_challenge.submissions.document_table import document_rows, with_blank
from peer_challenge.submissions.partial_forms import with_parts
from peer_challenge.submissions.row_tables import partner_rows, schedule_rows, text_rows
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.reader_findings import CODES, RATINGS

_TEXTS = ("strengths", "development")
_COLUMNS = (*_TEXTS, "rating_as_written", "commentary")
_RATING_CODES = (
    "rating.missing",
    "rating.not_chosen",
    "rating.split",
    "rating.by_agency",
    "rating.not_present",
    "rating.qualified",
    "rating.not_understood",
    "rating.other_scale",
    "rating.other_colour",
)


def prepare_self_assessment_tables(batch: Batch) -> Tables:
    """The tables that the checks of self-assessments run on, for a batch of them."""
    rows = with_blank(schedule_rows(batch, _COLUMNS), [*_TEXTS, "rating_as_written", "rating"])
    maps = {key: tuple(context.rules.rating_map.items()) for key, context in batch.contexts.items()}
    for row in rows:
        is_told = bool(row["rating"] or row["seen"] & RATINGS)
        codes = (
            () if is_told else _find_rating_codes(row["rating_as_written"], maps.get(row["submission"], ()))
        )
        row |= {
            "rating_codes": codes,
            "has_strengths": not cell_text.is_nothing(row["strengths"]),
            "has_development": not cell_text.is_nothing(row["development"]),
            "has_evidence": cell_text.has_evidence(row["strengths"]),
            "holds_development": cell_text.holds_development(row["strengths"]),
            "has_commentary": bool(row["commentary"].strip()),
        }
    documents = with_parts(batch, document_rows(batch, rows), rows)
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.SELF_ASSESSMENT, (*_TEXTS, "commentary"), rows),
        "partners": partner_rows(documents),
        "documents": documents,
    }


@lru_cache(maxsize=4096)
def _find_rating_codes(written: str, rating_map: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    rating, codes = read_rating(written, None, dict(rating_map))
    found = tuple(code for code in codes if code in _RATING_CODES)
    return found or (("rating.missing",) if rating is None else ())


def _rating_checks() -> tuple[Check, ...]:
    return tuple(
        Check(
            code,
            CODES[code].severity,
            "rows",
            _make_rating_rule(code),
            CODES[code].message,
            CODES[code].remedy,
            column="rating",
        )
        for code in _RATING_CODES
    )


def _make_rating_rule(code: str) -> Breaks:
    def breaks(row: Row) -> bool:
        return code in row["rating_codes"] and _is_row_to_check(row)

    return breaks


def _is_row_to_check(row: Row) -> bool:
    return bool(row["is_present"] and row["is_known"] and not row["is_blank"])


def _is_rated_as_one_of(row: Row, *ratings: Rating) -> bool:
    return row["rating"] in ratings and _is_row_to_check(row)


SUITE = Suite(
    Kind.SELF_ASSESSMENT,
    prepare_self_assessment_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: nothing has been filled in.",
            "Fill in the form and send it again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "form.in_parts",
            QUERY,
            "documents",
            lambda row: row["part_of"] != "" and not row["is_blank"],
            "This looks like one part of a form: {filled} of {total} sub-headings are filled in, and {part_of}. "
            "Parts are not put together here.",
            "Put all parts into one form that the three partners agree on, and send that one.",
        ),
        Check(
            "form.partial",
            WARN,
            "documents",
            lambda row: row["is_partial"] and not row["part_of"] and not row["is_blank"],
            "Only {filled} of {total} sub-headings are filled in.",
            "If the rest is still to come, send the whole form again when it is complete: it then counts as the next version.",
        ),
        shared_checks.ROW_MISSING,
        shared_checks.ROW_UNKNOWN,
        *_rating_checks(),
        Check(
            "not_applicable.no_reason",
            QUERY,
            "rows",
            lambda row: (
                _is_rated_as_one_of(row, Rating.NOT_APPLICABLE)
                and not row["has_strengths"]
                and not row["has_development"]
            ),
            '"{title}" is rated as not applicable, and no reason is given.',
            "Say in a sentence why it does not apply to your area, or give it a rating.",
            column="rating",
        ),
        Check(
            "strengths.missing",
            QUERY,
            "rows",
            lambda row: _is_rated_as_one_of(row, Rating.GREEN) and not row["has_strengths"],
            '"{title}" is rated GREEN, and no strengths are given.',
            "Say what is working well and how you know, or change the rating.",
            column="strengths",
        ),
        Check(
            "strengths.no_evidence",
            WARN,
            "rows",
            lambda row: (
                row["has_strengths"]
                and not row["has_evidence"]
                and _is_rated_as_one_of(row, Rating.RED, Rating.AMBER, Rating.GREEN)
            ),
            'The strengths under "{title}" do not say how you know.',
            "Name what shows it: an audit, a figure, what families or staff have told you.",
            column="strengths",
        ),
        Check(
            "development.missing",
            QUERY,
            "rows",
            lambda row: _is_rated_as_one_of(row, Rating.RED, Rating.AMBER) and not row["has_development"],
            '"{title}" is rated {rating}, and no area for development is given.',
            "Say what needs to get better, or change the rating.",
            column="development",
        ),
        Check(
            "strengths.holds_development",
            WARN,
            "rows",
            lambda row: row["holds_development"] and _is_row_to_check(row),
            'Something under the strengths of "{title}" reads like an area for development. It was left where it is.',
            "Move it to the areas for development if that is what it is.",
            column="strengths",
        ),
        Check(
            "commentary.by_author",
            WARN,
            "rows",
            lambda row: row["has_commentary"] and _is_row_to_check(row),
            CODES["commentary.by_author"].message,
            CODES["commentary.by_author"].remedy,
            column="commentary",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        shared_checks.EVIDENCE_NOT_THERE,
        shared_checks.TO_COME,
        *shared_checks.disclosure_checks(),
        *shared_checks.sign_off_checks(QUERY),
        *shared_checks.SHARED,
    ),
)
