"""Files that helpers make are the same files, in the same order, whatever becomes of a helper."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.outbox import render_in_children
from peer_challenge.outbox.do_what_is_due import move_all_challenges
from peer_challenge.outbox.issue import _Issuer
from peer_challenge.outbox.render_in_children import Helpers, Maker, make_dispatch_files
from peer_challenge.register import outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, RegisterUnavailable, open_register
from peer_challenge.settings import Settings
from peer_challenge.system.bounded_work import Bounds
from tests.factories import a_cycle
from tests.migrated import make_installation

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
Place = tuple[Register, Settings]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cycle of eight areas that has opened: eight templates wait to go out."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    settings.make_folders()
    make_installation(settings)
    register = open_register(settings)
    cycle = a_cycle(8)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    move_all_challenges(register, settings, AT)
    yield register, settings
    register.close()


@pytest.fixture(scope="module")
def helpers(place: Place) -> Iterator[Helpers]:
    with_two = Helpers(2)
    yield with_two
    with_two.end()


def _waiting(place: Place) -> list[sa.Row[tuple[object, ...]]]:
    with place[0].reading() as connection:
        return outbox.list_waiting_dispatches(connection)


def test_they_are_the_same_files_in_the_same_order(place: Place, helpers: Helpers) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    assert len(waiting) >= 8
    made = list(helpers.in_order(place[1], waiting))
    assert made == [(dispatch, maker.make(dispatch)) for dispatch in waiting]


def test_whoever_stops_half_way_leaves_nothing_for_the_next(place: Place, helpers: Helpers) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    some = helpers.in_order(place[1], waiting)
    next(some)
    some.close()
    backwards = waiting[::-1]
    assert [made.file_name for _, made in helpers.in_order(place[1], backwards)] == [
        maker.make(dispatch).file_name for dispatch in backwards
    ]


def test_when_a_helper_is_killed_another_goes_on(place: Place) -> None:
    waiting, maker = _waiting(place), Maker(*place)
    helpers = Helpers(1)
    some = helpers.in_order(place[1], waiting)
    first = next(some)
    helpers.end()
    assert [first, *some] == [(dispatch, maker.make(dispatch)) for dispatch in waiting]
    helpers.end()


def test_a_register_that_is_away_is_told_and_no_dispatch_held(place: Place, tmp_path: Path) -> None:
    """It may be away for a moment only."""
    elsewhere = Settings(home=tmp_path)
    elsewhere.make_folders()
    make_installation(elsewhere)
    helpers = Helpers(1)
    elsewhere.var.joinpath("register.db").unlink()
    elsewhere.var.joinpath("register.db").mkdir()
    with pytest.raises(RegisterUnavailable):
        list(helpers.in_order(elsewhere, _waiting(place)[:1]))
    helpers.end()


def test_what_exhausts_the_bounds_is_not_made_and_the_others_are(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An original that some step can't get done with must not keep the rest from going out."""
    waiting, maker = _waiting(place), Maker(*place)
    monkeypatch.setattr(render_in_children, "BOUNDS", Bounds(seconds=0.001, memory_mb=900))
    narrow = Helpers(1)
    [(_, refused)] = list(narrow.in_order(place[1], waiting[:1]))
    narrow.end()
    assert refused.data is None
    assert "more work or memory than a document may" in refused.problem
    monkeypatch.undo()
    wide = Helpers(1)
    assert list(wide.in_order(place[1], waiting[:1])) == [(waiting[0], maker.make(waiting[0]))]
    wide.end()


def test_what_is_cancelled_while_it_is_made_does_not_go_out(tmp_path: Path) -> None:
    """The office withdraws a challenge between the making of its template and the sending of it."""
    settings = Settings(home=tmp_path, makers=0)
    settings.make_folders()
    make_installation(settings)
    register = open_register(settings)
    cycle = a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    move_all_challenges(register, settings, AT)
    issuer = _Issuer(register, settings, AT)
    [gone, *others] = _waiting((register, settings))
    made = [(d, m.data or b"", m.file_name) for d, m in make_dispatch_files(settings, [gone, *others])]
    with register.writing() as connection:
        outbox.cancel_waiting(connection, gone.challenge_id)
    issued = issuer._place_drafts(issuer._write_drafts(made))
    assert {one.dispatch_id for one in issued} == {
        other.id for other in others if other.challenge_id != gone.challenge_id
    }
    assert list(settings.outbox_folder.rglob(".draft*")) == []
    assert not list((settings.outbox_folder / cycle.id / gone.recipient_id).glob("*.docx"))
    register.close()
