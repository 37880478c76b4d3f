"""The logo: drawn again as a plain picture, and put into a document in place of its placeholder."""

import io
import re
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from peer_challenge.system.bounded_work import Bounds, ChildLost, TooMuchWork, call_once
from peer_challenge.system.file_beginnings import JPEG, PNG

if TYPE_CHECKING:
    from PIL import Image

LOGO = "house:logo"
"""The name of the placeholder picture in a template's header (Word: alt text pane, title)."""
MOST_LOGO_BYTES = 2_000_000
"""Of the file that is uploaded; what is kept of it is far smaller."""
_MOST_WIDE, _MOST_HIGH = 1000, 400
"""Dots of the logo that is kept: 50 by 20 mm at 500 dots an inch."""
_LEAST = 16
"""Dots each way: a smaller picture is blurred at the size of a logo."""
_MOST_DOTS = 40_000_000
"""In colours with transparency they take 160 MB, of which BOUNDS allows for a few copies."""
_MOST_STRETCH = 12
"""A picture 50 mm wide is 4 mm high then: nothing on a narrower one could be read."""
_TOO_MANY_DOTS = "This picture has too many dots. Make it smaller, then send it again."
_SIXTEEN_BITS = ("I", "I;16", "I;16B")
"""What Pillow calls a picture in 65,536 greys. It makes white of all that are lighter than 255."""
_GREYS_IN_ONE = 257
"""How many of 65,536 greys, 0 to 65,535, there are for each of 256, 0 to 255."""
BOUNDS = Bounds(seconds=10, memory_mb=800)
"""For one picture, with its dots in memory a few times over."""
_PICTURE = re.compile(r"<wp:(inline|anchor)\b.*?</wp:\1>", re.DOTALL)
_EMBEDDED = re.compile(r'r:embed="([^"]+)"')
_SIZE = re.compile(r'cx="(\d+)" cy="(\d+)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")


class LogoRefused(Exception):
    """A file can't be the logo; the text says why and what to do."""


def clean_logo(data: bytes) -> bytes:
    """The picture of a PNG or JPEG file, drawn again as a PNG that holds its dots and nothing else.

    Where it was taken, by whom and with what stays behind, and so does anything hidden after the picture. A
    large one is made smaller. It is read in a process of its own. Raises LogoRefused.
    """
    if len(data) > MOST_LOGO_BYTES:
        raise LogoRefused(
            f"This file is larger than {MOST_LOGO_BYTES // 1_000_000} MB. Make the picture smaller."
        )
    if not data.startswith((PNG, JPEG)):
        raise LogoRefused("This is neither a PNG nor a JPEG picture. Save it as PNG, then send that.")
    try:
        cleaned, problem = call_once(__name__, "draw_logo_again", BOUNDS, data)
    except (TooMuchWork, ChildLost):
        cleaned, problem = b"", "This picture is too large. Make it smaller, then send it again."
    if problem:
        raise LogoRefused(problem)
    return bytes(cleaned)


def draw_logo_again(data: bytes) -> tuple[bytes, str]:
    """In a child process: the picture as a plain PNG, and what is wrong with it ("" where nothing is)."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_DOTS
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_DOTS:
                return b"", _TOO_MANY_DOTS
            upright = _convert_to_8_bits(ImageOps.exif_transpose(opened)).convert("RGBA")
    except Image.DecompressionBombError:  # Pillow raises it while it opens one of twice as many dots
        return b"", _TOO_MANY_DOTS
    except (OSError, ValueError, SyntaxError):
        return b"", "This picture can't be opened. Save it again as PNG, then send that."
    wide, high = upright.size
    if min(wide, high) < _LEAST or max(wide, high) > _MOST_STRETCH * min(wide, high):
        return b"", (
            f"This picture is {wide} by {high} dots. A logo needs at least {_LEAST} each way, and may be "
            f"{_MOST_STRETCH} times as wide as high."
        )
    upright.thumbnail((_MOST_WIDE, _MOST_HIGH))
    plain = Image.new("RGBA", upright.size)
    plain.paste(upright, (0, 0))
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue(), ""


def _convert_to_8_bits(picture: "Image.Image") -> "Image.Image":
    """The picture, in 256 greys where it has 65,536."""
    if picture.mode not in _SIXTEEN_BITS:
        return picture
    grey = picture.convert("I").point(lambda value: value * (1 / _GREYS_IN_ONE) + 0.5).convert("L")
    transparent = picture.info.get("transparency")
    grey.info.pop("transparency", None)
    if isinstance(transparent, int):
        grey.info["transparency"] = int(transparent / _GREYS_IN_ONE + 0.5)
    return grey


def read_proportions(logo: bytes) -> tuple[int, int]:
    """The width and height of a PNG in dots."""
    wide, high = struct.unpack(">II", logo[16:24])
    return wide, high


def fit_into_box(logo: bytes, wide: int, high: int) -> tuple[int, int]:
    """The size of a logo in a box of a width and height, in its own proportions."""
    own_wide, own_high = read_proportions(logo)
    scale = min(wide / own_wide, high / own_high)
    return max(1, int(own_wide * scale)), max(1, int(own_high * scale))


def put_logo_into_part(name: str, parts: Mapping[str, bytes], logo: bytes) -> dict[str, bytes]:
    """What changes in a package where `logo` takes the place of the placeholders in one of its parts.

    Each keeps the room that its template gives it, as far as the logo's proportions allow.
    """
    xml = parts[name].decode("utf-8")
    changed: dict[str, bytes] = {}

    def replace_placeholder(found: re.Match[str]) -> str:
        picture = found[0]
        if f'name="{LOGO}"' not in picture or (embedded := _EMBEDDED.search(picture)) is None:
            return picture
        if (target := _find_target(name, parts, embedded[1])) is not None:
            changed[target] = logo
        return _SIZE.sub(
            lambda size: 'cx="{}" cy="{}"'.format(*fit_into_box(logo, int(size[1]), int(size[2]))), picture
        )

    shown = _PICTURE.sub(replace_placeholder, xml)
    return {**changed, name: shown.encode()} if shown != xml or changed else {}


def remove_logo_from_part(name: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """A package in which one of its parts leads to no placeholder of a logo: for a style without one.

    The template shows the placeholder only where there is a logo; without it the picture would be carried
    along unseen.
    """
    pictures = [found[0] for found in _PICTURE.finditer(parts[name].decode("utf-8"))]
    used = {
        found[1] for shown in pictures if f'name="{LOGO}"' in shown for found in _EMBEDDED.finditer(shown)
    }
    targets = {relation: _find_target(name, parts, relation) for relation in used}
    folder, _, file = name.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    kept = {part: data for part, data in parts.items() if part not in targets.values()}
    for relation in targets:
        kept[relations] = re.sub(
            rb'<Relationship\b[^>]*\bId="%s"[^>]*/>' % relation.encode(), b"", kept[relations]
        )
    return kept


def _find_target(name: str, parts: Mapping[str, bytes], relation: str) -> str | None:
    """The part that a relation of the part `name` leads to."""
    folder, _, file = name.rpartition("/")
    for tag in _RELATION.findall(parts.get(f"{folder}/_rels/{file}.rels", b"")):
        held = dict(re.findall(r'(\w+)="([^"]*)"', tag.decode("utf-8", "replace")))
        target = held.get("Target", "")
        if held.get("Id") == relation:
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            return path if path in parts and path.endswith(".png") else None
    return None
