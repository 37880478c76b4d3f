"""People who sign in: adding them, giving them new one-time links, removing their access."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.numbers import FormPageNumber, Id, PageNumber
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access, check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.post.password_links import Fate, Invitation, InvitationResult
from peer_challenge.register import listings, people
from peer_challenge.register.cycles import load_cycles, load_stored
from peer_challenge.register.people import User
from peer_challenge.register.records import CycleState
from peer_challenge.steering.invite_people import explain_no_email, make_invitation, send_links
from peer_challenge.system.control_characters import find_controls

router = APIRouter(include_in_schema=False)
_PARTS = 3
"""A place is written role/cycle/area, or role/cycle/Chair; ids have no slash in them."""


def _render_people_page(
    request: Request,
    visit: Visit,
    *,
    problem: str | None = None,
    results: Sequence[InvitationResult] = (),
    asked: dict[str, str] | None = None,
    done: str | None = None,
    q: str = "",
    number: int = 1,
) -> Response:
    with visit.register.reading() as connection:
        found = listings.users_page(connection, number, text=q.strip())
        cycles = load_cycles(connection, states=(CycleState.OPEN, CycleState.CLOSED))
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
    """What a person of a cycle can be there for, as a select element takes it: areas, then Chairs."""
    for area in cycle.participants:
        yield f"{Access.PARTICIPANT}/{cycle.id}/{area.id}", f"{area.name}, {cycle.name}"
    for chair in cycle.chairs:
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
def add(
    request: Request,
    visit: Checked,
    name: Text = "",
    email: Text = "",
    access: Text = "",
    place: Text = "",
    how: Text = "",
) -> Response:
    """Add somebody; the one-time link is sent to them, or shown on this answer and nowhere again."""
    check_user_can_run_cycle(visit.person)
    asked = {"name": name, "email": email, "access": access, "place": place}
    try:
        role, cycle_id, member = _read_role_and_place(name, email, access, place)
        with visit.register.writing() as connection:
            if cycle_id:
                _check_member(load_stored(connection, cycle_id)[0], role, member)
            token = people.add_person(
                connection,
                email,
                " ".join(name.split()),
                role,
                at=visit.office.now(),
                actor=visit.person.name,
                cycle_id=cycle_id,
                participant_id=member if role is Access.PARTICIPANT else None,
                chair_id=member if role is Access.CHAIR else None,
                link_hours=visit.settings.one_time_link_hours,
            )
            user = people.find_user_by_email(connection, email)
            assert user is not None  # added just now
            invitation = make_invitation(connection, visit.settings, user, token, visit.office.now())
    except WrongUse as refused:
        return _render_people_page(request, visit, problem=refused.in_full, asked=asked)
    return _render_people_page(request, visit, results=_send_or_show(visit, invitation, how))


def _send_or_show(visit: Visit, invitation: Invitation, how: str) -> list[InvitationResult]:
    """The link, sent by email where `how` asks for that, else to be shown."""
    if how != "email":
        return [InvitationResult(invitation, Fate.NOT_SENT)]
    at, actor = visit.office.now(), visit.person.name
    return send_links(visit.register, visit.settings, [invitation], at=at, actor=actor)


def _read_role_and_place(
    name: str, email: str, access: str, place: str
) -> tuple[Access, str | None, str | None]:
    """The role, cycle and area or Chair that the form asks for. Raises WrongUse for what is not possible."""
    if not name.strip() or len(name) > 200 or find_controls(name):
        raise WrongUse(
            "That is not a name.", remedy="Write the person's name or role, in at most 200 characters."
        )
    if not is_address(clean_address(email)):
        raise WrongUse("That is not an email address.", remedy="Write it as name@example.org.")
    if access not in set(Access):
        raise WrongUse("There is no such role.", remedy="Choose one from the list.")
    role, parts = Access(access), place.split("/")
    if role in (Access.OFFICE, Access.VIEWER):
        if place:
            raise WrongUse(
                "An area or a Chair is chosen, but the role is one that sees every area.",
                remedy="Choose the role of that area's contact or Chair, or choose no area.",
            )
        return role, None, None
    if len(parts) != _PARTS or parts[0] != role.value:
        raise WrongUse("The area or Chair does not go with the role.", remedy="Choose one that does.")
    return role, parts[1], parts[2]


def _check_member(cycle: Cycle, role: Access, member: str | None) -> None:
    if member not in (cycle.participant if role is Access.PARTICIPANT else cycle.chair):
        raise WrongUse("There is no such area or Chair in that cycle.", remedy="Choose one from the list.")


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
        token = people.reset_password(
            connection,
            user_id,
            at=visit.office.now(),
            actor=visit.person.name,
            link_hours=visit.settings.one_time_link_hours,
        )
        invitation = make_invitation(connection, visit.settings, user, token, visit.office.now())
    return _render_people_page(request, visit, results=_send_or_show(visit, invitation, how))


@router.post("/people/{user_id}/end")
def end(request: Request, visit: Checked, user_id: Id) -> Response:
    """Remove a person's access; never one's own, so that the office is not locked out."""
    check_user_can_run_cycle(visit.person)
    whose = _load_user(visit, user_id).name
    if user_id == visit.person.id:
        problem = "You cannot remove your own access. Ask a colleague in the programme office."
        return _render_people_page(request, visit, problem=problem)
    with visit.register.writing() as connection:
        people.end_person(connection, user_id, at=visit.office.now(), actor=visit.person.name)
    return _render_people_page(request, visit, done=f"{whose} cannot sign in any more.")
