"""The region's overview, tables and brief: what they count, and what must not leak or run."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, time, timedelta

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.dispatches import named_overview, regional_tables
from peer_challenge.dispatches.facts import UnsettledFacts
from peer_challenge.dispatches.monday_brief import build_monday_brief_words
from peer_challenge.dispatches.regional_counts import RegionView, build_named_view
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.overdue_or_at_risk import Risk
from peer_challenge.model.vocabulary import RESPONSE_NAMES, Outcome, Rating
from peer_challenge.model.vocabulary import DispatchKind as D
from tests.unit.dispatches.conftest import every_part

ANONYMISED = D.REGIONAL_OVERVIEW_ANONYMISED


def identifying(facts):
    """Everything by which an area, its partners or its people could be known."""
    for area in facts.cycle.participants:
        yield from (area.id, area.name, *area.aliases, area.partnership, area.police, *area.icb)
        yield from (part for contact in area.contacts for part in (contact.email,) if part)
        yield from area.name.split(", ") if "," in area.name else ()
    yield from (chair.name for chair in facts.cycle.chairs)
    yield from (chair.email for chair in facts.cycle.chairs)


def test_the_anonymised_edition_names_nobody_in_any_part(rendered):
    text = every_part(rendered[ANONYMISED, None])
    leaked = [
        name
        for name in identifying(sample_facts(ANONYMISED))
        if re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text, re.IGNORECASE)
    ]
    assert leaked == []


def test_the_named_edition_does_so_that_the_search_above_can_fail(rendered):
    assert "Ashcombe" in every_part(rendered[D.REGIONAL_OVERVIEW, None])


def test_the_anonymised_edition_repeats_nothing_that_an_area_wrote(rendered):
    facts = sample_facts(ANONYMISED)
    text = every_part(rendered[ANONYMISED, None])
    written = {
        *facts.region.rows["strengths"],
        *facts.region.rows["development"],
        *facts.region.rows["commentary"],
        *facts.region.items["text"],
    } - {""}
    assert [words for words in written if words[:40] in text] == []


def test_the_anonymised_edition_has_no_picture_and_no_row_of_an_area(rendered):
    with zipfile.ZipFile(rendered[ANONYMISED, None]) as package:
        document = package.read("word/document.xml").decode()
    assert "<w:drawing" not in document and "Area A" not in document
    with zipfile.ZipFile(rendered[D.REGIONAL_OVERVIEW, None]) as package:
        assert "<w:drawing" in package.read("word/document.xml").decode()


def view_of(ratings, previous=()):
    """A region of which only ratings are known: {(participant, sub-heading): rating}."""
    facts = sample_facts(D.REGIONAL_OVERVIEW)
    rows = pd.DataFrame(
        [
            {
                "participant": area,
                "focus_area": address.partition("/")[0],
                "subheading": address,
                "title": "",
                "strengths": "Evidence." if rating == "GREEN" else "",
                "development": "",
                "rating": rating,
                "commentary": "",
            }
            for (area, address), rating in ratings.items()
        ]
    )
    before = pd.DataFrame(
        [{"cycle": "Before", "participant": a, "subheading": s, "rating": r} for (a, s), r in previous]
    )
    return build_named_view(replace(facts, region=replace(facts.region, rows=rows, earlier=before)))


EQUAL, NAMED = "leadership/equal-duty", "leadership/named-partners"


def test_a_need_is_matched_with_good_practice_that_has_evidence():
    view = view_of(
        {
            ("ashcombe", EQUAL): "GREEN",
            ("dunmere", EQUAL): "RED",
            ("glenwick", NAMED): "RED",
            ("fallowby", EQUAL): "AMBER",
        }
    )
    assert [(m.subheading, m.offers, m.needs) for m in view.matches] == [(EQUAL, ("ashcombe",), ("dunmere",))]


@pytest.mark.parametrize(
    ("before", "now", "step"),
    [
        ("RED", "AMBER", 1),
        ("RED", "GREEN", 2),
        ("GREEN", "GREEN", 0),
        ("GREEN", "RED", -2),
        ("NOT_APPLICABLE", "RED", None),
        ("RED", "NOT_APPLICABLE", None),
        ("RED", None, None),
    ],
)
def test_change_compares_red_amber_green_and_nothing_else(before, now, step):
    view = view_of({("ashcombe", EQUAL): now}, [(("ashcombe", EQUAL), before)])
    assert list(view.changes["step"]) == ([] if step is None else [step])


def test_counts_leave_blank_ratings_out():
    view = view_of(
        {("ashcombe", EQUAL): "RED", ("dunmere", EQUAL): None, ("glenwick", EQUAL): "NOT_APPLICABLE"}
    )
    assert view.counts(EQUAL) == {"RED": 1, "AMBER": 0, "GREEN": 0, "NOT_APPLICABLE": 1}
    assert view.rated(EQUAL, Rating.RED) == ["ashcombe"]


def test_a_region_without_a_rating_says_so(templates):
    facts = sample_facts(D.REGIONAL_OVERVIEW)
    empty = replace(
        facts,
        region=replace(
            facts.region,
            rows=facts.region.rows.head(0),
            items=facts.region.items.head(0),
            earlier=pd.DataFrame(),
        ),
    )
    context = named_overview.build_overview_words(empty, build_named_view(empty))
    assert context["in_brief"] == ["We have not accepted any self-assessment yet."]
    assert render_dispatch_file(empty, templates)
    assert regional_tables.make_regional_tables(empty)


def test_a_large_region_gets_several_heat_maps():
    small = view_of({("ashcombe", EQUAL): "RED"})
    areas = [f"area-{n}" for n in range(31)]
    rows = pd.concat([small.region.rows.assign(participant=area) for area in areas])
    large = RegionView(
        replace(small.region, rows=rows), small.framework, dict(zip(areas, areas, strict=True))
    )
    assert [len(block["areas"]) for block in named_overview._split_heat_map(large)] == [15, 15, 1]


RUNS = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", '=HYPERLINK("http://x")', "|cmd", "%0A=1"]


@pytest.mark.parametrize("text", RUNS)
def test_no_cell_of_the_workbook_runs_and_each_holds_what_was_typed(text):
    facts = sample_facts(D.REGIONAL_TABLES)
    region = replace(facts.region, rows=facts.region.rows.head(46).assign(strengths=text))
    book = openpyxl.load_workbook(
        io.BytesIO(regional_tables.make_regional_tables(replace(facts, region=region)))
    )
    cell = book["Self-assessments"]["D2"]
    assert cell.data_type == "s" and cell.quotePrefix
    assert cell.value == text
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("text", RUNS)
def test_no_cell_of_a_csv_begins_as_a_formula(text):
    (line,) = csv.reader(io.StringIO(regional_tables.csv_bytes([[text]]).decode("utf-8-sig"), newline=""))
    assert line[0].startswith("'")


def test_a_number_in_a_csv_stays_a_number():
    assert regional_tables.csv_bytes([[-3, 4.5, None]]).decode("utf-8-sig") == "-3,4.5,\r\n"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=50))
def test_whatever_is_typed_comes_back_from_a_csv(text):
    ((cell,),) = csv.reader(
        io.StringIO(regional_tables.csv_bytes([[text or "x"]]).decode("utf-8-sig"), newline="")
    )
    assert cell.removeprefix("'") == str(
        regional_tables.replace_control_characters(text or "x")
    ).removeprefix("'")


def test_a_text_longer_than_a_cell_goes_on_in_the_next_row():
    text = "word " * 20_000
    rows = list(regional_tables.split_long_cells(["Ashcombe", text, 3]))
    assert "".join(row[1] for row in rows) == text
    assert all(len(row[1]) <= regional_tables.CELL_LIMIT for row in rows)
    assert rows[0][0] == "Ashcombe" and rows[1][0] == ""


def test_the_monday_brief_names_whom_it_waits_for_and_where_to_write():
    facts = sample_facts(D.MONDAY_BRIEF)
    author = facts.cycle.participants[0]
    late = replace(
        facts.region.standings[0],
        waiting_on=author.id,
        is_overdue=True,
        next_due="self_assessment_due",
        next_due_on=facts.issued_on - timedelta(days=3),
    )
    brief = build_monday_brief_words(replace(facts, region=replace(facts.region, standings=(late,))))
    assert brief["chase"][0]["who"] == author.name
    assert brief["emails"][0]["to"][0].startswith(f"{author.name} (")


def test_the_brief_has_one_email_for_all_who_are_asked_the_same_and_counts_each_of_them():
    facts = sample_facts(D.MONDAY_BRIEF)
    late = [
        replace(
            one,
            waiting_on=one.author,
            is_overdue=True,
            risk=Risk.OVERDUE,
            arrived=None,
            next_due="self_assessment_due",
            next_due_on=facts.issued_on - timedelta(days=3),
        )
        for one in facts.region.standings[:3]
    ]
    soon = [
        replace(one, is_overdue=False, risk=Risk.DUE_SOON, next_due_on=facts.issued_on + timedelta(days=3))
        for one in late
    ]
    brief = build_monday_brief_words(replace(facts, region=replace(facts.region, standings=(*late, *soon))))
    [email] = brief["emails"]
    assert len(email["to"]) == 3 and email["is_to_several"]
    assert brief["in_brief"].startswith(
        "3 to chase. Nothing else at risk. In the next fortnight: 3 documents due and 4 events."
    )
    assert brief["risks"] == []


def test_the_brief_calls_at_risk_what_has_questions_open_and_says_so_in_a_sentence():
    facts = sample_facts(D.MONDAY_BRIEF)
    brief = build_monday_brief_words(facts)
    came = "The response to the challenge came on Friday 30 April 2027."
    told = f"{came} Hallowmere has not answered our questions about it."
    assert brief["risks"] == [{"area": "Hallowmere", "why": told}]


def test_the_brief_says_which_date_is_near_while_a_document_is_not_settled():
    facts = sample_facts(D.MONDAY_BRIEF)
    one = next(one for one in facts.region.standings if one.author == "hallowmere")
    near = replace(
        one,
        risk=Risk.REJECTED_AND_DUE_SOON,
        next_due="chair_record_due",
        next_due_on=facts.issued_on + timedelta(days=3),
    )
    [risk] = build_monday_brief_words(replace(facts, region=replace(facts.region, standings=(near,))))[
        "risks"
    ]
    assert risk["why"].endswith(
        "The next date is near: Chair's record, Thursday 13 May 2027. Please ring them."
    )


def test_questions_of_this_week_are_no_risk_yet():
    facts = sample_facts(D.MONDAY_BRIEF)
    came = facts.region.arrivals.assign(participant_name="Hallowmere", outcome="queried")
    brief = build_monday_brief_words(replace(facts, region=replace(facts.region, arrivals=came)))
    assert brief["risks"] == []


def test_an_event_for_which_there_is_no_day_is_a_risk():
    facts = sample_facts(D.MONDAY_BRIEF)
    quiet = next(one for one in facts.region.standings if one.risk is None)
    region = replace(facts.region, standings=(quiet,), without_day=frozenset({quiet.author}))
    [risk] = build_monday_brief_words(replace(facts, region=region))["risks"]
    assert risk["area"] == quiet.author_name and risk["why"].startswith("No day was found for the event")


@pytest.mark.parametrize("arrived", [Outcome.QUERIED, Outcome.REJECTED])
def test_the_brief_asks_for_answers_about_what_has_come(arrived):
    facts = sample_facts(D.MONDAY_BRIEF)
    late = next(one for one in facts.region.standings if one.is_overdue)
    came = UnsettledFacts("self-assessment", late.author, date(2027, 4, 23))
    region = replace(facts.region, standings=(replace(late, arrived=arrived),), unsettled={late.author: came})
    [email] = build_monday_brief_words(replace(facts, region=region))["emails"]
    assert "not received" not in email["body"] and "Thank you for your" in email["body"]
    assert "which came on Friday 23 April 2027" in email["body"] and "was due" not in email["body"]
    wanted = "return the marked copy" if arrived is Outcome.QUERIED else "send again"
    assert wanted in email["subject"] and " by " in email["body"]


def test_the_brief_asks_for_what_the_letter_asked_for_and_names_the_day_missed():
    facts = sample_facts(D.MONDAY_BRIEF)
    late = replace(next(one for one in facts.region.standings if one.is_overdue), arrived=Outcome.QUERIED)

    def body(*, has_copy: bool) -> str:
        came = UnsettledFacts("self-assessment", late.author, date(2027, 4, 23), has_copy)
        region = replace(facts.region, standings=(late,), unsettled={late.author: came}, events=())
        brief = build_monday_brief_words(replace(facts, region=region))
        assert brief["chase"]
        return brief["emails"][0]["body"]

    asked = "to correct the marked copy that we sent you, and to return the copy by Friday 30 April 2027. We"
    assert asked in body(has_copy=True) and "Please return it by" in body(has_copy=True)
    assert "answer our questions about them by Friday 30 April 2027." in body(has_copy=False)
    assert "copy" not in body(has_copy=False)


@pytest.mark.parametrize(
    ("came_days_ago", "days_late", "is_listed_as_due"), [(13, "10", False), (6, "3", False), (3, None, True)]
)
def test_answers_are_late_from_the_day_that_our_questions_name(came_days_ago, days_late, is_listed_as_due):
    """What came on its own day is not late: its sender had three working days to answer."""
    facts = sample_facts(D.MONDAY_BRIEF)
    late = next(one for one in facts.region.standings if one.is_overdue)
    on = facts.issued_on - timedelta(days=came_days_ago)
    late = replace(late, arrived=Outcome.QUERIED, next_due="self_assessment_due", next_due_on=on)
    came = UnsettledFacts("self-assessment", late.author, on)
    region = replace(facts.region, standings=(late,), unsettled={late.author: came}, events=())
    brief = build_monday_brief_words(replace(facts, region=region))
    assert [row["late"] for row in brief["chase"]] == ([days_late] if days_late else [])
    due = [row for row in brief["due"] if row["what"] == "Self-assessment: the corrected copy"]
    assert len(due) == is_listed_as_due and brief["in_brief"].startswith(
        "Nobody" if is_listed_as_due else "1"
    )


def test_the_brief_chases_what_is_overdue_longest_first():
    brief = build_monday_brief_words(sample_facts(D.MONDAY_BRIEF))
    assert [(row["who"], row["late"]) for row in brief["chase"]] == [
        ("Inglestone", "10"),
        ("Fallowby", "3"),
    ]


def test_the_brief_lists_what_is_due_within_a_fortnight_and_nothing_overdue():
    brief = build_monday_brief_words(sample_facts(D.MONDAY_BRIEF))
    assert [row["day"] for row in brief["due"]] == [
        "Wed 12 May",
        "Thu 13 May",
        "Tue 18 May",
        "Wed 19 May",
        "Thu 20 May",
        "Fri 21 May",
    ]


def test_the_brief_drafts_an_email_to_each_it_chases():
    brief = build_monday_brief_words(sample_facts(D.MONDAY_BRIEF))
    assert [email["to"] for email in brief["emails"]] == [
        ["Inglestone (partnership@inglestone.example)"],
        ["Fallowby (partnership@fallowby.example)"],
    ]


def test_the_brief_says_that_documents_are_held_until_the_office_says_whose_they_are() -> None:
    facts = sample_facts(D.MONDAY_BRIEF)
    assert facts.region is not None
    held = build_monday_brief_words(replace(facts, region=replace(facts.region, held_documents=2)))
    assert "2 documents held until you say whose form it is" in held["in_brief"]
    assert "held" not in build_monday_brief_words(facts)["in_brief"]


def test_the_tables_begin_with_what_is_in_them_and_have_no_empty_sheet():
    facts = sample_facts(D.REGIONAL_TABLES)
    book = openpyxl.load_workbook(io.BytesIO(regional_tables.make_regional_tables(facts)))
    tables = regional_tables.build_tables_by_name(facts)
    assert book.sheetnames == ["Contents", *(name for name, table in tables.items() if len(table) > 1)]
    told = {row[0]: row[2] for row in book["Contents"].iter_rows(min_row=4, values_only=True)}
    assert "For the programme office only" in book["Contents"]["B2"].value
    assert told == {name: len(table) - 1 for name, table in tables.items()}
    assert 0 in told.values()  # or the rule above holds nothing


def test_the_tables_have_answers_and_actions_and_days_that_can_be_sorted():
    facts = sample_facts(D.REGIONAL_TABLES)
    book = openpyxl.load_workbook(io.BytesIO(regional_tables.make_regional_tables(facts)))
    assert book["Responses"]["D2"].value in RESPONSE_NAMES.values()
    assert book["Actions"]["B2"].value == "First action on area for development 1"
    assert book["Actions"]["C2"].value == facts.region.actions["development"][0]
    assert book["Actions"]["F2"].is_date and book["Events"]["A2"].is_date
    times = [book["Events"][place] for place in ("B2", "C2")]
    assert all(isinstance(cell.value, time) and cell.number_format == "hh:mm" for cell in times)
    events = regional_tables.csv_tables(facts)["events.csv"].decode("utf-8-sig")
    assert re.search(r",\d\d:\d\d,\d\d:\d\d,", events)


def test_each_sheet_is_a_table_of_excels_own_whose_first_columns_stay_in_sight():
    facts = sample_facts(D.REGIONAL_TABLES)
    book = openpyxl.load_workbook(io.BytesIO(regional_tables.make_regional_tables(facts)))
    names = []
    for sheet in book.worksheets:
        assert sheet.freeze_panes == ("C2" if sheet.title == "Ratings" else "B2")
        [table] = sheet.tables.values()
        names.append(table.displayName.casefold())
        assert table.ref == sheet.dimensions and table.autoFilter.ref == table.ref
        assert table.column_names == [cell.value for cell in sheet[1]]
    assert len(set(names)) == len(names)


def test_no_two_columns_of_a_sheet_have_the_same_heading():
    header = ["Area", "RED", "red", "area", "One\ntwo", "", "x" * 300]
    named = regional_tables._name_columns(header)
    assert named == ["Area", "RED", "red (2)", "area (2)", "One two", "Column", "x" * 240]


def test_matches_have_a_row_for_each_pair_so_that_they_can_be_filtered_by_area():
    facts = sample_facts(D.REGIONAL_TABLES)
    view = build_named_view(facts)
    _, *rows = regional_tables.build_tables_by_name(facts)["Matches"]
    assert len(rows) == sum(len(match.offers) * len(match.needs) for match in view.matches) > 0
    assert {area for row in rows for area in row[2:]} <= set(view.labels.values())


def test_what_does_not_apply_is_counted_apart_from_ratings():
    view = view_of(
        {("ashcombe", EQUAL): "GREEN", ("dunmere", EQUAL): "RED", ("glenwick", EQUAL): "NOT_APPLICABLE"}
    )
    [line, *_] = named_overview._summarise_in_brief(view)
    assert "2 ratings, 50% RED, 0% AMBER and 50% GREEN. 1 more was marked not applicable." in line


def test_no_sub_heading_is_singled_out_of_those_that_are_red_as_often():
    addresses = list(sample_facts(D.REGIONAL_OVERVIEW).framework)
    areas = ("ashcombe", "dunmere", "glenwick")
    reds = {(area, addresses[0]): "RED" for area in areas}
    reds |= {(area, address): "RED" for area in areas[:2] for address in addresses[1:4]}
    title = build_named_view(sample_facts(D.REGIONAL_OVERVIEW)).framework.subheadings[addresses[0]].title
    told = f"Most often RED: {title} (3 areas). 3 others are RED in 2 areas each."
    assert told in named_overview._summarise_in_brief(view_of(reds))
    equal = {(areas[0], address): "RED" for address in addresses[:5]}
    assert "Most often RED: 5 sub-headings, in 1 area each." in named_overview._summarise_in_brief(
        view_of(equal)
    )


def test_a_list_that_is_cut_says_what_else_was_asked_about_as_often():
    view = view_of(
        {("ashcombe", address): "RED" for address in list(sample_facts(D.REGIONAL_OVERVIEW).framework)}
    )
    asked = view.region.rows.assign(commentary=["Why?"] * 10 + [""] * (len(view.region.rows) - 10))
    view = RegionView(replace(view.region, rows=asked), view.framework, view.labels)
    ninth, tenth = [row.title for row in view.framework.subheadings.values()][8:10]
    assert named_overview._say_who_is_asked_as_often(view) == f"Also asked about in 1 area: {ninth}; {tenth}."


def test_the_brief_lists_each_event_of_the_fortnight_whatever_is_due_before_it():
    facts = sample_facts(D.MONDAY_BRIEF)
    event = facts.region.events[0]
    day = event.starts_at.replace(year=2027, month=5, day=18)
    waiting = next(one for one in facts.region.standings if one.author == event.author.id)
    waiting = replace(waiting, next_due="response_due", next_due_on=facts.issued_on + timedelta(days=1))
    region = replace(facts.region, standings=(waiting,), events=(replace(event, starts_at=day),))
    brief = build_monday_brief_words(replace(facts, region=region))
    assert [row["day"] for row in brief["due"]] == ["Tue 11 May", "Tue 18 May"]
    assert brief["due"][1]["who"].endswith(f"with {event.challenger.name}; {event.chair.name}")
    assert "1 document due and 1 event." in brief["in_brief"]


def test_a_rating_in_the_tables_is_as_people_read_it():
    facts = sample_facts(D.REGIONAL_TABLES)
    rows = facts.region.rows.assign(rating="NOT_APPLICABLE")
    book = openpyxl.load_workbook(
        io.BytesIO(
            regional_tables.make_regional_tables(replace(facts, region=replace(facts.region, rows=rows)))
        )
    )
    cells = [book["Ratings"]["C2"], book["Self-assessments"]["F2"]]
    assert [cell.value for cell in cells] == ["Not applicable"] * 2
    assert all(cell.fill.fill_type == "solid" for cell in cells)
