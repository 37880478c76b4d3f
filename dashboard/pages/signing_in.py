"""Signing in and out, and changing one's password."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import COOKIE, Signed, office_of
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
    return page(request, "sign-in.html", title="Sign in", next=_inside(next), problem=None, email="")


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
    if token is None:
        problem = problem or "The email address or the password is not right."
        return page(
            request,
            "sign-in.html",
            status=429 if "Too many" in problem else 401,
            title="Sign in",
            next=_inside(next),
            problem=problem,
            email=email,
        )
    answer = RedirectResponse("/password" if user.must_change_password else _inside(next), 303)
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return answer


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
