"""The cookies of the page: what they are called, and how they are set.

Where the page is reached by https they are Secure and their names begin with `__Host-`: a browser then takes
them from this host alone, never from a neighbour under the same domain.
"""

from fastapi import Request
from fastapi.responses import Response

COOKIE = "peer_challenge_session"
DEVICE_COOKIE = "peer_challenge_device"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def cookie_name(request: Request, name: str) -> str:
    """What the cookie `name` is called, by the scheme of this request."""
    return f"__Host-{name}" if _is_secure(request) else name


def read_cookie(request: Request, name: str) -> str:
    """The value of the cookie `name`; "" when the request brings none."""
    return request.cookies.get(cookie_name(request, name), "")


def set_cookie(request: Request, answer: Response, name: str, value: str, *, days: int | None = None) -> None:
    """Set the cookie `name`, out of reach for scripts, for `days`, or until the browser is closed."""
    answer.set_cookie(
        cookie_name(request, name),
        value,
        max_age=days * 86_400 if days else None,
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
        path="/",
    )


def delete_cookie(request: Request, answer: Response, name: str) -> None:
    """Have the browser forget the cookie `name`."""
    secure = _is_secure(request)
    answer.delete_cookie(cookie_name(request, name), path="/", secure=secure, httponly=True, samesite="lax")
