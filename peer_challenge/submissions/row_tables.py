"""The tables that checks run on, prepared from a batch: rows with their framework, texts, partners."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from peer_challenge.advice.disclosure import find_identifying, may_identify
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import cell_text
from peer_challenge.submissions.check import Batch, Row
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.word.answers.private_links import has_private_link
from peer_challenge.word.form.forms import FORMS, PARTNERS

_NO_CONTEXT = SubmissionContext()
_AGAINST = ("strengths", "development", "rating")


def records_of(table: pd.DataFrame) -> list[Row]:
    """A table as rows, with None for missing values. CSV files may bring NaN and dates: they become text."""
    names = [str(name) for name in table.columns]
    columns = [[_simplify_value(value) for value in table.iloc[:, n].tolist()] for n in range(len(names))]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _simplify_value(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, tuple, list)):
        return value
    return None if pd.isna(value) else str(value)


def context_of(batch: Batch, submission: str) -> SubmissionContext:
    """A submission's context, or an empty one."""
    return batch.contexts.get(submission, _NO_CONTEXT)


def read_text_value(value: object) -> str:
    """A cell's value as text; "" for a missing value or one that is not text."""
    return value if isinstance(value, str) else ""


def schedule_rows(batch: Batch, columns: Iterable[str]) -> list[Row]:
    """One row per submission and sub-heading of its framework, in order, then rows that are not in it.

    Has `columns` as text, `rating` (None when missing), `title`, `is_present` (the row was sent),
    `is_known` (the framework has it), `seen` (the codes of what the reader saw in it).
    """
    columns = tuple(columns)
    sent: dict[str, dict[str, Row]] = {row["submission"]: {} for row in (*batch.particulars, *batch.rows)}
    for row in batch.rows:
        sent[row["submission"]].setdefault(str(row.get("subheading")), row)
    return [
        row | {"seen": batch.seen.get((submission, row["subheading"]), frozenset())}
        for submission, theirs in sent.items()
        for row in _of_submission(submission, theirs, context_of(batch, submission), columns)
    ]


def _of_submission(
    submission: str, sent: Mapping[str, Row], context: SubmissionContext, columns: tuple[str, ...]
) -> Iterator[Row]:
    known = context.framework.subheadings if context.framework is not None else {}
    for address in dict.fromkeys([*known, *sent]):
        row = sent.get(address, {})
        yield {
            "submission": submission,
            "subheading": address,
            "title": known[address].title if address in known else address,
            "is_present": address in sent,
            "is_known": address in known or not known,
            "rating": read_text_value(row.get("rating")) or None,
            **{column: read_text_value(row.get(column)) for column in columns},
        }


def text_rows(batch: Batch, kind: Kind, columns: Iterable[str], rows: Iterable[Row]) -> list[Row]:
    """One row per filled cell of `columns` of the rows sent, and per text outside the form's table.

    Keys: submission, subheading, column, place (in words), words (their number), limit, kinds, is_private,
    is_to_come, missing_files and office. The texts themselves are not included.
    """
    headers = {column.id: column.header for column in FORMS[kind].columns}
    texts = [*_collect_cell_texts(rows, tuple(columns), headers), *_collect_outside_texts(batch)]
    may = may_identify([text.text for text in texts])
    there = {
        row["submission"]: cell_text.index_of_names(
            _list_available_names(row, context_of(batch, row["submission"]))
        )
        for row in batch.particulars
    }
    found = [
        _collect_text_facts(
            text, context_of(batch, text.submission), there.get(text.submission, frozenset()), is_worth
        )
        for text, is_worth in zip(texts, may, strict=True)
    ]
    return _without_embedded(found, batch)


class _Text(NamedTuple):
    submission: str
    subheading: str | None
    column: str | None
    place: str
    text: str


