"""Whatever is active in a form is told, wherever it is, and nothing of it is in the copy that goes back."""

import struct
import zlib
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.vocabulary import Kind
from peer_challenge.system.bounded_work import BoundedWorker, Bounds
from peer_challenge.word.active_content.active_kinds import ELEMENTS, FIELDS
from peer_challenge.word.active_content.allowed_parts import FIELDS as ALLOWED_FIELDS
from peer_challenge.word.active_content.allowed_parts import NEVER
from peer_challenge.word.active_content.detection import find_active_content, open_package
from peer_challenge.word.active_content.links import LinkKind, is_allowed_link, kind_of_link
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.namespaces import W
from peer_challenge.word.reader_findings import CODES
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests.active_forms import CANARY, KINDS, holds, with_planted
from tests.factories import a_filled
from tests.unit.submissions.test_in_word import KNOWN as REGION
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, document, p, para, run, schedule, t
from tests.unit.word_reading.reads import KNOWN, PLACE, codes, first, read, read_cell, severity

FORM = a_filled(Kind.CHAIR_RECORD)
HONEST = {finding.code for finding in read_document(FORM, REGION).findings}
BESIDE_THE_POINT = {"word.tracked_changes", "word.margin_comments", "word.notes"}


def content(reading: Reading) -> tuple[object, ...]:
    return (
        reading.kind,
        reading.participant,
        reading.rows,
        reading.items,
        reading.particulars,
        reading.unmapped,
    )


WRITTEN = {"subheading_as_written", "text", "consensus"}


def all_texts(reading: Reading) -> list[str]:
    rows = [*reading.rows, *reading.items]
    texts = [text for row in rows for name, text in row.items() if text and name in WRITTEN]
    return [*texts, *reading.particulars.values(), *reading.unmapped]


def active_in(data: bytes) -> set[str]:
    return {one.code for one in find_active_content(open_package(data))}


def letters(texts: list[str]) -> Counter[str]:
    """Every letter of what was read, wherever it is."""
    return Counter("".join(texts).replace(" ", ""))


def assert_told_and_left_out(data: bytes, kind: str = "") -> None:
    reading = read_document(data, REGION)
    assert {finding.code for finding in reading.findings} - HONEST - BESIDE_THE_POINT
    copy = add_fix_it_comments(data, reading.findings, REGION)
    assert list(holds(copy, CANARY)) == []
    assert active_in(copy) == set()
    again = read_document(copy, REGION)
    if (
        kind == "field built by reference"
    ):  # its inner field's text is set apart; without the outer it is seen, with the words of ours beside it
        assert letters(all_texts(reading)) <= letters(all_texts(again))
    else:
        assert content(again) == content(reading)


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_of_active_thing_is_told_and_is_not_in_the_copy(kind: str) -> None:
    assert_told_and_left_out(with_planted(FORM, kind, 0), kind)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(KINDS)), st.integers(1, 10**6))
