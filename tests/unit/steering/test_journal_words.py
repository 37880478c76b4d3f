"""Every kind of journal entry that the program writes has a sentence that an office understands."""

import ast
import importlib
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from peer_challenge.model.messages import MessageState
from peer_challenge.paths import ROOT
from peer_challenge.register import listings
from peer_challenge.register.messages import name_event
from peer_challenge.steering.describe_journal import describe_entries
from peer_challenge.steering.journal_words import IN_BRIEF, JOURNAL_WORDS
from tests.unit.post.conftest import CYCLE, OpenOffice, open_office

__all__ = ["open_office"]
FOLDERS = ("peer_challenge", "dashboard", "cli", "flows", "tasks")
_WRITE = {"append_entry": 1, "append_entries": 1}
"""What writes an entry, and which of its arguments is the kind of entry."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def list_calls(tree: ast.AST, name: str) -> Iterator[tuple[ast.Call, Function | None]]:
    """The calls of a function, by its last name, each with the function that it stands in."""

    def walk(node: ast.AST, within: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
        for child in ast.iter_child_nodes(node):
            inside = child if isinstance(child, Function) else within
            if isinstance(child, ast.Call):
                called = child.func
                last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if last == name:
                    yield child, inside
            yield from walk(child, inside)

    return walk(tree, None)


def find_events(path: Path, value: ast.expr | None, within: Function | None) -> set[str]:
    """Every text that an argument can be; fails where that can't be told from the source."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return find_events(path, value.body, within) | find_events(path, value.orelse, within)
    if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("name_event"):
        return {name_event(state) for state in MessageState}
    if isinstance(value, ast.Name) and within is not None:
        names = [one.arg for one in within.args.args]
        if value.id in names:
            place = names.index(value.id)
            return {
                event
                for call, caller in list_calls(parse(path), within.name)
                for event in find_events(path, call.args[place], caller)
            }
        given = [
            one.value
            for one in ast.walk(within)
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == value.id
        ]
        if given:
            return {event for one in given for event in find_events(path, one, within)}
    if isinstance(value, ast.Name | ast.Attribute):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found = eval(ast.unparse(value), vars(module))
        assert isinstance(found, str)
        return {found}
    raise AssertionError(f"{path}: the kind of entry can't be told from {ast.dump(value) if value else 'it'}")


def list_events_written() -> set[str]:
    paths = [path for name in FOLDERS for path in sorted((ROOT / name).rglob("*.py"))]
    return {
        event
        for path in paths
        if not (path.parent.name == "register" and path.stem == "journal")
        for name, place in _WRITE.items()
        for call, within in list_calls(parse(path), name)
        for event in find_events(path, call.args[place], within)
    }


def test_every_kind_of_entry_that_is_written_has_a_sentence_and_no_other_has() -> None:
    written = list_events_written()
    assert len(written) > 100
    assert sorted(written) == sorted(JOURNAL_WORDS)


@pytest.mark.parametrize("event", sorted(JOURNAL_WORDS))
def test_sentences_are_sentences_and_hold_no_word_of_the_database(event: str) -> None:
    words = JOURNAL_WORDS[event].sentence
    assert words.endswith(".") and (words[0].isupper() or words[0] == "{")
    plain = "".join(part for part, *_ in string.Formatter().parse(words)).lower()
    assert not any(word in plain for word in ("dispatch", "submission", "sha256", "_", "indicator"))
    assert not IN_BRIEF.get(event, "").endswith(".")


def test_entries_are_told_with_names_and_without_ids(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    with office.register.reading() as connection:
        found = describe_entries(connection, listings.list_journal_entries(connection, 1).rows)
    told = [one.sentence for one in found]
    assert f"The cycle “{CYCLE.name}” was opened, with 4 areas." in told, told
    assert "The self-assessment template and the launch letter are ready to go to Ashcombe." in told, told
    assert not any("{" in one or "/" in one for one in told)
