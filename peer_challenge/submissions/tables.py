"""The tables that checks run on, prepared from a batch: rows with their framework, texts, partners."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

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

    Columns: submission, subheading, column, place (in words), words, limit, and the facts that
    checks of texts go by. The texts themselves stay behind.
    """
    texts = [*_inside(rows, tuple(columns)), *_outside(batch)]
    by_submission: dict[str, list[_Text]] = {}
    for text in texts:
        by_submission.setdefault(text.submission, []).append(text)
    headers = {column.id: column.header for column in FORMS[kind].columns}
    found = [
        facts
        for submission, theirs in by_submission.items()
        for facts in _facts(theirs, context_of(batch, submission), headers)
    ]
    return pd.DataFrame(found, columns=list(_TEXT_COLUMNS), dtype=object)


_TEXT_COLUMNS = (
    "submission", "subheading", "column", "place", "words", "limit", "kinds", "is_private", "is_to_come",
    "missing_files", "office",
)  # fmt: skip


class _Text(NamedTuple):
    submission: str
    subheading: str | None
    column: str | None
    title: str
    text: str


def _inside(rows: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[_Text]:
    key = "address" if "address" in rows else "subheading"
    titles = rows["title" if "title" in rows else key]
    for column in columns:
        for submission, place, title, text in zip(
            rows["submission"], rows[key], titles, rows[column], strict=True
        ):
            if text_of(text).strip():
                yield _Text(str(submission), place, column, str(title), text)


def _outside(batch: Batch) -> Iterator[_Text]:
    for record in batch.particulars.to_dict("records"):
        unmapped = record.get("unmapped")
        texts = [*(unmapped if isinstance(unmapped, (list, tuple)) else ())]
        texts += [text_of(record.get(name)) for name in ("notes", "late_reason")]
        yield from (_Text(str(record["submission"]), None, None, "", text) for text in texts if text.strip())


def _facts(
    texts: Sequence[_Text], context: SubmissionContext, headers: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    limit, office = context.rules.word_limit, context.office
    for text, kinds in zip(texts, kinds_in_each([t.text for t in texts], context.areas), strict=True):
        missing = wording.missing_files(text.text, context.attachments) if text.column else []
        yield (
            text.submission,
            text.subheading,
            text.column,
            f'"{headers[text.column]}" of "{text.title}"' if text.column else "the text outside the table",
            wording.words(text.text),
            limit,
            kinds,
            wording.has_private_link(text.text),
            bool(text.column) and wording.is_to_come(text.text),
            ", ".join(missing),
            office,
        )


_BETWEEN = "\n\n . \n\n"
_WORTH_A_SEARCH = re.compile(
    r"\d|\baged?\b|old\b|\bcall(?:ed)?\b|\bnamed\b|\bname\s+(?:is|was|of)\b|\bknown\s+as\b"
    r"|\b(?:his|her|their)\s+(?:\w+\s+)?(?:son|daughter|brother|sister|baby|child|twin)"
    r"|[’']s?\s+(?:mother|mum|father|dad|stepf|grandm|foster|social\s+w|sibling|brother|sister|headt|case|plac|plan)",
    re.IGNORECASE,
)
"""Without one of these nothing that the guard knows can be in a text: every shape of it has one."""


def kinds_in_each(texts: Sequence[str], areas: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The kinds of detail in each text that could identify a child, each once.

    All are searched at once, which is much cheaper than one by one; what stands between them keeps
    one text from lending its words to the next. Where there is something, each is searched by itself.
    """
    from peer_challenge.advice.disclosure import find_identifying

    worth = [bool(_WORTH_A_SEARCH.search(text)) for text in texts]
    joined = _BETWEEN.join(text for text, is_worth in zip(texts, worth, strict=True) if is_worth)
    if not joined or not find_identifying(joined, areas):
        return [()] * len(texts)
    return [kinds_of_detail(t, areas) if is_worth else () for t, is_worth in zip(texts, worth, strict=True)]


def kinds_of_detail(text: str, areas: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of detail in a text that could identify a child, each once."""
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
