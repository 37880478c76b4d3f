"""Removes words from the register once they may not be kept, and leaves the permanent record."""

from collections.abc import Iterable
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import LONDON
from peer_challenge.model.corrections import is_same_wording
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import (
    corrections,
    event_replies,
    evidence,
    journal,
    mailbox_messages,
    outbox,
    received_emails,
    submissions,
)
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.register.records import CycleState

PURGED = CycleState.PURGED.value
_NARRATIVE: tuple[tuple[sa.Table, tuple[str, ...]], ...] = (
    (t.self_assessment_rows, ("strengths", "development", "rating_as_written", "commentary")),
    (t.analysis_rows, ("strengths", "development", "rating_as_written", "commentary")),
    (t.response_rows, ("commentary", "response_kind_as_written", "response")),
    (t.actions, ("development", "action", "owner", "due_on_as_written", "measure")),
    (t.corrected_lines, ("subheading_as_written", "text", "consensus", "changed_by", "comments")),
    (t.progress_rows, ("development", "action", "status_as_written", "evidence", "difference")),
)
"""What people wrote at length: emptied, while addresses, ratings and days stay."""

_WHOLE = (t.particulars, t.unmapped_texts)

_WORDS_ABOUT_CHALLENGES: tuple[tuple[sa.Table, dict[str, object]], ...] = (
    (t.challenge_notes, {"text": "", "made_by": "", "done_by": None}),
    (t.deadlines, {"notes": []}),  # they repeat what was said of an extension
    (t.events, {"place": ""}),
    (t.evidence_files, {"decided_by": None}),
)
"""What was typed about challenges, and by whom: what is put there. Days, areas and decisions stay."""
_WORDS_ABOUT_CYCLES: tuple[tuple[sa.Table, dict[str, object]], ...] = (
    (t.challenges, {"withdrawn_reason": None}),
    (t.cycle_indicators, {"given_by": ""}),
    (
        t.decisions,
        {"words_sha256": None, "message": "", "reason": "", "made_by": "", "undone_by": None},
    ),
)
_OF_PROPOSALS = frozenset({"status", "pairs", "avoided", "pins", "bans", "changed_from", "without", "moves"})
"""What stays of a proposal of partners: who was to challenge whom, without reasons."""
_GONE = "Deleted with the words of its cycle."


def purge_cycle(connection: Connection, cycle_id: str, *, at: datetime, actor: str) -> None:
    """Empty everything that areas wrote in a cycle except what was agreed, and record that in the journal."""
    _erase_for_good(connection)
    mine = sa.select(t.submissions.c.id).where(t.submissions.c.cycle_id == cycle_id)
    count = _empty_submissions(connection, mine, at)
    received_emails.purge_emails(connection, before=None, at=at)
    _forget_old_agreements(connection, cycle_id)
    outbox.cancel_waiting_of_cycle(connection, cycle_id)
    _forget_what_was_typed(connection, cycle_id)
    _forget_why_dates_changed(connection, cycle_id)
    _forget_why_pairs_were_made(connection, cycle_id)
    event_replies.forget_who_came(connection, cycle_id)
    _forget_people(connection, cycle_id)
    connection.execute(t.cycles.update().where(t.cycles.c.id == cycle_id).values(state=PURGED))
    journal.append_entry(connection, "cycle purged", at=at, actor=actor, cycle_id=cycle_id, submissions=count)


def purge_strays(connection: Connection, *, before: date, at: datetime, actor: str) -> int:
    """Empty documents that no cycle keeps and that came before the day `before`; returns how many.

    They are documents that belonged to nobody, and those that came for a cycle after it was purged. The
    addresses of those who sent emails before that day go too.
    """
    _erase_for_good(connection)
    limit = datetime.combine(before, time(), LONDON)
    mailbox_messages.forget_senders(connection, before=limit)
    ids = list(connection.scalars(_select_strays(limit)))
    if ids:
        _empty_submissions(connection, sa.select(t.submissions.c.id).where(t.submissions.c.id.in_(ids)), at)
        journal.append_entry(connection, "stray documents purged", at=at, actor=actor, submissions=len(ids))
    received_emails.purge_emails(connection, before=limit, at=at)
    return len(ids)


