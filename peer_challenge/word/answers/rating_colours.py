"""What stands for each rating: the words and letters that people write, coloured signs, the colour of a cell.

The one table of them. How a rating with other words about it is read is in ratings.py.
"""

import colorsys

from peer_challenge.model.vocabulary import Rating

NAMES: dict[str, Rating] = {
    "r": Rating.RED,
    "red": Rating.RED,
    "a": Rating.AMBER,
    "am": Rating.AMBER,
    "amb": Rating.AMBER,
    "amber": Rating.AMBER,
    "g": Rating.GREEN,
    "gr": Rating.GREEN,
    "grn": Rating.GREEN,
    "green": Rating.GREEN,
}
"""Words and letters that give a rating, in small letters."""
NAMED_AMONG_WORDS = r"red|amber|amb|green|grn"
"""Those that give one among other words too: "a" and "am" are everyday words."""
NOT_APPLICABLE = (
    r"n\s?[/\\.-]\s?a\.?|na|no[nt][\s-]applicable|not_applicable|not appl\.?|"
    r"(?:does not|doesn't|do not|don't) apply"
)
"""The words that say that there is no rating for this area, as a pattern."""
OTHER_COLOURS = r"blue|purple|yellow|orange|black|gr[ea]y|white|pink|brag"
"""Colours that are no rating: where one is named, we ask."""
SIGNS = {
    "🔴": "red",
    "🟥": "red",
    "❤": "red",
    "🟠": "amber",
    "🟡": "amber",
    "🟧": "amber",
    "🟨": "amber",
    "🟢": "green",
    "🟩": "green",
    "💚": "green",
    "🔵": "blue",
    "🟦": "blue",
    "🟣": "purple",
    "🟪": "purple",
}
"""Coloured signs, each as the word for its colour."""
HIGHLIGHTERS = {
    "red": Rating.RED,
    "darkRed": Rating.RED,
    "green": Rating.GREEN,
    "darkGreen": Rating.GREEN,
}
"""Word's highlighters that give a rating; yellow is none of them: people mark anything with it."""
_GREYEST, _DARKEST = 0.12, 0.12
"""Saturation and value below which a colour is seen as white, grey or black."""
_PALEST, _DIMMEST = 0.2, 0.25
"""Between grey and these, people do not agree which colour it is."""
_RED_TO, _RED_FROM = 14, 345
"""Degrees of hue. Between these and the next lie orange-red and lime, which two people call by two names."""
_AMBER_BETWEEN = (24, 62)
"""From orange to yellow: Word and Excel have no colour that is called amber, so people take either."""
_GREEN_BETWEEN = (80, 165)
"""From yellow-green to sea green; beyond it people say blue."""


def is_colourless(fill: str) -> bool:
    """Whether a colour (six hex digits) is white, grey or black."""
    _, saturation, value = colorsys.rgb_to_hsv(*_split_into_rgb(fill))
    return saturation < _GREYEST or value < _DARKEST


def _split_into_rgb(fill: str) -> tuple[float, float, float]:
    return int(fill[0:2], 16) / 255, int(fill[2:4], 16) / 255, int(fill[4:6], 16) / 255


def rating_of_colour(fill: str | None) -> Rating | None:
    """The rating that a colour (six hex digits) clearly stands for, else None."""
    if not fill or is_colourless(fill):
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*_split_into_rgb(fill))
    if saturation < _PALEST or value < _DIMMEST:
        return None
    degrees = hue * 360
    if degrees <= _RED_TO or degrees >= _RED_FROM:
        return Rating.RED
    if _AMBER_BETWEEN[0] <= degrees <= _AMBER_BETWEEN[1]:
        return Rating.AMBER
    return Rating.GREEN if _GREEN_BETWEEN[0] <= degrees <= _GREEN_BETWEEN[1] else None
