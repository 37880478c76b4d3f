"""People who sign in, their passwords and one-time links. Their sessions are in sessions.py."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access
from peer_challenge.model.email_addresses import clean_address
from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.register.one_time_links import (
    LINK_HOURS,
    end_one_time_link,
    has_anybody_signed_in,
    load_row_of_link,
    reset_password,
)
from peer_challenge.register.sessions import (
    compute_token_hash,
    end_sessions_of,
    end_ways_in,
    find_known_device,
)
from peer_challenge.register.sign_in_brake import (
    OF_ONE_PERSON,
    check_brake,
    count_attempt,
    counted_by,
    forget_attempts,
)
from peer_challenge.register.tables import TableRow, users
from peer_challenge.system import passwords

_VOUCHED_MINUTES = 10
"""Time to fill in a form of settings after the sign-in service has asked somebody again who they are."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who has or had an account, without their password. `email` is in lower case."""

    id: int
    email: str
    name: str
    access: Access
    cycle_id: str | None
    participant_id: str | None
    chair_id: str | None
    is_active: bool
    signed_in_at: datetime | None

    @classmethod
    def from_row(cls, row: TableRow) -> "User":
        """The record of a row that has the columns of the table `users`."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        return cls(**values | {"access": Access(row.access)})


class Confirming(Enum):
    """How somebody shows again who they are, before a change that could hand control to somebody else."""

    NOT_NEEDED = "not needed"
    """The sign-in service has just asked them."""
    BY_TYPING = "typing"
    """They type the password that they have here."""
    AT_THE_SERVICE = "service"
    """They have no password here."""


def add_person(
    connection: Connection,
    email: str,
    name: str,
    access: Access,
    *,
    at: datetime,
    actor: str,
    cycle_id: str | None = None,
    participant_id: str | None = None,
    chair_id: str | None = None,
    link_hours: int = LINK_HOURS,
) -> str:
    """Add somebody; returns the token of the one-time link with which they set their password.

    Raises WrongUse when somebody has that address already, or when a contact is given no area or a Chair no
    Chair's id.
    """
    address = _normalise_email(email)
    before = connection.execute(
        sa.select(users.c.id, users.c.is_active).where(users.c.email == address)
    ).first()
    if before is not None and before.is_active:
        raise WrongUse(
            "Somebody has that email address already.",
            remedy="Give them a new link, or end their access first.",
            about="email",
        )
    _check_belongs(access, cycle_id, participant_id, chair_id)
    token = secrets.token_urlsafe(32)
    values: dict[str, object] = {
        "email": address,
        "name": name,
        "access": access.value,
        "password_hash": None,
        "link_hash": compute_token_hash(token),
        "link_expires_at": at + timedelta(hours=link_hours),
        "cycle_id": cycle_id,
        "participant_id": participant_id,
        "chair_id": chair_id,
        "is_active": True,
        "created_at": at,
    }
    if before is None:
        connection.execute(users.insert().values(values))
    else:  # who was ended may come back, with a new password
        connection.execute(users.update().where(users.c.id == before.id).values(values))
    journal.append_entry(
        connection,
        "person added",
        at=at,
        actor=actor,
        cycle_id=cycle_id,
        access=access.value,
        participant=participant_id,
        chair=chair_id,
    )
    return token


def _check_belongs(
    access: Access, cycle_id: str | None, participant_id: str | None, chair_id: str | None
) -> None:
    if access is Access.PARTICIPANT and not (cycle_id and participant_id):
        raise WrongUse("A participant's contact belongs to an area of a cycle.", remedy="Choose both.")
    if access is Access.CHAIR and not (cycle_id and chair_id):
        raise WrongUse("A Chair belongs to a cycle.", remedy="Choose the cycle and the Chair.")


@dataclass(frozen=True, slots=True)
class Account:
    """What an account is to be: whose, and what it is for. The ids are None where the role has none."""

    email: str
    name: str
    access: Access
    cycle_id: str | None = None
    participant_id: str | None = None
    chair_id: str | None = None


def change_person(
    connection: Connection,
    user_id: int,
    wanted: Account,
    *,
    at: datetime,
    actor: str,
    link_hours: int = LINK_HOURS,
) -> str | None:
    """Change the name, address or role of somebody who has access.

    Another role, area or Chair ends their sessions. Another address ends every way in, as somebody else may
    read it: the token of a new one-time link is returned then, else None. The journal says what was changed,
    without addresses. Raises WrongUse when somebody else has or had that address, or when a contact is given
    no area or a Chair no Chair's id.
    """
    _check_belongs(wanted.access, wanted.cycle_id, wanted.participant_id, wanted.chair_id)
    held = connection.execute(sa.select(users).where(users.c.id == user_id, users.c.is_active)).one()
    values: dict[str, object] = {name: getattr(wanted, name) for name in Account.__slots__}
    values |= {"email": _normalise_email(wanted.email), "access": wanted.access.value}
    differing = {name for name, value in values.items() if getattr(held, name) != value}
    if not differing:
        return None
    others = sa.select(users.c.id).where(users.c.email == values["email"], users.c.id != user_id)
    if connection.scalar(others) is not None:
        raise WrongUse(
            "Somebody else has or had access with that email address.",
            remedy="If it is the same person, remove this access, then add them with that address.",
            about="email",
        )
    connection.execute(users.update().where(users.c.id == user_id).values(values))
    if differing - {"name", "email"}:
        end_sessions_of(connection, user_id)
    journal.append_entry(
        connection,
        "person changed",
        at=at,
        actor=actor,
        cycle_id=wanted.cycle_id,
        user=user_id,
        changed=sorted(differing),
        access=wanted.access.value,
        participant=wanted.participant_id,
        chair=wanted.chair_id,
    )
    if "email" not in differing:
        return None
    return reset_password(connection, user_id, at=at, actor=actor, link_hours=link_hours)


def make_first_link(connection: Connection, email: str, *, at: datetime, link_hours: int) -> str:
    """The token of a one-time link for the office's first person, who is added where they are not there yet.

    Returns "" once anybody has signed in. A link from before no longer works.
    """
    if has_anybody_signed_in(connection):
        return ""
    actor, first = "first start", find_user_by_email(connection, email)
    if first is not None:
        return reset_password(connection, first.id, at=at, actor=actor, link_hours=link_hours)
    return add_person(
        connection, email, "Programme office", Access.OFFICE, at=at, actor=actor, link_hours=link_hours
    )


def sign_in_with_password(
    register: Register, email: str, password: str, *, network: str, at: datetime, device: str = ""
) -> User | None:
    """The user, when address and password are right; None when not.

    `network` is where the attempt comes from, `device` the cookie of a browser that has signed in before.
    Raises TooManyAttempts after too many failed attempts (sign_in_brake.py), whether the address is known
    or not. No transaction is open while the password is checked.
    """
    address = _normalise_email(email)
    with register.reading() as connection:
        user = _find_active_row(connection, address)
        counted = counted_by(address, network, find_known_device(connection, user, device, at))
        check_brake(connection, counted, at)
    with register.writing() as connection:
        attempt = count_attempt(connection, counted, at)
    if not passwords.is_right_password(user.password_hash if user else None, password) or user is None:
        return None
    with register.writing() as connection:
        now = _find_active_row(connection, address)
        if now is None or now.password_hash != user.password_hash:  # ended or changed meanwhile
            return None
        forget_attempts(connection, counted, attempt)
        return record_sign_in(connection, now, at)


def record_sign_in(connection: Connection, user: TableRow, at: datetime, *, how: str = "password") -> User:
    """Record that somebody signed in, and `how`; returns the user."""
    connection.execute(users.update().where(users.c.id == user.id).values(signed_in_at=at))
    journal.append_entry(connection, "signed in", at=at, actor=user.name, user=user.id, how=how)
    return User.from_row(user)


def sign_in_vouched(connection: Connection, email: str, at: datetime) -> User | None:
    """The user with an address that a sign-in provider has confirmed; None if nobody here has it.

    A one-time link that was not used yet is ended: it would be a second way in.
    """
    user = _find_active_row(connection, email)
    if user is None:
        return None
    end_one_time_link(connection, user.id)
    return record_sign_in(connection, user, at, how="OpenID Connect")


def find_user_by_email(connection: Connection, email: str) -> User | None:
    """An active user by address, or None."""
    row = _find_active_row(connection, email)
    return User.from_row(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class WayIn:
    """How somebody of the programme office signs in, to be kept when the register is replaced."""

    email: str
    name: str
    password_hash: str | None = field(repr=False)


def read_way_in(connection: Connection, user_id: int) -> WayIn:
    """How somebody signs in now."""
    row = connection.execute(sa.select(users).where(users.c.id == user_id)).one()
    return WayIn(row.email, row.name, row.password_hash)


def keep_way_in(connection: Connection, kept: WayIn, at: datetime) -> int:
    """Let somebody sign in to a restored register as they did before it was; returns their number there.

    They are of the programme office there, whatever the register says of their address.
    """
    found = connection.scalar(sa.select(users.c.id).where(users.c.email == kept.email))
    values = {"name": kept.name, "access": Access.OFFICE.value, "password_hash": kept.password_hash}
    belongs = {"cycle_id": None, "participant_id": None, "chair_id": None, "is_active": True}
    if found is None:
        added = users.insert().values(email=kept.email, created_at=at, **values, **belongs)
        return int(connection.scalars(added.returning(users.c.id)).one())
    connection.execute(users.update().where(users.c.id == found).values(**values, **belongs))
    end_one_time_link(connection, found)
    end_ways_in(connection, found)
    return int(found)


def list_office_addresses(connection: Connection) -> set[str]:
    """The addresses of everybody of the programme office who has or had an account, in small letters."""
    return set(connection.scalars(sa.select(users.c.email).where(users.c.access == Access.OFFICE.value)))


def list_office_names(connection: Connection) -> set[str]:
    """The names of everybody of the programme office who has or had an account."""
    return set(connection.scalars(sa.select(users.c.name).where(users.c.access == Access.OFFICE.value)))


def load_active(connection: Connection, user_id: int) -> User | None:
    """An active user by number, or None."""
    row = connection.execute(sa.select(users).where(users.c.id == user_id, users.c.is_active)).first()
    return User.from_row(row) if row is not None else None


def _find_active_row(connection: Connection, email: str) -> TableRow | None:
    return connection.execute(
        sa.select(users).where(users.c.email == _normalise_email(email), users.c.is_active)
    ).first()


def list_active(connection: Connection) -> list[User]:
    """Everybody who has access, by number."""
    query = sa.select(users).where(users.c.is_active).order_by(users.c.id)
    return [User.from_row(row) for row in connection.execute(query)]


def list_members(connection: Connection, cycle_id: str) -> list[User]:
    """The active contacts and Chairs of a cycle, by name."""
    query = sa.select(users).where(users.c.cycle_id == cycle_id, users.c.is_active)
    return [User.from_row(row) for row in connection.execute(query.order_by(users.c.name, users.c.id))]


def read_email_address(connection: Connection, user_id: int) -> str:
    """The address that somebody signs in with."""
    return str(connection.scalar(sa.select(users.c.email).where(users.c.id == user_id)))


def read_names(connection: Connection, user_ids: Collection[int]) -> dict[int, str]:
    """The names of people by their number, of those whose access has ended too."""
    query = sa.select(users.c.id, users.c.name).where(users.c.id.in_(user_ids))
    return {row.id: row.name for row in connection.execute(query)}


def set_password(connection: Connection, user_id: int, password: str, *, at: datetime, actor: str) -> None:
    """Set somebody's password; ends their sessions and an unused link.

    Raises WrongUse for a password that is too short, easily guessed, or the same as before.
    """
    held = connection.execute(sa.select(users).where(users.c.id == user_id)).one()
    _check_new(held, password)
    _keep_password(connection, user_id, passwords.hash_password(password), at=at, actor=actor)


def change_password(register: Register, user_id: int, present: str, password: str, *, at: datetime) -> None:
    """Change a person's own password after checking the present one; ends every session of that person.

    Raises TooManyAttempts, and WrongUse if the present password is wrong or the new one is not accepted.
    """
    held = _check_present_password(register, user_id, present, at)
    with register.writing() as connection:  # apart: a new password that is no good takes nothing back
        set_password(connection, user_id, password, at=at, actor=held.name)


def _check_present_password(register: Register, user_id: int, present: str, at: datetime) -> TableRow:
    """The user's row, if the present password is right. Raises TooManyAttempts and WrongUse."""
    counted = {f"present:{user_id}": OF_ONE_PERSON}
    with register.reading() as connection:
        held = connection.execute(sa.select(users).where(users.c.id == user_id)).one()
        check_brake(connection, counted, at)
    if held.password_hash is None:
        raise WrongUse(
            "You have no password here yet.",
            remedy="Go on signing in as you do, or ask the programme office for a one-time link.",
        )
    with register.writing() as connection:
        attempt = count_attempt(connection, counted, at)
    if not passwords.is_right_password(held.password_hash, present):
        raise WrongUse("Your present password is not right.", remedy="Type it again.", about="present")
    with register.writing() as connection:
        forget_attempts(connection, counted, attempt)
    return held


