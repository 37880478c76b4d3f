"""The present state of the region, written for the office on demand: overview, anonymised edition, tables."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from peer_challenge.clock import local_day
from peer_challenge.dispatches.gather_region import office_facts
from peer_challenge.dispatches.outgoing_file_names import build_file_name
from peer_challenge.dispatches.regional_tables import csv_tables
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.outbox.render_in_children import render_all
from peer_challenge.register import journal
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

REPORTS = (D.REGIONAL_OVERVIEW, D.REGIONAL_OVERVIEW_ANONYMISED, D.REGIONAL_TABLES)
"""What a report of the region consists of, in order; its tables follow as CSV."""


def make_regional_files(
    register: Register,
    settings: Settings,
    cycle_id: str,
    kinds: tuple[D, ...],
    at: datetime,
    *,
    with_csv: bool = False,
) -> dict[str, bytes]:
    """The files of some `kinds` about a cycle as it is at `at`, by name; `with_csv` adds tables/<name>.csv.

    Nothing is dispatched or recorded.
    """
    with register.reading() as connection:
        cycle, framework = load_stored(connection, cycle_id)
        facts = office_facts(connection, cycle, framework, kinds[0], local_day(at), "report")
    wanted = [replace(facts, kind=kind) for kind in kinds]
    files = dict(zip(map(build_file_name, wanted), render_all(settings, wanted), strict=True))
    tables = csv_tables(facts).items() if with_csv else ()
    return files | {f"tables/{name}": data for name, data in tables}


def note_report(register: Register, cycle_id: str, files: int, at: datetime, *, actor: str) -> None:
    """Record in the journal that somebody has taken away so many files about the region."""
    with register.writing() as connection:
        journal.append_entry(
            connection, "regional report written", at=at, actor=actor, cycle_id=cycle_id, files=files
        )


def write_regional_report(
    register: Register, settings: Settings, cycle_id: str, into: Path, at: datetime, *, actor: str
) -> list[Path]:
    """Write a cycle's regional overview (.docx, twice), its tables (.xlsx) and each of them (.csv).

    Returns the files. Nothing is dispatched, and the journal records the report. Raises WrongUse when one
    of the files is there already.
    """
    files = make_regional_files(register, settings, cycle_id, REPORTS, at, with_csv=True)
    if there := sorted(name for name in files if (into / name).exists()):
        raise WrongUse(f"{there[0]} is in {into} already.", remedy="Name a new folder.")
    (into / "tables").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (into / name).write_bytes(data)
    note_report(register, cycle_id, len(files), at, actor=actor)
    return [into / name for name in files]
