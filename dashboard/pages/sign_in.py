"""Signing in and out, setting a password with a one-time link, and changing it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.context import NotFound, Office, Signed, Visit, office_of
from dashboard.cookies import COOKIE, DEVICE_COOKIE, delete_cookie, read_cookie, set_cookie
from dashboard.find_page import find_page_at
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.gate import visitor_network
from dashboard.kept_form import unpack_fields
from dashboard.openid import PATH, NotVouchedFor, Provider, Vouched
from dashboard.problems import answer_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.register import one_time_links, people, sessions
from peer_challenge.register.sign_in_brake import TooManyAttempts
from peer_challenge.system.control_characters import find_controls

router = APIRouter(include_in_schema=False)


def _keep_path_inside(path: str) -> str:
    """Where to go after signing in: a path of ours, never another site.

    A browser leaves tabs and line ends out of an address: with one after its first "/" it may lead elsewhere.
    """
    is_path = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_path and not find_controls(path) else "/"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "/") -> Response:
    """The sign-in form."""
    with office_of(request).register.reading() as connection:
        is_first = not one_time_links.has_anybody_signed_in(connection)
    return sign_in_form(request, next, is_first=is_first)


def sign_in_form(
    request: Request,
    next: str,
    *,
    problem: Problem | None = None,
    email: str = "",
    typed: str = "",
    is_first: bool = False,
    status: int = 200,
) -> Response:
    """The form. `typed` is what was to be sent to `next` when the session was over; `is_first`: nobody has
    signed in yet."""
    return render_page(
        request,
        "sign-in.html",
        status=status,
        title="Sign in",
        next=_keep_path_inside(next),
        problem=problem,
        email=email,
        typed=typed,
        is_first=is_first,
        provider=f"{PATH}?{urlencode({'next': _keep_path_inside(next)})}"
        if request.app.state.provider
        else None,
    )


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Text = "",
    password: Text = "",
    next: Text = "/",
    typed: Text = "",
) -> Response:
    """Begin a session, or show the form again with one sentence that gives nothing away."""
    office, device = office_of(request), read_cookie(request, DEVICE_COOKIE)
    try:
        user = people.sign_in_with_password(
            office.register,
            email,
            password,
            network=visitor_network(request),
            device=device,
            at=office.now(),
        )
    except TooManyAttempts as refused:
        problem = tell_problem(refused)
        return sign_in_form(request, next, problem=problem, email=email, typed=typed, status=429)
    if user is None:
        problem = Problem("The email address or the password is not right.", "email")
        return sign_in_form(request, next, problem=problem, email=email, typed=typed, status=401)
    fields = unpack_fields(typed)
    answer = begin_session(request, user.id, next)
    return _typed_again(request, answer, next, fields) if fields else answer


def _typed_again(request: Request, begun: Response, next: str, fields: Mapping[str, list[str]]) -> Response:
    """What somebody had typed, to look at and to send again: nothing was done with it."""
    answer = render_page(
        request,
        "typed-again.html",
        title="You are signed in again",
        action=_keep_path_inside(next),
        back=find_page_at(request.app, _keep_path_inside(next)),
        fields=fields,
    )
    for cookie in begun.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", cookie)
    return answer


def begin_session(request: Request, user_id: int, next: str) -> Response:
    """Begin a session of somebody who has shown their password, and know their browser."""
    office, device = office_of(request), read_cookie(request, DEVICE_COOKIE)
    minutes = office.settings.session_minutes
    with office.register.writing() as connection:
        before = read_cookie(request, COOKIE)
        token = sessions.begin_session(connection, user_id, office.now(), before=before)
        device = sessions.remember_device(connection, user_id, device, office.now())
        session = sessions.session_of(connection, token, at=office.now(), minutes=minutes)
    if session is not None:
        request.state.visitor = Visit(office, session.person, session.csrf_token)
    answer = _redirect_signed_in(request, token, next)
    set_cookie(request, answer, DEVICE_COOKIE, device, days=sessions.DEVICE_DAYS)
    return answer


def _redirect_signed_in(request: Request, token: str, next: str) -> Response:
    answer = RedirectResponse(_keep_path_inside(next), 303)
    set_cookie(request, answer, COOKIE, token)
    return answer


@router.get("/first-sign-in")
def show_first_sign_in(request: Request, token: str = "") -> Response:
    """The form that a one-time link leads to; the link is used up by sending it, never by opening it."""
    office = office_of(request)
    with office.register.reading() as connection:
        try:
            user = people.user_of_link(connection, token, office.now())
        except one_time_links.LinkEnded as ended:
            return _answer_ended_link(request, ended)
    return _render_password_form(request, token, user.email)


def _render_password_form(
    request: Request, token: str, email: str, *, problem: Problem | None = None, status: int = 200
) -> Response:
    return _forbid_referrer(
        render_page(
            request,
            "first-sign-in.html",
            status=status,
            title="Choose a password",
            problem=problem,
            token=token,
            email=email,
        )
    )


def _answer_ended_link(request: Request, ended: one_time_links.LinkEnded) -> Response:
    return _forbid_referrer(answer_problem(request, 410, str(ended), ended.remedy))


def _forbid_referrer(answer: Response) -> Response:
    """Keep a browser from telling other sites the page's address, which holds the one-time link."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/first-sign-in")
