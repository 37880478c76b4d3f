"""Partners changed by hand: each change priced, reasoned and undoable; nothing that is out undone unseen."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.pins_and_bans import map_author_to_challenger, office_rules
from peer_challenge.partners.proposals import read_basis
from peer_challenge.partners.solver import check_pairs, propose_partners
from peer_challenge.register import assignments, challenges, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.records import Assignment, AssignmentStatus, Challenge, Dispatch
from tests.factories import a_cycle

CYCLE = a_cycle(6)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
BY = {"at": NOW, "actor": "office"}


@pytest.fixture
def office(register: Register) -> Register:
    """Every self-assessment is in, and partners are proposed."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        for challenge in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(
                connection, challenge.id, Trigger.SELF_ASSESSMENT_ACCEPTED, CYCLE, at=NOW
            )
    proposals.propose_for(register, CYCLE, NOW)
    return register


def standing(office: Register) -> dict[str, str]:
    return map_author_to_challenger(assignment_of(office).proposal)


def assignment_of(office: Register) -> Assignment:
    with office.reading() as connection:
        found = assignments.load_standing(connection, CYCLE.id)
    assert found is not None
    return found


def waiting(office: Register) -> list[Dispatch]:
    with office.reading() as connection:
        return outbox.list_waiting_dispatches(connection)


def challenges_of(office: Register) -> list[Challenge]:
    with office.reading() as connection:
        return challenges.list_challenges_in_cycle(connection, CYCLE.id)


def keep(office: Register, trial: changes.Trial, reason: str) -> None:
    with office.writing() as connection:
        changes.keep_trial(connection, CYCLE, trial, **BY, reason=reason)


def changed(office: Register, act: str, author: str, other: str) -> changes.Trial:
    trial = changes.try_change(office, CYCLE, act, author, other)
    keep(office, trial, "the directors asked")
    return trial


def undo(office: Register, reason: str) -> str:
    return changes.undo_newest_step(office, CYCLE, **BY, reason=reason)


def approve(office: Register, at: datetime = NOW) -> None:
    with office.writing() as connection:
        proposals.approve_latest(connection, CYCLE, at, reason="agreed", actor="office")


def send_packs(office: Register, *, to: str | None = None) -> None:
    with office.writing() as connection:
        for dispatch in outbox.list_waiting_dispatches(connection):
            if dispatch.kind is DispatchKind.ANALYSIS_PACK and to in (None, dispatch.recipient_id):
                outbox.begin_placing(connection, dispatch.id, f"pack-{dispatch.id}", "0" * 64, 1)
                outbox.mark_issued(connection, [dispatch], NOW)
                challenges.move_challenge_on(
                    connection,
                    dispatch.challenge_id or "",
                    Trigger.PACK_ISSUED,
                    CYCLE,
                    at=NOW,
                    pack_issued_at=NOW,
                )


def entries(office: Register, event: str) -> list[dict[str, object]]:
    with office.reading() as connection:
        return list(connection.scalars(sa.select(t.journal.c.details).where(t.journal.c.event == event)))


def another(office: Register) -> tuple[str, str]:
    """An author and somebody who may challenge it but does not."""
    pairs = standing(office)
    for author in pairs:
        for one in pairs:
            if one not in (author, pairs[author]):
                trial = changes.try_change(office, CYCLE, "pin", author, one)
                if trial.proposal["pairs"]:
                    return author, one
    raise AssertionError(pairs)


@pytest.mark.parametrize("act", ["pin", "ban"])
def test_a_pin_or_ban_is_priced_kept_over_a_new_proposal_and_can_be_lifted(
    office: Register, act: str
) -> None:
    author, one = another(office)
    if act == "ban":
        one = standing(office)[author]
    trial = changed(office, act, author, one)
    assert "would change" in trial.told and trial.moved
    proposals.propose_for(office, CYCLE, NOW)
    assert (standing(office)[author] == one) is (act == "pin")
    (rule,) = office_rules(assignment_of(office).proposal)
    assert (rule.act, rule.author, rule.challenger) == (act, author, one)
    assert (rule.reason, rule.made_by) == ("the directors asked", "office")
    lifted = changes.try_lifting(office, CYCLE, author, one)
    keep(office, lifted, "no longer asked")
    assert office_rules(assignment_of(office).proposal) == []


def test_every_change_is_undone_back_to_the_first_proposal(office: Register) -> None:
    first = standing(office)
    changed(office, "pin", *another(office))
    second = standing(office)
    changed(office, "ban", *next(iter(second.items())))
    assert second not in (first, standing(office))
    for before in (second, first):
        undo(office, "second thoughts")
        assert standing(office) == before
    with pytest.raises(WrongUse, match="first proposal"):
        undo(office, "and again")
    told = entries(office, "change of partners undone")
    assert [entry["reason"] for entry in told] == ["second thoughts"] * 2
    with office.reading() as connection:
        assert journal.broken_at(connection) is None


def test_a_swap_is_undone_whole(office: Register) -> None:
    first = standing(office)
    swaps = [
        (a, b)
        for a in first
        for b in first
        if a < b
        and b != first[a]
        and a != first[b]
        and changes.try_change(office, CYCLE, "swap", a, b).proposal["pairs"]
    ]
    author, other = swaps[0]
    changed(office, "swap", author, other)
    assert (standing(office)[author], standing(office)[other]) == (first[other], first[author])
    undo(office, "they changed their minds")
    assert standing(office) == first
    assert office_rules(assignment_of(office).proposal) == []


