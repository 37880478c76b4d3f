"""Reminding several areas and Chairs at once: who would be, of what, and then the reason."""

from collections.abc import Collection

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import Chosen, Text, Ticked
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.outbox.who_is_reminded import Reminded, list_remindable, remind_several
from peer_challenge.post.new_contacts import list_forms_not_got
from peer_challenge.register.challenges import due_dates_in

router = APIRouter(include_in_schema=False)


def _render_remind_page(
    request: Request,
    visit: Visit,
    cycle_id: str,
    *,
    problem: Problem | None = None,
    reason: str = "",
    ticked: Collection[str] | None = None,
    areas: Collection[str] = (),
    done: str | None = None,
) -> Response:
    today = visit.office.today()
    with visit.register.trying_out() as connection:
        cycle = find_open_cycle(connection, cycle_id)
        found = list_remindable(connection, cycle, visit.office.now())
        due = due_dates_in(connection, cycle.id)
        not_got = list_forms_not_got(connection, cycle)
    rows = []
    for one in found:
        who = cycle.find_recipient(one.recipient_id)
        day = due.get(make_challenge_id(cycle.id, one.author_id), {}).get(one.what) if one.what else None
        rows.append((one, cycle.participant[one.author_id].name, who.name if who else "", day))
    if areas:
        ticked = [one.mark for one, *_ in rows if one.author_id in areas]
    late = {one.mark for one, _, _, day in rows if day is not None and day < today}
    return render_page(
        request,
        "remind.html",
        status=422 if problem else 200,
        title="Remind areas",
        cycle=cycle,
        rows=rows,
        ticked=late if ticked is None else set(ticked),
        late=late,
        not_got=not_got,
        is_chosen=bool(areas),
        problem=problem,
        reason=reason,
        done=done,
    )


@router.get("/remind/{cycle_id}")
def show_remind(
    request: Request,
    visit: Signed,
    cycle_id: str,
    done: str = "",
    area: Chosen = None,
) -> Response:
    """Who keeps a challenge waiting and can be reminded now.

    Ticked are those of the areas that were chosen on the board, else those who are late.
    """
    check_user_can_run_cycle(visit.person)
    count = read_count(done, 1, 1_000)
    return _render_remind_page(
        request, visit, cycle_id, areas=area or (), done=_say_how_many(count) if count else None
    )


@router.post("/remind/{cycle_id}")
def remind(
    request: Request,
    visit: Checked,
    cycle_id: str,
    area: Ticked = None,
    reason: Text = "",
) -> Response:
    """Send a reminder now about each challenge that is ticked."""
    check_user_can_run_cycle(visit.person)
    try:
        if not area:
            raise WrongUse("Nobody is ticked.", remedy="Tick those whom you mean.", about="area")
        with visit.register.writing() as connection:
            cycle = find_open_cycle(connection, cycle_id)
            asked = remind_several(
                connection, cycle, area, visit.office.now(), actor=visit.person.name, reason=reason
            )
    except WrongUse as refused:
        return _render_remind_page(
            request,
            visit,
            cycle_id,
            problem=tell_problem(refused, area="area-1"),
            reason=reason,
            ticked=area or (),
        )
    failed = [one for one in asked if one.why_not]
    if failed:
        return _render_remind_page(
            request, visit, cycle_id, done=_say_who_was_reminded(cycle, asked, failed), ticked=()
        )
    return RedirectResponse(f"/remind/{cycle_id}?done={len(asked)}", 303)


def _say_who_was_reminded(cycle: Cycle, asked: Collection[Reminded], failed: Collection[Reminded]) -> str:
    """How many get a reminder, and who does not and why."""
    names = {one.id: one.name for one in cycle.participants}
    whys = " ".join(f"{names.get(one.author_id, one.author_id)}: {one.why_not}" for one in failed)
    return f"{_say_how_many(len(asked) - len(failed))} Nobody was reminded for these: {whys}"


def _say_how_many(count: int) -> str:
    made = "1 reminder is" if count == 1 else f"{count} reminders are"
    return f"{made} being made. See To send within a minute."
