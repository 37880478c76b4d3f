"""Rules of our English: words and constructions that nobody would say across a desk, and sentences too long.

    python -m scripts.prose_rules

Looks at the documents that people get, the phrases that make them, the pages, the docs and the docstrings.
Prints each place that breaks a rule, and ends with 1 if there is any. What may differ is in `EXCEPTIONS`.
"""

import ast
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("peer_challenge", "cli", "dashboard", "tasks", "flows", "scripts")
DOCS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md")
LONGEST_SENTENCE = 30
"""Words in a sentence of a document that people get: GOV.UK asks for 25, a list of names may need more."""


class Scope(StrEnum):
    """What a text is for. A rule holds in some of these, and in those that are read by more people."""

    DOCUMENT = "a document that people get, or a phrase of one"
    PAGE = "a page of the dashboard"
    DOCS = "the docs"
    DOCSTRING = "a docstring"


EVERYWHERE = frozenset(Scope)
READ_BY_OFFICES = frozenset({Scope.DOCUMENT, Scope.PAGE, Scope.DOCS})
SENT = frozenset({Scope.DOCUMENT, Scope.PAGE})


@dataclass(frozen=True, slots=True)
class Rule:
    """A word or construction that we do without, where, and what to write instead."""

    name: str
    pattern: str
    instead: str
    scopes: frozenset[Scope] = EVERYWHERE

    def find(self, text: str) -> re.Match[str] | None:
        """The first place in a text that breaks the rule."""
        return re.search(self.pattern, text, re.IGNORECASE)


RULES = (
    Rule("anew", r"\banew\b", "again"),
    Rule("mend", r"\bmend(s|ed|ing)?\b", "correct"),
    Rule("whoever", r"\bwhoever\b", "the person who, anyone who"),
    Rule("thereof", r"\b(thereof|therein|thereby|hereby|herewith)\b", "of it, in it"),
    Rule("what is said", r"\bwhat is said\b", "name the thing: the words, the sentence"),
    Rule("the same of", r"\bthe same of\b", "name the thing again"),
    Rule("holds up", r"\bholds? (?:\w+ ){0,3}up\b(?! to)", "delays"),
    Rule("as it comes", r"\bas it comes\b", "as people send it"),
    Rule("put right", r"\b(?:put|puts|putting) (?:\w+ )?right\b", "correct"),
    Rule("nothing is lost of", r"\bnothing is lost of\b", "all of ... is kept"),
    Rule("all the same", r"\b(?:counts|in) all the same\b", "still; we have accepted it", READ_BY_OFFICES),
    Rule("need do", r"\bneeds? do\b", "do not need to do", READ_BY_OFFICES),
    Rule("none of this", r"\bnone of this holds\b", "you do not need to do anything about these"),
    Rule("is called that", r"\bis called that\b", "we could not find", READ_BY_OFFICES),
    Rule("said below", r"\bsaid (?:below|above)\b", "these points", READ_BY_OFFICES),
    Rule(
        "stands",
        r"\bstands?\b(?! for\b| out\b| in the way\b|-in\b)",
        "is",
        READ_BY_OFFICES,
    ),
    Rule("a child could be known", r"\bcould be known\b", "that could identify a child", SENT),
    Rule("persons' names", r"\bpersons['’] names\b", "job titles, not names", SENT),
    Rule("choose a day", r"\bchoose a day\b", "choose a date", SENT),
    Rule("state of the program", r"\b(?:is|was|were|are) (?:queried|warned)\b", "we asked, we noted", SENT),
    Rule("how does that stand", r"\bhow does that stand\b", "what is the position on", READ_BY_OFFICES),
    Rule(
        "The same, first",
        r"\A\s*The same\b(?! for\b)",
        "say what it is, so that it can be read alone",
        frozenset({Scope.DOCUMENT, Scope.DOCSTRING}),
    ),
)

EXCEPTIONS = {
    (
        "what is said",
        f"templates/frameworks/working-together-{edition}.yaml",
    ): "what is said to a family, aloud"
    for edition in (2023, 2026)
}
"""By rule and file, why the rule does not hold there."""

PHRASES = ("templates/advice/prompts.yaml", "templates/frameworks/*.yaml")
PHRASE = re.compile(r"""\s*(?:- )?(?:\d|mention|title|prompt|RED|AMBER|GREEN): "(.*)"\s*""")
"""A line of a phrase file that gives words for people to read; the others are words to look for."""
SPEAKING = (
    "peer_challenge/dispatches/*.py",
    "peer_challenge/submissions/*.py",
    "peer_challenge/word/reader_findings.py",
    "peer_challenge/intake/*.py",
    "peer_challenge/model/vocabulary.py",
    "peer_challenge/word/form/row_guidance.py",
)
"""The code whose texts go into documents: a text of four words or more in it is one that people may get."""
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its place."""

    scope: Scope
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A place that breaks a rule."""

    rule: str
    path: str
    line: int
    text: str
    instead: str


