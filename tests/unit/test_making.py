"""Files that helpers make are the same files, in the same order, whatever becomes of a helper."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.advance import move_all
from peer_challenge.framework import shipped_frameworks
from peer_challenge.issuing import _Issuer
from peer_challenge.making import Helpers, Maker, make_all
from peer_challenge.register import outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, migrate, open_register
from peer_challenge.settings import Settings
from tests.factories import a_cycle

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
Place = tuple[Register, Settings]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cycle of eight areas that has opened: eight templates wait to go out."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    settings.make_folders()
    migrate(settings)
    register = open_register(settings)
    cycle = a_cycle(8)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    move_all(register, settings, AT)
    yield register, settings
    register.close()


@pytest.fixture(scope="module")
def helpers(place: Place) -> Iterator[Helpers]:
    with_two = Helpers(place[1], 2)
    yield with_two
    with_two.end()


def _waiting(place: Place) -> list[sa.Row[tuple[object, ...]]]:
    with place[0].reading() as connection:
        return outbox.waiting(connection)


def test_they_are_the_same_files_in_the_same_order(place: Place, helpers: Helpers) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    assert len(waiting) >= 8
    made = list(helpers.in_order(waiting, maker.make))
    assert made == [(dispatch, maker.make(dispatch)) for dispatch in waiting]


def test_whoever_stops_half_way_leaves_nothing_for_the_next(place: Place, helpers: Helpers) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    some = helpers.in_order(waiting, maker.make)
    next(some)
    some.close()
    backwards = waiting[::-1]
    assert [made.file_name for _, made in helpers.in_order(backwards, maker.make)] == [
        maker.make(dispatch).file_name for dispatch in backwards
    ]


def test_a_killed_helper_leaves_its_work_to_the_rest(place: Place) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    helpers = Helpers(place[1], 1)
    some = helpers.in_order(waiting, maker.make)
    first = next(some)
    helpers.end()
    made = [first, *some]
    assert made == [(dispatch, maker.make(dispatch)) for dispatch in waiting]
    assert not helpers.are_alive


def test_what_a_helper_cannot_make_is_tried_here(place: Place, helpers: Helpers, tmp_path: Path) -> None:
    """Its register may be away for a moment; the parent meets the same, or does not."""
    waiting, maker = _waiting(place)[:1], Maker(*place)
    elsewhere = Settings(home=tmp_path)
    elsewhere.make_folders()
    migrate(elsewhere)
    strangers = Helpers(elsewhere, 1)
    with sa.create_engine(elsewhere.register_url).begin() as connection:
        connection.execute(sa.text("ALTER TABLE dispatches RENAME TO gone"))
    # made there it fails (there is no such table), so it is made by the one who asked
    [(_, made)] = list(strangers.in_order(waiting, maker.make))
    strangers.end()
    assert made == maker.make(waiting[0])


def test_what_is_cancelled_while_it_is_made_does_not_go_out(tmp_path: Path) -> None:
    """The office withdraws a challenge between the making of its template and the sending of it."""
    settings = Settings(home=tmp_path, makers=0)
    settings.make_folders()
    migrate(settings)
    register = open_register(settings)
    cycle = a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    move_all(register, settings, AT)
    issuer = _Issuer(register, settings, AT)
    [gone, *others] = _waiting((register, settings))
    made = [(d, m.data or b"", m.file_name) for d, m in make_all(register, settings, [gone, *others])]
    with register.writing() as connection:
        outbox.cancel_waiting(connection, gone.challenge_id)
    issued = issuer._place(issuer._write(made))
    assert {one.dispatch_id for one in issued} == {other.id for other in others}
    assert list(settings.outbox_folder.rglob(".draft*")) == []
    assert not list((settings.outbox_folder / cycle.id / gone.recipient_id).glob("*.docx"))
    register.close()


def test_an_answer_to_what_somebody_else_asked_is_nobodys_file(place: Place) -> None:
    """One who was interrupted may leave an answer in the pipe: it is never taken for the next one's."""
    waiting, maker = _waiting(place), Maker(*place)
    helpers = Helpers(place[1], 1)
    [pipe] = helpers._asked
    pipe.send(waiting[-1].id)  # asked, and never heard
    made = list(helpers.in_order(waiting, maker.make))
    assert made == [(dispatch, maker.make(dispatch)) for dispatch in waiting]
    helpers.end()
