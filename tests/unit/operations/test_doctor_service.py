"""What doctor says of the parts of the service."""

from datetime import UTC, datetime, timedelta

import pytest

from peer_challenge.operations.doctor_service import check_parts
from peer_challenge.operations.service_parts import LOCK, Part, PartState, read_parts, write_parts
from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import file_lock

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
WATCHER = Part("watcher", PartState.RUNS, NOW)


def _server(state: PartState, *, failures: int = 0, for_minutes: int = 0) -> Part:
    since = NOW - timedelta(minutes=for_minutes)
    return Part("Prefect server", state, since, failures, -9 if failures else None)


def test_without_a_service_there_is_nothing_to_tell(settings: Settings) -> None:
    settings.make_folders()
    write_parts(settings, [_server(PartState.DOWN, failures=9)])
    check = check_parts(settings, NOW)
    assert check.is_well and "not run by `peer-challenge serve`" in check.saw


@pytest.mark.parametrize(
    ("server", "is_well", "is_fatal"),
    [
        (_server(PartState.RUNS), True, False),
        (_server(PartState.DONE), True, False),
        (_server(PartState.WAITS, for_minutes=9), True, False),
        (_server(PartState.WAITS, for_minutes=11), False, False),
        (_server(PartState.DOWN, failures=1), False, False),
        (_server(PartState.DOWN, failures=3), False, True),
    ],
)
def test_a_part_that_is_down_is_told_and_one_that_stays_down_is_an_illness(
    settings: Settings, server: Part, is_well: bool, is_fatal: bool
) -> None:
    with file_lock(settings.var / LOCK):
        write_parts(settings, [WATCHER, server])
        check = check_parts(settings, NOW)
    assert (check.is_well, check.is_fatal) == (is_well, is_fatal)
    assert is_well or "Prefect server" in check.saw


def test_how_often_a_part_ended_is_said(settings: Settings) -> None:
    with file_lock(settings.var / LOCK):
        write_parts(settings, [WATCHER, _server(PartState.DOWN, failures=3)])
        assert check_parts(settings, NOW).saw == "Prefect server is down (it ended 3 times, last with -9)"


def test_what_is_noted_is_read_again_and_half_a_note_is_none(settings: Settings) -> None:
    parts = [WATCHER, _server(PartState.DOWN, failures=2)]
    with file_lock(settings.var / LOCK):
        write_parts(settings, parts)
        assert read_parts(settings) == parts
        (settings.var / "service-parts.json").write_text("[{")
        assert read_parts(settings) == []
