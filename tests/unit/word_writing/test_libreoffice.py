"""Forms that were opened and saved by LibreOffice, as .docx and by way of .odt, are known again as before."""

import re
import zipfile

import pytest

from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.answers.read_document import read_document
from tests import waiting
from tests.fill_form import fill_form
from tests.requirements import need

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
    kind = {"docx": "docx:MS Word 2007 XML", "odt": "odt"}[suffix]
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
def saved(blank, tmp_path_factory):
    """The sample forms as LibreOffice saves them: name to file, and whether by way of .odt."""
    work = tmp_path_factory.mktemp("libreoffice")
    given = {"filled": fill_form(blank[D.SELF_ASSESSMENT_TEMPLATE], WRITTEN), "pack": blank[D.ANALYSIS_PACK]}
    files = []
    for name, data in given.items():
        files.append(work / f"{name}.docx")
        files[-1].write_bytes(data)
    direct, odt, back = (work / name for name in ("direct", "odt", "back"))
    saved_by_libreoffice(files, "docx", direct, work / "profile")
    saved_by_libreoffice(
        saved_by_libreoffice(files, "odt", odt, work / "profile"), "docx", back, work / "profile"
    )
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
