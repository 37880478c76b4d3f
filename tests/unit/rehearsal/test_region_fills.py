"""Filling in the real forms: what was meant is what the document says, and mistakes come once."""

import io
import zipfile

import docx
import pytest
from lxml import etree

from peer_challenge.model.vocabulary import RESPONSE_NAMES, Kind
from peer_challenge.rehearsal import Region
from peer_challenge.rehearsal.handwriting import Sheet, qualify_name
from peer_challenge.rehearsal.slips import SLIPS
from tests.factories import a_challenger, a_cycle, a_form, a_region, its_framework

CYCLE = a_cycle(15)
FRAMEWORK = its_framework(CYCLE)
REGION = a_region(11, 15)
AUTHOR, CHAIR = "carrowdale", CYCLE.chairs[0].id
CHALLENGER = a_challenger(CYCLE, AUTHOR)
WHO = {Kind.ANALYSIS: CHALLENGER, Kind.CHAIR_RECORD: CHAIR, Kind.CHALLENGER_CORRECTIONS: CHALLENGER}


def form_of(kind: Kind) -> bytes:
    return a_form(kind, AUTHOR, seed=11, areas=15)


def filled(kind: Kind, turn: int = 1) -> bytes:
    return REGION.fill(kind, form_of(kind), WHO.get(kind, AUTHOR), round=turn)


def lines_of(document: bytes) -> list[str]:
    """Every paragraph's text, from the XML itself."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return ["".join(t.text or "" for t in p.iter(qualify_name("t"))) for p in root.iter(qualify_name("p"))]


@pytest.mark.parametrize("kind", list(Kind))
def test_everything_that_was_meant_stands_in_the_document(kind: Kind) -> None:
    said = "\n".join(lines_of(filled(kind)))
    draft = REGION.people.draft(kind, AUTHOR, WHO.get(kind, AUTHOR), sheet=Sheet(form_of(kind)))
    assert draft.rows
    for row in draft.rows.values():
        for text in row.values():
            for line in text.split("\n"):
                assert line.replace("\t", "") in said


def test_the_kind_of_an_answer_is_one_that_the_form_offers() -> None:
    draft = REGION.people.draft(Kind.RESPONSE, AUTHOR, AUTHOR, sheet=Sheet(form_of(Kind.RESPONSE)))
    assert {row["response_kind"] for row in draft.rows.values()} == set(RESPONSE_NAMES.values())


@pytest.mark.parametrize("kind", list(Kind))
def test_the_form_keeps_its_marks(kind: Kind) -> None:
    def marks(document: bytes) -> set[str]:
        with zipfile.ZipFile(io.BytesIO(document)) as package:
            root = etree.fromstring(package.read("word/document.xml"))
            properties = package.read("docProps/custom.xml").decode()
        return {start.get(qualify_name("name"), "") for start in root.iter(qualify_name("bookmarkStart"))} | {
            properties
        }

    assert marks(filled(kind)) == marks(form_of(kind))


@pytest.mark.parametrize("kind", list(Kind))
def test_filling_in_twice_gives_the_same_bytes_and_python_docx_opens_them(kind: Kind) -> None:
    assert filled(kind) == filled(kind)
    assert docx.Document(io.BytesIO(filled(kind))).tables


def test_some_writers_save_with_another_program_and_say_the_same() -> None:
    sheet = Sheet(filled(Kind.SELF_ASSESSMENT))
    assert lines_of(sheet.saved(by_python_docx=True)) == lines_of(sheet.saved())


def test_a_third_of_the_areas_make_a_mistake_that_is_queried() -> None:
    made = [REGION.slip(Kind.SELF_ASSESSMENT, area.id) for area in CYCLE.authors]
    assert sum(slip is not None and slip.is_queried for slip in made) == 5
    assert len({slip.name for slip in made if slip}) == sum(slip is not None for slip in made)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_mistake_shows_in_the_document(slip) -> None:
    sheet = Sheet(filled(slip.kind))
    before = etree.tostring(sheet.root)
    draft = REGION.people.draft(slip.kind, AUTHOR, WHO.get(slip.kind, AUTHOR), sheet=sheet)
    slip.spoil(sheet, draft, REGION.people.dice("mistake"))
    assert etree.tostring(sheet.root) != before
    assert docx.Document(io.BytesIO(sheet.saved())).tables


def test_mistakes_are_made_in_the_first_round_alone() -> None:
    careless = next(
        Region(seed, CYCLE, FRAMEWORK)
        for seed in range(99)
        if Region(seed, CYCLE, FRAMEWORK).slip(Kind.SELF_ASSESSMENT, AUTHOR)
    )
    first, second, third = (
        careless.fill(Kind.SELF_ASSESSMENT, form_of(Kind.SELF_ASSESSMENT), AUTHOR, round=turn)
        for turn in range(3)
    )
    assert first != second
    assert second == third


def test_most_send_in_time_and_a_few_late() -> None:
    days = [Region(seed, CYCLE, FRAMEWORK).lateness(Kind.SELF_ASSESSMENT, area.id)
            for seed in range(8) for area in CYCLE.authors]  # fmt: skip
    late = sum(day > 0 for day in days)
    assert 0 < late < len(days) / 4
    assert min(days) >= -12


def test_file_names_are_what_people_call_them() -> None:
    first, second = (REGION.file_name(Kind.SELF_ASSESSMENT, AUTHOR, turn) for turn in (0, 1))
    assert "Carrowdale" in first
    assert first.endswith(".docx")
    assert second.startswith(first.removesuffix(".docx"))
    assert second != first
