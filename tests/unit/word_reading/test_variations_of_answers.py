"""Ways 15 to 34 in which people really fill in a self-assessment: what stands in cells and rows."""
# ruff: noqa: E501 - raw XML reads better on one line

import pytest

from peer_challenge.word.package import namespaces as n
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import (
    answer_row,
    cell,
    p,
    para,
    run,
    schedule,
    t,
)
from tests.unit.word_reading.reads import (
    PLACE,
    codes,
    first,
    read,
    read_cell,
    severity,
)


def test_variation_15_bullets_and_numbering_keep_their_lines() -> None:
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    reading = read_cell(
        "strengths", cell(item.format(0, "First") + item.format(1, "Within") + item.format(0, "Second"))
    )
    assert first(reading)["strengths"] == "First\nWithin\nSecond"


def test_variation_16_quotes_tabs_soft_returns_and_hard_spaces() -> None:
    xml = run(t("“It’s”") + "<w:tab/>" + t("a\xa0b") + "<w:br/>" + t("end  "))
    assert first(read_cell("strengths", cell(para(xml))))["strengths"] == "“It’s”\ta b\nend"


def test_variation_17_a_nested_table_is_flattened() -> None:
    inner = b.table(b.row(cell(p("a")), cell(p("b"))), b.row(cell(p("c")), cell(p("d"))))
    reading = read_cell("strengths", cell(p("Before") + inner + p("After")))
    assert first(reading)["strengths"] == "Before\na | b\nc | d\nAfter"
    assert codes(reading, "strengths") == {"word.nested_table"}


def test_variation_18_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
    xml = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    reading = read_cell("strengths", cell(para(run(t("Text")) + run(xml))))
    assert first(reading)["strengths"] == "Text\nIn the box"
    assert codes(reading, "strengths") == {"word.text_box"}
    assert reading.unmapped == []


def test_variation_18_smart_art_is_read_or_asked_about() -> None:
    data = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p>'
        "</dgm:t></dgm:dataModel>"
    )
    art = cell(para(run('<w:drawing><dgm:relIds r:dm="d"/></w:drawing>')))
    held = {
        "parts": {"word/diagrams/data1.xml": data},
        "relationships": b.relationship("d", "diagramData", "diagrams/data1.xml"),
    }
    reading = read_cell("strengths", art, **held)
    assert first(reading)["strengths"].strip() == "Plan"
    assert codes(reading, "strengths") == {"word.text_box"}
    assert severity(read_cell("strengths", art), "word.drawing_unread") == "query"


def test_variation_18_the_words_of_a_chart_of_either_kind_are_kept_apart() -> None:
    new = f"""<cx:chartSpace xmlns:cx="{n.CHARTEX}"><cx:pt>Ashcombe</cx:pt><cx:v>Audits</cx:v></cx:chartSpace>"""
    old = f"""<c:chartSpace xmlns:c="{n.CHART}"><c:v>Ashcombe</c:v><c:v>Audits</c:v></c:chartSpace>"""
    for space, part in ((n.CHARTEX, new), (n.CHART, old)):
        reading = read_cell(
            "strengths",
            cell(
                para(f'<w:r><w:drawing><x:chart xmlns:x="{space}" r:id="c"/></w:drawing></w:r>') + p("Text.")
            ),
            parts={"word/charts/chart1.xml": part},
            relationships=b.relationship("c", "chart", "charts/chart1.xml"),
        )
        assert reading.unmapped == ["Ashcombe\nAudits"]
        assert "word.picture" in codes(reading, "strengths")


def test_variation_18_what_is_drawn_on_a_chart_is_kept_with_its_words() -> None:
    drawn = f"""<c:userShapes xmlns:c="{n.CHART}" xmlns:a="{n.A}"><a:p><a:r><a:t>Not y</a:t></a:r><a:r><a:t>et</a:t></a:r>
        </a:p></c:userShapes>"""
    reading = read_cell(
        "strengths",
        cell(para(f'<w:r><w:drawing><c:chart xmlns:c="{n.CHART}" r:id="c"/></w:drawing></w:r>')),
        parts={
            "word/charts/chart1.xml": f"""<c:chartSpace xmlns:c="{n.CHART}"><c:v>Audits</c:v></c:chartSpace>""",
            "word/charts/_rels/chart1.xml.rels": b.part_of_relationships(
                b.relationship("s", "chartUserShapes", "../drawings/drawing1.xml")
            ),
            "word/drawings/drawing1.xml": drawn,
        },
        relationships=b.relationship("c", "chart", "charts/chart1.xml"),
    )
    assert reading.unmapped == ["Audits\nNot yet"]


