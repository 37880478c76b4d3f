"""The present state of the region, written for the office on demand: overview, anonymised edition, tables."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from peer_challenge.clock import local_day
from peer_challenge.dispatches.gather_region import office_facts
from peer_challenge.dispatches.regional_tables import csv_tables
from peer_challenge.dispatches.render_dispatch import file_name
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.outbox.render import render_all
from peer_challenge.register import journal
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

_FILES = (D.REGIONAL_OVERVIEW, D.REGIONAL_OVERVIEW_ANONYMISED, D.REGIONAL_TABLES)


def write_regional_report(
    register: Register, settings: Settings, cycle_id: str, into: Path, at: datetime, *, actor: str
) -> list[Path]:
    """Write a cycle's regional overview (.docx, twice), its tables (.xlsx) and each of them (.csv).

    Returns the files. Nothing is dispatched, and the journal records the report. Raises WrongUse when one
    of the files is there already.
    """
    with register.reading() as connection:
        cycle, framework = load_stored(connection, cycle_id)
        facts = office_facts(connection, cycle, framework, _FILES[0], local_day(at), "report")
    wanted = [replace(facts, kind=kind) for kind in _FILES]
    files = dict(zip(map(file_name, wanted), render_all(settings, wanted), strict=True))
    files |= {f"tables/{name}": data for name, data in csv_tables(facts).items()}
    if there := sorted(name for name in files if (into / name).exists()):
        raise WrongUse(f"{there[0]} is in {into} already.", remedy="Name a new folder.")
    (into / "tables").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (into / name).write_bytes(data)
    with register.writing() as connection:
        journal.append_entry(
            connection, "regional report written", at=at, actor=actor, cycle_id=cycle.id, files=len(files)
        )
    return [into / name for name in files]
