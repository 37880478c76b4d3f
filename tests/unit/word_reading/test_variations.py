"""The 55 ways in which people really fill in a self-assessment, one test each, by their number."""
# ruff: noqa: E501 - raw XML reads better on one line

import time

import pytest

from peer_challenge.cycle import Rules
from peer_challenge.vocabulary import Kind
from peer_challenge.word import identity_marks as marks
from peer_challenge.word import names as n
from peer_challenge.word.convert import converter
from peer_challenge.word.own_text import own_text_marks
from peer_challenge.word.reader import Known, read_document
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import (
    MARKS,
    answer_row,
    cell,
    document,
    p,
    para,
    run,
    schedule,
    shaded,
    t,
)
from tests.unit.word_reading.reads import (
    CYCLE,
    KNOWN,
    PLACE,
    codes,
    first,
    read,
    read_cell,
    read_rating_as,
    severity,
)

DOCX_OF_ONE = document(schedule())


@pytest.mark.parametrize(
    "written", ["G", "green", "GREEN ", "Grn", "🟢", "Green.", "RAG: Green", "Green (G)"]
)
def test_variation_01_a_rating_in_any_usual_spelling(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == "GREEN"
    assert first(reading)["rating_as_written"] == written.rstrip()
    assert not codes(reading, "rating")


@pytest.mark.parametrize(
    "written", ["Amber/Green", "Amber to Green", "A-G", "A/G", "Amber - Green", "red & amber"]
)
def test_variation_02_a_split_rating_is_never_rounded(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == written
    assert codes(reading, "rating") == {"rating.split"}


@pytest.mark.parametrize(
    ("fill", "rating"),
    [("FF0000", "RED"), ("FFC000", "AMBER"), ("00B050", "GREEN"), ("92D050", "GREEN"), ("FFFF00", "AMBER")],
)
def test_variation_03_a_rating_by_colour_alone(fill: str, rating: str) -> None:
    reading = read_cell("rating", shaded(fill))
    assert first(reading)["rating"] == rating
    assert codes(reading, "rating") == {"rating.colour_only"}
    assert codes(read_cell("rating", shaded("C8A2C8")), "rating") == {"rating.colour_unclear"}


def test_variation_02_a_narrative_in_place_of_a_rating_is_soon_asked_about() -> None:
    story = "The police and health partners and the council agree that the local authority leads. " * 1000
    started = time.process_time()
    reading = read_rating_as(story)
    assert time.process_time() - started < 1.0
    assert codes(reading, "rating") == {"rating.not_understood"}
    assert first(reading)["rating_as_written"] == story.rstrip()


def test_variation_03_a_colour_of_the_theme_or_of_the_tables_style() -> None:
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme>'
        '<a:accent2><a:srgbClr val="C00000"/></a:accent2></a:clrScheme></a:themeElements></a:theme>'
    )
    styles = b.part(
        "styles",
        '<w:style w:type="table" w:styleId="Greenish"><w:tcPr><w:shd w:val="clear" w:fill="00B050"/>'
        "</w:tcPr></w:style>",
    )
    held = {
        "parts": {"word/theme/theme1.xml": theme, "word/styles.xml": styles},
        "relationships": b.relationship("t", "theme", "theme/theme1.xml")
        + b.relationship("s", "styles", "styles.xml"),
    }
    red = cell("", '<w:shd w:val="clear" w:fill="auto" w:themeFill="accent2"/>')
    assert first(read_cell("rating", red, **held))["rating"] == "RED"
    body = schedule({PLACE: answer_row(PLACE, rating=cell())}, properties='<w:tblStyle w:val="Greenish"/>')
    assert first(read(body, **held))["rating"] == "GREEN"


def test_variation_04_text_and_shading_disagree() -> None:
    reading = read_cell("rating", shaded("FF0000", p("Green")))
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == "Green"
    assert severity(reading, "rating.disagrees_with_shading") == "query"


@pytest.mark.parametrize("written", ["3", "2/5", "✓", "Met", "Partly met", "Good", "80%"])
def test_variation_05_another_scale_unless_the_cycle_maps_it(written: str) -> None:
    assert codes(read_rating_as(written), "rating") == {"rating.other_scale"}
    mapped = read_rating_as(written, rules=Rules(rating_map={written.upper(): "AMBER"}))
    assert first(mapped)["rating"] == "AMBER"
    assert first(mapped)["rating_as_written"] == written


@pytest.mark.parametrize("written", ["N/A", "n/a", "NA", "Not applicable"])
def test_variation_06_not_applicable(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == "NOT_APPLICABLE"
    assert severity(reading, "rating.not_applicable") == "warn"


@pytest.mark.parametrize("written", ["TBC", "-", "", "see above", "–", "tbc.", "?"])
def test_variation_07_a_missing_rating_is_never_amber(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert codes(reading, "rating") == {"rating.missing"}


@pytest.mark.parametrize(
    ("written", "rating"),
    [
        ("Was amber, now green", "GREEN"),
        ("A → G", "GREEN"),
        ("Amber -> Red", "RED"),
        ("Green ↑", "GREEN"),
        ("Green (previously amber)", "GREEN"),
        ("moved to amber", "AMBER"),
    ],
)
def test_variation_08_the_current_rating_of_a_change(written: str, rating: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == rating
    assert first(reading)["rating_as_written"] == written
    assert severity(reading, "rating.trend") == "note"


@pytest.mark.parametrize(
    "written", ["LA: G, Police: A", "LA: G\nHealth: G\nPolice: A", "Council - green; ICB - amber"]
)
def test_variation_09_a_rating_per_agency(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == written
    assert codes(reading, "rating") == {"rating.by_agency"}


@pytest.mark.parametrize("written", ["Blue", "purple", "BRAG", "B", "🔵"])
def test_variation_10_another_colour(written: str) -> None:
    assert codes(read_rating_as(written), "rating") == {"rating.other_colour"}


def test_variation_11_nothing_chosen_from_the_drop_down() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dropDownList/></w:sdtPr><w:sdtContent>"
        f"{run(t('Choose an item.'))}</w:sdtContent></w:sdt>"
    )
    reading = read_cell("rating", cell(para(control)))
    assert first(reading)["rating"] is None
    assert codes(reading, "rating") == {"rating.not_chosen"}


def test_variation_12_the_rating_is_a_picture() -> None:
    picture = '<w:drawing><a:blip r:embed="x"/></w:drawing>'
    assert codes(read_cell("rating", cell(para(run(picture)))), "rating") == {"rating.picture"}


def test_variation_12_the_rating_is_drawn_with_a_pen() -> None:
    ink = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wpi"><w:drawing><a:graphic><a:graphicData><w14:contentPart '
        f'xmlns:w14="{n.W14}" r:id="i"/></a:graphicData></a:graphic></w:drawing></mc:Choice></mc:AlternateContent></w:r>'
    )
    assert codes(read_cell("rating", cell(para(ink))), "rating") == {"rating.picture"}


def test_variation_13_cells_merged_across_columns() -> None:
    merged = b.row(
        b.title_cell(PLACE), cell(p("Both in one."), '<w:gridSpan w:val="2"/>'), cell(p("G")), cell()
    )
    reading = read(schedule({PLACE: merged}))
    assert (first(reading)["strengths"], first(reading)["development"]) == ("Both in one.", "")
    assert first(reading)["rating"] == "GREEN"
    assert severity(reading, "cell.merged_across") == "query"


def test_variation_14_one_rating_merged_down_several_rows() -> None:
    above = answer_row(PLACE, rating=cell(p("Amber"), '<w:vMerge w:val="restart"/>'))
    below = answer_row("leadership/equal", rating=cell("", "<w:vMerge/>"))
    reading = read(schedule({PLACE: above, "leadership/equal": below}))
    assert [row["rating"] for row in reading.rows[:2]] == ["AMBER", "AMBER"]
    assert [f.subheading for f in reading.findings if f.code == "rating.shared"] == ["leadership/equal"]


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


def test_variation_35_the_highest_marking_is_found() -> None:
    parts = {"word/header1.xml": b.part("hdr", p("OFFICIAL"))}
    held = {"parts": parts, "relationships": b.relationship("h", "header", "header1.xml")}
    assert read(schedule(), **held).marking == "OFFICIAL"
    assert read(schedule(before=p("OFFICIAL-SENSITIVE")), **held).marking == "OFFICIAL-SENSITIVE"
    assert read(schedule(before=p("OFFICIAL – SENSITIVE")), **held).marking == "OFFICIAL-SENSITIVE"


def test_variation_36_no_marking_is_told_as_none() -> None:
    assert read(schedule()).marking is None


def test_variation_37_what_could_identify_a_child_is_handed_over_unquoted() -> None:
    reading = read_cell("strengths", cell(p("NHS number 943 476 5919")))
    assert "943 476 5919" in (first(reading)["strengths"] or "")
    assert not any("943" in f.message + f.remedy for f in reading.findings)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EncryptedPackage", "open.encrypted"),
        ("encryptedpackage", "open.encrypted"),
        ("DataSpaces\x00DRMEncryptedTransform", "open.rights_managed"),
    ],
)
def test_variation_38_protected_by_a_password_or_rights(name: str, code: str) -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504 + name.encode("utf-16-le") + b"\x00" * 600
    assert codes(read_document(data, KNOWN)) == {code}


def test_variation_39_an_old_format_is_converted_or_refused_with_a_reason() -> None:
    rtf = rb"{\rtf1 Not one of our forms.}"
    reading = read_document(rtf, KNOWN)
    assert codes(reading) == (
        {"open.converted", "identity.not_ours"} if converter() else {"open.not_converted"}
    )


def test_variation_40_macros_by_policy() -> None:
    held = {"parts": {"word/vbaProject.bin": b"never run"}}
    assert severity(read(schedule(), **held), "open.macros") == "reject"
    ignored = read(schedule(), rules=Rules(macros="warn"), **held)
    assert severity(ignored, "open.macros_ignored") == "warn"
    assert len(ignored.rows) == 4


@pytest.mark.parametrize("data", [b"%PDF-1.7\n...", b"\xef\xbb\xbf%PDF-1.4"])
def test_variation_41_a_pdf(data: bytes) -> None:
    assert codes(read_document(data, KNOWN, name="form.docx")) == {"open.pdf"}


@pytest.mark.parametrize(
    "data", [b"[InternetShortcut]\r\nURL=https://example.sharepoint.com/x\r\n", b"https://example.org/doc\n"]
)
def test_variation_42_a_link_in_place_of_the_document(data: bytes) -> None:
    assert codes(read_document(data, KNOWN)) == {"open.live_link"}


def test_variation_43_a_zip_of_several_files() -> None:
    one = read_document(b.package({"a/form.docx": DOCX_OF_ONE, "evidence.pdf": b"%PDF-"}), KNOWN)
    assert len(one.rows) == 4
    assert severity(one, "open.zip_of_one") == "warn"
    other = document(p("Minutes of a meeting"), marked={})
    assert len(read_document(b.package({"form.docx": DOCX_OF_ONE, "minutes.docx": other}), KNOWN).rows) == 4
    two = read_document(b.package({"1.docx": DOCX_OF_ONE, "2.docx": DOCX_OF_ONE}), KNOWN)
    assert severity(two, "open.zip_of_many") == "query"
    assert codes(read_document(b.package({"x.pdf": b"%PDF-"}), KNOWN)) == {"open.zip_of_none"}


def test_variation_44_partial_files_of_each_partner() -> None:
    parts = {f"{n}.docx": document(schedule(rows=[b.ROWS[n]])) for n in range(3)}
    reading = read_document(b.package(parts), KNOWN)
    assert codes(reading) == {"open.zip_of_many"}
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")  # so it can be asked
    assert reading.rows == []  # and none of the three is taken for the whole


def test_variation_44_partial_files_of_different_areas_are_nobodys() -> None:
    other = document(schedule(), marked=MARKS | {marks.PARTICIPANT: "north-wolds"})
    reading = read_document(b.package({"1.docx": DOCX_OF_ONE, "2.docx": other}), KNOWN)
    assert (reading.kind, reading.participant) == (None, None)


def test_variation_45_a_later_version_is_known_as_the_same_areas() -> None:
    reading = read_document(DOCX_OF_ONE, KNOWN, name="v2 FINAL.docx")
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")


def test_variation_46_the_identical_file_has_the_same_hash() -> None:
    assert (
        read_document(DOCX_OF_ONE, KNOWN).sha256 == read_document(DOCX_OF_ONE, KNOWN, name="copy.docx").sha256
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({marks.CYCLE: "other-2020"}, "identity.unknown_cycle"),
        ({marks.PARTICIPANT: "elsewhere"}, "identity.unknown_participant"),
        ({marks.FRAMEWORK: "another"}, "identity.wrong_framework"),
    ],
)
def test_variation_47_the_wrong_area_cycle_or_framework(changed: dict[str, str], code: str) -> None:
    assert severity(read(schedule(), marked=MARKS | changed), code) == "reject"


