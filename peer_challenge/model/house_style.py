"""The office's own look, its house style: colour, fonts, logo, programme's name and a line for footers.

Documents, slides, charts, emails and pages take all of it from here. The colours of ratings are not part
of it: they mean something, and keep their contrast.
"""

import colorsys
import re
import unicodedata
from dataclasses import dataclass

SHIPPED_COLOUR, SHIPPED_FONT = "1B365D", "Arial"
LEAST_CONTRAST = 4.5
"""Of text on its ground: WCAG 2.2, success criterion 1.4.3, level AA."""
LONGEST_NAME, LONGEST_FOOTER = 60, 120
"""Characters: a name stands in a header and a footer in its line; longer texts would push the rest away."""
USUAL_FONTS = (
    *("Aptos", "Arial", "Calibri", "Cambria", "Century Gothic", "Garamond", "Georgia", "Gill Sans MT"),
    *("Open Sans", "Segoe UI", "Tahoma", "Times New Roman", "Trebuchet MS", "Verdana"),
)
"""Offered on the page. Most readers have them; another font can be typed."""
_WIDER = {"verdana": 1.17, "century gothic": 1.12, "georgia": 1.05, "open sans": 1.08, "tahoma": 1.0}
"""How much wider than Arial each runs; other fonts of the list run no wider."""
_NOT_WIDER = frozenset(font.casefold() for font in USUAL_FONTS) - _WIDER.keys()
_COLOUR = re.compile(r"#?([0-9A-Fa-f]{6})")
_FONT = re.compile(r"[^\W_](?:[^\W_]|[ .\-]){0,39}")
"""Letters of any language, as in "Frutiger Näxt" and "游明朝", and no sign that CSS or XML reads."""
_NOT_IN_A_LINE = re.compile("[\\x00-\\x1f\\x7f-\\x9f{}<>\\ud800-\\udfff\\ufffe\\uffff]")
"""Control characters, signs of tags, and what XML can't hold: half characters and two that are none."""
_PALE_LIGHTNESS, _PALE_SATURATION = 0.94, 0.65
"""Of the tint behind headings of tables: told from white in print, and dark text on it stays easy to read."""
_WHITE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How everything looks that we make. What is not given is as we ship it.

    `colour` is six hexadecimal digits; `logo` a PNG, empty for none. `programme` and `footer` are one line
    each.
    """

    colour: str = SHIPPED_COLOUR
    heading_font: str = SHIPPED_FONT
    body_font: str = SHIPPED_FONT
    programme: str = ""
    footer: str = ""
    logo: bytes = b""

    @property
    def pale_colour(self) -> str:
        """The colour's pale sister, for the ground of labels and call-outs."""
        hue, _, saturation = colorsys.rgb_to_hls(*_read_channels(self.colour))
        return _write_channels(colorsys.hls_to_rgb(hue, _PALE_LIGHTNESS, saturation * _PALE_SATURATION))

    @property
    def dark_colour(self) -> str:
        """The colour's darker sister, for a button with the mouse on it."""
        return darken(self.colour, 0.75)

    @property
    def line(self) -> str:
        """What stands in footers: the programme's name and the office's line; "" where there is neither."""
        return " – ".join(filter(None, (self.programme, self.footer)))

    @property
    def logo_description(self) -> str:
        """What a logo is called for people who don't see it; "" where there is none."""
        return f"Logo of {self.programme or 'the programme office'}" if self.logo else ""

    @property
    def widest_font(self) -> float:
        """How wide the wider of the two fonts runs, where Arial is 1. An unknown one counts as wide."""
        return max(map(_measure_font, (self.heading_font, self.body_font)))


SHIPPED_STYLE = HouseStyle()


def _measure_font(font: str) -> float:
    name = font.casefold()
    return 1.0 if name in _NOT_WIDER else _WIDER.get(name, 1.17)


def _read_channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return red, green, blue


def _write_channels(channels: tuple[float, float, float]) -> str:
    return "".join(f"{round(channel * 255):02X}" for channel in channels)


def darken(colour: str, share: float) -> str:
    """The colour with this share of its lightness, 0 to 1. Hue and saturation stay."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_read_channels(colour))
    return _write_channels(colorsys.hls_to_rgb(hue, lightness * share, saturation))


def lighten(colour: str, share: float) -> str:
    """The colour with this share of its own lightness, 0 to 1, and white for the rest."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_read_channels(colour))
    return _write_channels(colorsys.hls_to_rgb(hue, lightness * share + 1 - share, saturation))


def measure_contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (none) to 21 (black on white), as WCAG 2.2 defines it."""
    dark, light = sorted(map(_measure_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _measure_luminance(colour: str) -> float:
    red, green, blue = (
        # Relative luminance as WCAG 2.2 defines it, with its numbers.
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _read_channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_least_contrast(colour: str) -> float:
    """The lesser contrast of the two in which a colour is used: with white, and with its pale sister."""
    return min(measure_contrast(colour, _WHITE), measure_contrast(colour, HouseStyle(colour).pale_colour))


def suggest_darker_colour(colour: str) -> str:
    """The nearest darker colour of the same hue that has enough contrast."""
    return next(
        darker
        for percent in range(100, -1, -1)
        if measure_least_contrast(darker := darken(colour, percent / 100)) >= LEAST_CONTRAST
    )


def read_colour(typed: str) -> str | None:
    """A colour as it was typed, "#1b365d" or "1B365D", as six digits; None where it is none."""
    found = _COLOUR.fullmatch(typed.strip())
    return found[1].upper() if found else None


def find_style_problems(style: HouseStyle) -> dict[str, str]:
    """What is wrong with a style: a sentence by the name of the field, with what to do."""
    return {
        name: problem
        for name, problem in (
            ("colour", _find_colour_problem(style.colour)),
            ("heading_font", _find_font_problem(style.heading_font)),
            ("body_font", _find_font_problem(style.body_font)),
            ("programme", _find_line_problem(style.programme, LONGEST_NAME)),
            ("footer", _find_line_problem(style.footer, LONGEST_FOOTER)),
        )
        if problem
    }


def _find_colour_problem(typed: str) -> str:
    colour = read_colour(typed)
    if colour is None:
        return "Choose a colour, or type its six digits, such as #1B365D."
    contrast = measure_least_contrast(colour)
    if contrast >= LEAST_CONTRAST:
        return ""
    return (
        f"This colour is too pale to read: its contrast is {contrast:.1f}, and people need {LEAST_CONTRAST}. "
        f"#{suggest_darker_colour(colour)} is the nearest that is dark enough."
    )


def _find_font_problem(font: str) -> str:
    if _FONT.fullmatch(unicodedata.normalize("NFC", font)):  # an accent may be a sign of its own
        return ""
    return "Write the name of a font as Word has it, at most 40 letters, such as Arial."


def _find_line_problem(text: str, most: int) -> str:
    if len(text) > most:
        return f"This is {len(text)} characters long. Shorten it to {most}."
    if _NOT_IN_A_LINE.search(text):
        return "Write it in one line, without the signs { } < >."
    return ""
