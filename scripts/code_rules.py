"""Rules of this code that ruff does not know: ways in which words get out or others get in, twins,
and numbers that nobody can judge.

    python -m scripts.code_rules

Prints each place that breaks one, and ends with 1 if there is any. What may differ is in `EXCEPTIONS`.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("peer_challenge", "cli", "dashboard", "tasks", "flows", "scripts")
PAGES = ("templates/web",)

EXCEPTIONS = {
    ("clock", "peer_challenge/clock.py"): "the one place that reads the machine's clock",
    ("clock", "peer_challenge/operations/prefect_runs.py"): "compared with times that Prefect wrote",
    ("clock", "cli/prefect_deployments.py"): "compared with times that Prefect wrote",
    ("clock", "scripts/release.py"): "the day that a release is dated with",
    ("clock", "cli/processes.py"): "how long a process has run, which is no time of the office's",
    ("challenge id", "peer_challenge/model/challenge_ids.py"): "the one place that knows what it is made of",
    (
        "challenge id",
        "peer_challenge/register/migrations/versions/0006_who_wrote_and_who_was_sent.py",
    ): "a migration stays as it was, whatever becomes of ids",
    ("yaml", "peer_challenge/system/read_yaml.py"): "the one place that names the safe loader",
    (
        "pickle",
        "peer_challenge/word/process/reader_main.py",
    ): "from its own parent, over a pipe that nobody else has",
    ("sql", "peer_challenge/register/database.py"): "numbers and names that the code has",
    ("xml", "peer_challenge/dispatches/regional_tables.py"): "styles that openpyxl made a moment before",
    ("xml", "peer_challenge/rehearsal/handwriting.py"): "a form that the rehearsal itself made",
    ("markup", "dashboard/pages/statements.py"): "the parser of Markdown escapes HTML",
    ("markup", "peer_challenge/word/package/xml_text.py"): "what it wraps was escaped in the same line",
}
"""By rule and file, why the rule does not hold there."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A place that breaks a rule."""

    rule: str
    path: str
    line: int
    why: str


