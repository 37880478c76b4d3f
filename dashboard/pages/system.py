"""The System page: whether the installation is healthy, what is held back, what ran, which versions."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import NotFound, Signed
from dashboard.form_fields import Text
from dashboard.health import last_runs, link_of_run, list_versions, prefect_page, run_health_checks
from dashboard.numbers import LARGEST, PageNumber, read_count
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.doctor import is_healthy
from peer_challenge.operations.doctor_check import group_by_topic, list_what_needs_action
from peer_challenge.register import access_facts, listings, outbox
from peer_challenge.register.records import Dispatch, DispatchState

router = APIRouter(include_in_schema=False)
_MOST_RELEASED = 5_000
"""In one transaction, each with an entry in the journal: others wait to write meanwhile."""
_DONE = {"released": "It is tried again with the next run, within a few minutes."}


@router.get("/system")
def system(
    request: Request, visit: Signed, number: PageNumber = 1, look: str = "", done: str = ""
) -> Response:
    """What needs action, held dispatches, every check by what it is about, runs, versions."""
    check_user_can_run_cycle(visit.person)
    looked_at, found, taken = run_health_checks(visit.office, is_anew=look == "again")
    with visit.register.reading() as connection:
        held = listings.list_dispatches(connection, number, state=DispatchState.HELD, size=25)
    runs = last_runs(visit.office.settings)
    return render_page(
        request,
        "system.html",
        title="System",
        topics=group_by_topic(found),
        to_do=list_what_needs_action(found),
        is_healthy=is_healthy(found),
        looked_at=looked_at,
        held=held,
        runs=runs,
        stuck=[run for run in runs or [] if run.is_stuck],
        space=taken,
        link_of_run=link_of_run,
        prefect=prefect_page(),
        versions=list_versions(),
        link=make_link_builder(request),
        done=_DONE.get(done),
    )


@router.post("/system/release")
def release(visit: Checked, dispatch: Text = "") -> Response:
    """Try one held dispatch again, or all of them when "all" is asked."""
    check_user_can_run_cycle(visit.person)
    with visit.register.writing() as connection:
        if dispatch == "all":
            found = listings.list_dispatches(connection, 1, state=DispatchState.HELD, size=_MOST_RELEASED)
            held = [row.id for row in found.rows]
        elif (number := read_count(dispatch, 0, LARGEST)) is not None and _is_held_dispatch(
            access_facts.load_dispatch(connection, number)
        ):
            held = [number]
        else:
            raise NotFound("That dispatch is not held.")
        for one in held:
            outbox.release_dispatch(connection, one, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse("/system?done=released", 303)


def _is_held_dispatch(found: tuple[Dispatch, object] | None) -> bool:
    return found is not None and found[0].state is DispatchState.HELD
