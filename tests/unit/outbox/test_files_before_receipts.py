"""The flow checks the files of a form before its receipt is made, also where the form comes meanwhile."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from flows import advance as flow
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.outbox.issue import issue_waiting
from peer_challenge.outbox.made_files import made_in
from peer_challenge.register import outbox
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tasks import advance_tasks
from tests.unit.intake.emails.office import AT, CYCLE, open_cycle
from tests.unit.intake.test_settle_evidence import AUDIT, PASSING_ON, going, receipts, send


def without_prefect(monkeypatch: pytest.MonkeyPatch, register: Register) -> None:
    """Let the steps of the flow be called as they are, without a run of Prefect around them."""
    for name in ("propose_partners", "set_dates", "propose_events"):
        monkeypatch.setattr(flow, name, getattr(flow, name).fn)
    monkeypatch.setattr(advance_tasks, "_check_evidence", advance_tasks._check_evidence.fn)

    def render(*given: Any) -> Any:
        made = advance_tasks.render_documents.fn(*given)
        return SimpleNamespace(result=lambda: made)

    def issue(home: str, folder: str, at: str) -> list[Any]:
        settings = advance_tasks.get_installation(home).settings
        return issue_waiting(register, settings, AT, make=partial(made_in, folder))

    monkeypatch.setattr(flow, "render_documents", SimpleNamespace(submit=render))
    monkeypatch.setattr(flow, "issue_documents", issue)


def test_a_form_that_comes_while_the_flow_runs_has_its_files_in_its_one_receipt(
    register: Register, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_cycle(register, settings, PASSING_ON)
    without_prefect(monkeypatch, register)
    propose = flow.propose_events

    def take_in_first(*given: Any) -> int:
        if not office.rows():
            send(office, 1, ("audit.pdf", AUDIT))
        return propose(*given)

    monkeypatch.setattr(flow, "propose_events", take_in_first)
    flow.do_what_is_due(str(settings.home), AT.isoformat())
    assert going(office) == ["audit.pdf"] and receipts(office) == 1
    with register.reading() as connection:
        assert len(outbox.list_issued(connection, CYCLE.id, [D.RECEIPT])) == 1