def test_wherever_it_is_planted_and_however_it_is_written(kind: str, seed: int) -> None:
    assert_told_and_left_out(with_planted(FORM, kind, seed), kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_honest_form_holds_nothing_active(kind: Kind) -> None:
    assert active_in(a_filled(kind)) == set()


def test_what_is_active_and_what_is_allowed_have_nothing_in_common() -> None:
    assert not set(FIELDS) & ALLOWED_FIELDS
    assert (
        set(ELEMENTS) - {"frameset", "sourceFileName"} <= NEVER
    )  # those two stand only in parts that are not kept
    assert set(FIELDS.values()) | set(ELEMENTS.values()) <= set(CODES)


# Where it is


def a_field(instruction: str, shown: str = "shown") -> str:
    """A field as Word writes it."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(t(shown))}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_what_is_active_in_an_answer_is_told_at_the_answer() -> None:
    reading = read_cell("strengths", cell(para(a_field("DDEAUTO cmd x") + run(t(" and more")))))
    (found,) = [f for f in reading.findings if f.code == "word.dde"]
    assert (found.subheading, found.column) == (PLACE, "strengths")
    assert first(reading)["strengths"] == "shown and more"


def test_places_outside_the_answers_are_named_once() -> None:
    parts = {
        "word/header1.xml": b.part("hdr", para(a_field("DDE cmd x"))),
        "word/footer1.xml": b.part("ftr", para(a_field("DDE cmd x"))),
    }
    (found,) = [f for f in read(schedule(), parts=parts).findings if f.code == "word.dde"]
    assert found.subheading is None
    assert "in the header and in the footer" in found.message


def test_part_of_an_answer_brought_in_from_another_file_is_asked_for_at_the_answer() -> None:
    reading = read_cell("strengths", cell(p("Half of it.") + '<w:altChunk r:id="a"/>'))
    (found,) = [f for f in reading.findings if f.code == "word.imported_part"]
    assert (found.subheading, found.column, found.severity) == (PLACE, "strengths", "query")


def test_macros_are_told_by_what_they_are_and_treated_as_the_cycle_says() -> None:
    parts = {"word/notes.bin": b"x"}
    project = b.relationship("m", "vbaProject", "notes.bin")
    held = {"parts": parts, "relationships": project}
    assert severity(read(schedule(), **held), "open.macros") == "reject"
    assert severity(read(schedule(), rules=Rules(macros="warn"), **held), "open.macros_ignored") == "warn"


# What is honest


@pytest.mark.parametrize(
    "xml",
    [
        a_field(' HYPERLINK "https://www.gov.uk/a?b=c#d" '),
        a_field(' HYPERLINK \\l "_Toc1" '),
        a_field(" PAGE "),
        a_field(' DATE \\@ "d MMMM yyyy" '),
        a_field(" = 2 + 2 "),
        a_field(" MACROBUTTON NoMacro [Click here] "),
        a_field(" FORMTEXT "),
        a_field(" ADDIN EN.CITE x "),
        run('<w:pict><v:shape href="https://www.gov.uk/"/></w:pict>'),
        run(t("The script of the DDE, href and src of ActiveX control")),
    ],
)
def test_what_people_do_every_day_is_not_told(xml: str) -> None:
    found = codes(read_cell("strengths", cell(para(xml + run(t("x"))))))
    assert not {
        code for code in found if code.startswith("active.") or code in ("word.dde", "word.external_content")
    }


@pytest.mark.parametrize(
    "target", ["https://www.gov.uk/a?b=c#d", "http://x.example/%20", "mailto:office@x.example?subject=a"]
)
def test_a_link_to_a_page_or_a_mailbox_stays_in_the_copy(target: str) -> None:
    link = f'<w:hyperlink r:id="h">{run(t("our report"))}</w:hyperlink>'
    body = schedule({PLACE: b.answer_row(PLACE, strengths=cell(para(link)))})
    data = document(body, relationships=b.relationship("h", "hyperlink", target, is_external=True))
    copy = add_fix_it_comments(data, [], KNOWN)
    assert target.replace("&", "&amp;") in open_package(copy).read("word/_rels/document.xml.rels").decode()
    assert content(read_document(copy, KNOWN)) == content(read_document(data, KNOWN))


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("https://x.example", LinkKind.PAGE),
        ("www.x.example", LinkKind.PAGE),
        ("#place", LinkKind.PLACE),
        ("mailto:a@x.example", LinkKind.ADDRESS),
        ("javascript:x", LinkKind.PROGRAM),
        (" JaVa\tscript:x", LinkKind.PROGRAM),
        ("java\u200bscript:x", LinkKind.PROGRAM),
        ("%6Aavascript:x", LinkKind.PROGRAM),
        ("javascript%3Ax", LinkKind.PROGRAM),
        ("ms-word:ofe|u|https://x.example/a.docx", LinkKind.PROGRAM),
        ("data:text/html,x", LinkKind.PROGRAM),
        ("\\\\host\\share", LinkKind.FILE),
        ("//host/share", LinkKind.FILE),
        ("C:\\x.exe", LinkKind.FILE),
        ("file:///c:/x.exe", LinkKind.FILE),
        ("Appendix C.docx", LinkKind.FILE),
    ],
)
def test_what_a_link_leads_to(target: str, kind: LinkKind) -> None:
    assert kind_of_link(target) is kind
    assert is_allowed_link(target) is (target.startswith("https:") or kind is LinkKind.ADDRESS)


# What the copy shows


def test_a_field_that_shows_something_else_than_the_document_becomes_its_text() -> None:
    body = schedule(
        {
            PLACE: b.answer_row(
                PLACE, strengths=cell(para(a_field("DATE", "1 May 2027") + a_field("PAGE", "3")))
            )
        }
    )
    part = open_package(add_fix_it_comments(document(body), [], KNOWN)).read("word/document.xml").decode()
    assert "1 May 2027" in part and "DATE" not in part and "PAGE" in part


def a_picture(ending: str) -> bytes:
    """A small picture (PNG) of which the whole is what it says, or something else under its name."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00\x00")), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    return png if ending == "png" else b"\xd7\xcd\xc6\x9a" + b"\x00" * 40


