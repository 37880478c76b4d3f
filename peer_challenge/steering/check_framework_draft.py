"""What is wrong with a framework in preparation, and what has to be answered before it can be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peer_challenge.cycle_file.check_framework import check_framework_entries
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.frameworks.keep_ids import Origin, list_entries, list_unanswered
from peer_challenge.model.framework import Framework
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.register.cycles import load_cycles, load_whole_framework
from peer_challenge.register.database import Transaction
from peer_challenge.register.drafts import FrameworkDraft
from peer_challenge.register.records import CycleState
from peer_challenge.settings import Settings

MOST_SUBHEADINGS = 300
"""Five times the largest framework that is shipped: each is a row that every area has to fill in."""

_PLACEHOLDER = "new"


@dataclass(frozen=True, slots=True)
class CheckedFramework:
    """A draft and what is wrong with it. `framework` is None where its entries come to none.

    `base` is the framework that it carries on from. `to_answer` are the sub-headings that are like one of
    `base`, of which nobody has said whether they carry it on.
    """

    draft: FrameworkDraft
    framework: Framework | None
    problems: tuple[tuple[Path_, str], ...]
    base: Framework | None
    to_answer: tuple[Origin, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it can be used."""
        return self.framework is not None and not self.problems and not self.to_answer


def list_known_frameworks(connection: Transaction, settings: Settings) -> dict[str, Framework]:
    """Every framework by its id: those of files, and those that cycles were opened with."""
    known = shipped_frameworks(settings.own_frameworks)
    for cycle in load_cycles(connection, states=(CycleState.OPEN, CycleState.CLOSED)):
        if cycle.framework not in known:
            known[cycle.framework] = load_whole_framework(connection, cycle.id)
    return known


def find_base(entries: Mapping[str, object], known: Mapping[str, Framework]) -> Framework | None:
    """The framework that entries carry on from; None where they name none that is known."""
    return known.get(str(entries.get("follows") or ""))


def check_framework_draft(
    connection: Transaction, settings: Settings, draft: FrameworkDraft
) -> CheckedFramework:
    """A draft with everything that has to be corrected or answered before it can be used."""
    known = list_known_frameworks(connection, settings)
    base = find_base(draft.entries, known)
    return CheckedFramework(
        draft,
        *check_entries(draft.entries, known),
        base,
        tuple(list_unanswered(draft.entries, base)) if base is not None else (),
    )


def check_entries(
    entries: Mapping[str, object], known: Mapping[str, Framework]
) -> tuple[Framework | None, tuple[tuple[Path_, str], ...]]:
    """The framework that entries come to, if any, and every problem, each with the path it is about."""
    framework, problems = check_framework_entries({**entries, "id": entries.get("id") or _PLACEHOLDER})
    problems += _find_bad_titles(entries)
    title, follows = str(entries.get("title") or ""), entries.get("follows")
    others = [one for one in known.values() if one.id not in (follows, entries.get("id"))]
    if any(one.title.casefold() == title.casefold() for one in others):
        words = "Another framework has this title. Add a year or a word, so that people can tell them apart."
        problems.append((("title",), words))
    if framework is not None and len(framework) > MOST_SUBHEADINGS:
        words = f"It has {len(framework)} sub-headings. A form has room for {MOST_SUBHEADINGS}."
        problems.append((("focus_areas",), words))
    return framework, tuple(dict.fromkeys(problems))


def _find_bad_titles(entries: Mapping[str, object]) -> list[tuple[Path_, str]]:
    found: list[tuple[Path_, str]] = []
    if not str(entries.get("title") or "").strip():
        found.append((("title",), "Give the framework a title."))
    areas = list_entries(entries, "focus_areas")
    found += _check_titles(areas, ("focus_areas",), "area of focus", "Another area of focus has this title.")
    for i, area in enumerate(areas):
        rows, at = list_entries(area, "subheadings"), ("focus_areas", i, "subheadings")
        again = "Another sub-heading of this area of focus has this title."
        found += _check_titles(rows, at, "sub-heading", again)
    return found


def _check_titles(held: Sequence[Entry], at: Path_, what: str, again: str) -> list[tuple[Path_, str]]:
    """What has no title, or one that something before it has: a form keeps its rows apart by their titles."""
    titles = [make_name_key(str(one.get("title") or "")) for one in held]
    empty = [((*at, n, "title"), f"Give the {what} a title.") for n, title in enumerate(titles) if not title]
    return empty + [
        ((*at, n, "title"), again) for n, title in enumerate(titles) if title and title in titles[:n]
    ]
