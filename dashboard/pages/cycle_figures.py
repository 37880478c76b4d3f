"""The region's figures: a table of indicators is uploaded, looked at, and used; or taken back."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import safe_name
from peer_challenge.cycle_file.indicators_table import ReadIndicators
from peer_challenge.cycle_file.yaml_with_lines import MOST_BYTES
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import indicators
from peer_challenge.steering.give_indicators import (
    check_indicators_can_change,
    give_indicators,
    list_consequences,
    read_kept_table,
    read_table,
    write_kept_table,
)

router = APIRouter(include_in_schema=False)


def _find_cycle(visit: Visit, cycle_id: str) -> Cycle:
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        return find_open_cycle(connection, cycle_id)


@router.get("/cycle/{cycle_id}/figures")
def show_figures(request: Request, visit: Signed, cycle_id: str) -> Response:
    """The indicators of a cycle, and the form for another table."""
    return _render(request, visit, _find_cycle(visit, cycle_id), None, None)


def _render(
    request: Request, visit: Visit, cycle: Cycle, read: ReadIndicators | None, problem: Problem | None
) -> Response:
    """The page; `read` is a table that was just uploaded and is to be looked at."""
    with visit.register.reading() as connection:
        known = indicators.load_indicators(connection, cycle.id)
        try:
            check_indicators_can_change(connection, cycle.id)
            why_fixed = ""
        except WrongUse as refused:
            why_fixed = refused.in_full
    is_usable = read is not None and not read.problems
    return render_page(
        request,
        "cycle-figures.html",
        status=422 if problem or (read is not None and read.problems) else 200,
        title="Figures of the region",
        cycle=cycle,
        read=read,
        known=known,
        shown=read.indicators if read is not None else known,
        follows=list_consequences(cycle, read.indicators, has_any=bool(known)) if is_usable and read else [],
        kept=write_kept_table(read.indicators) if is_usable and read else "",
        why_fixed=why_fixed,
        problem=problem,
    )


@router.post("/cycle/{cycle_id}/figures")
def give_figures(
    request: Request,
    visit: Checked,
    cycle_id: str,
    table: Annotated[UploadFile | None, File()] = None,
    kept: Text = "",
    is_removed: Text = "",
) -> Response:
    """Show what we understand of a table; use it once that is confirmed; or take the figures back."""
    cycle = _find_cycle(visit, cycle_id)
    try:
        with visit.register.reading() as connection:
            check_indicators_can_change(connection, cycle.id)
        if table is not None and table.filename:
            raw = table.file.read(MOST_BYTES + 1)
            return _render(request, visit, cycle, read_table(cycle, safe_name(table.filename), raw), None)
        if not kept and not is_removed:
            return _render(request, visit, cycle, None, Problem("Choose a file first.", "table"))
        given = () if is_removed else read_kept_table(kept, cycle)
        with visit.register.writing() as connection:
            give_indicators(connection, cycle, given, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render(request, visit, cycle, None, tell_problem(refused))
    return RedirectResponse(f"/cycle/{cycle.id}/figures", 303)
