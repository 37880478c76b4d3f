"""Characters of symbol fonts, as the characters of Unicode that look like them."""

_WINGDINGS = {
    0x4A: "☺",
    0x4C: "☹",
    0x6C: "●",
    0x6D: "❍",
    0x6E: "■",
    0x6F: "□",
    0x71: "❑",
    0x72: "❒",
    0x73: "⬧",
    0x74: "⧫",
    0x75: "◆",
    0x76: "❖",
    0x77: "⬥",
    0x78: "⌧",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "◻",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE3: "↖",
    0xE4: "↗",
    0xE5: "↙",
    0xE6: "↘",
    0xE7: "←",
    0xE8: "➔",
    0xE9: "↑",
    0xEA: "↓",
    0xEF: "⇦",
    0xF0: "⇨",
    0xF1: "⇧",
    0xF2: "⇩",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□"}
_SYMBOL = (
    {
        0xB7: "•",
        0xAE: "→",
        0xAC: "←",
        0xAD: "↑",
        0xAF: "↓",
        0xB3: "≥",
        0xA3: "≤",
        0xB9: "≠",
        0xB1: "±",
        0xB4: "×",
        0xB8: "÷",
        0xB0: "°",
        0xBC: "…",
        0xA5: "∞",
        0x2D: "−",
        0xD6: "√",
        0xD2: "®",
        0xD3: "©",
        0xD4: "™",
    }
    | dict(zip(map(ord, "ABGDEZHQIKLMNXOPRSTUFCYW"), "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True))
    | dict(zip(map(ord, "abgdezhqiklmnxoprstufcyw"), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
)
"""By the font's own encoding, Adobe's, which has each Greek letter at the place of a Latin one."""
EMPTY_BOXES = "☐□◻▢○◯❍❏❑❒⬜"
"""Boxes and circles that nobody has ticked."""
TICKED_BOXES = "☒☑⌧⊠🗹🗷●◉⦿■⬛✅"
"""Those that somebody has."""
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def decode_symbol(font: str, code: str) -> str:
    """The character for a hexadecimal `code` of `font`; the code's own character where none is known.

    Returns "" when `code` is not a number, or has no character that can be shown.
    """
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    known = _FONTS.get(font.strip().lower(), {}).get(point & 0xFF if 0xF000 <= point <= 0xF0FF else point)
    if known:
        return known
    return chr(point) if 0x20 <= point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF else ""


def is_symbol_font(font: str) -> bool:
    """Whether letters in a font of this name are shown as signs."""
    return font.strip().lower() in _FONTS


def in_font(font: str, text: str) -> str:
    """A text as people see it in a font of signs."""
    return "".join(decode_symbol(font, f"{ord(letter):X}") for letter in text)