def find_breaches(passage: Passage) -> Iterator[Breach]:
    """The rules that a passage breaks, the exceptions left out."""
    for rule in RULES:
        if passage.scope in rule.scopes and (match := rule.find(passage.text)):
            around = passage.text[max(match.start() - 40, 0) : match.end() + 40]
            yield Breach(rule.name, passage.path, passage.line, around, rule.instead)
    if passage.scope is Scope.DOCUMENT and passage.text.rstrip().endswith((".", "?", "!")):
        for sentence in split_sentences(passage.text):
            if (words := count_words(sentence)) > LONGEST_SENTENCE:
                instead = f"{words} words: make two sentences of it"
                yield Breach("long sentence", passage.path, passage.line, sentence[:80], instead)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; a colon or semicolon ends one, as a reader can rest there."""
    return [part.strip() for part in re.split(r"(?<=[.!?:;])[”\"]?\s+", text) if part.strip()]


def count_words(sentence: str) -> int:
    """How many words a sentence has; what fills a gap counts as one."""
    return len(re.findall(r"[\w’'-]+", re.sub(r"\{[^{}]*\}", "X", sentence)))


def list_passages() -> Iterator[Passage]:
    """Every text that the rules are for."""
    for path in sorted((ROOT / "templates/word").glob("*.docx")):
        yield from _read_word_template(path)
    for path in _list_files(PHRASES):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if phrase := PHRASE.fullmatch(line):
                yield Passage(Scope.DOCUMENT, _name_file(path), number, phrase[1])
    for path in sorted((ROOT / "templates/web").glob("*.html")):
        yield from _read_page(path)
    for path in _list_files(DOCS):
        yield from _read_docs(path)
    speaking = set(_list_files(SPEAKING))
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _read_code(path, is_speaking=path in speaking)


def _list_files(patterns: Iterable[str]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _name_file(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _read_word_template(path: Path) -> Iterator[Passage]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        xml = package.read("word/document.xml").decode()
    for number, piece in enumerate(xml.split("</w:p>"), 1):
        text = unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", piece)))
        text = re.sub(r"\{\{.*?\}\}", "{X}", re.sub(r"\{%.*?%\}", "", text))
        if text.strip():
            yield Passage(Scope.DOCUMENT, _name_file(path), number, text)


def _read_page(path: Path) -> Iterator[Passage]:
    """The words of a page's template between its tags, each with its line."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|<!--.*?-->|<script.*?</script>", _keep_lines, text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "{X}", re.sub(r"\{%.*?%\}|<[^>]*>", _keep_lines, text, flags=re.DOTALL))
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Passage(Scope.PAGE, _name_file(path), number, line.strip())


def _keep_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or " "


def _read_docs(path: Path) -> Iterator[Passage]:
    is_code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and not line.startswith("    "):
            yield Passage(Scope.DOCS, _name_file(path), number, line)


def _read_code(path: Path, *, is_speaking: bool) -> Iterator[Passage]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node) for node in _list_docstrings(tree)}
    parts = {id(p) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for p in node.values}
    for node in ast.walk(tree):
        if id(node) in docstrings and isinstance(node, ast.Constant):
            yield Passage(Scope.DOCSTRING, _name_file(path), node.lineno, str(node.value))
        elif is_speaking and id(node) not in parts and len(_read_text(node).split()) >= _FEWEST_WORDS:
            yield Passage(Scope.DOCUMENT, _name_file(path), getattr(node, "lineno", 0), _read_text(node))


def _list_docstrings(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts that are a statement of their own: docstrings, and the words below a constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _read_text(node: ast.AST) -> str:
    """A text in code, with its gaps as "{X}"; "" for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{X}" for part in node.values)
    return ""


def find_all() -> list[Breach]:
    """Every breach, those of `EXCEPTIONS` left out."""
    found = (breach for passage in list_passages() for breach in find_breaches(passage))
    return [breach for breach in found if (breach.rule, breach.path) not in EXCEPTIONS]


def main() -> int:
    """Print what breaks a rule; returns how the command ends."""
    found = find_all()
    for breach in found:
        where = f"{breach.path}:{breach.line}"
        print(f"{where}: {breach.rule}: “{' '.join(breach.text.split())}”. Instead: {breach.instead}.")
    print(f"{len(found)} places to reword." if found else "The prose keeps its own rules.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
