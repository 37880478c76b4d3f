"""Names that mean one thing are one, however people write them; those that look alike are asked about."""

import unicodedata
from datetime import date

import pytest
import yaml

from peer_challenge.cycle_file.load_cycle import read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import CycleFileError
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.names_alike import (
    has_name,
    is_same_organisation,
    likely_same,
    make_name_key,
    make_organisation_key,
    shared_organisations,
)
from peer_challenge.partners.solver import problem_from_cycle, propose_partners
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.word.form.area_names import Names

FRAMEWORKS = shipped_frameworks()
AREAS = ("Ashcombe", "Brackenford", "Carrowdale", "Dunmere")

ONE_FORCE = (
    "Marsh & Wolds Police",
    "Marsh and Wolds Police",
    "marsh  and wolds police",
    "MARSH AND WOLDS CONSTABULARY",
    "Marsh and Wolds Constabulary ",
    "The Marsh & Wolds Police Force",
    "Marsh and Wolds Police Service",
    "Marsh-and-Wolds Police.",
    "Marsh\u00a0and Wolds Police",
    "Marsh + Wolds Police",
    "Marsh &amp; Wolds Police",
    "Marsh＆Wolds Police",
    "Marsh and Wolds Police (Constabulary)",
    "Marsh &\u200bWolds Police",
    "Ｍａｒｓｈ and Wolds Police",
    "Marsh–and–Wolds Police",
    "M\u0430rsh \u0430nd W\u043elds P\u043elic\u0435",  # with Cyrillic letters
)
ONE_BOARD = (
    "NHS Estuary & North Wolds ICB",
    "Estuary and North Wolds Integrated Care Board",
    "NHS Estuary and North Wolds Integrated Care Board",
    "Estuary and North Wolds ICB (NHS)",
    "Estuary and North Wolds NHS ICB",
    "estuary and north wolds icb",
    "The Estuary and North Wolds Integrated Care Board",
    "Estuary and North Wolds I.C.B.",
    "N.H.S. Estuary and North Wolds ICB",
    "Estuary and North Wolds Integrated Care Board (ICB)",
    "Estuary and North Wolds Intergrated Care Board",
    "Estuary and North Wolds ICB, NHS",
    "NHS Estuary + North Wolds ICB",
)
ONE_AREA = (
    "St Cleer's Haven",
    "St. Cleer’s Haven",
    "Saint Cleers Haven",
    "ST CLEER'S  HAVEN",
    "St Cleer-s Haven".replace("-", "`"),
)
TWO = (
    ("North Wolds Police", "South Wolds Police"),
    ("Wolds Police", "Wolds Valley Police"),
    ("Area 1", "Area 2"),
    ("Vale ICB", "Vale Police"),
    ("Ashcombe", "Ashcombe Borough"),
    ("Estuary ICB 1", "Estuary ICB 2"),
    ("Upper Wolds", "Lower Wolds"),
    ("Marsh I", "Marsh II"),
    ("Marsh County", "Marsh City"),
)


@pytest.mark.parametrize("names", [ONE_FORCE, ONE_BOARD])
def test_an_organisation_has_one_key_however_it_is_written(names):
    assert len({make_organisation_key(name) for name in names}) == 1


def test_an_area_has_one_key_however_it_is_written():
    assert len({make_name_key(name) for name in ONE_AREA}) == 1


def test_composed_and_decomposed_letters_are_one():
    composed = "Abercélyn Police"
    assert (
        make_name_key(composed) == make_name_key(unicodedata.normalize("NFD", composed)) == "abercelyn police"
    )


@pytest.mark.parametrize(("one", "other"), TWO)
def test_names_that_say_different_things_stay_two(one, other):
    assert make_organisation_key(one) != make_organisation_key(other)


def test_an_empty_name_is_nobodys():
    assert not is_same_organisation("", "")
    assert not is_same_organisation(" - ", "")
    assert shared_organisations([""], ["", "A"]) == []


