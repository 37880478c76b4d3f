"""What LibreOffice makes of our documents: forms that it saved are known again, pages end well in print."""

import re
import zipfile
from dataclasses import dataclass, replace

import docx
import pypdf
import pytest

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.answers.read_document import read_document
from tests import waiting
from tests.fill_form import fill_form
from tests.requirements import need
from tests.unit.dispatches.conftest import CASES

FIRST, SECOND = "leadership/named-partners", "leadership/equal-duty"
WRITTEN = {
    (FIRST, "strengths"): "First paragraph\n• an item\n• another <&> {{ item }}\nمرحبا 👍",
    (FIRST, "development"): "A tab\there",
    (FIRST, "rating"): "AMBER",
    (SECOND, "rating"): "NOT_APPLICABLE",
    "signed_on_police": "4 March 2027",
}


def saved_by_libreoffice(files, suffix, folder, profile):
    program = need("soffice")
    kind = {"docx": "docx:MS Word 2007 XML", "odt": "odt", "pdf": "pdf"}[suffix]
    waiting.run(
        [
            program,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, files),
        ],
        check=True,
    )
    return [folder / f"{file.stem}.{suffix}" for file in files]


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """LibreOffice's own folder, made once: to make it takes longer than to convert a form."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def saved(blank, profile, tmp_path_factory):
    """The sample forms as LibreOffice saves them: name to file, and whether by way of .odt."""
    work = tmp_path_factory.mktemp("libreoffice")
    given = {"filled": fill_form(blank[D.SELF_ASSESSMENT_TEMPLATE], WRITTEN), "pack": blank[D.ANALYSIS_PACK]}
    files = []
    for name, data in given.items():
        files.append(work / f"{name}.docx")
        files[-1].write_bytes(data)
    direct, odt, back = (work / name for name in ("direct", "odt", "back"))
    saved_by_libreoffice(files, "docx", direct, profile)
    saved_by_libreoffice(saved_by_libreoffice(files, "odt", odt, profile), "docx", back, profile)
    return {("docx", name): direct / f"{name}.docx" for name in given} | {
        ("odt", name): back / f"{name}.docx" for name in given
    }


@pytest.mark.libreoffice
@pytest.mark.parametrize("way", ["docx", "odt"])
def test_what_was_filled_in_comes_back_with_its_identity(saved, way, known):
    reading = read_document(saved[way, "filled"].read_bytes(), known)
    rows = {row["subheading"]: row for row in reading.rows}
    assert (str(reading.kind), reading.cycle, reading.participant, reading.identity_basis) == (
        "self_assessment",
        "northern-2027",
        "ashcombe",
        "marks",
    )
    assert rows[FIRST]["strengths"] == WRITTEN[FIRST, "strengths"]
    assert rows[FIRST]["development"] == "A tab\there"
    assert (rows[FIRST]["rating"], rows[SECOND]["rating"]) == ("AMBER", "NOT_APPLICABLE")
    assert reading.particulars["signed_on_police"] == "4 March 2027"
    assert all(row["strengths"] == "" for address, row in rows.items() if address != FIRST)


@pytest.mark.libreoffice
@pytest.mark.parametrize("way", ["docx", "odt"])
def test_the_pack_keeps_its_words_and_its_cells_to_write_in(saved, way, known, blank):
    reading = read_document(saved[way, "pack"].read_bytes(), known)
    before = read_document(blank[D.ANALYSIS_PACK], known)
    columns = ("subheading", "strengths", "development", "rating", "commentary")
    assert [[row[c] for c in columns] for row in reading.rows] == [
        [row[c] for c in columns] for row in before.rows
    ]
    with zipfile.ZipFile(saved[way, "pack"]) as package:
        xml = package.read("word/document.xml").decode()
    assert len(re.findall("<w:permStart", xml)) == len(re.findall("<w:permEnd", xml)) >= len(before.rows)


@dataclass(frozen=True)
class Printed:
    """A document in print: its headings with the size of their letters, and the lines of each page."""

    headings: frozenset[tuple[str, float]]
    pages: tuple[tuple[tuple[str, float], ...], ...]


HEADER_POINTS, FOOTER_POINTS = 60, 58
"""What a page's top and bottom hold besides the text: the marking, the page number."""


def lines_of(page):
    found = {}

    def keep(text, _, place, __, size):
        height = round(place[5])
        if text.strip() and FOOTER_POINTS < height < float(page.mediabox.height) - HEADER_POINTS:
            before, _size = found.get(height, ("", 0))
            found[height] = before + text, round(size * abs(place[3]), 1)

    page.extract_text(visitor_text=keep)
    return tuple((" ".join(text.split()), size) for _, (text, size) in sorted(found.items(), reverse=True))


def headings_of(file):
    document = docx.Document(str(file))
    headings = [p for p in document.paragraphs if p.style.name.startswith("Heading")]
    return frozenset((" ".join(p.text.split()), p.style.font.size.pt) for p in headings)


LENGTHS = range(9)
"""Reasons in a partner notice: with some of them, its last line falls just below the end of a page."""


@pytest.fixture(scope="module")
def printed(blank, templates, profile, tmp_path_factory):
    """Every kind of document in print, and a letter in many lengths: name to pages."""
    work = tmp_path_factory.mktemp("printed")
    given = {kind.value: data for kind, data in blank.items()}
    for case in CASES:
        if KINDS[case[0]].ending == "docx" and case[0] is not D.FIX_IT_COPY:
            given["_".join(filter(None, case))] = render_dispatch_file(sample_facts(*case), templates)
    notice = sample_facts(D.PARTNER_NOTICE)
    for more in LENGTHS:
        longer = replace(notice, reasons=(*notice.reasons, *("One more reason for this pair.",) * more))
        given[f"notice and {more}"] = render_dispatch_file(longer, templates)
    files = [work / f"{name}.docx" for name in given]
    for file, data in zip(files, given.values(), strict=True):
        file.write_bytes(data)
    pdfs = saved_by_libreoffice(files, "pdf", work / "pdf", profile)
    return {
        file.stem: Printed(headings_of(file), tuple(map(lines_of, pypdf.PdfReader(pdf).pages)))
        for file, pdf in zip(files, pdfs, strict=True)
    }


@pytest.mark.libreoffice
def test_no_last_page_holds_a_line_or_two_alone(printed):
    last = {name: one.pages[-1] for name, one in printed.items() if len(one.pages) > 1}
    assert {f"notice and {LENGTHS[-1]}", D.SELF_ASSESSMENT_TEMPLATE, D.CHAIR_SUMMARY + "_author"} <= set(last)
    assert {name: lines for name, lines in last.items() if len(lines) < 4} == {}


@pytest.mark.libreoffice
def test_no_page_ends_with_a_heading(printed):
    assert sum(len(one.headings) for one in printed.values()) > 200
    alone = [
        (name, number, page[-1])
        for name, one in printed.items()
        for number, page in enumerate(one.pages, 1)
        if page and any(text.endswith(page[-1][0]) and size == page[-1][1] for text, size in one.headings)
    ]
    assert alone == []
