"""YAML as an office writes it: a plain tree with the line of every value. Knows nothing of cycles.

Scalars stay as they were written ("no", "17:00", "2027-01-11"). So YAML's own guesses never turn a name
into `false` or a time into a number; the schema decides what a value is.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from peer_challenge.system.read_yaml import LOADER, Loader

Path_ = tuple[str | int, ...]
Entry = dict[str, object]
"""A mapping as an office wrote it: texts, None, lists and mappings, by their names."""
Place = Path_ | str
"""Where a mistake is: the path of a value, or words where no value is ("line 3")."""
Problem = tuple[Place, str]
"""A place, and what is wrong there."""
PlacedProblem = tuple[Path_, str]
"""What is wrong with one value, by its path."""
MOST_BYTES = 2_000_000
"""Of an uploaded file: a table of 1,000 areas has 700,000 even unpacked, so what is larger is no table."""
_MOST_TEXT = 500_000
"""Bytes of a cycle file or framework; one of 150 areas has 100,000."""
_MOST_TO_EXPLAIN = 100_000
"""Characters of a text whose mistake is looked for by the slow parser, which has the better words for it."""
_MOST_PROBLEMS = 200
"""More than anybody corrects before trying again; a file of another kind has one on every line."""
_DEEPEST = 20
"""A cycle file has five levels, a framework eight; brackets without end would exhaust Python's stack."""
_NULLS = {"", "~", "null", "Null", "NULL"}


class Mark(Protocol):
    """A place in a text. PyYAML's two parsers have a class of marks each."""

    line: int
    index: int


