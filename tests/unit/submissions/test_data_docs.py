"""The pages that say what is checked have every check's words, and open without a network."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from cli.main import main
from peer_challenge.submissions.check_suite import Check
from peer_challenge.submissions.suite_of_each_kind import SUITES


def run_command(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patched, pytest.raises(SystemExit) as ended:
        patched.setattr(sys, "argv", ["peer-challenge", *arguments])
        main()
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "what is checked"
    assert run_command("suites", str(folder)) == 0
    return folder


def read_words(page: Path) -> str:
    return " ".join(str(html.parse(str(page)).getroot().text_content()).split())


def list_checks() -> Iterator[tuple[str, Check]]:
    for kind, suite in SUITES.items():
        yield from ((f"expectations/{kind.value}/{check.table}.html", check) for check in suite.checks)


def test_every_check_is_there_in_the_words_that_its_finding_has(site: Path) -> None:
    words = {address: read_words(site / address) for address, _ in list_checks()}
    missing = [
        (address, check.code)
        for address, check in list_checks()
        for said in (check.code, check.message, check.remedy)
        if " ".join(said.split()) not in words[address]
    ]
    assert missing == []


def test_the_pages_say_how_a_rule_is_looked_for(site: Path) -> None:
    words = read_words(site / "expectations" / "response" / "answers.html")
    assert "ExpectColumnValuesToNotBeNull(column='response'), where authors_rating == RED" in words


def test_the_first_page_leads_to_every_other(site: Path) -> None:
    links = html.parse(str(site / "index.html")).getroot().xpath("//a/@href")
    assert set(links) == {address for address, _ in list_checks()}
    assert [link for link in links if not (site / link).is_file()] == []


def test_no_page_fetches_anything(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"https?://|<script|<link\b|@import", text), page


def test_each_page_leads_back_to_the_first(site: Path) -> None:
    for address in {address for address, _ in list_checks()}:
        page = site / address
        links = html.parse(str(page)).getroot().xpath("//a/@href")
        assert site / "index.html" in [(page.parent / link).resolve() for link in links]


def test_a_folder_that_holds_something_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "index.html"
    kept.write_text("ours", encoding="utf-8")
    assert run_command("suites", str(tmp_path)) == 64
    assert run_command("suites", str(kept)) == 64
    assert "not an empty folder" in capsys.readouterr().err.replace("\n", " ")
    assert [*tmp_path.iterdir()] == [kept] and kept.read_text(encoding="utf-8") == "ours"
