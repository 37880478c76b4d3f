"""Partners changed by hand: each change priced, reasoned and undoable; nothing that is out undone unseen."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.pins_and_bans import office_rules, pairs_of
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from tests.factories import a_cycle

CYCLE = a_cycle(6)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
BY = {"at": NOW, "actor": "office"}


@pytest.fixture
def office(register: Register) -> Register:
    """Every self-assessment is in, and partners are proposed."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        for challenge in challenges.of_cycle(connection, CYCLE.id):
            challenges.move(connection, challenge.id, Trigger.SELF_ASSESSMENT_ACCEPTED, CYCLE, at=NOW)
        proposals.propose_for(connection, CYCLE, NOW)
    return register


def standing(connection: Connection) -> dict[str, str]:
    return pairs_of(row_of(connection).proposal)


def row_of(connection: Connection) -> sa.Row:  # type: ignore[type-arg]
    row = proposals.latest(connection, CYCLE.id, proposals.PROPOSED, proposals.APPROVED)
    assert row is not None
    return row


def changed(connection: Connection, act: str, author: str, other: str) -> changes.Trial:
    trial = changes.try_change(connection, CYCLE, act, author, other)
    changes.keep_trial(connection, CYCLE, trial, **BY, reason="the directors asked")
    return trial


def approve(connection: Connection, at: datetime = NOW) -> None:
    proposals.approve_latest(connection, CYCLE, at, reason="agreed", actor="office")


def send_packs(connection: Connection, *, to: str | None = None) -> None:
    for dispatch in outbox.waiting(connection):
        if dispatch.kind == DispatchKind.ANALYSIS_PACK.value and to in (None, dispatch.recipient_id):
            outbox.begin_placing(connection, dispatch.id, f"pack-{dispatch.id}", "0" * 64, 1)
            outbox.mark_issued(connection, [dispatch], NOW)
            challenges.move(
                connection,
                dispatch.challenge_id,
                Trigger.PACK_ISSUED,
                CYCLE,
                at=NOW,
                pack_issued_at=NOW,
            )


def entries(connection: Connection, event: str) -> list[dict[str, object]]:
    return list(connection.scalars(sa.select(t.journal.c.details).where(t.journal.c.event == event)))


def another(connection: Connection) -> tuple[str, str]:
    """An author and somebody who may challenge it but does not."""
    problem, pairs = proposals.problem_of(connection, CYCLE), standing(connection)
    for author in pairs:
        for one in pairs:
            if one not in (author, pairs[author]):
                trial = changes.try_change(connection, CYCLE, "pin", author, one)
                if trial.proposal["pairs"]:
                    return author, one
    raise AssertionError(problem)


@pytest.mark.parametrize("act", ["pin", "ban"])
def test_a_pin_or_ban_is_priced_kept_over_a_new_proposal_and_can_be_lifted(
    office: Register, act: str
) -> None:
    with office.writing() as connection:
        author, one = another(connection)
        if act == "ban":
            one = standing(connection)[author]
        trial = changed(connection, act, author, one)
        assert "would change" in trial.told and trial.moved
        proposals.propose_for(connection, CYCLE, NOW)
        assert (standing(connection)[author] == one) is (act == "pin")
        (rule,) = office_rules(row_of(connection).proposal)
        assert (rule.act, rule.author, rule.challenger) == (act, author, one)
        assert (rule.reason, rule.made_by) == ("the directors asked", "office")
        lifted = changes.try_lifting(connection, CYCLE, author, one)
        changes.keep_trial(connection, CYCLE, lifted, **BY, reason="no longer asked")
        assert office_rules(row_of(connection).proposal) == []


def test_every_change_is_undone_back_to_the_first_proposal(office: Register) -> None:
    with office.writing() as connection:
        first = standing(connection)
        changed(connection, "pin", *another(connection))
        second = standing(connection)
        changed(connection, "ban", *next(iter(second.items())))
        assert second not in (first, standing(connection))
        for before in (second, first):
            changes.undo(connection, CYCLE, **BY, reason="second thoughts")
            assert standing(connection) == before
        with pytest.raises(WrongUse, match="first proposal"):
            changes.undo(connection, CYCLE, **BY, reason="and again")
        told = entries(connection, "change of partners undone")
        assert [entry["reason"] for entry in told] == ["second thoughts"] * 2
        assert journal.broken_at(connection) is None


