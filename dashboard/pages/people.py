"""People who sign in: adding and changing them, giving them new one-time links, removing their access."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import FormPageNumber, Id, PageNumber
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_account import Typed
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access, check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.post.password_links import Fate, Invitation, InvitationResult
from peer_challenge.register import listings, one_time_links, people
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.people import User
from peer_challenge.register.records import CycleState
from peer_challenge.steering.change_people import change_account, check_belongs_to_cycle, remove_access
from peer_challenge.steering.invite_people import explain_no_email, make_invitation, send_links

router = APIRouter(include_in_schema=False)
_WITH_PLACES = (CycleState.OPEN, CycleState.CLOSED)
"""The states of cycles whose areas and Chairs are known by name."""


def _render_people_page(
    request: Request,
    visit: Visit,
    *,
    problem: Problem | None = None,
    results: Sequence[InvitationResult] = (),
    asked: dict[str, str] | None = None,
    done: str | None = None,
    q: str = "",
    number: int = 1,
) -> Response:
    with visit.register.reading() as connection:
        found = listings.users_page(connection, number, text=q.strip())
        cycles = load_cycles(connection, states=_WITH_PLACES)
    return render_page(
        request,
        "people.html",
        status=422 if problem else 200,
        title="People",
        found=found,
        q=q,
        link=make_link_builder(request),
        places=[place for cycle in cycles for place in _list_places(cycle)],
        names={
            **{(cycle.id, area.id): area.name for cycle in cycles for area in cycle.participants},
            **{(cycle.id, chair.id): chair.name for cycle in cycles for chair in cycle.chairs},
        },
        problem=problem,
        results=results,
        link_hours=visit.settings.one_time_link_hours,
        why_no_email=explain_no_email(visit.settings),
        asked=asked or {},
        done=done,
    )


def _list_places(cycle: Cycle) -> Iterator[tuple[str, str]]:
    """What a person of a cycle can be there for, as a select element takes it: areas, then present Chairs."""
    for area in cycle.participants:
        yield f"{Access.PARTICIPANT}/{cycle.id}/{area.id}", f"{area.name}, {cycle.name}"
    for chair in cycle.present_chairs:
        yield f"{Access.CHAIR}/{cycle.id}/{chair.id}", f"{chair.name}, {cycle.name} (Chair)"


@router.get("/people")
def show(request: Request, visit: Signed, number: PageNumber = 1) -> Response:
    """Everybody who can sign in, and the form for adding a person."""
    check_user_can_run_cycle(visit.person)
    return _render_people_page(request, visit, number=number)


@router.post("/people/search")
def search_people(request: Request, visit: Checked, q: Text = "", number: FormPageNumber = 1) -> Response:
    """Those whose name or address holds what was typed, which is in no address of a page."""
    check_user_can_run_cycle(visit.person)
    return _render_people_page(request, visit, q=q, number=number)


@router.post("/people")
def add(request: Request, visit: Checked, typed: Typed) -> Response:
    """Add somebody; the one-time link is sent to them, or shown on this answer and nowhere again."""
    check_user_can_run_cycle(visit.person)
    try:
        wanted = typed.read()
        typed.check_office_is_meant()
        with visit.register.writing() as connection:
            check_belongs_to_cycle(connection, wanted)
            token = people.add_person(
                connection,
                wanted.email,
                wanted.name,
                wanted.access,
                at=visit.office.now(),
                actor=visit.person.name,
                cycle_id=wanted.cycle_id,
                participant_id=wanted.participant_id,
                chair_id=wanted.chair_id,
                link_hours=visit.settings.one_time_link_hours,
            )
            user = people.find_user_by_email(connection, wanted.email)
            assert user is not None  # added just now
            invitation = make_invitation(connection, visit.settings, user, token, visit.office.now())
    except WrongUse as refused:
        return _render_people_page(request, visit, problem=tell_problem(refused), asked=typed.asked)
    return _render_people_page(request, visit, results=_send_or_show(visit, invitation, typed.how))


def _send_or_show(visit: Visit, invitation: Invitation, how: str) -> list[InvitationResult]:
    """The link, sent by email where `how` asks for that, else to be shown."""
    if how != "email":
        return [InvitationResult(invitation, Fate.NOT_SENT)]
    at, actor = visit.office.now(), visit.person.name
    return send_links(visit.register, visit.settings, [invitation], at=at, actor=actor)


def _write_place(user: User) -> str:
    """Where somebody belongs, as the list of places has it; empty for the office and viewers."""
    member = user.participant_id or user.chair_id
    return f"{user.access}/{user.cycle_id}/{member}" if member else ""


def _load_user(visit: Visit, user_id: int) -> User:
    with visit.register.reading() as connection:
        user = people.load_active(connection, user_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


@router.post("/people/{user_id}/reset")
def reset(request: Request, visit: Checked, user_id: Id, how: Text = "") -> Response:
    """Give somebody a new one-time link; their password and sessions end."""
    check_user_can_run_cycle(visit.person)
    user = _load_user(visit, user_id)
    with visit.register.writing() as connection:
        token = one_time_links.reset_password(
            connection,
            user_id,
            at=visit.office.now(),
            actor=visit.person.name,
            link_hours=visit.settings.one_time_link_hours,
        )
        invitation = make_invitation(connection, visit.settings, user, token, visit.office.now())
    return _render_people_page(request, visit, results=_send_or_show(visit, invitation, how))


def _render_person_page(
    request: Request, visit: Visit, user: User, asked: dict[str, str], problem: Problem | None = None
) -> Response:
    with visit.register.reading() as connection:
        cycles = load_cycles(connection, states=_WITH_PLACES)
    present = _write_place(user)
    places = [place for cycle in cycles for place in _list_places(cycle)]
    if present and present not in dict(places):
        places.append((present, "as now"))
    held = {"name": user.name, "email": user.email, "access": user.access.value, "place": present}
    return render_page(
        request,
        "person.html",
        status=422 if problem else 200,
        title=user.name,
        user=user,
        places=places,
        asked={**held, "reason": "", **asked},
        problem=problem,
        why_no_email=explain_no_email(visit.settings),
    )


@router.get("/people/{user_id}")
def show_person(request: Request, visit: Signed, user_id: Id) -> Response:
    """The forms for changing somebody's name, address or role, and for removing their access."""
    check_user_can_run_cycle(visit.person)
    return _render_person_page(request, visit, _load_user(visit, user_id), {})


