"""What the register is asked does not grow with what is over, and no question reads a long table through."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.who_is_reminded import list_reminders
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.standings import list_challenge_standings
from peer_challenge.settings import Settings
from tests.factories import a_filled
from tests.faults import kills
from tests.fill_form import fill_form

NOW = kills.AT + timedelta(days=1)
LONG = ("dispatches", "submissions", "journal", "findings", "self_assessment_rows", "deadlines", "challenges")
_numbers = count(1)
Ask = Callable[[Register, Settings], object]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, Settings]]:
    home = tmp_path_factory.mktemp("queries") / "office"
    kills.make(home)
    kills.run(home)
    settings = kills.settings_of(home)
    register = open_register(settings)
    yield register, settings
    register.close()


def _board(register: Register, _settings: Settings) -> object:
    with register.reading() as connection:
        [current] = cycle_ids(connection)
        return list(list_challenge_standings(connection, load_stored(connection, current)[0], NOW.date()))


def _intake(register: Register, settings: Settings) -> object:
    number = len(list(settings.archive_folder.rglob("*")))
    said = {("leadership/equal-duty", "strengths"): f"We meet every {number} weeks."}
    (settings.inbox_folder / "one.docx").write_bytes(fill_form(a_filled(Kind.SELF_ASSESSMENT, areas=4), said))
    taken = take_in_ready_documents(register, settings, NOW)
    assert len(taken.table) == 1
    return taken


def _advance(register: Register, settings: Settings) -> object:
    return advance_challenges(register, settings, NOW)


def _reminders(register: Register, _settings: Settings) -> object:
    return list_reminders(register, NOW)


def _asked(place: tuple[Register, Settings], ask: Ask) -> list[tuple[str, Any]]:
    """Every statement that `ask` makes, with what it was given."""
    ask(*place)  # once for what is only asked the first time
    register, found = place[0], list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        found.append((statement, given))

    sa.event.listen(register.engine, "before_cursor_execute", note)
    try:
        ask(*place)
    finally:
        sa.event.remove(register.engine, "before_cursor_execute", note)
    return found


def _add_closed_cycles(register: Register, how_many: int) -> None:
    """Copies of the open cycle with all that belongs to it, as cycles that are closed."""
    with register.writing() as connection:
        [cycle_id] = cycle_ids(connection)
        for _ in range(how_many):
            _copy(connection, cycle_id, f"over-{next(_numbers)}")


def _copy(connection: sa.Connection, cycle_id: str, new: str) -> None:
    submissions: dict[int, int] = {}
    for table in t.metadata.sorted_tables:
        names = table.columns.keys()
        mine = (
            table.c.cycle_id == cycle_id
            if "cycle_id" in names
            else table.c.challenge_id.startswith(f"{cycle_id}/")
            if "challenge_id" in names
            else table.c.submission_id.in_(submissions)
            if "submission_id" in names
            else table.c.id == cycle_id
            if table is t.cycles
            else None
        )
        if mine is None or table is t.journal:
            continue
        for row in connection.execute(sa.select(table).where(mine)).mappings().fetchall():
            made = {name: _renamed(value, cycle_id, new) for name, value in row.items()}
            made |= {"submission_id": submissions[row["submission_id"]]} if "submission_id" in names else {}
            made |= {"state": "closed"} if table is t.cycles else {}
            made |= {"stage": "closed"} if table is t.challenges else {}
            made |= {"key": f"{new}{row['id']}"} if table is t.messages else {}
            if table.autoincrement_column is not None:
                del made[table.autoincrement_column.name]
            key = connection.execute(table.insert(), made).inserted_primary_key
            if table is t.submissions and key is not None:
                submissions[row["id"]] = key[0]


def _renamed(value: Any, cycle_id: str, new: str) -> Any:
    return re.sub(rf"^{re.escape(cycle_id)}(?=/|$)", new, value) if isinstance(value, str) else value


@pytest.mark.parametrize("ask", [_board, _intake, _advance, _reminders])
def test_what_is_asked_does_not_grow_with_cycles_that_are_over(
    place: tuple[Register, Settings], ask: Ask
) -> None:
    few = _asked(place, ask)
    _add_closed_cycles(place[0], 12)
    many = _asked(place, ask)
    assert len(many) == len(few)


@pytest.mark.parametrize("ask", [_board, _intake, _advance, _reminders])
def test_no_long_table_is_read_through(place: tuple[Register, Settings], ask: Ask) -> None:
    _add_closed_cycles(place[0], 3)
    plans = []
    for statement, given in _asked(place, ask):
        if statement.startswith("SELECT") and "LIMIT" not in statement:
            with place[0].reading() as connection:
                lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            plans += [(line.detail, statement) for line in lines]
    assert plans
    through = [(how, what) for how, what in plans if re.match(rf"SCAN ({'|'.join(LONG)})\b(?!.*USING)", how)]
    assert through == []