@dataclass(slots=True)
class Tree:
    """`data` as plain dicts, lists, strings and None; `places` says where in the file each path is.

    `has_areas` is False where the areas are in a table that could not be read.
    """

    data: object = None
    places: dict[Path_, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    has_areas: bool = True

    @property
    def entries(self) -> Entry:
        """The file's own entries. Raises TypeError where the file is not a mapping."""
        if not isinstance(self.data, dict):
            raise TypeError("not a mapping")
        return self.data

    def place(self, path: Place) -> str:
        """Where `path` is in the file, or else the nearest value around it whose place is known."""
        if isinstance(path, str):
            return path
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return "line 1"


def read_tree(path: Path) -> Tree:
    """The YAML file `path` as a Tree. Mistakes are listed in its `problems`."""
    return read_tree_in(path.name, path.read_bytes())


def read_tree_in(name: str, raw: bytes) -> Tree:
    """The YAML file with this name and content as a Tree. Mistakes are listed in its `problems`."""
    tree = Tree()
    if len(raw) > _MOST_TEXT:
        tree.problems.append(((), "The file is too large to be a cycle file. Was the wrong file named?"))
        return tree
    text, assumed = decode_file_text(raw)
    if assumed:
        tree.warnings.append(f"{name}: {assumed}")
    if text is None:
        tree.problems.append(((), "This is not a text file. Save it as plain text (UTF-8) and try again."))
        return tree
    _parse_into_tree(text, tree)
    return tree


def decode_file_text(raw: bytes, older: str = "cp1252", whose: str = "Windows") -> tuple[str | None, str]:
    """The text of a file, or None where it is no text, and what was assumed to read it ("" when nothing).

    A file that is not Unicode is read in the encoding `older`, which people know as that of `whose` programs.
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


def _parse_into_tree(text: str, tree: Tree) -> None:
    text = _without_tabs(text, tree)
    try:
        node = _compose_root_node(text, tree)
    except yaml.MarkedYAMLError as error:
        tree.problems.append(
            (_describe_line(error.problem_mark or error.context_mark), _explain_syntax_error(error))
        )
        return
    except yaml.YAMLError:
        tree.problems.append(((), "A character in this file can't be read. Save it as plain text (UTF-8)."))
        return
    tree.data = _convert_node(node, (), tree) if node else None
    if len(tree.problems) > _MOST_PROBLEMS:
        last, _ = tree.problems[_MOST_PROBLEMS]
        tree.problems[_MOST_PROBLEMS:] = [(last, "There are more mistakes; correct these first.")]
        tree.data = None


def _without_tabs(text: str, tree: Tree) -> str:
    """The text with spaces where a line begins with a tab; each such line is a problem."""
    lines = text.splitlines()
    tabs = [n for n, line in enumerate(lines, 1) if re.match(r" *\t", line)]
    if not tabs:
        return text
    words = "The line begins with a tab. Use spaces to indent."
    tree.problems += [(f"line {n}", words) for n in tabs[:_MOST_PROBLEMS]]
    return "\n".join(re.sub(r"^[ \t]+", lambda m: m.group().replace("\t", "  "), line) for line in lines)


def _explain_syntax_error(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if isinstance(error, _TooDeep):
        say = "Entries are nested too deeply. Check the indentation and brackets."
    elif "mapping values are not allowed" in problem:
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
    return say + " We can check the rest of the file once you correct this."


class _TooDeep(yaml.MarkedYAMLError):
    """Entries are nested more deeply than in any cycle file."""


def _compose_root_node(text: str, tree: Tree) -> yaml.Node | None:
    """The text as a node.

    One with a mistake is read again by the parser whose words `_explain_syntax_error` knows.
    """
    for loader in (LOADER, yaml.SafeLoader):
        try:
            plain, problems = _without_references(text, loader)
            node = next(yaml.compose_all(plain, Loader=loader), None)
        except yaml.YAMLError:
            if loader is yaml.SafeLoader or len(text) > _MOST_TO_EXPLAIN:
                raise
        else:
            tree.problems += problems
            return node
    return None


def _without_references(text: str, loader: Loader) -> tuple[str, list[Problem]]:
    """The text with nothing in place of references, and what in it is none of ours. Raises _TooDeep.

    Goes no further than it has to: of 100,000 brackets it sees the first few. What passes can be composed.
    """
    problems: list[Problem] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise _TooDeep(problem_mark=event.start_mark)  # type: ignore[arg-type]
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            words = "References (*name) aren't used here. Write the value out."
            problems.append((_describe_line(event.start_mark), words))
            text = _blank_out(text, event)
            if len(problems) > _MOST_PROBLEMS:
                return "", problems
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                words = "A second document begins here (---). Keep one cycle in a file."
                problems.append((_describe_line(event.start_mark), words))
    return text, problems


def _blank_out(text: str, event: yaml.Event) -> str:
    """The text with YAML's sign for nothing where an event is, as long as before."""
    first, last = (mark.index if mark else 0 for mark in (event.start_mark, event.end_mark))
    return text[:first] + "~".ljust(last - first) + text[last:]


def _convert_node(node: yaml.Node, path: Path_, tree: Tree) -> object:
    """What a node says, as plain data; the line of each value goes into the tree."""
    line = _describe_line(node.start_mark)
    if node.tag.startswith("tag:yaml.org,2002:python"):
        tree.problems.append((line, "Tags (!!) aren't used here. Write the value alone."))
    if isinstance(node, yaml.ScalarNode):
        tree.places[path] = line
        return None if not node.style and node.value in _NULLS else node.value
    tree.places.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        return [_convert_node(item, (*path, n), tree) for n, item in enumerate(node.value)]
    return _convert_mapping(node, path, tree)


def _convert_mapping(node: yaml.Node, path: Path_, tree: Tree) -> Entry:
    held: Entry = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        line = _describe_line(key.start_mark)
        if name in held:
            earlier = tree.place((*path, name))
            tree.problems.append((line, f"`{name}` is given twice (first on {earlier}). Keep one of them."))
        tree.places[*path, name] = line
        held[name] = _convert_node(value, (*path, name), tree)
    return held


def _describe_line(mark: Mark | None) -> str:
    return f"line {mark.line + 1}" if mark else "line 1"
