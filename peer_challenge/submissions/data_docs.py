"""Data Docs of the suites: Great Expectations' own pages, which say in words what is checked."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from lxml import html

from peer_challenge.errors import WrongUse
from peer_challenge.paths import TEMPLATES
from peer_challenge.submissions.check_suite import Check, Suite, TableName
from peer_challenge.submissions.load_great_expectations import gx
from peer_challenge.submissions.run_great_expectations import build_expectation, name_gx_suite
from peer_challenge.submissions.suite_of_each_kind import SUITES
from peer_challenge.word.form.forms import FORMS

PAGES = TEMPLATES / "data_docs"
TABLES: dict[TableName, str] = {
    "documents": "The form as a whole",
    "rows": "Its rows",
    "ratings": "Ratings that are not clear",
    "answers": "The answers in its rows",
    "texts": "What is written anywhere in it",
    "details": "What could identify a child",
    "partners": "The three partners",
}
"""What each table is called on the pages, in the order of the first page."""
_FETCHED = "//script | //footer | //link | //img[starts-with(@src, 'http')] | //style[contains(., 'http')]"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: what it is called, where it is, and how many checks are on it."""

    title: str
    address: str
    checks: int


def write_data_docs(into: Path) -> Path:
    """Write Great Expectations' Data Docs of every suite into an empty folder; returns the page to open.

    The pages fetch nothing, so they open without a network. Raises WrongUse where the folder holds something.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise WrongUse(f"{into} is not an empty folder.", remedy="Name a new folder, or empty this one.")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _build_site(Path(folder), into.resolve())
    shutil.rmtree(into / "static")  # pictures and fonts of the styles that are left out
    for page in into.rglob("*.html"):
        page.write_text(_leave_out_fetched(page.read_text(encoding="utf-8")), encoding="utf-8")
    return _write_first_page(into)


def _build_site(folder: Path, into: Path) -> None:
    """Have Great Expectations build its site, from a project that is there for this alone."""
    context = gx.get_context(mode="file", project_root_dir=folder)
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    if context.plugins_directory:  # where its guide to Data Docs says that styles of one's own go
        styles = Path(context.plugins_directory) / "custom_data_docs" / "styles"
        shutil.copytree(PAGES / "styles", styles, dirs_exist_ok=True)
    context.add_data_docs_site(
        "suites",
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(into),
            },
        },
    )
    for suite in SUITES.values():
        for table in _tables_of(suite):
            context.suites.add(_build_suite_in_words(suite, table))
    context.build_data_docs()


def _tables_of(suite: Suite) -> list[TableName]:
    return [table for table in TABLES if suite.list_checks_of(table)]


def _build_suite_in_words(suite: Suite, table: TableName) -> Any:
    """The checks of a table, each with the sentence that the sender of a form reads."""
    told = [
        build_expectation(check, description=check.message, notes=_describe_check(check))
        for check in suite.list_checks_of(table)
    ]
    return gx.ExpectationSuite(
        name_gx_suite(suite, table), told, notes=f"{FORMS[suite.kind].title}: {TABLES[table]}"
    )


def _describe_check(check: Check) -> list[str]:
    """What the sender should do, what the check is called, and how it is looked for."""
    return [
        f"What to do: {check.remedy}",
        f"Code: `{check.code}`. Severity: {check.severity.value}.",
        f"Looked for with {_spell_expectation(check.expects)}.",
    ]


def _spell_expectation(expectation: Any) -> str:
    """An expectation as a developer would write it, and the rows that it is for."""
    arguments = dict(expectation.configuration.kwargs)
    where = arguments.pop("row_condition", None) and f", where {expectation.row_condition!r}"
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"`{type(expectation).__name__}({given})`{where or ''}"


def _leave_out_fetched(page: str) -> str:
    """A page without what it would fetch from elsewhere, and without scripts, which need that."""
    document = html.document_fromstring(page)
    for part in document.xpath(_FETCHED):
        part.drop_tree()
    return str(html.tostring(document, encoding="unicode", doctype="<!DOCTYPE html>"))


def _write_first_page(into: Path) -> Path:
    """The page that leads to the others. That of Great Expectations is empty without a network."""
    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=select_autoescape())
    kinds = [(FORMS[suite.kind].title, _list_pages(suite)) for suite in SUITES.values()]
    first = into / "index.html"
    first.write_text(pages.get_template("index.html").render(kinds=kinds), encoding="utf-8")
    return first


def _list_pages(suite: Suite) -> list[_Page]:
    return [
        _Page(
            TABLES[table],
            f"expectations/{suite.kind.value}/{table}.html",
            len(suite.list_checks_of(table)),
        )
        for table in _tables_of(suite)
    ]
