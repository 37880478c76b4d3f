"""The accessibility statement and the privacy notice: shipped, changed by the office, and taken back."""

from pathlib import Path

import pytest

from dashboard.pages.statements import make_html_of
from peer_challenge.errors import WrongUse
from peer_challenge.paths import ROOT
from peer_challenge.register import listings
from peer_challenge.steering.public_texts import (
    LONGEST,
    PublicTextName,
    change_public_text,
    list_gaps,
    list_public_text_versions,
    load_public_text,
    read_first_text,
    restore_public_text,
)
from tests.unit.steering.test_accept_findings import AT
from tests.web.world import World, an_empty_world

PRIVACY = PublicTextName.PRIVACY


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def change(world: World, text: str, seen: int) -> None:
    with world.register.writing() as connection:
        change_public_text(connection, PRIVACY, text, seen=seen, at=AT, actor="Office")


def shown(world: World) -> str:
    with world.register.reading() as connection:
        return load_public_text(connection, PRIVACY)


@pytest.mark.parametrize("which", PublicTextName)
def test_the_first_text_has_headings_and_says_what_is_to_be_filled_in(which: PublicTextName) -> None:
    text = read_first_text(which)
    assert text.count("\n## ") >= 6
    assert "day" in list_gaps(text)
    assert not any(gap.startswith("Information Commissioner") for gap in list_gaps(text))  # a link is no gap


def test_a_change_is_shown_and_its_earlier_version_can_be_shown_again(world: World) -> None:
    change(world, "First words.\r\n\r\nMore.  \x07", 0)
    assert shown(world) == "First words.\n\nMore.\n"
    with world.register.reading() as connection:
        (first,) = list_public_text_versions(connection, PRIVACY)
        before = listings.read_newest_sequence(connection)
    change(world, "Second words.", first.id)
    with world.register.writing() as connection:
        restore_public_text(connection, PRIVACY, first.id, at=AT, actor="Office")
    assert shown(world) == "First words.\n\nMore.\n"
    with world.register.writing() as connection:
        restore_public_text(connection, PRIVACY, 0, at=AT, actor="Office")
        assert listings.read_newest_sequence(connection) == before + 3
    assert shown(world) == read_first_text(PRIVACY)


def test_what_is_unchanged_makes_no_version(world: World) -> None:
    change(world, read_first_text(PRIVACY), 0)
    with world.register.reading() as connection:
        assert list_public_text_versions(connection, PRIVACY) == []


@pytest.mark.parametrize(("text", "seen"), [("  \n", 0), ("a" * LONGEST, 0), ("Mine.", 7)])
def test_what_cannot_be_shown_is_refused_in_words(world: World, text: str, seen: int) -> None:
    with pytest.raises(WrongUse) as refused:
        change(world, text, seen)
    assert refused.value.remedy and shown(world) == read_first_text(PRIVACY)


def test_nothing_in_a_text_runs_in_a_browser() -> None:
    page = make_html_of(
        "<script>x</script> [a](javascript:alert(1)) [b](https://example.org) <img src=x>\n\n## H"
    )
    assert "<script" not in page and "<img" not in page and 'href="javascript' not in page
    assert '<a href="https://example.org" class="govuk-link">b</a>' in page
    assert '<h2 class="govuk-heading-m">H</h2>' in page


@pytest.mark.parametrize("who", ["office", "area", "Chair", "viewer", "machine"])
def test_the_privacy_notice_names_everybody_who_sees_something(who: str) -> None:
    told = (ROOT / "docs" / "data-protection.md").read_text(), read_first_text(PRIVACY)
    for text in told:
        assert who in text.partition("## Who sees it")[2].partition("## ")[0].partition("Nobody else")[0]
