"""Evidence that an answer names: what counts as there, from the Word file to the finding (variation 34)."""

import io
import zipfile

import pandas as pd
import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.cell_text import missing_files
from peer_challenge.submissions.run_checks import check_submission_rows
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from tests.factories import a_cycle, a_form
from tests.fill_form import fill_form
from tests.judged import judge_reading

CYCLE = a_cycle(4)
KNOWN = Known(shipped_frameworks(), {CYCLE.id: CYCLE})


@pytest.mark.parametrize(
    ("said", "there", "missing"),
    [
        ("See Evidence 4.2a.", [], ["Evidence 4.2a"]),
        ("See Evidence 4.2a.", ["evidence/Evidence 4.2a - audit.pdf"], []),
        ("See Evidence 4.2a.", ["4.2a audit.docx"], []),
        ("See Evidence 4.2a.", ["Evidence 4.2.pdf", "Evidence 4.2ab.pdf", "14.2a.pdf"], ["Evidence 4.2a"]),
        ("See Appendix 1.", ["appendix_1.xlsx"], []),
        ("See Appendix 1.", ["Appendix 12.pdf"], ["Appendix 1"]),
        ("See Appendix C.", ["Appendix contents.pdf"], ["Appendix C"]),
        ("See Appendix C and Annex B.", ["Annex-B.pdf"], ["Appendix C"]),
        ("See Evidence item 7.", ["Evidence 7.pdf"], []),
        ("See Appendix C (https://www.example.org/c.pdf).", [], []),
        ("See Appendix C. Our site is https://www.example.org.", [], ["Appendix C"]),
        ("See Appendix C (https://example.sharepoint.com/c.pdf).", [], ["Appendix C"]),
        ("The evidence shows 4 of 5, and evidence grows.", [], []),
    ],
)
def test_what_is_named_is_there_by_its_name_or_by_a_public_link(said, there, missing):
    assert missing_files(said, there) == missing


def told(said: str, **particulars: object) -> list[str]:
    rows = pd.DataFrame(
        [
            {
                "submission": "a",
                "subheading": "x/y",
                "rating": "GREEN",
                "strengths": f"An audit showed it. {said}",
            }
        ]
    )
    found = check_submission_rows(
        Kind.SELF_ASSESSMENT, rows, pd.DataFrame([{"submission": "a", **particulars}])
    )["a"]
    return [f.message for f in found if f.code == "evidence.not_there"]


def test_an_appendix_at_the_end_of_the_form_itself_is_there():
    assert told("See Appendix C.") != []
    assert told("See Appendix C.", unmapped=("Appendix C: minutes\nThe board met.",)) == []


def test_as_many_embedded_files_as_are_named_are_taken_for_them():
    embedded = ("word/embeddings/oleObject1.bin", "word/embeddings/Sheet.xlsx")
    assert told("See Appendix C and Appendix D.", attachments=embedded) == []
    assert told("See Appendix C, Appendix D and Annex 1.", attachments=embedded) != []


@pytest.fixture(scope="module")
def form() -> bytes:
    """A self-assessment whose first answer names a file."""
    address = next(iter(shipped_frameworks()[CYCLE.framework].without(CYCLE.omit)))
    strengths = "An audit of 40 cases showed it. See Evidence 4.2a."
    values = {(address, "strengths"): strengths, (address, "rating"): "GREEN"}
    return fill_form(a_form(Kind.SELF_ASSESSMENT, CYCLE.participants[0].id, areas=4), values)


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def codes(data: bytes) -> set[str]:
    return {f.code for f in judge_reading(read_document(data, KNOWN))}


def test_a_named_file_that_did_not_come_is_asked_for(form):
    assert "evidence.not_there" in codes(form)


def test_a_named_file_in_the_same_zip_is_there(form):
    packed = zipped(form__docx=form, **{"evidence/Evidence 4.2a audit__pdf": b"%PDF-1.7"})
    assert "evidence.not_there" not in codes(packed)
    assert "evidence.not_there" in codes(zipped(form__docx=form, **{"Evidence 4.3__pdf": b"%PDF-1.7"}))
