"""What else a row will need once a question about it is answered: asked with it, not a round later.

Which cells have to be filled in goes by another cell: by the rating, by how far an action is, by whether
there is an action at all. While that cell is empty or unclear no check can miss the others, so its question
names them. A form then comes back once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from peer_challenge.model.findings import Finding
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.row_tables import read_answer
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.reader_findings import RATINGS

_Row = Mapping[str, Any]


def ask_follow_on_questions(findings: Iterable[Finding], reading: Reading) -> list[Finding]:
    """The findings of a document, each question with what its row will need besides."""
    rows = {row.get("address") or row.get("subheading"): row for row in (*reading.rows, *reading.items)}
    return [_ask_for_rest(finding, reading.kind, rows.get(finding.subheading)) for finding in findings]


def _ask_for_rest(finding: Finding, kind: Kind | None, row: _Row | None) -> Finding:
    say = _SAYS.get((kind, finding.code))
    if row is None or say is None or finding.severity is not Severity.QUERY:
        return finding
    rest = say(row)
    return replace(finding, remedy=f"{finding.remedy} {rest}") if rest else finding


def _is_empty(row: _Row, column: str) -> bool:
    return read_answer(row.get(column)) is None


def _say_beside_rating(row: _Row) -> str:
    """What goes with each rating. Where a rating was read, the checks have asked for it already."""
    if row.get("rating"):
        return ""
    lacks_strengths, lacks_development = _is_empty(row, "strengths"), _is_empty(row, "development")
    if lacks_strengths and lacks_development:
        return (
            "Please also fill in the row: if it is GREEN, say what is working well and how you know. "
            "If it is AMBER or RED, say what needs to get better. If it does not apply in your area, say why."
        )
    if lacks_development:
        return "If it is AMBER or RED, please also say what needs to get better."
    return "If it is GREEN, please also say what is working well and how you know." if lacks_strengths else ""


def _say_beside_status(row: _Row) -> str:
    """What goes with each answer to how far an action is."""
    if row.get("status"):
        return ""
    lacks_evidence, lacks_difference = _is_empty(row, "evidence"), _is_empty(row, "difference")
    told = []
    if lacks_evidence:
        told.append("If it was changed or dropped, please also say why.")
    lacking = [
        words
        for words, is_lacking in (
            ("what shows it", lacks_evidence),
            ("what is different for children now", lacks_difference),
        )
        if is_lacking
    ]
    if lacking:
        told.append(f"If it is done, please also say {join_in_words(lacking)}.")
    return " ".join(told)


def _say_beside_answer(row: _Row) -> str:
    """The kind of an answer that is still to be written."""
    is_asked = _is_empty(row, "response") and not row.get("response_kind")
    return "Please choose the kind of answer as well." if is_asked else ""


def _say_beside_agreed(row: _Row) -> str:
    """What goes with an item that has no words yet."""
    if not _is_empty(row, "text") or not _is_empty(row, "consensus"):
        return ""
    return "If you keep the line, please also say whether both areas agreed: Yes or No."


def _say_beside_action(row: _Row) -> str:
    """What goes with an action that has no words yet."""
    lacking = [
        words
        for column, words in (
            ("owner", "the role that will see it through"),
            ("due_on_as_written", "by when it will be done"),
            ("measure", "how you will know that it has worked"),
        )
        if _is_empty(row, column)
    ]
    is_asked = lacking and _is_empty(row, "action")
    return f"If you keep the line, please also give {join_in_words(lacking)}." if is_asked else ""


_SAYS: Mapping[tuple[Kind | None, str], Callable[[_Row], str]] = {
    **{(Kind.SELF_ASSESSMENT, code): _say_beside_rating for code in RATINGS},
    (Kind.RESPONSE, "response.missing"): _say_beside_answer,
    (Kind.CHAIR_RECORD, "agreed.no_text"): _say_beside_agreed,
    (Kind.ACTION_PLAN, "action.no_words"): _say_beside_action,
    (Kind.PROGRESS_REPORT, "progress.no_status"): _say_beside_status,
    (Kind.PROGRESS_REPORT, "progress.status_unclear"): _say_beside_status,
}
"""By kind of form and finding, what its question adds. In an analysis there is one column to write in."""
