"""The fictional cycle of a rehearsal, made from the areas, Chairs and history in templates/rehearsal."""

from datetime import timedelta
from typing import Any

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle, Dates, name_as_spoken
from peer_challenge.paths import TEMPLATES
from peer_challenge.system.read_yaml import read_yaml

FOLDER = TEMPLATES / "rehearsal"
FEWEST = 3
"""With two areas each would challenge the other, which the rules forbid."""

_Yaml = dict[str, Any]


def rehearsal_cycle(areas: int = 15) -> Cycle:
    """The fictional cycle with `areas` areas, chosen so that partners can be found for all of them.

    Neighbours, history, interests and Chairs' conflicts name only areas that take part. Raises
    WrongUse for fewer than three areas or more than the region has.
    """
    said = _read_yaml_file("cycle.yaml")
    order: list[str] = said.pop("order")
    if not FEWEST <= areas <= len(order):
        raise WrongUse(
            f"A rehearsal can't have {areas} areas.",
            remedy=f"Choose a number from {FEWEST} to {len(order)}: with fewer, two areas would have to "
            "challenge each other.",
        )
    chosen = set(order[:areas])
    history, more, roles = said.pop("history"), said.pop("areas"), said.pop("contacts")
    said["chairs"] = [_keep_only_chosen(chair, "not_for", chosen) for chair in said["chairs"]]
    said["participants"] = [
        _make_participant(area, more[area["id"]], roles, history, chosen)
        for area in _read_yaml_file("region.yaml")["participants"]
        if area["id"] in chosen
    ]
    return Cycle.model_validate(said)


def make_next_cycle(cycle: Cycle) -> Cycle:
    """The cycle after a fictional one: a year of 52 weeks later, with the same areas, Chairs and rules."""
    year = timedelta(weeks=52)
    dates = Dates(opens=cycle.dates.opens + year, self_assessment_due=cycle.dates.self_assessment_due + year)
    before, after = str(cycle.dates.opens.year), str(dates.opens.year)
    changes = {
        "id": cycle.id.replace(before, after),
        "name": cycle.name.replace(before, after),
        "dates": dates,
        "rules": cycle.rules.model_copy(update={"school_holidays": ()}),
        "participants": tuple(area.model_copy(update={"unavailable": ()}) for area in cycle.participants),
        "chairs": tuple(
            chair.model_copy(update={"available": (), "unavailable": ()}) for chair in cycle.chairs
        ),
    }
    return cycle.model_copy(update=changes)


def _make_participant(area: _Yaml, more: _Yaml, roles: list[_Yaml], history: str, chosen: set[str]) -> _Yaml:
    ident, before = area["id"], more["before"]
    extra = {key: value for key, value in more.items() if key != "before"}
    participant = _keep_only_chosen({**area, **extra}, "neighbours", chosen)
    return _keep_only_chosen(
        {
            **participant,
            "partnership": f"{name_as_spoken(area['name'])} Safeguarding Children Partnership",
            "contacts": [_make_contact(role, ident) for role in roles],
            "challenged_by": {history: before} if before in chosen else {},
        },
        "conflicts",
        chosen,
    )


def _make_contact(role: _Yaml, ident: str) -> _Yaml:
    return {"name": role["name"], "role": role["role"], "email": f"{role['mailbox']}@{ident}.example.org"}


def _keep_only_chosen(said: _Yaml, key: str, chosen: set[str]) -> _Yaml:
    return {**said, key: [ident for ident in said.get(key, ()) if ident in chosen]}


def _read_yaml_file(name: str) -> _Yaml:
    read: _Yaml = read_yaml(FOLDER / name)
    return read
