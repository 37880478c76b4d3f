"""The golden thread: one sub-heading from the area's words to the actions on it, through all cycles."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Person, user_can_read_submission
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import (
    ACCEPTED_OUTCOMES,
    KIND_NAMES,
    RESPONSE_NAMES,
    ItemKind,
    Kind,
)
from peer_challenge.register import access_facts, frames, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.records import CycleState
from peer_challenge.word.answers.written_days import read_written_day

COLUMNS = ("subheading", "what", "where", "text")
_ANSWERS = {kind.value: f"Answer: {name[0].lower()}{name[1:]}" for kind, name in RESPONSE_NAMES.items()}
Parts = Mapping[Kind, pd.DataFrame]
"""The rows of each kind of document; those of the progress reports have `review` as well, in its order."""
Step = tuple[str, str, str]
_Rows = Mapping[Kind, list[dict[str, str]]]
_Step = tuple[Kind, str, str]


def thread_table(parts: Parts, subheading: str) -> pd.DataFrame:
    """The steps of one sub-heading, in the order of the journey, with the columns COLUMNS.

    `parts` are the rows of each accepted submission, as `frames.read_submission_rows` gives them, and the
    items of a Chair's record, as `frames.recorded_items_of` does.
    Steps without a text are left out.
    """
    steps = [(subheading, *step) for step in _list_written_steps(_convert_to_records(parts), subheading)]
    return pd.DataFrame(steps, columns=list(COLUMNS), dtype=object)


def challenge_thread(
    connection: Connection, person: Person, challenge_id: str, subheadings: Iterable[str]
) -> dict[str, list[Step]]:
    """The steps of each of `subheadings` in one challenge: (what, where, text), in order.

    For each kind of document they come from the newest accepted version that `person` may read. A later
    version that was not sent to them yet is left out.
    """
    rows = _convert_to_records(load_readable_parts(connection, person, challenge_id))
    return {subheading: list(_list_written_steps(rows, subheading)) for subheading in subheadings}


def _list_written_steps(rows: _Rows, subheading: str) -> Iterator[Step]:
    for kind, what, text in _list_all_steps(rows, subheading):
        if text.strip():
            yield what, KIND_NAMES[kind], text


def _list_all_steps(parts: _Rows, subheading: str) -> Iterator[_Step]:
    own = _find_row_by_subheading(parts, Kind.SELF_ASSESSMENT, subheading)
    yield Kind.SELF_ASSESSMENT, "Rating", own.get("rating", "") or own.get("rating_as_written", "")
    yield Kind.SELF_ASSESSMENT, "Strengths and evidence", own.get("strengths", "")
    yield Kind.SELF_ASSESSMENT, "Areas for development", own.get("development", "")
    yield (
        Kind.ANALYSIS,
        "Challenge",
        _find_row_by_subheading(parts, Kind.ANALYSIS, subheading).get("commentary", ""),
    )
    answer = _find_row_by_subheading(parts, Kind.RESPONSE, subheading)
    yield Kind.RESPONSE, _ANSWERS.get(answer.get("response_kind", ""), "Answer"), answer.get("response", "")
    yield from _agreed_steps(parts, subheading)


def _agreed_steps(parts: _Rows, subheading: str) -> Iterator[_Step]:
    """The Chair's items linked to the sub-heading, each agreed area for development with its actions."""
    developments = 0
    for item in parts.get(Kind.CHAIR_RECORD, ()):
        is_development, is_agreed = item.get("kind") == ItemKind.DEVELOPMENT, bool(item.get("is_agreed"))
        developments += is_development and is_agreed
        if item.get("subheading") != subheading:
            continue
        word = "area for development" if is_development else "strength"
        what = f"Agreed {word}" if is_agreed else f"Recorded {word}, not agreed by both"
        yield Kind.CHAIR_RECORD, what, item.get("text", "")
        if is_development and is_agreed:
            yield from _action_steps(parts, developments)


def _action_steps(parts: _Rows, number: int) -> Iterator[_Step]:
    address = f"{ItemKind.DEVELOPMENT.value}/{number}"
    for action in parts.get(Kind.ACTION_PLAN, ()):
        if f"{action.get('address', '')}/".startswith(f"{address}/"):
            said = [action.get("action", "")]
            for label, name in (("Owner", "owner"), ("By", "due_on"), ("Measure", "measure")):
                value = action.get(name, "") or action.get(f"{name}_as_written", "")
                said += [f"{label}: {_write_day_in_words(value)}"] if value.strip() else []
            yield Kind.ACTION_PLAN, "Action", "\n".join(filter(None, said))
            yield from _progress_steps(parts, str(action.get("address", "")))


def _progress_steps(parts: _Rows, address: str) -> Iterator[_Step]:
    """What the report of each review says of one action."""
    for report in parts.get(Kind.PROGRESS_REPORT, ()):
        if report.get("address") == address:
            status = report.get("status", "") or report.get("status_as_written", "")
            difference = report.get("difference", "")
            said = [capitalise_first_letter(status), report.get("evidence", "")]
            said += [f"Difference for children: {difference}"] if difference.strip() else []
            what = f"Progress report {report.get('review', '')}"
            yield Kind.PROGRESS_REPORT, what, "\n".join(filter(None, said))


