"""The dates that a register keeps follow what happened, the calendar, and the rule on resubmissions."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.outgoing_file_names import name_area_in_files
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import challenges, date_adjustments
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import load_stored, store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.rehearsal import Region
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle
from tests.migrated import make_installation

FIRST = datetime(2027, 2, 1, 9, tzinfo=UTC)
SECOND = FIRST + timedelta(days=7)
WHO = "ashcombe"


def _cycle(*, restarts: bool) -> Cycle:
    cycle = a_cycle(4)
    rules = cycle.rules.model_copy(update={"resubmission_restarts_clock": restarts})
    return cycle.model_copy(update={"rules": rules})


def _begin(home: Path, cycle: Cycle) -> tuple[Register, Settings]:
    """All four self-assessments came on the first day, and the packs went out."""
    settings = load_settings(
        home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    )
    settings.make_folders()
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=FIRST, actor="test")
    advance_challenges(register, settings, FIRST)
    for area in cycle.participants:
        _arrives(register, settings, Kind.SELF_ASSESSMENT, area.id, FIRST)
    return register, settings


_FORMS = {Kind.SELF_ASSESSMENT: "Fill in - Self-assessment", Kind.ANALYSIS: "Fill in - Analysis pack"}


def _arrives(
    register: Register,
    settings: Settings,
    kind: Kind,
    author: str,
    at: datetime,
    *,
    version: int = 2,
    is_moved_on: bool = True,
) -> None:
    """Somebody fills in the form about `author` that went out; versions from 2 have no mistakes."""
    area = name_area_in_files(a_cycle(4).participant[author])
    [form, *_] = sorted(settings.outbox_folder.rglob(f"*{_FORMS[kind]} - {area}*"))
    with register.reading() as connection:
        region = Region(1, *load_stored(connection, a_cycle(4).id))
    data = region.fill(kind, form.read_bytes(), form.parent.name, round=version, on=at.date(), event_on=None)
    (settings.inbox_folder / "form.docx").write_bytes(data)
    taken = take_in_ready_documents(register, settings, at)
    assert list(taken.table["outcome"]) in (["accepted"], ["warned"])
    if is_moved_on:
        advance_challenges(register, settings, at)


def _due(register: Register, name: str) -> date:
    with register.reading() as connection:
        which = connection.scalar(sa.select(t.challenges.c.id).where(t.challenges.c.author_id == WHO))
        return challenges.due_dates(connection, str(which))[name]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_resubmission_restarts_the_clock_only_where_the_cycle_says_so(
    tmp_path: Path, *, restarts: bool
) -> None:
    register, settings = _begin(tmp_path, _cycle(restarts=restarts))
    assert _due(register, "analysis_due") == date(2027, 3, 1)
    _arrives(register, settings, Kind.SELF_ASSESSMENT, WHO, SECOND, version=3)
    assert _due(register, "analysis_due") == (date(2027, 3, 8) if restarts else date(2027, 3, 1))
    packs = sorted(path.name for path in settings.outbox_folder.rglob("*Analysis pack - Ashcombe*"))
    first = "2027-03-01 Fill in - Analysis pack - Ashcombe"
    second = first.replace("-01", "-08") if restarts else f"{first} (2)"
    assert packs == sorted([f"{first}.docx", f"{second}.docx"])
    register.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Register, Settings]]:
    register, settings = _begin(tmp_path, _cycle(restarts=False))
    yield register, settings
    register.close()


def test_a_later_version_of_an_analysis_leaves_the_event_window(place: tuple[Register, Settings]) -> None:
    register, settings = place
    _arrives(register, settings, Kind.ANALYSIS, WHO, SECOND, is_moved_on=False)
    window = _due(register, "event_by")
    assert window == date(2027, 4, 8)
    later = SECOND + timedelta(days=3)
    _arrives(register, settings, Kind.ANALYSIS, WHO, later, version=3, is_moved_on=False)
    assert _due(register, "event_by") == window


def test_dates_follow_a_bank_holiday_that_is_added_or_taken_away(place: tuple[Register, Settings]) -> None:
    """The register as an earlier calendar left it is brought in step, once, and the journal says so."""
    register, settings = place
    with register.writing() as connection:
        connection.execute(
            t.deadlines.update().where(t.deadlines.c.name == "analysis_due").values(due_on=date(2027, 3, 2))
        )
    for _ in range(2):
        advance_challenges(register, settings, SECOND)
    assert _due(register, "analysis_due") == date(2027, 3, 1)
    with register.reading() as connection:
        told = connection.execute(
            sa.select(t.journal.c.details).where(t.journal.c.event == "dates moved with the calendar")
        ).scalars()
        assert list(told) == [{"moved": {"analysis_due": ["2027-03-02", "2027-03-01"]}}] * 4


def test_dates_that_have_passed_stay_as_they_were(place: tuple[Register, Settings]) -> None:
    register, settings = place
    with register.writing() as connection:
        connection.execute(
            t.deadlines.update().where(t.deadlines.c.name == "analysis_due").values(due_on=date(2027, 3, 2))
        )
    advance_challenges(register, settings, datetime(2027, 3, 10, 9, tzinfo=UTC))
    assert _due(register, "analysis_due") == date(2027, 3, 2)


def test_every_date_in_force_can_be_explained(place: tuple[Register, Settings]) -> None:
    from peer_challenge.dates.deadlines import explain_deadlines_on
    from peer_challenge.model.vocabulary import DEADLINE_NAMES

    register, _ = place
    with register.reading() as connection:
        cycle, _ = load_stored(connection, a_cycle(4).id)
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
            adjustments = date_adjustments.adjustments_of(connection, challenge.id)
            for name, day in challenges.due_dates(connection, challenge.id).items():
                said = explain_deadlines_on(
                    cycle, challenges.read_challenge_dates(challenge), adjustments, day
                )
                assert any(line.startswith(DEADLINE_NAMES[name]) for line in said)


def _packs(settings: Settings) -> list[Path]:
    return sorted(
        settings.outbox_folder.rglob("*Analysis pack - Ashcombe*"), key=lambda p: p.stat().st_mtime_ns
    )


def _first_form_again(register: Register, settings: Settings) -> bytes:
    """The first self-assessment of the area with other bytes: its properties say another title."""
    its_own = t.submissions.c.challenge_id.endswith(f"/{WHO}")
    with register.reading() as connection:
        sha256 = connection.scalar(
            sa.select(t.submissions.c.sha256).where(its_own).order_by(t.submissions.c.id)
        )
    document = Document(io.BytesIO(Archive(settings.archive_folder).get(str(sha256))))
    document.core_properties.title = "Saved once more"
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def test_a_form_that_was_only_saved_again_sends_no_second_pack(place: tuple[Register, Settings]) -> None:
    register, settings = place
    count = len(_packs(settings))
    (settings.inbox_folder / "again.docx").write_bytes(_first_form_again(register, settings))
    assert list(take_in_ready_documents(register, settings, SECOND).table["version"]) == [2]
    advance_challenges(register, settings, SECOND)
    assert len(_packs(settings)) == count
    with register.reading() as connection:
        events = list(connection.scalars(sa.select(t.journal.c.event)))
    assert "later version says the same" in events


def test_a_second_pack_says_which_one_it_replaces_and_what_has_changed(
    place: tuple[Register, Settings],
) -> None:
    register, settings = place
    _arrives(register, settings, Kind.SELF_ASSESSMENT, WHO, SECOND, version=3)
    first, second = ("\n".join(p.text for p in Document(str(pack)).paragraphs) for pack in _packs(settings))
    assert "This replaces" not in first
    assert "This replaces what we sent you on Monday 1 February 2027" in second
    assert "No answer has changed since. The form was signed off again." in second


def test_a_version_that_comes_while_the_pack_waits_makes_no_second_one(
    place: tuple[Register, Settings],
) -> None:
    register, settings = place
    _arrives(register, settings, Kind.SELF_ASSESSMENT, WHO, SECOND, version=3, is_moved_on=False)
    (settings.inbox_folder / "again.docx").write_bytes(_first_form_again(register, settings))
    assert list(take_in_ready_documents(register, settings, SECOND).table["version"]) == [3]
    advance_challenges(register, settings, SECOND)
    assert len(_packs(settings)) == 2
