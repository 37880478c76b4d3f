"""A new kind of document is a word, a row, what it says and a template: the example of docs/adding.md."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from sqlalchemy import Row

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches import kinds
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.outbox import issue
from peer_challenge.outbox.render_in_children import Made, Maker
from peer_challenge.register import outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle
from tests.worked_examples import read_examples, run_example

CYCLE = a_cycle(4)
AREA = CYCLE.authors[0]
NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)


@pytest.fixture
def visit_note(monkeypatch: pytest.MonkeyPatch) -> DispatchKind:
    """The word of a new kind, as a line in DispatchKind gives it."""
    word = str.__new__(DispatchKind, "visit_note")
    word._name_, word._value_ = "VISIT_NOTE", "visit_note"
    monkeypatch.setitem(DispatchKind._value2member_map_, "visit_note", word)
    return word


@pytest.fixture
def its_template(settings: Settings) -> None:
    document = Document()
    document.add_paragraph(read_examples()["templates/word/visit_note.docx"].strip())
    settings.own_templates.mkdir(parents=True)
    document.save(str(settings.own_templates / "visit_note.docx"))


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch, register: Register, settings: Settings) -> None:
    """Files are made in this process, as the child that makes them otherwise knows no kind added here."""

    def make_all(_: Settings, waiting: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Made]]:
        maker = Maker(register, settings)
        return ((dispatch, maker.make(dispatch)) for dispatch in waiting)

    monkeypatch.setattr(issue, "make_dispatch_files", make_all)


@pytest.mark.usefixtures("its_template", "made_here")
def test_one_row_and_one_template_take_a_new_kind_from_the_register_to_the_outbox(
    visit_note: DispatchKind, register: Register, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = run_example("peer_challenge/dispatches/visit_note.py")
    row = run_example("peer_challenge/dispatches/kinds.py", vars(kinds) | says)["VISIT_NOTE"]
    monkeypatch.setitem(kinds.KINDS, visit_note, row)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        challenge = f"{CYCLE.id}/{AREA.id}"
        outbox.intend_dispatch(
            connection,
            visit_note,
            Role.AUTHOR,
            AREA.id,
            key="visit",
            at=NOW,
            cycle_id=CYCLE.id,
            challenge_id=challenge,
        )
    paths = [each.path for each in issue.issue_waiting(register, settings, NOW) if each.kind == "visit_note"]
    assert paths == [f"{CYCLE.id}/{AREA.id}/2027-01-11 Read - Visit note - {AREA.name}.docx"]
    document = Document(str(settings.outbox_folder / paths[0]))
    rows = len(shipped_frameworks()[CYCLE.framework].without(CYCLE.omit).subheadings)
    assert [each.text for each in document.paragraphs] == [
        f"Note before our visit, for {AREA.name}: {rows} sub-headings."
    ]
    assert document.core_properties.title == f"Visit note: {AREA.name}, 11 January 2027"
