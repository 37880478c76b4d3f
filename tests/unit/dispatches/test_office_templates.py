"""An office can restyle a template in Word; one that can't be used is refused with its place."""

import io
import zipfile

import docx
import pytest
from lxml import etree

from peer_challenge.dispatches.samples.check_office_templates import (
    check_templates,
    list_template_names,
    write_previews,
)
from peer_challenge.errors import WrongUse
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write.render_template import TemplateRefused, WordTemplates
from tests.active_forms import CANARY, KINDS, with_planted


def changed(folder, name, old, new):
    """The shipped template `name`, reworded, in the office's folder."""
    document = docx.Document(str(SHIPPED / f"{name}.docx"))
    for paragraph in document.paragraphs:
        if old in paragraph.text:
            paragraph.text = paragraph.text.replace(old, new)
    document.save(str(folder / f"{name}.docx"))


@pytest.mark.parametrize("name", list_template_names())
def test_every_shipped_template_can_be_previewed(name, tmp_path):
    written = write_previews(name, tmp_path)
    assert written and all(docx.Document(str(file)).paragraphs for file in written)


def test_a_reworded_template_is_used(tmp_path):
    changed(tmp_path, "reminder", "How to send it", "Sending it to us")
    assert check_templates(tmp_path) == []
    (file,) = write_previews("reminder", tmp_path / "preview", own=tmp_path)
    assert "Sending it to us" in [p.text for p in docx.Document(str(file)).paragraphs]


def test_a_broken_tag_is_named_with_its_place(tmp_path):
    changed(tmp_path, "reminder", "How to send it", "How to {{ send it")
    (problem,) = check_templates(tmp_path)
    assert problem.file == "reminder.docx" and problem.what and problem.remedy
    with pytest.raises(TemplateRefused):
        write_previews("reminder", tmp_path / "preview", own=tmp_path)


def test_a_word_that_no_dispatch_has_is_named(tmp_path):
    changed(tmp_path, "receipt", "What we received", "What {{ somebody }} sent")
    (problem,) = check_templates(tmp_path)
    assert "somebody" in problem.what and "somebody" in problem.where


def test_one_bad_file_stops_no_check_of_the_others(tmp_path):
    """An unknown filter, a chart's placeholder that is no picture, and a file that is none."""
    changed(tmp_path, "receipt", "What we received", "What {{ author|uper }} sent")
    chart = with_part("data_sheet", "word/document.xml", b'<a:blip r:embed="rId9"/>', b"")
    (tmp_path / "data_sheet.docx").write_bytes(chart)
    changed(tmp_path, "reminder", "How to send it", "How to {{ send it")
    (tmp_path / "query_letter.docx").symlink_to(tmp_path / "nowhere")
    found = {problem.file: problem for problem in check_templates(tmp_path)}
    assert found.keys() == {"receipt.docx", "data_sheet.docx", "reminder.docx"}
    assert "no filter “uper”. Perhaps you mean “upper”" in found["receipt.docx"].what
    assert "near “What {{ author|uper }} sent”" in found["receipt.docx"].where
    assert "Start again from the shipped template" in found["data_sheet.docx"].what