def test_what_two_areas_share_is_told_in_the_words_of_the_first():
    assert shared_organisations(["Vale ICB", "Marsh ICB"], ["NHS Vale Integrated Care Board"]) == ["Vale ICB"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wolds Police", "Wold Police"),
        ("Marsh Police", "Mash Police"),
        ("Vale ICB", "Vael ICB"),
        ("Thornmere Constabulary", "Thornmeer Constabulary"),
        ("Estuary and Wolds ICB", "Estuary and Wold ICB"),
        ("Kingsmouth", "Kingmouth"),
        ("Wolds and Marsh Police", "Marsh and Wolds Police"),
        ("Wolds Police (Estuary)", "Wolds Police"),
        ("Heddlu Marsh Police", "Marsh Police"),
        ("Office of the Chief Constable, Wolds Police", "Wolds Police"),
        ("N. Wolds Police", "North Wolds Police"),
        ("Vale & S Marsh ICB", "NHS Vale and South Marsh ICB"),
        ("NHS Vale Integrated Care Board (NHS Vale ICB)", "Vale ICB"),
        ("Integrated Care Board for Vale", "NHS Vale ICB"),
        ("Vale CCG", "Vale ICB"),
        ("Vale ICS", "Vale ICB"),
        ("Kingston-upon-Marsh Police", "Kingston on Marsh Police"),
        ("City of Kingsmouth", "Kingsmouth City"),
        ("Northwolds Police", "North Wolds Police"),
        ("N'th Wolds Police", "North Wolds Police"),
        ("Mt Wold Police", "Mount Wold Police"),
        ("WMP", "West Marsh Police"),
        ("SV ICB", "South Vale ICB"),
        ("BWV ICB", "Borough, Wolds and Vale Integrated Care Board"),
        ("Humber and N Yorks ICB", "Humber and North Yorkshire ICB"),
        ("Hants Police", "Hampshire Constabulary"),
        ("W Yorks Police", "West Yorkshire Police"),
        ("BOB ICB", "NHS Buckinghamshire, Oxfordshire and Berkshire West ICB"),
        ("BOB ICB", "Bucks, Oxon & Berks West ICB"),
        ("WPS", "Wolds Police Service"),
        ("L&SC ICB", "Lancashire and South Cumbria ICB"),
        ("HIOW ICB", "Hampshire and Isle of Wight ICB"),
        ("Hampshire & IoW Constabulary", "Hampshire and Isle of Wight Constabulary"),
        ("Wolds Police [1]", "Wolds Police"),
        ("Wolds Police (2)", "Wolds Police"),
        ("Met Police", "Metropolitan Police Service"),
        ("Southren Police", "Southern Police"),
    ],
)
def test_names_that_look_like_one_are_asked_about(one, other):
    assert likely_same([one, other]) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Wolds Police", "South Wolds Police"),
        ("Upper Marsh ICB", "Lower Marsh ICB"),
        ("Area 1", "Area 2"),
        ("Ashcombe", "Brackenford"),
        ("West Marsh Police", "West Wolds Police"),
        ("P1", "P2"),
        ("North Wolds Police", "Wolds Police"),
        ("A Police", "B Police"),
        ("Vale 1 ICB", "Vale ICB"),
        ("Wolds", "Wolds Valley"),
        ("Police", "Wolds Police"),
        ("SV ICB", "South Wolds ICB"),
        ("SV Police", "South Vale ICB"),
        ("E Wolds ICB", "W Wolds ICB"),
        ("Mid Wolds Police", "Old Wolds Police"),
        ("N Yorks Police", "S Yorks Police"),
        ("Hants Police", "Herts Police"),
        ("BOB ICB", "Beds, Oxon and Wilts West ICB"),
        ("L&SC ICB", "Lincolnshire and North Cumbria ICB"),
        ("Wolds NE Police", "Wolds North West Police"),
        ("Eastern Police", "Western Police"),
    ],
)
def test_names_that_are_plainly_two_are_not_asked_about(one, other):
    assert likely_same([one, other]) == []


SAME_AREA = ("Ashcombe", "Ashcombe Council", "Borough of Ashcombe", "Ashcombe SCP", "Ashcombe LSCP")


