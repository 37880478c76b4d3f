"""What the documentation of findings says, made from the suites and the reader's own codes."""

from collections.abc import Iterable, Iterator

from peer_challenge.intake import arrival_findings
from peer_challenge.intake.emails import email_findings
from peer_challenge.model.vocabulary import Kind
from peer_challenge.paths import ROOT
from peer_challenge.submissions.check_suite import Check
from peer_challenge.submissions.suite_of_each_kind import SUITES
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.reader_findings import CODES

_HEAD = """# Findings

Made by `python -m scripts.findings_page`; do not edit it by hand.

Every finding has a code that does not change, a severity, a message and a remedy. What they mean
for the document:

| severity | the document |
|---|---|
| reject | is not taken in; the sender is told why |
| query | waits; the sender gets a letter with the questions and its own file with a comment at each |
| warn | is taken in; the sender and the office are told what was assumed |
| note | is taken in; the office can see it |

A cycle may change the severity of each, or leave it out, in its file:

    rules:
      checks: {strengths.no_evidence: off, text.over_limit: query, sign_off: warn}

by its code, or by what is before the point for a whole family; `off` and `allow` leave it out.
`sign_off: warn` and `not_applicable: query` are short for the two that differ most between regions.
Leave `disclosure` alone unless your information officer agrees. What makes it doubtful whose a form is
(the queries of the family `identity`) can't be changed: such a form has `identity.held` and waits for
the office, and nobody gets a letter about it.

`evidence.not_there` asks for evidence that an answer names ("Evidence 4.2a", "Appendix C") and that did
not come. We look for its name in the same ZIP file or email as the form, and for a heading with that
name in the form, outside its tables. A public link later in the same sentence counts too. The names of
files embedded in the form are not known: as many count as there are. A file that is put into the inbox
by itself belongs to no form.

The suites are written in the words of Great Expectations: `peer-challenge suites FOLDER` writes its
Data Docs, pages to open in a browser, which say how each is looked for.

Words in braces are filled in when the finding is made. The column says where the finding is;
"row" is a whole row, "document" the form as a whole.
"""


def findings_page() -> str:
    """The page docs/findings.md, as Markdown."""
    pages = [_HEAD]
    for kind, suite in SUITES.items():
        pages.append(f"## {FORMS[kind].title}\n\n" + _table(_rows(kind, suite.checks)))
    pages.append(
        "## Arrival, of every kind of form\n\n"
        "What can be said of how a form arrived. A file put into the inbox folder does not say who sent it; "
        "one sent in through the page does. An email says who sent it and when, and proves neither.\n\n"
        + _table((c.code, c.severity.value, "", c.message, c.remedy) for c in arrival_findings.CODES)
    )
    pages.append(
        "## Emails\n\n"
        "What can be said of an email, or of a form in one. Each form in it is a document of its own.\n\n"
        + _table((c.code, c.severity.value, "", c.message, c.remedy) for c in email_findings.CODES)
    )
    pages.append(
        "## Opening and reading, of every kind of form\n\n"
        "What can be said before any answer is looked at, and of the way the form was filled in.\n\n"
        + _table((c.code, c.severity.value, "", c.message, c.remedy) for c in CODES.values())
    )
    return "\n".join(pages)


def _rows(kind: Kind, checks: Iterable[Check]) -> Iterator[tuple[str, str, str, str, str]]:
    for check in checks:
        limit = f" (`{check.limit}`)" if check.limit else ""
        where = check.column or ("row" if check.table in ("rows", "answers", "ratings") else "document")
        where = {"{column}": "where it is"}.get(where, where)
        yield check.code, check.severity.value + limit, where, check.message, check.remedy


def _table(rows: Iterable[tuple[str, str, str, str, str]]) -> str:
    lines = ["| code | severity | column | what it says | what to do |", "|---|---|---|---|---|"]
    lines += [
        f"| `{code}` | {severity} | {where} | {_cell(message)} | {_cell(remedy)} |"
        for code, severity, where, message, remedy in rows
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs" / "findings.md").write_text(findings_page(), encoding="utf-8")
