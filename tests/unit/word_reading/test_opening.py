"""Hostile and broken files: each refused with its own reason, before anything in them is parsed."""

import gc
import io
import signal
import struct
import threading
import zipfile

import pytest

from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.process.reader_pool import Readers
from peer_challenge.word.reader_findings import CODES
from tests.mutants import mutants
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import document, p, schedule
from tests.unit.word_reading.reads import KNOWN, codes, read

GOOD = document(schedule())


def _with_duplicate() -> bytes:
    out = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return out.getvalue()


def _with_entry(name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def _overlapping() -> bytes:
    """Every entry of the directory points at the first one's data."""
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        start = archive.start_dir
    at = data.find(b"PK\x01\x02", start + 4)
    data[at + 42 : at + 46] = struct.pack("<I", 0)
    return bytes(data)


def _lying() -> bytes:
    """The document says in the directory that it is ten bytes shorter than it is."""
    data = bytearray(GOOD)
    at = data.rfind(b"word/document.xml", 0, data.rfind(b"word/_rels")) - 46
    size = struct.unpack("<I", data[at + 24 : at + 28])[0]
    data[at + 24 : at + 28] = struct.pack("<I", size - 10)
    return bytes(data)


def _bad_checksum() -> bytes:
    data = bytearray(GOOD)
    at = data.rfind(b"word/document.xml", 0, data.rfind(b"word/_rels")) - 46
    data[at + 16] ^= 0xFF
    return bytes(data)


def _encrypted() -> bytes:
    data = bytearray(GOOD)
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


_DTD = '<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_with_duplicate, "open.duplicate_parts"),
        (lambda: _with_entry("../../evil.xml"), "open.unsafe_path"),
        (lambda: _with_entry("/etc/evil.xml"), "open.unsafe_path"),
        (lambda: _with_entry("..\\evil.xml"), "open.unsafe_path"),
        (_overlapping, "open.overlapping_parts"),
        (_lying, "open.lying_size"),
        (_bad_checksum, "open.bad_checksum"),
        (_encrypted, "open.encrypted"),
        (lambda: _with_entry("word/bomb.xml", b" " * 30_000_000), "open.expands_too_much"),
        (lambda: document("", parts={"word/document.xml": _DTD}), "open.dtd"),
        (lambda: _with_entry("customXml/item1.xml", _DTD.encode()), "open.dtd"),
        (lambda: _with_entry("customXml/item1.xml", _DTD.encode("utf-16")), "open.dtd"),
        (lambda: document("", parts={"word/document.xml": "<w:document"}), "open.bad_xml"),
        (lambda: b.package({"[Content_Types].xml": "<x/>"}), "open.no_document"),
        (
            lambda: b.package({f"word/{n}.xml": "" for n in range(2001)} | {"[Content_Types].xml": ""}),
            "open.too_many_parts",
        ),
        (lambda: document("<w:p>" * 3000 + "</w:p>" * 3000), "open.too_deep"),
    ],
)
@pytest.mark.threat("hostile-document")
def test_a_hostile_package_is_refused_with_its_own_reason(data, code: str) -> None:
    reading = read_document(data(), KNOWN)
    assert codes(reading) == {code}
    assert reading.findings[0].severity is Severity.REJECT
    assert reading.findings[0].remedy


def test_a_file_over_the_size_allowed_is_refused() -> None:
    assert codes(read_document(GOOD, KNOWN, limits=Limits(max_bytes=100))) == {"open.file_too_large"}


