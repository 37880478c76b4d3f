"""What migrations share when they take a register back: rows of kinds that the earlier program can't read."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection


def _table(connection: Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


def forget_dispatches(connection: Connection, kinds: Collection[str]) -> None:
    """Delete the dispatches of these kinds, and the messages that held nothing else."""
    dispatches, messages = _table(connection, "dispatches"), _table(connection, "messages")
    held, sources = _table(connection, "message_dispatches"), _table(connection, "dispatch_sources")
    ids = list(connection.scalars(sa.select(dispatches.c.id).where(dispatches.c.kind.in_(kinds))))
    theirs = set(connection.scalars(sa.select(held.c.message_id).where(held.c.dispatch_id.in_(ids))))
    for table in (held, sources):
        connection.execute(table.delete().where(table.c.dispatch_id.in_(ids)))
    connection.execute(dispatches.delete().where(dispatches.c.id.in_(ids)))
    others = set(connection.scalars(sa.select(held.c.message_id).where(held.c.message_id.in_(theirs))))
    connection.execute(messages.delete().where(messages.c.id.in_(theirs - others - {None})))


def forget_submissions(connection: Connection, kinds: Collection[str]) -> None:
    """Let documents of these kinds be documents of no kind, without what was read in them."""
    submissions, decisions = _table(connection, "submissions"), _table(connection, "decisions")
    sources = _table(connection, "dispatch_sources")
    ids = list(connection.scalars(sa.select(submissions.c.id).where(submissions.c.kind.in_(kinds))))
    for name in ("particulars", "findings", "unmapped_texts"):
        table = _table(connection, name)
        connection.execute(table.delete().where(table.c.submission_id.in_(ids)))
    connection.execute(sources.delete().where(sources.c.submission_id.in_(ids)))
    connection.execute(decisions.update().where(decisions.c.form.in_(kinds)).values(form=None))
    connection.execute(
        submissions.update()
        .where(submissions.c.id.in_(ids))
        .values(kind=None, challenge_id=None, version=None, is_current=False, outcome="rejected")
    )
    _cancel_letters_about(connection, set(ids))


def _cancel_letters_about(connection: Connection, ids: set[int]) -> None:
    dispatches = _table(connection, "dispatches")
    waiting = dispatches.c.state.in_(["intended", "to_look_at", "held"])
    for row in connection.execute(sa.select(dispatches).where(waiting)).fetchall():
        if row.parameters.get("submission") in ids:
            cancelled = dispatches.update().where(dispatches.c.id == row.id).values(state="cancelled")
            connection.execute(cancelled)


def forget_deadlines(connection: Connection, names: Collection[str]) -> None:
    """Delete the deadlines with these names, and cancel the reminders of them that have not gone."""
    deadlines, dispatches = _table(connection, "deadlines"), _table(connection, "dispatches")
    connection.execute(deadlines.delete().where(deadlines.c.name.in_(names)))
    waiting = dispatches.c.state.in_(["intended", "to_look_at", "held"])
    for row in connection.execute(sa.select(dispatches).where(waiting)).fetchall():
        if row.parameters.get("what") in names:
            cancelled = dispatches.update().where(dispatches.c.id == row.id).values(state="cancelled")
            connection.execute(cancelled)


def take_stages_back(connection: Connection, to: Mapping[str, str]) -> None:
    """Set challenges from each stage of `to` to the one that it says, and so in what decisions restore."""
    challenges, decisions = _table(connection, "challenges"), _table(connection, "decisions")
    for stage, earlier in to.items():
        connection.execute(challenges.update().where(challenges.c.stage == stage).values(stage=earlier))
    for row in connection.execute(sa.select(decisions.c.id, decisions.c.before)).fetchall():
        if (row.before or {}).get("stage") in to:
            before = {**row.before, "stage": to[row.before["stage"]]}
            connection.execute(decisions.update().where(decisions.c.id == row.id).values(before=before))


def forget_rules(connection: Connection, names: Collection[str]) -> None:
    """Take rules out of every cycle and of its earlier versions."""
    cycles, versions = _table(connection, "cycles"), _table(connection, "cycle_versions")
    for table in (cycles, versions):
        for row in connection.execute(sa.select(table)).mappings().fetchall():
            rules = {
                name: value
                for name, value in (row["definition"].get("rules") or {}).items()
                if name not in names
            }
            same = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
            change = {"definition": {**row["definition"], "rules": rules}}
            connection.execute(table.update().where(same).values(change))