def test_a_swap_is_undone_whole(office: Register) -> None:
    with office.writing() as connection:
        first = standing(connection)
        swaps = [
            (a, b)
            for a in first
            for b in first
            if a < b
            and b != first[a]
            and a != first[b]
            and changes.try_change(connection, CYCLE, "swap", a, b).proposal["pairs"]
        ]
        author, other = swaps[0]
        changed(connection, "swap", author, other)
        assert (standing(connection)[author], standing(connection)[other]) == (first[other], first[author])
        changes.undo(connection, CYCLE, **BY, reason="they changed their minds")
        assert standing(connection) == first
        assert office_rules(row_of(connection).proposal) == []


def test_nobody_comes_to_challenge_itself_by_a_swap(office: Register) -> None:
    with office.writing() as connection:
        author, challenger = next(iter(standing(connection).items()))
        with pytest.raises(WrongUse, match="challenge itself"):
            changes.try_change(connection, CYCLE, "swap", author, challenger)


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_nothing_changes_without_a_reason(office: Register, reason: str) -> None:
    with office.writing() as connection:
        trial = changes.try_change(connection, CYCLE, "pin", *another(connection))
        with pytest.raises(WrongUse, match="no reason"):
            changes.keep_trial(connection, CYCLE, trial, **BY, reason=reason)
        with pytest.raises(WrongUse, match="no reason"):
            changes.undo(connection, CYCLE, **BY, reason=reason)


def test_an_approval_is_undone_while_nothing_is_out_and_what_waits_is_cancelled(office: Register) -> None:
    with office.writing() as connection:
        approve(connection)
        told = changes.undo(connection, CYCLE, **BY, reason="too early")
        assert "6 pairs are open again" in told
        assert not outbox.waiting(connection) or all(
            each.kind not in proposals.TELLING for each in outbox.waiting(connection)
        )
        assert {c.stage for c in challenges.of_cycle(connection, CYCLE.id)} == {Stage.SELF_ASSESSED.value}
        assert entries(connection, "approval of partners undone")[0]["reason"] == "too early"


def test_what_is_approved_again_goes_out_once_to_each(office: Register) -> None:
    with office.writing() as connection:
        approve(connection)
        changes.undo(connection, CYCLE, **BY, reason="too early")
        approve(connection, NOW + timedelta(hours=1))
        waiting = [each for each in outbox.waiting(connection) if each.kind in proposals.TELLING]
        assert len(waiting) == 3 * 6
        pairs = {(each.challenge_id, each.kind, each.recipient_id) for each in waiting}
        assert len(pairs) == len(waiting)


def test_nothing_that_is_out_is_undone_and_it_is_said_what_is_out(office: Register) -> None:
    with office.writing() as connection:
        approve(connection)
        author, challenger = next(iter(standing(connection).items()))
        send_packs(connection, to=challenger)
        names = {p.id: p.name for p in CYCLE.participants}
        out = f"the analysis pack to {names[challenger]} about {names[author]}"
        with pytest.raises(WrongUse, match=out):
            changes.undo(connection, CYCLE, **BY, reason="too late")
        assert row_of(connection).status == proposals.APPROVED


def test_when_an_area_withdraws_only_those_it_challenges_get_another_challenger(office: Register) -> None:
    with office.writing() as connection:
        approve(connection)
        send_packs(connection)
        before = standing(connection)
        trials = {a: changes.try_without(connection, CYCLE, c) for a, c in before.items()}
        orphan, trial = next(each for each in trials.items() if each[1].proposal["pairs"])
        gone = before[orphan]
        assert [author for author, _, _ in trial.moved] == [orphan]
        changes.keep_trial(connection, CYCLE, trial, **BY, reason="the area steps back")
        approve(connection, NOW + timedelta(days=1))
        after = {c.author_id: c for c in challenges.of_cycle(connection, CYCLE.id)}
        assert after[gone].stage == Stage.WITHDRAWN.value
        assert after[orphan].stage == Stage.PAIRED.value and after[orphan].challenger_id != gone
        assert all(
            after[a].challenger_id == c and after[a].stage == Stage.IN_ANALYSIS.value
            for a, c in before.items()
            if a not in (gone, orphan)
        )
        packs = [w for w in outbox.waiting(connection) if w.kind == DispatchKind.ANALYSIS_PACK.value]
        assert [w.recipient_id for w in packs] == [after[orphan].challenger_id]


def test_a_withdrawal_that_no_pairs_allow_says_why_and_keeps_nothing(office: Register) -> None:
    with office.writing() as connection:
        approve(connection)
        send_packs(connection)
        trials = [changes.try_without(connection, CYCLE, gone) for gone in standing(connection).values()]
        impossible = next(trial for trial in trials if not trial.proposal["pairs"])
        with pytest.raises(WrongUse, match="With this change no pairs keep every rule"):
            changes.keep_trial(connection, CYCLE, impossible, **BY, reason="the area steps back")
        assert row_of(connection).status == proposals.APPROVED
