"""What every request carries: the installation, who is asking, and their session."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Request

from dashboard.cookies import COOKIE, read_cookie
from peer_challenge.clock import Clock, SystemClock, local_day
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.access import Person
from peer_challenge.register import sessions
from peer_challenge.register.database import Register
from peer_challenge.register.journal import Chain
from peer_challenge.settings import Settings
from peer_challenge.steering.installation_settings import CurrentSettings

PULSE = "/events"
"""The address of the stream that an open page listens to; a browser sends no header of ours there."""
BY_ITSELF = "x-live"
"""The header that a page's script sends when it fetches what is new by itself."""


class NotSignedIn(PeerChallengeError):
    """Nobody is signed in, or the session has ended."""

    remedy = "Sign in, then try again."


class BadForm(PeerChallengeError):
    """A form that this page did not make, or made too long ago."""

    remedy = "Go back, reload the page and try again."


class NotFound(PeerChallengeError):
    """What was asked for does not exist."""

    remedy = "Go back to the start page."


@dataclass(frozen=True, slots=True)
class Office:
    """The installation that the dashboard shows."""

    at_start: Settings
    register: Register
    clock: Clock = field(default_factory=SystemClock)
    chain: Chain = field(default_factory=Chain, compare=False)
    _current: CurrentSettings = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_current", CurrentSettings(self.at_start))

    @property
    def settings(self) -> Settings:
        """The settings in force: those of the post may have been changed since the start."""
        return self._current.read()

    def now(self) -> datetime:
        """The time, UTC."""
        return self.clock.now().astimezone(UTC)

    def today(self) -> date:
        """The day in London."""
        return local_day(self.now())


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody signed in.

    `vouched_at` is when the sign-in service asked them again who they are; None if it did not.
    """

    office: Office
    person: Person
    csrf_token: str
    vouched_at: datetime | None = None

    @property
    def register(self) -> Register:
        """The register."""
        return self.office.register

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.office.settings


def office_of(request: Request) -> Office:
    """The installation that this application serves."""
    found: Office = request.app.state.office
    return found


def visitor_of(request: Request) -> Visit | None:
    """The visit that a request's session cookie belongs to; None without one.

    What a person asks for keeps the session alive, what an open page asks for by itself does not.
    """
    if not hasattr(request.state, "visitor"):
        request.state.visitor = _visitor_of(request)
    found: Visit | None = request.state.visitor
    return found


def _visitor_of(request: Request) -> Visit | None:
    office, token = office_of(request), read_cookie(request, COOKIE)
    if not token:
        return None
    at = office.now()
    with office.register.reading() as connection:
        session = sessions.session_of(connection, token, at=at, minutes=office.settings.session_minutes)
    if session is None:
        return None
    # A minute's difference ends no session early, and spares a write with every request.
    if _is_use(request) and (at - session.seen_at).total_seconds() > 60:
        with office.register.writing() as connection:
            sessions.touch_session(connection, token, at)
    return Visit(office, session.person, session.csrf_token, session.vouched_at)


def _is_use(request: Request) -> bool:
    """Whether a person asks: a page that is left open asks too, to show what is new."""
    return request.url.path != PULSE and BY_ITSELF not in request.headers


def signed_in(request: Request) -> Visit:
    """The visit of the person who is signed in. Raises NotSignedIn when nobody is."""
    visit = visitor_of(request)
    if visit is None:
        raise NotSignedIn("You are not signed in.")
    return visit


Signed = Annotated[Visit, Depends(signed_in)]