def find_way_to_confirm(
    connection: Connection, user_id: int, vouched_at: datetime | None, at: datetime
) -> Confirming:
    """How somebody in a session shows again who they are; `vouched_at` is that of the session."""
    if vouched_at is not None and at - vouched_at < timedelta(minutes=_VOUCHED_MINUTES):
        return Confirming.NOT_NEEDED
    found = connection.scalar(sa.select(users.c.password_hash).where(users.c.id == user_id))
    return Confirming.AT_THE_SERVICE if found is None else Confirming.BY_TYPING


def confirm_person(
    register: Register, user_id: int, present: str, *, vouched_at: datetime | None, at: datetime
) -> None:
    """Check that it is really this person who makes a sensitive change: a session alone does not show it.

    `present` is the password that was typed for it, `vouched_at` that of the session. Raises TooManyAttempts,
    and WrongUse where the password is wrong or missing, or the sign-in service has not just asked them.
    """
    with register.reading() as connection:
        way = find_way_to_confirm(connection, user_id, vouched_at, at)
    if way is Confirming.AT_THE_SERVICE:
        raise WrongUse(
            "This was not done: we need to know that it is still you.",
            remedy=f"Sign in again under “Is it still you?”. You then have {_VOUCHED_MINUTES} minutes.",
            about="present",
        )
    if way is Confirming.BY_TYPING:
        if not present:
            raise WrongUse(
                "This was not done: we need to know that it is still you.",
                remedy="Type the password with which you sign in here, under “Is it still you?”.",
                about="present",
            )
        _check_present_password(register, user_id, present, at)


