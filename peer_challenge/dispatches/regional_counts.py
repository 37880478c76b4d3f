"""What a region's self-assessments show together, and how much of it is told: needs, change and matches."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from peer_challenge.dispatches.facts import Facts, RegionFacts
from peer_challenge.dispatches.phrases import read_cell_text
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import ActionStatus, ItemKind, Rating

ORDER = {Rating.RED.value: 0, Rating.AMBER.value: 1, Rating.GREEN.value: 2}
"""How ratings compare; NOT_APPLICABLE compares with nothing."""
HARDEST = 8
"""Sub-headings in a list of where to begin: a list of all would say no more than the heat map."""
NAMED_REDS = 3
"""Sub-headings that are most often RED, by name: as many as one remembers."""
SHOWN_OFFERS = 4
"""Areas named that could help with one sub-heading: enough to ask; the others are counted."""
SHOWN_MATCHES = 12
"""Sub-headings with a match: a table that is read through; the overview says how many more there are."""


@dataclass(frozen=True, slots=True)
class Match:
    """One sub-heading for which some areas have good practice and others a need.

    `offers` and `needs` are participants' ids, the best evidenced offers first.
    """

    subheading: str
    offers: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class RegionView:
    """A region. `labels` maps a participant's id to its name."""

    region: RegionFacts
    framework: Framework
    labels: Mapping[str, str]

    @cached_property
    def ratings(self) -> dict[tuple[str, str], str | None]:
        """Rating by (participant, sub-heading address); None where the rating was left blank."""
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
        """The participants whose self-assessment is in, in the order of `labels`."""
        present = {area for area, _ in self.ratings}
        return [area for area in self.labels if area in present]

    @cached_property
    def progress(self) -> list[dict[str, object]]:
        """How far each area is that has reported: area, review and how many actions have each status."""
        rows = self.region.progress
        found: list[dict[str, object]] = []
        for area, label in self.labels.items():
            own = rows[rows["participant"] == area] if len(rows) else rows
            if len(own):
                said = list(own["status"])
                counts = {status.value.replace(" ", "_"): said.count(status.value) for status in ActionStatus}
                found.append(
                    {"area": label, "review": int(own["review"].iloc[0]), "actions": len(own)} | counts
                )
        return found

    def counts(self, *addresses: str) -> dict[str, int]:
        """How many times each rating was given under `addresses` (under all when none is named)."""
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
        """Sub-headings that an area rates RED or AMBER, those with most RED first, then most AMBER."""
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
    def earlier_cycles(self) -> list[str]:
        """The names of the earlier cycles that are compared, the oldest first."""
        return list(dict.fromkeys(self.region.earlier["cycle"])) if len(self.region.earlier) else []

    @cached_property
    def trend(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The ratings of each area's sub-heading that is rated RED, AMBER or GREEN in each cycle.

        The oldest is first, the present one last. Empty where there is no earlier cycle.
        """
        given = {name: self._ratings_in(name) for name in self.earlier_cycles}
        found = {}
        for key, now in self.ratings.items():
            ratings = (*(given[name].get(key) for name in given), now)
            if given and all(rating in ORDER for rating in ratings):
                found[key] = tuple(map(str, ratings))
        return found

    def _ratings_in(self, cycle: str) -> dict[tuple[str, str], str]:
        rows = self.region.earlier[self.region.earlier["cycle"] == cycle]
        return dict(
            zip(zip(rows["participant"], rows["subheading"], strict=True), rows["rating"], strict=True)
        )

    @cached_property
    def matches(self) -> list[Match]:
        """Sub-headings with a RED area and a GREEN one that gives evidence, most needed first."""
        rows = self.region.rows
        evidence = (
            {}
            if not len(rows)
            else {
                (area, address): len(read_cell_text(text).split())
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
        """What was agreed at events: sub-heading to [(participant, text)], most areas first."""
        items = self.region.items
        found: dict[str, list[tuple[str, str]]] = {}
        for row in items.to_dict("records") if len(items) else []:
            if row["is_agreed"] and row["kind"] == kind.value and row["participant"] in self.labels:
                found.setdefault(read_cell_text(row["subheading"]), []).append(
                    (row["participant"], read_cell_text(row["text"]))
                )
        return dict(sorted(found.items(), key=lambda pair: -len({area for area, _ in pair[1]})))

    def not_agreed(self) -> list[tuple[ItemKind, str, str, str]]:
        """What Chairs recorded and was not agreed by both: kind, sub-heading, participant, text."""
        items = self.region.items
        return [
            (
                ItemKind(row["kind"]),
                read_cell_text(row["subheading"]),
                row["participant"],
                read_cell_text(row["text"]),
            )
            for row in (items.to_dict("records") if len(items) else [])
            if not row["is_agreed"] and read_cell_text(row["text"]) and row["participant"] in self.labels
        ]

    def asked(self) -> dict[str, int]:
        """How many areas were challenged under each sub-heading, most first, without those with none."""
        rows = self.region.rows
        counts = (
            {}
            if not len(rows)
            else rows[rows["commentary"].map(read_cell_text) != ""]
            .groupby("subheading", sort=False)["participant"]
            .nunique()
            .to_dict()
        )
        return dict(sorted(((a, counts[a]) for a in self.framework if a in counts), key=lambda p: -p[1]))


def build_named_view(facts: Facts) -> RegionView:
    """The region with every area under its own name, in the cycle's order."""
    assert facts.region is not None
    return RegionView(facts.region, facts.framework, {p.id: p.as_spoken().name for p in facts.cycle.authors})
