"""A picture drawn again from its dots: without place, camera, author or anything else hidden in its file."""

import io
import warnings

from PIL import Image, ImageOps

from peer_challenge.evidence.clean_copy import CanNotCopy, CleanCopy
from peer_challenge.evidence.refusal_words import Refusal

MOST_DOTS = 60_000_000
"""An A3 page of a scanner at 400 dots an inch has 31 million."""
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_PHOTOS = ("JPEG", "MPO")
"""MPO: a JPEG of a telephone, which keeps a second picture of the same for bright screens."""
_OF_SEVERAL = ("TIFF", "GIF", "PNG", "WEBP")
"""Formats in which several pictures in one file are pages, or say something together."""
_QUALITY = 88
"""Above Pillow's own 75, for the fine print on photographed pages; it advises against more than 95."""


def copy_picture(data: bytes) -> CleanCopy:
    """The picture as JPEG where it was one, else as PNG. Raises CanNotCopy, also for several in one file."""
    try:
        picture = _open(data)
        if picture.format in _OF_SEVERAL and getattr(picture, "n_frames", 1) > 1:
            raise CanNotCopy(Refusal.SEVERAL_PAGES)
        return CleanCopy(*draw_again(data), has_words=False)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CanNotCopy(Refusal.DAMAGED) from None


def draw_again(data: bytes) -> tuple[bytes, str]:
    """The picture's dots in a new file, and that file's ending.

    Raises OSError, ValueError, SyntaxError or DecompressionBombError where the file is no picture that can be
    drawn, and CanNotCopy where it is too large.
    """
    picture = _open(data)
    is_photo = picture.format in _PHOTOS
    if picture.width * picture.height > MOST_DOTS:
        raise CanNotCopy(Refusal.LARGE)
    turned = ImageOps.exif_transpose(picture)
    is_clear = "A" in turned.getbands() or "transparency" in turned.info
    turned = turned.convert("RGBA" if is_clear and not is_photo else "RGB")
    drawn = Image.frombytes(turned.mode, turned.size, turned.tobytes())  # nothing of the file is left in it
    made = io.BytesIO()
    if is_photo:
        drawn.save(made, "JPEG", quality=_QUALITY)
        return made.getvalue(), "jpg"
    drawn.save(made, "PNG", optimize=False)
    return made.getvalue(), "png"


def _open(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of a large one before it can be asked how large it is
        return Image.open(io.BytesIO(data), formats=_FORMATS)
