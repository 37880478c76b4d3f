"""Retention: words go when their time is over and not before; the record stays and still verifies."""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from cli.main import main
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations import retention
from peer_challenge.operations.backup_seal import find_backup_key
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.export import export_installation
from peer_challenge.operations.restore_backup import restore_backup
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import date_adjustments, journal
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_stored, store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle, a_filled, a_form
from tests.migrated import make_installation
from tests.unit.intake.emails.wrapping import an_email

AT = datetime(2015, 2, 2, 9, tzinfo=UTC)
CLOSED = datetime(2016, 1, 31, 12, tzinfo=UTC)
OVER = datetime(2018, 1, 31, 9, tzinfo=UTC)
MARKER = "heronmarkersentence"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cycle with two accepted self-assessments, one in an email, and a stray, closed in January 2016."""
    settings = _of(tmp_path_factory.mktemp("closed"))
    make_installation(settings)
    register, cycle = open_register(settings), a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    (settings.inbox_folder / f"{MARKER}.docx").write_bytes(_marked(cycle.participants[0].id))
    other = cycle.participants[1].id
    email = an_email(
        (f"{MARKER}.docx", _marked(other)),
        (f"{MARKER}.pdf", b"%PDF-1.7 " + MARKER.encode()),
        sender=f"{MARKER}@{other}.example.org",
        sent=AT,
        subject=MARKER,
        text=MARKER,
    )
    (settings.inbox_folder / f"{MARKER}.eml").write_bytes(email.as_bytes())
    stray = Document()
    stray.add_paragraph(MARKER)
    stray.save(str(settings.inbox_folder / "minutes.docx"))
    assert set(take_in_ready_documents(register, settings, AT).table["outcome"]) == {"rejected", "accepted"}
    advance_challenges(register, settings, AT)
    with register.writing() as connection:
        connection.execute(t.cycles.update().values(state="closed", closed_at=CLOSED))
        connection.execute(t.challenges.update().values(stage="closed"))
    register.close()
    return settings.home


@pytest.fixture
def settings(closed: Path, tmp_path: Path) -> Settings:
    return _of(Path(shutil.copytree(closed, tmp_path / "office")))


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    register = open_register(settings)
    yield register
    register.close()


def _of(home: Path) -> Settings:
    return load_settings(
        home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_RETENTION_MONTHS": "24"}
    )


def _marked(author: str) -> bytes:
    form = Document(BytesIO(a_filled(Kind.SELF_ASSESSMENT, author, areas=4)))
    blank = Document(BytesIO(a_form(Kind.SELF_ASSESSMENT, author, areas=4)))
    printed = {node.text for node in blank.element.body.xpath(".//w:t")}
    written = [node for node in form.element.body.xpath(".//w:tbl//w:t") if node.text not in printed]
    longest = max(written, key=lambda node: len(node.text or ""))
    longest.text = f"{longest.text} {MARKER}"
    out = BytesIO()
    form.save(out)
    return out.getvalue()


def _holding(home: Path) -> list[str]:
    """Every file under `home` in which the marker stands: as bytes, or in a Word document's text."""
    found = []
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text = ""
            if data[:2] == b"PK":
                text = Document(BytesIO(data)).element.xml
            if MARKER.encode() in data or MARKER in text or MARKER in path.name:
                found.append(str(path.relative_to(home)))
    return found


def test_a_day_before_its_time_nothing_goes(register: Register, settings: Settings) -> None:
    (kept,) = retention.list_kept_cycles(register, settings)
    assert kept.purge_on == date(2018, 1, 31)
    assert not kept.is_due(date(2018, 1, 30))
    assert retention.purge_expired_data(register, settings, datetime(2018, 1, 30, 9, tzinfo=UTC)).cycles == ()
    assert any(name.startswith("var/archive") for name in _holding(settings.home))


def test_when_its_time_is_over_no_word_is_left_anywhere(register: Register, settings: Settings) -> None:
    assert _holding(settings.home)
    done = retention.purge_expired_data(register, settings, OVER)
    assert len(done.cycles) == 1 and done.strays == 1
    assert _holding(settings.home) == []