@pytest.mark.parametrize("row", ["<w:tbl><w:tc>{}</w:tc></w:tbl>", "<w:tc>{}</w:tc>"])
def test_a_fault_in_a_cell_without_a_row_is_told(tmp_path, row):
    planted(tmp_path, row.format("<w:p><w:r><w:t>{{ nobody }}</w:t></w:r></w:p>"))
    (problem,) = check_templates(tmp_path)
    assert "in paragraph 1" in problem.where


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
        write_previews("recipt", tmp_path)
    assert "receipt" in refused.value.remedy


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_part(name: str, part: str, old: bytes, new: bytes, **added: bytes) -> bytes:
    """The shipped template `name` with a part changed, and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(SHIPPED / f"{name}.docx") as package, zipfile.ZipFile(out, "w") as changed:
        for held in package.namelist():
            content = package.read(held)
            assert held != part or old in content
            changed.writestr(held, content.replace(old, new, 1) if held == part else content)
        for held, content in added.items():
            changed.writestr(held, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"printer settings"}))
def test_a_template_with_something_active_is_refused_and_the_shipped_one_used(kind, tmp_path):
    template = with_planted((SHIPPED / "receipt.docx").read_bytes(), kind, 3)
    (tmp_path / "receipt.docx").write_bytes(template)
    (problem,) = check_templates(tmp_path)
    assert problem.file == "receipt.docx" and problem.what and problem.remedy
    assert CANARY not in problem.what and "You do not need to do anything" not in problem.what


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (b'<w:ins w:id="1" w:author="Somebody"><w:r><w:t>More</w:t></w:r></w:ins></w:p>', "tracked changes"),
        (
            b'<w:del w:id="1" w:author="Somebody"><w:r><w:delText>Late</w:delText></w:r></w:del></w:p>',
            "tracked changes",
        ),
        (b'<w:r><w:commentReference w:id="1"/></w:r></w:p>', "comments"),
    ],
)
def test_comments_and_tracked_changes_do_not_go_out_with_their_authors(new, told, tmp_path):
    (tmp_path / "receipt.docx").write_bytes(with_part("receipt", "word/document.xml", b"</w:p>", new))
    (problem,) = check_templates(tmp_path)
    assert told in problem.what and problem.where and "Somebody" not in problem.what + problem.where


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        (b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", ".dotx"),
        (b"application/vnd.ms-word.document.macroEnabled.main+xml", ".docm"),
        (b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml", ".docm"),
    ],
)
def test_another_kind_of_file_under_the_name_of_a_document_is_refused(content_type, told, tmp_path):
    usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    (tmp_path / "receipt.docx").write_bytes(with_part("receipt", "[Content_Types].xml", usual, content_type))
    (problem,) = check_templates(tmp_path)
    assert told in problem.what and "Save As" in problem.what


def test_what_a_template_holds_beside_its_text_does_not_go_out(tmp_path):
    """A company's name in the properties, and parts of which nobody knows what they are."""
    template = with_part(
        "reminder",
        "docProps/app.xml",
        b"<Company/>",
        b"<Company>Somebody Ltd</Company>",
        **{"customXml/item1.xml": b"<a>Somebody</a>", "word/people.xml": b"<a>Somebody</a>"},
    )
    (tmp_path / "reminder.docx").write_bytes(template)
    assert check_templates(tmp_path) == []
    (file,) = write_previews("reminder", tmp_path / "preview", own=tmp_path)
    with zipfile.ZipFile(file) as package:
        assert not [name for name in package.namelist() if b"Somebody" in package.read(name)]


@pytest.mark.parametrize("name", list_template_names())
def test_a_copy_of_a_shipped_template_makes_the_same_text(name, tmp_path):
    (tmp_path / f"{name}.docx").write_bytes((SHIPPED / f"{name}.docx").read_bytes())
    assert check_templates(tmp_path) == []
    ours, theirs = write_previews(name, tmp_path / "a"), write_previews(name, tmp_path / "b", own=tmp_path)
    for one, other in zip(ours, theirs, strict=True):
        assert text_of(one) == text_of(other)
    assert WordTemplates.of_installation(tmp_path).problems == ()


def text_of(file):
    with zipfile.ZipFile(file) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return [piece.text for piece in root.iter(f"{{{W}}}t")]


