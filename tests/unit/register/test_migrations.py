"""An older register with data comes to this version step by step, in both databases, and loses nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from peer_challenge.register import tables as t
from peer_challenge.register.database import MIGRATIONS, newest_migration
from tests.faults import postgresql
from tests.unit.register.migrating import make_config

AT = datetime(2027, 3, 1, 9)
WHICH = "northern/ashcombe"


def test_each_migration_follows_the_one_before_and_says_so() -> None:
    found = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())[::-1]
    assert [one.revision for one in found] == [f"{number:04}" for number in range(1, len(found) + 1)]
    assert [one.down_revision for one in found[1:]] == [one.revision for one in found[:-1]]
    for before, one in pairwise(found):
        up, down = one.module.upgrade.__doc__, one.module.downgrade.__doc__
        assert f"from {before.revision} to {one.revision}" in up, one.revision
        assert f"back to {before.revision}" in down, one.revision


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


def _fill(connection: sa.Connection) -> None:
    """A cycle of the version 0004: an area, its challenger's analysis, sent in by a contact, and accounts."""
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
        stage="returned",
        stage_since_at=AT,
    )
    for number, (email, is_one_time) in enumerate((("new@example.org", True), ("old@example.org", False)), 1):
        _insert(
            connection,
            "users",
            **{"id": number, "email": email, "name": "x", "access": "office", "password_hash": "a hash"},
            must_change_password=is_one_time,
            is_active=True,
            created_at=AT,
        )
    for number, (kind, role, to) in enumerate(
        (("analysis_pack", "challenger", "carrow"), ("returned_analysis", "author", "ashcombe")), 1
    ):
        _insert(
            connection,
            "dispatches",
            **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "role": role},
            **{"recipient_id": to, "key": kind, "parameters": {}, "state": "issued", "intended_at": AT},
        )
    for number, (kind, sha256) in enumerate((("self_assessment", "1" * 64), ("analysis", "2" * 64)), 1):
        _insert(
            connection,
            "submissions",
            **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "version": 1},
            **{"sha256": sha256, "file_name": "x.docx", "size": 1, "received_at": AT},
            outcome="accepted",
            is_current=True,
        )
    _insert(
        connection,
        "journal",
        **{"sequence": 1, "at": AT, "actor": "x", "event": "document uploaded"},
        details={"user": 2, "sha256": "2" * 64},
        previous_hash="0" * 64,
        hash="1" * 64,
    )
    _insert(
        connection,
        "adjustments",
        challenge_id=WHICH,
        definition={"kind": "pause", "reason": "illness at home", "days": 2},
        made_at=AT,
        made_by="x",
    )
    _insert(
        connection,
        "deadlines",
        **{"challenge_id": WHICH, "name": "event_by", "due_on": AT.date(), "nominal_on": AT.date()},
        rule="a rule",
        notes=["Paused by 2 days: illness at home"],
    )


def test_a_register_with_data_comes_to_this_version_and_back(url: str) -> None:
    config = make_config(url)
    command.upgrade(config, "0004")
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            _fill(connection)
        for _ in range(2):
            command.upgrade(config, "head")
            with engine.begin() as connection:
                _check(connection)
                assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []
            command.downgrade(config, "0004")
            with engine.begin() as connection:
                assert connection.scalar(sa.text("SELECT count(*) FROM submissions")) == 2
                assert connection.scalar(sa.text("SELECT count(*) FROM users")) == 2
    finally:
        engine.dispose()


