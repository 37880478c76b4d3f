"""What holds for every letter and report: valid, accessible, marked, deterministic, and data as typed."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html import unescape

import docx
import pytest
from docx.oxml.ns import qn

from peer_challenge.dispatches.facts import ReminderFacts
from peer_challenge.dispatches.kinds import KINDS, find_marking
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.house_style import HouseStyle
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.forms import KIND_ON
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write import house_colours
from scripts.word_templates import write_templates
from scripts.word_templates.letter_blocks import blank_png
from tests.layout import (
    links_of_contents,
    main_part,
    says_which_cells_are_headers,
    text_of,
    unlinked_addresses,
)
from tests.unit.dispatches.conftest import CASES, every_part
from tests.validation import assert_valid

# a fix-it copy looks as its sender made it, so nothing of its looks is ours to hold
WORD = [case for case in CASES if case[0] not in (D.PRESENTATION, D.REGIONAL_TABLES, D.FIX_IT_COPY)]


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        return {name: read.read(name) for name in read.namelist()}


MADE = write_templates.templates()


@pytest.mark.parametrize("name", list(MADE))
def test_the_committed_template_is_what_the_script_makes(name):
    assert parts((SHIPPED / f"{name}.docx").read_bytes()) == parts(MADE[name])


def test_every_letter_and_report_is_valid(rendered, templates, tmp_path):
    style = HouseStyle("7A1F5C", "Georgia", "Verdana", "Vale & Downs", "Vale House", blank_png("logo"))
    styled = [tmp_path / f"styled.{KINDS[kind].ending}" for kind in (D.RECEIPT, D.PRESENTATION)]
    for kind, file in zip((D.RECEIPT, D.PRESENTATION), styled, strict=True):
        file.write_bytes(render_dispatch_file(replace(sample_facts(kind), style=style), templates))
    assert_valid([*rendered.values(), *styled])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_facts_give_the_same_bytes(case, rendered, templates):
    assert render_dispatch_file(sample_facts(*case), templates) == rendered[case].read_bytes()


@pytest.mark.parametrize("case", WORD, ids=str)
def test_a_document_has_title_language_and_one_heading_to_begin_with(case, rendered):
    document = docx.Document(str(rendered[case]))
    assert document.core_properties.title
    assert document.core_properties.language == "en-GB"
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    names = [p.style.name for p in document.paragraphs]
    assert names[0] == "Title" and names.count("Title") == 1


@pytest.mark.parametrize("case", WORD, ids=str)
def test_headings_go_down_one_level_at_a_time(case, rendered):
    levels = [
        int(p.style.name[-1])
        for p in docx.Document(str(rendered[case])).paragraphs
        if p.style.name.startswith("Heading")
    ]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))


@pytest.mark.parametrize("case", WORD, ids=str)
def test_the_marking_is_in_header_and_footer(case, rendered):
    for section in docx.Document(str(rendered[case])).sections:
        for part in (section.header, section.footer):
            assert "OFFICIAL" in "".join(p.text for p in part.paragraphs)


WITHOUT_CONTENT = {
    D.LAUNCH_LETTER,
    D.EVENT_INVITATION,
    D.EVENT_CALENDAR,
    D.EVENT_TIMETABLE,
    D.WITHDRAWAL_NOTICE,
    D.EVENT_CANCELLATION,
    D.DATES_NOTICE,
    D.DRAFT_NOTICE,
    D.ACTION_REMINDER,
    D.FOLLOW_UP_ENDED,
    D.REMINDER,
}
"""The kinds that decision 0211 marks OFFICIAL."""


@pytest.mark.parametrize("kind", list(D))
def test_what_holds_no_content_is_official_and_all_else_is_marked_as_highly_as_what_is_in_it(kind):
    low, high = "OFFICIAL", "OFFICIAL-SENSITIVE"
    is_bare = kind in WITHOUT_CONTENT
    assert sample_facts(kind).marking == (low if is_bare else high)
    assert find_marking(kind, [low, high]) == (low if is_bare else high)
    assert find_marking(kind, [low]) == low


@pytest.mark.parametrize("case", [case for case in WORD if case[0] in WITHOUT_CONTENT], ids=str)
def test_no_part_of_what_is_official_says_sensitive(case, rendered):
    assert "OFFICIAL-SENSITIVE" not in every_part(rendered[case])


@pytest.mark.parametrize("case", WORD, ids=str)
def test_every_table_repeats_its_header_says_what_it_is_and_is_square(case, rendered):
    for table in docx.Document(str(rendered[case])).tables:
        first = table._tbl.tr_lst[0]
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        for row in table._tbl.tr_lst:
            assert sum(cell.grid_span for cell in row.tc_lst) == len(table._tbl.tblGrid.gridCol_lst)
            assert row.trPr.find(qn("w:cantSplit")) is not None
        assert says_which_cells_are_headers(table)


WITH_LINKS = {D.RECEIPT, D.QUERY_LETTER, D.PARTNER_NOTICE, D.REMINDER, D.PROGRESS_REPORT_COPY}
WITHOUT_LINKS = {D.MONDAY_BRIEF}  # its addresses are for the office to copy


@pytest.mark.parametrize("case", [case for case in WORD if case[0] not in WITHOUT_LINKS], ids=str)
def test_every_address_to_write_to_is_a_link_whose_text_is_the_address(case, rendered):
    xml = parts(rendered[case].read_bytes())["word/document.xml"].decode()
    cycle = sample_facts(*case).cycle
    people = [cycle.office, *(one for area in cycle.participants for one in area.contacts)]
    shown = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml))
    links = re.findall(r'HYPERLINK "mailto:([^"]*)" </w:instrText>.{0,200}?<w:t(?: [^>]*)?>\1<', xml)
    assert len(links) == sum(shown.count(address) for address in {one.email for one in people if one.email})
    assert links or case[0] not in WITH_LINKS


PRINTED = [case for case in CASES if KINDS[case[0]].ending == "docx" and case[0] not in WITHOUT_LINKS]


@pytest.mark.parametrize("case", PRINTED, ids=str)
def test_no_address_of_a_mailbox_or_a_page_is_plain_text(case, rendered):
    assert unlinked_addresses(rendered[case].read_bytes()) == []


PAGE = "https://meet.example/join?a=1&b=2"
WITH_PLACE = [
    case
    for case in WORD
    if case[0] in (D.EVENT_INVITATION, D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING, D.EVENT_TIMETABLE, D.REMINDER)
]


@pytest.mark.parametrize("case", WITH_PLACE, ids=str)
def test_the_page_on_which_to_join_an_event_is_a_link(case, templates):
    facts = sample_facts(*case)
    event = facts.event or sample_facts(D.EVENT_INVITATION).event
    facts = replace(facts, event=replace(event, place=f"Online ({PAGE}).") if event else None)
    if case[0] is D.REMINDER:
        facts = replace(facts, reminder=ReminderFacts("event_on", date(2027, 5, 6), 6, "rule"))
    if facts.region:
        facts = replace(facts, region=replace(facts.region, events=(facts.event,)))
    document = render_dispatch_file(facts, templates)
    xml = main_part(document)
    assert f'HYPERLINK "{PAGE}"' in unescape(xml) and f"Online ({PAGE})" in text_of(xml)
    assert unlinked_addresses(document) == []
    assert find_in_file(document, "docx") == []


@pytest.mark.parametrize("kind", [D.CHAIR_BRIEFING, D.REGIONAL_OVERVIEW, D.REGIONAL_OVERVIEW_ANONYMISED])
def test_the_contents_of_a_long_paper_lead_to_each_section_that_it_has(kind, rendered):
    document = rendered[kind, None].read_bytes()
    links = links_of_contents(document)
    headings = [p for p in docx.Document(io.BytesIO(document)).paragraphs if p.style.name == "Heading 1"]
    assert list(links) == [p.text for p in headings] and len(links) >= 3
    for heading in headings:
        marks = [mark.get(qn("w:name")) for mark in heading._p.iter(qn("w:bookmarkStart"))]
        assert marks == [links[heading.text]]


@pytest.mark.parametrize("case", WORD, ids=str)
def test_every_picture_has_alternative_text(case, rendered):
    for described in docx.Document(str(rendered[case])).element.iter(qn("wp:docPr")):
        assert len(described.get("descr", "")) > 20


@pytest.mark.parametrize("case", WORD, ids=str)
def test_what_people_read_is_set_in_twelve_points_or_more(case, rendered):
    small = {"Note", "Table Small", "Table Group", "Table Header Small", "Gap"}
    document = docx.Document(str(rendered[case]))
    for paragraph in document.element.body.iter(qn("w:p")):
        named = document.styles.element.get_by_id(paragraph.style) if paragraph.style else None
        name = named.name_val if named is not None else "Normal"
        if name not in small and not name.startswith("RAG "):
            assert document.styles[name].font.size.pt >= house_colours.BODY_PT, name


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [(rag.text, rag.fill) for rag in house_colours.RAG.values()] + [
    (house_colours.INK, house_colours.PAPER),
    (house_colours.MUTED, house_colours.PAPER),
    (house_colours.ACCENT, house_colours.PAPER),
    (house_colours.ACCENT, house_colours.BAND),
    (house_colours.HEADER_TEXT, house_colours.HEADER_FILL),
    (house_colours.INK, house_colours.BAND),
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_every_pair_of_colours_has_enough_contrast(pair):
    assert contrast(*pair) >= 4.5


ODD = (
    "{{ 7*1913 }} {% raw %} <w:p> & \"'> \x07 \u05e9\u05dc\u05d5\u05dd \u202e 👩‍👧 =1+1 ]]> "
    "\\N{DIGIT ONE} {%tr x %} **\u00a0end"
)


def odd_facts(kind, role):
    """The sample with ODD in every place that a person writes in."""
    facts = sample_facts(kind, role)
    rows = facts.rows.copy()
    for column in ("strengths", "development", "commentary", "response"):
        if column in rows:
            rows[column] = ODD
    changed = {
        "rows": rows,
        "items": facts.items.assign(text=ODD) if len(facts.items) else facts.items,
        "particulars": dict.fromkeys(facts.particulars, ODD),
        "reasons": (ODD,) * len(facts.reasons),
    }
    if facts.submission:
        changed["submission"] = replace(
            facts.submission,
            findings=tuple(replace(f, message=ODD) for f in facts.submission.findings),
            changes=tuple((address, column, ODD, ODD) for address, column, _, _ in facts.submission.changes),
        )
    if facts.region:
        region_rows = facts.region.rows.head(92).assign(strengths=ODD, development=ODD, commentary=ODD)
        changed["region"] = replace(facts.region, rows=region_rows, items=facts.region.items.assign(text=ODD))
    return replace(facts, **changed)


def told(file_bytes: bytes) -> str:
    """Every text of a package, entities resolved."""
    import lxml.etree as etree

    texts = []
    for name, content in parts(file_bytes).items():
        if name.endswith(".xml"):
            texts += [t or "" for t in etree.fromstring(content).itertext()]
    return "".join(texts)


SAYS_WHAT_WAS_WRITTEN = [
    case
    for case in CASES
    if case[0]
    in (
        D.RECEIPT,
        D.QUERY_LETTER,
        D.PARTNER_NOTICE,
        D.CHALLENGER_BRIEFING,
        D.CHAIR_BRIEFING,
        D.CHAIR_SUMMARY,
        D.PRESENTATION,
        D.REGIONAL_OVERVIEW,
        D.REGIONAL_TABLES,
    )
]


@pytest.mark.parametrize("case", SAYS_WHAT_WAS_WRITTEN, ids=str)
def test_what_people_wrote_is_data_and_comes_out_as_typed(case, templates):
    text = told(render_dispatch_file(odd_facts(*case), templates))
    squeezed = re.sub(r"[\s\u00a0]+", " ", text)
    for piece in (
        "{{ 7*1913 }}",
        "{% raw %}",
        "<w:p> & \"'>",
        "\u05e9\u05dc\u05d5\u05dd",
        "👩‍👧",
        "]]>",
        "{%tr x %}",
    ):
        assert piece in squeezed
    assert "13391" not in squeezed


def test_odd_text_leaves_documents_valid(templates, tmp_path):
    files = []
    for kind, role in SAYS_WHAT_WAS_WRITTEN[::2]:
        files.append(tmp_path / f"{kind.value}_{role}.{KINDS[kind].ending}")
        files[-1].write_bytes(render_dispatch_file(odd_facts(kind, role), templates))
    assert_valid(files)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_of_the_template_is_left_over(case, rendered):
    text = every_part(rendered[case])
    assert "{{" not in text and "{%" not in text


@pytest.mark.parametrize("case", [case for case in WORD if case[0] not in KIND_ON], ids=str)
def test_what_was_sent_for_reading_is_told_as_that_when_it_comes_back(case, rendered):
    facts = sample_facts(*case)
    known = Known({facts.framework.id: facts.framework}, {facts.cycle.id: facts.cycle})
    reading = read_document(rendered[case].read_bytes(), known, name=rendered[case].name)
    assert [finding.code for finding in reading.findings] == ["identity.for_reading"]