def test_variation_19_development_under_strengths_is_handed_over_where_it_stands() -> None:
    reading = read_cell("strengths", cell(p("We need to improve our recording.")))
    assert first(reading)["strengths"] == "We need to improve our recording."
    assert first(reading)["development"] == f"To develop in {PLACE}."


def test_variation_20_the_peers_column_filled_in_by_the_area() -> None:
    reading = read_cell("commentary", cell(p("Our own note.")))
    assert first(reading)["commentary"] == "Our own note."
    assert codes(reading, "commentary") == {"commentary.by_author"}


def test_variation_21_extra_rows_are_kept_apart() -> None:
    extra = b.row(cell(p("Our local priority")), cell(p("We did this.")), cell(), cell(p("G")), cell())
    reading = read(schedule({PLACE: answer_row(PLACE) + extra}))
    assert reading.unmapped == ["Our local priority | We did this. | G"]
    assert severity(reading, "row.extra") == "warn"


def test_variation_22_deleted_rows_are_named() -> None:
    reading = read(schedule(rows=b.ROWS[1:]))
    missing = [f for f in reading.findings if f.code == "row.missing"]
    assert [(f.subheading, f.severity) for f in missing] == [(PLACE, "query")]
    assert "Named partners" in missing[0].message


@pytest.mark.parametrize(
    ("title", "is_marked", "code"),
    [
        ("Something else altogether", True, None),
        ("1.1 Named partners", False, None),
        ("Named partners for us", False, "row.reworded"),
        ("Partners nominated", False, "row.uncertain"),
    ],
)
def test_variation_23_a_heading_reworded(title: str, is_marked: bool, code: str | None) -> None:
    reading = read(schedule({PLACE: answer_row(PLACE, title=title, is_marked=is_marked)}))
    is_placed = code != "row.uncertain"
    assert any(row["subheading"] == PLACE for row in reading.rows) is is_placed
    assert codes(reading) & {"row.reworded", "row.uncertain"} == ({code} if code else set())
    held = [*reading.unmapped, *(value for row in reading.rows for value in row.values())]
    assert any(f"Strengths of {PLACE}." in (text or "") for text in held)


def test_a_marked_row_with_the_title_of_another_is_kept_and_asked_about() -> None:
    here, there = b.ROWS[:2]
    swapped = {
        here: answer_row(here, title=FRAMEWORK_TITLES[there]),
        there: answer_row(there, title=FRAMEWORK_TITLES[here]),
    }
    for changed in ({here: swapped[here]}, swapped):
        reading = read(schedule(changed))
        asked = {f.subheading: f.message for f in reading.findings if f.code == "row.uncertain"}
        assert list(asked) == list(changed)
        assert FRAMEWORK_TITLES[there] in asked[here]
        assert [row["strengths"] for row in reading.rows] == [f"Strengths of {a}." for a in b.ROWS]
    assert "row.uncertain" not in codes(read(schedule()))


def test_variation_24_a_format_of_their_own() -> None:
    rows = [
        b.row(*(cell(p(text)) for text in (FRAMEWORK_TITLES[a], "amber", f"Good {a}", f"Gap {a}")))
        for a in b.ROWS
    ]
    body = p("Ashcombe") + b.table(
        b.row(*(cell(p(x)) for x in ("Standard", "RAG", "Evidence", "Gaps"))), *rows
    )
    reading = read(body, marked={})
    assert [row["strengths"] for row in reading.rows] == [f"Good {a}" for a in b.ROWS]
    assert [row["development"] for row in reading.rows] == [f"Gap {a}" for a in b.ROWS]
    assert {row["rating"] for row in reading.rows} == {"AMBER"}
    assert (reading.participant, reading.identity_basis) == ("ashcombe", "content")
    assert severity(reading, "layout.own_format") == "query"


FRAMEWORK_TITLES = {address: row.title for address, row in b.FRAMEWORK.subheadings.items()}


def test_variation_25_tracked_changes_are_read_as_accepted() -> None:
    xml = (
        run(t("We ")) + '<w:del w:id="1"><w:r><w:delText>never </w:delText></w:r></w:del>'
        f'<w:ins w:id="2">{run(t("always "))}</w:ins>'
        + run(t("meet."))
        + f'<w:moveFrom w:id="3">{run(t("moved"))}</w:moveFrom><w:moveTo w:id="4">{run(t(" Here."))}</w:moveTo>'
    )
    reading = read_cell("strengths", cell(para(xml)))
    assert first(reading)["strengths"] == "We always meet. Here."
    assert severity(reading, "word.tracked_changes") == "warn"
    changed = read_cell("rating", cell(para(f'<w:ins w:id="2">{run(t("Green"))}</w:ins>')))
    assert first(changed)["rating"] == "GREEN"
    assert severity(changed, "rating.tracked") == "query"