def count_strays(connection: Connection, *, before: date) -> int:
    """How many documents `purge_strays` would empty."""
    strays = _select_strays(datetime.combine(before, time(), LONDON)).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(strays)) or 0


def _select_strays(limit: datetime) -> sa.Select[tuple[int]]:
    purged = sa.select(t.cycles.c.id).where(t.cycles.c.state == PURGED)
    return sa.select(t.submissions.c.id).where(
        t.submissions.c.purged_at.is_(None),
        t.submissions.c.taken_in_at < limit,
        sa.or_(t.submissions.c.cycle_id.is_(None), t.submissions.c.cycle_id.in_(purged)),
    )


def _empty_submissions(connection: Connection, which: t.TableQuery, at: datetime) -> int:
    _forget_what_no_longer_counts(connection, which)
    for table, columns in _NARRATIVE:
        connection.execute(
            table.update().where(table.c.submission_id.in_(which)).values(dict.fromkeys(columns, None))
        )
    comments = t.progress_comments
    connection.execute(
        comments.update().where(comments.c.submission_id.in_(which)).values(text="", written_by="")
    )
    settled = t.settled_corrections
    connection.execute(
        settled.update()
        .where(settled.c.submission_id.in_(which))
        .values(before=None, reason="", told=None, decided_by="")
    )
    of_event = sa.func.coalesce(settled.c.address, "") == ""  # what was agreed stays, who was there goes
    connection.execute(
        settled.update().where(settled.c.submission_id.in_(which), of_event).values(after=None)
    )
    evidence.forget_names(connection, which)
    for table in _WHOLE:
        connection.execute(table.delete().where(table.c.submission_id.in_(which)))
    connection.execute(
        t.findings.update().where(t.findings.c.submission_id.in_(which)).values(message="", remedy="")
    )
    emptied = connection.execute(
        t.submissions.update()
        .where(t.submissions.c.id.in_(which), t.submissions.c.purged_at.is_(None))
        .values(file_name="", purged_at=at, held_since_at=None, identified_by=None, doubt=sa.null())
    )
    return emptied.rowcount


def _forget_old_agreements(connection: Connection, cycle_id: str) -> None:
    """Delete agreed items of earlier versions of the Chair's record; those of the current version stay."""
    old = sa.select(t.submissions.c.id).where(
        t.submissions.c.cycle_id == cycle_id, sa.not_(t.submissions.c.is_current)
    )
    connection.execute(t.agreed_items.delete().where(t.agreed_items.c.submission_id.in_(old)))


def _forget_what_no_longer_counts(connection: Connection, which: t.TableQuery) -> None:
    """Delete settled words in place of which the Chair has written others since.

    What they were compared with is emptied: without it they would count again.
    """
    table = t.settled_corrections
    kept = table.c.submission_id.in_(which) & table.c.before.is_not(None)
    for row in connection.execute(sa.select(table).where(kept)).fetchall():
        record = submissions.find_current_version(connection, row.challenge_id, Kind.CHAIR_RECORD)
        if record is None:
            continue
        now = corrections.read_recorded(connection, Kind.CHAIR_RECORD, record.id)
        if not is_same_wording(now.read_words(row.address or "", row.field), row.before):
            connection.execute(table.delete().where(table.c.id == row.id))


def _forget_what_was_typed(connection: Connection, cycle_id: str) -> None:
    """Empty what was typed about challenges: notes, comments, reasons and places, and who typed it.

    Of decisions it is also what they say of words: hashes of them, and messages to senders.
    """
    mine = sa.select(t.challenges.c.id).where(t.challenges.c.cycle_id == cycle_id)
    for table, values in _WORDS_ABOUT_CHALLENGES:
        connection.execute(table.update().where(table.c.challenge_id.in_(mine)).values(values))
    connection.execute(t.proposed_events.delete().where(t.proposed_events.c.challenge_id.in_(mine)))
    for table, values in _WORDS_ABOUT_CYCLES:
        connection.execute(table.update().where(table.c.cycle_id == cycle_id).values(values))


