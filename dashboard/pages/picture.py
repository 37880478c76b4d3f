"""The regional picture: a heat map of ratings, themes, good practice matched with need, downloads."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.gather_region import gather_picture, office_facts
from peer_challenge.dispatches.regional_counts import RegionView
from peer_challenge.dispatches.regional_tables import csv_tables
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import DispatchKind, ItemKind
from peer_challenge.register import journal
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.word.write.render_template import WordTemplates

router = APIRouter(include_in_schema=False)
_MOST = 10
"""Entries of each list: it is to show where to begin, not all there is."""


def _gather_region_facts(visit: Visit, connection: Transaction, cycle: Cycle, framework: Framework) -> Facts:
    """The region's present facts, as its tables need them."""
    today = visit.office.today()
    return office_facts(connection, cycle, framework, DispatchKind.REGIONAL_TABLES, today, "page")


@router.get("/picture")
def picture(request: Request, visit: Signed, cycle: str = "") -> Response:
    """What the region's self-assessments show together at present."""
    check_user_can_run_cycle(visit.person)
    view = None
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        if chosen is not None:
            loaded, framework = load_stored(connection, chosen.id)
            region = gather_picture(connection, loaded, framework)
            view = RegionView(region, framework, {p.id: p.name for p in loaded.participants})
    return render_page(
        request,
        "picture.html",
        title="Picture",
        cycle=chosen,
        cycles=options_of(cycles),
        view=view,
        hardest=view.hardest()[:_MOST] if view else [],
        agreed=[(kind, list(view.agreed(kind).items())[:_MOST]) for kind in ItemKind] if view else [],
        not_agreed=view.not_agreed() if view else [],
        matches=view.matches[:_MOST] if view else [],
    )


@router.get("/picture/{name}")
def download(visit: Signed, name: str, cycle: str = "") -> Response:
    """The region's tables as one .xlsx, or one of them as .csv."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        _, chosen = chosen_cycle(connection, cycle)
        if chosen is None:
            raise NotFound("No cycle is open.")
        facts = _gather_region_facts(visit, connection, *load_stored(connection, chosen.id))
    if name == "tables.xlsx":
        data: bytes | None = render_dispatch_file(facts, WordTemplates())
    else:
        data = csv_tables(facts).get(name)
    if data is None:
        raise NotFound("There is no such table.")
    with visit.register.writing() as connection:
        journal.append_entry(
            connection,
            "regional tables downloaded",
            at=visit.office.now(),
            actor=visit.person.name,
            cycle_id=chosen.id,
            table=name,
        )
    return attach_file(data, f"{chosen.id}-{name}")
