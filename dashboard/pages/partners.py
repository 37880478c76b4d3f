"""Partners: the proposal with its reasons and a picture, changes with their cost, approval and undoing."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.partner_ring import draw_partner_ring
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.kept_proposal import KeptProposal
from peer_challenge.model.vocabulary import Stage
from peer_challenge.partners import proposals
from peer_challenge.partners.changes import (
    Trial,
    already_out,
    keep_trial,
    try_change,
    try_lifting,
    try_without,
    undo_newest_step,
)
from peer_challenge.partners.pins_and_bans import (
    ACTS,
    map_author_to_challenger,
    office_rules,
    read_kept_proposal,
)
from peer_challenge.partners.solver import list_figures
from peer_challenge.register import assignments, challenges
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.records import Assignment, AssignmentStatus
from peer_challenge.register.work_out import ChangedMeanwhile

router = APIRouter(include_in_schema=False)
Try = Callable[[Register, Cycle], Trial]
_DONE = {
    "proposed": "New partners are proposed. Nothing is sent until you approve.",
    "changed": "The proposal was changed. Nothing is sent until you approve.",
    "approved": "Approved. {follows:Notices and packs}",
    "approved-early": "Approved. Nothing is sent yet. An area and its challenger are told when the area’s "
    "self-assessment is in.",
    "undone": "Undone, with your reason in the journal.",
}


def _render_partners_page(
    request: Request,
    visit: Visit,
    cycle: str,
    problem: Problem | None = None,
    done: str = "",
    asked: Mapping[str, str] | None = None,
) -> Response:
    """The page of a cycle's partners; `asked` is what was typed into the form that could not be done."""
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        loaded = load_stored(connection, chosen.id)[0] if chosen else None
        row = assignments.load_standing(connection, chosen.id) if chosen else None
        is_approved = row is not None and row.status is AssignmentStatus.APPROVED
        standing = challenges.list_challenges_in_cycle(connection, chosen.id) if chosen else []
        out = already_out(connection, loaded, row) if loaded and row is not None and is_approved else []
        awaited = proposals.count_awaited_assessments(connection, chosen.id) if chosen else 0
    proposal = read_kept_proposal(row)
    names = {p.id: p.name for p in loaded.participants} if loaded else {}
    withdrawn = {one.author_id for one in standing if one.stage is Stage.WITHDRAWN}
    nodes, arrows = draw_partner_ring(
        map_author_to_challenger(proposal), names, _list_avoided_areas(proposal)
    )
    return render_page(
        request,
        "partners.html",
        status=422 if problem else 200,
        title="Partners",
        cycle=chosen,
        cycles=options_of(cycles),
        row=row,
        proposal=proposal,
        rules=office_rules(proposal),
        may_undo=is_approved or proposal.get("changed_from") is not None,
        out=out,
        awaited=awaited,
        names=names,
        areas=sorted(
            ((one, name) for one, name in names.items() if one not in withdrawn), key=lambda pair: pair[1]
        ),
        nodes=nodes,
        arrows=arrows,
        acts=ACTS,
        list_figures=list_figures,
        seen=_number_of(row),
        asked=dict(asked or {}),
        problem=problem,
        done=say_done(_DONE, done, visit, loaded),
    )


def _list_avoided_areas(proposal: KeptProposal) -> list[str]:
    """The areas whose pair breaks a rule to be avoided; none of a proposal that an older version made."""
    return list(proposal.get("avoided", ()))


@router.get("/partners")
def show(request: Request, visit: Signed, cycle: str = "", done: str = "") -> Response:
    """Who challenges whom, as proposed or approved."""
    check_user_can_run_cycle(visit.person)
    return _render_partners_page(request, visit, cycle, done=done)


@router.post("/partners/{cycle_id}/propose")
def propose(request: Request, visit: Checked, cycle_id: str) -> Response:
    """Propose partners for the cycle as it is now; pins and bans made by hand are kept."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.reading() as connection:
            cycle, _ = load_stored(connection, cycle_id)
        found = proposals.propose_for(visit.register, cycle, visit.office.now(), actor=visit.person.name)
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_partners_page(request, visit, "", tell_problem(refused))
    done = "&done=proposed" if found.pairs else ""  # the page itself says why there are none
    return RedirectResponse(f"/partners?cycle={cycle.id}{done}", 303)


def _show_or_keep_trial(
    request: Request,
    visit: Visit,
    cycle_id: str,
    attempt: Try,
    told: tuple[str, str],
    asked: dict[str, str],
    *,
    reason: str,
    seen: str,
    is_confirmed: bool,
) -> Response:
    """What a change would give and cost; it is kept once that is confirmed with a reason.

    `told` is the page's title and the end of the address that confirms; `asked` what it has to bring; `seen`
    the number of the proposal that the visitor looked at. What keeps it from being kept is said beside it.
    """
    problem = None
    try:
        with visit.register.reading() as connection:
            cycle, _ = load_stored(connection, cycle_id)
        trial = attempt(visit.register, cycle)
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_partners_page(request, visit, cycle_id, tell_problem(refused), asked=asked)
    if is_confirmed:
        try:
            _check_seen(trial.basis.before, seen)
            with visit.register.writing() as connection:
                keep_trial(
                    connection,
                    cycle,
                    trial,
                    at=visit.office.now(),
                    actor=visit.person.name,
                    reason=reason,
                )
            return RedirectResponse(f"/partners?cycle={cycle.id}&done=changed", 303)
        except (WrongUse, ChangedMeanwhile) as refused:
            problem = tell_problem(refused)
    names = {p.id: p.name for p in cycle.participants}
    return render_page(
        request,
        "trial.html",
        status=422 if problem else 200,
        problem=problem,
        reason=reason,
        seen=_number_of(trial.basis.before),
        title="What this would change",
        about=told[0].format(**{name: names.get(value, value) for name, value in asked.items()}),
        cycle=cycle,
        trial=trial,
        list_figures=list_figures,
        names=names,
        before=trial.basis.proposal,
        asked=asked,
        action=f"/partners/{cycle.id}/{told[1]}",
        back=f"/partners?cycle={cycle.id}",
    )


def _number_of(newest: Assignment | None) -> str:
    """What a page's forms bring back of the proposal that it shows."""
    return str(newest.id) if newest is not None else "none"