@pytest.mark.parametrize("one", SAME_AREA)
@pytest.mark.parametrize("other", [*SAME_AREA, "Ashcombe Safeguarding Children Partnership", "Ashcomb"])
def test_an_area_named_by_its_council_or_partnership_is_asked_about(one: str, other: str) -> None:
    assert likely_same([one, other], are_areas=True) == ([(one, other)] if one != other else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("Ashcombe", name)
            for name in (
                *("London Borough of Ashcombe", "LB Ashcombe", "Royal Borough of Ashcombe", "Ashcombe MBC"),
                *("Ashcombe CC", "Ashcombe DC", "Ashcombe UA", "Ashcombe (LA)", "Ashcombe Unitary Authority"),
                *("Ashcombe Local Authority", "Ashcombe Children's Services", "Ashcombe Children's Trust"),
                *("Ashcombe SCB", "Ashcombe Local Safeguarding Children Board", "Ashcombe MASA"),
                *("Cyngor Ashcombe", "Ashcombe-on-Sea", "Ashcombe upon Wold", "Ashcombe and Hove"),
                *("Kingsmouth upon Ashcombe", "Isles of Ashcombe", "Ashcombe Town Council"),
                *("Ashcombe Multi-Agency Safeguarding Arrangements", "Ashcombe Children's Social Care"),
            )
        ),
        ("Ashcombe & NE Wolds", "Ashcombe and North East Wolds"),
        ("AANEW", "Ashcombe and North East Wolds"),
    ],
)
def test_an_area_under_another_of_its_usual_names_is_asked_about(one: str, other: str) -> None:
    assert likely_same([one, other], are_areas=True) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("London Borough of Ashcombe", "City of Ashcombe"),
        ("North Ashcombe", "North East Ashcombe"),
        ("Hove", "Ashcombe and Hove"),
        ("Ashcombe City", "Ashcombe County"),
        ("City of Ashcombe", "Borough of Ashcombe"),
        ("Ashcombe Council", "Brackenford Council"),
        ("North Ashcombe Council", "Ashcombe"),
        ("Ashcombe Council", "South Ashcombe Council"),
        ("Council", "Partnership"),
    ],
)
def test_areas_that_are_plainly_two_are_not_asked_about(one: str, other: str) -> None:
    assert likely_same([one, other], are_areas=True) == []


def four(field: str, names: tuple[str, ...], **rules: str) -> str:
    """A cycle file of four areas, each with a name of the same organisation."""
    return yaml.safe_dump(
        {
            "id": "alike-2026",
            "name": "Alike 2026",
            "framework": "working-together-2018",
            "dates": {"opens": "2026-11-02", "self_assessment_due": "2026-12-11"},
            "assignment": {"shared_police": "allow", "shared_icb": "allow", "neighbours": "allow", **rules},
            "participants": [
                {
                    "name": area,
                    field: name if field == "police" else [name],
                    "contacts": [{"name": "Lead", "email": f"lead@{area.lower()}.example.org"}],
                }
                for area, name in zip(AREAS, names, strict=True)
            ],
        },
        allow_unicode=True,
    )


def test_opening_a_cycle_asks_about_areas_and_forces_that_may_be_one(tmp_path):
    path = tmp_path / "cycle.yaml"
    text = four("police", ("Hants Police", "Hampshire Constabulary", "Marsh Police", "Vale Police"))
    path.write_text(text.replace("Brackenford", "Borough of Ashcombe"), encoding="utf-8")
    warnings = "\n".join(read_cycle_file(path, FRAMEWORKS).warnings)
    assert "`Ashcombe` and `Borough of Ashcombe` are taken as two areas." in warnings
    assert "`Hants Police` and `Hampshire Constabulary` are taken as two police forces." in warnings


@pytest.fixture
def cycle_of(tmp_path):
    def read(text: str) -> Cycle:
        path = tmp_path / "cycle.yaml"
        path.write_text(text, encoding="utf-8")
        return read_cycle_file(path, FRAMEWORKS).cycle

    return read


@pytest.mark.parametrize(
    ("field", "rule", "names"),
    [("police", "shared_police", ONE_FORCE[:4]), ("icb", "shared_icb", ONE_BOARD[:4])],
)
def test_opening_and_proposing_both_see_that_an_organisation_is_one(cycle_of, field, rule, names):
    """The file is refused where the rule forbids; where it only avoids, every pair is told to break it."""
    with pytest.raises(CycleFileError) as refused:
        cycle_of(four(field, names, **{rule: "forbid"}))
    assert all("No area may challenge" in problem for problem in refused.value.problems)
    proposal = propose_partners(problem_from_cycle(cycle_of(four(field, names, **{rule: "avoid"}))))
    assert all(pair.avoided for pair in proposal.pairs)
    assert not any("No rule is broken." in pair.reasons for pair in proposal.pairs)


