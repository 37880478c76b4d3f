"""The tables that checks run on, prepared from a batch: rows with their framework, texts, partners."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from peer_challenge.submissions import wording
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.suite import Batch, column_or
from peer_challenge.vocabulary import Kind
from peer_challenge.word.forms import FORMS, PARTNERS

_NO_CONTEXT = SubmissionContext()
_AGAINST = ("strengths", "development", "rating")


def context_of(batch: Batch, submission: str) -> SubmissionContext:
    """A submission's context, or an empty one."""
    return batch.contexts.get(submission, _NO_CONTEXT)


def text_of(value: Any) -> str:
    """A cell's value as text, "" for what is missing."""
    return value if isinstance(value, str) else ""


def schedule_rows(batch: Batch, columns: Iterable[str]) -> pd.DataFrame:
    """One row per submission and sub-heading of its framework, in order, then rows it doesn't know.

    Has `columns` as text, `rating` (None when missing), `title`, `is_present` (the row was sent),
    `is_known` (the framework has it).
    """
    columns = tuple(columns)
    sent: dict[str, dict[str, Mapping[Any, Any]]] = {}
    for record in batch.rows.to_dict("records"):
        sent.setdefault(str(record["submission"]), {}).setdefault(str(record.get("subheading")), record)
    found = [
        row
        for submission in dict.fromkeys([*batch.particulars["submission"], *sent])
        for row in _of_submission(
            submission, sent.get(submission, {}), context_of(batch, submission), columns
        )
    ]
    names = ("submission", "subheading", "title", "is_present", "is_known", "rating", *columns)
    return pd.DataFrame(found, columns=list(names), dtype=object)


def _of_submission(
    submission: str,
    sent: Mapping[str, Mapping[Any, Any]],
    context: SubmissionContext,
    columns: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    known = context.framework.subheadings if context.framework is not None else {}
    for address in dict.fromkeys([*known, *sent]):
        record = sent.get(address, {})
        rating = record.get("rating")
        yield {
            "submission": submission,
            "subheading": address,
            "title": known[address].title if address in known else address,
            "is_present": address in sent,
            "is_known": address in known or not known,
            "rating": rating if isinstance(rating, str) and rating else None,
            **{column: text_of(record.get(column)) for column in columns},
        }


def text_rows(batch: Batch, kind: Kind, columns: Iterable[str], rows: pd.DataFrame) -> pd.DataFrame:
    """One row per filled cell of `columns`, and per text outside the form's table.

    Columns: submission, subheading, column, place (in words), text, words, limit, and the facts
    that checks of texts go by.
    """
    headers = {column.id: column.header for column in FORMS[kind].columns}
    key = "subheading" if "address" not in rows else "address"
    records = rows.to_dict("records")
    found = [
        _a_text(
            batch,
            str(record["submission"]),
            record[key],
            column,
            record.get("title"),
            headers,
            record[column],
        )
        for record in records
        for column in columns
        if text_of(record.get(column)).strip()
    ]
    found += [
        _a_text(batch, str(record["submission"]), None, None, None, headers, text)
        for record in batch.particulars.to_dict("records")
        for text in _outside(record)
    ]
    names = list(found[0]) if found else ["submission", "subheading", "column", *_FACTS]
    return pd.DataFrame(found, columns=names, dtype=object)


_FACTS = ("place", "text", "words", "limit", "kinds", "is_private", "missing_files", "office")


def _outside(record: Mapping[Any, Any]) -> Iterator[str]:
    unmapped = record.get("unmapped")
    yield from (unmapped if isinstance(unmapped, (list, tuple)) else ())
    yield from filter(None, (text_of(record.get(name)).strip() for name in ("notes", "late_reason")))


def _a_text(
    batch: Batch,
    submission: str,
    subheading: Any,
    column: str | None,
    title: Any,
    headers: Mapping[str, str],
    text: str,
) -> dict[str, Any]:
    context = context_of(batch, submission)
    missing = wording.missing_files(text, context.attachments) if column else []
    where = (
        f'"{headers.get(column or "", column)}" of "{title or subheading}"'
        if column
        else "the text outside the table"
    )
    return {
        "submission": submission,
        "subheading": subheading,
        "column": column,
        "place": where,
        "text": text,
        "words": wording.words(text),
        "limit": context.rules.word_limit,
        "kinds": kinds_of_detail(text, context.areas),
        "is_private": wording.has_private_link(text),
        "missing_files": ", ".join(missing),
        "office": context.office,
    }


def kinds_of_detail(text: str, areas: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of detail in a text that could identify a child, each once."""
    return _kinds(text, areas) if _may_identify(text) else ()


def _may_identify(text: str) -> bool:
    """A quick look: nothing identifies anybody without a figure or a word with a capital letter."""
    return any(c.isdigit() for c in text) or any(word[:1].isupper() for word in text.split()[1:])


@lru_cache(maxsize=20_000)
def _kinds(text: str, areas: tuple[str, ...]) -> tuple[str, ...]:
    from peer_challenge.advice.disclosure import find_identifying

    return tuple(dict.fromkeys(hit.kind for hit in find_identifying(text, areas)))


def partner_rows(batch: Batch) -> pd.DataFrame:
    """One row per submission and partner: took_part, signed_off, signed_on as text, label."""
    table = batch.particulars
    found = []
    for partner, label in PARTNERS.items():
        found.append(
            pd.DataFrame(
                {
                    "submission": table["submission"],
                    "partner": partner,
                    "label": label,
                    **{
                        what: column_or(table, f"{what}_{partner}").map(text_of).map(_said)
                        for what in ("took_part", "signed_off", "signed_on")
                    },
                    "is_blank": column_or(table, "is_blank", False).astype(bool),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def _said(text: str) -> str:
    return "" if wording.is_nothing(text) else text.strip()


def earlier(frame: pd.DataFrame | None, columns: Iterable[str] = _AGAINST) -> dict[str, dict[str, str]]:
    """The rows of an earlier submission by sub-heading or address, `columns` as text."""
    if frame is None or frame.empty:
        return {}
    key = "address" if "address" in frame else "subheading"
    return {
        str(record[key]): {column: text_of(record.get(column)) for column in columns}
        for record in frame.to_dict("records")
    }
