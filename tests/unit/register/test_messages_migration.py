"""What went out before messages were kept counts as sent then: nothing goes twice, and no date moves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import messages
from tests.faults import postgresql
from tests.unit.register.migrating import make_config

AT = datetime(2027, 3, 1, 9)
WHICH = "northern/ashcombe"
LATER = AT + timedelta(days=2)
OUTCOMES = {"sent": "sent", "refused": "failed", "doubtful": "in_doubt", "overtaken": "overtaken"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'register.db'}"
        return
    with postgresql.running() as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _insert(connection: sa.Connection, table_name: str, /, **values: Any) -> None:
    table = sa.Table(table_name, sa.MetaData(), autoload_with=connection)
    connection.execute(table.insert().values(**values))


def _dispatch(connection: sa.Connection, kind: str, role: str, to: str, state: str = "issued") -> None:
    number = (connection.scalar(sa.text("SELECT max(id) FROM dispatches")) or 0) + 1
    _insert(
        connection,
        "dispatches",
        **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "role": role},
        **{"recipient_id": to, "key": f"{kind}/{number}", "parameters": {"reminder": "x"}, "state": state},
        intended_at=AT,
        issued_at=AT if state == "issued" else None,
    )


def _fill(connection: sa.Connection) -> None:
    _insert(
        connection,
        "cycles",
        **{"id": "northern", "name": "N", "framework_id": "f", "state": "open", "definition": {}},
        framework={},
        opened_at=AT,
    )
    _insert(
        connection,
        "challenges",
        **{"id": WHICH, "cycle_id": "northern", "author_id": "ashcombe", "challenger_id": "carrow"},
        stage="in analysis",
        stage_since_at=AT,
    )
    _dispatch(connection, "partner_notice", "challenger", "carrow")
    _dispatch(connection, "analysis_pack", "challenger", "carrow")
    _dispatch(connection, "receipt", "author", "ashcombe")
    _dispatch(connection, "self_assessment_template", "author", "ashcombe", "intended")
    for state in OUTCOMES:
        _dispatch(connection, "reminder", "author", "ashcombe")
        _dispatch(connection, "reminder_email", "author", "ashcombe")
        number = connection.scalar(sa.text("SELECT max(id) FROM dispatches"))
        _insert(connection, "emails", dispatch_id=number, state=state, at=LATER)
    _dispatch(connection, "reminder_email", "author", "ashcombe", "intended")


def test_what_was_in_the_outbox_has_been_sent_and_emails_keep_their_outcomes(url: str) -> None:
    config = make_config(url)
    command.upgrade(config, "0007")
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            _fill(connection)
        for _ in range(2):
            command.upgrade(config, "0008")
            with engine.begin() as connection:
                _check(connection)
            command.downgrade(config, "0007")
            with engine.begin() as connection:
                kept = connection.execute(sa.text("SELECT state FROM emails ORDER BY dispatch_id")).scalars()
                assert list(kept) == list(OUTCOMES)
                count = "SELECT count(*) FROM dispatches WHERE kind = 'reminder_email'"
                assert connection.scalar(sa.text(count)) == len(OUTCOMES) + 1
    finally:
        engine.dispose()


def _check(connection: sa.Connection) -> None:
    assert messages.list_without_message(connection) == []
    states = messages.count_states(connection)
    assert states == {
        MessageState.SENT: 3,  # to the challenger, to the author, and the email that went
        MessageState.FAILED: 1,
        MessageState.IN_DOUBT: 1,
        MessageState.OVERTAKEN: 1,
    }
    pack = messages.list_sent_at(connection, WHICH, DispatchKind.ANALYSIS_PACK, to="carrow")
    assert pack == [AT.replace(tzinfo=UTC)]
    waiting = connection.execute(sa.text("SELECT kind FROM dispatches WHERE state = 'intended'"))
    assert list(waiting.scalars()) == ["self_assessment_template"]
    both = messages.list_messages(connection, recipient_id="carrow")
    assert [len(messages.list_dispatches_of(connection, [one.id])[one.id]) for one in both] == [2]
