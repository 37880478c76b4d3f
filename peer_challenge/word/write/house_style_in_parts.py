"""A template in the office's house style: its theme, what refers to that, and its logo."""

import re

from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.word.write.house_logo import put_logo_into_part, remove_logo_from_part
from peer_challenge.word.write.house_theme import restyle_theme, uses_house_colours, write_fallback_colours

_THEME = re.compile(r"word/theme/theme\d*\.xml")
_COLOURED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|styles|numbering)\.xml")
_SHOWING_LOGO = re.compile(r"word/(document|header\d*|footer\d*)\.xml")


def apply_house_style(parts: dict[str, bytes], style: HouseStyle) -> dict[str, bytes]:
    """The parts of a template by name, in a style.

    Only what refers to our theme follows: a template whose colours or fonts the office chose in Word keeps
    those.
    """
    styled = dict(parts)
    for name in () if style.logo else filter(_SHOWING_LOGO.fullmatch, parts):
        styled = remove_logo_from_part(name, styled)
    if style == SHIPPED_STYLE:
        return styled
    theme = next(filter(_THEME.fullmatch, parts), None)
    if theme is not None:
        styled[theme] = restyle_theme(parts[theme], style)
        if uses_house_colours(parts[theme]):
            for name in filter(_COLOURED.fullmatch, parts):
                styled[name] = write_fallback_colours(parts[name].decode("utf-8"), style).encode()
    if style.logo:
        for name in filter(_SHOWING_LOGO.fullmatch, parts):
            styled |= put_logo_into_part(name, styled, style.logo)
    return styled
