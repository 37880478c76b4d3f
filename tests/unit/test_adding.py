"""Each worked example of docs/adding.md does what the page says that it does."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.run_checks import check_submission_rows
from peer_challenge.submissions.suite_of_each_kind import SUITES
from tests.unit.submissions import faults
from tests.unit.submissions.submissions_made import as_tables, copied, made
from tests.worked_examples import read_examples, run_example

SUITE_FILE = "peer_challenge/submissions/response_to_challenge.py"
FAULT_FILE = "tests/unit/submissions/faults.py"


def test_a_check_finds_the_fault_that_was_planted_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check = run_example(SUITE_FILE)["ONE_WORD"]
    fault = run_example(FAULT_FILE, vars(faults))["ONE_WORD_ANSWER"]
    suite = SUITES[Kind.RESPONSE]
    monkeypatch.setitem(SUITES, Kind.RESPONSE, replace(suite, checks=(*suite.checks, check)))
    without = made(fault.kind, 1, 0)
    planted = copied(without)
    subheading, column = fault.plant(planted, Random(1))
    found = check_submission_rows(fault.kind, *as_tables({"without": without, "planted": planted}))
    assert [f.code for f in found["without"]] == []
    assert [(f.code, f.subheading, f.column) for f in found["planted"]] == [(check.code, subheading, column)]
    assert "Noted" not in found["planted"][0].message


def test_a_framework_in_the_folder_is_one_of_the_frameworks(tmp_path: Path) -> None:
    (tmp_path / "early-help.yaml").write_text(read_examples()["templates/frameworks/early-help.yaml"])
    framework = shipped_frameworks(tmp_path)["early-help"]
    assert [row.title for area in framework.focus_areas for row in area.subheadings] == [
        "First contact",
        "Waiting",
    ]


def test_each_file_of_an_example_is_there_or_beside_its_like() -> None:
    root = Path(__file__).resolve().parents[2]
    assert {file for file in read_examples() if not (root / file).parent.is_dir()} == set()
    assert len(read_examples()) >= 8