def planted(folder, xml, styles=""):
    """The shipped reminder with some XML at the top of its body, in the office's folder."""
    with zipfile.ZipFile(SHIPPED / "reminder.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + xml.encode())
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        b"</w:styles>", f"{styles}</w:styles>".encode()
    )
    with zipfile.ZipFile(folder / "reminder.docx", "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ask them again</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        (HIDDEN, "hidden text"),
        (
            '<w:p><w:r><w:rPr><w:b/><w:rPrChange w:id="1" w:author="X"/></w:rPr><w:t>x</w:t></w:r></w:p>',
            "tracked changes",
        ),
        (
            '<w:p><w:pPr><w:pPrChange w:id="1" w:author="X"><w:pPr/></w:pPrChange></w:pPr></w:p>',
            "tracked changes",
        ),
        ('<w:p><w:ins w:id="1" w:author="X"><w:r><w:t>x</w:t></w:r></w:ins></w:p>', "tracked changes"),
        (
            '<w:p><w:moveFrom w:id="1" w:author="X"><w:r><w:t>x</w:t></w:r></w:moveFrom></w:p>',
            "tracked changes",
        ),
        ('<w:p><w:commentRangeStart w:id="1"/></w:p>', "comments"),
        ('<w:p><w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>ask again</w:t></w:r></w:p>', "nobody can see"),
        (
            '<w:p><w:r><w:rPr><w:color w:val="ffffff"/></w:rPr><w:t>ask again</w:t></w:r></w:p>',
            "nobody can see",
        ),
    ],
)
def test_what_word_keeps_out_of_sight_in_a_template_is_told(tmp_path, xml, what):
    planted(tmp_path, xml)
    (problem,) = check_templates(tmp_path)
    assert what in problem.what


@pytest.mark.parametrize("kind", ["paragraph", "character"])
def test_text_that_a_style_hides_is_told_as_hidden(tmp_path, kind):
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{what}</w:style>'
        for name, what in {"Base": "<w:rPr><w:vanish/></w:rPr>", "Aside": '<w:basedOn w:val="Base"/>'}.items()
    )
    by_style = {
        "paragraph": '<w:p><w:pPr><w:pStyle w:val="Aside"/></w:pPr><w:r>',
        "character": '<w:p><w:r><w:rPr><w:rStyle w:val="Aside"/></w:rPr>',
    }
    planted(tmp_path, f"{by_style[kind]}<w:t>ask them again</w:t></w:r></w:p>", styles=styles)
    (problem,) = check_templates(tmp_path)
    assert "hidden text" in problem.what and "near “ask them again”" in problem.where


def test_who_may_edit_a_part_of_a_template_does_not_go_out(tmp_path):
    planted(tmp_path, '<w:p><w:permStart w:id="99" w:ed="OFFICE\\Somebody"/><w:permEnd w:id="99"/></w:p>')
    assert check_templates(tmp_path) == []
    for file in write_previews("reminder", tmp_path / "preview", own=tmp_path):
        with zipfile.ZipFile(file) as package:
            assert b"Somebody" not in package.read("word/document.xml")


@pytest.mark.parametrize(
    "xml",
    [
        '<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r></w:p>',
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>shown</w:t></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr></w:r></w:p>",
        '<w:p><w:pPr><w:shd w:fill="1F3864"/></w:pPr><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
        "<w:t>shown</w:t></w:r></w:p>",
    ],
)
def test_a_template_in_which_nothing_is_out_of_sight_may_be_used(tmp_path, xml):
    planted(tmp_path, xml)
    assert check_templates(tmp_path) == []


def test_the_settings_of_a_printer_are_left_out_and_stop_no_template(tmp_path):
    planted(tmp_path, "")
    with zipfile.ZipFile(tmp_path / "reminder.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    of_printers = "application/vnd.openxmlformats-officedocument.wordprocessingml.printerSettings"
    parts["word/printerSettings1.bin"] = b"PRINTER-IN-ROOM-3"
    added = {
        "[Content_Types].xml": f'<Default Extension="bin" ContentType="{of_printers}"/></Types>',
        "word/_rels/document.xml.rels": '<Relationship Id="rId99" Target="printerSettings1.bin" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/printerSettings"/></Relationships>',
    }
    for name, xml in added.items():
        parts[name] = parts[name].replace(xml[xml.rindex("</") :].encode(), xml.encode())
    with zipfile.ZipFile(tmp_path / "reminder.docx", "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert check_templates(tmp_path) == []
    for file in write_previews("reminder", tmp_path / "out", own=tmp_path):
        with zipfile.ZipFile(file) as made:
            assert not any(b"PRINTER" in made.read(name) for name in made.namelist())
