"""The board and the calendar ask the register as many questions of a large cycle as of a small one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.access import Access
from peer_challenge.register import people, sessions
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, its_framework
from tests.migrated import make_installation
from tests.web.world import NOW, OFFICE, VIEWER

ACCESS = {OFFICE: Access.OFFICE, VIEWER: Access.VIEWER}


@contextmanager
def _questions(register: Register) -> Iterator[list[str]]:
    """Every statement that is sent to the register meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(register.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(register.engine, "before_cursor_execute", note)


def _session(register: Register, email: str) -> str:
    with register.writing() as connection:
        people.add_person(connection, email, email, ACCESS[email], at=NOW, actor="office")
        user = people.find_user_by_email(connection, email)
        assert user is not None
        return sessions.begin_session(connection, user.id, NOW)


def _asked_for(home: Path, areas: int, email: str, path: str) -> list[str]:
    settings, cycle = Settings(home=home), a_cycle(areas)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), at=NOW, actor="office")
    app, token = create_app(settings, register, SimulatedClock(NOW)), _session(register, email)
    with TestClient(app, base_url=settings.dashboard_url, cookies={COOKIE: token}) as client:
        client.get(path)  # what a process reads once, such as the cycle itself, is read now
        with _questions(register) as asked:
            assert client.get(path).text.count(cycle.authors[-1].name)
    register.close()
    return asked


@pytest.mark.parametrize("path", ["/", "/calendar"])
@pytest.mark.parametrize("email", ACCESS)
def test_a_page_asks_as_many_questions_of_fifteen_areas_as_of_four(
    tmp_path: Path, email: str, path: str
) -> None:
    few, many = (_asked_for(tmp_path / str(areas), areas, email, path) for areas in (4, 15))
    assert many == few
