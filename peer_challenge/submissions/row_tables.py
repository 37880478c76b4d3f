"""The tables that checks run on: what was read of a batch, as rows with their framework, texts, partners."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from peer_challenge.advice.identifying_details import find_kinds, may_identify
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import cell_text
from peer_challenge.submissions.check_suite import Batch, Row
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import ABOUT_THE_CHALLENGE, FORMS, PARTNERS, SCHEDULES

_NO_CONTEXT = SubmissionContext()
_AGAINST = ("strengths", "development", "rating")
_ROW_CODES = ("row.missing", "row.uncertain")


def list_answer_rows(readings: Mapping[str, Reading], kind: Kind) -> list[Row]:
    """The rows (or items) that were read of each form of a kind, with `submission`."""
    return [
        {"submission": key, **row}
        for key, reading in readings.items()
        if reading.kind is kind
        for row in (reading.rows if kind in SCHEDULES else reading.items)
    ]


def collect_seen_codes(readings: Mapping[str, Reading]) -> dict[tuple[str, str], frozenset[str]]:
    """The codes of what the reader saw in each row of each reading."""
    found: dict[tuple[str, str], set[str]] = {}
    for key, reading in readings.items():
        for finding in reading.findings:
            found.setdefault((key, finding.subheading or ""), set()).add(finding.code)
    return {place: frozenset(codes) for place, codes in found.items()}


def list_particulars(readings: Mapping[str, Reading]) -> list[Row]:
    """One row per reading: what was read of the document as a whole, then its fields."""
    return [
        {
            "submission": key,
            "challenger": reading.challenger,
            "marking": reading.marking,
            "unmapped": tuple(reading.unmapped),
            "attachments": tuple(reading.attachments),
            **reading.particulars,
        }
        for key, reading in readings.items()
    ]


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

    Has `columns` as text, `rating`, `title`, `sent` and `known` (its address, None when the form lacks the
    row, or the framework), `seen` (the codes of what the reader saw in it) and `reader_on_row` (the one that
    says that the row is missing, if any).
    """
    columns = tuple(columns)
    sent: dict[str, dict[str, Row]] = {row["submission"]: {} for row in (*batch.particulars, *batch.rows)}
    for row in batch.rows:
        sent[row["submission"]].setdefault(str(row.get("subheading")), row)
    found = [
        row | {"seen": batch.seen.get((submission, row["subheading"]), frozenset())}
        for submission, theirs in sent.items()
        for row in _of_submission(submission, theirs, context_of(batch, submission), columns)
    ]
    return [row | {"reader_on_row": pick_seen_code(row, _ROW_CODES)} for row in found]


def pick_seen_code(row: Row, codes: Iterable[str]) -> str | None:
    """The first of `codes` that the reader saw in a row, None where it saw none of them."""
    return next((code for code in codes if code in row["seen"]), None)


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
            "sent": address if address in sent else None,
            "known": address if address in known or not known else None,
            "rating": read_text_value(row.get("rating")) or None,
            **{column: read_text_value(row.get(column)) for column in columns},
        }


def text_rows(batch: Batch, kind: Kind, columns: Iterable[str], rows: Iterable[Row]) -> list[Row]:
    """One row per filled cell of `columns` of the rows sent, and per text outside the form's table.

    Keys: submission, subheading, column (None outside the table), place (in words), text, words (their
    number), limit, details (kinds of what could identify a child), missing_files and office.
    """
    texts = [*_collect_cell_texts(batch, kind, rows, tuple(columns)), *_collect_outside_texts(batch)]
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


def short_text_rows(batch: Batch, kind: Kind, columns: Iterable[str], rows: Iterable[Row]) -> list[Row]:
    """One row per filled cell of `columns`: short answers such as "Yes", where people write sentences too.

    No check of texts asks them for more. Keys as of `text_rows`; `column` is that of the finding.
    """
    return _collect_facts_of_short(
        batch,
        [
            text._replace(column=str(text.column).removesuffix("_as_written"))
            for text in _collect_cell_texts(batch, kind, rows, tuple(columns))
        ],
    )


