"""Who took part is compared by whose the job titles are: what differs is told, and nothing else."""

import pytest

from peer_challenge.model.partnership_mix import compare_who_took_part, read_mix_of_line
from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.phrases import load_common_phrases

ALL = {
    "took_part_local_authority": "Director of children's services",
    "took_part_icb": "Chief nurse",
    "took_part_police": "Detective superintendent",
}
OF_THREE = {"local_authority", "icb", "police"}


def _told(own: dict[str, str], analysis: dict[str, str], **record: str) -> list[str]:
    told = {Kind.SELF_ASSESSMENT: own, Kind.ANALYSIS: analysis, Kind.CHAIR_RECORD: record}
    return compare_who_took_part("Ashcombe", "North Wolds", told)


@pytest.mark.parametrize("line", load_common_phrases()["present"])
def test_every_line_of_titles_that_the_region_writes_is_of_all_three(line: str) -> None:
    found = read_mix_of_line("the event", line)
    assert found is not None and (found.partners, found.unplaced) == (OF_THREE, 0)


@pytest.mark.parametrize("partner", sorted(OF_THREE))
def test_titles_that_the_region_gives_a_partner_are_known_as_the_partners(partner: str) -> None:
    for line in load_common_phrases()["took_part"][partner]:
        found = read_mix_of_line("the event", line)
        assert found is not None and found.partners == {partner}, line


def test_the_same_mix_in_other_titles_is_nothing_to_tell() -> None:
    event = "Assistant director; designated doctor, and a Chief Inspector"
    assert _told(ALL, ALL, author_present=event, challenger_present="DCS; GP; district commander") == []


def test_a_partner_that_stayed_away_is_told_with_where_and_the_other_way_round() -> None:
    without_police = {**ALL, "took_part_police": "n/a"}
    assert _told(ALL, without_police, author_present="DCS; chief nurse; inspector") == [
        "The police took part in the self-assessment of Ashcombe. "
        "We find nobody from them in the analysis by North Wolds."
    ]
    [told] = _told(ALL, {}, author_present="Council leader; superintendent; head of something")
    assert told == (
        "The integrated care board took part in the self-assessment of Ashcombe. "
        "We find nobody from them in the event for Ashcombe. (1 job title could not be placed.)"
    )
    assert _told(without_police, ALL) == [
        "The police took part in the analysis by North Wolds. "
        "We find nobody from them in the self-assessment of Ashcombe."
    ]


def test_what_is_not_in_yet_or_says_nothing_is_not_compared() -> None:
    assert compare_who_took_part("Ashcombe", "North Wolds", {}) == []
    assert _told(ALL, {}, author_present="None", challenger_present="") == []