def test_a_swap_moves_the_two_and_nobody_else_where_the_rules_allow_it(office: Register) -> None:
    old = standing(office)
    with office.reading() as connection:
        problem = read_basis(connection, CYCLE).problem
    tried = 0
    for author, other in itertools.combinations(sorted(old), 2):
        if old[author] == other or old[other] == author:
            continue
        swapped = old | {author: old[other], other: old[author]}
        moved = {who for who, _, _ in changes.try_change(office, CYCLE, "swap", author, other).moved}
        assert not moved or {author, other} <= moved  # nobody moves where no pairs keep every rule
        if not check_pairs(problem, swapped):
            tried += 1
            assert moved == {author, other}
    assert tried >= 2


def test_what_a_change_costs_is_told_in_sentences_that_begin_with_a_capital(office: Register) -> None:
    old = standing(office)
    first, second, third, *_ = sorted(old)
    told = [
        changes.try_change(office, CYCLE, act, author, other).told
        for act in ("pin", "ban", "swap")
        for author, other in ((first, second), (first, third), (first, old[first]), (second, third))
        if act != "swap" or (old[author] != other and old[other] != author)
    ]
    told += [changes.try_without(office, CYCLE, area).told for area in old]
    sentences = [sentence for text in told for sentence in text.split(". ") if sentence]
    assert len(sentences) > 8
    assert [sentence for sentence in sentences if sentence[0].islower()] == []


def test_nobody_comes_to_challenge_itself_by_a_swap(office: Register) -> None:
    author, challenger = next(iter(standing(office).items()))
    with pytest.raises(WrongUse, match="challenge itself"):
        changes.try_change(office, CYCLE, "swap", author, challenger)


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_nothing_changes_without_a_reason(office: Register, reason: str) -> None:
    trial = changes.try_change(office, CYCLE, "pin", *another(office))
    with pytest.raises(WrongUse, match=r"no reason|too short"):
        keep(office, trial, reason)
    with pytest.raises(WrongUse, match=r"no reason|too short"):
        undo(office, reason)


def test_an_approval_is_undone_while_nothing_is_out_and_what_waits_is_cancelled(office: Register) -> None:
    approve(office)
    told = undo(office, "too early")
    assert "6 pairs are open again" in told
    assert not waiting(office) or all(each.kind not in proposals.TELLING for each in waiting(office))
    assert {c.stage for c in challenges_of(office)} == {Stage.SELF_ASSESSED.value}
    assert entries(office, "approval of partners undone")[0]["reason"] == "too early"


def test_what_is_approved_again_goes_out_once_to_each(office: Register) -> None:
    approve(office)
    undo(office, "too early")
    approve(office, NOW + timedelta(hours=1))
    left = [each for each in waiting(office) if each.kind in proposals.TELLING]
    assert len(left) == 3 * 6
    pairs = {(each.challenge_id, each.kind, each.recipient_id) for each in left}
    assert len(pairs) == len(left)


def test_nothing_that_is_out_is_undone_and_it_is_said_what_is_out(office: Register) -> None:
    approve(office)
    author, challenger = next(iter(standing(office).items()))
    send_packs(office, to=challenger)
    names = {p.id: p.name for p in CYCLE.participants}
    out = f"the analysis pack to {names[challenger]} about {names[author]}"
    with pytest.raises(WrongUse, match=out):
        undo(office, "too late")
    assert assignment_of(office).status == AssignmentStatus.APPROVED


def test_when_an_area_withdraws_only_those_it_challenges_get_another_challenger(office: Register) -> None:
    approve(office)
    send_packs(office)
    before = standing(office)
    trials = {a: changes.try_without(office, CYCLE, c) for a, c in before.items()}
    orphan, trial = next(each for each in trials.items() if each[1].proposal["pairs"])
    gone = before[orphan]
    assert [author for author, _, _ in trial.moved] == [orphan]
    keep(office, trial, "the area steps back")
    approve(office, NOW + timedelta(days=1))
    after = {c.author_id: c for c in challenges_of(office)}
    assert after[gone].stage == Stage.WITHDRAWN.value
    assert after[orphan].stage == Stage.PAIRED.value and after[orphan].challenger_id != gone
    assert all(
        after[a].challenger_id == c and after[a].stage == Stage.IN_ANALYSIS.value
        for a, c in before.items()
        if a not in (gone, orphan)
    )
    packs = [w for w in waiting(office) if w.kind == DispatchKind.ANALYSIS_PACK.value]
    assert [w.recipient_id for w in packs] == [after[orphan].challenger_id]


def test_a_withdrawal_that_no_pairs_allow_says_why_and_keeps_nothing(office: Register) -> None:
    approve(office)
    send_packs(office)
    trials = [changes.try_without(office, CYCLE, gone) for gone in standing(office).values()]
    impossible = next(trial for trial in trials if not trial.proposal["pairs"])
    with pytest.raises(WrongUse, match="With this change no pairs keep every rule"):
        keep(office, impossible, "the area steps back")
    assert assignment_of(office).status == AssignmentStatus.APPROVED


def test_a_kept_proposal_names_the_areas_whose_pair_breaks_a_rule_to_be_avoided(office: Register) -> None:
    with office.reading() as connection:
        basis = read_basis(connection, CYCLE)
    broken = {pair.author for pair in propose_partners(basis.problem).pairs if pair.avoided}
    assert broken and set(assignment_of(office).proposal["avoided"]) == broken
    (author, *_) = broken
    trial = changes.try_change(office, CYCLE, "ban", author, standing(office)[author])
    keep(office, trial, "the directors asked")
    assert author not in assignment_of(office).proposal["avoided"]
