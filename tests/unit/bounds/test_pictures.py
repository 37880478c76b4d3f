"""A picture in a form is never unpacked as a whole: a huge or damaged one becomes a grey box in the copy."""

import io
import tracemalloc
import zipfile

from docx import Document
from PIL import Image

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.word.active_content.pictures import make_grey_box
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests.factories import a_cycle, a_filled

CYCLE = a_cycle(4)
KNOWN = Known(shipped_frameworks(), {CYCLE.id: CYCLE})
ASKED = Finding(
    "rating.missing", Severity.QUERY, "There is no rating.", "Give one.", "leadership/equal-duty", "rating"
)


def _with_picture(megabytes: int) -> bytes:
    """A form with a picture of so many megabytes of nothing, which shrink to almost none."""
    form = Document(io.BytesIO(a_filled(Kind.SELF_ASSESSMENT)))
    dot = io.BytesIO()
    Image.new("RGB", (2, 2)).save(dot, "PNG")
    form.add_picture(dot)
    whole = io.BytesIO()
    form.save(whole)
    packed = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w") as part:
                data = old.read(name)
                part.write(data)
                for _ in range(megabytes if name.endswith(".png") else 0):
                    part.write(bytes(1_000_000))
    return packed.getvalue()


def _pictures_in(copy: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        return [parts.read(name) for name in parts.namelist() if name.startswith("word/media/")]


def test_a_picture_of_380_megabytes_takes_none_of_them() -> None:
    form = _with_picture(380)
    tracemalloc.start()
    copy = add_fix_it_comments(form, [ASKED], KNOWN)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000
    assert make_grey_box() in _pictures_in(copy)


def test_a_picture_with_a_wrong_checksum_does_not_hold_the_copy() -> None:
    whole = _with_picture(1)
    with zipfile.ZipFile(io.BytesIO(whole)) as parts:
        [name] = [name for name in parts.namelist() if name.endswith(".png")]
        checksum = parts.getinfo(name).CRC.to_bytes(4, "little")
    copy = add_fix_it_comments(whole.replace(checksum, b"\1\2\3\4"), [ASKED], KNOWN)
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        assert b"Give one." in parts.read("word/comments.xml")
    assert make_grey_box() in _pictures_in(copy)
