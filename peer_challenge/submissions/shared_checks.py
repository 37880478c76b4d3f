"""Checks that several kinds of submission share: of texts, partners, and the framework's rows."""

# ruff: noqa: E501 - a message reads better on one line

from peer_challenge.advice.disclosure import KINDS
from peer_challenge.model.protective_marking import is_too_high
from peer_challenge.model.vocabulary import Severity
from peer_challenge.submissions.check import NOTE, QUERY, REJECT, WARN, Breaks, Check, Row, make_flag_rule


def _make_detail_rule(kind: str) -> Breaks:
    def breaks(row: Row) -> bool:
        return kind in row["kinds"]

    return breaks


def disclosure_checks() -> tuple[Check, ...]:
    """A check for each kind of detail that could identify a child or a family."""
    return tuple(
        Check(
            f"disclosure.{kind}",
            REJECT,
            "texts",
            _make_detail_rule(kind),
            f"In {{place}} there is what looks like {called}. Nothing that could identify a child or a family "
            "may be in this form, so we put it aside and passed it on to nobody. "
            "Only the programme office can open it.",
            "Take the detail out (write “a child”, “a family”, “a case”), save, and send the form again. "
            "If it is not about a child or family, say so to {office}.",
            column="{column}",
        )
        for kind, called in KINDS.items()
    )


def over_limit(severity: Severity = WARN) -> Check:
    """The check that no text has more words than the cycle asks for."""
    return Check(
        "text.over_limit",
        severity,
        "texts",
        lambda row: row["words"] > row["limit"] and row["column"] is not None,
        "This has {words} words; the cycle asks for no more than {limit}. All of it was taken in.",
        "Keep the narrative brief: shorten it if you can.",
        column="{column}",
        limit="word_limit",
    )


PRIVATE_LINK = Check(
    "link.private",
    WARN,
    "texts",
    make_flag_rule("is_private"),
    "There is a link to a SharePoint, intranet or shared drive, which peers can't open.",
    "Send a copy of what it leads to, or say in the answer what it shows.",
    column="{column}",
)

EVIDENCE_NOT_THERE = Check(
    "evidence.not_there",
    QUERY,
    "texts",
    lambda row: row["missing_files"] != "",
    "The answer names {missing_files}, which did not come with the form.",
    "Say in the answer what it shows: peers see only the form. If the office should have the file as well, "
    "put it and the form into one ZIP file and send that.",
    column="{column}",
)

TO_COME = Check(
    "text.to_come",
    WARN,
    "texts",
    make_flag_rule("is_to_come"),
    "This says only that something is to come or stands elsewhere, so it was taken as empty.",
    "Write the answer here, or leave the cell empty.",
    column="{column}",
)

ROW_MISSING = Check(
    "row.missing",
    QUERY,
    "rows",
    lambda row: (
        not row["is_present"]
        and row["is_known"]
        and not row["is_blank"]
        and row["seen"].isdisjoint(("row.missing", "row.uncertain"))
    ),
    'The row "{title}" is missing from the form.',
    "Put the row back and fill it in, or tell the programme office why it was taken out.",
)

ROW_UNKNOWN = Check(
    "row.unknown",
    WARN,
    "rows",
    lambda row: not row["is_known"],
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
            lambda row: not row["signed_off"] and not row["is_blank"],
            "A sign-off is missing: {label}. The form speaks for all three partners.",
            "Ask the partner's lead to agree the form, then give the lead's role and the date.",
            column="signed_off_{partner}",
            limit="sign_off",
        ),
        Check(
            "sign_off.no_date",
            WARN,
            "partners",
            lambda row: not row["signed_on"] and row["signed_off"] and not row["is_blank"],
            "{label} has signed off, but the date is missing.",
            "Add the date on which it was agreed.",
            column="signed_on_{partner}",
        ),
        Check(
            "sign_off.took_part",
            WARN,
            "partners",
            lambda row: not row["took_part"] and not row["is_blank"],
            "It is not said who took part for this partner: {label}.",
            "Name the roles (not the persons) that took part.",
            column="took_part_{partner}",
        ),
    )


def make_blank_check(message: str, remedy: str) -> Check:
    """The check that rejects a form in which nothing was filled in."""
    return Check("form.blank", REJECT, "documents", make_flag_rule("is_blank"), message, remedy)


MARKING_TOO_HIGH = Check(
    "marking.too_high",
    QUERY,
    "documents",
    lambda row: is_too_high(row["marking"]),
    "The document is marked {marking}, which is higher than this work may hold.",
    "Ask your information officer whether the marking is meant. If it is, tell {office} and send nothing more.",
)

MARKING_GOVERNS = Check(
    "marking.governs",
    NOTE,
    "documents",
    lambda row: row["marking"] != "" and row["marking_rank"] > row["cycle_rank"],
    "The document is marked {marking}. Whatever is made from it will carry that marking.",
    "If the marking is meant, nothing needs doing.",
)

SHARED = (MARKING_TOO_HIGH, MARKING_GOVERNS)