def test_variation_48_a_blank_template() -> None:
    blank = {
        a: answer_row(a, strengths=cell(), development=cell(), rating=cell(p("Choose an item.")))
        for a in b.ROWS
    }
    reading = read(schedule(blank))
    assert severity(reading, "form.blank") == "reject"
    assert not any(code.startswith("rating.") for code in codes(reading))


def test_variation_49_guidance_left_in_is_stripped_where_exact() -> None:
    guidance = "Say what works well, and how you know that it does."
    held = {"marked": MARKS | own_text_marks([guidance])}
    reading = read_cell("strengths", cell(p(guidance, "It works.")), **held)
    assert (first(reading)["strengths"], reading.unmapped) == ("It works.", [])
    changed = read_cell("strengths", cell(p(guidance + " Indeed!", "It works.")), **held)
    assert first(changed)["strengths"] == f"{guidance} Indeed!\nIt works."


def test_variation_50_sign_off_is_handed_over_as_it_stands() -> None:
    sign_off = b.table(b.row(cell(p("Signed off by (role) - Police")), cell(p("Superintendent"))))
    assert read(schedule(after=sign_off)).particulars == {"signed_off_police": "Superintendent"}
    assert read(schedule()).particulars == {}


def test_variation_51_very_long_cells_are_never_cut() -> None:
    text = "word " * 20_000
    assert first(read_cell("strengths", cell(p(text))))["strengths"] == text.rstrip()


