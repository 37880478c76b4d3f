"""Names of what goes out: valid on Windows and in SharePoint, and no path too long for Word there."""

import re
from dataclasses import replace
from datetime import date

import pytest

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.outgoing_file_names import build_file_name, find_ending, name_cycle_in_files
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.cycle import LONGEST_SLUG, make_id_from_name
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role
from peer_challenge.system.free_names import is_reserved_name

LONG_CYCLE = "south-west-regional-peer-challenge-of-safeguarding-2026-27"
LONG_AREAS = (
    "Bath and North East Somerset Community Safety and Safeguarding Partnership",
    "Bournemouth, Christchurch and Poole and Dorset Safeguarding Children Partnership",
    "L" * 200,
    'St. Helen\'s & Knowsley, Halton/Warrington: "Mid-Mersey" <Board>',
)


@pytest.mark.parametrize("name", LONG_AREAS)
@pytest.mark.parametrize("kind", list(D))
def test_no_path_is_over_150_characters_and_every_name_is_valid_everywhere(kind: D, name: str) -> None:
    facts = sample_facts(kind, KINDS[kind].readers[0])
    area = "office" if facts.recipient.role is Role.OFFICE else make_id_from_name(name)
    facts = replace(facts, cycle=facts.cycle.model_copy(update={"id": LONG_CYCLE}))
    facts = replace(facts, recipient=replace(facts.recipient, id=area))
    if facts.author is not None:
        facts = replace(facts, author=facts.author.model_copy(update={"id": area, "name": name}))
    made = build_file_name(facts)
    assert len(f"outbox/{LONG_CYCLE}/{area}/{made}") <= 150
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [A-Z][A-Za-z0-9 .-]*[a-z]", made)
    assert "  " not in made and ".." not in made and " ." not in made
    assert not is_reserved_name(made) and made.endswith(f".{find_ending(facts)}")
    assert KINDS[kind].file_label in made
    assert date.fromisoformat(made[:10]) in (facts.issued_on, KINDS[kind].task(facts).due_on)


def test_a_name_says_when_what_to_do_what_it_is_and_whose() -> None:
    names = [
        build_file_name(sample_facts(kind))
        for kind in (D.SELF_ASSESSMENT_TEMPLATE, D.RECEIPT, D.EVENT_CALENDAR, D.ACTION_PLAN_TEMPLATE)
    ]
    assert names == [
        "2027-02-26 Fill in - Self-assessment - Ashcombe.docx",
        "2027-03-10 Keep - Receipt - self-assessment v3 - Ashcombe.docx",
        "2027-05-13 Open - Calendar entry - Ashcombe.ics",
        "2027-06-25 Fill in - Action plan - Ashcombe.docx",
    ]


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("self_assessment_due", "self-assessment"),
        ("chair_record_due", "Chair record"),
        ("challenger_corrections_due", "corrected draft summary"),
        ("progress_report_due", "first progress report"),
        ("event_on", "challenge event"),
    ],
)
def test_a_reminder_names_what_is_due(what: str, named: str) -> None:
    facts = sample_facts(D.REMINDER)
    assert facts.reminder is not None
    facts = replace(facts, reminder=replace(facts.reminder, what=what), review=1)
    assert build_file_name(facts).endswith(f" Read - Reminder - {named} - Ashcombe.docx")


def test_every_label_is_an_act_and_a_thing_and_no_two_are_alike() -> None:
    labels = [row.file_label for row in KINDS.values()]
    assert len(set(labels)) == len(labels)
    assert all(re.fullmatch(r"[A-Z][a-z]+( in)? - [A-Z][a-z -]+", label) for label in labels)


def test_a_short_area_stands_in_the_name() -> None:
    facts = sample_facts(D.ANALYSIS_PACK)
    assert facts.author is not None
    assert build_file_name(facts).endswith(" - Ashcombe.docx")


def test_a_cycles_id_is_written_as_people_write_a_name() -> None:
    assert name_cycle_in_files("north-and-east-2027") == "North and East 2027"
    assert name_cycle_in_files("the-wolds") == "The Wolds"


@pytest.mark.parametrize(
    ("area_id", "name", "called"),
    [
        ("wolds-city", "Wolds, City of", "City of Wolds"),
        ("kingsmouth-city", "City of Kingsmouth", "City of Kingsmouth"),
        ("bath-ne", "Bath & North East Somerset", "Bath and North East Somerset"),
        ("st-helens", "St. Helen’s", "St Helens"),
        ("anglesey", "Ynys Môn / Anglesey", "Ynys Mon Anglesey"),
        ("sofia", "София", "sofia"),
    ],
)
def test_an_area_is_called_in_a_files_name_what_its_documents_call_it(
    area_id: str, name: str, called: str
) -> None:
    facts = sample_facts(D.ANALYSIS_PACK)
    assert facts.author is not None
    facts = replace(facts, author=facts.author.model_copy(update={"id": area_id, "name": name}))
    assert build_file_name(facts).endswith(f" - {called}.docx")


def test_an_id_made_of_a_long_name_keeps_whole_words() -> None:
    assert make_id_from_name(LONG_AREAS[0]) == "bath-and-north-east-somerset-community"
    assert all(len(make_id_from_name(name)) <= LONGEST_SLUG for name in LONG_AREAS)


@pytest.mark.parametrize(
    "name", ["con", "CON", "aux", "nul.docx", "com1", "LPT9", "forms", "_vti_cnf", "desktop.ini"]
)
def test_names_that_windows_or_sharepoint_keeps_are_known(name: str) -> None:
    assert is_reserved_name(name)


@pytest.mark.parametrize("name", ["conwy", "auxiliary", "com", "form", "north-wolds", "lpt", "console.docx"])
def test_other_names_are_free(name: str) -> None:
    assert not is_reserved_name(name)
