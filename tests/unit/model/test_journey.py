"""The journey of a challenge is said once: the rows of the stages agree with the moves between them."""

from itertools import pairwise

from peer_challenge.model import journey, kinds_of_submission
from peer_challenge.model.journey import ORDER, STAGES, TRANSITIONS, Challenger, Trigger, Watch
from peer_challenge.model.vocabulary import DEADLINE_NAMES, Kind, Role, Stage
from peer_challenge.outbox import do_what_is_due
from scripts.docs import DOCS, journey_page

_BY_DOCUMENT = {*journey.ACCEPTED.values(), Trigger.LAST_REPORT_ACCEPTED, Trigger.RECORD_TO_CHECK}
_WITHOUT_DRAFT = {(Stage.EVENT_HELD, Stage.SUMMARISED)}
_WITHOUT_REVIEWS = {(Stage.PLANNED, Stage.CLOSED)}
_CLOSED_EARLY = {(Stage.IN_FOLLOW_UP, Stage.CLOSED)}
_NEXT_REVIEW = {(Stage.IN_FOLLOW_UP, Stage.IN_FOLLOW_UP)}
_BACK_TO_ITS_EVENT = {(Stage.EVENT_HELD, Stage.EVENT_SET)}


def _from(stage: Stage) -> set[Trigger]:
    return {move.trigger for move in TRANSITIONS if move.source is stage}


def test_every_stage_has_a_row_and_no_other() -> None:
    assert set(STAGES) == set(Stage)
    assert (*ORDER, Stage.WITHDRAWN) == tuple(STAGES)


def test_the_moves_lead_through_every_stage_in_order() -> None:
    moves = [(move.source, move.target) for move in TRANSITIONS]
    others = _WITHOUT_DRAFT | _WITHOUT_REVIEWS | _CLOSED_EARLY | _NEXT_REVIEW | _BACK_TO_ITS_EVENT
    assert [move for move in moves if move not in others] == list(pairwise(ORDER))
    assert others <= set(moves)
    assert {move.trigger for move in TRANSITIONS} == set(Trigger)


def test_only_what_is_over_has_no_move_and_waits_for_nobody() -> None:
    over = {stage for stage in Stage if journey.is_final_stage(stage)}
    assert over == {Stage.CLOSED, Stage.WITHDRAWN}
    for stage, row in STAGES.items():
        assert (not _from(stage)) == (stage in over)
        assert (not row.waits) == (stage in over)
        assert journey.can_withdraw(stage) == (stage not in over)
        if stage in over:
            assert not (row.open_deadlines or row.receives or row.renews or row.hands_over or row.watches)
            assert journey.find_next_wait(stage, came=()) is None


def test_whatever_is_awaited_is_a_deadline_that_is_open() -> None:
    for stage in Stage:
        for came in ((), *((kind,) for kind in journey.MOVE_NOTHING), journey.MOVE_NOTHING):
            for wait in journey.list_awaited(stage, came=came):
                assert wait.deadline is None or wait.deadline in journey.open_deadlines(stage, came=came)


def test_what_the_office_has_to_do_is_said_and_a_deadline_says_the_rest() -> None:
    for row in STAGES.values():
        for wait in row.waits:
            assert bool(wait.words) == (wait.role is Role.OFFICE)
            assert wait.words or wait.deadline


def test_a_deadline_is_open_until_the_stage_that_meets_it_and_never_after() -> None:
    met: set[str] = set()
    for stage in ORDER:
        met |= {*STAGES[stage].meets}
        assert met.isdisjoint(STAGES[stage].open_deadlines), stage
    named = {name for row in STAGES.values() for name in row.open_deadlines}
    assert named == set(DEADLINE_NAMES)
    assert met == named - {"event_by", kinds_of_submission.DUE_BY[Kind.RESPONSE]}, (
        "no stage says that these are met"
    )


def test_a_deadline_is_met_by_the_stage_that_its_document_brings() -> None:
    for kind in journey.ACCEPTED:
        stages = [stage for stage, row in STAGES.items() if kinds_of_submission.DUE_BY[kind] in row.meets]
        assert stages and all(journey.brought_by(stage) == {kind} for stage in stages)


def test_a_stage_of_the_follow_up_shows_the_plan_or_a_report_and_nothing_else() -> None:
    both = {Kind.ACTION_PLAN, Kind.PROGRESS_REPORT}
    assert journey.brought_by(Stage.IN_FOLLOW_UP) == journey.brought_by(Stage.CLOSED) == both
    assert journey.brought_by(Stage.INVITED) == frozenset()


def test_only_a_challenge_in_follow_up_is_closed_by_the_office() -> None:
    assert [stage for stage in Stage if journey.can_end_follow_up(stage)] == [Stage.IN_FOLLOW_UP]


def test_the_response_is_awaited_before_the_event_until_it_is_in() -> None:
    before, after = (journey.find_next_wait(Stage.EVENT_SET, came=came) for came in ((), {Kind.RESPONSE}))
    assert before and before.deadline == "response_due"
    assert after and after.deadline == "event_on"
    assert "response_due" not in journey.open_deadlines(Stage.EVENT_SET, came={Kind.RESPONSE})


