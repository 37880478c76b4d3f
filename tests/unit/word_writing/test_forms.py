"""The forms: valid, accessible, open for comments and changes, and known again when they return."""

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_challenge.dispatches.briefings import list_challenged_rows
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.outgoing_file_names import build_file_name
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts, sample_framework
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.forms import FORMS as FORM_OF
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.package.marks import field_bookmark, read_marked_column, row_bookmark
from peer_challenge.word.write.house_colours import RAG
from scripts.word_templates.forms import FORM_TEMPLATES, made_forms
from tests.changed_forms import without_marks
from tests.fill_form import fill_form
from tests.layout import links_of_contents, says_which_cells_are_headers, unlinked_addresses
from tests.validation import assert_valid

FORMS = [kind for kind, row in KINDS.items() if row.marks]
RECORDED = ("held_on", "chair", "author_present", "challenger_present", "consensus")
DRAFTS = (D.DRAFT_SUMMARY, D.CHALLENGER_DRAFT_SUMMARY)
FIRST, SECOND = "leadership/named-partners", "leadership/equal-duty"
TO_FILL_IN = {
    D.SELF_ASSESSMENT_TEMPLATE: {"Strengths and evidence", "Areas for development", "RAG rating"},
    D.ANALYSIS_PACK: {"Peer commentary"},
    D.RETURNED_ANALYSIS: {"Notes"},
    D.RESPONSE_FORM: {"Kind of answer", "Your answer"},
    D.CHAIR_RECORD_FORM: {"The point", "Sub-heading", "Agreed by both?"},
    D.ACTION_PLAN_TEMPLATE: {"What will be done", "Owner (role)", "By when", "How we will know"},
    D.PROGRESS_REPORT_FORM: {"Progress", "What shows it", "What difference it made for children"},
}
"""What may be written in, besides the particulars: in an analysis the commentary and nothing else."""


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        return {name: read.read(name) for name in read.namelist()}


def body(document: bytes) -> str:
    return parts(document)["word/document.xml"].decode()


def opened(document: bytes):
    return docx.Document(io.BytesIO(document))


def test_the_committed_templates_are_what_the_script_makes():
    made = made_forms()
    assert {name: parts((SHIPPED / f"{name}.docx").read_bytes()) for name in FORM_TEMPLATES} == {
        name: parts(data) for name, data in made.items()
    }


@pytest.mark.parametrize("kind", FORMS)
def test_the_same_facts_give_the_same_bytes(kind, blank, templates):
    assert render_dispatch_file(sample_facts(kind), templates) == blank[kind]


def test_every_form_blank_or_filled_in_is_valid(blank, tmp_path):
    filled = fill_form(
        blank[D.SELF_ASSESSMENT_TEMPLATE],
        {
            (FIRST, "strengths"): "One\n• two <&>\n• {{ three }}",
            (FIRST, "rating"): "AMBER",
            (SECOND, "development"): "\x00 \t مرحبا",
            "signed_on_police": "1 March 2027",
        },
    )
    files = []
    for name, data in [*blank.items(), ("filled", filled)]:
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(data)
    assert_valid(files)


@pytest.mark.parametrize("kind", FORMS)
def test_title_language_headings_and_markings(kind, blank):
    document = opened(blank[kind])
    facts = sample_facts(kind)
    assert document.core_properties.title
    assert document.core_properties.language == "en-GB"
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    styles = [p.style.name for p in document.paragraphs]
    assert styles[0] == "Title"
    assert styles.count("Title") == 1
    levels = [1, *(int(name[-1]) for name in styles if name.startswith("Heading"))]
    assert len(levels) > 2
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for section in document.sections:
        assert facts.marking in [p.text for p in section.header.paragraphs]
        assert facts.marking in section.footer.paragraphs[0].text


@pytest.mark.parametrize("kind", FORMS)
def test_every_table_says_what_it_is_and_repeats_its_header(kind, blank):
    tables = opened(blank[kind]).tables
    assert tables
    for table in tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        first = table.rows[0]._tr
        styles = {e.get(qn("w:val")) for e in first.iter(qn("w:pStyle"))}
        if "TableHeader" in styles:
            assert first.trPr.find(qn("w:tblHeader")) is not None
        assert says_which_cells_are_headers(table)


