"""Make the generated pages and pictures of the docs: `make docs`."""

import re
from pathlib import Path

from peer_challenge.model import journey
from peer_challenge.model.messages import draw_state_table
from scripts import decisions, directors_page, gallery, house_picture
from scripts.findings_page import findings_page

DOCS = Path(__file__).resolve().parent.parent / "docs"


def journey_page() -> str:
    """The journey of a challenge as a diagram, drawn from the table of transitions."""
    return (
        "# The journey of a challenge\n\nDrawn from the table in `peer_challenge/model/journey.py`.\n\n"
        f"```mermaid\n{journey.draw_journey_diagram()}\n```\n"
    )


def messages_page() -> str:
    """The page about messages, with the table of their states drawn again."""
    page = (DOCS / "messages.md").read_text(encoding="utf-8")
    return re.sub(r"(?m)^\| state \|.*\n(?:\|.*\n)+", lambda _: draw_state_table() + "\n", page)


if __name__ == "__main__":
    (DOCS / "messages.md").write_text(messages_page(), encoding="utf-8")
    (DOCS / "journey.md").write_text(journey_page(), encoding="utf-8")
    (DOCS / "findings.md").write_text(findings_page(), encoding="utf-8")
    (decisions.FOLDER / "README.md").write_text(decisions.index(), encoding="utf-8")
    house_picture.PICTURE.write_text(house_picture.draw_current_house(), encoding="utf-8")
    directors_page.main()
    gallery.main()
