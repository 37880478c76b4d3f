"""No name, answer or setting steers the terminal of whoever reads it."""

import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from cli.main import _print_error
from cli.options import print_json, print_sentence
from cli.terminal import console
from peer_challenge.cycle_file.load_cycle import read_cycle_file
from peer_challenge.cycle_file.load_framework import load_framework, shipped_frameworks
from peer_challenge.errors import CycleFileError, FrameworkFileError
from peer_challenge.paths import ROOT
from peer_challenge.system.control_characters import control_problems, find_controls, remove_controls

HOSTILE = "Ash\x1b]0;gone\x07\x9b31mcombe\u202egnp.\u2066\x7f\u200f"
EXAMPLE = ROOT / "docs" / "example-cycle.yaml"


def steering(text: str) -> list[str]:
    return find_controls(text.replace("\n", "").replace("\t", ""))


@given(st.text())
def test_lines_and_tabs_stay_and_nothing_else_that_steers(text: str) -> None:
    plain = remove_controls(text)
    assert steering(plain) == []
    assert plain == "".join(c for c in text if c in "\n\t" or not find_controls(c))


def test_whatever_a_command_shows_the_terminal_is_not_steered(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("Area", title=HOSTILE)
    table.add_row(HOSTILE)
    for shown in (HOSTILE, Text(HOSTILE), table):
        console.print(shown, soft_wrap=True)
    console.rule(HOSTILE)
    print_sentence(HOSTILE)
    print_sentence(HOSTILE, is_aside=True)
    print_json({"name": HOSTILE})
    _print_error(HOSTILE, HOSTILE)
    told = capsys.readouterr()
    assert steering(told.out + told.err) == []
    assert told.out.count("combe") >= 5 and told.err.count("combe") == 3


def test_colours_stay_on_a_terminal() -> None:
    out = io.StringIO()
    shown = type(console)(markup=False, file=out, force_terminal=True, color_system="standard")
    shown.print(Text(f"well{HOSTILE}", "green"))
    assert out.getvalue().startswith("\x1b[32mwell") and "\x1b]0" not in out.getvalue()


@given(st.text())
def test_json_says_the_same(text: str) -> None:
    import contextlib

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print_json({"text": text.encode("utf-8", "replace").decode()})
    assert json.loads(out.getvalue()) == {"text": text.encode("utf-8", "replace").decode()}
    assert steering(out.getvalue()) == []


@pytest.mark.parametrize(
    "character", ["\x07", "\x1b", "\x85", "\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\n"]
)
@pytest.mark.parametrize("place", ["name", "participant", "chair", "contact"])
def test_a_name_with_a_character_that_steers_is_a_mistake_with_its_line(
    character: str, place: str, tmp_path: Path
) -> None:
    data = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    held = {
        "name": data,
        "participant": data["participants"][0],
        "chair": data["chairs"][0],
        "contact": next(area["contacts"][0] for area in data["participants"] if area.get("contacts")),
    }[place]
    held["name"] = f"Nor{character}thern"
    path = tmp_path / "cycle.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=False, sort_keys=False), encoding="utf-8")
    with pytest.raises(CycleFileError) as raised:
        read_cycle_file(path, shipped_frameworks())
    told = [problem for problem in raised.value.problems if f"U+{ord(character):04X}" in problem]
    assert told and all(problem.startswith("line ") for problem in told)
    assert not any(find_controls(problem) for problem in raised.value.problems)


def test_a_framework_with_a_character_that_steers_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        'id: own\ntitle: Ours\nfocus_areas:\n  - id: one\n    title: "O\\x1bne"\n    scope: core\n'
        '    subheadings:\n      - {id: first, title: "F\\u202eirst"}\n',
        encoding="utf-8",
    )
    with pytest.raises(FrameworkFileError) as raised:
        load_framework(path)
    told = raised.value.problems
    assert any(one.startswith("line 5") and "U+001B" in one for one in told)
    assert any(one.startswith("line 8") and "U+202E" in one for one in told)
    for framework in shipped_frameworks().values():
        assert list(control_problems(framework.model_dump(mode="json"), may_have_lines=True)) == []