@pytest.mark.parametrize(("ending", "is_kept"), [("png", True), ("wmf", False)])
def test_a_picture_stays_where_its_bytes_are_those_of_one_and_is_a_grey_box_where_not(
    ending: str, is_kept: bool
) -> None:
    drawn = run('<w:drawing><a:blip r:embed="i"/></w:drawing>')
    body = schedule({PLACE: b.answer_row(PLACE, strengths=cell(para(drawn) + p("See above.")))})
    parts = {f"word/media/a.{ending}": a_picture(ending)}
    data = document(body, parts=parts, relationships=b.relationship("i", "image", f"media/a.{ending}"))
    copy = open_package(add_fix_it_comments(data, [], KNOWN))
    kept = [copy.begin_of(name, 10_000) for name in copy.entries if name.startswith("word/media/")]
    assert (kept == [a_picture("png")]) is is_kept and len(kept) == 1
    said = copy.read("word/comments.xml").decode()
    assert ("grey box in place of a picture" in said) is not is_kept


def test_every_code_can_be_filled_in() -> None:
    for code in CODES.values():
        if code.code.startswith(("active.", "word.", "copy.")):
            assert "{" not in code.message.format(where=" in the header", count=1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-7", "cp037"])
def test_another_encoding_hides_nothing(encoding: str) -> None:
    header = b.part("hdr", para(a_field("DDEAUTO cmd x")))
    named = encoding.removesuffix("-le").removesuffix("-be")
    declared = f'<?xml version="1.0" encoding="{named}"?>{header}'
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    content_of_part = mark + declared.encode(encoding)
    reading = read(schedule(), parts={"word/header1.xml": content_of_part})
    assert {"word.dde", "open.damaged_part", "open.dtd"} & {f.code for f in reading.findings}


LONG = {
    "white space": " \n" * 3_000,
    "comment": f"<!--{'x' * 6_000}-->",
    "instruction": f"<?a {'x' * 6_000}?>",
}
MENUS = '<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui" onLoad="x"/>'


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize("before", LONG.values(), ids=LONG)
@pytest.mark.parametrize(
    ("name", "held", "code"),
    [
        ("word/header1.xml", b.part("hdr", para(a_field("DDEAUTO cmd x"))), "word.dde"),
        ("word/any.xml", MENUS, "active.menus"),
        ("word/any.bin", "<html><script>1</script></html>", "word.imported_part"),
        ("word/any.bin", "<svg xmlns='http://www.w3.org/2000/svg'/>", "active.drawing_with_scripts"),
    ],
)
def test_nothing_that_stands_before_its_root_hides_what_a_part_is(
    name: str, held: str, code: str, before: str
) -> None:
    for content_of_part in ((before + held).encode(), (before + held).encode("utf-16")):
        assert code in active_in(document(schedule(), parts={name: content_of_part}))


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("letter", ["o", "&#111;", "&#x6f;"])
def test_no_spelling_of_a_namespace_hides_a_field(letter: str, encoding: str) -> None:
    header = b.part("hdr", para(a_field("DDEAUTO cmd x")))
    for name in (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.encode()):
        spelled = header.replace(W, name.decode().replace("o", letter))
        assert "word.dde" in active_in(
            document(schedule(), parts={"word/header1.xml": spelled.encode(encoding)})
        )


def test_an_action_written_by_the_numbers_of_its_letters_is_told() -> None:
    link = '<a:hlinkClick xmlns:a="urn:a" action="&#112;paction://macro?name=x"/>'
    parts = {"word/header1.xml": b.part("hdr", para(run(link)))}
    assert "active.macro_button" in active_in(document(schedule(), parts=parts))
    assert "active.macro_button" in active_in(document(para(run(link))))


@pytest.mark.threat("hostile-document")
def test_a_part_that_many_links_begin_in_is_looked_at_once() -> None:
    """Looking for the root of this header took work that grows with its square, at every link again."""
    work = BoundedWorker("tests.unit.bounds.works", "count_active", Bounds(seconds=15, memory_mb=600))
    header = f"<?a {'<?' * 2_500}?>{b.part('hdr', para(''))}"
    links = "".join(
        b.relationship(f"i{n}", "image", f"http://x.example/{n}", is_external=True) for n in range(2_000)
    )

    parts = {"word/header1.xml": header, "word/_rels/header1.xml.rels": b.part_of_relationships(links)}
    try:
        assert work.call(document(schedule(), parts=parts)) == 2_000
    finally:
        work.end()


def test_thousands_of_links_from_elsewhere_take_no_time() -> None:
    """Each is looked up once: a search for each would be put aside as too slow."""
    blips = "".join(f'<a:blip r:link="i{n}"/>' for n in range(8_000))
    links = "".join(
        b.relationship(f"i{n}", "image", f"http://x.example/{n}", is_external=True) for n in range(8_000)
    )
    data = document(
        schedule({PLACE: b.answer_row(PLACE, strengths=cell(para(run(blips))))}), relationships=links
    )
    reading = read_document(data, KNOWN)
    assert "active.linked_picture" in {f.code for f in reading.findings}
    assert active_in(add_fix_it_comments(data, reading.findings, KNOWN)) == set()