def particular_text_rows(batch: Batch, kind: Kind) -> list[Row]:
    """One row per filled particular of a form that `text_rows` has not; `column` is the particular.

    Keys as of `text_rows`. For forms whose particulars are printed for other areas.
    """
    return _collect_facts_of_short(
        batch,
        [
            _Text(row["submission"], None, field.id, f'"{field.label}"', text)
            for row in batch.particulars
            for field in FORMS[kind].fields
            if field.id not in _TEXTS_OUTSIDE and (text := read_text_value(row.get(field.id))).strip()
        ],
    )


def _collect_facts_of_short(batch: Batch, texts: "list[_Text]") -> list[Row]:
    may = may_identify([text.text for text in texts])
    return [
        _collect_text_facts(text, context_of(batch, text.submission), frozenset(), is_worth)
        for text, is_worth in zip(texts, may, strict=True)
    ]


def detail_rows(texts: Iterable[Row]) -> list[Row]:
    """One row per text and kind of detail in it that could identify a child: the text's row with `detail`."""
    return [row | {"detail": detail} for row in texts for detail in row["details"]]


class _Text(NamedTuple):
    submission: str
    subheading: str | None
    column: str | None
    place: str
    text: str


def _collect_cell_texts(
    batch: Batch, kind: Kind, rows: Iterable[Row], columns: tuple[str, ...]
) -> Iterator[_Text]:
    headers: dict[str, Mapping[str, str]] = {}
    for row in rows:
        if row.get("sent", row) is None:
            continue
        where = row.get("address") or row["subheading"]
        title = row.get("title", where)
        if row["submission"] not in headers:
            headers[row["submission"]] = context_of(batch, row["submission"]).list_headers(kind)
        for column in columns:
            if row[column].strip():
                place = f'"{_find_header(headers[row["submission"]], column)}" of "{title}"'
                yield _Text(row["submission"], where, column, place, row[column])


def _find_header(headers: Mapping[str, str], column: str) -> str:
    return headers.get(column.removesuffix("_as_written"), "Comments")


_TEXTS_OUTSIDE = ("notes", "late_reason", *(field.id for field in ABOUT_THE_CHALLENGE))
"""The particulars in which people write sentences."""


def _collect_outside_texts(batch: Batch) -> Iterator[_Text]:
    for row in batch.particulars:
        unmapped = row.get("unmapped")
        texts = [*(unmapped if isinstance(unmapped, (list, tuple)) else ())]
        texts += [read_text_value(row.get(name)) for name in _TEXTS_OUTSIDE]
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
                    row["missing_files"] = None
    return texts


def _collect_text_facts(
    text: _Text, context: SubmissionContext, there: frozenset[str], may_identify: bool
) -> Row:
    missing = cell_text.missing_from(text.text, there) if text.column else []
    details = find_kinds(text.text, context.areas) if may_identify else ()
    return {
        **text._asdict(),
        "words": cell_text.count_words(text.text),
        "limit": context.rules.word_limit,
        "details": details,
        "missing_files": ", ".join(missing) or None,
    }


def partner_rows(documents: Iterable[Row]) -> list[Row]:
    """One row per submission and partner: label, and the answers took_part, signed_off, signed_on."""
    return [
        {
            "submission": row["submission"],
            "partner": partner,
            "label": label,
            **{
                what: read_answer(row.get(f"{what}_{partner}"))
                for what in ("took_part", "signed_off", "signed_on")
            },
        }
        for row in documents
        for partner, label in PARTNERS.items()
    ]


def read_answer(value: Any) -> str | None:
    """What a cell says, as it was written; None where that is nothing, such as a dash or "TBC"."""
    text = read_text_value(value)
    return None if cell_text.is_nothing(text) else text


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
