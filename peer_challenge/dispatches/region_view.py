"""What a region's self-assessments show together: profile, needs, change and matches. Counts, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from peer_challenge.dispatches.facts import Facts, RegionFacts
from peer_challenge.dispatches.phrases import text_of
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import ItemKind, Rating

ORDER = {Rating.RED.value: 0, Rating.AMBER.value: 1, Rating.GREEN.value: 2}
"""How ratings compare; NOT_APPLICABLE compares with nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """Good practice and need under one sub-heading; participants' ids, best evidenced first."""

    subheading: str
    offers: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class RegionView:
    """A region seen through `labels`: participant id to the name it goes by in this edition."""

    region: RegionFacts
    framework: Framework
    labels: Mapping[str, str]

    @cached_property
    def ratings(self) -> dict[tuple[str, str], str | None]:
        """Rating by (participant, sub-heading address); None where it was left blank."""
        rows = self.region.rows
        if not len(rows):
            return {}
        return {
            (area, address): rating if isinstance(rating, str) else None
            for area, address, rating in zip(
                rows["participant"], rows["subheading"], rows["rating"], strict=True
            )
        }

    @cached_property
    def areas(self) -> list[str]:
        """The participants that are in, in the order of `labels`."""
        present = {area for area, _ in self.ratings}
        return [area for area in self.labels if area in present]

    def counts(self, *addresses: str) -> dict[str, int]:
        """How many areas gave each rating over `addresses` (all when none is named)."""
        wanted = set(addresses) or set(self.framework)
        counted = {rating.value: 0 for rating in Rating}
        for (_, address), rating in self.ratings.items():
            if address in wanted and rating in counted:
                counted[rating] += 1
        return counted

    def rated(self, address: str, rating: Rating) -> list[str]:
        """The participants that gave a sub-heading this rating."""
        return [area for area in self.areas if self.ratings.get((area, address)) == rating]

    def hardest(self) -> list[str]:
        """Sub-headings by how many areas rate them RED, then AMBER, most first."""
        tally = {address: self.counts(address) for address in self.framework}
        place = {address: n for n, address in enumerate(self.framework)}
        found = [a for a in tally if tally[a]["RED"] + tally[a]["AMBER"]]
        return sorted(found, key=lambda a: (-tally[a]["RED"], -tally[a]["AMBER"], place[a]))

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Ratings given in both cycles: participant, subheading, before, now, step (+ is better)."""
        found = []
        previous = self.region.previous
        rows = previous.to_dict("records") if len(previous) else []
        for row in rows:
            now = self.ratings.get((row["participant"], row["subheading"]))
            before = row["rating"]
            if now in ORDER and before in ORDER:
                found.append(
                    {
                        "participant": row["participant"],
                        "subheading": row["subheading"],
                        "before": before,
                        "now": now,
                        "step": ORDER[now] - ORDER[before],
                    }
                )
        return pd.DataFrame(found, columns=["participant", "subheading", "before", "now", "step"])

    @cached_property
    def matches(self) -> list[Match]:
        """Sub-headings with GREEN and evidence in one area and RED in another, most needed first."""
        rows = self.region.rows
        evidence = (
            {}
            if not len(rows)
            else {
                (area, address): len(text_of(text).split())
                for area, address, text in zip(
                    rows["participant"], rows["subheading"], rows["strengths"], strict=True
                )
            }
        )
        found = []
        for address in self.framework:
            needs = self.rated(address, Rating.RED)
            offers = [a for a in self.rated(address, Rating.GREEN) if evidence.get((a, address))]
            offers.sort(key=lambda a: -evidence[a, address])
            if needs and offers:
                found.append(Match(address, tuple(offers), tuple(needs)))
        return sorted(found, key=lambda match: -len(match.needs))

    def agreed(self, kind: ItemKind) -> dict[str, list[tuple[str, str]]]:
        """What was agreed at events: sub-heading to [(participant, text)], the most common first."""
        items = self.region.items
        found: dict[str, list[tuple[str, str]]] = {}
        for row in items.to_dict("records") if len(items) else []:
            if row["kind"] == kind.value and row["participant"] in self.labels:
                found.setdefault(text_of(row["subheading"]), []).append(
                    (row["participant"], text_of(row["text"]))
                )
        return dict(sorted(found.items(), key=lambda pair: -len({area for area, _ in pair[1]})))

    def asked(self) -> dict[str, int]:
        """How many areas were challenged under each sub-heading, most first; those with none left out."""
        rows = self.region.rows
        counts = (
            {}
            if not len(rows)
            else rows[rows["commentary"].map(text_of) != ""]
            .groupby("subheading", sort=False)["participant"]
            .nunique()
            .to_dict()
        )
        return dict(sorted(((a, counts[a]) for a in self.framework if a in counts), key=lambda p: -p[1]))


def named(facts: Facts) -> RegionView:
    """The region with every area under its own name, in the cycle's order."""
    assert facts.region is not None
    return RegionView(facts.region, facts.framework, {p.id: p.name for p in facts.cycle.authors})


def anonymised(facts: Facts) -> RegionView:
    """The region as Area A, Area B, ...: in an order that follows from the ratings alone.

    An order by name, or by anything made from a name, would give the key away to whoever knows who took part.
    """
    view = named(facts)
    profile = {
        area: [str(view.ratings.get((area, address))) for address in view.framework] for area in view.labels
    }
    order = sorted(
        view.labels,
        key=lambda area: (-profile[area].count("RED"), -profile[area].count("AMBER"), profile[area]),
    )
    return RegionView(
        view.region, view.framework, {area: f"Area {_letters(n)}" for n, area in enumerate(order)}
    )


def _letters(number: int) -> str:
    """0 gives A, 25 gives Z, 26 gives AA."""
    first, last = divmod(number, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)
