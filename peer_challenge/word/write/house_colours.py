"""How documents look as shipped: sizes, colours and margins. This module holds values only.

Colour and fonts are those of the shipped house style. Templates refer to them by way of their theme
(house_theme.py), so that another style takes their place.
"""

from dataclasses import dataclass

from peer_challenge.model.house_style import SHIPPED_STYLE
from peer_challenge.model.vocabulary import Rating

LANGUAGE = "en-GB"
FONT = SHIPPED_STYLE.body_font
"""As shipped; where it is missing, Liberation Sans has the same widths."""

BODY_PT = 12.0
"""The least that GOV.UK asks for in documents that everybody can read."""
SMALL_PT = 10.0
"""Header, footer, dense grids and hints only; nobody's narrative is set smaller than the body."""
TITLE_PT, SUBTITLE_PT, HEADING_1_PT, HEADING_2_PT, HEADING_3_PT = 24.0, 14.0, 16.0, 13.0, 12.0
"""Each heading is told from the next by size alone, for those who print without colour."""

ACCENT = SHIPPED_STYLE.colour  # dark blue: titles, headings, header rows (12.2:1 on white)
INK = "1D1D1B"  # body text
MUTED = "4A5560"  # labels, captions, footers (7.5:1 on white)
RULE = "B4BCC6"  # hairlines and table borders
BAND = SHIPPED_STYLE.pale_colour  # pale blue: label cells, group rows, call-outs (ACCENT on it: 10.5:1)
UNFILLED = "FFF2DA"  # a fifth of amber, behind a prompt: nothing is filled in there (MUTED on it: 6.8:1)
ASKED = "E9E1F5"  # pale violet, which no rating has: a cell with a question (MUTED on it: 6.0:1)
PAPER = "FFFFFF"
HEADER_FILL, HEADER_TEXT = ACCENT, PAPER

PAGE_MM = (210, 297)  # A4
MARGIN_MM = 20.0
"""Any printer prints up to there, and 170 mm of the page are left for tables."""


@dataclass(frozen=True, slots=True)
class Rag:
    """How a rating is shown: never by colour alone. Contrast of `text` on `fill` is over 4.5:1."""

    word: str
    letter: str
    fill: str
    text: str


RAG: dict[Rating | None, Rag] = {
    Rating.RED: Rag("RED", "R", "B3261E", PAPER),
    Rating.AMBER: Rag("AMBER", "A", "FFBF47", "000000"),
    Rating.GREEN: Rag("GREEN", "G", "1E7B34", PAPER),
    Rating.NOT_APPLICABLE: Rag("NOT APPLICABLE", "N/A", "D9DCE0", "000000"),
    None: Rag("NOT RATED", "–", PAPER, MUTED),
}
