"""The Chair's summary goes first as a draft: areas correct its facts, and the final says what was settled."""

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from peer_challenge.dispatches.gather_facts import gather_covering_facts
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.model.corrections import CorrectedDraft, Decision
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.outbox.who_is_reminded import list_remindable, list_reminders, remind_everybody_awaited
from peer_challenge.register import corrections, frames, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_cycles, load_stored
from peer_challenge.register.database import open_register
from peer_challenge.register.purging import purge_cycle
from peer_challenge.rehearsal.handwriting import Sheet, track_change
from peer_challenge.settings import load_settings
from peer_challenge.steering import accept_findings as accepting
from peer_challenge.steering.settle_corrections import Asked, finish_corrections, settle_correction
from tests.changed_forms import without_marks
from tests.factories import a_challenger, a_filled
from tests.unit.outbox.after_event import WHO, Office, open_after_event

HELD = datetime(2027, 4, 27, 9, tzinfo=UTC)
DUE, AFTER = date(2027, 5, 5), datetime(2027, 5, 6, 9, tzinfo=UTC)
"""Five working days after Tuesday 27 April: the bank holiday on Monday 3 May is none."""
FORMS = {
    Kind.CORRECTIONS: DispatchKind.DRAFT_SUMMARY,
    Kind.CHALLENGER_CORRECTIONS: DispatchKind.CHALLENGER_DRAFT_SUMMARY,
}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which both areas have the draft: made once, and copied for each test."""
    home = tmp_path_factory.mktemp("drafted") / "home"
    made = open_after_event(home, Stage.EVENT_HELD, accuracy_days=5)
    assert made.arrives(a_filled(Kind.CHAIR_RECORD, WHO), HELD)[0] in ("accepted", "warned")
    made.register.close()
    return home


@pytest.fixture
def office(drafted: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(drafted, tmp_path / "home")
    settings = load_settings(tmp_path / "home", {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    register = open_register(settings)
    with register.reading() as connection:
        [cycle] = load_cycles(connection)
    yield Office(register, settings, cycle)
    register.close()


def _draft(office: Office, kind: Kind = Kind.CORRECTIONS) -> bytes:
    path = office.sent(FORMS[kind])[-1].path
    return (office.settings.outbox_folder / str(path)).read_bytes()


def _correct(
    office: Office, write: Callable[[Sheet], None], kind: Kind = Kind.CORRECTIONS, *, days: int = 1
) -> None:
    sheet = Sheet(_draft(office, kind))
    write(sheet)
    assert office.arrives(sheet.saved(), HELD + timedelta(days=days))[0] == "accepted"


def _drafts(office: Office) -> list[CorrectedDraft]:
    with office.register.reading() as connection:
        return corrections.list_corrected_drafts(connection, office.which)


def _settle(office: Office, line: str, asked: Asked, kind: Kind = Kind.CORRECTIONS) -> None:
    [draft] = [one for one in _drafts(office) if one.kind is kind]
    with office.register.writing() as connection:
        cycle, framework = load_stored(connection, office.cycle.id)
        settle_correction(
            connection,
            cycle,
            framework,
            office.which,
            draft.submission_id,
            line,
            asked,
            at=HELD,
            actor="Chair",
        )


def _accept() -> Asked:
    return Asked(Decision.ACCEPTED, "It was so.")


def _items(office: Office) -> dict[str, dict[str, object]]:
    with office.register.reading() as connection:
        record = submissions.find_current_version(connection, office.which, Kind.CHAIR_RECORD)
        assert record is not None
        items = frames.recorded_items_of(connection, record.id)
    return {row["address"]: row for row in items.to_dict("records")}


def _final_texts(office: Office, role: Role = Role.AUTHOR) -> str:
    [sent] = [one for one in office.sent(DispatchKind.CHAIR_SUMMARY) if one.role is role]
    document = docx.Document(io.BytesIO((office.settings.outbox_folder / str(sent.path)).read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_both_areas_get_the_draft_and_the_chair_a_note_and_nothing_else_goes(office: Office) -> None:
    assert office.stage() is Stage.DRAFTED
    [author], [challenger] = (
        office.sent(DispatchKind.DRAFT_SUMMARY),
        office.sent(DispatchKind.CHALLENGER_DRAFT_SUMMARY),
    )
    assert (author.recipient_id, challenger.recipient_id) == (WHO, a_challenger(office.cycle, WHO))
    assert len(office.sent(DispatchKind.DRAFT_NOTICE)) == 1
    assert not office.sent(DispatchKind.CHAIR_SUMMARY) and not office.sent(DispatchKind.ACTION_PLAN_TEMPLATE)
    due = office.dates()
    assert due["corrections_due"] == due["challenger_corrections_due"] == DUE


def test_nobody_is_reminded_of_corrections_that_nobody_has_to_send(office: Office) -> None:
    for day in (4, 5, 6):
        assert list_reminders(office.register, datetime(2027, 5, day, 9, tzinfo=UTC)) == []


def test_without_a_word_the_draft_is_taken_as_right_once_its_days_are_over(office: Office) -> None:
    office.advance(datetime(2027, 5, 5, 20, tzinfo=UTC))
    assert office.stage() is Stage.DRAFTED, "its last day is not over"
    office.advance(AFTER)
    assert office.stage() is Stage.SUMMARISED
    assert {one.role for one in office.sent(DispatchKind.CHAIR_SUMMARY)} == {
        Role.AUTHOR,
        Role.CHALLENGER,
        Role.CHAIR,
    }
    assert len(office.sent(DispatchKind.ACTION_PLAN_TEMPLATE)) == 1


def test_a_cycle_without_days_for_it_sends_the_final_at_once(tmp_path: Path) -> None:
    office = open_after_event(tmp_path, Stage.EVENT_HELD)
    office.arrives(a_filled(Kind.CHAIR_RECORD, WHO), HELD)
    assert office.stage() is Stage.SUMMARISED and not office.sent(DispatchKind.DRAFT_SUMMARY)
    office.register.close()


def test_drafts_sent_back_as_they_are_are_no_corrections(office: Office) -> None:
    for kind in FORMS:
        _correct(office, lambda sheet: None, kind)
    assert all(not draft.corrections for draft in _drafts(office))
    assert office.stage() is Stage.SUMMARISED, "both have answered, so nobody waits for the day"


def test_tracked_changes_plain_edits_and_comments_are_read_with_who_and_where(office: Office) -> None:
    before = _items(office)["strength/1"]["text"]

    def write(sheet: Sheet) -> None:
        track_change(sheet.cell("strength/1", "text"), f"{before} In one district.", by="Business manager")
        sheet.write("development/1", "text", "")
        sheet.write_field("author_present", "Director; chief nurse; borough commander")

    data = _with_comment(office, write, "strength/2", "This was said of last year.", by="Chief nurse")
    assert office.arrives(data, HELD + timedelta(days=1))[0] == "accepted"
    [draft] = _drafts(office)
    found = {one.line: one for one in draft.corrections}
    assert set(found) == {":author_present", "strength/1:text", "strength/2:comment", "development/1:text"}
    assert found["strength/1:text"].after == f"{before} In one district."
    assert (found["strength/1:text"].before, found["strength/1:text"].said_by) == (before, "Business manager")
    assert found["strength/2:comment"].comment == "Chief nurse: This was said of last year."
    assert found["development/1:text"].after == "" and found["development/1:text"].before
    assert office.stage() is Stage.DRAFTED


def test_a_particular_that_the_record_left_out_can_be_added(office: Office) -> None:
    with office.register.writing() as connection:
        record = submissions.find_current_version(connection, office.which, Kind.CHAIR_RECORD)
        assert record is not None
        rows = t.particulars
        connection.execute(
            rows.delete().where(rows.c.submission_id == record.id, rows.c.field.in_(["notes", "late_reason"]))
        )
    _correct(office, lambda sheet: sheet.write_field("notes", "The police lead joined by telephone."))
    _settle(office, ":notes", _accept())
    office.advance(AFTER)
    with office.register.reading() as connection:
        told = frames.recorded_particulars_of(connection, record.id)
    assert told["notes"] == "The police lead joined by telephone." and "late_reason" not in told
    assert "The police lead joined by telephone." in _final_texts(office)


def _with_comment(
    office: Office, write: Callable[[Sheet], None], address: str, text: str, *, by: str
) -> bytes:
    """The author's draft with what `write` does to it, and a comment of Word's beside an item."""
    sheet = Sheet(_draft(office))
    write(sheet)
    document = docx.Document(io.BytesIO(sheet.saved()))
    wanted = sheet.text(address, "text")
    runs = [
        run
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
        if run.text and run.text in wanted
    ]
    document.add_comment(runs[:1], text=text, author=by, initials="CN")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_late_corrections_are_not_called_overdue_as_nothing_was_due(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "We agreed this in March."), days=1)
    office.advance(AFTER)
    sheet = Sheet(_draft(office, Kind.CHALLENGER_CORRECTIONS))
    sheet.write("development/1", "text", "They are slow.")
    assert office.arrives(sheet.saved(), AFTER)[0] == "warned"
    with office.register.reading() as connection:
        told = connection.scalar(sa.select(t.findings.c.message).where(t.findings.c.code == "intake.late"))
    assert told == (
        "You could correct the draft until 5 May 2027. Your corrections came on 6 May 2027, before the "
        "summary was final, so we can still use them."
    )


def test_the_final_says_what_was_settled_and_nothing_of_what_was_declined(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "We agreed this in March."))
    _correct(
        office,
        lambda sheet: sheet.write("development/1", "text", "They are slow."),
        Kind.CHALLENGER_CORRECTIONS,
    )
    office.advance(AFTER)
    assert office.stage() is Stage.DRAFTED, "corrections wait for a decision, whatever the day"
    assert list_reminders(office.register, datetime(2027, 5, 13, 9, tzinfo=UTC)) == [], "nobody is late"
    own = _items(office)
    _settle(office, "strength/1:text", _accept())
    asked = Asked(Decision.CHANGED, "Softer words.", "Reviews take too long.")
    _settle(office, "development/1:text", asked, Kind.CHALLENGER_CORRECTIONS)
    assert _items(office) == own, "nothing is final before the draft is"
    office.advance(AFTER)
    assert office.stage() is Stage.SUMMARISED
    told = _final_texts(office)
    assert "We agreed this in March." in told and "Reviews take too long." in told
    assert str(own["strength/1"]["text"]) not in told and "They are slow." not in told
    assert office.cycle.chairs[0].name in told
    [plan] = office.sent(DispatchKind.ACTION_PLAN_TEMPLATE)
    planned = docx.Document(str(office.settings.outbox_folder / str(plan.path))).element.body
    assert "Reviews take too long." in "".join(planned.itertext())
    with office.register.reading() as connection:
        overview = frames.current_recorded_items(connection, office.cycle.id)
    assert "Reviews take too long." in set(overview["text"]) and "They are slow." not in set(overview["text"])


def _covering(office: Office, role: Role) -> str:
    """The first sentences of the email with the final summary, to the holder of a role."""
    [sent] = [one for one in office.sent(DispatchKind.CHAIR_SUMMARY) if one.role is role]
    with office.register.reading() as connection:
        facts = gather_covering_facts(connection, sent, AFTER)
    return KINDS[sent.kind].task(facts).sentence


def test_each_area_is_told_what_became_of_its_own_corrections_and_no_more(office: Office) -> None:
    def write(sheet: Sheet) -> None:
        sheet.write("strength/1", "text", "One way.")
        sheet.write("strength/2", "text", "A long way.")
        sheet.write("development/1", "text", "They are slow.")
        sheet.write_field("author_present", "Director")

    _correct(office, write)
    _settle(office, "strength/1:text", _accept())
    _settle(office, "strength/2:text", Asked(Decision.CHANGED, "Shorter.", "A way."))
    for line in ("development/1:text", ":author_present"):
        _settle(office, line, Asked(Decision.DECLINED, "The minutes say otherwise."))
    with pytest.raises(WrongUse, match="date of birth"):
        told = "The child was born on 3 May 2015"
        _settle(office, "development/1:text", Asked(Decision.DECLINED, "They know.", told=told))
    with pytest.raises(WrongUse, match="too long"):
        _settle(office, "development/1:text", Asked(Decision.DECLINED, "They know.", told="x" * 501))
    office.advance(AFTER)
    told = _covering(office, Role.AUTHOR)
    counted = "2 of the 4 corrections that you sent are in the summary for Ashcombe"
    assert f"{counted}, 1 of them in other words." in told
    assert (
        "about “Present for the area challenged (roles)” and area for development 1 was not accepted." in told
    )
    assert "minutes" not in told and "slow" not in told, "nobody's words are in an email"
    assert told.endswith("Please ask us if you want to know why.")
    for role in (Role.CHALLENGER, Role.CHAIR):
        assert "correction" not in _covering(office, role)


def test_a_reason_written_for_the_area_goes_to_the_area_that_proposed_it_alone(office: Office) -> None:
    def write(sheet: Sheet) -> None:
        sheet.write("strength/1", "text", "One way.")
        sheet.write("development/1", "text", "They are slow.")
        sheet.write_field("author_present", "Director")

    _correct(office, write)
    own = "Their nurse was not in the room."
    shorter = Asked(Decision.CHANGED, own, "A way.", told="We kept it short")
    _settle(office, "strength/1:text", shorter)
    heard = Asked(Decision.DECLINED, own, told="Both areas\nsaid so in March.")
    _settle(office, "development/1:text", heard)
    _settle(office, ":author_present", Asked(Decision.DECLINED, own))
    office.advance(AFTER)
    told = _covering(office, Role.AUTHOR)
    assert "About strength 1: We kept it short." in told
    assert "About area for development 1: Both areas said so in March." in told
    assert told.endswith("Please ask us if you want to know the other reasons.") and "nurse" not in told
    for role in (Role.CHALLENGER, Role.CHAIR):
        assert "March" not in _covering(office, role)
    assert "March" not in _final_texts(office)
    with office.register.writing() as connection:
        purge_cycle(connection, office.cycle.id, at=AFTER, actor="test")
        rows = connection.execute(sa.select(t.settled_corrections.c.told)).scalars().all()
    assert rows and set(rows) == {None}


def test_an_item_that_is_corrected_to_be_not_agreed_makes_no_action(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("development/1", "consensus", "No"))
    text = str(_items(office)["development/1"]["text"])
    _settle(office, "development/1:consensus", _accept())
    office.advance(AFTER)
    assert not _items(office)["development/1"]["is_agreed"]
    told = _final_texts(office)
    assert told.index("not agreed by both") < told.rindex(text)


def test_two_wordings_of_one_line_are_not_both_taken_up(office: Office) -> None:
    for kind, words in ((Kind.CORRECTIONS, "One way."), (Kind.CHALLENGER_CORRECTIONS, "Another way.")):
        _correct(office, lambda sheet, words=words: sheet.write("strength/1", "text", words), kind)  # type: ignore[misc]
    _settle(office, "strength/1:text", _accept())
    with pytest.raises(WrongUse, match="other words"):
        _settle(office, "strength/1:text", _accept(), Kind.CHALLENGER_CORRECTIONS)
    _settle(
        office, "strength/1:text", Asked(Decision.DECLINED, "It was the one."), Kind.CHALLENGER_CORRECTIONS
    )
    office.advance(HELD + timedelta(days=2))
    assert office.stage() is Stage.SUMMARISED and "One way." in _final_texts(office)


def test_what_cannot_be_settled_is_refused_and_says_why(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "One way."))
    with pytest.raises(WrongUse, match=r"(?i)reason|why"):
        _settle(office, "strength/1:text", Asked(Decision.ACCEPTED, " "))
    with pytest.raises(WrongUse, match="no such correction"):
        _settle(office, "strength/2:text", _accept())
    with pytest.raises(WrongUse, match="no words"):
        _settle(office, "strength/1:text", Asked(Decision.CHANGED, "So.", " "))
    with pytest.raises(WrongUse, match="looks like"):
        _settle(office, "strength/1:text", Asked(Decision.CHANGED, "So.", "Oliver (aged 7) said so."))
    with office.register.writing() as connection, pytest.raises(WrongUse, match="wait for a decision"):
        finish_corrections(connection, office.cycle, office.which, reason="now", at=HELD, actor="office")
    _settle(office, "strength/1:text", Asked(Decision.DECLINED, "The minutes say otherwise."))
    with office.register.writing() as connection:
        finish_corrections(
            connection, office.cycle, office.which, reason="both rang", at=HELD, actor="office"
        )
    assert office.stage() is Stage.SUMMARISED


def test_a_later_record_goes_out_as_a_new_draft_and_keeps_the_chairs_new_words(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "One way."))
    _settle(office, "strength/1:text", _accept())
    record = Sheet(a_filled(Kind.CHAIR_RECORD, WHO))
    record.write("strength/1", "text", "As the Chair now puts it.")
    later = HELD + timedelta(days=3)
    assert office.arrives(record.saved(), later)[0] in ("accepted", "warned")
    assert len(office.sent(DispatchKind.DRAFT_SUMMARY)) == 2 and office.stage() is Stage.DRAFTED
    assert office.dates()["corrections_due"] > DUE, "both have their days again"
    office.advance(later + timedelta(days=14))
    assert office.stage() is Stage.SUMMARISED
    assert "As the Chair now puts it." in _final_texts(office) and "One way." not in _final_texts(office)
    with office.register.writing() as connection:
        purge_cycle(connection, office.cycle.id, at=later, actor="office")
    assert _items(office)["strength/1"]["text"] == "As the Chair now puts it.", (
        "also once words are destroyed"
    )


def test_what_was_settled_still_counts_once_words_are_destroyed(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "One way."))
    _settle(office, "strength/1:text", _accept())
    office.advance(AFTER)
    with office.register.writing() as connection:
        purge_cycle(connection, office.cycle.id, at=AFTER, actor="office")
    assert _items(office)["strength/1"]["text"] == "One way."


def test_words_that_the_office_has_cleared_can_be_taken_over_and_changed(office: Office) -> None:
    cleared = "The Oliver Twist House (7 beds) was praised by Oliver (aged 7)."
    sheet = Sheet(_draft(office))
    sheet.write("strength/1", "text", cleared)
    at = HELD + timedelta(days=1)
    assert office.arrives(sheet.saved(), at)[0] == "rejected"
    with office.register.reading() as connection:
        newest = submissions.list_versions(connection, office.cycle.id)[-1]
        keys = [one.key for one in accepting.describe_decidable(connection, newest.id).open]
    for key in keys:
        accepting.accept_finding(
            office.register, office.settings, newest.id, key, reason="A play.", at=at, actor="Office"
        )
    _settle(office, "strength/1:text", _accept())
    longer = f"{cleared} So we heard."
    _settle(office, "strength/1:text", Asked(Decision.CHANGED, "Longer.", longer))
    with pytest.raises(WrongUse, match="looks like"):
        _settle(office, "strength/1:text", Asked(Decision.CHANGED, "So.", f"{cleared} Tilly (aged 9) too."))


def test_what_may_be_about_a_child_or_not_can_be_typed(office: Office) -> None:
    _correct(office, lambda sheet: sheet.write("strength/1", "text", "One way."))
    _settle(office, "strength/1:text", Asked(Decision.CHANGED, "So.", "What Oliver needed was a bed."))


def _send_second_draft(office: Office, text: str) -> datetime:
    """A later record, of which both areas are sent the draft; returns when."""
    record = Sheet(a_filled(Kind.CHAIR_RECORD, WHO))
    record.write("strength/1", "text", text)
    later = HELD + timedelta(days=3)
    assert office.arrives(record.saved(), later)[0] in ("accepted", "warned")
    assert len(office.sent(DispatchKind.DRAFT_SUMMARY)) == 2
    return later


def test_a_first_draft_that_comes_back_late_is_compared_with_the_record_it_was_made_from(
    office: Office,
) -> None:
    sheet = Sheet(_draft(office))
    sheet.write("development/1", "text", "What we correct.")
    later = _send_second_draft(office, "As the Chair now puts it.")
    assert office.arrives(sheet.saved(), later + timedelta(days=1))[0] == "accepted"
    [draft] = _drafts(office)
    assert [one.line for one in draft.corrections] == ["development/1:text"], "not the new words"


def test_a_first_draft_that_comes_back_late_does_not_answer_the_second(office: Office) -> None:
    first = {kind: _draft(office, kind) for kind in FORMS}
    later = _send_second_draft(office, "As the Chair now puts it.")
    for data in first.values():
        assert office.arrives(data, later + timedelta(days=1))[0] == "accepted"
    assert office.stage() is Stage.DRAFTED, "both areas still have their days for the second draft"
    for kind in FORMS:
        assert office.arrives(Sheet(_draft(office, kind)).saved(), later + timedelta(days=2))[0] == "accepted"
    assert office.stage() is Stage.SUMMARISED


def test_a_draft_without_its_marks_is_never_taken_as_the_chairs_record(office: Office) -> None:
    bare = without_marks(_draft(office))
    _, *codes = office.arrives(bare, HELD + timedelta(days=1))
    with office.register.reading() as connection:
        record = submissions.find_current_version(connection, office.which, Kind.CHAIR_RECORD)
        versions = submissions.list_versions(connection, office.cycle.id)
    assert record is not None and record.version == 1
    assert versions[-1].kind is Kind.CORRECTIONS or "identity.held" in codes


def test_both_areas_are_reminded_and_then_only_the_one_that_has_not_answered(office: Office) -> None:
    challenger = a_challenger(office.cycle, WHO)

    def list_reminded(at: datetime) -> set[str]:
        with office.register.trying_out() as connection:
            found = list_remindable(connection, office.cycle, at)
        return {one.recipient_id for one in found if one.author_id == WHO and not one.why_not}

    def remind(at: datetime) -> None:
        with office.register.writing() as connection:
            remind_everybody_awaited(
                connection, office.cycle, office.which, at, actor="Office", reason="Late"
            )

    assert list_reminded(HELD) == {WHO, challenger}
    remind(HELD)
    assert list_reminded(HELD) == set(), "once a day"
    with pytest.raises(WrongUse, match="today"):
        remind(HELD)
    _correct(office, lambda sheet: None)
    assert list_reminded(HELD + timedelta(days=1)) == {challenger}


def test_who_has_no_day_yet_is_not_said_to_have_changed(office: Office) -> None:
    challenger = a_challenger(office.cycle, WHO)
    with office.register.trying_out() as connection:
        connection.execute(t.deadlines.delete().where(t.deadlines.c.name == "challenger_corrections_due"))
        found = list_remindable(connection, office.cycle, HELD)
    [why] = [one.why_not for one in found if (one.author_id, one.recipient_id) == (WHO, challenger)]
    assert why == "No day is set for it yet."
