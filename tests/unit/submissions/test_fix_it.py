"""A fix-it copy is the author's own file with comments, nothing lost; corrected, it is the next version."""

import io
import itertools
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

from peer_challenge.dispatches.phrases import name_place
from peer_challenge.model.findings import Finding, outcome_of
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.submissions.row_tables import list_answer_rows
from peer_challenge.submissions.version_changes import changes_between
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.package.marks import COMMENT_AUTHOR, COMMENT_HEADING, write_copy_opening
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from peer_challenge.word.write.house_colours import ASKED
from tests import waiting
from tests.factories import a_filled
from tests.fill_form import fill_form
from tests.judged import judge_reading
from tests.requirements import need
from tests.unit.submissions.test_in_word import CYCLE, KNOWN, a_context, read
from tests.validation import audit_problems, sdk_problems, sdk_validator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST, SECOND = "leadership/lead-partners", "leadership/equal-duty"


def some_findings(kind: Kind) -> list[Finding]:
    """A finding for every column of the first rows, one for the document, one for a particular."""
    reading = read(a_filled(kind))
    rows = (reading.rows or reading.items)[:4]
    hidden = ("address", "kind", "rating_as_written", "subheading_as_written")
    places = [(r.get("address") or r["subheading"], c) for r in rows for c in r if c not in hidden]
    found = [Finding("a.b", Severity.QUERY, f"About {p[1]}.", "Do it.", *p) for p in places]
    found.append(Finding("a.c", Severity.QUERY, "Something about it all.", "Do that."))
    field = "signed_off" if kind is Kind.CHAIR_RECORD else "signed_off_police"
    return [*found, Finding("sign_off.missing", Severity.WARN, "Not signed off.", "Sign.", None, field)]


def content(reading) -> tuple[object, ...]:
    return reading.rows, reading.items, reading.particulars, reading.unmapped


def comments_in(data: bytes) -> list[list[str]]:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/comments.xml"))
    return [["".join(p.itertext()) for p in comment.iter(f"{W}p")] for comment in root]


@pytest.mark.parametrize("kind", list(Kind))
def test_all_that_was_written_is_read_again_and_our_comments_are_not(kind):
    before, after = (
        read(a_filled(kind)),
        read(add_fix_it_comments(a_filled(kind), some_findings(kind), KNOWN)),
    )
    assert content(after) == content(before)
    assert after.findings == before.findings


@pytest.mark.parametrize("kind", list(Kind))
def test_of_an_honest_form_every_part_that_shows_something_stays_as_it_is(kind):
    original = parts_of(a_filled(kind))
    copy = parts_of(add_fix_it_comments(a_filled(kind), some_findings(kind), KNOWN))
    shown = [name for name in original if name.startswith("word/") and not name.endswith(".rels")]
    assert {n for n in shown if n not in copy} == {"word/webSettings.xml"}
    same = [n for n in shown if n in copy and n not in ("word/document.xml", "word/settings.xml")]
    assert [n for n in same if canonical(original[n]) != canonical(copy[n])] == []
    assert canonical(original["word/document.xml"]) == canonical(
        copy["word/document.xml"], without_comments=True
    )


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def canonical(content: bytes, *, without_comments: bool = False) -> bytes:
    """A part as a canonical text; without the marks of comments and the runs and paragraphs made for them."""
    root = etree.fromstring(content)
    if without_comments:
        for reference in list(root.iter(f"{W}commentReference")):
            run = reference.getparent()
            paragraph = run.getparent()
            paragraph.remove(run)
            is_ours = all(child.tag == f"{W}commentRangeEnd" for child in paragraph)
            if is_ours and paragraph.getparent().tag == f"{W}tc" and paragraph.getprevious() is not None:
                paragraph.getparent().remove(paragraph)
        for mark in list(root.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}shd")):
            if mark.tag != f"{W}shd" or mark.get(f"{W}fill") == ASKED:
                mark.getparent().remove(mark)
    return etree.tostring(root, method="c14n")


