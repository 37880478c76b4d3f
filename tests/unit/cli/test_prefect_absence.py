"""The watcher's log says once that Prefect's server is away, and once that it is there."""

import logging

import pytest

from cli.prefect_absence import PrefectAbsence

LOG = logging.getLogger("peer_challenge.watcher")


def _list_levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.levelname for one in caplog.records]


def test_a_server_that_only_starts_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    absence = PrefectAbsence(LOG)
    absence.note_away()
    absence.note_away()
    absence.note_there()
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("INFO", "Prefect's server is starting: the steps run without it"),
        ("INFO", "Prefect's server is there: runs go through it"),
    ]


def test_one_that_has_answered_and_goes_away_is_a_warning_each_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    absence = PrefectAbsence(LOG)
    absence.note_there()
    assert _list_levels(caplog) == []
    for _ in range(2):
        absence.note_away(TimeoutError("what it says is quoted nowhere"))
        absence.note_away()
        absence.note_there()
    assert _list_levels(caplog) == ["WARNING"] * 4
    assert "is away (TimeoutError" in caplog.text
    assert "quoted" not in caplog.text


def test_one_that_does_not_come_up_in_a_minute_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    absence = PrefectAbsence(LOG, start_seconds=0)
    absence.note_away()
    absence.note_there()
    assert _list_levels(caplog) == ["WARNING", "WARNING"]
    assert "is away (it does not answer)" in caplog.text
