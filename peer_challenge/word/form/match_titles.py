"""Recognising a sub-heading by its title: exactly, reworded, or without being sure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from peer_challenge.model.framework import Framework
from peer_challenge.word.form.known_before_reading import normalise_printed_text

STRONG, WEAK, MARGIN = 84, 68, 8
"""Likeness in hundredths: sure from STRONG on, asked about from WEAK on, and MARGIN before the next best."""
_LONGEST_KEPT = 400
"""Letters of a cell with a title and its guidance; the same cell is compared several times."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sub-heading's address, and how sure: "exact", "strong" or "weak"."""

    address: str
    sureness: str


class Titles:
    """The titles of one framework, to be compared with what a document says."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self._titles = {
            address: _normalise_title(row.title) for address, row in framework.subheadings.items()
        }

    @cached_property
    def _areas_by_title(self) -> Mapping[str, str]:
        return {_normalise_title(area.title): area.id for area in self.framework.focus_areas}

    @lru_cache(maxsize=4096)  # noqa: B019 - lives as long as the reader, and is bounded
    def focus_area(self, text: str) -> str | None:
        """The id of the area of focus with this title, exactly or nearly; None when there is none."""
        wanted = _normalise_title(text)
        # The longest title shipped has 46 letters; comparing long texts is slow, and finds none.
        if not wanted or len(wanted) > 120:
            return None
        if wanted in self._areas_by_title:
            return self._areas_by_title[wanted]
        near = process.extractOne(wanted, self._areas_by_title.keys(), scorer=fuzz.ratio, score_cutoff=90)
        return self._areas_by_title[near[0]] if near else None

    def match(self, text: str, area: str | None = None) -> Match | None:
        """The sub-heading that a cell's text names: in its area of focus first, else anywhere.

        The prompt and reference may follow the title in the cell. None when nothing is near enough.
        """
        for line in _list_title_lines(text):
            found = self._match_line(line, area)
            if found:
                return found
        return None

    @lru_cache(maxsize=4096)  # noqa: B019 - lives as long as the reader, and is bounded
    def _match_line(self, line: str, area: str | None) -> Match | None:
        exact = [address for address, title in self._titles.items() if title == line]
        near = [address for address in exact if area is None or address.startswith(f"{area}/")]
        if len(exact) == 1 or len(near) == 1:
            return Match((near or exact)[0], "exact")
        return None if exact else self._match_similar_title(line, area)

    def _match_similar_title(self, line: str, area: str | None) -> Match | None:
        scored = sorted(
            (
                (_score_likeness(line, title), address)
                for address, title in self._titles.items()
                if area is None or address.startswith(f"{area}/")
            ),
            reverse=True,
        )
        if not scored or scored[0][0] < WEAK:
            return None if area is None or not scored else self._match_similar_title(line, None)
        margin = scored[0][0] - (scored[1][0] if len(scored) > 1 else 0)
        is_strong = scored[0][0] >= STRONG and margin >= MARGIN
        return Match(scored[0][1], "strong" if is_strong else "weak")


_TITLES: dict[int, tuple[Framework, Titles]] = {}


def titles_of(framework: Framework) -> Titles:
    """The titles of a framework, made once for as long as the framework lives."""
    kept = _TITLES.get(id(framework))
    if kept is None or kept[0] is not framework:
        # More frameworks than an office ever has; those of tests and previews are let go.
        if len(_TITLES) > 32:
            _TITLES.clear()
        kept = _TITLES[id(framework)] = (framework, Titles(framework))
    return kept[1]


def _score_likeness(line: str, title: str) -> float:
    """0 to 100: how like a title a line is, in any order of words, or as part of it."""
    contained = 88.0 if len(title) >= 8 and f" {title} " in f" {line} " else 0.0
    return max(fuzz.ratio(line, title), fuzz.token_sort_ratio(line, title), contained)


def _normalise_title(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", normalise_printed_text(text)))


def _list_title_lines(text: str) -> Sequence[str]:
    """The first lines of a cell that may be a title, as they are compared."""
    return _kept_title_lines(text) if len(text) <= _LONGEST_KEPT else _read_title_lines(text)


@lru_cache(maxsize=1024)
def _kept_title_lines(text: str) -> Sequence[str]:
    return _read_title_lines(text)


def _read_title_lines(text: str) -> Sequence[str]:
    lines = [plain for line in text.split("\n")[:4] if (plain := _normalise_title(line))]
    # A longer line, or a third, is guidance.
    return [line for line in lines[:2] if len(line) <= 120]
