"""Frameworks as data: whole, checked, and carried from one to the next."""

import pytest

from peer_challenge.cycle_file.load_framework import read_framework, shipped_frameworks
from peer_challenge.errors import FrameworkFileError
from peer_challenge.model.crosswalk import follow_crosswalk

SHIPPED = shipped_frameworks()
EARLIER, LATER = SHIPPED["working-together-2018"], SHIPPED["working-together-2023"]
NEWEST = SHIPPED["working-together-2026"]
OWN = """
id: our-own
title: Our own
focus_areas:
  - id: first
    title: First
    subheadings:
      - {id: one, title: One, prompt: "How?"}
"""


@pytest.mark.parametrize("framework", SHIPPED.values(), ids=SHIPPED)
def test_every_subheading_has_three_to_six_essentials_with_synonyms(framework):
    for row in framework.subheadings.values():
        assert 3 <= len(row.essentials) <= 6, row.id
        assert all(essential.synonyms for essential in row.essentials), row.id


@pytest.mark.parametrize("framework", SHIPPED.values(), ids=SHIPPED)
def test_every_prompt_is_a_question(framework):
    assert all(row.prompt.endswith("?") for row in framework.subheadings.values())


def test_the_2018_framework_has_48_subheadings_and_three_linked_areas_of_focus():
    assert len(EARLIER) == 48
    linked = [area.id for area in EARLIER.focus_areas if area.scope == "linked"]
    assert linked == ["practice-reviews", "child-death", "transition-links"]


def test_every_crosswalk_leads_to_a_subheading_that_exists():
    assert {origin for row in LATER.subheadings.values() for origin in row.crosswalk} <= set(EARLIER)


def test_only_the_transition_from_the_lscb_is_retired():
    retired = [address for address, to in follow_crosswalk(EARLIER, LATER).items() if not to]
    assert retired == ["transition-links/lscb-transition"]


def test_what_became_two_is_carried_to_both():
    carried = follow_crosswalk(EARLIER, LATER)
    assert carried["education-settings/schools-colleges"] == (
        "education-settings/strategic-role",
        "education-settings/schools-colleges",
    )


def test_the_crosswalk_is_read_backwards_too_and_new_subheadings_come_from_nowhere():
    back = follow_crosswalk(LATER, EARLIER)
    assert back["leadership/lead-partners"] == ("leadership/named-partners",)
    assert back["help-protection/disabled-children"] == ()


def test_every_subheading_of_2023_lives_on_in_2026_at_its_own_address():
    assert follow_crosswalk(LATER, NEWEST) == {address: (address,) for address in LATER}
    back = follow_crosswalk(NEWEST, LATER)
    assert back == {address: (address,) if address in LATER.subheadings else () for address in NEWEST}


def test_what_2018_asked_can_be_followed_to_2026_though_no_cycle_used_2023():
    carried = follow_crosswalk(EARLIER, NEWEST)
    assert [address for address, to in carried.items() if not to] == ["transition-links/lscb-transition"]
    assert carried["leadership/delegation"] == ("leadership/delegated-partners",)
    assert {origin for row in NEWEST.subheadings.values() for origin in row.crosswalk} <= {*EARLIER, *LATER}


def test_2026_marks_what_is_new_and_what_is_changed_since_2023():
    for address, row in NEWEST.subheadings.items():
        before = LATER.subheadings.get(address)
        said = (before.title, before.prompt) if before else None
        is_same = said == (row.title, row.prompt)
        assert row.change == ("new" if before is None else None if is_same else "changed"), address


def test_what_is_new_or_changed_in_2026_says_that_it_rests_on_a_summary():
    for address, row in NEWEST.subheadings.items():
        assert row.rests_on == ("summary" if row.change else None), address
        assert "Working Together" not in (row.reference or ""), address


def test_what_is_new_or_changed_in_2026_says_what_each_rating_looks_like():
    assert all(row.descriptors for row in NEWEST.subheadings.values() if row.change)


@pytest.mark.parametrize("framework", SHIPPED.values(), ids=SHIPPED)
def test_a_framework_carries_over_to_itself(framework):
    assert follow_crosswalk(framework, framework) == {address: (address,) for address in framework}


def test_no_2023_wording_speaks_of_bodies_that_are_gone():
    words = " ".join(f"{row.title} {row.prompt}" for row in LATER.subheadings.values())
    assert "LSCB" not in words
    assert "CCG" not in words


def test_leaving_out_a_linked_area_keeps_the_rest_in_order():
    kept = EARLIER.without(["transition-links"])
    assert list(kept) == [address for address in EARLIER if not address.startswith("transition-links/")]


def test_an_offices_own_file_joins_the_shipped_ones(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    assert list(shipped_frameworks(tmp_path)["our-own"]) == ["first/one"]


def test_every_mistake_of_an_own_file_is_reported_at_its_line(tmp_path):
    wrong = OWN.replace("our-own", "Our Own").replace("    title: First", "    tittle: First")
    wrong += "      - {id: one, title: Again, prompt: 'And?'}\n"
    own = tmp_path / "own.yaml"
    own.write_text(wrong, encoding="utf-8")
    with pytest.raises(FrameworkFileError) as raised:
        read_framework(own)
    places = [problem.partition(":")[0] for problem in raised.value.problems]
    assert places == ["line 2", "line 5", "line 6", "line 9"]
    assert "Did you mean `title`?" in str(raised.value)