@router.post("/people/{user_id}")
def change(
    request: Request,
    visit: Checked,
    user_id: Id,
    typed: Typed,
) -> Response:
    """Change somebody's name, address or role; for another address there is a new one-time link."""
    check_user_can_run_cycle(visit.person)
    user = _load_user(visit, user_id)
    try:
        wanted = typed.read()
        if user.access is not Access.OFFICE:
            typed.check_office_is_meant()
        with visit.register.writing() as connection:
            token = change_account(
                connection,
                visit.person,
                user,
                wanted,
                at=visit.office.now(),
                link_hours=visit.settings.one_time_link_hours,
            )
            changed = people.load_active(connection, user_id)
            assert changed is not None  # in one transaction
            invitation = token and make_invitation(
                connection, visit.settings, changed, token, visit.office.now()
            )
    except WrongUse as refused:
        return _render_person_page(request, visit, user, typed.asked, tell_problem(refused))
    results = _send_or_show(visit, invitation, typed.how) if invitation else ()
    return _render_people_page(
        request, visit, results=results, done=f"{wanted.name}: your changes are saved."
    )


@router.post("/people/{user_id}/end")
def end(request: Request, visit: Checked, user_id: Id, reason: Text = "") -> Response:
    """Remove a person's access, for a reason."""
    check_user_can_run_cycle(visit.person)
    user = _load_user(visit, user_id)
    try:
        with visit.register.writing() as connection:
            remove_access(connection, visit.person, user_id, reason=reason, at=visit.office.now())
    except WrongUse as refused:
        return _render_person_page(request, visit, user, {"reason": reason}, tell_problem(refused))
    return _render_people_page(request, visit, done=f"{user.name} cannot sign in any more.")
