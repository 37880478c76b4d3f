"""Ways 35 to 55 in which people really fill in a self-assessment: the file, and whose it is."""

import pytest

from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.form.printed_text_hashes import own_text_marks
from peer_challenge.word.package import marks
from peer_challenge.word.package.convert_with_libreoffice import find_libreoffice
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import (
    MARKS,
    answer_row,
    cell,
    document,
    p,
    schedule,
)
from tests.unit.word_reading.reads import (
    CYCLE,
    KNOWN,
    codes,
    first,
    read,
    read_cell,
    severity,
)

DOCX_OF_ONE = document(schedule())


def test_variation_35_the_highest_marking_is_found() -> None:
    parts = {"word/header1.xml": b.part("hdr", p("OFFICIAL"))}
    held = {"parts": parts, "relationships": b.relationship("h", "header", "header1.xml")}
    assert read(schedule(), **held).marking == "OFFICIAL"
    assert read(schedule(before=p("OFFICIAL-SENSITIVE")), **held).marking == "OFFICIAL-SENSITIVE"
    assert read(schedule(before=p("OFFICIAL – SENSITIVE")), **held).marking == "OFFICIAL-SENSITIVE"


def test_variation_36_no_marking_is_told_as_none() -> None:
    assert read(schedule()).marking is None


def test_variation_37_what_could_identify_a_child_is_handed_over_unquoted() -> None:
    reading = read_cell("strengths", cell(p("NHS number 943 476 5919")))
    assert "943 476 5919" in (first(reading)["strengths"] or "")
    assert not any("943" in f.message + f.remedy for f in reading.findings)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EncryptedPackage", "open.encrypted"),
        ("encryptedpackage", "open.encrypted"),
        ("DataSpaces\x00DRMEncryptedTransform", "open.rights_managed"),
    ],
)
def test_variation_38_protected_by_a_password_or_rights(name: str, code: str) -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504 + name.encode("utf-16-le") + b"\x00" * 600
    assert codes(read_document(data, KNOWN)) == {code}


def test_variation_39_an_old_format_is_converted_or_refused_with_a_reason() -> None:
    rtf = rb"{\rtf1 Not one of our forms.}"
    reading = read_document(rtf, KNOWN)
    assert codes(reading) == (
        {"open.converted", "identity.not_ours"} if find_libreoffice() else {"open.not_converted"}
    )


def test_variation_40_macros_by_policy() -> None:
    held = {"parts": {"word/vbaProject.bin": b"never run"}}
    assert severity(read(schedule(), **held), "open.macros") == "reject"
    ignored = read(schedule(), rules=Rules(macros="warn"), **held)
    assert severity(ignored, "open.macros_ignored") == "warn"
    assert len(ignored.rows) == 4


@pytest.mark.parametrize("data", [b"%PDF-1.7\n...", b"\xef\xbb\xbf%PDF-1.4"])
def test_variation_41_a_pdf(data: bytes) -> None:
    assert codes(read_document(data, KNOWN, name="form.docx")) == {"open.pdf"}


@pytest.mark.parametrize(
    "data", [b"[InternetShortcut]\r\nURL=https://example.sharepoint.com/x\r\n", b"https://example.org/doc\n"]
)
def test_variation_42_a_link_in_place_of_the_document(data: bytes) -> None:
    assert codes(read_document(data, KNOWN)) == {"open.live_link"}


def test_variation_43_a_zip_of_several_files() -> None:
    one = read_document(b.package({"a/form.docx": DOCX_OF_ONE, "evidence.pdf": b"%PDF-"}), KNOWN)
    assert len(one.rows) == 4
    assert severity(one, "open.zip_of_one") == "warn"
    other = document(p("Minutes of a meeting"), marked={})
    assert len(read_document(b.package({"form.docx": DOCX_OF_ONE, "minutes.docx": other}), KNOWN).rows) == 4
    another = document(schedule(rows=b.ROWS[:2]))
    two = read_document(b.package({"1.docx": DOCX_OF_ONE, "2.docx": another}), KNOWN)
    assert severity(two, "open.zip_of_many") == "query"
    assert codes(read_document(b.package({"x.pdf": b"%PDF-"}), KNOWN)) == {"open.zip_of_none"}


def test_variation_44_partial_files_of_each_partner() -> None:
    parts = {f"{n}.docx": document(schedule(rows=[b.ROWS[n]])) for n in range(3)}
    reading = read_document(b.package(parts), KNOWN)
    assert codes(reading) == {"open.zip_of_many"}
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")  # so it can be asked
    assert reading.rows == []  # and none of the three is taken for the whole