def test_the_properties_of_a_copy_are_the_offices_and_the_forms_marks():
    theirs = parts_of(a_filled(Kind.SELF_ASSESSMENT))
    theirs["docProps/core.xml"] = theirs["docProps/core.xml"].replace(
        b"Programme office", b"Somebody of theirs"
    )
    theirs["docProps/custom.xml"] = theirs["docProps/custom.xml"].replace(
        b"</Properties>",
        b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="99" name="Client">'
        b"<vt:lpwstr>Their client</vt:lpwstr></property></Properties>",
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, held in theirs.items():
            package.writestr(name, held)
    copy = parts_of(add_fix_it_comments(packed.getvalue(), [], KNOWN))
    assert b"Programme office" in copy["docProps/core.xml"] and "docProps/app.xml" not in copy
    assert b"PeerChallengeKind" in copy["docProps/custom.xml"]
    assert not [
        name for name, held in copy.items() if b"Somebody of theirs" in held or b"Their client" in held
    ]


def test_the_same_findings_give_the_same_bytes():
    data, found = a_filled(Kind.SELF_ASSESSMENT), some_findings(Kind.SELF_ASSESSMENT)
    assert add_fix_it_comments(data, found, KNOWN) == add_fix_it_comments(data, found, KNOWN)


def test_comments_of_the_copy_before_are_taken_out():
    data, found = a_filled(Kind.SELF_ASSESSMENT), some_findings(Kind.SELF_ASSESSMENT)
    first = add_fix_it_comments(data, found, KNOWN)
    assert add_fix_it_comments(first, found, KNOWN) == first
    assert len(comments_in(add_fix_it_comments(first, found[-2:], KNOWN))) == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_a_copy_says_at_its_top_what_it_is_and_that_is_no_answer(kind):
    data, found = a_filled(kind), some_findings(kind)
    opening = write_copy_opening(1, "peer analysis of St. Ives", "Friday 5 March 2027", "office@a.example")
    copy = add_fix_it_comments(data, found, KNOWN, opening=opening)
    assert first_paragraph(copy) == opening
    assert content(read(copy)) == content(read(data))
    later = opening.replace("version 1", "version 2").replace("5 March", "12 March")
    again = add_fix_it_comments(copy, found, KNOWN, opening=later)
    assert first_paragraph(again) == later and opening not in text_of(again)


def test_a_copy_says_one_day_only_and_what_was_typed_beside_the_passed_one_stays():
    data = a_filled(Kind.SELF_ASSESSMENT)
    opening = write_copy_opening(1, "self-assessment", "Friday 5 March 2027", "")
    assert text_of(data).count("Please return") == 1
    assert "Please return" not in text_of(add_fix_it_comments(data, [], KNOWN, opening=opening))
    typed = _with_part(data, "word/document.xml", b"Please return", b"We will be late. Please return")
    assert "We will be late. Please return" in text_of(add_fix_it_comments(typed, [], KNOWN, opening=opening))


def test_what_is_typed_into_the_opening_of_a_copy_is_not_lost():
    opening = write_copy_opening(1, "self-assessment", "Friday 5 March 2027", "")
    copy = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), [], KNOWN, opening=opening)
    typed = _with_part(copy, "word/document.xml", b"5 March 2027.", b"5 March 2027. We rate it amber.")
    assert any("We rate it amber." in text for text in read(typed).unmapped)


def with_points(data: bytes, kind: Kind, found: list[Finding], day: str = "5 March") -> bytes:
    """A copy with a line for each finding, as its dispatch makes it."""
    framework = KNOWN.frameworks[CYCLE.framework]
    points = [(number, name_place(framework, kind, one), one) for number, one in enumerate(found, 1)]
    return add_fix_it_comments(data, found, KNOWN, opening=_write_opening(day), points=points)


def _write_opening(day: str) -> str:
    return write_copy_opening(1, "form", f"Friday {day} 2027", "")


def points_of(data: bytes) -> list[tuple[str, str | None]]:
    """What the lines below a copy's opening say, each with the bookmark that it leads to."""
    root = etree.fromstring(parts_of(data)["word/document.xml"])
    marks = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
    lines = [(p, "".join(t.text or "" for t in p.iter(f"{W}t"))) for p in root[0].iterchildren(f"{W}p")]
    links = [(text, p.find(f"{W}hyperlink")) for p, text in lines if text.startswith("Point ")]
    assert all(link is None or link.get(f"{W}anchor") in marks for _, link in links)
    return [(text, None if link is None else link.get(f"{W}anchor")) for text, link in links]


def without_properties(data: bytes) -> bytes:
    held = parts_of(data)["docProps/custom.xml"]
    return _with_part(data, "docProps/custom.xml", held, b"<Properties/>")


@pytest.mark.parametrize("read_back", [lambda data: data, without_properties], ids=["marked", "without"])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_copy_lists_its_questions_on_top_with_links_and_they_are_no_answers(kind, read_back):
    data, found = a_filled(kind), some_findings(kind)
    copy = with_points(data, kind, found)
    listed = points_of(copy)
    assert [text.partition(":")[0] for text, _ in listed] == [f"Point {n + 1}" for n in range(len(found))]
    assert all("The whole document" not in text for text, link in listed if link)
    assert listed[-2] == (f"Point {len(found) - 1}: The whole document", None)
    assert all(link for _, link in listed[:-2])
    plain = add_fix_it_comments(data, found, KNOWN, opening=_write_opening("5 March"))
    before, after = read(read_back(plain)), read(read_back(copy))
    assert content(after) == content(before) and after.findings == before.findings
    assert after.marking == before.marking
    assert with_points(copy, kind, found) == copy
    assert len(points_of(with_points(copy, kind, found[-2:], "12 March"))) == 2
    assert points_of(add_fix_it_comments(copy, [], KNOWN)) == []


