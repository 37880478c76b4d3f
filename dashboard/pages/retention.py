"""Retention: until when each closed cycle is kept, legal holds, and destroying what is kept too long."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.reasons import read_reason
from peer_challenge.operations import retention
from peer_challenge.register import listings
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.legal_holds import find_legal_hold
from peer_challenge.register.records import CycleState

router = APIRouter(include_in_schema=False)
_DONE = {
    "hold": "Nothing of this cycle is destroyed until you lift the hold.",
    "lift": "The hold is lifted.",
    "months": "Changed. See below until when the cycle is kept.",
    "purged": "What was kept too long is destroyed. Make a new backup: older ones still hold it.",
}


def _render_retention_page(
    request: Request,
    visit: Visit,
    *,
    problem: Problem | None = None,
    reasons: Mapping[str, str] | None = None,
    done: str | None = None,
) -> Response:
    """The page; `reasons` has what was typed, by the id of the cycle or "purge"."""
    kept = retention.list_kept_cycles(visit.register, visit.settings)
    with visit.register.reading() as connection:
        cycles = listings.list_unpurged_cycles(connection)
        holds = {cycle.id: find_legal_hold(connection, cycle.id) for cycle in cycles}
    return render_page(
        request,
        "retention.html",
        status=422 if problem else 200,
        title="Retention",
        kept=kept,
        due=retention.list_due(visit.register, visit.settings, visit.office.now()),
        names={cycle.id: cycle.name for cycle in cycles},
        still_open=[cycle for cycle in cycles if cycle.state is CycleState.OPEN],
        cycles=cycles,
        holds=holds,
        months=visit.settings.retention_months,
        problem=problem,
        reasons=reasons or {},
        done=done,
    )


@router.get("/retention")
def show_retention(request: Request, visit: Signed, done: str = "") -> Response:
    """Until when each cycle is kept, and what goes and what stays then."""
    check_user_can_run_cycle(visit.person)
    return _render_retention_page(request, visit, done=_DONE.get(done))


@router.post("/retention/{cycle_id}/hold")
def change_hold(
    request: Request, visit: Checked, cycle_id: str, way: Text = "", reason: Text = ""
) -> Response:
    """Put a cycle under legal hold, or lift it, for a reason."""
    check_user_can_run_cycle(visit.person)
    if way not in ("hold", "lift"):
        raise NotFound("There is no such thing to do.")
    try:
        retention.change_legal_hold(
            visit.register,
            cycle_id,
            reason,
            at=visit.office.now(),
            actor=visit.person.name,
            lift=way == "lift",
        )
    except WrongUse as refused:
        problem = tell_problem(refused, reason=f"reason--{cycle_id}")
        return _render_retention_page(request, visit, problem=problem, reasons={cycle_id: reason})
    return RedirectResponse(f"/retention?done={way}", 303)


@router.post("/retention/purge")
def purge(
    request: Request, visit: Checked, reason: Text = "", is_meant: Text = "", seen: Text = ""
) -> Response:
    """Destroy what is kept too long, for a reason, once the visitor has ticked that it is meant."""
    check_user_can_run_cycle(visit.person)
    try:
        if not is_meant:
            raise WrongUse(
                "The box is not ticked.", remedy="Tick it, as this cannot be undone.", about="is_meant"
            )
        retention.purge_by_hand(
            visit.register,
            visit.settings,
            reason,
            seen=seen,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        problem = tell_problem(refused, reason="reason--purge")
        return _render_retention_page(request, visit, problem=problem, reasons={"purge": reason})
    return RedirectResponse("/retention?done=purged", 303)


@router.get("/retention/{cycle_id}/months")
def show_months(request: Request, visit: Signed, cycle_id: str) -> Response:
    """The form for how long one cycle is kept."""
    check_user_can_run_cycle(visit.person)
    return _render_months(request, visit, cycle_id, None, "")


def _render_months(
    request: Request,
    visit: Visit,
    cycle_id: str,
    typed: str | None,
    reason: str,
    *,
    told: Sequence[str] = (),
    problem: Problem | None = None,
) -> Response:
    with visit.register.reading() as connection:
        cycle = next((one for one in listings.list_unpurged_cycles(connection) if one.id == cycle_id), None)
        if cycle is None:
            raise NotFound("There is no such cycle.")
        own = load_stored(connection, cycle_id)[0].rules.retention_months
    return render_page(
        request,
        "retention-months.html",
        status=422 if problem else 200,
        title="How long a cycle is kept",
        cycle=cycle,
        own=own,
        usual=visit.settings.retention_months,
        months=str(own or "") if typed is None else typed,
        reason=reason,
        told=told,
        problem=problem,
    )


@router.post("/retention/{cycle_id}/months")
def set_months(
    request: Request,
    visit: Checked,
    cycle_id: str,
    months: Text = "",
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what would follow from keeping a cycle for so many months; do it once that is confirmed."""
    check_user_can_run_cycle(visit.person)
    at = visit.office.now()
    try:
        wanted = _read_months(months)
        if not is_confirmed:
            with visit.register.reading() as connection:
                found = retention.describe_months(connection, visit.settings, cycle_id, wanted, at)
            read_reason(reason)
            return _render_months(request, visit, cycle_id, months, reason, told=found.told)
        retention.change_months(
            visit.register, visit.settings, cycle_id, wanted, reason=reason, at=at, actor=visit.person.name
        )
    except WrongUse as refused:
        return _render_months(request, visit, cycle_id, months, reason, problem=tell_problem(refused))
    return RedirectResponse("/retention?done=months", 303)


def _read_months(typed: str) -> int | None:
    """The months that were typed; None for an empty field. Raises WrongUse."""
    if not typed.strip():
        return None
    months = read_count(typed, 1, retention.MOST_MONTHS)
    if months is None:
        raise WrongUse(
            "That is no number of months.",
            remedy=f"Give a number from 1 to {retention.MOST_MONTHS}.",
            about="months",
        )
    return months
