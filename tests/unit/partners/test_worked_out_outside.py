"""Partners and days of events are worked out with no transaction open, and kept only if they still hold.

A solver may take half a minute. Inside the writing transaction it would keep every other writer waiting, and
outside it what it was given may be out of date when it ends.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.events import propose_or_set_events
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import Stage
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.pins_and_bans import map_author_to_challenger
from peer_challenge.register import assignments, challenges, journal
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.work_out import ChangedMeanwhile
from tests.factories import a_cycle

CYCLE = a_cycle(6)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
GONE = CYCLE.authors[0].id


@pytest.fixture
def office(register: Register) -> Register:
    """Every self-assessment is in."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        for challenge in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(
                connection, challenge.id, Trigger.SELF_ASSESSMENT_ACCEPTED, CYCLE, at=NOW
            )
    return register


def withdraw_first(office: Register) -> None:
    with office.writing() as connection:
        challenges.withdraw_challenge(
            connection, f"{CYCLE.id}/{GONE}", "it steps back", at=NOW, actor="office"
        )


def note(office: Register) -> None:
    with office.writing() as connection:
        journal.append_entry(connection, "somebody writes", at=NOW)


def while_solving(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, meanwhile: list[Callable[[], None]]
) -> list[object]:
    """Let others write while a real solver runs, a step of `meanwhile` a run; returns what it was asked."""
    solve, asked = getattr(module, name), []

    def solve_slowly(*given: object, **more: object) -> object:
        asked.append(given)
        if meanwhile:
            meanwhile.pop(0)()  # on SQLite it would wait for a writing transaction, and fail
        return solve(*given, **more)

    monkeypatch.setattr(module, name, solve_slowly)
    return asked


def test_others_write_while_partners_are_worked_out(
    office: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = while_solving(monkeypatch, proposals, "propose_partners", [lambda: note(office)])
    assert proposals.propose_when_due(office, CYCLE, NOW, approve=True) == 1
    assert len(asked) == 1, "what was written had nothing to do with partners"


def test_partners_are_worked_out_again_when_an_area_withdraws_meanwhile(
    office: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = while_solving(monkeypatch, proposals, "propose_partners", [lambda: withdraw_first(office)])
    proposals.propose_for(office, CYCLE, NOW)
    with office.reading() as connection:
        kept = assignments.load_latest(connection, CYCLE.id)
    assert kept is not None and len(asked) == 2
    assert GONE not in map_author_to_challenger(kept.proposal).keys() | set(
        map_author_to_challenger(kept.proposal).values()
    )


def test_nothing_is_kept_when_everything_changes_all_the_time(
    office: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move_on(number: int) -> None:
        with office.writing() as connection:
            challenges.withdraw_challenge(
                connection, f"{CYCLE.id}/{CYCLE.authors[number].id}", "gone", at=NOW, actor="office"
            )

    steps = [lambda number=number: move_on(number) for number in range(5)]
    while_solving(monkeypatch, proposals, "propose_partners", steps)
    with pytest.raises(ChangedMeanwhile):
        proposals.propose_for(office, CYCLE, NOW)
    with office.reading() as connection:
        assert assignments.load_latest(connection, CYCLE.id) is None


def test_a_trial_is_kept_only_as_long_as_it_holds(office: Register) -> None:
    proposals.propose_for(office, CYCLE, NOW)
    author, other = CYCLE.authors[1].id, CYCLE.authors[2].id
    trial = changes.try_change(office, CYCLE, "ban", author, other)
    withdraw_first(office)
    with pytest.raises(ChangedMeanwhile), office.writing() as connection:
        changes.keep_trial(connection, CYCLE, trial, at=NOW, actor="office", reason="the directors asked")


def test_others_write_while_days_are_worked_out_and_a_changed_window_is_worked_out_again(
    office: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.writing() as connection:
        for number, challenge in enumerate(challenges.list_challenges_in_cycle(connection, CYCLE.id)):
            other = CYCLE.authors[(number + 1) % len(CYCLE.authors)].id
            challenges.set_partners(connection, challenge.id, challenger_id=other, moderator_id=None)
            for trigger in (Trigger.PARTNERS_APPROVED, Trigger.PACK_ISSUED):
                challenges.move_challenge_on(
                    connection, challenge.id, trigger, CYCLE, at=NOW, pack_issued_at=NOW
                )
            challenges.move_challenge_on(
                connection, challenge.id, Trigger.ANALYSIS_ACCEPTED, CYCLE, at=NOW, analysis_completed_at=NOW
            )
    steps = [lambda: withdraw_first(office), lambda: note(office)]
    asked = while_solving(monkeypatch, propose_or_set_events, "make_timetable", steps)
    assert propose_or_set_events.set_events(office, CYCLE, NOW) == len(CYCLE.authors) - 1
    assert len(asked) == 2
    with office.reading() as connection:
        days = {
            c.author_id: (c.stage, c.event_on)
            for c in challenges.list_challenges_in_cycle(connection, CYCLE.id)
        }
    assert days.pop(GONE) == (Stage.WITHDRAWN, None)
    assert all(stage is Stage.EVENT_SET and isinstance(on, date) for stage, on in days.values())
