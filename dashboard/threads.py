"""The golden thread: under each sub-heading, what was written, asked, answered, agreed and planned."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from dashboard.challenges import Found
from peer_challenge.register import frames, submissions
from peer_challenge.vocabulary import Kind

_TEXTS = (
    ("strengths", "Strengths and evidence"),
    ("development", "Areas for development"),
    ("commentary", "Peer commentary"),
    ("response", "Response"),
)


@dataclass(slots=True)
class Strand:
    """One sub-heading: its texts as (label, text), agreed items and actions."""

    address: str
    title: str
    focus_area: str
    rating: str | None
    texts: list[tuple[str, str]] = field(default_factory=list)


def strands_of(connection: Connection, found: Found) -> list[Strand]:
    """Every sub-heading of a challenge in the framework's order, with all that its forms say of it."""
    kinds = (Kind.SELF_ASSESSMENT, Kind.RESPONSE, Kind.ANALYSIS, Kind.CHAIR_RECORD, Kind.ACTION_PLAN)
    rows = {kind: _records(connection, found.row.id, kind) for kind in kinds}
    strands = {
        address: Strand(address, row.title, found.framework.focus_area_of[address].title, None)
        for address, row in found.framework.subheadings.items()
    }
    for kind, names in (
        (Kind.SELF_ASSESSMENT, ("strengths", "development")),
        (Kind.ANALYSIS, ("commentary",)),
        (Kind.RESPONSE, ("response",)),
    ):
        for row in rows[kind]:
            _add(strands.get(row["subheading"]), row, names)
            if kind is Kind.SELF_ASSESSMENT and row["subheading"] in strands:
                strands[row["subheading"]].rating = row.get("rating") or None
    _add_agreed(strands, rows[Kind.CHAIR_RECORD], rows[Kind.ACTION_PLAN])
    return list(strands.values())


def _records(connection: Connection, challenge_id: str, kind: Kind) -> list[dict[str, Any]]:
    row = submissions.current(connection, challenge_id, kind)
    if row is None:
        return []
    found = frames.rows_of(connection, kind, row.id)
    return [{str(k): v for k, v in record.items()} for record in found.to_dict("records")]


def _add(strand: Strand | None, row: dict[str, Any], names: tuple[str, ...]) -> None:
    labels = dict(_TEXTS)
    if strand is not None:
        strand.texts += [(labels[name], row[name]) for name in names if (row.get(name) or "").strip()]


def _add_agreed(
    strands: dict[str, Strand], items: list[dict[str, Any]], actions: list[dict[str, Any]]
) -> None:
    planned = {action["address"]: action for action in actions}
    for item in items:
        strand = strands.get(item["subheading"] or "")
        if strand is None or not (item["text"] or "").strip():
            continue
        label = "Agreed strength" if item["kind"] == "strength" else "Agreed area for development"
        strand.texts.append((label, item["text"]))
        action = planned.get(item["address"])
        if action and (action["action"] or "").strip():
            by = "; ".join(filter(None, (action["owner"], action["due_on"] or action["due_on_as_written"])))
            strand.texts.append(("Action", action["action"] + (f"\n({by})" if by else "")))