KEPT_ON_PURPOSE = {
    *(("agreed_items", name) for name in ("text", "subheading_as_written", "consensus")),
    ("settled_corrections", "after"),  # what was agreed, as it was settled
    ("dispatches", "path"),
    ("dispatches", "problem"),  # our own words: an area's are in none
    ("messages", "path"),
    ("deadlines", "rule"),
    ("evidence_files", "left_out"),
}
"""The columns of texts about a cycle that stay, as they say what was agreed, or hold no words of people."""
SHAPES: dict[str, object] = {
    "definition": {"kind": "pause", "reason": MARKER, "message": MARKER, "days": 2, "first_on": "2015-03-02"},
    "proposal": {
        "status": "optimal",
        "pairs": [{"author": "a", "challenger": "b", "reasons": [MARKER], "alternatives": [MARKER]}],
        "conflict": [MARKER],
        "rule_notes": {"pin a b": {"reason": MARKER, "made_by": MARKER, "made_at": ""}},
    },
    "notes": [f"Paused by 2 days: {MARKER}"],
    "doubt": {"candidates": [{"challenger": MARKER}]},
    "sent_to": [MARKER],
    "before": {},
    "parameters": {},
    "details": [MARKER],
    "indicators": [],
}
"""What is put into columns of JSON."""
LEFT_OUT = {"cycles", "challenges", "submissions", "participants", "users", "journal"}


def _write_marker_everywhere(connection: sa.Connection, challenge_id: str) -> list[sa.Table]:
    """A row with the marker in all its texts, in every table of what is about a challenge; which tables."""
    ids: dict[str, object] = {"cycle_id": challenge_id.partition("/")[0], "challenge_id": challenge_id}
    mine = t.submissions.c.cycle_id == ids["cycle_id"]
    ids["submission_id"] = connection.scalar(sa.select(sa.func.min(t.submissions.c.id)).where(mine))
    found = []
    for table in t.metadata.sorted_tables:
        has_texts = any(isinstance(column.type, sa.Text | sa.JSON) for column in table.c)
        if table.name in LEFT_OUT or not has_texts or not set(ids) & set(table.c.keys()):
            continue
        row = {column.name: ids.get(column.name, _fill(column)) for column in table.c}
        connection.execute(table.insert().values({k: v for k, v in row.items() if v is not None}))
        found.append(table)
    connection.execute(t.challenges.update().values(withdrawn_reason=MARKER))
    connection.execute(t.submissions.update().where(mine).values(identified_by=MARKER, doubt=SHAPES["doubt"]))
    return [*found, t.challenges, t.submissions]


def _fill(column: sa.Column[object]) -> object:
    """A value for a column, the marker where it is a text; None for what may be empty and is no text."""
    kind = column.type
    if isinstance(kind, sa.JSON):
        return SHAPES[column.name]
    if isinstance(kind, sa.Text):
        return MARKER
    if isinstance(kind, sa.Integer) and column.foreign_keys:
        return 1
    if column.nullable:
        return None
    if isinstance(kind, sa.Integer | sa.Boolean):
        return 970 if isinstance(kind, sa.Integer) else True
    if isinstance(kind, t.UtcTime | sa.Date):
        return AT if isinstance(kind, t.UtcTime) else AT.date()
    return f"x{column.name}"[:10]


def test_no_word_or_name_that_was_typed_is_left_in_any_table(register: Register) -> None:
    cycle_id = a_cycle(4).id
    with register.writing() as connection:
        challenge_id = connection.scalar(sa.select(sa.func.min(t.challenges.c.id)))
        definition = connection.scalar(sa.select(t.cycles.c.definition))
        chairs = [{"id": "chair-one", "name": MARKER, "email": "x@example.org"}]
        told = {**definition, "office": {"name": MARKER, "phone": MARKER}, "chairs": chairs}
        connection.execute(t.cycles.update().values(definition=told))
        tables = _write_marker_everywhere(connection, str(challenge_id))
        retention.purging.purge_cycle(connection, cycle_id, at=OVER, actor="office")
        retention.purging.purge_strays(connection, before=OVER.date(), at=OVER, actor="office")
    with register.reading() as connection:
        left = {
            (table.name, name)
            for table in [*tables, t.cycles]
            for row in connection.execute(sa.select(table)).mappings()
            for name, value in row.items()
            if MARKER in str(value)
        }
        assert left - KEPT_ON_PURPOSE == set()
        proposal = connection.scalar(sa.select(t.assignments.c.proposal))
        assert proposal["pairs"] == [{"author": "a", "challenger": "b", "reasons": [], "alternatives": []}]
        cycle, _ = load_stored(connection, cycle_id)
        assert (cycle.office.name, cycle.chairs[0].name) == ("Programme office", "chair-one")
        [paused] = date_adjustments.adjustments_of(connection, str(challenge_id))
        assert paused.days == 2


