"""Exports everything an installation holds, as Excel, CSV and the original Word files."""

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import pandas as pd

from peer_challenge.dispatches.regional_tables import csv_bytes, safe_text
from peer_challenge.errors import WrongUse
from peer_challenge.register import journal, received_emails, submissions
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register
from peer_challenge.register.frames import whole_tables
from peer_challenge.settings import Settings

_CELL = 32_000
"""Just below the 32,767 characters that Excel takes in a cell."""
_STYLES = "house_styles"


def export_installation(register: Register, settings: Settings, into: Path) -> int:
    """Write every table (but people's passwords and sessions) and every original into the folder `into`.

    Returns how many files were written: tables/<name>.csv, all-tables.xlsx, logos/<house style>.png, and
    originals/<cycle>/<area>/<kind> - v<version> - <hash>, with the email that it came in beside it. Raises
    WrongUse when the folder is not empty.
    """
    if into.exists() and any(into.iterdir()):
        raise WrongUse(f"{into} is not empty.", remedy="Name a new folder.")
    (into / "tables").mkdir(parents=True, exist_ok=True)
    with register.reading() as connection:
        tables = whole_tables(connection)
    logos = _write_logos(tables[_STYLES], into)
    frames = {name: _make_plain_table(table) for name, table in tables.items()}
    for name, frame in frames.items():
        rows = [list(frame.columns), *frame.astype(object).where(frame.notna(), "").values.tolist()]
        (into / "tables" / f"{name}.csv").write_bytes(csv_bytes(rows))
    (into / "all-tables.xlsx").write_bytes(_make_workbook(frames))
    return len(frames) + 1 + logos + _write_originals(register, settings, into / "originals")


def pack_export(register: Register, settings: Settings, into: Path) -> int:
    """Write everything that `export_installation` writes into one ZIP file; returns how many files it has."""
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        folder = Path(scratch) / "export"
        count = export_installation(register, settings, folder)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            packed.write(file, file.relative_to(folder).as_posix())
    return count


def note_export(register: Register, files: int, at: datetime, *, actor: str) -> None:
    """Record in the journal that somebody has taken away everything that the installation holds."""
    with register.writing() as connection:
        journal.append_entry(connection, "installation exported", at=at, actor=actor, files=files)


def _write_logos(styles: pd.DataFrame, into: Path) -> int:
    """Write the logo of each house style into a file, and its name into the table; returns how many."""
    places = []
    for style_id, logo in zip(styles["id"], styles["logo"], strict=True):
        places.append(f"logos/house style {style_id}.png" if isinstance(logo, bytes) and logo else "")
        if places[-1]:
            (into / "logos").mkdir(exist_ok=True)
            (into / places[-1]).write_bytes(logo)
    styles["logo"] = places
    return sum(map(bool, places))


def _make_plain_table(table: pd.DataFrame) -> pd.DataFrame:
    rows = [[_make_plain_value(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return pd.DataFrame(rows, columns=table.columns, dtype=object)


def _make_plain_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, dict | list) else value


def _make_workbook(frames: dict[str, pd.DataFrame]) -> bytes:
    """A workbook with one sheet a table; a text that a spreadsheet would run gets an apostrophe in front."""
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        for name, frame in frames.items():
            safe = frame.map(lambda value: safe_text(value)[:_CELL] if isinstance(value, str) else value)
            safe.to_excel(book, sheet_name=name[:31], index=False)
    return out.getvalue()


def _write_originals(register: Register, settings: Settings, into: Path) -> int:
    archive = Archive(settings.archive_folder)
    with register.reading() as connection:
        kept = submissions.list_kept(connection)
        emails = received_emails.load_emails_of(connection, [one.id for one in kept])
    for one in kept:
        folder = into / (one.challenge_id or "not-ours")
        folder.mkdir(parents=True, exist_ok=True)
        suffix = Path(one.file_name).suffix.lower()
        safe = suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""
        name = f"{one.kind or 'document'} - v{one.version or 0} - {one.sha256[:12]}{safe}"
        (folder / name).write_bytes(archive.get(one.sha256))
        if (email := emails.get(one.id)) is not None and email.sha256 != one.sha256:
            (folder / f"email - {email.sha256[:12]}{email.ending}").write_bytes(archive.get(email.sha256))
    return len(kept)