def _check_seen(newest: Assignment | None, seen: str) -> None:
    """Refuse what somebody decides on a page that is out of date. Raises ChangedMeanwhile.

    Who sends no number, a script, says nothing of what it saw.
    """
    if seen and seen != _number_of(newest):
        raise ChangedMeanwhile(
            "The partners have changed since you opened this page: somebody else may be working on them.",
            remedy="This page shows them as they are now. Look at them, then decide.",
        )


@router.post("/partners/{cycle_id}/try")
def try_it(
    request: Request,
    visit: Checked,
    cycle_id: str,
    act: Text = "",
    author: Text = "",
    other: Text = "",
    reason: Text = "",
    seen: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what a pin, ban or swap would give and cost; keep it once that is confirmed with a reason."""
    check_user_can_run_cycle(visit.person)
    return _show_or_keep_trial(
        request,
        visit,
        cycle_id,
        lambda register, cycle: try_change(register, cycle, act, author, other),
        (f"{ACTS.get(act, '')}: {{author}}, {{other}}.", "try"),
        {"act": act, "author": author, "other": other},
        reason=reason,
        seen=seen,
        is_confirmed=bool(is_confirmed),
    )


@router.post("/partners/{cycle_id}/lift")
def lift(
    request: Request,
    visit: Checked,
    cycle_id: str,
    author: Text = "",
    challenger: Text = "",
    reason: Text = "",
    seen: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what lifting a pin or ban would give; lift it once that is confirmed with a reason."""
    check_user_can_run_cycle(visit.person)
    return _show_or_keep_trial(
        request,
        visit,
        cycle_id,
        lambda register, cycle: try_lifting(register, cycle, author, challenger),
        ("What was decided by hand about {author} and {challenger} is lifted.", "lift"),
        {"author": author, "challenger": challenger},
        reason=reason,
        seen=seen,
        is_confirmed=bool(is_confirmed),
    )


@router.get("/partners/what-if")
def what_if(request: Request, visit: Signed, cycle: str = "", area: str = "") -> Response:
    """What partners there could be without an area; nothing is kept."""
    check_user_can_run_cycle(visit.person)
    return _try_without_area(request, visit, cycle, area, "", "", is_confirmed=False)


@router.post("/partners/{cycle_id}/without")
def without(
    request: Request,
    visit: Checked,
    cycle_id: str,
    area: Text = "",
    reason: Text = "",
    seen: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Propose to go on without an area; it is withdrawn when that is approved."""
    check_user_can_run_cycle(visit.person)
    return _try_without_area(request, visit, cycle_id, area, reason, seen, is_confirmed=bool(is_confirmed))


def _try_without_area(
    request: Request, visit: Visit, cycle_id: str, area: str, reason: str, seen: str, *, is_confirmed: bool
) -> Response:
    return _show_or_keep_trial(
        request,
        visit,
        cycle_id,
        lambda register, cycle: try_without(register, cycle, area),
        ("{area} withdraws, once this is approved. What has come back from a challenger stays.", "without"),
        {"area": area},
        reason=reason,
        seen=seen,
        is_confirmed=is_confirmed,
    )


@router.post("/partners/{cycle_id}/approve")
def approve(request: Request, visit: Checked, cycle_id: str, reason: Text = "", seen: Text = "") -> Response:
    """Approve the newest proposal, with a reason: partners are told and packs go out."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.writing() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            _check_seen(assignments.load_standing(connection, cycle.id), seen)
            paired = proposals.approve_latest(
                connection, cycle, visit.office.now(), reason=reason, actor=visit.person.name
            )
            is_early = not paired and proposals.count_awaited_assessments(connection, cycle.id) > 0
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_partners_page(
            request, visit, cycle_id, tell_problem(refused), asked={"reason": reason}
        )
    done = "approved-early" if is_early else "approved"
    return RedirectResponse(f"/partners?cycle={cycle.id}&done={done}", 303)


@router.post("/partners/{cycle_id}/undo")
def undo_it(request: Request, visit: Checked, cycle_id: str, reason: Text = "", seen: Text = "") -> Response:
    """Undo the newest change or the approval, with a reason, as long as nothing of it has gone out."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.reading() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            _check_seen(assignments.load_standing(connection, cycle.id), seen)
        undo_newest_step(visit.register, cycle, at=visit.office.now(), actor=visit.person.name, reason=reason)
    except (WrongUse, ChangedMeanwhile) as refused:
        problem = tell_problem(refused, reason="reason--undo")
        return _render_partners_page(request, visit, cycle_id, problem, asked={"reason": reason})
    return RedirectResponse(f"/partners?cycle={cycle.id}&done=undone", 303)