def _write_day_in_words(value: str) -> str:
    """A day in words, as in a letter; any other text unchanged."""
    day = read_written_day(value) if value[:4].isdigit() else None
    return day_in_words(day) if day else value


def _find_row_by_subheading(parts: _Rows, kind: Kind, subheading: str) -> dict[str, str]:
    return next((row for row in parts.get(kind, ()) if row.get("subheading") == subheading), {})


def _convert_to_records(parts: Parts) -> _Rows:
    return {
        kind: [
            {
                str(key): str(value) if key == "review" else _convert_to_text(value)
                for key, value in record.items()
            }
            for record in table.to_dict("records")
        ]
        for kind, table in parts.items()
    }


def _convert_to_text(value: object) -> str:
    """A cell's text; "yes" where it says that something is so, "" for anything else."""
    return value if isinstance(value, str) else "yes" if value is True else ""


def thread_of(
    register: Register, participant: str, subheading: str, cycle: str | None = None
) -> list[dict[str, str]]:
    """The thread of a participant's sub-heading: one mapping per step.

    Its keys are `cycle`, `area` (the participant's name), `title` (the sub-heading's) and COLUMNS.

    Without `cycle` it begins in the newest one that has the participant. It goes on into the later
    cycles, under the sub-headings that it was carried over to. Raises WrongUse for an unknown area,
    cycle or sub-heading.
    """
    with register.reading() as connection:
        ids = _cycles_of(connection, participant)
        if not ids or (cycle is not None and cycle not in ids):
            raise WrongUse(
                f"There is no area {participant} in " + (f"the cycle {cycle}." if cycle else "any cycle."),
                remedy="`peer-challenge status` lists the areas of every cycle.",
            )
        start = ids.index(cycle) if cycle else len(ids) - 1
        found: list[dict[str, str]] = []
        addresses: tuple[str, ...] = (subheading,)
        framework = load_stored(connection, ids[start])[1]
        if subheading not in framework.subheadings:
            raise WrongUse(
                f"There is no sub-heading {subheading} in this cycle.",
                remedy="Sub-headings are written as area-of-focus/sub-heading, such as "
                + ", ".join(list(framework)[:3])
                + ".",
            )
        for cycle_id in ids[start:]:
            stored, later = load_stored(connection, cycle_id)
            addresses = _carry_addresses(framework, later, addresses)
            about = {"cycle": cycle_id, "area": stored.participant[participant].name}
            found += _list_steps_in_cycle(connection, about, participant, later, addresses)
            framework = later
    return found


def _cycles_of(connection: Connection, participant: str) -> list[str]:
    """The cycles that have the participant, in the order in which they were opened."""
    query = (
        sa.select(t.cycles.c.id)
        .join(t.participants, t.participants.c.cycle_id == t.cycles.c.id)
        .where(t.participants.c.id == participant, t.cycles.c.state != CycleState.PURGED.value)
        .order_by(t.cycles.c.opened_at, t.cycles.c.id)
    )
    return list(connection.scalars(query))


def _carry_addresses(earlier: Framework, later: Framework, addresses: tuple[str, ...]) -> tuple[str, ...]:
    if earlier == later:
        return addresses
    went = follow_crosswalk(earlier, later)
    return tuple(dict.fromkeys(to for address in addresses for to in went.get(address, ())))


def _list_steps_in_cycle(
    connection: Connection,
    about: dict[str, str],
    participant: str,
    framework: Framework,
    addresses: tuple[str, ...],
) -> list[dict[str, str]]:
    parts = _current_parts(connection, make_challenge_id(about["cycle"], participant))
    titles = {address: framework.subheadings[address].title for address in addresses}
    return [
        {**about, "title": titles[address], **{str(key): str(value) for key, value in step.items()}}
        for address in addresses
        for step in thread_table(parts, address).to_dict("records")
    ]


def load_readable_parts(connection: Connection, person: Person, challenge_id: str) -> Parts:
    """The rows of the newest accepted version of each document of a challenge that `person` may read."""
    newest: dict[tuple[int, Kind], int] = {}
    for row, document in access_facts.submissions_of(connection, challenge_id):
        is_accepted = row.outcome in ACCEPTED_OUTCOMES
        if is_accepted and row.kind and user_can_read_submission(person, document):
            newest.setdefault((row.review, row.kind), row.id)
    return _read_parts(connection, newest)


def _current_parts(connection: Connection, which: str) -> Parts:
    current = submissions.list_current_versions(connection, which)
    return _read_parts(connection, {(row.review, row.kind): row.id for row in current if row.kind})


def _read_parts(connection: Connection, versions: Mapping[tuple[int, Kind], int]) -> Parts:
    """The rows of the versions with these ids, by kind; progress reports one after another."""
    found: dict[Kind, list[pd.DataFrame]] = {}
    for (review, kind), which in sorted(versions.items()):
        rows = _read_part(connection, kind, which)
        found.setdefault(kind, []).append(rows.assign(review=review) if review else rows)
    return {
        kind: tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
        for kind, tables in found.items()
    }


def _read_part(connection: Connection, kind: Kind, submission_id: int) -> pd.DataFrame:
    if kind is Kind.CHAIR_RECORD:
        return frames.recorded_items_of(connection, submission_id)
    return frames.read_submission_rows(connection, kind, submission_id)
