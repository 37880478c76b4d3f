"""What a proposal says to the office: reasons, alternatives, why not, and what a change would cost."""

import re
from dataclasses import replace

import pandas as pd

from peer_challenge.partners.solver import (
    check_pairs,
    describe_price_of_pair,
    list_figures,
    problem_from_cycle,
    propose_partners,
    what_if_withdrawn,
)
from peer_challenge.steering.cycle_forms import PART_NAMES, Part, make_form
from tests.unit.partners.instances import a_cycle_of, the_region

STRICT = {"shared_police": "forbid", "shared_icb": "forbid", "neighbours": "forbid"}


def ratings(**of: str) -> pd.DataFrame:
    """R, A or G a sub-heading for each participant, every one with evidence."""
    words = {"R": "RED", "A": "AMBER", "G": "GREEN"}
    rows = [
        (area, f"leadership/{n}", words[letter], "We meet monthly.", "")
        for area, letters in of.items()
        for n, letter in enumerate(letters)
    ]
    return pd.DataFrame(rows, columns=["participant", "subheading", "rating", "strengths", "development"])


def four(**rules: object) -> object:
    return a_cycle_of(
        [{"id": each, "name": each.title()} for each in ("ash", "birch", "cedar", "dale")], **rules
    )


def test_the_printed_shape() -> None:
    shown = propose_partners(problem_from_cycle(the_region())).as_dict()
    assert set(shown) == {"status", "pairs", "objective", "conflict", "seconds"}
    for pair in shown["pairs"]:
        assert set(pair) == {"author", "challenger", "reasons", "alternatives"}
        assert pair["reasons"] and len(pair["alternatives"]) == 2


def test_strength_goes_where_it_is_needed() -> None:
    cycle = four(reciprocal="allow")
    frame = ratings(ash="RRGG", birch="GGRR", cedar="AAGG", dale="GGAA")
    proposal = propose_partners(problem_from_cycle(cycle, frame))
    assert proposal.objective["worst value"] == 1000
    reasons = " ".join(proposal.pairs[0].reasons)
    assert (
        "rates itself GREEN, and says why, on 2 of the 2 sub-headings where Ash wants to improve" in reasons
    )


def test_areas_that_are_short_of_challengers_are_named() -> None:
    bans = {"ash": ["cedar", "dale"], "cedar": ["ash", "dale"]}
    proposal = propose_partners(problem_from_cycle(four(bans=bans)))
    assert proposal.status == "infeasible"
    assert proposal.conflict[0] == (
        "Ash can be challenged only by Birch; Cedar can be challenged only by Birch; "
        "these 2 areas have only 1 challenge between them."
    )


def test_a_ban_that_would_help_if_lifted_is_named() -> None:
    bans = {"ash": ["cedar", "dale"], "cedar": ["ash", "dale"]}
    proposal = propose_partners(problem_from_cycle(four(bans=bans)))
    assert "Lift the ban on Cedar challenging Ash." in proposal.relaxations


def test_two_that_would_have_to_challenge_each_other_are_named() -> None:
    bans = {"ash": ["cedar", "dale"], "birch": ["cedar", "dale"]}
    proposal = propose_partners(problem_from_cycle(four(reciprocal="forbid", bans=bans)))
    assert proposal.conflict[0] == (
        "Each area has a challenger of its own, but Ash and Birch would have to challenge each other."
    )


def test_a_rule_to_soften_is_called_what_its_page_calls_it() -> None:
    bans = {"ash": ["cedar", "dale"], "birch": ["cedar", "dale"]}
    cycle = four(reciprocal="forbid", bans=bans)
    proposal = propose_partners(problem_from_cycle(cycle))
    softer = next(line for line in proposal.relaxations if line.startswith("Set "))
    asked = next(field for field in make_form(cycle, "partners", "all").fields if field.name == "reciprocal")
    assert f"“{asked.words}” to “{dict(asked.options)['avoid']}”" in softer
    assert f"“{PART_NAMES[Part.PARTNERS]}”" in softer and "reciprocal" not in softer


def test_the_pairs_that_would_break_a_rule_are_counted() -> None:
    cycle = a_cycle_of(
        [{"id": each, "name": each.title(), "police": force} for each, force in _FORCES.items()],
        shared_police="forbid",
        reciprocal="allow",
    )
    (softer, *_) = propose_partners(problem_from_cycle(cycle)).relaxations
    assert softer.startswith("Set “Partners with one police force” to “Only if there is no other way”")
    assert re.search(r" 1 pair would break the rule: (Ash|Cedar) challenged by (Ash|Cedar)\.$", softer)


_FORCES = {"ash": "Vale", "birch": "Coast", "cedar": "Vale"}
"""Two of three share a force, so that one has to challenge the other."""


def test_every_figure_has_a_name_but_the_tie_break() -> None:
    problem = problem_from_cycle(the_region())
    changed = what_if_withdrawn(problem, propose_partners(problem), "ashcombe").objective
    assert [key for key, _, _ in list_figures(changed)] == [key for key in changed if key != "tie-break"]


def test_five_triads_without_conflict_cannot_be_had_in_the_region() -> None:
    proposal = propose_partners(problem_from_cycle(the_region(triads=True, **STRICT)))
    assert proposal.status == "infeasible"
    assert "rounds of three" in proposal.conflict[0]
    assert "Turn triads off for this cycle." in proposal.relaxations


def test_triads_are_refused_where_three_does_not_divide() -> None:
    proposal = propose_partners(problem_from_cycle(four(triads=True)))
    assert proposal.conflict[0].startswith("Triads are impossible: 4 areas")


def test_in_a_triad_the_third_moderates() -> None:
    problem = problem_from_cycle(the_region(triads=True))
    proposal = propose_partners(problem)
    assert check_pairs(problem, proposal.challenger_of) == []
    for pair in proposal.pairs:
        assert proposal.challenger_of[pair.challenger] == pair.moderator


def test_a_withdrawal_changes_as_little_as_can_be() -> None:
    problem = problem_from_cycle(the_region())
    before = propose_partners(problem)
    after = what_if_withdrawn(problem, before, "ashcombe")
    assert after.objective["pairs changed"] in (1, 2)
    under_way = replace(problem, fixed=before.challenger_of)
    orphan = next(a for a, c in before.challenger_of.items() if c == "ashcombe")
    kept = what_if_withdrawn(under_way, before, "ashcombe")
    changed = {a for a, c in kept.challenger_of.items() if before.challenger_of[a] != c}
    assert changed == {orphan}


def test_a_swap_has_its_price_in_words() -> None:
    problem = problem_from_cycle(the_region(shared_police="avoid", shared_icb="allow", neighbours="allow"))
    said = describe_price_of_pair(problem, propose_partners(problem), "ashcombe", "dunmere")
    assert said.startswith("Dunmere challenging Ashcombe: 1 more rule to be avoided broken")
    assert "not possible" in describe_price_of_pair(
        problem, propose_partners(problem), "ashcombe", "ashcombe"
    )


def test_a_pair_under_way_may_not_be_swapped_unnoticed() -> None:
    problem = problem_from_cycle(four(reciprocal="allow"), fixed={"ash": "birch"})
    pairs = {"ash": "dale", "birch": "ash", "cedar": "birch", "dale": "cedar"}
    assert check_pairs(problem, pairs) == ["Ash is under way with Birch and may not move."]
