"""Faults in a template's tags that Jinja does not tell, or tells only once a document is made from it.

Jinja knows a filter only when it compiles the tag, and in an “if” only when the tag is reached. A tag that is
not whole is text to it, and would be printed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from jinja2 import Environment, nodes

_NAMED = ((nodes.Filter, "filter"), (nodes.Test, "test"))
_XML_TAG = re.compile(r"<[^>]*>")
_LOOSE_SIGNS = re.compile(r"\}\s*\}|%\s*\}|#\s*\}|\{\s*\{|\{\s*[%#]")
"""What begins or ends a tag, with or without a space in it. One brace alone is a brace."""
_SINGLE_BRACES = re.compile(r"\{\s*([A-Za-z_]\w*)(?:\.\w+)*\s*\}")
_ALIKE = 0.7
"""Of 1, as difflib measures it: “uper” and “upper” are 0.9 alike, “nice” and “ne” 0.67."""
_TAG_WAS_HERE = "\0"
"""XML has no such character. Without it, the braces at both sides of a tag would be taken for one sign."""


class Fault(NamedTuple):
    """What is wrong with a tag, and the line of the template's source that it is in."""

    what: str
    line: int


def find_tag_fault(tree: nodes.Template, environment: Environment) -> Fault | None:
    """The first unknown filter or test, or macro that names something twice; None where all is well."""
    return next(iter(sorted(_find_tag_faults(tree, environment), key=lambda fault: fault.line)), None)


def _find_tag_faults(tree: nodes.Template, environment: Environment) -> Iterator[Fault]:
    known: Mapping[str, Iterable[str]] = {"filter": environment.filters, "test": environment.tests}
    for kind, called in _NAMED:
        for used in tree.find_all(kind):
            if used.name not in known[called]:
                yield Fault(_describe_unknown_name(used.name, called, known[called]), used.lineno)
    macros: list[nodes.Macro | nodes.CallBlock] = [
        *tree.find_all(nodes.Macro),
        *tree.find_all(nodes.CallBlock),
    ]
    for macro in macros:
        for name, times in Counter(argument.name for argument in macro.args).items():
            if times > 1:
                yield Fault(f"A tag is not right: it has the name “{name}” {times} times.", macro.lineno)


def _describe_unknown_name(name: str, called: str, known: Iterable[str]) -> str:
    """What is wrong with a tag that names a filter or test that there is not, with those that there are."""
    names = sorted(one for one in known if one.isidentifier() and len(one) > 1)  # “d” is short for “default”
    alike = get_close_matches(name, names, n=1, cutoff=_ALIKE)
    meant = f" Perhaps you mean “{alike[0]}”." if alike else ""
    return f"There is no {called} “{name}”.{meant} You can use: {', '.join(names)}."


def find_loose_signs(source: str, environment: Environment) -> Fault | None:
    """The first sign of a tag that is not whole, such as “{office_phone}}”; None where there is none.

    `source` is one that Jinja can parse. What is between “raw” and “endraw” is text that is meant so.
    """
    for number, row in _list_texts(source, environment):
        if found := _LOOSE_SIGNS.search(row):
            signs = "".join(found[0].split())
            return Fault(
                f"The signs “{signs}” are not part of a whole tag, so they would be printed. Write a field "
                "as “{{ name }}”, a tag as “{% … %}” and a note as “{# … #}”, with no space in “{{” or “%}”.",
                number,
            )
    return None


def list_names_in_single_braces(source: str, environment: Environment) -> dict[str, int]:
    """Each name that stands between single braces in the text, as in “{ due }”, with its first line."""
    names: dict[str, int] = {}
    for number, row in _list_texts(source, environment):
        for found in _SINGLE_BRACES.finditer(row):
            names.setdefault(found[1], number)
    return names


def _list_texts(source: str, environment: Environment) -> Iterator[tuple[int, str]]:
    """What is printed of each line of a source outside its tags, with the line's number."""
    rows: defaultdict[int, str] = defaultdict(str)
    is_raw = False
    for number, kind, value in environment.lex(source):
        is_raw = kind == "raw_begin" or (is_raw and kind != "raw_end")
        pieces = value.split("\n") if kind == "data" and not is_raw else [_TAG_WAS_HERE]
        for line, piece in enumerate(pieces, number):
            rows[line] += piece
    text = "\n".join(rows[line] for line in range(1, max(rows, default=0) + 1))
    return enumerate(_XML_TAG.sub(lambda tag: "\n" * tag[0].count("\n"), text).split("\n"), 1)