@pytest.mark.parametrize("kind", FORMS)
def test_what_people_read_is_set_in_twelve_points_or_more(kind, blank):
    document = opened(blank[kind])
    used = {e.get(qn("w:val")) for e in document.element.iter(qn("w:pStyle"))} - {"Gap", "RowHint"}
    small = [s.name for s in document.styles if s.style_id in used and s.font.size and s.font.size.pt < 12]
    assert small == []
    assert not document.element.findall(f".//{qn('w:r')}/{qn('w:rPr')}/{qn('w:sz')}")


def test_a_rating_is_a_word_in_a_coloured_cell(blank):
    facts = sample_facts(D.ANALYSIS_PACK)
    words = dict(zip(facts.rows["subheading"], facts.rows["rating"], strict=True))
    xml = body(blank[D.ANALYSIS_PACK])
    for address, rating in words.items():
        row = xml[xml.index(f'w:name="{row_bookmark(address)}"') :]
        row = row[: row.index("</w:tr>")]
        assert f'w:fill="{RAG[rating].fill}"' in row
        assert f">{rating}<" in row


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_draft_can_be_changed_anywhere_and_word_tracks_it(kind, blank):
    settings_part = parts(blank[kind])["word/settings.xml"].decode()
    assert "<w:trackRevisions" in settings_part and "documentProtection" not in settings_part
    assert "<w:sdt>" not in body(blank[kind])


@pytest.mark.parametrize("kind", TO_FILL_IN)
def test_nothing_is_locked_and_an_office_that_restricts_editing_leaves_the_cells_to_fill_in_open(kind, blank):
    assert "documentProtection" not in parts(blank[kind])["word/settings.xml"].decode()
    xml = body(blank[kind])
    controls = re.findall(
        r"<w:permStart[^>]*/><w:sdt>.*?<w:alias w:val=\"([^\"]*)\".*?</w:sdt><w:permEnd", xml, re.DOTALL
    )
    assert len(controls) == xml.count("<w:sdt>") == xml.count("<w:permStart")
    particulars = {
        field.label[:64].replace("&", "&amp;") for form in FORM_OF.values() for field in form.fields
    }
    assert {title.partition(" – ")[0] for title in controls} - particulars == TO_FILL_IN[kind]


@pytest.mark.parametrize("kind", TO_FILL_IN)
@pytest.mark.parametrize("is_long", [False, True], ids=["as shipped", "titles longer than Word allows"])
def test_every_control_has_a_title_of_its_own_that_names_its_row(kind, is_long, templates):
    facts = sample_facts(kind)
    if is_long:
        rows = facts.rows.assign(title="A title that goes on, is the same in every row, and never says which")
        facts = replace(facts, framework=_with_long_titles(facts.framework), rows=rows)
    aliases = opened(render_dispatch_file(facts, templates)).element.iter(qn("w:alias"))
    titles = [alias.get(qn("w:val")) for alias in aliases]
    assert len(titles) == len(set(titles))
    assert max(map(len, titles)) <= 64
    headings = TO_FILL_IN[kind]
    assert not headings & set(titles)
    assert {title.partition(" – ")[0] for title in titles} >= headings


def _with_long_titles(framework):
    areas = framework.focus_areas
    long = {"title": "A title that goes on, is the same in every row, and never says which"}
    return framework.model_copy(
        update={
            "focus_areas": tuple(
                area.model_copy(
                    update={"subheadings": tuple(one.model_copy(update=long) for one in area.subheadings)}
                )
                for area in areas
            )
        }
    )


@pytest.mark.parametrize("kind", FORMS)
def test_no_address_of_a_mailbox_or_a_page_is_plain_text(kind, blank):
    assert unlinked_addresses(blank[kind]) == []


@pytest.mark.parametrize("kind", [D.SELF_ASSESSMENT_TEMPLATE, D.RETURNED_ANALYSIS])
def test_the_contents_of_a_long_form_lead_to_each_section_and_area_of_focus(kind, blank):
    links = links_of_contents(blank[kind])
    areas = [area.title for area in sample_facts(kind).framework.focus_areas]
    headings = [p for p in opened(blank[kind]).paragraphs if p.style.name.startswith("Heading")]
    named = [p for p in headings if p.style.name == "Heading 1" or p.text in areas]
    assert sorted(links) == sorted(p.text for p in named) and set(areas) < set(links)
    for heading in named:
        marks = {mark.get(qn("w:name")) for mark in heading._p.iter(qn("w:bookmarkStart"))}
        assert links[heading.text] in marks


