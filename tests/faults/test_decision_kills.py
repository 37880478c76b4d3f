"""A decision that is killed anywhere was made whole or not at all, and can be made once more."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.steering import accept_findings as accepting
from tests.faults import kills
from tests.unit.steering.test_accept_findings import a_form

PLACES = 3


def make(home: Path) -> None:
    """An installation in which one self-assessment is queried, and nothing else has come."""
    kills.make(home)
    settings = kills.settings_of(home)
    for path in settings.inbox_folder.iterdir():
        path.unlink()
    (settings.inbox_folder / "form.docx").write_bytes(a_form(rating=""))
    register = open_register(settings)
    take_in_ready_documents(register, settings, kills.AT)
    register.close()


def accept(home: Path) -> None:
    """Accept what is open in the document, and do what is due; nothing where it is accepted already."""
    settings = kills.settings_of(home)
    register = open_register(settings)
    with register.reading() as connection:
        found = accepting.describe_decidable(connection, 1).open
    try:
        for one in found:
            accepting.accept_finding(
                register, settings, 1, one.key, reason="by telephone", at=kills.AT, actor="Office"
            )
    except WrongUse:
        pass
    advance_challenges(register, settings, kills.AT)
    register.close()


def read_state(home: Path) -> tuple[object, ...]:
    """How many decisions there are, the document's outcome, the stage, and the receipts."""
    register = open_register(kills.settings_of(home))
    with register.reading() as connection:
        decided = connection.scalar(sa.select(sa.func.count()).select_from(t.decisions))
        outcome = connection.scalar(sa.select(t.submissions.c.outcome))
        stage = sa.select(t.challenges.c.stage).where(t.challenges.c.author_id == "ashcombe")
        receipts = connection.scalar(sa.select(sa.func.count()).where(t.dispatches.c.kind == "receipt"))
        found = (decided, outcome, connection.scalar(stage), receipts)
    register.close()
    return found


@pytest.mark.slow
def test_a_decision_killed_anywhere_is_whole_or_not_made_and_is_made_once(tmp_path: Path) -> None:
    before = tmp_path / "before"
    make(before)
    none, whole = (0, "queried", "invited", 0), (1, "warned", "self-assessed", 1)
    assert read_state(before) == none
    home = Path(shutil.copytree(before, tmp_path / "whole"))
    was_killed, steps = kills.run_in_child(home, run=accept)
    assert not was_killed and read_state(home) == whole
    for number in range(PLACES):
        home = Path(shutil.copytree(before, tmp_path / f"office-{number}"))
        kill_at = 1 + (2 * number + 1) * steps // (2 * PLACES)
        was_killed, _ = kills.run_in_child(home, kill_at, run=accept)
        assert was_killed and read_state(home) in (none, whole), kill_at
        kills.run_in_child(home, run=accept)
        assert read_state(home) == whole, kill_at