def _name_of(call: ast.Call) -> str:
    """What is called, with its dots: `yaml.load`; "" where it has no plain name."""
    return ast.unparse(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _is_composed(node: ast.expr) -> bool:
    """Whether a text is put together where it is used, from more than literals."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) or _is_composed(node.left) or _is_composed(node.right)
    return isinstance(node, ast.Call) and _name_of(node).endswith(".format")


def _yaml(call: ast.Call) -> str:
    is_any = _name_of(call) in ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load")
    loader = _keyword(call, "Loader")
    is_safe = loader is not None and "safe" in ast.unparse(loader).lower()
    return (
        "YAML that can make any object: use peer_challenge.system.read_yaml" if is_any and not is_safe else ""
    )


def _shell(call: ast.Call) -> str:
    is_shell = _is_true(_keyword(call, "shell")) or _name_of(call) in ("os.system", "os.popen")
    return "a shell reads the command: give a list of words" if is_shell else ""


def _pickle(call: ast.Call) -> str:
    names = ("pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "dill.loads", "cloudpickle.loads")
    return "whoever wrote it runs code here: use JSON" if _name_of(call) in names else ""


def _temporary(call: ast.Call) -> str:
    return (
        "somebody else may make that file first: use mkstemp" if _name_of(call) == "tempfile.mktemp" else ""
    )


def _sql(call: ast.Call) -> str:
    name = _name_of(call)
    is_sql = name in ("text", "sa.text", "sqlalchemy.text")
    is_sql |= name.endswith((".exec_driver_sql", ".executescript", ".execute", ".executemany"))
    is_composed = is_sql and any(map(_is_composed, call.args))
    return "SQL put together from parts: use parameters" if is_composed else ""


def _markup(call: ast.Call) -> str:
    is_markup = _name_of(call).rpartition(".")[2] == "Markup" and call.args
    is_literal = is_markup and isinstance(call.args[0], ast.Constant)
    return "markup that is not escaped: use Markup('...').format()" if is_markup and not is_literal else ""


def _evaluation(call: ast.Call) -> str:
    return "runs what it is given as code" if _name_of(call) in ("eval", "exec") else ""


def _unpacking(call: ast.Call) -> str:
    return (
        "unpacks names that nobody checked"
        if _name_of(call).endswith((".extractall", ".unpack_archive"))
        else ""
    )


def _certificate(call: ast.Call) -> str:
    told = _keyword(call, "verify")
    is_off = isinstance(told, ast.Constant) and told.value is False
    return "no certificate is checked" if is_off or "_create_unverified_context" in _name_of(call) else ""


def _xml(call: ast.Call) -> str:
    is_parsing = _name_of(call) in ("etree.fromstring", "etree.parse", "etree.XML", "etree.iterparse")
    has_parser = len(call.args) > 1 or _keyword(call, "parser") is not None
    return "XML read without the parser that resolves nothing" if is_parsing and not has_parser else ""


_TOUCHING = ("open", "read_bytes", "read_text", "write_bytes", "write_text", "rename", "replace", "unlink")


def _inbox(call: ast.Call) -> str:
    """A file in the inbox is anybody's: the inbox's own module opens it, and follows no link."""
    is_touching = isinstance(call.func, ast.Attribute) and call.func.attr in _TOUCHING
    is_inbox = is_touching and "inbox_folder" in ast.unparse(call.func)
    return "opens what lies in the inbox: go through peer_challenge.intake.inbox" if is_inbox else ""


_CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")


def _find_clock(call: ast.Call) -> str:
    is_clock = _name_of(call).removeprefix("datetime.") in _CLOCKS or _name_of(call) in _CLOCKS
    return "reads the machine's clock: use peer_challenge.clock.read_clock" if is_clock else ""


_SPLITTING = ("partition", "rpartition", "split", "rsplit")


def _find_split_id(call: ast.Call) -> str:
    is_split = isinstance(call.func, ast.Attribute) and call.func.attr in _SPLITTING
    is_id = is_split and "challenge" in ast.unparse(call.func) and "'/'" in map(ast.unparse, call.args)
    return "takes a challenge's id apart: use peer_challenge.model.challenge_ids" if is_id else ""


_OF_CALLS: dict[str, Callable[[ast.Call], str]] = {
    "yaml": _yaml,
    "shell": _shell,
    "pickle": _pickle,
    "temporary": _temporary,
    "sql": _sql,
    "markup": _markup,
    "evaluation": _evaluation,
    "unpacking": _unpacking,
    "certificate": _certificate,
    "xml": _xml,
    "inbox": _inbox,
    "clock": _find_clock,
    "challenge id": _find_split_id,
}
_LOGGING = ("debug", "info", "warning", "error", "critical", "exception")


def _is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _LOGGING
        and re.fullmatch(r"_?log(ger|ging)?", ast.unparse(node.func.value)) is not None
    )


def _quoted_errors(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Log calls that quote an error: it may hold an area's words. `describe_error` quotes nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.name:
            for call in filter(_is_log, ast.walk(node)):
                assert isinstance(call, ast.Call)
                if any(
                    _quotes(value, node.name) for value in (*call.args, *(k.value for k in call.keywords))
                ):
                    yield (
                        call.lineno,
                        "the log quotes an error, which may quote a document: use logs.describe_error",
                    )
        if _is_log(node) and isinstance(node, ast.Call):
            is_traced = _is_true(_keyword(node, "exc_info")) or ast.unparse(node.func).endswith(".exception")
            if is_traced:
                yield node.lineno, "a trace in the log may quote a document: use logs.describe_error"


def _quotes(node: ast.expr, error: str) -> bool:
    if isinstance(node, ast.Call) and _name_of(node).rpartition(".")[2] in (
        "describe_error",
        "type",
        "strerror",
    ):
        return False
    if isinstance(node, ast.Attribute):
        return False  # a field of it, such as its exit code
    if isinstance(node, ast.Name):
        return node.id == error
    return any(_quotes(child, error) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _told_twice(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """A refusal and its remedy put together by hand: that is what `in_full` is."""
    for node in ast.walk(tree):
        shown = [ast.unparse(one.value) for one in ast.walk(node) if isinstance(one, ast.FormattedValue)]
        is_told = any(f"{one}.remedy" in shown for one in shown if one != "self")
        if isinstance(node, ast.JoinedStr) and is_told:
            yield node.lineno, "a refusal with its remedy: use `in_full`"


_REASON = re.compile(r"#(?!\s*(?:noqa|type:|fmt:))")


def _is_arithmetic(node: ast.AST) -> bool:
    """Whether an expression is made of numbers, and of names and calls that give some."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.BinOp):
        return _is_arithmetic(node.left) and _is_arithmetic(node.right)
    if isinstance(node, ast.Call):
        return all(map(_is_arithmetic, (*node.args, *(keyword.value for keyword in node.keywords))))
    return isinstance(node, ast.Name | ast.Attribute) or (
        isinstance(node, ast.UnaryOp) and _is_arithmetic(node.operand)
    )


_MADE_OF_NUMBERS = ("timedelta", "datetime.timedelta", "Bounds", "Limits")


def _is_threshold(node: ast.expr | None) -> bool:
    """Whether a value is a number, arithmetic with some, several, or bounds; no other call, and no name."""
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_is_threshold, node.elts))
    is_span = isinstance(node, ast.Call) and _name_of(node) in _MADE_OF_NUMBERS
    is_number = isinstance(node, ast.Constant | ast.BinOp | ast.UnaryOp) or is_span
    return (
        node is not None
        and is_number
        and _is_arithmetic(node)
        and any(isinstance(part, ast.Constant) for part in ast.walk(node))
    )


def _is_code(node: ast.expr, text: str) -> bool:
    """Whether a number is written as the code of something, in a standard or in Unicode: 0x20."""
    return (ast.get_source_segment(text, node) or "").startswith("0x")