def user_of_link(connection: Connection, token: str, at: datetime) -> User:
    """The user whose one-time link has this token. Raises LinkEnded if the link can't be used."""
    return User.from_row(load_row_of_link(connection, token, at))


def use_one_time_link(register: Register, token: str, password: str, at: datetime) -> User:
    """Set the password of a one-time link's user, and sign them in; the link is used up.

    Raises LinkEnded, and WrongUse for a password that is not accepted: the link can then be used again.
    """
    with register.reading() as connection:
        _check_new(load_row_of_link(connection, token, at), password)
    password_hash = passwords.hash_password(password)
    with register.writing() as connection:
        user = load_row_of_link(connection, token, at)
        _keep_password(connection, user.id, password_hash, at=at, actor=user.name)
        return record_sign_in(connection, user, at, how="one-time link")


def end_person(connection: Connection, user_id: int, *, reason: str, at: datetime, actor: str) -> None:
    """Stop somebody from signing in: ends their account, link, sessions and known browsers.

    The reason is in the journal.
    """
    connection.execute(users.update().where(users.c.id == user_id).values(is_active=False))
    end_one_time_link(connection, user_id)
    end_ways_in(connection, user_id)
    journal.append_entry(connection, "person ended", at=at, actor=actor, user=user_id, reason=reason)


def _check_new(held: TableRow, password: str) -> None:
    passwords.check_new_password(password, [held.name, held.email])
    if held.password_hash and passwords.is_right_password(held.password_hash, password):
        raise WrongUse(
            "The new password is the one you have.",
            remedy="Three or four unrelated words make a good one.",
            about="password",
        )


def _keep_password(
    connection: Connection, user_id: int, password_hash: str, *, at: datetime, actor: str
) -> None:
    connection.execute(users.update().where(users.c.id == user_id).values(password_hash=password_hash))
    end_one_time_link(connection, user_id)
    end_sessions_of(connection, user_id)
    journal.append_entry(connection, "password changed", at=at, actor=actor, user=user_id)


def _normalise_email(email: str) -> str:
    """An email address in the form in which it is stored."""
    return clean_address(email).lower()
