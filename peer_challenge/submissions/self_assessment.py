"""The self-assessment: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from collections import Counter
from functools import lru_cache

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.submissions import shared_checks
from peer_challenge.submissions.check_suite import QUERY, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.own_expectations import (
    ExpectColumnValuesToKeepToStrengths,
    ExpectColumnValuesToNameEvidence,
)
from peer_challenge.submissions.partial_forms import with_parts
from peer_challenge.submissions.row_tables import (
    context_of,
    detail_rows,
    partner_rows,
    pick_seen_code,
    read_answer,
    schedule_rows,
    text_rows,
)
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
    rows = schedule_rows(batch, _COLUMNS)
    filled = count_filled_rows(rows, [*_TEXTS, "rating_as_written", "rating"])
    documents = with_parts(batch, document_rows(batch, filled), rows)
    texts = text_rows(batch, Kind.SELF_ASSESSMENT, (*_TEXTS, "commentary"), rows)
    answers = [_read_answers(row, batch) for row in rows if row["sent"] and row["known"]]
    documents = _with_word_counts(batch, documents, texts)
    return {
        "rows": rows,
        "ratings": [row for row in answers if row["rating_doubt"] is not None],
        "answers": answers,
        "texts": texts,
        "details": detail_rows(texts),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _with_word_counts(batch: Batch, documents: list[Row], texts: list[Row]) -> list[Row]:
    """The documents with `words`, of all their answers together, and `form_limit`, None where there is none."""
    words = Counter[str]()
    for row in texts:
        words[row["submission"]] += row["words"]
    return [
        row
        | {
            "words": words[row["submission"]],
            "form_limit": context_of(batch, row["submission"]).rules.form_word_limit,
        }
        for row in documents
    ]


def _read_answers(row: Row, batch: Batch) -> Row:
    """A row with what its cells say, and `rating_doubt`: the code of why its rating is unclear, if it is."""
    rating_map = tuple(context_of(batch, row["submission"]).rules.rating_map.items())
    is_told = bool(row["rating"] or pick_seen_code(row, RATINGS))
    return row | {
        "rating_doubt": None if is_told else _find_rating_doubt(row["rating_as_written"], rating_map),
        "strengths": read_answer(row["strengths"]),
        "development": read_answer(row["development"]),
        "commentary": row["commentary"].strip() or None,
    }


@lru_cache(maxsize=4096)
def _find_rating_doubt(written: str, rating_map: tuple[tuple[str, str], ...]) -> str | None:
    rating, codes = read_rating(written, None, dict(rating_map))
    found = next((code for code in codes if code in _RATING_CODES), None)
    return found or ("rating.missing" if rating is None else None)


def _rating_checks() -> tuple[Check, ...]:
    return tuple(
        Check(
            code,
            CODES[code].severity,
            "ratings",
            gxe.ExpectColumnValuesToNotBeInSet(column="rating_doubt", value_set=[code]),
            CODES[code].message,
            CODES[code].remedy,
            column="rating",
        )
        for code in _RATING_CODES
    )


_RATED_GREEN = Column("rating") == Rating.GREEN.value
_RATED_LOWER = Column("rating").is_in([Rating.RED.value, Rating.AMBER.value])
_RATED = Column("rating").is_in([Rating.RED.value, Rating.AMBER.value, Rating.GREEN.value])
_DOES_NOT_APPLY = Column("rating") == Rating.NOT_APPLICABLE.value


SUITE = Suite(
    Kind.SELF_ASSESSMENT,
    prepare_self_assessment_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: nothing has been filled in.",
            "Please fill in the form and send it again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "form.in_parts",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToBeNull(column="part_of"),
            "This looks like one part of a form: {filled} of {total} sub-headings are filled in, and {part_of}. "
            "Parts are not put together here.",
            "Please put all parts into one form that the three partners agree on, and send that one.",
        ),
        Check(
            "form.partial",
            WARN,
            "documents",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="filled",
                column_B="most_of_a_part",
                row_condition=(Column("filled") > 0) & Column("part_of").is_null(),
            ),
            "Only {filled} of {total} sub-headings are filled in.",
            "If the rest is still to come, send the whole form again when it is complete: it then counts as the next version.",
        ),
        shared_checks.ROW_MISSING,
        shared_checks.ROW_UNKNOWN,
        *_rating_checks(),
        Check(
            "not_applicable.no_reason",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="strengths", row_condition=_DOES_NOT_APPLY & Column("development").is_null()
            ),
            '"{title}" is rated as not applicable, and no reason is given.',
            "Please say in a sentence, under the strengths, why it does not apply to your area, or give it a rating.",
            column="rating",
        ),
        Check(
            "strengths.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="strengths", row_condition=_RATED_GREEN),
            '"{title}" is rated GREEN, and no strengths are given.',
            "Please say what is working well and how you know, or change the rating.",
            column="strengths",
        ),
        Check(
            "strengths.no_evidence",
            WARN,
            "answers",
            ExpectColumnValuesToNameEvidence(column="strengths", row_condition=_RATED),
            'The strengths under "{title}" do not say how you know.',
            "Please name what shows it: an audit, a figure, what families or staff have told you.",
            column="strengths",
        ),
        Check(
            "development.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="development", row_condition=_RATED_LOWER),
            '"{title}" is rated {rating}, and no area for development is given.',
            "Please say what needs to get better, or change the rating.",
            column="development",
        ),
        Check(
            "strengths.holds_development",
            WARN,
            "answers",
            ExpectColumnValuesToKeepToStrengths(column="strengths"),
            'Something under the strengths of "{title}" reads like an area for development. It was left where it is.',
            "Please move it to the areas for development if that is what it is.",
            column="strengths",
        ),
        Check(
            "commentary.by_author",
            WARN,
            "answers",
            gxe.ExpectColumnValuesToBeNull(column="commentary"),
            CODES["commentary.by_author"].message,
            CODES["commentary.by_author"].remedy,
            column="commentary",
        ),
        shared_checks.over_limit(),
        Check(
            "form.over_limit",
            WARN,
            "documents",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="form_limit",
                column_B="words",
                or_equal=True,
                row_condition=Column("form_limit").is_not_null(),
            ),
            "The form has {words} words; it asks for no more than {form_limit} in all. "
            "We have accepted all of it.",
            "Your challenger has to read all of it, so please shorten it if you can.",
            limit="form_word_limit",
        ),
        shared_checks.PRIVATE_LINK,
        shared_checks.EVIDENCE_NOT_THERE,
        shared_checks.TO_COME,
        *disclosure_checks(),
        *shared_checks.sign_off_checks(QUERY),
        *shared_checks.SHARED,
    ),
)
