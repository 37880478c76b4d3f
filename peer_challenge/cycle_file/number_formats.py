"""Numbers and texts as Excel shows them by the format of their cell: 0.21 as "21%", 1 as "Area 1".

openpyxl knows the formats' codes and does not apply them. The codes that people choose are applied here:
zeros, decimals, thousands, per cent, currencies, and words or signs around the number.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

_GENERAL_DIGITS = 10
"""A cell without a format shows so many digits of a number, as in 0.3333333333."""
_TOKENS = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[A-Za-z]+\d*\]|([0#?.,%@])|(.)', re.DOTALL
)
"""Of a code: words, a sign, room, filling, a currency, a colour, what stands for digits, and other signs."""
_NOT_APPLIED = re.compile(r"[\[\]/dmyhse]", re.IGNORECASE)
"""Conditions, fractions, dates and exponents: seldom for what our tables hold."""


class UnknownFormat(ValueError):
    """The code of a format that is not applied here."""


def format_value(value: str | float, code: str) -> str:
    """What a cell shows: a number to the decimals, and with the signs and words, of its format's code.

    "" where the format hides the value. Raises UnknownFormat for a code that is not applied here.
    """
    sections = _split_sections(code)
    if isinstance(value, str):
        return _format_text(value, sections)
    if code.lower() in ("general", "@", ""):
        return _format_plainly(value)
    section, number = _choose_section(Decimal(str(value)), sections)
    return _format_number(number, section)


@lru_cache(maxsize=256)  # a column has one format, and a sheet has few
def _split_sections(code: str) -> list[list[tuple[str, str]]]:
    """The sections of a code, for positive, negative, zero and text, each as (kind, sign) pairs."""
    sections: list[list[tuple[str, str]]] = [[]]
    for found in _TOKENS.finditer(code.replace("General", "@")):
        quoted, escaped, currency, digit, other = found.groups()
        if other == ";":
            sections.append([])
        elif digit:
            sections[-1].append(("digit", digit))
        elif other:
            sections[-1].append(("code" if _NOT_APPLIED.match(other) else "text", other))
        elif said := quoted or escaped or currency:
            sections[-1].append(("text", said))
    return sections


def _format_plainly(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):  # all of its digits are sure
        return str(int(value))
    return str(value) if "e" in str(value) else f"{value:.{_GENERAL_DIGITS}g}"


def _format_text(text: str, sections: list[list[tuple[str, str]]]) -> str:
    """A text with the words around "@"; as it is where its format says nothing of texts."""
    has_place = [section for section in sections if ("digit", "@") in section]
    if not has_place:
        return "" if len(sections) == 4 and not sections[3] else text
    return "".join(text if token == ("digit", "@") else token[1] for token in has_place[-1])


def _choose_section(
    number: Decimal, sections: list[list[tuple[str, str]]]
) -> tuple[list[tuple[str, str]], Decimal]:
    """The section for a number, and the number as that section shows it: the second has its own minus."""
    if number < 0:
        return (sections[1], -number) if len(sections) > 1 else ([("text", "-"), *sections[0]], -number)
    return (sections[2] if number == 0 and len(sections) > 2 else sections[0]), number


def _format_number(number: Decimal, section: list[tuple[str, str]]) -> str:
    if any(kind == "code" for kind, _ in section):
        raise UnknownFormat
    places = [i for i, (kind, sign) in enumerate(section) if kind == "digit" and sign in "0#?.,"]
    if not places:
        words = [str(number) if token == ("digit", "@") else token[1] for token in section]
        return "".join(words)
    point = next((i for i in places if section[i][1] == "."), None)
    whole = [i for i in places if section[i][1] in "0#?" and (point is None or i < point)]
    decimals = [i for i in places if section[i][1] in "0#?" and point is not None and i > point]
    if not whole or any(section[i][1] == "," and i > whole[-1] for i in places):
        raise UnknownFormat  # a comma behind the digits divides by a thousand
    has_thousands = any(section[i][1] == "," for i in places)
    if ("digit", "%") in section:
        number *= 100
    try:
        shown = str(number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP))
    except InvalidOperation:
        raise UnknownFormat from None
    digits, _, rest = shown.partition(".")
    return _fill_places(section, whole, decimals, digits, rest, has_thousands=has_thousands)


def _fill_places(
    section: list[tuple[str, str]],
    whole: list[int],
    decimals: list[int],
    digits: str,
    rest: str,
    *,
    has_thousands: bool,
) -> str:
    """A section with the digits in their places: those before the point from its end, as Excel does."""
    needed = len(whole) - next((n for n, i in enumerate(whole) if section[i][1] == "0"), len(whole))
    digits = digits.lstrip("0").zfill(needed)
    fills = dict(zip(reversed(whole), reversed(digits), strict=False))
    more = digits[: max(len(digits) - len(whole), 0)]
    if more:
        fills[whole[0]] = more + fills[whole[0]]
    if has_thousands:
        fills = {whole[0]: f"{int(digits):,}" if digits else ""}
    kept = rest.rstrip("0")
    for n, i in enumerate(decimals):
        if section[i][1] == "0" or n < len(kept):
            fills[i] = rest[n]
    shown = []
    for i, (kind, sign) in enumerate(section):
        if kind == "digit" and sign in "0#?":
            shown.append(fills.get(i, ""))
        elif sign != "," or kind != "digit":
            shown.append(sign)
    return "".join(shown).strip()