def test_a_rule_that_could_not_be_applied_is_never_said_to_be_kept(cycle_of):
    text = four(
        "police", ("Marsh Police", "Wolds Police", "Vale Police", "Estuary Police"), shared_police="forbid"
    )
    data = yaml.safe_load(text)
    del data["participants"][0]["police"]
    proposal = propose_partners(problem_from_cycle(cycle_of(yaml.safe_dump(data))))
    for pair in proposal.pairs:
        knows = "ashcombe" not in (pair.author, pair.challenger)
        assert ("No rule is broken." in pair.reasons) is knows
        told = "We could not check every rule: we do not know the police force of Ashcombe."
        assert (told in pair.reasons) is not knows


@pytest.mark.parametrize("written", ["brackenford", "Brackenford", " BRACKENFORD ", "Brackenford Town"])
def test_an_earlier_challenger_may_be_named_as_people_name_it(cycle_of, written):
    data = yaml.safe_load(four("police", ("A", "B", "C", "D")))
    data["participants"][1]["aliases"] = ["Brackenford Town"]
    data["participants"][0]["challenged_by"] = {"Alike 2025": written}
    cycle = cycle_of(yaml.safe_dump(data))
    assert cycle.participant["ashcombe"].challenged_by == {"alike-2025": "brackenford"}
    proposal = propose_partners(problem_from_cycle(cycle))
    assert proposal.challenger_of["ashcombe"] != "brackenford"


def test_an_earlier_challenger_that_nobody_knows_is_a_mistake(cycle_of):
    data = yaml.safe_load(four("police", ("A", "B", "C", "D")))
    data["participants"][0]["challenged_by"] = {"alike-2025": "Brakenford"}
    with pytest.raises(CycleFileError) as refused:
        cycle_of(yaml.safe_dump(data))
    (problem,) = refused.value.problems
    assert "`Brakenford`" in problem
    assert "Did you mean `Brackenford`?" in problem


def test_pins_bans_and_borders_may_name_areas_as_people_name_them(cycle_of):
    data = yaml.safe_load(four("police", ("A", "B", "C", "D")))
    data["participants"][0]["neighbours"] = ["CARROWDALE"]
    data["assignment"]["pins"] = {"Ashcombe": "Dunmere"}
    data["assignment"]["bans"] = {"Brackenford": ["carrowdale "]}
    cycle = cycle_of(yaml.safe_dump(data))
    assert cycle.participant["ashcombe"].neighbours == ("carrowdale",)
    assert cycle.assignment.pins == {"ashcombe": "dunmere"}
    assert cycle.assignment.bans == {"brackenford": ("carrowdale",)}


def test_earlier_cycles_are_the_nearest_first_by_the_day_they_were_opened(cycle_of):
    before = {"ashcombe": {"spring": "brackenford", "autumn": "dunmere"}}
    opened = {"spring": date(2025, 3, 1), "autumn": date(2025, 9, 1)}
    cycle = cycle_of(four("police", ("A", "B", "C", "D")))
    problem: Problem = problem_from_cycle(cycle, challenged_before=before, opened_on=opened)
    assert problem.earlier == ("autumn", "spring")


def test_names_are_found_in_each_of_many_texts_and_not_across_two() -> None:
    names = Names([Participant(id="wolds", name="North Wolds"), Participant(id="ash", name="Ashcombe")])
    texts = ["", "A visit to North", "Wolds and Ash", "combe", "the café – ASHCOMBE, our town"]
    assert names.found_in_any(texts) == {"ash"}
    assert names.found_in_any([*texts, "North  Wolds"]) == {"ash", "wolds"}
    assert names.found_in_any([]) == set()


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("Dr Jo O’Role, Independent Chair", True),
        ("JO\u00a0O'ROLE", True),
        ("Jo  ORole", True),
        ("J O'Role", False),
        ("Jo O'Rolesworth", False),
        ("", False),
    ],
)
def test_a_name_is_found_in_a_text_as_whole_words(text: str, is_there: bool) -> None:
    assert has_name(text, make_name_key("Jo O'Role")) is is_there
    assert not has_name(text, "")
