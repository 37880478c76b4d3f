"""People who sign in: adding and changing them, giving them new one-time links, removing their access."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.people import Account, User
from peer_challenge.register.records import CycleState
from peer_challenge.steering.change_people import change_account, check_belongs_to_cycle, remove_access
from peer_challenge.steering.invite_people import explain_no_email, make_invitation, send_links
from peer_challenge.system.control_characters import find_controls

router = APIRouter(include_in_schema=False)
_WITH_PLACES = (CycleState.OPEN, CycleState.CLOSED)
"""The states of cycles whose areas and Chairs are known by name."""
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
    is_office_meant: Text = "",
) -> Response:
    """Add somebody; the one-time link is sent to them, or shown on this answer and nowhere again."""
    check_user_can_run_cycle(visit.person)
    asked = {"name": name, "email": email, "access": access, "place": place}
    try:
        wanted = _read_account(name, email, access, place)
        _ask_whether_office_is_meant(wanted, is_office_meant)
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


def _read_account(name: str, email: str, access: str, place: str) -> Account:
    """The account that a form asks for. Raises WrongUse for what is not possible."""
    if not name.strip() or len(name) > 200 or find_controls(name):
        raise WrongUse(
            "That is not a name.", remedy="Write the person's name or role, in at most 200 characters."
        )
    if not is_address(clean_address(email)):
        raise WrongUse("That is not an email address.", remedy="Write it as name@example.org.")
    if access not in set(Access):
        what = "There is no such role." if access else "You did not choose a role."
        raise WrongUse(what, remedy="Choose one from the list.")
    role, parts = Access(access), place.split("/")
    account = Account(clean_address(email), " ".join(name.split()), role)
    if role in (Access.OFFICE, Access.VIEWER):
        if place:
            raise WrongUse(
                "An area or a Chair is chosen, but the role is one that sees every area.",
                remedy="Choose the role of that area's contact or Chair, or choose no area.",
            )
        return account
    if len(parts) != _PARTS or parts[0] != role.value:
        raise WrongUse("The area or Chair does not go with the role.", remedy="Choose one that does.")
    _, cycle_id, member = parts
    if role is Access.PARTICIPANT:
        return replace(account, cycle_id=cycle_id, participant_id=member)
    return replace(account, cycle_id=cycle_id, chair_id=member)


def _ask_whether_office_is_meant(wanted: Account, is_meant: str) -> None:
    if wanted.access is Access.OFFICE and not is_meant:
        raise WrongUse(
            "Somebody of the programme office reads what every area writes, and decides.",
            remedy="Tick that this person works in your office, or choose another role.",
        )


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
        token = people.reset_password(
            connection,
            user_id,
            at=visit.office.now(),
            actor=visit.person.name,
            link_hours=visit.settings.one_time_link_hours,
        )
        invitation = make_invitation(connection, visit.settings, user, token, visit.office.now())
    return _render_people_page(request, visit, results=_send_or_show(visit, invitation, how))


def _render_person_page(
    request: Request, visit: Visit, user: User, asked: dict[str, str], problem: str | None = None
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
    name: Text = "",
    email: Text = "",
    access: Text = "",
    place: Text = "",
    how: Text = "",
    is_office_meant: Text = "",
) -> Response:
    """Change somebody's name, address or role; for another address there is a new one-time link."""
    check_user_can_run_cycle(visit.person)
    user = _load_user(visit, user_id)
    try:
        wanted = _read_account(name, email, access, place)
        if user.access is not Access.OFFICE:
            _ask_whether_office_is_meant(wanted, is_office_meant)
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
        asked = {"name": name, "email": email, "access": access, "place": place}
        return _render_person_page(request, visit, user, asked, refused.in_full)
    results = _send_or_show(visit, invitation, how) if invitation else ()
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
        return _render_person_page(request, visit, user, {"reason": reason}, refused.in_full)
    return _render_people_page(request, visit, done=f"{user.name} cannot sign in any more.")