def _list_targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    """What a value is assigned to: each by itself in `LEAST, MOST = 4, 5`."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [part for one in targets for part in (one.elts if isinstance(one, ast.Tuple) else [one])]


def _unexplained_numbers(tree: ast.Module, text: str) -> Iterator[tuple[int, str]]:
    """Numbers of a module in capitals without a reason: a string below, or a comment beside or above."""
    lines = ["", *text.split("\n")]
    for node, below in pairwise([*tree.body, ast.Pass()]):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not _is_threshold(node.value):
            continue
        is_constant = any(isinstance(name, ast.Name) and name.id.isupper() for name in _list_targets(node))
        is_told = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        above = lines[node.lineno - 1]
        beside = lines[node.lineno : (node.end_lineno or node.lineno) + 1]
        is_constant &= not (isinstance(node.value, ast.Tuple) and _is_code(node.value.elts[0], text))
        is_told |= any(map(_REASON.search, (above if above.startswith("#") else "", *beside)))
        if is_constant and not is_told:
            yield node.lineno, "a number without its reason: say below or beside it why it is this one"


_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SELF_EVIDENT = 9
"""Smaller counts are read off the line: two words, three columns, an empty list."""
_WAITS = ("time.sleep", "asyncio.sleep", "sleep")


def _is_own_number(node: ast.expr, text: str) -> bool:
    """Whether somebody chose this number: no code point (0x20), no small count, no share of all (1.0)."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int | float):
        return False
    if isinstance(node.value, float):
        return node.value not in (0.0, 1.0)
    return node.value > _SELF_EVIDENT and not _is_code(node, text)


def _unexplained_bounds(tree: ast.Module, text: str) -> Iterator[tuple[int, str]]:
    """Numbers in the code itself by which it decides or waits, with no comment beside or above."""
    lines = ["", *text.split("\n")]
    for node in ast.walk(tree):
        numbers: list[ast.expr] = []
        if isinstance(node, ast.Compare) and any(isinstance(sign, _ORDER) for sign in node.ops):
            numbers = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and _name_of(node) in _WAITS:
            numbers = [*node.args[:1]]
        for number in numbers:
            above = lines[number.lineno - 1].strip()
            is_told = _REASON.search(lines[number.lineno]) or above.startswith("#")
            if _is_own_number(number, text) and not is_told:
                yield number.lineno, "a bound without its reason: say beside or above it why it is this one"


_WITHOUT_BOUNDS = ("peer_challenge/rehearsal/", "peer_challenge/register/migrations/")
"""Chances thrown for a fictional region decide about nobody; a migration repeats what was decided once."""


def find_in_code(path: str, text: str) -> list[Breach]:
    """The places of a Python file that break a rule."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [
        Breach(rule, path, call.lineno, why)
        for rule, check in _OF_CALLS.items()
        for call in calls
        if (why := check(call))
    ]
    found += [Breach("remedy", path, line, why) for line, why in _told_twice(tree)]
    if not path.startswith("scripts/"):
        found += [Breach("number", path, line, why) for line, why in _unexplained_numbers(tree, text)]
        if not path.startswith(_WITHOUT_BOUNDS):
            found += [Breach("number", path, line, why) for line, why in _unexplained_bounds(tree, text)]
    return found + [Breach("log", path, line, why) for line, why in _quoted_errors(tree)]


_UNESCAPED = re.compile(r"(?P<what>'[^'{}]*'|\"[^\"{}]*\"|[\w.()\[\]]+)\s*\|\s*safe\b|autoescape\s+false")


_PRESSED_TWICE = re.compile(r"<button(?![^>]*data-module=\"govuk-button\")[^>]*data-prevent-double-click")


def find_in_page(path: str, text: str) -> list[Breach]:
    """The places of a web page's template that break a rule.

    What is shown unescaped and is no literal, and buttons that say they can't be pressed twice and can.
    """
    found = [
        (match.start(), "page", "shown unescaped")
        for match in _UNESCAPED.finditer(text)
        if not (match["what"] or "").startswith(("'", '"'))
    ]
    found += [
        (match.start(), "button", "nothing keeps it from a second press: add data-module")
        for match in _PRESSED_TWICE.finditer(text)
    ]
    return [Breach(rule, path, text[:at].count("\n") + 1, why) for at, rule, why in found]


def find_all(root: Path = ROOT) -> list[Breach]:
    """Every breach in the code and its pages, those of `EXCEPTIONS` too."""
    found = []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            found += find_in_code(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    for folder in PAGES:
        for file in sorted((root / folder).rglob("*.*")):
            if file.suffix in (".html", ".jinja", ".xml"):
                found += find_in_page(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    return found


def is_excepted(breach: Breach) -> bool:
    """Whether there is a reason for it."""
    return (breach.rule, breach.path) in EXCEPTIONS


if __name__ == "__main__":
    breaches = [breach for breach in find_all() if not is_excepted(breach)]
    for breach in breaches:
        print(f"{breach.path}:{breach.line}: {breach.rule}: {breach.why}")
    print(f"{len(breaches)} places break a rule." if breaches else "The code keeps its own rules.")
    sys.exit(1 if breaches else 0)
