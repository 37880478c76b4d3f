"""Logs say what happened and where, and never what a document said."""

import json
import logging
import sys
from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.system.logging_without_content import JsonLines, PlainLines

MARKER = "the heron reads at dawn"


def _record(error: BaseException) -> logging.LogRecord:
    try:
        try:
            raise KeyError(MARKER)
        except KeyError as cause:
            raise error from cause
    except type(error):
        return logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
def test_an_error_is_told_by_its_class_and_place_alone(formatter: logging.Formatter) -> None:
    line = formatter.format(_record(ValueError(f"can't read {MARKER!r}")))
    assert MARKER not in line
    assert "ValueError" in line and Path(__file__).name in line


def test_an_error_of_ours_keeps_its_words() -> None:
    line = json.loads(JsonLines().format(_record(WrongUse("There is no cycle x."))))
    assert line["error"].startswith("WrongUse: There is no cycle x.")
    assert line["level"] == "ERROR" and line["message"] == "it failed"


def test_a_json_line_is_one_line_whatever_the_message_holds() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "two\nlines \u2028", (), None)
    assert len(JsonLines().format(record).splitlines()[0]) > 0
    assert json.loads(JsonLines().format(record))["message"] == "two\nlines \u2028"
    assert "\n" not in JsonLines().format(record)