def set_first_password(request: Request, token: Text = "", password: Text = "") -> Response:
    """Set the password of a one-time link's user, and sign them in."""
    office = office_of(request)
    try:
        user = people.use_one_time_link(office.register, token, password, office.now())
    except one_time_links.LinkEnded as ended:
        return _answer_ended_link(request, ended)
    except WrongUse as refused:
        with office.register.reading() as connection:
            email = people.user_of_link(connection, token, office.now()).email
        return _render_password_form(request, token, email, problem=tell_problem(refused), status=422)
    return begin_session(request, user.id, "/")


def _get_provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise NotFound("This page does not exist.")
    return found


@router.get(PATH)
async def to_provider(request: Request, next: str = "/", again: str = "") -> Response:
    """Send the visitor to sign in at the organisation's own provider; with `again`, even if it knows them."""
    try:
        return await _get_provider(request).begin(request, _keep_path_inside(next), asks_again=bool(again))
    except NotVouchedFor as refused:
        return sign_in_form(request, next, problem=tell_problem(refused), status=502)


@router.get(f"{PATH}/back")
async def back_from_provider(request: Request) -> Response:
    """Begin a session for the person whom the provider names, if the office has added them."""
    try:
        vouched = await _get_provider(request).finish(request)
    except NotVouchedFor as refused:
        return sign_in_form(request, "/", problem=tell_problem(refused), status=401)
    before = read_cookie(request, COOKIE)
    token = await run_in_threadpool(_begin_vouched, office_of(request), vouched, before)
    if token is None:
        problem = Problem("Nobody with your email address has been added here. Ask the programme office.")
        return sign_in_form(request, vouched.next_path, problem=problem, status=403)
    return _redirect_signed_in(request, token, vouched.next_path)


def _begin_vouched(office: Office, vouched: Vouched, before: str) -> str | None:
    at = office.now()
    with office.register.writing() as connection:
        user = people.sign_in_vouched(connection, vouched.email, at)
        asked_at = at if vouched.was_asked else None
        if user is None:
            return None
        return sessions.begin_session(connection, user.id, at, before=before, vouched_at=asked_at)


@router.post("/sign-out")
def sign_out(request: Request, visit: Checked) -> Response:
    """End the session."""
    with visit.register.writing() as connection:
        sessions.end_session(connection, read_cookie(request, COOKIE))
    answer = RedirectResponse("/sign-in", 303)
    delete_cookie(request, answer, COOKIE)
    return answer


@router.get("/password")
def show_password(request: Request, visit: Signed) -> Response:
    """The form for a new password."""
    return render_page(
        request, "password.html", title="Change your password", problem=None, email=_load_own_email(visit)
    )


def _load_own_email(visit: Visit) -> str:
    with visit.register.reading() as connection:
        return people.read_email_address(connection, visit.person.id)


@router.post("/password")
def change_password(
    request: Request,
    visit: Checked,
    present: Text = "",
    password: Text = "",
) -> Response:
    """Change the password, if the present one is right; the visitor then signs in with the new one."""
    try:
        people.change_password(visit.register, visit.person.id, present, password, at=visit.office.now())
    except WrongUse as refused:
        return render_page(
            request,
            "password.html",
            status=429 if isinstance(refused, TooManyAttempts) else 422,
            title="Change your password",
            problem=tell_problem(refused),
            email=_load_own_email(visit),
        )
    return RedirectResponse("/sign-in", 303)