def _collect_cell_texts(
    rows: Iterable[Row], columns: tuple[str, ...], headers: Mapping[str, str]
) -> Iterator[_Text]:
    for row in rows:
        if not row.get("is_present", True):
            continue
        where = row.get("address") or row["subheading"]
        title = row.get("title", where)
        for column in columns:
            if row[column].strip():
                place = f'"{headers[column]}" of "{title}"'
                yield _Text(row["submission"], where, column, place, row[column])


def _collect_outside_texts(batch: Batch) -> Iterator[_Text]:
    for row in batch.particulars:
        unmapped = row.get("unmapped")
        texts = [*(unmapped if isinstance(unmapped, (list, tuple)) else ())]
        texts += [read_text_value(row.get(name)) for name in ("notes", "late_reason")]
        for text in texts:
            if text.strip():
                yield _Text(row["submission"], None, None, "the text outside the table", text)


def _list_available_names(particulars: Row, context: SubmissionContext) -> tuple[str, ...]:
    """The names that answers may refer to: files that came with the submission, and its headings."""
    came = particulars.get("attachments")
    unmapped = particulars.get("unmapped")
    texts = unmapped if isinstance(unmapped, (list, tuple)) else ()
    headings = (line[:120].replace("/", " ") for text in texts for line in text.splitlines())
    return (*context.attachments, *(came if isinstance(came, (list, tuple)) else ()), *headings)


def _without_embedded(texts: list[Row], batch: Batch) -> list[Row]:
    """The texts without what they name as missing where as many files are embedded in the form.

    Such files are never opened, so their names are not known.
    """
    missing: dict[str, set[str]] = {}
    for row in texts:
        if row["missing_files"]:
            missing.setdefault(row["submission"], set()).update(row["missing_files"].split(", "))
    for particulars in batch.particulars if missing else ():
        submission = particulars["submission"]
        embedded = sum("/embeddings/" in name.lower() for name in particulars.get("attachments") or ())
        if 0 < len(missing.get(submission, ())) <= embedded:
            for row in texts:
                if row["submission"] == submission:
                    row["missing_files"] = ""
    return texts


def _collect_text_facts(
    text: _Text, context: SubmissionContext, there: frozenset[str], may_identify: bool
) -> Row:
    missing = cell_text.missing_from(text.text, there) if text.column else []
    return {
        "submission": text.submission,
        "subheading": text.subheading,
        "column": text.column,
        "place": text.place,
        "words": cell_text.count_words(text.text),
        "limit": context.rules.word_limit,
        "kinds": kinds_of_detail(text.text, context.areas) if may_identify else (),
        "is_private": has_private_link(text.text),
        "is_to_come": bool(text.column) and cell_text.is_to_come(text.text),
        "missing_files": ", ".join(missing),
        "office": context.office,
    }


def kinds_of_detail(text: str, areas: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of detail in a text that could identify a child, each once."""
    return tuple(dict.fromkeys(hit.kind for hit in find_identifying(text, areas)))


def partner_rows(documents: Iterable[Row]) -> list[Row]:
    """One row per submission and partner: took_part, signed_off, signed_on as text, label, is_blank."""
    return [
        {
            "submission": row["submission"],
            "partner": partner,
            "label": label,
            **{
                what: _clean_answer_text(read_text_value(row.get(f"{what}_{partner}")))
                for what in ("took_part", "signed_off", "signed_on")
            },
            "is_blank": row["is_blank"],
        }
        for row in documents
        for partner, label in PARTNERS.items()
    ]


def _clean_answer_text(text: str) -> str:
    return "" if cell_text.is_nothing(text) else text.strip()


def index_earlier_rows(
    frame: pd.DataFrame | None, columns: Iterable[str] = _AGAINST
) -> dict[str, dict[str, str]]:
    """The rows of an earlier submission by sub-heading or address, `columns` as text."""
    if frame is None or frame.empty:
        return {}
    key = "address" if "address" in frame else "subheading"
    columns = tuple(columns)
    wanted = frame[[column for column in (key, *columns) if column in frame]]
    return {
        str(row[key]): {column: read_text_value(row.get(column)) for column in columns}
        for row in records_of(wanted)
    }