@pytest.mark.parametrize(
    ("named", "area"),
    [("St. Brannock Council", "north-wolds"), ("Ashcombe LSCP", "ashcombe"), ("St Brannock", "north-wolds")],
)
def test_variation_52_an_area_known_by_its_alias(named: str, area: str) -> None:
    reading = read(schedule(before=p(named)), marked={})
    assert (reading.participant, reading.identity_basis) == (area, "content")
    assert codes(reading) == {"identity.from_content"}


def test_variation_52_an_ambiguous_name_is_asked_about() -> None:
    reading = read(schedule(before=p("Ashcombe") + p("North Wolds")), marked={})
    assert reading.participant is None
    assert severity(reading, "identity.ambiguous") == "query"


def test_variation_53_a_joint_form_of_two_areas() -> None:
    reading = read(schedule(before=p("Ashcombe and North Wolds")), marked={})
    assert severity(reading, "identity.joint") == "query"


def test_variation_54_an_unknown_sender_changes_nothing_in_what_is_read() -> None:
    reading = read_document(
        document(schedule(), marked={}), Known({"small": b.FRAMEWORK}), name="from nobody.docx"
    )
    assert len(reading.rows) == 4
    assert CYCLE.id != reading.cycle


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "open.empty"),
        (b"\x00" * 4000, "open.empty"),
        (DOCX_OF_ONE[:-30], "open.truncated"),
        (DOCX_OF_ONE[:500], "open.truncated"),
        (b"PK\x03\x04nonsense", "open.truncated"),
        (b"hello", "open.not_word"),
    ],
)
def test_variation_55_corrupt_or_empty(data: bytes, code: str) -> None:
    reading = read_document(data, KNOWN)
    assert codes(reading) == {code}
    assert severity(reading, code) == "reject"
