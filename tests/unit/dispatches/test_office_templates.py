"""An office can restyle a template in Word; one that can't be used is refused with its place."""

import docx
import pytest

from peer_challenge.dispatches.office_templates import check_templates, names, preview
from peer_challenge.errors import WrongUse
from peer_challenge.word.printed_text import SHIPPED
from peer_challenge.word.rendering import TemplateRefused


def changed(folder, name, old, new):
    """The shipped template `name`, reworded, in the office's folder."""
    document = docx.Document(str(SHIPPED / f"{name}.docx"))
    for paragraph in document.paragraphs:
        if old in paragraph.text:
            paragraph.text = paragraph.text.replace(old, new)
    document.save(str(folder / f"{name}.docx"))


@pytest.mark.parametrize("name", names())
def test_every_shipped_template_can_be_previewed(name, tmp_path):
    written = preview(name, tmp_path)
    assert written and all(docx.Document(str(file)).paragraphs for file in written)


def test_a_reworded_template_is_used(tmp_path):
    changed(tmp_path, "reminder", "How to send it", "Sending it to us")
    assert check_templates(tmp_path) == []
    (file,) = preview("reminder", tmp_path / "preview", own=tmp_path)
    assert "Sending it to us" in [p.text for p in docx.Document(str(file)).paragraphs]


def test_a_broken_tag_is_named_with_its_place(tmp_path):
    changed(tmp_path, "reminder", "How to send it", "How to {{ send it")
    (problem,) = check_templates(tmp_path)
    assert problem.file == "reminder.docx" and problem.what and problem.remedy
    with pytest.raises(TemplateRefused):
        preview("reminder", tmp_path / "preview", own=tmp_path)


def test_a_word_that_no_dispatch_has_is_named(tmp_path):
    changed(tmp_path, "receipt", "What was taken in", "What {{ somebody }} sent")
    (problem,) = check_templates(tmp_path)
    assert "somebody" in problem.what and "somebody" in problem.where


def test_a_template_that_fits_nothing_is_named_with_the_names_there_are(tmp_path):
    changed(tmp_path, "receipt", "", "")
    (tmp_path / "receipt.docx").rename(tmp_path / "reciept.docx")
    (problem,) = check_templates(tmp_path)
    assert problem.file == "reciept.docx" and "receipt" in problem.remedy


def test_what_is_no_word_document_is_refused(tmp_path):
    (tmp_path / "receipt.docx").write_bytes(b"not a document")
    assert "not a Word document" in check_templates(tmp_path)[0].what


def test_an_unknown_name_is_wrong_use_and_says_which_there_are(tmp_path):
    with pytest.raises(WrongUse) as refused:
        preview("recipt", tmp_path)
    assert "receipt" in refused.value.remedy