def test_both_areas_correct_the_draft_at_the_same_time_and_then_the_office_is_awaited() -> None:
    both = [Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS]
    awaited = journey.list_awaited(Stage.DRAFTED, came=())
    assert [wait.deadline for wait in awaited] == [kinds_of_submission.DUE_BY[kind] for kind in both]
    assert [wait.role for wait in awaited] == [kinds_of_submission.SENT_BY[kind] for kind in both]
    after = journey.list_awaited(Stage.DRAFTED, came=both)
    assert [(wait.deadline, wait.role) for wait in after] == [(None, Role.OFFICE)]


def test_met_deadlines_tell_of_a_day_that_was_agreed_and_a_response_that_is_in() -> None:
    reached = ORDER[: ORDER.index(Stage.RETURNED) + 1]
    before = journey.met_deadlines(reached, is_event_agreed=False, came=())
    assert before == {"self_assessment_due", "analysis_due"}
    after = journey.met_deadlines(reached, is_event_agreed=True, came={Kind.RESPONSE})
    assert after - before == {"event_by", "response_due"}


def test_what_moves_a_challenge_on_is_received_or_looked_for_or_done_by_the_office() -> None:
    looked_for = {
        Watch.PACK_ISSUED,
        Watch.EVENT_DAY_PASSED,
        Watch.ACCURACY_SETTLED,
        Watch.ALL_ISSUED,
        Watch.FOLLOW_UP_SET,
    }
    by_itself = {
        Trigger.PACK_ISSUED,
        Trigger.EVENT_DAY_PASSED,
        Trigger.ACCURACY_SETTLED,
        Trigger.ALL_ISSUED,
        Trigger.FOLLOW_UP_SET,
    }
    by_office = {
        Trigger.PARTNERS_APPROVED,
        Trigger.EVENT_AGREED,
        Trigger.EVENT_NOT_HELD,
        Trigger.ENDED_BY_OFFICE,
    }
    assert by_itself | by_office | _BY_DOCUMENT == set(Trigger)
    for stage in ORDER:
        moves = _from(stage)
        assert bool(moves & by_itself) == bool(looked_for.intersection(journey.watched_in(stage))), stage
        for kind, trigger in journey.ACCEPTED.items():
            assert trigger not in moves or journey.can_receive(kind, stage)


def test_every_kind_can_be_received_and_once_moved_on_only_corrects() -> None:
    for kind in Kind:
        stages = [stage for stage in Stage if journey.can_receive(kind, stage)]
        first, last = ORDER.index(stages[0]), ORDER.index(stages[-1])
        assert stages == list(ORDER[first : last + 1]), "without a gap"


def test_advance_has_an_act_for_everything_that_some_stage_looks_for() -> None:
    assert (
        set(do_what_is_due.ACTS) == set(Watch) == {watch for row in STAGES.values() for watch in row.watches}
    )


def test_what_is_sent_again_is_what_the_version_before_was_passed_on_by() -> None:
    sent = {(move.trigger, send) for move in TRANSITIONS for send in move.sends}
    for stage, row in STAGES.items():
        for kind, sends in row.renews.items():
            reached = ORDER[: ORDER.index(stage) + 1]
            assert any(journey.can_receive(kind, one) for one in reached), "its turn is, or was"
            so_far = {move.trigger for move in TRANSITIONS if move.target in reached}
            for send in sends:
                assert any((trigger, send) in sent for trigger in so_far), (stage, kind)
                passed_on = (
                    kinds_of_submission.PASSES_ON.get(send.kind)
                    or kinds_of_submission.QUOTES.get(send.kind, ())[:1]
                )
                assert kind in passed_on, (stage, kind)


def test_what_is_handed_over_passes_the_document_on_and_may_be_said_unconfirmed() -> None:
    handed_over = [(stage, *one) for stage, row in STAGES.items() for one in row.hands_over.items()]
    handed_over += [(Stage.EVENT_SET, *one) for one in journey.RENEWED_ONCE_PREPARED.items()]
    assert handed_over
    for stage, kind, sends in handed_over:
        assert journey.can_receive(kind, stage)
        for send in sends:
            is_writers = send.role is kinds_of_submission.SENT_BY[kind]
            assert is_writers or kind in kinds_of_submission.PASSES_ON[send.kind]
            assert send.kind in journey.SENT_UNCONFIRMED[kind]
            assert send in journey.PREPARATION, "who has no event yet gets it again with the event"


def test_a_challenger_is_open_then_chosen_then_settled() -> None:
    order = list(Challenger)
    positions = [order.index(STAGES[stage].challenger) for stage in ORDER]
    assert positions == sorted(positions)
    for stage in Stage:
        is_chosen = journey.can_change_challenger(stage)
        assert is_chosen == (journey.is_under_way(stage) and not journey.is_settled(stage))
    assert journey.is_settled(Stage.RETURNED), "the analysis is in"
    assert not journey.is_under_way(Stage.SELF_ASSESSED)


def test_there_is_an_event_from_the_day_it_is_agreed() -> None:
    agreed = next(move.target for move in TRANSITIONS if move.trigger is Trigger.EVENT_AGREED)
    with_event = [stage for stage in ORDER if journey.has_event(stage)]
    assert with_event == list(ORDER[ORDER.index(agreed) :])


def test_every_kind_is_due_asked_for_and_sent_by_somebody() -> None:
    assert set(kinds_of_submission.DUE_BY) == set(kinds_of_submission.SENT_BY) == set(Kind)
    assert (
        set(kinds_of_submission.DUE_BY.values()) <= set(kinds_of_submission.ASKED_BY) <= set(DEADLINE_NAMES)
    )


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    assert (DOCS / "journey.md").read_text(encoding="utf-8") == journey_page()