@pytest.mark.parametrize("typed", [" It is amber.", ". Our answer is in the row", " – see below"])
def test_what_is_typed_into_a_line_of_a_question_is_not_lost(typed):
    found = [Finding("a.b", Severity.QUERY, "No rating.", "Give one.", SECOND, "rating")]
    copy = with_points(a_filled(Kind.SELF_ASSESSMENT), Kind.SELF_ASSESSMENT, found)
    [(line, _)] = points_of(copy)
    answered = _with_part(copy, "word/document.xml", f"{line}<".encode(), f"{line}{typed}<".encode())
    assert any(typed in text for text in read(answered).unmapped)
    assert f"{line}{typed}" in text_of(with_points(answered, Kind.SELF_ASSESSMENT, found))


@pytest.mark.parametrize(
    ("severity", "column", "shaded"),
    [
        (Severity.QUERY, "strengths", [f"strengths:{SECOND}"]),
        (Severity.REJECT, "development", [f"development:{SECOND}"]),
        (Severity.WARN, "strengths", []),
        (Severity.QUERY, "rating", []),
    ],
)
def test_a_cell_asked_about_is_shaded_until_it_is_not_and_a_rating_never(severity, column, shaded):
    data, found = a_filled(Kind.SELF_ASSESSMENT), [Finding("a.b", severity, "Why?", "Say.", SECOND, column)]
    copy = add_fix_it_comments(data, found, KNOWN)
    assert shaded_in(copy) == shaded
    assert content(read(copy)) == content(read(data))
    assert shaded_in(add_fix_it_comments(copy, [], KNOWN)) == []


def shaded_in(data: bytes) -> list[str]:
    root = etree.fromstring(parts_of(data)["word/document.xml"])
    cells = [
        shade.getparent().getparent() for shade in root.iter(f"{W}shd") if shade.get(f"{W}fill") == ASKED
    ]
    return [tag.get(f"{W}val") for cell in cells for tag in cell.iter(f"{W}tag")]


def test_the_colour_of_what_we_ask_about_is_no_rating():
    assert read_rating("", ASKED, {}, None) == (None, ("rating.missing",))


@pytest.mark.parametrize(
    "earlier",
    [
        "with our questions as comments. Please answer them in this copy",
        "with comments on what we ask. Please correct this copy",
    ],
)
def test_an_opening_of_an_earlier_copy_is_no_answer(earlier):
    opening = write_copy_opening(1, "self-assessment", "Friday 5 March 2027", "")
    copy = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), [], KNOWN, opening=opening)
    now = b"with a comment at each place that we ask about. Please correct this copy"
    old = _with_part(copy, "word/document.xml", now, earlier.encode())
    old = _with_part(
        old,
        "word/document.xml",
        b"5 March 2027.",
        b"5 March 2027. This date replaces any that is printed below.",
    )
    assert content(read(old)) == content(read(a_filled(Kind.SELF_ASSESSMENT)))


def text_of(data: bytes) -> str:
    return "".join(etree.fromstring(parts_of(data)["word/document.xml"]).itertext())


def first_paragraph(data: bytes) -> str:
    root = etree.fromstring(parts_of(data)["word/document.xml"])
    return "".join(t.text or "" for t in next(root.iter(f"{W}p")).iter(f"{W}t"))


def test_a_comment_stands_at_its_cell_and_says_what_to_do():
    found = [Finding("a.b", Severity.QUERY, "No rating.", "Give one.", SECOND, "rating")]
    data = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), found, KNOWN)
    assert comments_in(data) == [[COMMENT_HEADING, "Point to correct: No rating.", "What to do: Give one."]]
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    cell = next(next(root.iter(f"{W}commentReference")).iterancestors(f"{W}tc"))
    tags = [tag.get(f"{W}val") for tag in cell.iter(f"{W}tag")]
    assert tags == [f"rating:{SECOND}"]


def test_what_a_place_lacks_stands_at_the_top():
    found = [Finding("row.missing", Severity.QUERY, "A row is gone.", "Put it back.", "nowhere/at-all")]
    data = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), found, KNOWN)
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    assert next(root.iter(f"{W}commentReference")).getparent().getparent() is next(root.iter(f"{W}p"))


def test_an_answer_typed_into_our_comment_is_not_lost():
    found = [Finding("a.b", Severity.QUERY, "No rating.", "Give one.", SECOND, "rating")]
    data = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), found, KNOWN)
    answered = _with_part(
        data, "word/comments.xml", b"What to do: Give one.", b"What to do: Give one. It is amber."
    )
    reading = read(answered)
    assert "word.margin_comments" in {f.code for f in reading.findings}
    assert any("It is amber." in text for text in reading.unmapped)


