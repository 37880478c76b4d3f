"""YAML as an office writes it: a plain tree, and the line of every value. Knows nothing of cycles.

Scalars stay as they were written ("no", "17:00", "2027-01-11"), so that YAML's own guesses never
turn a name into `false` or a time into a number; the schema decides what a value is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from peer_challenge.system.read_yaml import LOADER

Path_ = tuple[str | int, ...]
MOST_BYTES = 2_000_000
_MOST_TEXT = 500_000
"""Bytes of a cycle file or framework; one of 150 areas has 100,000."""
_MOST_TO_EXPLAIN = 100_000
"""Characters of a text whose mistake is looked for by the slow parser, which has the better words for it."""
_MOST_PROBLEMS = 200
_DEEPEST = 20
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Tree:
    """`data` as plain dicts, lists, strings and None; `places` says where each path stands.

    `has_areas` is False where they stand in a table that could not be read.
    """

    data: Any = None
    places: dict[Path_, str] = field(default_factory=dict)
    problems: list[tuple[Path_, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    has_areas: bool = True

    def place(self, path: Path_) -> str:
        """Where `path` stands, or the nearest thing around it that has a place."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return "line 1"


def read_tree(path: Path) -> Tree:
    """The YAML file `path` as a Tree. What is wrong with it is in `problems`; nothing is raised."""
    tree = Tree()
    raw = path.read_bytes()
    if len(raw) > _MOST_TEXT:
        tree.problems.append(((), "The file is too large to be a cycle file. Was the wrong file named?"))
        return tree
    text, assumed = decoded(raw)
    if assumed:
        tree.warnings.append(f"{path.name}: {assumed}")
    if text is None:
        tree.problems.append(((), "This is not a text file. Save it as plain text (UTF-8) and try again."))
        return tree
    _build(text, tree)
    return tree


def decoded(raw: bytes, older: str = "cp1252", whose: str = "Windows") -> tuple[str | None, str]:
    """The text of a file, and what had to be assumed to read it ("" when nothing); None where it is no text.

    What is not Unicode is read in the encoding `older`, which people know as that of `whose` programs.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), ""
    if b"\0" in raw:
        return None, ""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        words = f"it is not saved as UTF-8, so it was read as {whose} text; check accented letters."
        return raw.decode(older, errors="replace"), words


def _build(text: str, tree: Tree) -> None:
    tabs = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r" *\t", line)]
    if tabs:
        for n in tabs[:_MOST_PROBLEMS]:
            key: Path_ = ("\t", n)
            tree.places[key] = f"line {n}"
            tree.problems.append((key, "The line begins with a tab. Use spaces to indent."))
        text = "\n".join(
            re.sub(r"^[ \t]+", lambda m: m.group().replace("\t", "  "), line) for line in text.splitlines()
        )
    try:
        _take(text, tree)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        tree.places[("\n",)] = f"line {mark.line + 1}" if mark else "line 1"
        tree.problems.append((("\n",), _syntax(error)))
        tree.data = None
    except yaml.YAMLError:
        tree.problems.append(((), "A character in this file can't be read. Save it as plain text (UTF-8)."))
        tree.data = None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "mapping values are not allowed" in problem:
        say = "There is a second colon here. Put the value in quotes, or check the line above."
    elif "expected <block end>" in problem or "could not find expected ':'" in problem:
        say = "The indentation or a colon is wrong here or just above. Line the entries up as in the example."
    elif "expected ',' or" in problem:
        say = "A list or entry in brackets isn't closed. Check for a missing comma, ] or }."
    elif "unexpected end of stream" in problem or "quoted scalar" in (error.context or ""):
        say = "A quotation mark is opened and not closed. Close it."
    elif "cannot start any token" in problem:
        say = "The value begins with a character that has a meaning of its own. Put the value in quotes."
    else:
        say = "This line can't be read. Check its colon, quotes and indentation."
    return say + " The rest of the file can be checked once this is put right."


def _take(text: str, tree: Tree) -> None:
    """Build the tree; a text with a mistake is read again by the parser whose words `_syntax` knows.

    Events are taken one by one: where one shows that the text is none of ours (100,000 brackets), the parser
    goes no further.
    """
    problems, places = list(tree.problems), dict(tree.places)
    try:
        _Builder(tree).take(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError:
        if len(text) > _MOST_TO_EXPLAIN:
            raise
        tree.data, tree.problems, tree.places = None, problems, places
        _Builder(tree).take(yaml.parse(text, Loader=yaml.SafeLoader))


class _Builder:
    """Builds the tree from parser events, without recursion and without following aliases."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.stack: list[tuple[Any, Path_]] = []
        self.keys: list[str | None] = []
        self.documents = 0

    def take(self, events: Iterable[Any]) -> None:
        for event in events:
            if len(self.tree.problems) > _MOST_PROBLEMS:
                self._problem(event, "There are more mistakes; correct these first.")
                return
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._problem(event, "A second document begins here (---). Keep one cycle in a file.")
                    return
            elif isinstance(event, yaml.NodeEvent):
                if not self._node(event):
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
                self.keys.pop()

    def _node(self, event: yaml.NodeEvent) -> bool:
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, "References (*name) aren't used here. Write the value out.")
            self._put(None, event)
        elif isinstance(event, yaml.ScalarEvent):
            if event.tag and event.tag.startswith("tag:yaml.org,2002:python"):
                self._problem(event, "Tags (!!) aren't used here. Write the value alone.")
            is_null = not event.style and event.value in _NULLS
            self._scalar(None if is_null else event.value, event)
        else:
            if len(self.stack) >= _DEEPEST:
                self._problem(event, "Entries are nested too deeply. Check the indentation and brackets.")
                return False
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        return True

    def _open(self, holder: Any, event: yaml.NodeEvent) -> None:
        path = self._path()
        self._put(holder, event)
        self.stack.append((holder, path))
        self.keys.append(None)

    def _scalar(self, value: str | None, event: yaml.NodeEvent) -> None:
        if not self.stack or isinstance(self.stack[-1][0], list) or self.keys[-1] is not None:
            self._put(value, event)
            return
        holder, path = self.stack[-1]
        key = value or ""
        if key in holder:
            earlier = self.tree.place((*path, key))
            self._problem(event, f"`{key}` is given twice (first on {earlier}). Keep one of them.")
        self.keys[-1] = key
        self.tree.places[(*path, key)] = _line(event)

    def _path(self) -> Path_:
        if not self.stack:
            return ()
        holder, path = self.stack[-1]
        return (*path, len(holder) if isinstance(holder, list) else (self.keys[-1] or ""))

    def _put(self, value: Any, event: yaml.NodeEvent) -> None:
        path = self._path()
        if not isinstance(value, dict | list) or path not in self.tree.places:
            self.tree.places[path] = _line(event)
        if not self.stack:
            self.tree.data = value
            return
        holder = self.stack[-1][0]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[self.keys[-1] or ""] = value
            self.keys[-1] = None

    def _problem(self, event: yaml.Event, words: str) -> None:
        mark = ("\r", len(self.tree.problems))
        self.tree.places[mark] = _line(event)
        self.tree.problems.append((mark, words))


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark else "line 1"
