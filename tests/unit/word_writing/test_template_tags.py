"""The dialect of templates is ours, and what people know of docxtpl's means the same in it."""

import io
import random
import re
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate

from peer_challenge.word.form.printed_text import DYNAMIC, SHIPPED
from peer_challenge.word.write.render_template import TemplateRefused, WordTemplates
from peer_challenge.word.write.template_tags import prepare_tags_for_jinja

STAMP = datetime(2027, 1, 11)
ROWS = [
    {"title": "Leadership", "fill": "B3261E", "lines": ["Led by three.", "In turn."], "wide": 2},
    {"title": "Practice", "fill": "1E7B34", "lines": [], "wide": 1},
]
WORDS = {"area": "Ashcombe", "is_due": True, "rows": ROWS}
_TAG = re.compile(r"\{\{[^<>{}]+\}\}|\{%[^<>{}]+%\}")


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p {nsdecls('w')}>{''.join(map(run, runs))}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ["".join(f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    columns = '<w:gridCol w:w="1000"/>' * max(map(len, rows))
    grid = f"<w:tblGrid>{columns}</w:tblGrid>"
    rows_xml = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    return f"<w:tbl {nsdecls('w')}><w:tblPr/>{grid}{rows_xml}</w:tbl>"


def write_template(path: Path, *body: str) -> Path:
    document = docx.Document()
    for number, xml in enumerate(body):
        document.element.body.insert(number, parse_xml(xml))
    document.save(str(path))
    return path


def render_ours(path: Path) -> bytes:
    return WordTemplates([path.parent]).render(path.stem, WORDS, title="Said", stamp=STAMP)


def render_docxtpl(path: Path) -> bytes:
    document = DocxTemplate(path)
    document.render(WORDS)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shape_of(data: bytes) -> list[str]:
    """Each paragraph's text, and each table cell's with its width in columns and its colour."""
    body = docx.Document(io.BytesIO(data)).element.body
    seen = []
    for element in body.iter("{*}p", "{*}gridSpan", "{*}shd"):
        value = next((value for name, value in element.items() if name.endswith(("}val", "}fill"))), "")
        said = "".join(text.text or "" for text in element.iter("{*}t"))
        seen.append(f"{element.tag.rpartition('}')[2]} {value if element.tag.endswith('gridSpan') else said}")
        if element.tag.endswith("shd"):
            seen[-1] = f"shd {element.get(element.tag.replace('shd', 'fill'))}"
    return seen


@pytest.mark.parametrize(
    "body",
    [
        [paragraph("For {{ area }}.")],
        [paragraph("For {", "{ ar", "ea }", "}, and more.")],
        [paragraph("{% if is_due ", "and area == “Ashcombe” %}Due{% endif %}.")],
        [paragraph("{% if rows|length &lt; 3 %}Few{% else %}Many{% endif %}")],
        [
            paragraph("{%p if is_due %}"),
            paragraph("Due."),
            paragraph("{%p else %}"),
            paragraph("{%p endif %}"),
        ],
        [paragraph("{%p for row in", " rows %}"), paragraph("{{ row.title }}"), paragraph("{%p endfor %}")],
        [table(("{%tr for row in rows %}",), ("{{ row.title }}", "fixed"), ("{%tr endfor %}",))],
        [table(("{%tc for row in rows %}", "{{ row.title }}", "{%tc endfor %}", "last"))],
        [table(("{%tr for row in rows %}",), ("{% cellbg row.fill %}{{ row.title }}",), ("{%tr endfor %}",))],
        [
            table(
                ("{%tr for row in rows %}",), ("{% colspan row.wide %}{{ row.title }}",), ("{%tr endfor %}",)
            )
        ],
        [paragraph("a ", "{%r if not is_due %}", "b ", "{%r endif %}", "c")],
        [paragraph("before"), paragraph("{#p a note to the office #}"), paragraph("after {# and another #}")],
        [
            table(
                ("{%tr for row in rows %}",),
                ("{{ row.title }}", "{% for line in row.lines %}{{ line }} {% endfor %}"),
                ("{%tr endfor %}",),
            )
        ],
    ],
)
def test_a_template_gives_what_docxtpl_gives(tmp_path: Path, body: list[str]) -> None:
    path = write_template(tmp_path / "one.docx", *body)
    ours = shape_of(render_ours(path))
    assert ours == shape_of(render_docxtpl(path))
    assert not [text for text in ours if "{" in text or "%" in text]


def spread_tags(xml: str, dice: random.Random) -> str:
    """The part as Word may save it: each tag in two runs with a spelling mark between."""

    def spread(tag: re.Match[str]) -> str:
        at = dice.randint(1, len(tag[0]) - 1)
        between = "</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>"
        return tag[0][:at] + between + tag[0][at:]

    return re.sub(r">([^<>]*)</w:t>", lambda text: f">{_TAG.sub(spread, text[1])}</w:t>", xml)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.docx")), ids=lambda path: path.stem)
def test_tags_of_shipped_templates_may_be_spread_over_runs(path: Path) -> None:
    dice = random.Random(path.stem)
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode() for name in package.namelist() if DYNAMIC.fullmatch(name)]
    for xml in parts:
        spread = spread_tags(xml, dice)
        assert (spread != xml) == bool(_TAG.search(re.sub("<[^>]*>", "<>", xml)))
        assert prepare_tags_for_jinja(spread) == prepare_tags_for_jinja(xml)


def test_every_tag_in_a_paragraph_counts() -> None:
    """docxtpl keeps the last of them alone, so that a loop has an end and no beginning."""
    xml = paragraph("{%p for row in rows %}", "{%p if row.wide %}")
    assert prepare_tags_for_jinja(xml) == "{% for row in rows %}{% if row.wide %}"


def test_a_brace_is_no_tag() -> None:
    xml = paragraph("a set {", "1, 2", "} and {", "{", " area }}")
    assert prepare_tags_for_jinja(xml) == paragraph("a set {", "1, 2", "} and {{ area }}")
    assert prepare_tags_for_jinja(paragraph("{{ ar", "ea }} {", "1}")) == paragraph("{{ area }} {", "1}")


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        (paragraph("Write to {{ office", "_email }}."), 1),
        (paragraph("{% if office_email %}Write to {{ office_email }}{% endif %} or {{ lead.email }}"), 2),
        (f'<w:p {nsdecls("w")}><w:hyperlink w:anchor="x">{run("{{ office_email }}")}</w:hyperlink></w:p>', 0),
        (paragraph("{% if not office_email %}{{ office_email }}{% endif %}", "{{ area }}"), 0),
    ],
)
def test_an_address_is_a_link_where_none_is_around_it(tmp_path: Path, body: str, linked: int) -> None:
    path = write_template(tmp_path / "one.docx", body)
    words = WORDS | {"office_email": "office@region.example", "lead": {"email": "o'neil&co@area.example"}}
    document = WordTemplates([tmp_path]).render(path.stem, words, title="Said", stamp=STAMP)
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        xml = package.read("word/document.xml").decode()
    assert len(re.findall(r' HYPERLINK "mailto:[^" ]+@(?:region|area)\.example" <', xml)) == linked
    assert "mailto" not in docx.Document(io.BytesIO(document)).paragraphs[0].text


@pytest.mark.parametrize(
    "body",
    [
        [paragraph("For {{ area"), paragraph(" }}")],
        [paragraph("{%p if is_due %}"), paragraph("never ended")],
        [paragraph("{%vm%}"), paragraph("{{p area }}")],
    ],
)
def test_what_is_not_of_the_dialect_is_refused(tmp_path: Path, body: list[str]) -> None:
    path = write_template(tmp_path / "one.docx", *body)
    with pytest.raises(TemplateRefused):
        render_ours(path)
