"""Signing in and out, and changing one's password."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.context import COOKIE, NotFound, Office, Signed, office_of
from dashboard.openid import PATH, NotVouchedFor, Provider
from dashboard.security import Checked
from dashboard.views import page
from peer_challenge.errors import WrongUse
from peer_challenge.register import people

router = APIRouter(include_in_schema=False)


def _inside(path: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "/") -> Response:
    """The form."""
    return _form(request, next)


def _form(
    request: Request, next: str, *, problem: str | None = None, email: str = "", status: int = 200
) -> Response:
    return page(
        request,
        "sign-in.html",
        status=status,
        title="Sign in",
        next=_inside(next),
        problem=problem,
        email=email,
        provider=f"{PATH}?{urlencode({'next': _inside(next)})}" if request.app.state.provider else None,
    )


@router.post("/sign-in")
def sign_in(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a session, or show the form again with one sentence that gives nothing away."""
    office = office_of(request)
    place = request.client.host if request.client else ""
    token = problem = None
    with office.register.writing() as connection:
        try:
            user = people.sign_in(connection, email, password, place=place, at=office.now())
        except people.TooManyAttempts as refused:
            user, problem = None, f"{refused} {refused.remedy}"
        if user is not None:
            token = people.begin_session(connection, user.id, office.now())
    if user is None or token is None:
        problem = problem or "The email address or the password is not right."
        return _form(
            request, next, problem=problem, email=email, status=429 if "Too many" in problem else 401
        )
    return _signed_in(request, token, "/password" if user.must_change_password else next)


def _signed_in(request: Request, token: str, next: str) -> Response:
    answer = RedirectResponse(_inside(next), 303)
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return answer


def _provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise NotFound("This page does not exist.")
    return found


@router.get(PATH)
async def to_provider(request: Request, next: str = "/") -> Response:
    """Go and sign in at the organisation's own provider."""
    try:
        return await _provider(request).begin(request, _inside(next))
    except NotVouchedFor as refused:
        return _form(request, next, problem=f"{refused} {refused.remedy}", status=502)


@router.get(f"{PATH}/back")
async def back_from_provider(request: Request) -> Response:
    """Begin a session for whoever the provider vouches for, if the office has added them."""
    try:
        email, next = await _provider(request).finish(request)
    except NotVouchedFor as refused:
        return _form(request, "/", problem=f"{refused} {refused.remedy}", status=401)
    token = await run_in_threadpool(_begin_vouched, office_of(request), email)
    if token is None:
        problem = "Nobody with your email address has been added here. Ask the programme office."
        return _form(request, next, problem=problem, status=403)
    return _signed_in(request, token, next)


def _begin_vouched(office: Office, email: str) -> str | None:
    with office.register.writing() as connection:
        user = people.sign_in_vouched(connection, email, office.now())
        return people.begin_session(connection, user.id, office.now()) if user else None


@router.post("/sign-out")
def sign_out(request: Request, visit: Checked) -> Response:
    """End the session."""
    with visit.register.writing() as connection:
        people.end_session(connection, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/password")
def show_password(request: Request, visit: Signed) -> Response:
    """The form for a new password."""
    return page(
        request, "password.html", title="Choose a password", problem=None, is_first=visit.must_change_password
    )


@router.post("/password")
def change_password(request: Request, visit: Checked, password: Annotated[str, Form()] = "") -> Response:
    """Change the password; one signs in again with the new one."""
    try:
        with visit.register.writing() as connection:
            people.change_password(
                connection, visit.person.id, password, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return page(
            request,
            "password.html",
            status=422,
            title="Choose a password",
            problem=f"{refused} {refused.remedy}",
            is_first=visit.must_change_password,
        )
    return RedirectResponse("/sign-in", 303)
