"""The tables that steps of advance show on Prefect's page: ids, days and numbers, and links to ours."""

from collections.abc import Sequence

from peer_challenge.outbox.issue import Issued
from peer_challenge.partners.pins_and_bans import map_author_to_challenger, read_kept_proposal
from peer_challenge.register import assignments
from peer_challenge.register.cycles import cycle_ids, load_cycles
from peer_challenge.register.database import Register
from peer_challenge.register.events import events_of
from peer_challenge.settings import Settings

Rows = list[dict[str, object]]


def list_pairs(register: Register) -> Rows:
    """Who challenges whom by the newest proposal or approval of every open cycle."""
    rows: Rows = []
    with register.reading() as connection:
        for cycle_id in cycle_ids(connection):
            newest = assignments.load_standing(connection, cycle_id)
            rows += [
                {"cycle": cycle_id, "author": author, "challenger": challenger}
                for author, challenger in map_author_to_challenger(read_kept_proposal(newest)).items()
            ]
    return rows


def list_events(register: Register) -> Rows:
    """When each event of every open cycle is, earliest first."""
    with register.reading() as connection:
        return [
            {"challenge": event.challenge, "chair": event.chair.id, "starts": event.starts_at.isoformat()}
            for cycle in load_cycles(connection)
            for event in events_of(connection, cycle)
        ]


def list_issued(issued: Sequence[Issued]) -> Rows:
    """The dispatches that went out."""
    return [{"dispatch": one.dispatch_id, "kind": one.kind, "to": one.recipient_id} for one in issued]


def link_to(settings: Settings, page: str, words: str) -> str:
    """A link to a page of the dashboard, in Markdown."""
    return f"[{words}]({settings.dashboard_url}/{page})"
