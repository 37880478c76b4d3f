"""Whether a cycle is under legal hold: the newest entry of the journal about it says so."""

from sqlalchemy import Connection

from peer_challenge.register import journal

HELD, LIFTED = "retention held", "retention hold lifted"


def find_legal_hold(connection: Connection, cycle_id: str) -> str | None:
    """Why a cycle is under legal hold, or None."""
    event, details = journal.find_newest_entry(connection, cycle_id, (HELD, LIFTED)) or (LIFTED, {})
    return f"legal hold: {details['reason']}" if event == HELD else None