def test_variation_25_deleted_rows_and_paragraph_ends() -> None:
    gone = answer_row(PLACE).replace("<w:tr>", '<w:tr><w:trPr><w:del w:id="1" w:author="x"/></w:trPr>')
    assert "row.missing" in codes(read(schedule({PLACE: gone})))
    joined = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p>' + p(
        "line."
    )
    assert first(read_cell("strengths", cell(joined)))["strengths"] == "One line."


def test_variation_26_margin_comments_are_listed_and_never_an_answer() -> None:
    comments = b.part("comments", f'<w:comment w:id="0">{p("Is this right?")}</w:comment>')
    reading = read(
        schedule(),
        parts={"word/comments.xml": comments},
        relationships=b.relationship("c", "comments", "comments.xml"),
    )
    assert reading.unmapped == ["Is this right?"]
    assert severity(reading, "word.margin_comments") == "warn"


def test_variation_27_content_controls_around_anything() -> None:
    def control(xml: str) -> str:
        return f"<w:sdt><w:sdtPr><w:tag w:val='x'/></w:sdtPr><w:sdtContent>{xml}</w:sdtContent></w:sdt>"

    around_cell = control(cell(para(control(run(t("Inside"))))))
    body = control(schedule({PLACE: control(answer_row(PLACE, strengths=around_cell))}))
    reading = read(body)
    assert len(reading.rows) == 4
    assert first(reading)["strengths"] == "Inside"
    assert not codes(reading)


def test_variation_28_struck_out_and_hidden_text_is_kept_apart() -> None:
    xml = run(t("Kept. ")) + run(t("Struck."), "<w:strike/>") + run(t("Hidden."), "<w:vanish/>")
    reading = read_cell("strengths", cell(para(xml)))
    assert first(reading)["strengths"] == "Kept."
    assert reading.unmapped == ["Struck.", "Hidden."]
    assert codes(reading, "strengths") == {"word.struck_text", "word.hidden_text"}


def test_variation_28_text_hidden_by_its_style() -> None:
    styles = b.part(
        "styles",
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Own"><w:basedOn w:val="Base"/></w:style>',
    )
    reading = read_cell(
        "strengths",
        cell(para(run(t("Secret"), '<w:rStyle w:val="Own"/>'))),
        parts={"word/styles.xml": styles},
        relationships=b.relationship("s", "styles", "styles.xml"),
    )
    assert (first(reading)["strengths"], reading.unmapped) == ("", ["Secret"])


def test_variation_29_a_highlighter_as_the_answer() -> None:
    xml = run(t("Red / ")) + run(t("Amber"), '<w:highlight w:val="yellow"/>') + run(t(" / Green"))
    reading = read_cell("rating", cell(para(xml)))
    assert first(reading)["rating"] is None
    assert codes(reading, "rating") == {"rating.highlighted"}


def test_variation_30_a_screenshot_as_evidence() -> None:
    reading = read_cell(
        "strengths", cell(p("See:") + para(run('<w:drawing><a:blip r:embed="x"/></w:drawing>')))
    )
    assert severity(reading, "word.picture") == "warn"


def test_variation_31_embedded_files_are_listed_and_never_opened() -> None:
    reading = read(schedule(), parts={"word/embeddings/book.xlsx": b"never opened"})
    assert severity(reading, "word.embedded_file") == "warn"


def test_variation_32_a_public_link_is_taken() -> None:
    link = cell(para(f'<w:hyperlink r:id="h">{run(t("our strategy"))}</w:hyperlink>'))
    reading = read_cell(
        "strengths",
        link,
        relationships=b.relationship("h", "hyperlink", "https://www.example.gov.uk/x", is_external=True),
    )
    assert first(reading)["strengths"] == "our strategy"
    assert not codes(reading)


@pytest.mark.parametrize(
    "address", ["https://ashcombe.sharepoint.com/sites/a", "http://intranet/x", "file:///S:/x.docx"]
)
def test_variation_33_a_link_that_peers_cannot_open(address: str) -> None:
    link = cell(para(f'<w:hyperlink r:id="h">{run(t("our strategy"))}</w:hyperlink>'))
    reading = read_cell(
        "strengths", link, relationships=b.relationship("h", "hyperlink", address, is_external=True)
    )
    assert codes(reading, "strengths") == {"link.private"}


def test_variation_34_a_reference_to_evidence_is_handed_over_as_written() -> None:
    assert first(read_cell("strengths", cell(p("See Evidence 4.2a"))))["strengths"] == "See Evidence 4.2a"