def test_a_document_that_just_meets_a_count_is_read_each_time_and_one_more_is_refused_each_time() -> None:
    """What a document costs is counted, so that no busy machine refuses one by chance."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = [archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    elements = sum(part.count(b"<") - part.count(b"</") for part in xml)
    size = sum(map(len, xml))
    for just_met, exceeded in (
        (Limits(elements=elements), Limits(elements=elements - 1)),
        (Limits(xml_bytes=size), Limits(xml_bytes=size - 1)),
    ):
        assert {len(read_document(GOOD, KNOWN, limits=just_met).rows) for _ in range(5)} == {4}
        refused = [codes(read_document(GOOD, KNOWN, limits=exceeded)) for _ in range(5)]
        assert refused == [{"open.too_large"}] * 5


def test_an_honest_file_that_packs_very_well_is_read() -> None:
    reading = read_document(_with_entry("word/fonts.bin", b"\x00" * 900_000), KNOWN)
    assert len(reading.rows) == 4


def test_a_picture_of_a_white_page_is_no_bomb() -> None:
    """As old programs paste them: a drawing of 1.3 MB that packs to less than 2 kB was seen."""
    reading = read_document(_with_entry("word/media/image1.emf", b"\xff" * 2_000_000), KNOWN)
    assert len(reading.rows) == 4
    assert not codes(reading)


@pytest.mark.threat("hostile-document")
def test_external_content_and_fields_are_listed_and_never_fetched() -> None:
    dde = b.para(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO excel "x"</w:instrText></w:r>'
    )
    linked = b.relationship("t", "attachedTemplate", "http://example.invalid/t.dotm", is_external=True)
    found = codes(read(schedule(after=dde), relationships=linked))
    assert {"word.dde", "active.attached_template"} <= found


def test_an_imported_document_is_listed_and_not_opened() -> None:
    assert "word.imported_part" in codes(read(schedule(after='<w:altChunk r:id="a"/>')))


def test_dangling_relationships_and_templates_are_no_obstacle() -> None:
    reading = read(schedule(), relationships=b.relationship("x", "styles", "gone.xml"))
    assert len(reading.rows) == 4
    assert not codes(reading)


def test_a_package_that_does_not_say_what_its_parts_are_is_read_all_the_same() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "[Content_Types].xml"}
    assert read_document(b.package(parts), KNOWN).rows == read_document(GOOD, KNOWN).rows


CROSSED = b.para("<w:del><w:sdt><w:sdtPr/><w:sdtContent></w:del><w:r/></w:sdtContent></w:sdt>")
LIBREOFFICE = {"docProps/app.xml": "<Properties><Application>LibreOffice/7.4</Application></Properties>"}


@pytest.mark.parametrize("parts", [LIBREOFFICE, {}], ids=["named", "properties-removed"])
@pytest.mark.parametrize(
    ("damage", "code"), [(CROSSED, "open.crossed_changes"), ("<w:p>", "open.bad_xml")], ids=["crossed", "cut"]
)
def test_the_words_of_a_part_that_is_not_well_formed_are_kept(parts: dict, damage: str, code: str) -> None:
    """LibreOffice writes tracked deletions across controls. What names it in the file is often removed."""
    reading = read(schedule(after=damage + p("Fish & chips")), parts=parts)
    assert code in codes(reading)
    assert reading.unmapped[-1] == "Fish & chips"
    assert {f"Strengths of {address}." for address in b.ROWS} <= set(reading.unmapped)


def test_strict_open_xml_is_read_as_the_usual() -> None:
    assert read(schedule(), strict=True).rows == read(schedule()).rows


def test_what_is_none_of_ours_is_rejected_with_all_its_text() -> None:
    body = p("Minutes", "We met.") + b.table(b.row(b.cell(p("a")), b.cell(p("b"))))
    reading = read(body, marked={})
    assert codes(reading) == {"identity.not_ours"}
    assert reading.unmapped == ["Minutes", "We met.", "a | b"]


def test_the_child_process_reads_the_same_and_survives_what_is_killed() -> None:
    long = document(b.table(b.row(*(b.cell() for _ in range(50))) * 2000))
    with Readers(KNOWN) as readers:
        assert readers.read(GOOD) == read_document(GOOD, KNOWN)
        assert codes(readers.read(b"%PDF-1.7")) == {"open.pdf"}
    with Readers(KNOWN, limits=Limits(seconds=0.01)) as readers:
        assert codes(readers.read(long)) == {"open.too_slow"}
        assert codes(readers.read(long)) == {"open.too_slow"}


@pytest.mark.parametrize(("stopped_seconds", "is_read"), [(0.8, True), (60, False)])
def test_a_child_that_gets_no_processor_is_waited_for(stopped_seconds: float, is_read: bool) -> None:
    """On a machine that is busy with something else a good document is not put aside; but not for ever."""
    with Readers(KNOWN, limits=Limits(seconds=0.4)) as readers:
        assert not codes(readers.read(GOOD)) & {"open.too_slow"}
        child = readers._children[0].process
        child.send_signal(signal.SIGSTOP)
        later = threading.Timer(stopped_seconds, child.send_signal, [signal.SIGCONT])
        later.start()
        assert ("open.too_slow" in codes(readers.read(GOOD))) is not is_read
        later.cancel()


def test_a_cell_of_very_many_runs_is_read_in_time() -> None:
    runs = "".join(b.run(b.t(f"{number * 7919 % 99991:05}")) for number in range(300_000))
    with Readers(KNOWN, children=1) as readers:
        reading = readers.read(document(b.table(b.row(b.cell(b.para(runs)), b.cell(p("beside it"))))))
    assert [len(text) for text in reading.unmapped] == [len("beside it") + len(" | ") + 5 * 300_000]


def test_a_document_that_needs_too_much_memory_is_refused() -> None:
    cells = b.row(*(b.cell() for _ in range(50))) * 4000
    hungry = document(b.table(cells))
    with Readers(KNOWN, limits=Limits(memory_mb=1, seconds=30)) as readers:
        assert codes(readers.read(hungry)) == {"open.too_large"}
        assert len(readers.read(GOOD).rows) == 4


def test_what_was_read_leaves_nothing_for_the_collector() -> None:
    """A document's memory is free with its last user: in a batch none waits for rubbish to be collected."""
    read_document(GOOD, KNOWN)  # what is made once for all documents
    gc.collect()
    gc.disable()
    try:
        read_document(GOOD, KNOWN)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_mutants_never_raise_and_every_outcome_is_typed() -> None:
    for data in mutants([GOOD], seed=3, count=300):
        reading = read_document(data, KNOWN)
        assert {finding.code for finding in reading.findings} <= set(CODES)
