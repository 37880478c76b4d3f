"""The figures of the code count what they say that they count."""

import ast
from pathlib import Path

from scripts.figures import (
    Source,
    count_any,
    count_comment_lines,
    count_reasons,
    count_words,
    list_figures,
    list_functions,
)

CODE = '''"""A module."""
from typing import Any

# why it is so
def read_rating(text: Any) -> "Any":
    """The rating."""
    def told() -> None: ...  # not a line of its own
    return "# no comment"


class Reader:
    def __len__(self) -> int: ...
    async def _read(self) -> Any: ...
'''


def test_every_function_counts_but_those_that_python_names() -> None:
    functions = list_functions([Source(Path("a.py"), CODE, ast.parse(CODE))])
    assert sorted(function.name for function in functions) == ["_read", "read_rating", "told"]


def test_a_leading_underscore_is_no_word() -> None:
    assert [count_words(name) for name in ("told", "_told", "_read_rating")] == [1, 1, 2]


def test_a_comment_counts_where_it_has_its_line_alone() -> None:
    assert count_comment_lines(CODE) == 1


def test_what_stands_below_a_value_counts_as_its_reason() -> None:
    assert count_reasons(ast.parse(CODE)) == 0
    assert (
        count_reasons(
            ast.parse('MOST = 5\n"""Why\nfive."""\nclass A:\n    """No value."""\n    a = 1\n    "b"')
        )
        == 3
    )


def test_any_counts_where_it_is_a_type() -> None:
    assert count_any(ast.parse(CODE)) == 2


def test_each_figure_is_given_once_and_circles_are_none() -> None:
    figures = list(list_figures())
    names = [name for name, _ in figures]
    assert len(names) == len(set(names))
    assert dict(figures)["circles"] == "0"


def test_values_have_types_but_at_the_edge_of_a_library() -> None:
    assert float(dict(list_figures())["`Any` per 1,000 lines"]) < 2
