"""Checks that several kinds of submission share: of texts, partners, and the framework's rows."""

# ruff: noqa: E501 - a message reads better on one line

from typing import Any

from peer_challenge.model.protective_marking import ORDER, is_too_high
from peer_challenge.model.vocabulary import Severity
from peer_challenge.submissions.check_suite import NOTE, QUERY, REJECT, WARN, Check
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.own_expectations import (
    ExpectColumnValuesToHoldNoPrivateLink,
    ExpectColumnValuesToSayMoreThanToCome,
)
from peer_challenge.word.reader_findings import CODES

_IN_CELL = Column("column").is_not_null()
"""Of texts: those of a cell of the form's table."""


def over_limit(severity: Severity = WARN) -> Check:
    """The check that no text has more words than the cycle asks for."""
    return Check(
        "text.over_limit",
        severity,
        "texts",
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="limit", column_B="words", or_equal=True, row_condition=_IN_CELL
        ),
        "This has {words} words. The form asks for no more than about {limit} in a cell. We have accepted all of it.",
        "Please keep it brief: shorten it if you can.",
        column="{column}",
        limit="word_limit",
    )


PRIVATE_LINK = Check(
    "link.private",
    WARN,
    "texts",
    ExpectColumnValuesToHoldNoPrivateLink(column="text"),
    CODES["link.private"].message,
    CODES["link.private"].remedy,
    column="{column}",
)

EVIDENCE_NOT_THERE = Check(
    "evidence.not_there",
    QUERY,
    "texts",
    gxe.ExpectColumnValuesToBeNull(column="missing_files"),
    "The answer names {missing_files}, which did not come with the form.",
    "Say in the answer what it shows. Or send the form and the file together, in one email or ZIP file: then "
    "the office has it, and passes it on to your challenger if the cycle says so.",
    column="{column}",
)

TO_COME = Check(
    "text.to_come",
    WARN,
    "texts",
    ExpectColumnValuesToSayMoreThanToCome(column="text", row_condition=_IN_CELL),
    "This says only that something is to come or is somewhere else. We read it as empty.",
    "Write the answer here, or leave the cell empty.",
    column="{column}",
)

ROW_MISSING = Check(
    "row.missing",
    QUERY,
    "rows",
    gxe.ExpectColumnValuesToNotBeNull(
        column="sent",
        row_condition=Column("known").is_not_null() & Column("reader_on_row").is_null(),
    ),
    'The row "{title}" is missing from the form.',
    "Put the row back and fill it in, or tell us why you took it out.",
)

ROW_UNKNOWN = Check(
    "row.unknown",
    WARN,
    "rows",
    gxe.ExpectColumnValuesToNotBeNull(column="known"),
    "This row matches none of the form's sub-headings. What it says is kept, and shown apart from the answers.",
    "If peers should look at it with a sub-heading, move it into that row.",
)


def sign_off_checks(severity: Severity) -> tuple[Check, ...]:
    """The checks that each partner took part and signed off.

    `severity` is that of a missing sign-off; the cycle's `sign_off` can change it.
    """
    return (
        Check(
            "sign_off.missing",
            severity,
            "partners",
            gxe.ExpectColumnValuesToNotBeNull(column="signed_off"),
            "A sign-off is missing: {label}. The form speaks for all three partners.",
            "Please ask the partner's lead to agree the form, then give the lead's role and the date.",
            column="signed_off_{partner}",
            limit="sign_off",
        ),
        Check(
            "sign_off.no_date",
            WARN,
            "partners",
            gxe.ExpectColumnValuesToNotBeNull(
                column="signed_on", row_condition=Column("signed_off").is_not_null()
            ),
            "{label} has signed off, but the date is missing.",
            "Please add the date on which it was agreed.",
            column="signed_on_{partner}",
        ),
        Check(
            "sign_off.took_part",
            WARN,
            "partners",
            gxe.ExpectColumnValuesToNotBeNull(column="took_part"),
            "The form does not say who took part for this partner: {label}.",
            "Please give the job titles (not the names) of those who took part.",
            column="took_part_{partner}",
        ),
    )


def make_blank_check(message: str, remedy: str, is_due: Any = None) -> Check:
    """The check that rejects a form in which nothing was filled in.

    `is_due` is a row condition of `documents`: which forms may not be blank, all where there is none.
    """
    expects = gxe.ExpectColumnValuesToBeBetween(column="filled_rows", min_value=1, row_condition=is_due)
    return Check("form.blank", REJECT, "documents", expects, message, remedy)


MARKING_TOO_HIGH = Check(
    "marking.too_high",
    QUERY,
    "documents",
    gxe.ExpectColumnValuesToNotBeInSet(column="marking", value_set=list(filter(is_too_high, ORDER))),
    "The document is marked {marking}, which is higher than this work may hold.",
    "Ask your information officer whether the marking is meant. If it is, tell us and send nothing more.",
)

MARKING_GOVERNS = Check(
    "marking.governs",
    NOTE,
    "documents",
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="cycle_rank",
        column_B="marking_rank",
        or_equal=True,
        row_condition=Column("marking").is_not_null(),
    ),
    "The document is marked {marking}. Whatever is made from it will carry that marking.",
    "If the marking is meant, you do not need to do anything.",
)

SHARED = (MARKING_TOO_HIGH, MARKING_GOVERNS)
