"""Partners: the proposal with its reasons, a picture of it, changes with their cost, approval."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.choosing import chosen_cycle, options_of
from dashboard.context import Signed, Visit
from dashboard.drawings import ring
from dashboard.security import Checked
from dashboard.views import page
from peer_challenge import partners
from peer_challenge.assignment import what_if_withdrawn
from peer_challenge.errors import WrongUse
from peer_challenge.partner_changes import try_change
from peer_challenge.partner_rules import ACTS, pairs_of, standing_of
from peer_challenge.policy import check_run_cycle
from peer_challenge.register.cycles import load_stored

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
_DONE = {
    "proposed": "New partners are proposed. Nothing is sent until you approve.",
    "changed": "The proposal was changed. Nothing is sent until you approve.",
    "approved": "Approved. Notices and packs go out with the next run, within a few minutes.",
}


def _page(request: Request, visit: Visit, cycle: str, problem: str | None = None, done: str = "") -> Response:
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        loaded = load_stored(connection, chosen.id)[0] if chosen else None
        row = partners.latest(connection, chosen.id, partners.PROPOSED, partners.APPROVED) if chosen else None
    proposal = standing_of(row)
    names = {p.id: p.name for p in loaded.participants} if loaded else {}
    nodes, arrows = ring(pairs_of(proposal), names)
    return page(
        request,
        "partners.html",
        status=422 if problem else 200,
        title="Partners",
        cycle=chosen,
        cycles=options_of(cycles),
        row=row,
        proposal=proposal,
        names=names,
        areas=sorted(names.items(), key=lambda pair: pair[1]),
        nodes=nodes,
        arrows=arrows,
        acts=ACTS,
        problem=problem,
        done=_DONE.get(done),
    )


@router.get("/partners")
def show(request: Request, visit: Signed, cycle: str = "", done: str = "") -> Response:
    """Who challenges whom, as proposed or approved."""
    check_run_cycle(visit.person)
    return _page(request, visit, cycle, done=done)


@router.post("/partners/{cycle_id}/propose")
def propose(request: Request, visit: Checked, cycle_id: str) -> Response:
    """Propose partners as the cycle stands."""
    check_run_cycle(visit.person)
    try:
        with visit.register.writing() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            partners.propose_for(connection, cycle, visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _page(request, visit, "", f"{refused} {refused.remedy}")
    return RedirectResponse(f"/partners?cycle={cycle.id}&done=proposed", 303)


@router.post("/partners/{cycle_id}/try")
def try_it(
    request: Request,
    visit: Checked,
    cycle_id: str,
    act: Text = "",
    author: Text = "",
    other: Text = "",
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what a pin, ban or swap would give and cost; keep it once that is confirmed with a reason."""
    check_run_cycle(visit.person)
    try:
        with visit.register.reading() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            trial = try_change(connection, cycle, act, author, other)
        if is_confirmed and len(reason.strip()) < 3:
            raise WrongUse("There is no reason given.", remedy="Say in a few words why.")
        if is_confirmed and trial.proposal["pairs"]:
            with visit.register.writing() as connection:
                partners.keep(
                    connection,
                    cycle.id,
                    trial.proposal,
                    visit.office.now(),
                    actor=visit.person.name,
                    reason=reason.strip()[:500],
                )
            return RedirectResponse(f"/partners?cycle={cycle.id}&done=changed", 303)
    except WrongUse as refused:
        return _page(request, visit, cycle_id, f"{refused} {refused.remedy}")
    with visit.register.reading() as connection:
        row = partners.latest(connection, cycle.id, partners.PROPOSED, partners.APPROVED)
    return page(
        request,
        "trial.html",
        title="What this would change",
        cycle=cycle,
        trial=trial,
        names={p.id: p.name for p in cycle.participants},
        before=standing_of(row),
        asked={"act": act, "author": author, "other": other},
        act=ACTS[act],
        back=f"/partners?cycle={cycle.id}",
        may_keep=True,
    )


@router.post("/partners/{cycle_id}/approve")
def approve(request: Request, visit: Checked, cycle_id: str, reason: Text = "") -> Response:
    """Approve the newest proposal, with a reason: partners are told and packs go out."""
    check_run_cycle(visit.person)
    try:
        if len(reason.strip()) < 3:
            raise WrongUse("There is no reason given.", remedy="Say in a few words why these partners.")
        with visit.register.writing() as connection:
            cycle, _ = load_stored(connection, cycle_id)
            partners.approve_latest(
                connection, cycle, visit.office.now(), reason=reason.strip()[:500], actor=visit.person.name
            )
    except WrongUse as refused:
        return _page(request, visit, "", f"{refused} {refused.remedy}")
    return RedirectResponse(f"/partners?cycle={cycle.id}&done=approved", 303)


@router.get("/partners/what-if")
def what_if(request: Request, visit: Signed, cycle: str = "", area: str = "") -> Response:
    """What partners there could be without an area; nothing is kept."""
    check_run_cycle(visit.person)
    with visit.register.reading() as connection:
        loaded, _ = load_stored(connection, cycle)
        if area not in loaded.participant:
            raise WrongUse("There is no such area in this cycle.", remedy="Choose one from the list.")
        before = standing_of(partners.latest(connection, loaded.id, partners.PROPOSED, partners.APPROVED))
        old = pairs_of(before)
        after: dict[str, Any] = what_if_withdrawn(
            partners.problem_of(connection, loaded),
            old,
            area,
            may_move=[a for a, c in old.items() if c == area],
        ).as_dict()
    new = pairs_of(after)
    moved = [(who, old.get(who, ""), one) for who, one in sorted(new.items()) if old.get(who) != one]
    return page(
        request,
        "trial.html",
        title=f"If {loaded.participant[area].name} withdrew",
        cycle=loaded,
        trial={"proposal": after, "moved": moved, "told": ""},
        names={p.id: p.name for p in loaded.participants},
        before=before,
        act=None,
        back=f"/partners?cycle={loaded.id}",
        may_keep=False,
    )