def _forget_why_dates_changed(connection: Connection, cycle_id: str) -> None:
    """Empty the reasons of extensions and pauses, and who made them: their days stay, for the dates."""
    table = t.adjustments
    mine = sa.select(t.challenges.c.id).where(t.challenges.c.cycle_id == cycle_id)
    for row in connection.execute(sa.select(table).where(table.c.challenge_id.in_(mine))).fetchall():
        without = {**row.definition, "reason": _GONE, "message": ""}
        change = table.update().where(table.c.id == row.id)
        connection.execute(change.values(definition=without, made_by=""))


def _forget_why_pairs_were_made(connection: Connection, cycle_id: str) -> None:
    """Empty the reasons of proposals of partners: who challenged whom stays, for fair pairs later."""
    table = t.assignments
    for row in connection.execute(sa.select(table).where(table.c.cycle_id == cycle_id)).fetchall():
        kept = {key: value for key, value in row.proposal.items() if key in _OF_PROPOSALS}
        kept["pairs"] = [{**pair, "reasons": [], "alternatives": []} for pair in kept.get("pairs", ())]
        connection.execute(table.update().where(table.c.id == row.id).values(proposal=kept, reason=None))


def _forget_people(connection: Connection, cycle_id: str) -> None:
    """Contacts, the office's and Chairs' names go from the cycle's definition, its earlier versions whole.

    Its areas' and Chairs' accounts end, without their names.
    """
    connection.execute(
        t.messages.update()
        .where(t.messages.c.cycle_id == cycle_id)
        .values(sent_to=[], covering=None, sent_by="", problem=None)
    )
    definition = connection.scalar(sa.select(t.cycles.c.definition).where(t.cycles.c.id == cycle_id))
    known = dict(definition or {})
    known["participants"] = [{**one, "contacts": []} for one in known.get("participants", ())]
    known["chairs"] = [{**one, "name": one["id"], "email": ""} for one in known.get("chairs", ())]
    known.pop("office", None)
    connection.execute(t.cycles.update().where(t.cycles.c.id == cycle_id).values(definition=known))
    connection.execute(t.cycle_versions.delete().where(t.cycle_versions.c.cycle_id == cycle_id))
    for user in list(connection.scalars(sa.select(t.users.c.id).where(t.users.c.cycle_id == cycle_id))):
        for table in (t.sessions, t.known_devices):
            connection.execute(table.delete().where(table.c.user_id == user))
        connection.execute(
            t.users.update()
            .where(t.users.c.id == user)
            .values(
                is_active=False,
                password_hash=None,
                link_hash=None,
                link_expires_at=None,
                name="somebody of a purged cycle",
                email=f"purged-{user}@invalid",
            )
        )


def purged_originals(connection: Connection) -> set[str]:
    """The hashes of documents whose every submission is purged, and of emails that brought nothing else."""
    gone = sa.select(t.submissions.c.sha256).where(t.submissions.c.purged_at.is_not(None))
    kept = submissions.list_kept_hashes(connection)
    copies = evidence.list_copies(connection, purged=True)
    return {*connection.scalars(gone), *received_emails.list_gone_hashes(connection), *copies} - kept


def issued_in_purged_cycles(connection: Connection) -> Iterable[str]:
    """The paths, relative to the outbox, of what went out in purged cycles, drafts of messages included."""
    found: list[str] = []
    for table in (t.dispatches, t.messages):
        query = (
            sa.select(table.c.path)
            .join(t.cycles, t.cycles.c.id == table.c.cycle_id)
            .where(t.cycles.c.state == PURGED, table.c.path.is_not(None))
        )
        found += connection.scalars(query)
    return found


def _erase_for_good(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed space is overwritten, not just freed


def forget_old_pages(register: Register) -> None:
    """Empty SQLite's write-ahead log, which still holds old contents; PostgreSQL clears its own."""
    if register.is_sqlite:
        connection = register.engine.raw_connection()  # in no transaction: a checkpoint can't be in one
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