def test_the_record_stays_and_still_verifies(register: Register, settings: Settings) -> None:
    with register.reading() as connection:
        before = connection.execute(
            sa.select(t.self_assessment_rows.c.subheading, t.self_assessment_rows.c.rating)
        ).fetchall()
        dispatches = connection.execute(sa.select(t.dispatches)).fetchall()
        hashes = set(connection.scalars(sa.select(t.submissions.c.sha256)))
    retention.purge_expired_data(register, settings, OVER)
    with register.reading() as connection:
        assert (
            connection.execute(
                sa.select(t.self_assessment_rows.c.subheading, t.self_assessment_rows.c.rating)
            ).fetchall()
            == before
        )
        assert connection.execute(sa.select(t.dispatches)).fetchall() == dispatches
        assert set(connection.scalars(sa.select(t.submissions.c.sha256))) == hashes
        assert journal.broken_at(connection) is None
        events = list(connection.scalars(sa.select(t.journal.c.event).order_by(t.journal.c.sequence)))
        cycle, _ = load_stored(connection, a_cycle(4).id)
    assert events[-2:] == ["cycle purged", "stray documents purged"]
    assert cycle.id == a_cycle(4).id


def test_doctor_export_and_backup_understand_a_purged_cycle(
    register: Register, settings: Settings, tmp_path: Path
) -> None:
    late = {check.name: check.is_well for check in examine_installation(settings)}
    assert not late["retention"]
    retention.purge_expired_data(register, settings, OVER)
    checks = examine_installation(settings)
    assert is_healthy(checks) and all(c.is_well for c in checks if c.name in ("retention", "archive"))
    export_installation(register, settings, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.docx"))
    write_backup(register, settings, tmp_path / "kept.zip", OVER)
    restore_backup(
        tmp_path / "kept.zip", restored := load_settings(tmp_path / "new", {}), key=find_backup_key(settings)
    )
    assert is_healthy(examine_installation(restored))
    assert _holding(restored.home) == []


def test_a_legal_hold_keeps_everything_until_it_is_lifted(register: Register, settings: Settings) -> None:
    cycle_id = a_cycle(4).id
    retention.change_legal_hold(register, cycle_id, "a court asked", at=CLOSED, actor="office", lift=False)
    (kept,) = retention.list_kept_cycles(register, settings)
    assert kept.kept_because == "legal hold: a court asked"
    assert retention.purge_expired_data(register, settings, OVER).cycles == ()
    with pytest.raises(WrongUse, match="already"):
        retention.change_legal_hold(register, cycle_id, "again", at=CLOSED, actor="office", lift=False)
    retention.change_legal_hold(register, cycle_id, "the case is over", at=OVER, actor="office", lift=True)
    assert retention.purge_expired_data(register, settings, OVER).cycles == (cycle_id,)


def test_a_cycle_whose_dispatches_have_not_gone_out_is_kept(register: Register, settings: Settings) -> None:
    with register.writing() as connection:
        connection.execute(t.dispatches.update().where(t.dispatches.c.id == 1).values(state="held"))
    assert retention.purge_expired_data(register, settings, OVER).cycles == ()


def test_purging_twice_changes_nothing_and_a_killed_purge_is_finished(
    register: Register, settings: Settings
) -> None:
    with register.writing() as connection:
        retention.purging.purge_cycle(connection, a_cycle(4).id, at=OVER, actor="killed")
    assert retention.purge_expired_data(register, settings, OVER).files > 0
    assert _holding(settings.home) == []
    with register.reading() as connection:
        entries = connection.scalar(sa.select(sa.func.count()).select_from(t.journal))
    assert retention.purge_expired_data(register, settings, OVER) == retention.Purged()
    with register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.journal)) == entries


def test_a_purged_document_that_comes_again_is_told_and_kept_anew(
    register: Register, settings: Settings
) -> None:
    form = _marked(a_cycle(4).participants[0].id)
    retention.purge_expired_data(register, settings, OVER)
    (settings.inbox_folder / "again.docx").write_bytes(form)
    assert list(take_in_ready_documents(register, settings, OVER).table["outcome"]) == ["rejected"]
    assert (settings.rejected_folder / "again.docx").exists()
    assert retention.purge_expired_data(register, settings, OVER).files == 0
    assert all(
        check.is_well for check in examine_installation(settings) if check.name in ("archive", "retention")
    )


