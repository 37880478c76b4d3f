"""A command imports what it uses: `--help` and `dates` answer at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    *("great_expectations", "prefect", "ortools", "pandas", "numpy", "fastapi", "sqlalchemy", "alembic"),
    *(
        "docx",
        "docxtpl",
        "lxml",
        "openpyxl",
        "matplotlib",
        "PIL",
        "icalendar",
        "holidays",
        "uvicorn",
        "httpx",
    ),
)
_CODE = """
import json, sys
sys.argv = ["peer-challenge", *json.loads(sys.argv[1])]
try:
    from cli.__main__ import main
    main()
except SystemExit:
    pass
with open(sys.stdin.readline().strip(), "w") as told:
    json.dump(sorted(sys.modules), told)
"""


def imported_by(tmp_path: Path, *words: str) -> set[str]:
    """The modules that a process has imported that has run a command."""
    told = tmp_path / "modules.json"
    command = [sys.executable, "-c", _CODE, json.dumps(words)]
    subprocess.run(command, input=f"{told}\n", capture_output=True, text=True, check=True, cwd=tmp_path)
    return set(json.loads(told.read_text()))


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("dates", "2027-03-01"),
        ("check", "--help"),
        ("dates", "--json", "2027-03-01"),
        ("doctor", "--help"),
    ],
)
def test_help_and_dates_import_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    found = imported_by(tmp_path, *words)
    assert "cli.main" in found
    assert found.isdisjoint(HEAVY), found & set(HEAVY)


def test_dates_needs_no_colours_either(tmp_path: Path) -> None:
    assert "rich.console" not in imported_by(tmp_path, "dates", "2027-03-01")


def test_status_imports_the_register_and_no_more(tmp_path: Path) -> None:
    imported_by(tmp_path, "migrate", "--home", str(tmp_path))
    found = imported_by(tmp_path, "status", "--home", str(tmp_path))
    assert "sqlalchemy" in found
    assert found.isdisjoint(set(HEAVY) - {"sqlalchemy"}), found & set(HEAVY)


def test_checking_a_form_imports_no_great_expectations_here(tmp_path: Path) -> None:
    """The suites run in a process of their own, which starts while the form is read."""
    found = imported_by(tmp_path, "check", str(Path(__file__)), "--home", str(tmp_path))
    assert "peer_challenge.intake.check_command" in found
    assert found.isdisjoint({"great_expectations", "prefect", "fastapi", "ortools", "alembic"}), found & set(
        HEAVY
    )


def test_the_process_that_checks_is_started_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    """It takes longer than all that `check` itself loads: what comes before it makes the command later."""
    told = tmp_path / "modules.json"
    code = (
        "import json, sys, cli.query_commands, peer_challenge.submissions.checking_process\n"
        "json.dump(sorted(sys.modules), open(sys.argv[1], 'w'))"
    )
    subprocess.run([sys.executable, "-c", code, str(told)], check=True)
    found = set(json.loads(told.read_text()))
    assert found.isdisjoint(HEAVY), found & set(HEAVY)
