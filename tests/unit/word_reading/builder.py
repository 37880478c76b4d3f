"""Documents made in a line or two, of raw OOXML: a schedule with any cell replaced by any XML."""
# ruff: noqa: E501 - raw XML reads better on one line

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from peer_challenge.model.framework import FocusArea, Framework, Subheading
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package import marks

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

FRAMEWORK = Framework(
    id="small",
    title="A small framework",
    focus_areas=(
        FocusArea(
            id="leadership",
            title="Leadership and partners",
            subheadings=(
                Subheading(
                    id="named", title="Named partners", prompt="Who are the three partners for this area?"
                ),
                Subheading(
                    id="equal",
                    title="Equal and joint duty",
                    prompt="How do you know that no partner dominates?",
                ),
            ),
        ),
        FocusArea(
            id="learning",
            title="Learning from reviews",
            subheadings=(
                Subheading(
                    id="reviews",
                    title="Serious incident reviews",
                    prompt="What changed after the last review?",
                ),
                Subheading(id="audit", title="Multi-agency audit", prompt="Which audits were done together?"),
            ),
        ),
    ),
)
ROWS = tuple(FRAMEWORK)


def p(*texts: str) -> str:
    """A paragraph for each text."""
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in texts)


def run(xml: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{xml}</w:r>"


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def para(xml: str) -> str:
    return f"<w:p>{xml}</w:p>"


def cell(content: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content or '<w:p/>'}</w:tc>"


def shaded(fill: str, content: str = "") -> str:
    return cell(content, f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>')


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def table(*rows: str, properties: str = "") -> str:
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid/>{''.join(rows)}</w:tbl>"


def mark(name: str) -> str:
    return f'<w:bookmarkStart w:id="1" w:name="{name}"/><w:bookmarkEnd w:id="1"/>'


def header(*, is_marked: bool = True, kind: Kind = Kind.SELF_ASSESSMENT) -> str:
    cells = (
        cell(para((mark(marks.column_bookmark(c.id, 1)) if is_marked else "") + run(t(c.header))))
        for c in FORMS[kind].columns
    )
    return row(*cells)


def title_cell(address: str, *, is_marked: bool = True, title: str | None = None) -> str:
    known = FRAMEWORK.subheadings[address]
    name = mark(marks.row_bookmark(address)) if is_marked else ""
    return cell(para(name + run(t(title or known.title))) + p(known.prompt))


def answer_row(address: str, *, is_marked: bool = True, title: str | None = None, **cells: str) -> str:
    """A row filled in as usual, with cells of other XML where given."""
    plain = {
        "strengths": f"Strengths of {address}.",
        "development": f"To develop in {address}.",
        "rating": "GREEN",
        "commentary": "",
    }
    made = [cells.get(column) or cell(p(text) if text else "") for column, text in plain.items()]
    return row(title_cell(address, is_marked=is_marked, title=title), *made)


def schedule(
    changed: Mapping[str, str] | None = None,
    *,
    is_marked: bool = True,
    rows: Sequence[str] = ROWS,
    before: str = "",
    after: str = "",
    properties: str = "",
) -> str:
    """The body of a filled-in schedule; `changed` gives the XML of whole rows by their address."""
    changed = changed or {}
    made = [changed.get(address, answer_row(address, is_marked=is_marked)) for address in rows]
    return (
        p("Self-assessment")
        + before
        + table(header(is_marked=is_marked), *made, properties=properties)
        + after
    )


def document(
    body: str,
    *,
    marked: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    relationships: str = "",
    strict: bool = False,
) -> bytes:
    """A .docx with this body; `marked` are its custom properties, by default those of a self-assessment."""
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": part_of_relationships(
            f'<Relationship Id="r1" Type="{_RELATIONSHIPS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="r2" Type="{_RELATIONSHIPS}/custom-properties" Target="docProps/custom.xml"/>'
        ),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {_NAMESPACES}><w:body>{body}'
        "</w:body></w:document>",
        "word/_rels/document.xml.rels": part_of_relationships(relationships),
        "docProps/custom.xml": _properties(MARKS if marked is None else marked),
    }
    held |= parts or {}
    return package({name: _strict(content) if strict else content for name, content in held.items()})


MARKS = {
    marks.KIND: "self_assessment",
    marks.CYCLE: "northern-2027",
    marks.PARTICIPANT: "ashcombe",
    marks.FRAMEWORK: "small",
}


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relationship(identity: str, kind: str, target: str, *, is_external: bool = False) -> str:
    mode = ' TargetMode="External"' if is_external else ""
    return f'<Relationship Id="{identity}" Type="{_RELATIONSHIPS}/{kind}" Target="{escape(target)}"{mode}/>'


def part(tag: str, content: str) -> str:
    """A part of its own: header, footnotes, comments..."""
    return f"<w:{tag} {_NAMESPACES}>{content}</w:{tag}>"


def part_of_relationships(content: str) -> str:
    """The XML of a part that says what a part leads to."""
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>'


def _properties(held: Mapping[str, str]) -> str:
    each = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr>'
        "</property>"
        for n, (name, value) in enumerate(held.items(), 2)
    )
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{each}</Properties>'
    )


def _strict(content: str | bytes) -> str | bytes:
    if isinstance(content, bytes):
        return content
    for usual, strict in (
        (W, "http://purl.oclc.org/ooxml/wordprocessingml/main"),
        (_RELATIONSHIPS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://purl.oclc.org/ooxml/drawingml/main",
        ),
    ):
        content = content.replace(usual, strict)
    return content
