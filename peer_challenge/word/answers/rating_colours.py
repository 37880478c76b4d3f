"""The rating that the colour of a cell clearly stands for."""

import colorsys

from peer_challenge.model.vocabulary import Rating


def is_colourless(fill: str) -> bool:
    """Whether a colour (six hex digits) is white, grey or black."""
    _, saturation, value = colorsys.rgb_to_hsv(*_split_into_rgb(fill))
    return saturation < 0.12 or value < 0.12


def _split_into_rgb(fill: str) -> tuple[float, float, float]:
    return int(fill[0:2], 16) / 255, int(fill[2:4], 16) / 255, int(fill[4:6], 16) / 255


def rating_of_colour(fill: str | None) -> Rating | None:
    """The rating that a colour (six hex digits) clearly stands for, else None."""
    if not fill or is_colourless(fill):
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*_split_into_rgb(fill))
    if saturation < 0.2 or value < 0.25:
        return None
    degrees = hue * 360
    if degrees <= 14 or degrees >= 345:
        return Rating.RED
    if 24 <= degrees <= 62:
        return Rating.AMBER
    return Rating.GREEN if 80 <= degrees <= 165 else None
