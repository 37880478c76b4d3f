"""Rules of our English: words and constructions that nobody would say across a desk, and sentences too long.

    python -m scripts.prose_rules

Looks at the documents that people get, the phrases that make them, the pages, what commands print, the docs
and the docstrings.
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
"""Words in a sentence of a document, page or doc: GOV.UK asks for 25, a list of names may need more."""


class Scope(StrEnum):
    """What a text is for. A rule holds in some of these, and in those that are read by more people."""

    DOCUMENT = "a document that people get, or a phrase of one"
    PAGE = "a page of the dashboard, or what a command prints"
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


GOV_UK = (
    ("in order to", "in order (?:to|that|for)", "to"),
    ("prior to", "prior to", "before"),
    ("commence", "commenc(?:e|es|ed|ing|ement)", "begin, start"),
    ("regarding", "regarding|with regards? to|in regard to|as regards", "about"),
    ("in the event of", "in the event (?:of|that)", "if"),
    ("via", "via", "by, through"),
    ("utilise", "utili[sz](?:e|es|ed|ing|ation)", "use"),
    ("ensure", "ensur(?:e|es|ed|ing)", "make sure"),
    ("facilitate", "facilitat(?:e|es|ed|ing|ion)", "help; say what you do to help"),
    ("leverage", "leverag(?:e|es|ed|ing)", "use"),
    ("assist", "assist(?:s|ed|ing)?", "help"),
    ("purchase", "purchas(?:e|es|ed|ing)", "buy"),
    ("approximately", "approximately", "about"),
    ("collaborate", "collaborat(?:e|es|ed|ing)", "work with"),
    ("dialogue", "dialogues?", "talk to people"),
    ("empower", "empower(?:s|ed|ing|ment)?", "say what people can now do"),
    ("foster", "foster(?:s|ed|ing)? (?!car|child|famil|parent)", "encourage, help"),
    ("incentivise", "(?:dis)?incentivi[sz](?:e|es|ed|ing)", "encourage, discourage"),
    ("initiate", "initiat(?:e|es|ed|ing)", "begin, start"),
    ("liaise", "liais(?:e|es|ed|ing)", "work with"),
    ("overarching", "overarching", "leave it out"),
    ("pledge", "pledg(?:e|es|ed|ing)", "say what you are doing"),
    ("ring-fence", "ring-? ?fenc(?:e|es|ed|ing)", "money set aside for"),
    ("robust", "robust(?:ly)?", "say what makes it strong"),
    ("strengthen", "strengthen(?:s|ed|ing)?", "say what you do to it"),
    ("streamline", "streamlin(?:e|es|ed|ing)|slim(?:s|med|ming)? down", "make simpler"),
    ("tackle", "tackl(?:e|es|ed|ing)", "solve, deal with"),
    ("going forward", "going forwards?|one-stop shops?", "from now on; one place"),
    ("eg and ie", r"e\.g\.?|eg|i\.e\.?|ie", "for example, such as; that is"),
)
"""Words to avoid by GOV.UK's style guide, and long ones where plain English has a short one.

Each has a name, a pattern, and what to write instead.

Left out are those that name a thing of this field: the agenda of an event, areas of focus, key strengths, the
impact of training, progress reports. So are words that GOV.UK allows in one sense: a program is deployed.
"""

OWNED = "questions|answers|ratings|self-assessment|response|record"
"""What an area is said to own: of these nobody says “the … of”."""

RULES = (
    Rule("anew", r"\banew\b", "again"),
    Rule("look whether", r"\blook whether\b", "check whether"),
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
    Rule("the questions of", rf"\bthe (?:{OWNED}) of \{{", "the questions of X: X’s questions", SENT),
    Rule("n of n", r"\b([2-9]|[1-9]\d+) of \1\b", "all of them", SENT),
    Rule("for review 1", r"\bfor review (?:\d|\{)", "first progress report", READ_BY_OFFICES),
    Rule("held late", r"\bheld late\b(?!, why)", "after the last day for it", SENT),
    Rule("about when you", r"\babout when you\b", "about the same time as you", SENT),
    Rule("tell the programme office", r"\b(?:tell|ask) \{office\}", "tell us, ask us", SENT),
    Rule("it is not said", r"\Ait is not said\b", "you have not said", SENT),
    Rule(
        "The same, first",
        r"\A\s*The same\b(?! for\b)",
        "say what it is, so that it can be read alone",
        frozenset({Scope.DOCUMENT, Scope.DOCSTRING}),
    ),
    *(Rule(words, rf"\b(?:{pattern})\b", instead) for words, pattern, instead in GOV_UK),
)

EXCEPTIONS = {
    (
        "what is said",
        "peer_challenge/register/decision_tables.py",
    ): "a column's comment, word for word in its migration"
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
SHOWING = (
    "dashboard/**/*.py",
    "cli/**/*.py",
    "peer_challenge/cycle_file/**/*.py",
    "peer_challenge/events/**/*.py",
    "peer_challenge/partners/**/*.py",
    "peer_challenge/post/**/*.py",
    "peer_challenge/register/*.py",
    "peer_challenge/errors.py",
)
"""The code whose texts a page or a command may show."""
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
    if passage.scope in READ_BY_OFFICES:
        for sentence in split_sentences(passage.text):
            is_whole = sentence.endswith((".", "?", "!", ":", ";"))  # a title or a cell has no end
            if is_whole and (words := count_words(sentence)) > LONGEST_SENTENCE:
                instead = f"{words} words: make two sentences of it"
                yield Breach("long sentence", passage.path, passage.line, sentence[:80], instead)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; a colon or semicolon ends one, as a reader can rest there."""
    return [part.strip() for part in re.split(r"(?<=[.!?:;])[”\"]?\s+", text) if part.strip()]


