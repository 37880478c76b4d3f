"""Figures of the code, one a line: `make figures`.

How large it is, how its functions are called, how much is explained, and how many rooms, floors and
arrows the house has. Nothing is judged here; compare with the figures of an earlier day.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from scripts.house import PACKAGES, find_arrows, find_circles, number_floors, read_imports

ROOT = Path(__file__).resolve().parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its text, and what it parses to."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines it has, blank ones too."""
        return len(self.text.splitlines())


def read_sources(root: Path = ROOT, folders: tuple[str, ...] = PACKAGES) -> list[Source]:
    """Every Python file of the product."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return [Source(path, text, ast.parse(text)) for path, text in zip(paths, texts, strict=True)]


def list_functions(sources: list[Source]) -> list[Function]:
    """Every function and method, nested ones too, but for those that Python names (`__len__`)."""
    nodes = (node for source in sources for node in ast.walk(source.tree) if isinstance(node, Function))
    return [node for node in nodes if not (node.name.startswith("__") and node.name.endswith("__"))]


def count_words(name: str) -> int:
    """How many words a name has: `_read_rating` has two."""
    return len(name.strip("_").split("_"))


def count_comment_lines(text: str) -> int:
    """How many lines hold nothing but a comment."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type == tokenize.COMMENT and token.line.lstrip().startswith("#") for token in tokens)


def count_reasons(tree: ast.AST) -> int:
    """How many lines of text stand below a value, and say what it is or why it is this one."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef))
    return sum(
        (below.end_lineno or below.lineno) - below.lineno + 1
        for body in bodies
        for value, below in pairwise(body)
        if isinstance(value, ast.Assign | ast.AnnAssign)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    )


def count_any(tree: ast.AST) -> int:
    """How often `Any` is used as a type; its import does not count."""
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))


def describe_sizes(sources: list[Source], functions: list[Function]) -> Iterator[tuple[str, str]]:
    """The sizes of modules and functions, in lines."""
    of_modules = sorted(source.lines for source in sources)
    of_functions = sorted((node.end_lineno or node.lineno) - node.lineno + 1 for node in functions)
    yield "product lines", f"{sum(of_modules):,}"
    for package in PACKAGES:
        inside = [source.lines for source in sources if package in source.path.relative_to(ROOT).parts[:1]]
        yield f"  {package}", f"{sum(inside):,} in {len(inside)} modules"
    yield "modules", f"{len(sources)}: {describe_spread(of_modules)} lines"
    yield "functions", f"{len(functions):,}: {describe_spread(of_functions)} lines"


def describe_spread(numbers: list[int]) -> str:
    """The median, the 95th of a hundred and the highest of sorted numbers."""
    most = numbers[int(len(numbers) * 0.95)]
    return f"median {median(numbers):g}, 95 % up to {most}, longest {numbers[-1]}"


def describe_names(functions: list[Function]) -> Iterator[tuple[str, str]]:
    """How functions are called, and how many say what they do."""
    names = [node.name.strip("_") for node in functions]
    one_word = sum(count_words(name) == 1 for name in names)
    explained = sum(ast.get_docstring(node) is not None for node in functions)
    docstrings = [len(re.findall(r"\S+", text)) for node in functions if (text := ast.get_docstring(node))]
    yield "letters of a function's name", f"median {median(map(len, names)):g}"
    yield "functions of one word", f"{one_word / len(names):.0%}"
    yield "functions with docstring", f"{explained / len(names):.0%}"
    yield "words of a docstring", f"median {median(docstrings):g}"


def describe_text(sources: list[Source]) -> Iterator[tuple[str, str]]:
    """Comments, and types that say nothing."""
    lines = sum(source.lines for source in sources)
    comments = sum(count_comment_lines(source.text) for source in sources)
    anything = sum(count_any(source.tree) for source in sources)
    reasons = sum(count_reasons(source.tree) for source in sources)
    yield "comment lines per 100", f"{100 * comments / lines:.1f}"
    yield "reasons of values per 100", f"{100 * reasons / lines:.1f}"
    yield "`Any` per 1,000 lines", f"{1000 * anything / lines:.1f}"


def describe_house() -> Iterator[tuple[str, str]]:
    """Rooms, floors, arrows between rooms, and circles of modules."""
    imports = read_imports()
    arrows = find_arrows(imports)
    circles = find_circles(imports) or find_circles(arrows)
    yield "rooms", str(len(arrows))
    yield "floors", "none (circles)" if circles else str(max(number_floors(arrows).values()))
    yield "arrows between rooms", str(sum(map(len, arrows.values())))
    yield "circles", str(len(circles))


def list_figures() -> Iterator[tuple[str, str]]:
    """Every figure with what it is of."""
    sources = read_sources()
    functions = list_functions(sources)
    yield from describe_sizes(sources, functions)
    yield from describe_names(functions)
    yield from describe_text(sources)
    yield from describe_house()


if __name__ == "__main__":
    for name, figure in list_figures():
        print(f"{name:<30} {figure}")
