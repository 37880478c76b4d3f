"""Forms as other hands leave them: marks gone or of others, titles changed, tables in a new document."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import lxml.etree

from peer_challenge.word.package import marks
from peer_challenge.word.package.namespaces import w
from tests import waiting
from tests.requirements import need

_PROPERTIES = "docProps/custom.xml"


def without_marks(data: bytes) -> bytes:
    """A form that has lost the hidden marks that say whose it is."""
    return _with_properties(data, {})


def with_marks(data: bytes, marked: Mapping[str, str]) -> bytes:
    """A form with other hidden marks."""
    return _with_properties(data, marked)


def _with_properties(data: bytes, marked: Mapping[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        held = package.read(_PROPERTIES).decode()

    def changed(found: re.Match[str]) -> str:
        name = found[1]
        if not name.startswith(marks.PROPERTY_PREFIX):
            return found[0]
        if not marked:
            return ""
        return re.sub(r">[^<>]+</vt", f">{marked[name]}</vt", found[0]) if name in marked else found[0]

    each = re.compile(r'<[^<>]*property [^<>]*name="([^"]+)"[^<>]*>.*?</[^<>]*property>', re.DOTALL)
    return _replaced(data, _PROPERTIES, each.sub(changed, held).encode())


def _replaced(data: bytes, part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def retitled(data: bytes, before: str, after: str) -> bytes:
    """A form in whose paragraphs and headers one name stands in the place of another; answers stay."""
    document = docx.Document(io.BytesIO(data))
    headers = [
        p for section in document.sections for p in (*section.header.paragraphs, *section.footer.paragraphs)
    ]
    for paragraph in (*document.paragraphs, *headers):
        if before in paragraph.text:
            text = paragraph.text.replace(before, after)
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = text
    return _saved(document)


def without_title(data: bytes, *titles: str) -> bytes:
    """A form without the paragraphs that are, or hold, one of these texts."""
    document = docx.Document(io.BytesIO(data))
    for paragraph in list(document.paragraphs):
        if any(title in paragraph.text for title in titles):
            paragraph._element.getparent().remove(paragraph._element)
    return _saved(document)


def with_heading(data: bytes, text: str) -> bytes:
    """A form with one more paragraph at its beginning."""
    document = docx.Document(io.BytesIO(data))
    document.paragraphs[0].insert_paragraph_before(text)
    return _saved(document)


def tables_in_a_new_document(data: bytes) -> bytes:
    """The form's tables alone, pasted into a new document."""
    new = docx.Document()
    for table in docx.Document(io.BytesIO(data)).tables:
        new.element.body.append(table._element)
    return _saved(new)


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def as_programs_without_marks_save(data: bytes) -> bytes:
    """A form as pandoc, AbiWord and most editors in a browser save it: no marks, controls or properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as written:
        for name in package.namelist():
            part = package.read(name)
            if name == "docProps/custom.xml":
                root = lxml.etree.fromstring(part)
                del root[:]
                part = lxml.etree.tostring(root)
            elif name.startswith("word/") and name.endswith(".xml"):
                part = _bare(part)
            written.writestr(name, part)
    return out.getvalue()


def _bare(xml: bytes) -> bytes:
    root = lxml.etree.fromstring(xml)
    for control in list(root.iter(w("sdt"))):
        held = control.find(w("sdtContent"))
        control.getparent()[:] = [
            kept for child in control.getparent() for kept in (held if child is control else [child])
        ]
    for mark in list(root.iter(*map(w, ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "rStyle")))):
        mark.getparent().remove(mark)
    return lxml.etree.tostring(root)


def converted(source: Path, kind: str, folder: Path) -> Path:
    """The file that LibreOffice writes into `folder` from another, in the format `kind` ("docx", "odt")."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        need("soffice"),
        "--headless",
        profile,
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        str(source),
    ]
    waiting.run(command, check=True)
    return folder / f"{source.stem}.{kind}"
