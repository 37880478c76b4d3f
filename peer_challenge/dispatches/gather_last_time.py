"""What an area's last cycle came to, for its next form: from what the area itself wrote, or was sent."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from peer_challenge.dispatches.facts import EarlierAction, EarlierAgreement, EarlierRating, LastTime
from peer_challenge.dispatches.phrases import read_cell_text
from peer_challenge.model.access import Access, Person
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.protective_marking import find_highest_marking
from peer_challenge.model.vocabulary import ActionStatus, ItemKind, Kind, Rating
from peer_challenge.register.access_facts import submissions_of
from peer_challenge.register.database import Transaction
from peer_challenge.register.earlier_cycles import EarlierCycle, list_earlier_cycles
from peer_challenge.register.golden_thread import Parts, load_readable_parts

NO_PLACE = ""
"""In place of a sub-heading's address: agreed under none, or under one that the present form has not."""


def gather_last_time(
    connection: Transaction, cycle: Cycle, framework: Framework, area_id: str
) -> tuple[LastTime | None, str]:
    """What the newest earlier cycle says of an area, and the highest marking of what says it.

    That is the newest one in which the area rated something that is in `framework` still. None, and the
    cycle's own marking, where there is none. Nothing is there that the area neither wrote nor was sent.
    """
    for earlier in list_earlier_cycles(connection, cycle):
        former_id = earlier.find_area(area_id)
        if former_id is None or earlier.is_purged:
            continue
        which = make_challenge_id(earlier.cycle.id, former_id)
        area = Person(0, "", Access.PARTICIPANT, earlier.cycle.id, former_id)
        parts = load_readable_parts(connection, area, which)
        if ratings := _read_ratings(parts, earlier, framework):
            markings = [row.marking for row, _ in submissions_of(connection, which)]
            marking = find_highest_marking([cycle.rules.marking, earlier.cycle.rules.marking, *markings])
            return LastTime(earlier.cycle.name, ratings, _read_agreed(parts, earlier, framework)), marking
    return None, cycle.rules.marking


def _read_ratings(
    parts: Parts, earlier: EarlierCycle, framework: Framework
) -> dict[str, tuple[EarlierRating, ...]]:
    went = follow_crosswalk(earlier.framework, framework)
    found: dict[str, list[EarlierRating]] = defaultdict(list)
    for row in _list_records(parts, Kind.SELF_ASSESSMENT):
        address, rating = str(row["subheading"]), read_cell_text(row["rating"])
        if rating and address in earlier.framework.subheadings:
            for to in went[address]:
                found[to].append(EarlierRating(earlier.framework.subheadings[address].title, Rating(rating)))
    return {address: tuple(ratings) for address, ratings in found.items()}


def _read_agreed(
    parts: Parts, earlier: EarlierCycle, framework: Framework
) -> dict[str, tuple[EarlierAgreement, ...]]:
    """What was agreed for development, by the present sub-headings; under NO_PLACE what has none."""
    went = follow_crosswalk(earlier.framework, framework)
    items = [item for item in _list_records(parts, Kind.CHAIR_RECORD) if item["is_agreed"]]
    found: dict[str, list[EarlierAgreement]] = defaultdict(list)
    for number, item in enumerate((i for i in items if i["kind"] == ItemKind.DEVELOPMENT.value), 1):
        address = read_cell_text(item["subheading"])
        held = earlier.framework.subheadings.get(address)
        title = held.title if held else read_cell_text(item["subheading_as_written"])
        agreed = EarlierAgreement(title, read_cell_text(item["text"]), _read_actions(parts, number))
        for to in went.get(address) or (NO_PLACE,):
            found[to].append(agreed)
    return {address: tuple(agreed) for address, agreed in found.items()}


def _read_actions(parts: Parts, number: int) -> tuple[EarlierAction, ...]:
    """The actions on the area for development of this number, with what the last report says of each."""
    statuses = {
        str(row["address"]): ActionStatus(status)
        for row in _list_records(parts, Kind.PROGRESS_REPORT)  # by review: the last one wins
        if (status := read_cell_text(row["status"]))
    }
    return tuple(
        EarlierAction(text, statuses.get(str(row["address"])))
        for row in _list_records(parts, Kind.ACTION_PLAN)
        if f"{row['address']}/".startswith(f"{ItemKind.DEVELOPMENT.value}/{number}/")
        and (text := read_cell_text(row["action"]).strip())
    )


def _list_records(parts: Mapping[Kind, pd.DataFrame], kind: Kind) -> list[dict[str, Any]]:
    if kind not in parts:
        return []
    return [{str(key): value for key, value in row.items()} for row in parts[kind].to_dict("records")]