def test_contents_are_no_answer_even_where_the_form_has_lost_its_marks_and_words_beside_them_are_kept(
    blank, known
):
    form = without_marks(blank[D.SELF_ASSESSMENT_TEMPLATE])
    assert not [text for text in read_document(form, known).unmapped if "Geographical area" in text]
    document = opened(form)
    line = next(p for p in document.paragraphs if p.text.startswith("Areas of focus: "))
    line.add_run("; we differ on this")
    changed = io.BytesIO()
    document.save(changed)
    told = read_document(changed.getvalue(), known).unmapped
    assert [text for text in told if text.endswith("we differ on this")]


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind is not D.RETURNED_ANALYSIS])
def test_the_office_s_address_is_a_link_and_reads_as_the_form_s_own_words(kind, blank, known):
    address = sample_facts(kind).cycle.office.email
    xml = body(blank[kind])
    shown = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)).count(address)
    assert xml.count(f'HYPERLINK "mailto:{address}"') == shown > 0
    assert not read_document(blank[kind], known).unmapped


def test_only_permitted_ratings_can_be_chosen(blank, templates):
    facts = sample_facts(D.SELF_ASSESSMENT_TEMPLATE)
    strict = replace(facts, cycle=facts.cycle.model_copy(update={"rules": Rules(not_applicable="query")}))
    for document, choices in (
        (blank[D.SELF_ASSESSMENT_TEMPLATE], ["RED", "AMBER", "GREEN", "Not applicable"]),
        (render_dispatch_file(strict, templates), ["RED", "AMBER", "GREEN"]),
    ):
        lists = opened(document).element.findall(f".//{qn('w:dropDownList')}")
        assert len(lists) == len(facts.framework)
        assert {tuple(i.get(qn("w:displayText")) for i in one) for one in lists} == {tuple(choices)}


def test_every_row_column_and_particular_carries_its_mark(blank):
    names = set(re.findall(r'w:bookmarkStart[^>]*w:name="([^"]*)"', body(blank[D.SELF_ASSESSMENT_TEMPLATE])))
    assert {row_bookmark(address) for address in sample_framework()} <= names
    assert {field_bookmark(field.id) for field in FORM_OF[Kind.SELF_ASSESSMENT].fields} <= names
    assert {read_marked_column(name) for name in names} - {None} == {
        "subheading",
        "strengths",
        "development",
        "rating",
    }
    assert all(len(name) <= 40 for name in names)


def test_the_index_of_the_pack_puts_red_first(blank):
    ratings = [row.cells[0].text for row in opened(blank[D.ANALYSIS_PACK]).tables[1].rows[1:]]
    order = ["RED", "AMBER", "GREEN", "Not applicable"]
    assert len(ratings) == len(sample_framework())
    assert ratings == sorted(ratings, key=order.index)


def test_every_link_of_the_index_leads_to_a_row(blank):
    xml = body(blank[D.ANALYSIS_PACK])
    links = re.findall(r'w:anchor="([^"]*)"', xml)
    assert len(links) == len(sample_framework())
    assert all(f'w:name="{link}"' in xml for link in links)


def test_the_chair_can_record_no_more_than_may_be_agreed(templates):
    facts = sample_facts(D.CHAIR_RECORD_FORM)
    three = replace(facts, cycle=facts.cycle.model_copy(update={"rules": Rules(agreed_items=3)}))
    xml = body(render_dispatch_file(three, templates))
    for kind in ("strength", "development"):
        present = [number for number in range(1, 9) if row_bookmark(f"{kind}/{number}") in xml]
        assert present == [1, 2, 3]


def test_the_response_form_has_a_row_for_each_challenged_sub_heading_as_the_briefing_has(blank, known):
    rows = sample_facts(D.RESPONSE_FORM).rows
    asked = [row["title"] for row in list_challenged_rows(rows) if row["commentary"]]
    ratings = list(rows[rows["commentary"].str.strip() != ""]["rating"])
    assert ratings != sorted(ratings, key=["RED", "AMBER", "GREEN"].index)  # or the order holds nothing
    xml, addresses = body(blank[D.RESPONSE_FORM]), dict(zip(rows["title"], rows["subheading"], strict=True))
    places = [xml.index(row_bookmark(addresses[title])) for title in asked]
    assert places == sorted(places)
    read = [row["subheading"] for row in read_document(blank[D.RESPONSE_FORM], known).rows]
    assert sorted(read) == sorted(addresses[title] for title in asked)


