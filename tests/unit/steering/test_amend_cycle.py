"""An open cycle is changed: all of it or nothing, with what follows said before, and nobody told wrongly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.gather_facts import gather_covering_facts, gather_dispatch_facts
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.events.change_chair import give_event
from peer_challenge.model.access import Access
from peer_challenge.model.cycle import Chair, Contact, Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import AssignmentRules
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DeadlineName, Role, Stage
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.pins_and_bans import map_author_to_challenger, read_kept_proposal
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import (
    assignments,
    challenges,
    cycles,
    journal,
    listings,
    outbox,
    people,
    purging,
)
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register
from peer_challenge.register.events import load_event
from peer_challenge.register.records import AssignmentStatus
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.settings import Settings
from peer_challenge.steering.amend_cycle import CannotAmend, Plan, amend_cycle, load_version, plan_amendment
from tests.unit.partners.test_withdrawing import (
    AUTHOR,
    CYCLE,
    EVENT,
    NOW,
    WHICH,
    event_set,
    made,
    paired,
    set_state,
    waiting,
)

__all__ = ["event_set", "paired"]  # fixtures
WHY = "they asked for it"
FIRST_CHAIR, SECOND_CHAIR = CYCLE.chairs[:2]


@pytest.fixture
def opened(register: Register) -> Register:
    """The cycle is open, and its forms are out."""
    with register.writing() as connection:
        cycles.store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        set_state(connection, outbox.ISSUED)
    return register


@pytest.fixture
def proposed(opened: Register) -> Register:
    """Every self-assessment is in, and partners are proposed."""
    with opened.writing() as connection:
        for row in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(connection, row.id, Trigger.SELF_ASSESSMENT_ACCEPTED, CYCLE, at=NOW)
    proposals.propose_for(opened, CYCLE, NOW)
    return opened


def changed(cycle: Cycle = CYCLE, **fields: object) -> Cycle:
    held = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(held | fields)


def with_area(area: str = AUTHOR, cycle: Cycle = CYCLE, **fields: object) -> Cycle:
    areas = [one.model_copy(update=fields) if one.id == area else one for one in cycle.participants]
    return changed(cycle, participants=tuple(areas))


def with_area_more() -> Cycle:
    new = Participant(id="newtown", name="Newtown", police="Far Police", icb=("Far ICB",))
    return changed(participants=(*CYCLE.participants, new))


def without_chairs(*gone: Chair, more: tuple[Chair, ...] = ()) -> Cycle:
    return changed(chairs=(*(chair for chair in CYCLE.chairs if chair not in gone), *more))


def plan(register: Register, after: Cycle, at: datetime = NOW) -> Plan:
    with register.reading() as connection:
        return plan_amendment(connection, after, at)


def amend(register: Register, settings: Settings, after: Cycle, at: datetime = NOW, why: str = WHY) -> Plan:
    return amend_cycle(register, settings, after, at=at, actor="Jo", reason=why)


def present(register: Register) -> Cycle:
    with register.reading() as connection:
        return cycles.load_stored(connection, CYCLE.id)[0]


def add_person(register: Register, email: str, *, area: str | None = None, chair: str | None = None) -> int:
    with register.writing() as connection:
        people.add_person(
            connection,
            email,
            email.partition("@")[0],
            Access.PARTICIPANT if area else Access.CHAIR,
            at=NOW,
            actor="office",
            cycle_id=CYCLE.id,
            participant_id=area,
            chair_id=chair,
        )
        user = people.find_user_by_email(connection, email)
        assert user is not None
        return user.id


def can_sign_in(register: Register, user_id: int) -> bool:
    with register.reading() as connection:
        return people.load_active(connection, user_id) is not None


def test_every_version_is_kept_and_the_journal_says_who_changed_what_and_why(
    opened: Register, settings: Settings
) -> None:
    amend(opened, settings, with_area(police="Far Police", name="Ashby"))
    amend(opened, settings, with_area(police="Far Police", name="Ashby", icb=("Far ICB",)), why="once more")
    now = present(opened).participant[AUTHOR]
    assert (now.name, now.police, now.icb) == ("Ashby", "Far Police", ("Far ICB",))
    with opened.reading() as connection:
        first, second = cycles.list_earlier_versions(connection, CYCLE.id)
        entries = listings.list_journal_entries(connection, 1, event="cycle changed").rows
        assert journal.broken_at(connection) is None
    assert first.cycle == CYCLE and (first.replaced_by, first.reason) == ("Jo", WHY)
    assert second.cycle.participant[AUTHOR].name == "Ashby" and second.reason == "once more"
    latest = entries[0]
    assert (latest.actor, latest.details["reason"], latest.details["version"]) == ("Jo", "once more", 3)
    assert latest.details["changed"] == [f"participants/{AUTHOR}/icb"]


def test_the_journal_has_no_addresses(opened: Register, settings: Settings) -> None:
    amend(opened, settings, with_area(contacts=(Contact(name="A Person", email="person@ashby.example"),)))
    with opened.reading() as connection:
        (entry,) = listings.list_journal_entries(connection, 1, event="cycle changed").rows
    assert "person" not in str(entry.details).lower().replace("participants", "")


def test_what_says_the_same_changes_nothing_and_a_change_needs_a_reason(
    opened: Register, settings: Settings
) -> None:
    with pytest.raises(WrongUse, match="Nothing is different"):
        amend(opened, settings, changed())
    with pytest.raises(WrongUse, match="no reason"):
        amend(opened, settings, with_area(police="Far Police"), why=" ")
    assert present(opened) == CYCLE


def test_what_can_not_be_changed_is_refused_all_at_once_with_its_place_and_a_remedy(
    opened: Register, settings: Settings
) -> None:
    dates = Dates(opens=date(2027, 1, 4), self_assessment_due=date(2027, 3, 20))
    areas = (CYCLE.participants[0].model_copy(update={"external": True}), *CYCLE.participants[2:])
    wrong = changed(dates=dates, participants=areas, framework="another")
    with pytest.raises(CannotAmend) as refused:
        amend(opened, settings, wrong)
    places = [one.place for one in refused.value.refusals]
    gone = CYCLE.participants[1]
    assert places == [
        "framework",
        "dates/opens",
        f"participants/{AUTHOR}/external",
        f"participants/{gone.id}",
    ]
    assert all(one.remedy for one in refused.value.refusals)
    assert present(opened) == CYCLE and not waiting(opened, D.DATES_NOTICE)


def test_an_area_that_is_only_renamed_without_its_id_is_told_how_to_be_renamed(opened: Register) -> None:
    areas = (
        CYCLE.participants[0].model_copy(update={"id": "ashby", "name": "Ashby"}),
        *CYCLE.participants[1:],
    )
    (refusal,) = plan(opened, changed(participants=areas)).refusals
    assert f"write `id: {AUTHOR}` beside the new name" in refusal.remedy


def test_a_cycle_that_is_not_open_is_not_changed(opened: Register, settings: Settings) -> None:
    with pytest.raises(WrongUse, match="There is no cycle elsewhere"):
        plan(opened, changed(id="elsewhere"))
    with opened.writing() as connection:
        cycles.close_cycle(connection, CYCLE.id, NOW)
    with pytest.raises(WrongUse, match="is closed"):
        amend(opened, settings, with_area(police="Far Police"))


def test_a_new_day_for_self_assessments_moves_the_date_and_writes_to_every_area(
    opened: Register, settings: Settings
) -> None:
    later = Dates(opens=CYCLE.dates.opens, self_assessment_due=date(2027, 3, 20))
    done = amend(opened, settings, changed(dates=later), at=datetime(2027, 2, 1, 9, tzinfo=UTC))
    assert "26 February 2027 becomes 22 March 2027" in done.follows[0]  # a Saturday rolls to Monday
    letters = waiting(opened, D.DATES_NOTICE)
    assert {row.recipient_id for row in letters} == {area.id for area in CYCLE.authors}
    with opened.reading() as connection:
        due = challenges.due_dates(connection, WHICH)
    assert due[DeadlineName.SELF_ASSESSMENT_DUE] == date(2027, 3, 22)


def test_a_day_that_is_past_is_refused(opened: Register) -> None:
    earlier = Dates(opens=CYCLE.dates.opens, self_assessment_due=date(2027, 2, 10))
    refusals = plan(opened, changed(dates=earlier), datetime(2027, 2, 12, 9, tzinfo=UTC)).refusals
    assert len(refusals) == len(CYCLE.authors)
    assert "would be 10 February 2027, which is past" in refusals[0].why


def test_more_days_for_an_analysis_are_told_to_those_at_work_and_extensions_stay(
    paired: Register, settings: Settings
) -> None:
    rules = CYCLE.rules.model_copy(update={"analysis_days": 42})
    amend(paired, settings, changed(rules=rules))
    with paired.reading() as connection:
        assert challenges.due_dates(connection, WHICH)[DeadlineName.ANALYSIS_DUE] == date(2027, 4, 12)
    letters = [row for row in waiting(paired, D.DATES_NOTICE) if row.challenge_id == WHICH]
    assert [row.role for row in letters] == [Role.AUTHOR, Role.CHALLENGER]


def test_a_rule_of_documents_writes_to_nobody_and_says_so(paired: Register, settings: Settings) -> None:
    done = amend(paired, settings, changed(rules=CYCLE.rules.model_copy(update={"word_limit": 90})))
    assert "please tell the areas" in done.follows[0]
    with paired.reading() as connection:
        assert not outbox.list_waiting_dispatches(connection)
    assert present(paired).rules.word_limit == 90


def test_an_area_comes_in_with_its_form_until_partners_are_approved(
    opened: Register, settings: Settings
) -> None:
    done = amend(opened, settings, with_area_more())
    assert done.follows == ("Newtown gets its self-assessment form, to be returned by 26 February 2027.",)
    with opened.reading() as connection:
        form, letter = outbox.list_waiting_dispatches(connection)
        found = challenges.find_challenge(connection, f"{CYCLE.id}/newtown")
        due = challenges.due_dates(connection, f"{CYCLE.id}/newtown")
    assert (form.kind, form.recipient_id) == (D.SELF_ASSESSMENT_TEMPLATE, "newtown")
    assert (letter.kind, letter.recipient_id) == (D.LAUNCH_LETTER, "newtown")
    assert found is not None and found.stage is Stage.INVITED
    assert due == {DeadlineName.SELF_ASSESSMENT_DUE: date(2027, 2, 26)}


def test_an_area_that_comes_while_partners_are_proposed_is_in_a_new_proposal(
    proposed: Register, settings: Settings
) -> None:
    done = amend(proposed, settings, with_area_more())
    assert "Partners are proposed again, for you to approve." in done.follows
    with proposed.reading() as connection:
        newest = assignments.load_standing(connection, CYCLE.id)
    assert "newtown" in map_author_to_challenger(read_kept_proposal(newest))


def test_an_area_does_not_come_in_once_partners_are_approved(paired: Register, settings: Settings) -> None:
    with pytest.raises(CannotAmend, match="Partners are approved"):
        amend(paired, settings, with_area_more())
    assert "newtown" not in present(paired).participant


def _partner_of(register: Register) -> str:
    with register.reading() as connection:
        newest = assignments.load_standing(connection, CYCLE.id)
    return map_author_to_challenger(read_kept_proposal(newest))[AUTHOR]


def test_a_police_force_that_breaks_a_proposed_pair_gives_a_new_proposal(
    proposed: Register, settings: Settings
) -> None:
    partner = _partner_of(proposed)
    shared = with_area(police=CYCLE.participant[partner].police)
    done = amend(proposed, settings, shared)
    (told,) = done.follows
    assert "proposed again" in told and "share" in told and "Police." in told
    assert _partner_of(proposed) != partner
    with proposed.writing() as connection:
        cycle = cycles.load_stored(connection, CYCLE.id)[0]
        assert proposals.approve_latest(connection, cycle, NOW, reason=WHY, actor="Jo") == len(CYCLE.authors)


def test_a_police_force_that_breaks_no_pair_leaves_the_proposal(
    proposed: Register, settings: Settings
) -> None:
    with proposed.reading() as connection:
        before = assignments.load_standing(connection, CYCLE.id)
    amend(proposed, settings, with_area(police="A force of its own"))
    with proposed.reading() as connection:
        assert assignments.load_standing(connection, CYCLE.id) == before


def test_approved_partners_stay_and_it_is_said_which_rule_they_break_now(
    paired: Register, settings: Settings
) -> None:
    partner = _partner_of(paired)
    done = amend(paired, settings, with_area(police=CYCLE.participant[partner].police))
    (told,) = done.follows
    assert "They are partners already and stay so" in told
    assert _partner_of(paired) == partner
    with paired.reading() as connection:
        standing = assignments.load_standing(connection, CYCLE.id)
    assert standing is not None and standing.status is AssignmentStatus.APPROVED


def test_a_rule_of_partners_can_be_relaxed_mid_cycle(proposed: Register, settings: Settings) -> None:
    rules = AssignmentRules.model_validate({**CYCLE.assignment.model_dump(), "shared_police": "avoid"})
    amend(proposed, settings, changed(assignment=rules))
    assert present(proposed).assignment.shared_police == "avoid"


def test_a_change_tried_on_the_old_cycle_is_not_kept_after_it_was_changed(
    proposed: Register, settings: Settings
) -> None:
    other = next(area.id for area in CYCLE.authors if area.id not in {AUTHOR, _partner_of(proposed)})
    trial = changes.try_change(proposed, CYCLE, "ban", AUTHOR, other)
    amend(proposed, settings, with_area(police="A force of its own"))
    with pytest.raises(ChangedMeanwhile), proposed.writing() as connection:
        changes.keep_trial(connection, CYCLE, trial, at=NOW, actor="Jo", reason=WHY)


def test_a_contact_who_is_removed_can_not_sign_in_any_more_and_others_can(
    opened: Register, settings: Settings
) -> None:
    first, *others = CYCLE.participant[AUTHOR].contacts
    gone = add_person(opened, first.email, area=AUTHOR)
    kept = add_person(opened, others[0].email, area=AUTHOR)
    helper = add_person(opened, "never-a-contact@ashcombe.example.org", area=AUTHOR)
    done = amend(opened, settings, with_area(contacts=tuple(others)))
    assert any("can't sign in any more" in told for told in done.follows)
    assert [can_sign_in(opened, one) for one in (gone, kept, helper)] == [False, True, True]


def test_a_chair_who_leaves_hands_the_event_over_and_gets_nothing_any_more(
    event_set: Register, settings: Settings
) -> None:
    theirs = add_person(event_set, FIRST_CHAIR.email, chair=FIRST_CHAIR.id)
    free = Chair(id="free-chair", name="Dr Free", email="free@example.org")
    done = amend(event_set, settings, without_chairs(*CYCLE.chairs, more=(free,)))
    assert f"1 event loses its Chair, {FIRST_CHAIR.name}, who gets no email any more" in done.follows[0]
    with event_set.reading() as connection:
        event = load_event(connection, WHICH)
    assert event is not None and (event.chair_id, event.sequence) == ("free-chair", 3)
    invited = waiting(event_set, D.EVENT_INVITATION, D.EVENT_CALENDAR)
    assert [row.recipient_id for row in invited if row.role is Role.CHAIR] == ["free-chair"] * 2
    assert not waiting(event_set, D.EVENT_CANCELLATION)
    assert present(event_set).chair[FIRST_CHAIR.id].email == "" and not can_sign_in(event_set, theirs)


def test_the_chair_who_hands_over_is_told_so_and_not_that_there_is_no_event(
    event_set: Register, settings: Settings
) -> None:
    give(event_set, SECOND_CHAIR.id)
    (cancelled,) = waiting(event_set, D.EVENT_CANCELLATION)
    assert (cancelled.role, cancelled.recipient_id) == (Role.CHAIR, FIRST_CHAIR.id)
    calendar = Calendar.from_ical(made(event_set, settings, cancelled))
    (entry,) = calendar.walk("VEVENT")
    assert calendar["method"] == "CANCEL" and entry["sequence"] == 3
    assert entry["dtstart"].dt == EVENT and FIRST_CHAIR.name in entry["description"]
    with event_set.reading() as connection:
        facts = gather_covering_facts(connection, cancelled, NOW)
    task = KINDS[D.EVENT_CANCELLATION].task(facts)
    assert "Another Chair takes the challenge event" in task.subject
    assert "will not take place" not in task.sentence


def test_a_chair_does_not_leave_while_nobody_else_can_take_the_event(event_set: Register) -> None:
    busy = Chair(id="busy", name="Dr Busy", not_for=(AUTHOR,))
    (refusal,) = plan(event_set, without_chairs(*CYCLE.chairs, more=(busy,))).refusals
    assert refusal.place == f"chairs/{FIRST_CHAIR.id}"
    assert "Nobody else can take the event" in refusal.why and "Dr Busy has a conflict" in refusal.why


def give(register: Register, chair: str, *, at: datetime = NOW, cycle: Cycle = CYCLE) -> None:
    with register.writing() as connection:
        give_event(connection, cycle, WHICH, chair, reason=WHY, actor="Jo", at=at)


def test_an_event_given_to_another_takes_what_waits_for_the_first_with_it(event_set: Register) -> None:
    with event_set.writing() as connection:
        set_state(connection, outbox.INTENDED)
    give(event_set, SECOND_CHAIR.id)
    with event_set.reading() as connection:
        rows = outbox.list_waiting_dispatches(connection)
    assert FIRST_CHAIR.id not in {row.recipient_id for row in rows}  # who has heard of nothing hears nothing


def test_what_was_made_for_the_first_chair_is_not_needed_but_the_notice_that_it_is_over(
    event_set: Register,
) -> None:
    with event_set.reading() as connection:
        before = outbox.list_all_issued(connection)
    give(event_set, SECOND_CHAIR.id)
    (cancelled,) = waiting(event_set, D.EVENT_CANCELLATION)
    with event_set.reading() as connection:
        mine = [row for row in before if row.recipient_id == FIRST_CHAIR.id]
        assert mine and not any(is_still_needed(connection, row) for row in mine)
        assert is_still_needed(connection, cancelled)


@pytest.mark.parametrize(
    ("chair", "why"),
    [
        (Chair(id="x", name="Dr X", not_for=(AUTHOR,)), "has a conflict with"),
        (Chair(id="x", name="Dr X", available=(date(2027, 4, 21),)), "is not available on 20 April 2027"),
        (Chair(id="x", name="Dr X", left=True), "has left"),
    ],
)
def test_an_event_is_given_to_nobody_who_can_not_take_it(event_set: Register, chair: Chair, why: str) -> None:
    cycle = changed(chairs=(*CYCLE.chairs, chair))
    with pytest.raises(WrongUse, match=why):
        give(event_set, "x", cycle=cycle)
    with pytest.raises(WrongUse, match="has this event already"):
        give(event_set, FIRST_CHAIR.id, cycle=cycle)


def test_after_the_event_the_record_is_given_to_another_without_an_invitation(event_set: Register) -> None:
    after = EVENT + timedelta(days=1)
    with event_set.writing() as connection:
        challenges.record_prepared(connection, WHICH, NOW)
        challenges.move_challenge_on(
            connection, WHICH, Trigger.EVENT_DAY_PASSED, CYCLE, at=after, event_held_on=EVENT.date()
        )
    give(event_set, SECOND_CHAIR.id, at=after)
    with event_set.reading() as connection:
        rows = outbox.list_waiting_dispatches(connection)
    assert {(row.kind, row.recipient_id) for row in rows} == {
        (D.CHAIR_BRIEFING, SECOND_CHAIR.id),
        (D.CHAIR_RECORD_FORM, SECOND_CHAIR.id),
    }


def test_days_on_which_somebody_can_not_come_name_the_events_on_them(event_set: Register) -> None:
    away = plan(event_set, with_area(unavailable=(EVENT.date(),)))
    (told,) = away.follows
    assert "is on 20 April 2027" in told and "can't come" in told and "Move the event" in told
    others = tuple(replace_chair(chair, not_for=(AUTHOR,)) for chair in CYCLE.chairs)
    (conflict,) = plan(event_set, changed(chairs=others)).follows
    assert "has a conflict with" in conflict


def replace_chair(chair: Chair, **fields: object) -> Chair:
    return chair.model_copy(update=fields)


def test_going_back_to_an_earlier_version_is_a_change_like_any_other(
    opened: Register, settings: Settings
) -> None:
    amend(opened, settings, with_area(police="Far Police"))
    with opened.reading() as connection:
        first = load_version(connection, CYCLE.id, 1)
        with pytest.raises(WrongUse, match="no such version"):
            load_version(connection, CYCLE.id, 7)
    amend(opened, settings, first, why="it was a mistake")
    assert present(opened) == CYCLE
    with opened.reading() as connection:
        assert len(cycles.list_earlier_versions(connection, CYCLE.id)) == 2


def test_a_document_made_before_says_the_old_name_and_one_made_after_the_new(
    opened: Register, settings: Settings
) -> None:
    with opened.writing() as connection:
        set_state(connection, outbox.INTENDED)
    (dispatch,) = [row for row in waiting(opened, D.SELF_ASSESSMENT_TEMPLATE) if row.recipient_id == AUTHOR]
    before = made(opened, settings, dispatch)
    amend(opened, settings, with_area(name="Ashby"))
    with opened.reading() as connection:
        facts = gather_dispatch_facts(connection, dispatch, Archive(settings.archive_folder))
    assert facts.author is not None and facts.author.name == "Ashby"
    assert before != made(opened, settings, replace(dispatch))
    assert present(opened).participant[AUTHOR].aliases[-1] == "Ashcombe"


def test_nobody_reads_a_stale_version_of_a_cycle_after_a_change_that_was_undone_by_an_error(
    opened: Register, settings: Settings
) -> None:
    """A transaction that fails leaves the register as it was, and the next change is not taken for its."""
    with pytest.raises(RuntimeError), opened.writing() as connection:
        cycles.replace_cycle(connection, with_area(name="Wrong"), at=NOW, actor="Jo", reason=WHY)
        assert cycles.load_stored(connection, CYCLE.id)[0].participants[0].name == "Wrong"
        raise RuntimeError
    assert present(opened) == CYCLE
    amend(opened, settings, with_area(name="Right"))
    assert present(opened).participants[0].name == "Right"


def test_a_purged_cycle_keeps_no_version_with_people_in_it(opened: Register, settings: Settings) -> None:
    amend(opened, settings, with_area(contacts=(Contact(name="A Person", email="person@ashby.example"),)))
    with opened.writing() as connection:
        cycles.close_cycle(connection, CYCLE.id, NOW)
        purging.purge_cycle(connection, CYCLE.id, at=NOW, actor="office")
        assert cycles.list_earlier_versions(connection, CYCLE.id) == []
    assert not any(area.contacts for area in present(opened).participants)
