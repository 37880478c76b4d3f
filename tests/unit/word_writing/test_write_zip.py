"""Every package that we write: the same parts give the same bytes, without a clock, in the order given."""

import io
import time
import zipfile

from peer_challenge.word.package.write_zip import write_zip

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "word/document.xml": b"<w/>" * 1000,
    "word/é.bin": b"",
    "a": b"x",
}


def test_the_same_parts_give_the_same_bytes_at_another_time() -> None:
    first = write_zip(PARTS.items())
    time.sleep(2.1)  # a ZIP's own times have two seconds
    assert write_zip(PARTS.items()) == first


def test_parts_keep_their_order_names_and_bytes() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(PARTS.items()))) as package:
        assert package.namelist() == list(PARTS)
        assert {name: package.read(name) for name in PARTS} == PARTS
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_part_in_pieces_is_the_part_as_a_whole() -> None:
    pieces = iter([b"one ", b"", b"two"])
    with zipfile.ZipFile(io.BytesIO(write_zip([("a", pieces)]))) as package:
        assert package.read("a") == b"one two"


def test_what_repeats_is_compressed() -> None:
    assert len(write_zip([("a", bytes(1_000_000))])) < 5_000
    assert len(write_zip([("a", iter([bytes(1_000_000)]))])) < 5_000
