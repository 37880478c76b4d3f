"""Makes every shipped Word template: `python -m scripts.word_templates.write_templates`."""

from pathlib import Path

from peer_challenge.word.form.printed_text import SHIPPED
from scripts.word_templates.briefings import BRIEFINGS
from scripts.word_templates.chair_papers import SUMMARIES
from scripts.word_templates.forms import made_forms
from scripts.word_templates.letter_blocks import saved
from scripts.word_templates.letters import LETTERS
from scripts.word_templates.progress_papers import PROGRESS_PAPERS
from scripts.word_templates.reports import REPORTS


def templates() -> dict[str, bytes]:
    """Every template by its name: the same bytes each time."""
    others = LETTERS | BRIEFINGS | SUMMARIES | REPORTS | PROGRESS_PAPERS
    return made_forms() | {name: saved(make()) for name, make in others.items()}


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
