"""Rendering: text is data, bytes follow from the arguments, and a bad template never stops a dispatch."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.word.package.xml_text import make_xml_safe
from peer_challenge.word.write.render_template import TemplateRefused, WordTemplates

STAMP = datetime(2027, 1, 11)


def template(*paragraphs: str, marks: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for name in marks:
        start = document.paragraphs[0]._p.makeelement(
            qn("w:bookmarkStart"), {qn("w:id"): "7", qn("w:name"): name}
        )
        document.paragraphs[0]._p.append(start)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def folder(path, **files: bytes):
    path.mkdir(exist_ok=True)
    for name, data in files.items():
        (path / f"{name}.docx").write_bytes(data)
    return path


def text_of(document: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(document)).paragraphs)


@pytest.fixture(scope="module")
def saying(tmp_path_factory):
    templates = WordTemplates([folder(tmp_path_factory.mktemp("say"), say=template("{{ words }}"))])
    return lambda words: templates.render("say", {"words": words}, title="Said", stamp=STAMP)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_whatever_is_typed_comes_out_as_typed(saying, words):
    assert text_of(saying(words)) == make_xml_safe(words)


@pytest.mark.parametrize(
    "words",
    [
        "{{ 7 * 7 }} {% if x %}",
        "<w:p>&amp;</w:p> & \"quoted\" 'so'",
        "مرحبا بكم",
        "👩‍👧 \U0001f7e2",
        "  two  spaces  ",
        "a\tb\nc\n\nd",
        "{{r raw }} {#tr note #} {_{",
        "word " * 10_000,
    ],
    ids=[
        "template",
        "markup",
        "right to left",
        "emoji",
        "spaces",
        "tabs and lines",
        "dialect",
        "10,000 words",
    ],
)
def test_odd_text_is_data(saying, words):
    assert text_of(saying(words)) == words


@pytest.mark.parametrize(
    ("typed_in", "shown"),
    [
        ("a\x00b\x1fc", "a␀b␟c"),
        ("a\r\nb\rc\x0bd", "a\nb\nc\nd"),
        ("\ud83d\ude00", "😀"),
        ("\ud83d!", "\ufffd!"),
        ("x\uffff", "x\ufffd"),
    ],
)
def test_what_xml_cannot_hold_is_made_visible(saying, typed_in, shown):
    assert text_of(saying(typed_in)) == shown


def test_title_properties_language_and_time_are_set(tmp_path):
    templates = WordTemplates([folder(tmp_path, say=template("x"))])
    made = templates.render(
        "say", {}, properties={"PeerChallengeKind": "a & <b>"}, title="T & <t>", stamp=STAMP
    )
    core = docx.Document(io.BytesIO(made)).core_properties
    assert (core.title, core.language, core.created.replace(tzinfo=None)) == ("T & <t>", "en-GB", STAMP)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.testzip() is None
        assert b">a &amp; &lt;b&gt;<" in package.read("docProps/custom.xml")


def test_the_same_arguments_give_the_same_bytes_whatever_the_clock(tmp_path):
    one = WordTemplates([folder(tmp_path / "a", say=template("{{ x }}"))])
    two = WordTemplates([folder(tmp_path / "b", say=(tmp_path / "a" / "say.docx").read_bytes())])
    made = [t.render("say", {"x": "y"}, title="t", stamp=STAMP) for t in (one, two, one)]
    assert made[0] == made[1] == made[2]
    with zipfile.ZipFile(io.BytesIO(made[0])) as package:
        assert {item.date_time for item in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_office_s_own_template_wins_and_is_read_again_when_it_changes(tmp_path):
    shipped, own = folder(tmp_path / "s", say=template("shipped")), folder(tmp_path / "o")
    templates = WordTemplates([shipped, own])
    said = []
    for words in ("first", "second wording"):
        folder(own, say=template(words))
        said.append(text_of(templates.render("say", {}, title="t", stamp=STAMP)))
    (own / "say.docx").unlink()
    said.append(text_of(templates.render("say", {}, title="t", stamp=STAMP)))
    assert said == ["first", "second wording", "shipped"]
    assert templates.problems == ()


@pytest.mark.parametrize(
    ("own", "what", "where"),
    [
        (template("Fine", "Dear {% if x %} friend"), "not right", "Dear"),
        (template("Fine", "Dear {{ to "), "not right", "Dear"),
        (template("Fine", "Dear {{ nobody }}"), "“nobody”", "Dear {{ nobody }}"),
        (template("Fine", "For {{ row.colour }} rows"), "colour", "For {{ row.colour }} rows"),
        (template("Fine", "{{ x.__class__.__mro__ }}"), "worked out", "__mro__"),
        (template("Fine", "{{ 1 / 0 }}"), "worked out", "1 / 0"),
        (b"PK not a document", "not a Word document", ""),
        (template("Fine", "{{ x|uper }}"), "no filter “uper”. Perhaps you mean “upper”", "{{ x|uper }}"),
        (template("Fine", "{{ x|date('%d') }}"), "no filter “date”. You can use: abs,", "date('%d')"),
        (template("Fine", "{% filter nope %}x{% endfilter %}"), "no filter “nope”", "{% filter nope %}"),
        (template("Fine", "{% if x %}{{ x|uper }}{% endif %}"), "no filter “uper”", "{% if x %}"),
        (template("Fine", "{% if x is nice %}x{% endif %}"), "no test “nice”. You can use:", "is nice"),
        (
            template("Fine", "{% block a %}x{% endblock %}", "{% block a %}y{% endblock %}"),
            "defined twice",
            "{% block a %}y",
        ),
        (template("Fine", "{% macro m(a, a) %}x{% endmacro %}"), "the name “a” 2 times", "{% macro m"),
        (template("Fine", "Ring {x}}."), "“}}” are not part of a whole tag", "Ring {x}}."),
        (template("Fine", "Ring { { x } }."), "“{{” are not part of a whole tag", "Ring { { x } }."),
        (template("Fine", "Ring { x } or {y}."), "“x” has one brace at each side", "Ring { x } or {y}."),
        (template("Fine", "{% if x %}a{% endif %} { % if x % }"), "“{%” are not part", "{% if x %}a"),
        (template("Fine", "{ # for us # }"), "“{#” are not part", "{ # for us # }"),
        (template("Fine", "{% for a in x %}" * 30 + "{% endfor %}" * 30), "can't say where", ""),
        (template("Fine", f"{{{{ {'1' * 5000} }}}}"), "can't say where", ""),
        (template("Fine", f"{{{{ {'(' * 300}1{')' * 300} }}}}"), "far more work or memory", ""),
    ],
    ids=[
        *("no end", "no close", "unknown", "unknown part", "sandbox", "sum", "no document"),
        *("filter", "filter with a value", "filter of a block", "filter in an if", "test", "block twice"),
        *("name twice", "half closed", "spaced", "single braces", "spaced if", "spaced note"),
        *("thirty loops", "long number", "many brackets"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_place_and_the_shipped_one_stays(
    tmp_path, own, what, where
):
    templates = WordTemplates(
        [folder(tmp_path / "s", say=template("shipped")), folder(tmp_path / "o", say=own)]
    )
    templates.prepare()
    made = templates.render("say", {"x": "", "row": {}}, title="t", stamp=STAMP)
    assert text_of(made) == "shipped"
    (problem,) = templates.problems
    assert problem.template == "say"
    assert what in problem.what
    assert where in problem.place


@pytest.mark.parametrize(
    "words", ["{a} and {1, 2}", "50% {x!}", "{% raw %}{{ x }} }}{% endraw %}", "{{ '}}' }}", "{{ '{{' }}}"]
)
def test_braces_that_are_meant_so_are_printed(tmp_path, words):
    templates = WordTemplates(
        [folder(tmp_path / "s", say=template("shipped")), folder(tmp_path / "o", say=template(words))]
    )
    made = templates.render("say", {"x": "", "row": {}}, title="t", stamp=STAMP)
    assert text_of(made) != "shipped" and templates.problems == ()


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="needs a file that can't be read")
def test_an_own_template_that_cannot_be_read_is_refused_and_the_shipped_one_stays(tmp_path):
    own = folder(tmp_path / "o") / "say.docx"
    own.symlink_to("/proc/self/mem")
    templates = WordTemplates([folder(tmp_path / "s", say=template("shipped")), own.parent])
    templates.prepare()
    assert text_of(templates.render("say", {}, title="t", stamp=STAMP)) == "shipped"
    assert "can't be read" in templates.problems[0].what


def test_what_an_area_wrote_is_not_in_a_refusal(tmp_path):
    templates = WordTemplates([folder(tmp_path, say=template("{{ words + 1 }}"))])
    with pytest.raises(TemplateRefused) as refused:
        templates.render("say", {"words": "a secret sentence"}, title="t", stamp=STAMP)
    assert "secret" not in str(refused.value)


def test_an_own_form_without_its_hidden_marks_is_refused(tmp_path):
    shipped = folder(tmp_path / "s", say=template("shipped", marks=("pc_fld_chair",)))
    templates = WordTemplates([shipped, folder(tmp_path / "o", say=template("own"))])
    assert text_of(templates.render("say", {}, title="t", stamp=STAMP)) == "shipped"
    assert "pc_fld_chair" in templates.problems[0].what


def test_a_template_that_would_break_the_document_is_refused(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{%p for x in rows %}", "{%tc endfor %}"
    out = io.BytesIO()
    document.save(out)
    templates = WordTemplates(
        [folder(tmp_path / "s", say=template("shipped")), folder(tmp_path / "o", say=out.getvalue())]
    )
    assert text_of(templates.render("say", {"rows": [1, 2]}, title="t", stamp=STAMP)) == "shipped"
    assert "cuts through" in templates.problems[0].what


def test_no_template_at_all_is_said(tmp_path):
    with pytest.raises(TemplateRefused, match=r"nothing\.docx: There is no such template"):
        WordTemplates([tmp_path]).render("nothing", {}, title="t", stamp=STAMP)


def test_every_bookmark_permission_and_control_has_a_number_of_its_own(blank):
    for document in blank.values():
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            xml = package.read("word/document.xml").decode()
        for kind in (
            r"<w:bookmarkStart[^>]*w:id=",
            r"<w:permStart[^>]*w:id=",
            r"<w:sdtPr>(?:(?!</w:sdtPr>).)*?<w:id w:val=",
        ):
            numbers = re.findall(kind + r'"([^"]*)"', xml)
            assert len(numbers) == len(set(numbers))
            assert all(number.isdigit() for number in numbers)
