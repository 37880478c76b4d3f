"""A picture in a form is never unpacked: it is in the fix-it copy as it came, damaged or not."""

import io
import tracemalloc
import zipfile

import pytest

from peer_challenge.findings import Finding
from peer_challenge.framework import shipped_frameworks
from peer_challenge.vocabulary import Kind, Severity
from peer_challenge.word.annotate import annotate
from peer_challenge.word.reader import Known
from tests.factories import a_cycle, a_filled

CYCLE = a_cycle(4)
KNOWN = Known(shipped_frameworks(), {CYCLE.id: CYCLE})
ASKED = Finding(
    "rating.missing", Severity.QUERY, "There is no rating.", "Give one.", "leadership/equal-duty", "rating"
)
PICTURE = "word/media/picture.bmp"


def _with_picture(megabytes: int) -> bytes:
    packed = io.BytesIO(a_filled(Kind.SELF_ASSESSMENT))
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as form,
        form.open(PICTURE, "w") as picture,
    ):
        for _ in range(megabytes):
            picture.write(bytes(1_000_000))
    return packed.getvalue()


def test_a_picture_of_380_megabytes_takes_none_of_them() -> None:
    form = _with_picture(380)
    tracemalloc.start()
    copy = annotate(form, [ASKED], KNOWN)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        assert parts.getinfo(PICTURE).file_size == 380_000_000


def test_a_picture_with_a_wrong_checksum_is_in_the_copy_as_it_came() -> None:
    form = bytearray(_with_picture(1))
    with zipfile.ZipFile(io.BytesIO(form)) as parts:
        checksum = parts.getinfo(PICTURE).CRC.to_bytes(4, "little")
    damaged = bytes(form).replace(checksum, b"\1\2\3\4")
    copy = annotate(damaged, [ASKED], KNOWN)
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        assert b"Give one." in parts.read("word/comments.xml")
        with pytest.raises(zipfile.BadZipFile):
            parts.read(PICTURE)