def test_a_cycle_may_say_how_long_itself(register: Register, settings: Settings) -> None:
    with register.writing() as connection:
        definition = connection.scalar(sa.select(t.cycles.c.definition))
        definition = {**definition, "rules": {**definition["rules"], "retention_months": 120}}
        connection.execute(t.cycles.update().values(definition=definition))
    (kept,) = retention.list_kept_cycles(register, settings)
    assert (kept.months, kept.purge_on) == (120, date(2026, 1, 31))


def test_what_is_due_counts_documents_of_no_cycle_and_another_list_is_not_destroyed(
    register: Register, settings: Settings
) -> None:
    due, cycle_id = retention.list_due(register, settings, OVER), a_cycle(4).id
    assert ([one.cycle_id for one in due.cycles], due.strays) == ([cycle_id], 1)
    with pytest.raises(WrongUse, match="Something else is due"):
        retention.purge_by_hand(register, settings, "asked to", seen="", at=OVER, actor="test")
    done = retention.purge_by_hand(register, settings, "asked to", seen=due.mark, at=OVER, actor="test")
    assert (done.cycles, done.strays) == ((cycle_id,), 1)
    with pytest.raises(WrongUse, match="Nothing has been kept too long"):
        retention.purge_by_hand(register, settings, "asked to", seen="0", at=OVER, actor="test")


def run_command(monkeypatch: pytest.MonkeyPatch, settings: Settings, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["peer-challenge", *arguments, "--home", str(settings.home)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_one_cycle_is_kept_for_months_of_its_own_and_what_follows_is_told_first(
    register: Register, settings: Settings
) -> None:
    (before,) = retention.list_kept_cycles(register, settings)
    with register.reading() as connection:
        longer = retention.describe_months(connection, settings, before.cycle_id, 120, OVER).told
        shorter = retention.describe_months(connection, settings, before.cycle_id, 12, OVER).told
    assert "kept until 31 January 2026" in longer[1] and "destroyed then" in longer[2]
    assert "kept until 31 January 2017" in shorter[1] and "next weekly run destroys 2 documents" in shorter[2]
    assert retention.list_kept_cycles(register, settings) == [before]
    by = {"reason": "as the board decided", "at": OVER, "actor": "office"}
    retention.change_months(register, settings, before.cycle_id, 120, **by)
    (after,) = retention.list_kept_cycles(register, settings)
    assert (after.months, after.purge_on) == (120, date(2026, 1, 31))
    assert not retention.purge_expired_data(register, settings, OVER).cycles
    with register.reading() as connection:
        assert load_stored(connection, before.cycle_id)[0].rules.retention_months == 120
        told = connection.scalars(
            sa.select(t.journal.c.details).where(t.journal.c.event == "months kept changed")
        )
        assert list(told) == [{"before": None, "after": 120, "reason": "as the board decided"}]
    for months, reason in ((120, "again"), (0, "none"), (5000, "for ever"), (12, " ")):
        with pytest.raises(WrongUse):
            retention.change_months(
                register, settings, before.cycle_id, months, reason=reason, at=OVER, actor="office"
            )
    retention.change_months(register, settings, before.cycle_id, None, **by)
    assert retention.list_kept_cycles(register, settings) == [before]


def test_a_legal_hold_is_told_beside_the_months_and_still_counts(
    register: Register, settings: Settings
) -> None:
    (cycle,) = retention.list_kept_cycles(register, settings)
    retention.change_legal_hold(register, cycle.cycle_id, "an inquiry", at=OVER, actor="office", lift=False)
    with register.reading() as connection:
        told = retention.describe_months(connection, settings, cycle.cycle_id, 1, OVER).told
    assert "while this holds: legal hold: an inquiry" in told[2]


def test_the_command_line_sets_the_months_of_one_cycle(
    register: Register,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (cycle,) = retention.list_kept_cycles(register, settings)
    command = ("keep-for", cycle.cycle_id, "300", "--reason", "as agreed")
    assert run_command(monkeypatch, settings, *command) == 64
    assert "for 300 months" in capsys.readouterr().out
    assert run_command(monkeypatch, settings, *command, "--yes") == 0
    assert retention.list_kept_cycles(register, settings)[0].months == 300
    assert run_command(monkeypatch, settings, "keep-for", "nowhere", "3", "--reason", "x", "--yes") == 64
