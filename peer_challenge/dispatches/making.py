"""Makes the shipped templates of letters and reports anew: `python -m peer_challenge.dispatches.making`."""

from pathlib import Path

from peer_challenge.dispatches.make_chairs import CHAIRS
from peer_challenge.dispatches.make_letters import LETTERS
from peer_challenge.dispatches.make_reports import REPORTS
from peer_challenge.word.building import saved
from peer_challenge.word.form.printed_text import SHIPPED


def templates() -> dict[str, bytes]:
    """Every template of letters and reports by its name: the same bytes each time."""
    return {name: saved(make()) for name, make in (LETTERS | CHAIRS | REPORTS).items()}


def write(into: Path = SHIPPED) -> list[Path]:
    """Write the templates into a folder; returns the files."""
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in templates().items():
        (into / f"{name}.docx").write_bytes(content)
        written.append(into / f"{name}.docx")
    return written


if __name__ == "__main__":
    for file in write():
        print(file)
