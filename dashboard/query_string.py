"""What the query string asks for: which cycle, which page, and links that change one part of it."""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import Request

from dashboard.context import NotFound
from peer_challenge.register import listings
from peer_challenge.register.database import Transaction
from peer_challenge.register.listings import ListedCycle
from peer_challenge.register.records import CycleState


def chosen_cycle(connection: Transaction, wanted: str) -> tuple[list[ListedCycle], ListedCycle | None]:
    """All cycles and the one that is wanted: when none is named, the newest open one, else the newest.

    Raises NotFound when no cycle has the id that is wanted.
    """
    found = listings.list_unpurged_cycles(connection)
    if wanted:
        chosen = next((cycle for cycle in found if cycle.id == wanted), None)
        if chosen is None:
            raise NotFound("There is no such cycle.")
        return found, chosen
    newest = found[0] if found else None
    return found, next((cycle for cycle in found if cycle.state is CycleState.OPEN), newest)


def options_of(cycles: list[ListedCycle]) -> list[tuple[str, str]]:
    """Cycles as a select element takes them."""
    return [(cycle.id, cycle.name) for cycle in cycles]


def make_link_builder(request: Request, path: str = "", **held: str) -> Callable[..., str]:
    """A function that gives this page's address with some parts of its query string changed.

    `path` and `held` take the place of the address and the query where the page is the answer to a form.
    """
    path, query_params = path or request.url.path, held or dict(request.query_params)

    def link(**changed: object) -> str:
        parts = {**query_params, **changed}
        query = urlencode({key: value for key, value in parts.items() if value not in ("", None)})
        return f"{path}?{query}" if query else path

    return link