def test_variation_44_partial_files_of_different_areas_are_nobodys() -> None:
    other = document(schedule(), marked=MARKS | {marks.PARTICIPANT: "north-wolds"})
    reading = read_document(b.package({"1.docx": DOCX_OF_ONE, "2.docx": other}), KNOWN)
    assert (reading.kind, reading.participant) == (None, None)


def test_variation_45_a_later_version_is_known_as_the_same_areas() -> None:
    reading = read_document(DOCX_OF_ONE, KNOWN, name="v2 FINAL.docx")
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")


def test_variation_46_the_identical_file_has_the_same_hash() -> None:
    assert (
        read_document(DOCX_OF_ONE, KNOWN).sha256 == read_document(DOCX_OF_ONE, KNOWN, name="copy.docx").sha256
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({marks.CYCLE: "other-2020"}, "identity.unknown_cycle"),
        ({marks.PARTICIPANT: "elsewhere"}, "identity.unknown_participant"),
        ({marks.FRAMEWORK: "another"}, "identity.wrong_framework"),
    ],
)
def test_variation_47_the_wrong_area_cycle_or_framework(changed: dict[str, str], code: str) -> None:
    assert severity(read(schedule(), marked=MARKS | changed), code) == "reject"


def test_variation_48_a_blank_template() -> None:
    blank = {
        a: answer_row(a, strengths=cell(), development=cell(), rating=cell(p("Choose an item.")))
        for a in b.ROWS
    }
    reading = read(schedule(blank))
    assert severity(reading, "form.blank") == "reject"
    assert not any(code.startswith("rating.") for code in codes(reading))


def test_variation_49_guidance_left_in_is_stripped_where_exact() -> None:
    guidance = "Say what works well, and how you know that it does."
    held = {"marked": MARKS | own_text_marks([guidance])}
    reading = read_cell("strengths", cell(p(guidance, "It works.")), **held)
    assert (first(reading)["strengths"], reading.unmapped) == ("It works.", [])
    changed = read_cell("strengths", cell(p(guidance + " Indeed!", "It works.")), **held)
    assert first(changed)["strengths"] == f"{guidance} Indeed!\nIt works."


def test_variation_50_sign_off_is_handed_over_as_it_stands() -> None:
    sign_off = b.table(b.row(cell(p("Signed off by (role) - Police")), cell(p("Superintendent"))))
    assert read(schedule(after=sign_off)).particulars == {"signed_off_police": "Superintendent"}
    assert read(schedule()).particulars == {}


def test_variation_51_very_long_cells_are_never_cut() -> None:
    text = "word " * 20_000
    assert first(read_cell("strengths", cell(p(text))))["strengths"] == text.rstrip()


@pytest.mark.parametrize(
    ("named", "area"),
    [("St. Brannock Council", "north-wolds"), ("Ashcombe LSCP", "ashcombe"), ("St Brannock", "north-wolds")],
)
def test_variation_52_an_area_known_by_its_alias(named: str, area: str) -> None:
    reading = read(schedule(before=p(named)), marked={})
    assert (reading.participant, reading.identity_basis) == (area, "content")
    assert codes(reading) == {"identity.from_content"}


def test_variation_52_an_ambiguous_name_is_asked_about() -> None:
    reading = read(schedule(before=p("Ashcombe") + p("North Wolds")), marked={})
    assert reading.participant is None
    assert severity(reading, "identity.ambiguous") == "query"


def test_variation_53_a_joint_form_of_two_areas() -> None:
    reading = read(schedule(before=p("Ashcombe and North Wolds")), marked={})
    assert severity(reading, "identity.joint") == "query"


def test_variation_54_an_unknown_sender_changes_nothing_in_what_is_read() -> None:
    reading = read_document(
        document(schedule(), marked={}), Known({"small": b.FRAMEWORK}), name="from nobody.docx"
    )
    assert len(reading.rows) == 4
    assert CYCLE.id != reading.cycle


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "open.empty"),
        (b"\x00" * 4000, "open.empty"),
        (DOCX_OF_ONE[:-30], "open.truncated"),
        (DOCX_OF_ONE[:500], "open.truncated"),
        (b"PK\x03\x04nonsense", "open.truncated"),
        (b"hello", "open.not_word"),
    ],
)
def test_variation_55_corrupt_or_empty(data: bytes, code: str) -> None:
    reading = read_document(data, KNOWN)
    assert codes(reading) == {code}
    assert severity(reading, code) == "reject"
