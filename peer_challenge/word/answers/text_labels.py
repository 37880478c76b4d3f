"""The words that people put before an answer typed as text: "Strengths:", "**RAG rating** -", "Gaps:"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from peer_challenge.model.framework import ColumnHeadings
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import FORMS, list_headers

# every repetition is bounded, so that a line takes time that grows with it and no faster
_BEFORE = r"[\s#>*_]{0,12}(?:[•·▪-]\s{1,4}|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s{1,4})?[*_]{0,3}"
_QUALIFIED = r"(?:(?:our|the|key|main|overall|current|agreed|self)[\s-]{1,3})?"
_AFTER = r"(?:\s{0,3}\([^()\n]{1,60}\))?[*_]{0,3}"
_SIGN = r"(?:\s{0,4}:|\s{1,4}[–—-]\s|[–—])[*_]{0,3}\s{0,4}"
_CHOICES = {
    "rating": r"red|amber|green|not\s{1,3}applicable|n\s?/\s?a",
    "response_kind": r"further\s{1,3}evidence|acknowledge?ment|update",
}
_USUAL = ColumnHeadings()
CHOICES = tuple(_CHOICES)
"""The columns in which one of a few words is chosen."""


class Labelled(NamedTuple):
    """A stretch of text, the column that the words before it name, and those words; all may be empty."""

    column: str | None
    label: str
    text: str


def split_at_labels(line: str, kind: Kind, headings: ColumnHeadings = _USUAL) -> Iterator[Labelled]:
    """A line cut at its labels, of which the first begins it and others begin a sentence.

    A label is a name of a column, such as one of the framework's own `headings`.

    What comes before the first label has no column. Nothing comes back for a line without words.
    """
    if (match := _patterns(kind, headings).alone.fullmatch(line)) is not None:
        yield Labelled(_column_of(match), line.strip(), "")
        return
    start, column, label = 0, None, ""
    for match in _patterns(kind, headings).inside.finditer(line):
        if (text := line[start : match.start()].strip()) or column:
            yield Labelled(column, label, text)
        start, column, label = match.end(), _column_of(match), match.group().strip()
    if (text := line[start:].strip()) or column:
        yield Labelled(column, label, text)


def find_choice(line: str, kind: Kind, headings: ColumnHeadings = _USUAL) -> Labelled | None:
    """The choice that a line makes and nothing else, with or without its label: "Amber", "Rating Amber"."""
    # A choice with its label is a few words; looking through long lines is slow.
    match = _patterns(kind, headings).choice.fullmatch(line) if len(line) <= 120 else None
    if match is None:
        return None
    column = next(column for column in CHOICES if match.groupdict().get(column))
    return Labelled(column, line[: match.start(column)].strip(), match[column])


def find_header_columns(
    line: str, kind: Kind, headings: ColumnHeadings = _USUAL
) -> tuple[str, list[str | None]] | None:
    """The sign between the cells of a table that was turned into text, and their columns, from its header.

    None where the line is no such header.
    """
    # The headings of a form have some 200 letters together; a longer line is a narrative.
    for sign in ("\t", "|") if len(line) <= 600 else ():
        columns = [_names(kind, headings).get(_plain(piece)) for piece in split_at_sign(line, sign)]
        if columns[0] == "subheading" and sum(column is not None for column in columns) >= 3:
            return sign, columns
    return None


def find_header_column(line: str, kind: Kind, headings: ColumnHeadings = _USUAL) -> str | None:
    """The column whose header, as the form prints it, is all that a line says."""
    text = line.strip()
    return next((column for column, header in list_headers(kind, headings).items() if header == text), None)


def split_at_sign(line: str, sign: str) -> list[str]:
    """The cells of a line in which a sign stands between them; a "|" may also stand at both ends."""
    if sign == "|" and line.strip().startswith("|"):
        line = line.strip().removeprefix("|").removesuffix("|")
    return [piece.strip(" ") for piece in line.split(sign)]


class _Patterns(NamedTuple):
    """What finds a label alone on its line, one with a sign after it, and a choice alone."""

    alone: re.Pattern[str]
    inside: re.Pattern[str]
    choice: re.Pattern[str]


def _column_of(match: re.Match[str]) -> str:
    return next(column for column, text in match.groupdict().items() if text)


@lru_cache(maxsize=128)
def _patterns(kind: Kind, headings: ColumnHeadings) -> _Patterns:
    columns = [column for column in FORMS[kind].columns if column.id != "subheading"]
    own = list_headers(kind, headings)
    names = {
        column.id: _any_of(
            kind, column.id, tuple(dict.fromkeys((own[column.id], column.header, *column.synonyms)))
        )
        for column in columns
    }
    named = "|".join(f"(?P<{column}>{words})" for column, words in names.items())
    choices = "|".join(
        rf"(?:{_QUALIFIED}(?:{names[column]}){_AFTER}(?:{_SIGN}|\s{{1,4}}))?(?P<{column}>{words})"
        for column, words in _CHOICES.items()
        if column in names
    )
    begins = "|".join((f"^{_BEFORE}", r"(?<=[.!?;]\s)[*_]{0,3}", r"(?<=[.!?;]\s\s)[*_]{0,3}"))
    label = rf"{_QUALIFIED}(?:{named}){_AFTER}"
    return _Patterns(
        re.compile(rf"{_BEFORE}{label}\s{{0,4}}:?[*_]{{0,3}}\s{{0,4}}", re.IGNORECASE),
        re.compile(rf"(?:{begins}){label}{_SIGN}", re.IGNORECASE),
        re.compile(rf"{_BEFORE}(?:{choices or '(?!)'})[*_]{{0,3}}\s{{0,4}}\.?\s{{0,4}}", re.IGNORECASE),
    )


def _any_of(kind: Kind, column: str, names: Sequence[str]) -> str:
    """A pattern of a column's names, the longest first.

    Peers' words in a self-assessment count only under the column's own name: an author's "Challenge:" is
    something else.
    """
    if kind is Kind.SELF_ASSESSMENT and column == "commentary":
        names = names[:1]
    ordered = sorted(map(str.casefold, names), key=len, reverse=True)
    return "|".join(r"[\s-]{1,3}".join(map(re.escape, re.split(r"[\s-]+", name))) for name in ordered)


@lru_cache(maxsize=128)
def _names(kind: Kind, headings: ColumnHeadings) -> Mapping[str, str]:
    usual = {
        _plain(name): column.id
        for column in reversed(FORMS[kind].columns)
        for name in (*reversed(column.synonyms), column.header)
    }
    return usual | {_plain(header): column for column, header in list_headers(kind, headings).items()}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