def _fill_with_what_came_later(connection: sa.Connection) -> None:
    """What the newest version has and the version 0013 can't read: stages, kinds, deadlines and rules."""
    connection.execute(t.challenges.update().values(stage="summary in draft"))
    rules = {"rules": {"accuracy_days": 5, "review_months": [3, 6], "evidence_goes_with_pack": True}}
    connection.execute(t.cycles.update().values(definition=rules))
    _insert(
        connection,
        "cycle_versions",
        **{"cycle_id": "northern", "number": 1, "definition": rules, "replaced_at": AT},
        replaced_by="x",
        reason="x",
    )
    for number, (kind, review) in enumerate(
        (
            ("corrections", 0),
            ("challenger_corrections", 0),
            ("progress_report", 1),
            ("progress_report", 2),
        ),
        3,
    ):
        _insert(
            connection,
            "submissions",
            **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "review": review},
            **{"version": 1, "sha256": f"{number}" * 64, "file_name": "x.docx", "size": 1},
            **{"received_at": AT, "taken_in_at": AT, "outcome": "accepted", "is_current": True},
        )
        for name in ("particulars", "findings"):
            row = {"field": "notes"} if name == "particulars" else {"code": "x", "severity": "warn"}
            row |= {} if name == "particulars" else {"message": "x", "remedy": "x"}
            _insert(connection, name, submission_id=number, position=1, **row)
    _insert(
        connection,
        "decisions",
        **{"id": 1, "kind": "accept_finding", "cycle_id": "northern", "challenge_id": WHICH},
        **{"submission_id": 4, "form": "challenger_corrections", "reason": "x", "message": ""},
        **{"before": {"stage": "summary in draft"}, "made_at": AT, "made_by": "x"},
    )
    for number, kind in enumerate(("draft_summary", "evidence", "data_sheet", "action_reminder"), 3):
        _insert(
            connection,
            "dispatches",
            **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "role": "author"},
            **{"recipient_id": "ashcombe", "key": kind, "parameters": {}, "state": "issued"},
            intended_at=AT,
        )
        _insert(connection, "dispatch_sources", dispatch_id=number, submission_id=1)
    for number, (kind, parameters) in enumerate(
        (("receipt", {"submission": 3}), ("reminder", {"what": "corrections_due"})), 7
    ):
        _insert(
            connection,
            "dispatches",
            **{"id": number, "cycle_id": "northern", "challenge_id": WHICH, "kind": kind, "role": "author"},
            **{"recipient_id": "ashcombe", "key": f"{kind}/late", "parameters": parameters},
            state="intended",
            intended_at=AT,
        )
    _insert(
        connection,
        "deadlines",
        **{"challenge_id": WHICH, "name": "challenger_corrections_due", "due_on": AT.date()},
        **{"nominal_on": AT.date(), "rule": "a rule", "notes": []},
    )


def test_a_register_that_is_taken_back_has_nothing_that_the_earlier_program_can_not_read(url: str) -> None:
    config = make_config(url)
    command.upgrade(config, "0004")
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            _fill(connection)
        command.upgrade(config, "head")
        with engine.begin() as connection:
            _fill_with_what_came_later(connection)
        command.downgrade(config, "0013")
        with engine.begin() as connection:
            tables = sa.MetaData()
            tables.reflect(connection)

            def read(table: str, column: str) -> list[Any]:
                held = tables.tables[table]
                return list(connection.scalars(sa.select(held.c[column])))

            assert read("challenges", "stage") == ["event held"]
            assert sorted(filter(None, read("submissions", "kind"))) == ["analysis", "self_assessment"]
            assert len(read("submissions", "id")) == 6, "the documents stay"
            assert set(read("dispatches", "kind")) == {
                "analysis_pack",
                "returned_analysis",
                "receipt",
                "reminder",
            }
            assert read("dispatches", "state").count("cancelled") == 2
            assert read("deadlines", "name") == ["event_by"]
            assert read("decisions", "form") == [None]
            assert read("decisions", "before") == [{"stage": "event held"}]
            assert [one["rules"] for one in read("cycles", "definition")] == [{}]
            assert [one["rules"] for one in read("cycle_versions", "definition")] == [{}]
            assert not read("findings", "code") and not read("particulars", "field")
    finally:
        engine.dispose()


def _check(connection: sa.Connection) -> None:
    rows = connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id)).all()
    assert [(row.writer_role, row.writer_id) for row in rows] == [
        ("author", "ashcombe"),
        ("challenger", "carrow"),
    ]
    assert [(row.source, row.uploaded_by, row.held_since_at) for row in rows] == [
        ("folder", None, None),
        ("page", 2, None),
    ]
    assert {row.review for row in rows} == {0}
    [definition] = connection.scalars(sa.select(t.cycles.c.definition))
    assert definition["rules"]["review_months"] == [], "a cycle that was open before has no reviews"
    assert "accuracy_days" not in definition["rules"], "register/cycles.py has what counts for it"
    assert connection.execute(sa.select(t.uploads.c.sha256, t.uploads.c.user_id)).all() == [("2" * 64, 2)]
    assert connection.scalar(sa.select(t.uploads.c.uploaded_at)) == AT.replace(tzinfo=UTC)
    links = connection.execute(sa.select(t.dispatch_sources)).all()
    assert {tuple(link) for link in links} == {(1, 1), (2, 1), (2, 2)}
    hashes = connection.execute(sa.select(t.users.c.email, t.users.c.password_hash)).all()
    assert {tuple(one) for one in hashes} == {("new@example.org", None), ("old@example.org", "a hash")}
    assert connection.scalar(sa.select(t.deadlines.c.notes)) == ["Paused by 2 days."]


def test_the_newest_migration_is_the_one_that_alembic_brings_a_register_to() -> None:
    assert newest_migration() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