@pytest.mark.parametrize(
    ("kind", "returns"),
    [
        (D.SELF_ASSESSMENT_TEMPLATE, Kind.SELF_ASSESSMENT),
        (D.ANALYSIS_PACK, Kind.ANALYSIS),
        (D.RESPONSE_FORM, Kind.RESPONSE),
        (D.CHAIR_RECORD_FORM, Kind.CHAIR_RECORD),
        (D.DRAFT_SUMMARY, Kind.CORRECTIONS),
        (D.CHALLENGER_DRAFT_SUMMARY, Kind.CHALLENGER_CORRECTIONS),
        (D.ACTION_PLAN_TEMPLATE, Kind.ACTION_PLAN),
        (D.PROGRESS_REPORT_FORM, Kind.PROGRESS_REPORT),
    ],
)
def test_a_form_is_known_again_and_holds_no_word_that_nobody_typed(kind, returns, blank, known):
    reading = read_document(blank[kind], known)
    assert (reading.kind, reading.cycle, reading.participant) == (returns, "northern-2027", "ashcombe")
    assert reading.identity_basis == "marks"
    assert reading.unmapped == []
    told = {name for name, text in reading.particulars.items() if text}
    known_before = {D.CHAIR_RECORD_FORM: {"held_on", "chair"}}.get(kind, set())
    assert told == set(RECORDED) if kind in DRAFTS else told <= {"review"} | known_before
    assert known_before <= told


def test_the_chair_is_asked_for_no_day_and_no_name_that_we_know_and_can_correct_both(templates, known):
    facts = sample_facts(D.CHAIR_RECORD_FORM)
    event = facts.event
    form = render_dispatch_file(facts, templates)
    told = read_document(form, known).particulars
    assert (told["held_on"], told["chair"]) == (day_in_words(event.starts_at), event.chair.name)
    assert "Click to give your role" not in body(form).split("Present for the area challenged")[0]
    corrected = fill_form(form, {"held_on": "1 July 2027", "chair": "Another Chair"})
    told = read_document(corrected, known).particulars
    assert (told["held_on"], told["chair"]) == ("1 July 2027", "Another Chair")


def test_a_chair_is_asked_for_the_day_where_we_do_not_know_it(templates, known):
    form = render_dispatch_file(replace(sample_facts(D.CHAIR_RECORD_FORM), event=None), templates)
    told = read_document(form, known).particulars
    assert not told.get("held_on") and not told.get("chair")
    assert "Choose a date" in body(form) and "We have filled in" not in body(form)
    filled = fill_form(form, {"held_on": "1 July 2027", "chair": "The Chair"})
    assert read_document(filled, known).particulars["held_on"] == "1 July 2027"


def test_a_pack_holds_the_author_s_words_as_they_were_written(templates, known):
    facts = sample_facts(D.ANALYSIS_PACK)
    odd = ["{{ x }} <b>&", "one\ntwo\n\nfour", "tab\there", "مرحبا 👩‍👧", "word " * 9_999 + "word"]
    rows = facts.rows.assign(strengths=[odd[n % len(odd)] for n in range(len(facts.rows))])
    reading = read_document(render_dispatch_file(replace(facts, rows=rows), templates), known)
    assert [row["strengths"] for row in reading.rows] == list(rows["strengths"])
    assert [row["rating"] for row in reading.rows] == list(rows["rating"])


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), min_size=1
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(SENTENCES, min_size=1, max_size=4), rating=st.sampled_from(["RED", "AMBER", "GREEN"]))
def test_whatever_is_filled_in_is_read_back(blank, known, lines, rating):
    written = "\n".join(lines)
    filled = fill_form(
        blank[D.SELF_ASSESSMENT_TEMPLATE],
        {(FIRST, "strengths"): written, (SECOND, "development"): written, (SECOND, "rating"): rating},
    )
    rows = {row["subheading"]: row for row in read_document(filled, known).rows}
    assert rows[FIRST]["strengths"] == written
    assert (rows[SECOND]["development"], rows[SECOND]["rating"]) == (written, rating)


def test_filling_in_a_place_that_the_form_does_not_have_is_an_error(blank):
    with pytest.raises(KeyError):
        fill_form(blank[D.RESPONSE_FORM], {("no/such-row", "response"): "x"})


def test_file_names_are_made_of_ids_alone(blank):
    for kind in FORMS:
        name = build_file_name(sample_facts(kind))
        assert re.fullmatch(r"[\w -]+\.docx", name)
        assert "Ashcombe" in name
