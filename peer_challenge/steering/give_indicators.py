"""The office gives a table of indicators for a cycle, or takes it back, until a pack or a sheet has gone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import orjson
from pydantic import TypeAdapter, ValidationError

from peer_challenge.cycle_file.indicators_table import MOST_INDICATORS, ReadIndicators
from peer_challenge.cycle_file.uploaded_files import read_uploaded_indicators
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.indicators import LEAST_AREAS, Indicator, find_range, is_suppressed, read_number
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import indicators, journal, outbox
from peer_challenge.register.database import Transaction

_NOT_READ = "The figures could not be read."


def read_table(cycle: Cycle, name: str, raw: bytes) -> ReadIndicators:
    """What we understand of a table for a cycle, read in a child process; nothing is kept."""
    return read_uploaded_indicators(name, raw, cycle.authors)


def write_kept_table(given: Sequence[Indicator]) -> str:
    """Indicators as a text that a form holds between two pages."""
    return orjson.dumps([asdict(one) for one in given]).decode()


def read_kept_table(kept: str, cycle: Cycle) -> tuple[Indicator, ...]:
    """The indicators that a form held, as write_kept_table wrote them. Raises WrongUse for anything else."""
    known = {area.id for area in cycle.authors}
    try:
        found = TypeAdapter(tuple[Indicator, ...]).validate_json(kept)
    except ValidationError:
        raise WrongUse(_NOT_READ, remedy="Upload the table again.") from None
    is_sound = all(
        area in known and (read_number(text) is not None or is_suppressed(text))
        for one in found
        for area, text in one.values.items()
    )
    if not found or len(found) > MOST_INDICATORS or not is_sound:
        raise WrongUse(_NOT_READ, remedy="Upload the table again.")
    return found


def check_indicators_can_change(connection: Transaction, cycle_id: str) -> None:
    """Raise WrongUse once a pack or a sheet has gone: what its readers have would differ from others'."""
    if outbox.list_issued(connection, cycle_id, [DispatchKind.ANALYSIS_PACK, DispatchKind.DATA_SHEET]):
        raise WrongUse(
            "Areas of this cycle have their figures or a pack already, so they can't be changed any more.",
            remedy="Give the new figures for the next cycle.",
        )


def list_consequences(cycle: Cycle, given: Sequence[Indicator], *, has_any: bool) -> list[str]:
    """What follows when a table is used, in words."""
    told = ["They take the place of the figures that this cycle has."] if has_any else []
    told += [
        "Each area gets a sheet with its own figures beside the region's range, with the notice of who "
        "challenges it. Its challenger gets the same sheet with the analysis pack, and its Chair before the "
        "event.",
        "No sheet names another area.",
    ]
    without = [one for one in given if find_range(one) is None]
    if without:
        told.append(
            f"{say_how_many(len(without), 'indicator')} will be shown without a range: fewer than "
            f"{LEAST_AREAS} areas have a number."
        )
    bare = [area.name for area in cycle.authors if not any(one.values.get(area.id) for one in given)]
    told += [f"{name} has no figures. Its sheet will say so." for name in bare]
    return told


def give_indicators(
    connection: Transaction, cycle: Cycle, given: Sequence[Indicator], *, at: datetime, actor: str
) -> None:
    """Keep the indicators of a cycle, or none. Raises WrongUse once areas have some."""
    check_indicators_can_change(connection, cycle.id)
    indicators.store_indicators(connection, cycle.id, given, at=at, actor=actor)
    journal.append_entry(
        connection,
        "indicators given" if given else "indicators removed",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        indicators=len(given),
    )