def test_an_areas_own_comment_stays_an_areas_comment():
    found = [Finding("a.b", Severity.QUERY, "No rating.", "Give one.", SECOND, "rating")]
    data = add_fix_it_comments(a_filled(Kind.SELF_ASSESSMENT), found, KNOWN)
    theirs = _with_part(data, "word/comments.xml", COMMENT_AUTHOR.encode(), b"Business manager")
    again = add_fix_it_comments(theirs, found, KNOWN)
    assert len(comments_in(again)) == 2
    assert "word.margin_comments" in {f.code for f in read(again).findings}


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as changed:
        for part in package.namelist():
            held = package.read(part)
            assert part != name or old in held
            changed.writestr(part, held.replace(old, new) if part == name else held)
    return out.getvalue()


def test_what_is_no_document_can_not_be_annotated():
    with pytest.raises(Unreadable):
        add_fix_it_comments(b"%PDF-1.7", [], KNOWN)


@pytest.mark.parametrize("kind", [Kind.SELF_ASSESSMENT, Kind.CHAIR_RECORD])
def test_a_fix_it_copy_is_a_valid_document(kind, tmp_path):
    file = tmp_path / "copy.docx"
    file.write_bytes(with_points(a_filled(kind), kind, some_findings(kind)))
    assert audit_problems(file) == []
    assert sdk_problems(file, sdk_validator()) == []


@pytest.mark.libreoffice
def test_nothing_is_lost_when_libreoffice_saves_the_copy(tmp_path):
    soffice = need("soffice")
    files = {}
    for kind in Kind:
        files[kind] = tmp_path / f"{kind.value}.docx"
        files[kind].write_bytes(with_points(a_filled(kind), kind, some_findings(kind)))
    saved = tmp_path / "saved"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    to = ["--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", saved]
    waiting.run([soffice, profile, *to, *files.values()], check=True)
    for kind, file in files.items():
        reading = read(Path(saved / file.name).read_bytes())
        assert content(reading) == content(read(a_filled(kind)))
        assert "word.margin_comments" not in {f.code for f in reading.findings}


FAULTS = {
    (FIRST, "rating"): "Amber/Green",
    (SECOND, "strengths"): "See Evidence 4.2a.",
    "signed_off_police": "",
}
ROUNDS = [
    {"signed_off_police": "Chief superintendent"},
    {(FIRST, "rating"): "AMBER"},
    {(SECOND, "strengths"): "The audit in May showed it."},
]


def corrected_round_by_round(saved=lambda data: data) -> list[bytes]:
    """The versions that an area sends in: each from the fix-it copy of the one before, as `saved`."""
    versions = [saved(fill_form(a_filled(Kind.SELF_ASSESSMENT), FAULTS))]
    for corrected in ROUNDS:
        copy = add_fix_it_comments(versions[-1], judge_reading(read(versions[-1]), a_context()), KNOWN)
        versions.append(saved(fill_form(copy, corrected)))
    return versions


def changes_shown(versions: list[bytes]) -> list[tuple[tuple[str, str, str, str], ...]]:
    frames = [
        pd.DataFrame(list_answer_rows({"a": read(data)}, Kind.SELF_ASSESSMENT), dtype=object)
        for data in versions
    ]
    return [changes_between(*pair) for pair in itertools.pairwise(frames)]


CHANGED = [
    (),
    ((FIRST, "rating", "Amber/Green", "AMBER"),),
    ((SECOND, "strengths", "See Evidence 4.2a.", "The audit in May showed it."),),
]


def test_three_rounds_of_query_and_correction_end_accepted_with_every_change_shown():
    versions = corrected_round_by_round()
    assert [len(_asked(data)) for data in versions] == [3, 2, 1, 0]
    assert outcome_of(judge_reading(read(versions[-1]), a_context())) is Outcome.ACCEPTED
    assert changes_shown(versions) == CHANGED


@pytest.mark.libreoffice
def test_three_rounds_end_accepted_for_an_area_that_works_in_libreoffice(tmp_path):
    soffice, profile = need("soffice"), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"

    def saved(data: bytes) -> bytes:
        (tmp_path / "form.docx").write_bytes(data)
        to = ["--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path / "saved"]
        command = [soffice, profile, *to, tmp_path / "form.docx"]
        waiting.run(command, check=True)
        return (tmp_path / "saved" / "form.docx").read_bytes()

    versions = corrected_round_by_round(saved)
    assert [len(_asked(data)) for data in versions] == [3, 2, 1, 0]
    assert changes_shown(versions) == CHANGED


def _asked(data: bytes) -> set[str]:
    return {f.code for f in judge_reading(read(data), a_context()) if f.severity is Severity.QUERY}