def count_words(sentence: str) -> int:
    """How many words a sentence has. What fills a gap is one, as is code; a link's address is none."""
    sentence = re.sub(r"\]\([^)]*\)", "", sentence)
    return len(re.findall(r"[\w’'-]+", re.sub(r"\{[^{}]*\}|`[^`]*`", "X", sentence)))


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
    scopes = dict.fromkeys(_list_files(SHOWING), Scope.PAGE) | dict.fromkeys(
        _list_files(SPEAKING), Scope.DOCUMENT
    )
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _read_code(path, scopes.get(path))


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
    """The paragraphs of a page's template, each with the line it begins on."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|<!--.*?-->|<script.*?</script>", _keep_lines, text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", lambda gap: "{X}" + "\n" * gap[0].count("\n"), text, flags=re.DOTALL)
    text = re.sub(ENDS_A_PARAGRAPH, lambda match: "\f" + _keep_lines(match), text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|<[^>]*>", _keep_lines, text, flags=re.DOTALL)
    line = 1
    for paragraph in text.split("\f"):
        if words := " ".join(unescape(paragraph).split()):
            start = line + paragraph[: len(paragraph) - len(paragraph.lstrip())].count("\n")
            yield Passage(Scope.PAGE, _name_file(path), start, words)
        line += paragraph.count("\n")


ENDS_A_PARAGRAPH = (
    r"\{%-?\s*(?:else|elif|block|endblock|for|endfor)\b.*?%\}"
    r"|<(?!/?(?:a|abbr|b|bdi|code|em|i|kbd|small|span|strong|time|wbr)\b)[^>]*>"
)
"""A tag that is not part of a line, or an "else": nobody reads both sides of it as one sentence."""


def _keep_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or " "


def _read_docs(path: Path) -> Iterator[Passage]:
    """The paragraphs, points and cells of a doc, wrapped lines joined, each with the line it begins on."""
    is_code, start, paragraph = False, 0, ""
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        is_fence = line.lstrip().startswith("```")
        is_own = is_fence or is_code or not line.strip() or line.startswith(("#", "|", "    "))
        if paragraph and (is_own or POINT.match(line)):
            yield Passage(Scope.DOCS, _name_file(path), start, paragraph)
            paragraph = ""
        if is_fence:
            is_code = not is_code
        elif line.startswith(("#", "|")) and not is_code:
            for cell in line.strip("|").split(" | "):
                yield Passage(Scope.DOCS, _name_file(path), number, cell.strip())
        elif not is_own:
            start = start if paragraph else number
            paragraph = f"{paragraph} {line.strip()}".lstrip()


POINT = re.compile(r"\s*(?:[-*]|\d+\.) ")
"""How a point of a list begins: a paragraph of its own."""


def _read_code(path: Path, scope: Scope | None) -> Iterator[Passage]:
    """The docstrings of a module and, where a scope is given, its texts of some words, without patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node) for node in _list_docstrings(tree)}
    parts = {id(p) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for p in node.values}
    parts |= {id(p) for node in ast.walk(tree) if _is_pattern(node) for p in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in docstrings and isinstance(node, ast.Constant):
            yield Passage(Scope.DOCSTRING, _name_file(path), node.lineno, str(node.value))
        elif scope and id(node) not in parts and len(_read_text(node).split()) >= _FEWEST_WORDS:
            yield Passage(scope, _name_file(path), getattr(node, "lineno", 0), _read_text(node))


def _is_pattern(node: ast.AST) -> bool:
    """Whether a piece of code is a call such as `re.compile(...)`: words to look for, nobody reads them."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )


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
