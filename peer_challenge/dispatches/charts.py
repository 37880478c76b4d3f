"""Charts as pictures. They are drawn without a screen, and equal numbers give equal bytes."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from peer_challenge.model.house_style import SHIPPED_COLOUR
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.write.house_colours import INK, MUTED, RAG

if TYPE_CHECKING:  # it is loaded where something is drawn
    from PIL import Image, ImageDraw, ImageFont

Typeface: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont"
Counts = Mapping[str, int]
_SHOWN = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE)
_DOTS = 160
"""Dots an inch; every measure below is in dots."""
_WIDE, _STEP, _EDGE, _GAP = int(7.2 * _DOTS), 48, 12, 14
_BAR, _SLIM = 36, 32
"""Heights of a bar: less than a row, so that white keeps the rows apart."""
_LABEL, _NUMBER, _TINY = 20, 18, 13
"""Heights of letters: 9, 8 and 6 points at 160 dots an inch; the tiniest only where a number has no room."""
_LABELS_AT_MOST = int(_WIDE * 0.45)
_HATCH = 9  # between strokes of 2: the white shows in print, too
_DOT = 13  # the circle's radius: it stays within its row of 48


def rating_bars(labels: Sequence[str], counts: Sequence[Counts]) -> bytes:
    """A PNG with one stacked bar for each label: the share of each rating, with its letter and number."""
    figures = tuple(tuple(one.get(rating.value, 0) for rating in _SHOWN) for one in counts)
    return _rating_bars(tuple(labels), figures)


@lru_cache(maxsize=8)  # both editions of an overview show some of the same charts
def _rating_bars(labels: tuple[str, ...], figures: tuple[tuple[int, ...], ...]) -> bytes:
    picture, draw, left = _start_picture(labels, above=0)
    room = _WIDE - _EDGE - left
    for n, numbers in enumerate(figures):
        top, total, before = _EDGE + n * _STEP + (_STEP - _BAR) // 2, max(1, sum(numbers)), 0
        for rating, number in zip(_SHOWN, numbers, strict=True):
            start, end = (left + room * upto // total for upto in (before, before + number))
            before += number
            if end - start < 3:
                continue
            rag = RAG[rating]
            draw.rectangle((start, top, end - 2, top + _BAR), fill=f"#{rag.fill}")
            at = ((start + end) // 2, top + _BAR // 2)
            for words, size in ((f"{rag.letter} {number}", _NUMBER), (f"{rag.letter}{number}", _TINY)):
                font = _load_typeface(size, is_bold=True)
                if font.getlength(words) <= end - start - 4:
                    draw.text(at, words, f"#{rag.text}", font=font, anchor="mm")
                    break
    return _encode_as_png(picture)


def change_bars(
    labels: Sequence[str], better: Sequence[int], worse: Sequence[int], colour: str = SHIPPED_COLOUR
) -> bytes:
    """A PNG with one bar for each label: how many ratings got better (right) and worse (left)."""
    return _change_bars(tuple(labels), tuple(better), tuple(worse), colour)


@lru_cache(maxsize=8)
def _change_bars(
    labels: tuple[str, ...], better: tuple[int, ...], worse: tuple[int, ...], colour: str
) -> bytes:
    picture, draw, left = _start_picture(labels, above=_STEP)
    half, middle = (_WIDE - _EDGE - left) // 2, (left + _WIDE - _EDGE) // 2
    unit = (half - 60) / max([1, *better, *worse])
    draw.text(
        (middle, _EDGE + _STEP // 2),
        "← got worse (hatched)          got better (solid) →",
        f"#{MUTED}",
        font=_load_typeface(_LABEL),
        anchor="mm",
    )
    for n, (up, down) in enumerate(zip(better, worse, strict=True)):
        centre = _EDGE + _STEP + n * _STEP + _STEP // 2
        top, bottom = centre - _SLIM // 2, centre + _SLIM // 2
        right, far = middle + round(up * unit), middle - round(down * unit)
        if up:
            draw.rectangle((middle, top, right, bottom), fill=f"#{colour}")
        if down:
            _draw_hatched_bar(picture, (far, top, middle, bottom), colour)
        draw.text((right + 8, centre), f"+{up}", f"#{INK}", font=_load_typeface(_NUMBER), anchor="lm")
        draw.text((far - 8, centre), f"−{down}", f"#{INK}", font=_load_typeface(_NUMBER), anchor="rm")
    draw.line((middle, _EDGE + _STEP, middle, picture.height - _EDGE), fill=f"#{MUTED}", width=2)
    return _encode_as_png(picture)


def range_lines(
    labels: Sequence[str], places: Sequence[tuple[float, float]], colour: str = SHIPPED_COLOUR
) -> bytes:
    """A PNG with a line for each label, from the region's lowest figure to its highest.

    `places` are (the area's own, the middle one), each from 0 to 1. The own one is a full circle, the middle
    one a stroke across the line.
    """
    picture, draw, left = _start_picture(labels, above=_STEP)
    start, end = left + _EDGE, _WIDE - 3 * _EDGE
    draw.text(
        ((start + end) // 2, _EDGE + _STEP // 2),
        "lowest  ———  | middle  ———  highest        ● this area",
        f"#{MUTED}",
        font=_load_typeface(_LABEL),
        anchor="mm",
    )
    for n, (own, middle) in enumerate(places):
        y = _EDGE + _STEP + n * _STEP + _STEP // 2
        at, across = (round(start + (end - start) * place) for place in (own, middle))
        draw.line((start, y, end, y), fill=f"#{MUTED}", width=4)
        draw.line((across, y - _DOT, across, y + _DOT), fill=f"#{INK}", width=4)
        draw.ellipse((at - _DOT, y - _DOT, at + _DOT, y + _DOT), fill=f"#{colour}")
    return _encode_as_png(picture)


def _start_picture(labels: Sequence[str], *, above: int) -> "tuple[Image.Image, ImageDraw.ImageDraw, int]":
    """A white picture with its labels down the left; what draws on it; where the bars begin."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (_WIDE, 2 * _EDGE + above + _STEP * len(labels)), "white")
    draw, font = ImageDraw.Draw(picture), _load_typeface(_LABEL)
    shown = [_shorten_label(label, font) for label in labels]
    left = _EDGE + _GAP + max((int(font.getlength(label)) for label in shown), default=0)
    for n, label in enumerate(shown):
        at = (left - _GAP, _EDGE + above + n * _STEP + _STEP // 2)
        draw.text(at, label, f"#{INK}", font=font, anchor="rm")
    return picture, draw, left


def _shorten_label(label: str, font: "Typeface") -> str:
    if font.getlength(label) <= _LABELS_AT_MOST:
        return label
    while label and font.getlength(f"{label}…") > _LABELS_AT_MOST:
        label = label[:-1]
    return f"{label.rstrip()}…"


def _draw_hatched_bar(picture: "Image.Image", box: tuple[int, int, int, int], colour: str) -> None:
    """A white bar with an edge and strokes across, told from a solid one without any colour."""
    from PIL import Image, ImageDraw

    wide, high = box[2] - box[0], box[3] - box[1]
    bar = Image.new("RGB", (wide + 1, high + 1), "white")
    draw = ImageDraw.Draw(bar)
    for x in range(-high, wide, _HATCH):
        draw.line((x, high, x + high, 0), fill=f"#{colour}", width=2)
    draw.rectangle((0, 0, wide, high), outline=f"#{colour}", width=2)
    picture.paste(bar, box[:2])


@lru_cache(maxsize=8)
def _load_typeface(size: int, *, is_bold: bool = False) -> "Typeface":
    """The typeface that comes with matplotlib, so that a picture looks the same on every machine."""
    from PIL import ImageFont

    found = find_spec("matplotlib")  # its place only: to import it costs as much as all charts
    if found is None or found.origin is None:
        return ImageFont.load_default(size)
    fonts = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(
        str(fonts / f"DejaVuSans{'-Bold' if is_bold else ''}.ttf"),
        size,
        layout_engine=ImageFont.Layout.BASIC,
    )


def _encode_as_png(picture: "Image.Image") -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(_DOTS, _DOTS))
    return out.getvalue()
