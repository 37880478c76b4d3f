"""One name for each kind, dispatch, stage and date, wherever people read it."""

from pathlib import Path

import pytest

from peer_challenge.model.protective_marking import ORDER, find_highest_marking, is_too_high
from peer_challenge.model.sentences import capitalise_first_letter, name_in_plain_words
from peer_challenge.model.vocabulary import DEADLINE_NAMES, KIND_NAMES, DispatchKind, Kind, Stage
from peer_challenge.word.form.forms import FORMS

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("peer_challenge", "dashboard", "cli", "flows", "tasks")
HOME = ROOT / "peer_challenge" / "model" / "vocabulary.py"


@pytest.mark.parametrize("kind", Kind)
def test_a_forms_title_is_what_its_kind_is_called(kind: Kind) -> None:
    assert FORMS[kind].title == capitalise_first_letter(KIND_NAMES[kind])
    assert name_in_plain_words(kind.value) == KIND_NAMES[kind]


@pytest.mark.parametrize("kind", DispatchKind)
def test_a_dispatch_is_called_by_its_name_and_no_id_is_shown(kind: DispatchKind) -> None:
    assert name_in_plain_words(kind.value) == kind.in_words
    assert "_" not in kind.in_words


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_called_what_it_is(stage: Stage) -> None:
    assert name_in_plain_words(stage.value) == stage.value


def test_no_other_module_has_a_table_of_names_of_dates() -> None:
    names = [name for name in DEADLINE_NAMES.values() if name != "Challenge event"]
    others = [
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path != HOME
        for name in names
        if f'"{name}"' in path.read_text(encoding="utf-8")
    ]
    assert others == []


def test_the_markings_are_ranked_once() -> None:
    assert [marking for marking in ORDER if is_too_high(marking)] == ["SECRET", "TOP SECRET"]
    assert find_highest_marking(["SECRET", None, "OFFICIAL"]) == "SECRET"
