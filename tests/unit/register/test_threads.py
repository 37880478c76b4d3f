"""The golden thread out of a register: named as people name it, and refused in words where there is none."""

from datetime import UTC, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.golden_thread import thread_of
from tests.factories import a_cycle, a_filled, a_region

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
CYCLE = a_cycle(4)
AREA = CYCLE.participants[0]
SUBHEADING = "leadership/equal-duty"


@pytest.fixture
def office(settings, register):
    """An open cycle with one self-assessment accepted."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=AT, actor="test")
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    (settings.inbox_folder / "form.docx").write_bytes(a_filled(Kind.SELF_ASSESSMENT, AREA.id, areas=4))
    take_in_ready_documents(register, settings, AT)
    return register


def test_a_thread_is_told_with_its_area_its_title_and_what_was_written(office):
    steps = thread_of(office, AREA.id, SUBHEADING)
    title = shipped_frameworks()[CYCLE.framework].subheadings[SUBHEADING].title
    assert {(s["cycle"], s["area"], s["title"], s["subheading"]) for s in steps} == {
        (CYCLE.id, AREA.name, title, SUBHEADING)
    }
    written = a_region(1, 4).people.written(AREA.id)[SUBHEADING]
    assert dict(zip([s["what"] for s in steps], [s["text"] for s in steps], strict=True))["Rating"] == str(
        written.rating.value
    )


@pytest.mark.parametrize(
    ("area", "subheading", "cycle"),
    [("nobody", SUBHEADING, None), (AREA.id, "no/such", None), (AREA.id, SUBHEADING, "another")],
)
def test_what_there_is_no_thread_of_is_said_with_what_to_do(office, area, subheading, cycle):
    with pytest.raises(WrongUse) as refused:
        thread_of(office, area, subheading, cycle)
    assert refused.value.remedy


def test_before_anything_is_accepted_there_are_no_steps(settings, register):
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=AT, actor="test")
    assert thread_of(register, AREA.id, SUBHEADING) == []
