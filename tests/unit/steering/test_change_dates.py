"""Dates that move are told to those who know of them, once, with what they were and what the office says."""

from datetime import date, timedelta

import pytest

from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.dispatches.letters import dates_notice
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import DeadlineName, Role
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.register import challenges, date_adjustments, listings, outbox
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.steering.change_dates import change_dates, list_dates_moved_back, take_back_adjustment
from tests.unit.partners.test_withdrawing import (
    CYCLE,
    HOLDERS,
    NOW,
    WHICH,
    event_set,
    paired,
    set_state,
    waiting,
)

__all__ = ["event_set", "paired"]  # fixtures


def extend(
    register: Register, deadline: DeadlineName, days: int, message: str = "", reason: str = "they are few"
) -> tuple[Role, ...]:
    asked = Adjustment("extension", reason, days, deadline=deadline.value, message=message)
    with register.writing() as connection:
        return change_dates(connection, CYCLE, WHICH, asked, at=NOW, actor="office")


def due(register: Register, deadline: DeadlineName) -> date:
    with register.reading() as connection:
        return challenges.due_dates(connection, WHICH)[deadline]


def test_before_an_event_the_area_and_its_challenger_get_the_new_dates(
    paired: Register, settings: Settings
) -> None:
    before = due(paired, DeadlineName.ANALYSIS_DUE)
    assert extend(paired, DeadlineName.ANALYSIS_DUE, 7, "Take a week more.") == (Role.AUTHOR, Role.CHALLENGER)
    after = due(paired, DeadlineName.ANALYSIS_DUE)
    assert before < after <= before + timedelta(days=7)
    letters = waiting(paired, D.DATES_NOTICE)
    assert [row.role for row in letters] == HOLDERS[:2]
    with paired.reading() as connection:
        said = dates_notice(gather_dispatch_facts(connection, letters[1], Archive(settings.archive_folder)))
    (analysis, *_) = said["changes"]
    assert analysis["what"] == "Your questions about Ashcombe due" and analysis["before"] != analysis["after"]
    assert said["messages"] == ["Take a week more."] and "they are few" not in str(said)


def test_the_chair_is_told_once_invited(event_set: Register) -> None:
    assert Role.CHAIR in extend(event_set, DeadlineName.CHAIR_RECORD_DUE, 7)


def test_who_has_heard_of_nothing_gets_no_letter(paired: Register) -> None:
    with paired.writing() as connection:
        connection.exec_driver_sql("UPDATE dispatches SET state = 'intended'")
    assert extend(paired, DeadlineName.ANALYSIS_DUE, 7) == ()


def test_who_is_just_being_written_to_hears_of_the_change(paired: Register) -> None:
    with paired.writing() as connection:
        set_state(connection, outbox.PLACING)
    assert extend(paired, DeadlineName.ANALYSIS_DUE, 7) == (Role.AUTHOR, Role.CHALLENGER)


def test_two_changes_before_the_letter_goes_are_one_letter(paired: Register, settings: Settings) -> None:
    first = due(paired, DeadlineName.ANALYSIS_DUE)
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "First.")
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "Second.")
    letters = waiting(paired, D.DATES_NOTICE)
    assert [row.role for row in letters] == HOLDERS[:2]
    with paired.reading() as connection:
        facts = gather_dispatch_facts(connection, letters[0], Archive(settings.archive_folder))
    assert facts.dates_changed is not None
    assert facts.dates_changed.before[DeadlineName.ANALYSIS_DUE.value] == first
    assert facts.dates_changed.messages == ("First.", "Second.")
    assert facts.marking == "OFFICIAL"  # it says days, and nothing that anybody wrote in a form


def test_without_a_reason_nothing_is_changed_and_nobody_written_to(paired: Register) -> None:
    before = due(paired, DeadlineName.ANALYSIS_DUE)
    with pytest.raises(WrongUse, match="reason"):
        extend(paired, DeadlineName.ANALYSIS_DUE, 7, reason=" ")
    assert due(paired, DeadlineName.ANALYSIS_DUE) == before and not waiting(paired, D.DATES_NOTICE)
    with paired.reading() as connection:
        assert outbox.count_of_kind(connection, WHICH, D.DATES_NOTICE) == 0


def take_back(register: Register, number: int, reason: str = "the wrong area") -> tuple[Role, ...]:
    with register.writing() as connection:
        return take_back_adjustment(
            connection, CYCLE, WHICH, number, reason=reason, at=NOW, actor="a colleague"
        )


def newest_number(register: Register) -> int:
    with register.reading() as connection:
        return max(date_adjustments.number_adjustments(connection, WHICH))


def test_an_extension_that_is_taken_back_gives_the_old_date_and_a_letter_that_says_so(
    paired: Register, settings: Settings
) -> None:
    first = due(paired, DeadlineName.ANALYSIS_DUE)
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "Take a week more.")
    extended = due(paired, DeadlineName.ANALYSIS_DUE)
    with paired.writing() as connection:
        set_state(connection, outbox.ISSUED)
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None
        number = max(date_adjustments.number_adjustments(connection, WHICH))
        moves = {one.name: one for one in list_dates_moved_back(connection, CYCLE, challenge, number)}
    analysis = moves[DeadlineName.ANALYSIS_DUE]
    assert (analysis.before, analysis.after) == (extended, first)
    assert due(paired, DeadlineName.ANALYSIS_DUE) == extended, "looking changes nothing"
    assert take_back(paired, number) == (Role.AUTHOR, Role.CHALLENGER)
    assert due(paired, DeadlineName.ANALYSIS_DUE) == first
    letters = waiting(paired, D.DATES_NOTICE)
    assert [row.role for row in letters] == HOLDERS[:2]
    with paired.reading() as connection:
        said = dates_notice(gather_dispatch_facts(connection, letters[0], Archive(settings.archive_folder)))
        (entry,) = listings.list_journal_entries(connection, 1, event="change of dates taken back").rows
    assert said["messages"] == [] and said["changes"]
    assert (entry.actor, entry.details["reason"], entry.details["days"]) == (
        "a colleague",
        "the wrong area",
        7,
    )
    with pytest.raises(WrongUse, match="taken back already"):
        take_back(paired, number)


def test_a_letter_that_has_not_gone_does_not_go_where_its_change_is_taken_back(paired: Register) -> None:
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "Take a week more.")
    assert take_back(paired, newest_number(paired)) == ()
    assert not waiting(paired, D.DATES_NOTICE)


def test_of_two_changes_in_a_letter_the_one_that_is_taken_back_is_not_said(paired: Register) -> None:
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "First.")
    extend(paired, DeadlineName.ANALYSIS_DUE, 7, "Second.")
    assert take_back(paired, newest_number(paired)) == (Role.AUTHOR, Role.CHALLENGER)
    letters = waiting(paired, D.DATES_NOTICE)
    assert [row.role for row in letters] == HOLDERS[:2]
    assert [row.parameters["messages"] for row in letters] == [["First."], ["First."]]


def test_without_a_reason_nothing_is_taken_back(paired: Register) -> None:
    extend(paired, DeadlineName.ANALYSIS_DUE, 7)
    extended = due(paired, DeadlineName.ANALYSIS_DUE)
    with pytest.raises(WrongUse, match="reason"):
        take_back(paired, newest_number(paired), reason=" ")
    assert due(paired, DeadlineName.ANALYSIS_DUE) == extended
