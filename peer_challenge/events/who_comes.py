"""Who comes to an event: what those invited answer, and who came. It is told, and delays nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.challenge_ids import split_challenge_id
from peer_challenge.model.cycle import Cycle, Participant, Receives
from peer_challenge.model.event_replies import Attendance, EventReply, Invited, Reply
from peer_challenge.model.vocabulary import Role
from peer_challenge.model.who_gets_a_message import list_ticks_of_area
from peer_challenge.register import journal
from peer_challenge.register.database import Transaction
from peer_challenge.register.event_replies import (
    list_challenges_declined,
    list_event_replies,
    store_attendance,
    store_event_reply,
)
from peer_challenge.register.events import events_of

_LONGEST_ROLE = 200
"""A cycle file sets no limit to a role: what is stored and shown in a line is cut to one."""
_LONGEST_NOTE = 500
"""Roles of those who came from one side: what is longer is minutes of the event, which belong elsewhere."""
SIDES = (Role.AUTHOR, Role.CHALLENGER)
"""The sides of which it is noted who came; the Chair signs the record."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody who is invited, and what they answered; `is_old`: before the event was last changed."""

    invited: Invited
    reply: EventReply | None = None
    is_old: bool = False


def find_event(connection: Transaction, cycle: Cycle, challenge_id: str) -> EventFacts | None:
    """The event of a challenge, or None."""
    return next((one for one in events_of(connection, cycle) if one.challenge == challenge_id), None)


def list_invited(event: EventFacts) -> list[Invited]:
    """Everybody who is invited to an event: the contacts that get what is about it, and the Chair."""
    return [
        *_list_invited_of_area(Role.AUTHOR, event.author),
        *_list_invited_of_area(Role.CHALLENGER, event.challenger),
        Invited(Role.CHAIR, event.chair.id),
    ]


def _list_invited_of_area(role: Role, area: Participant) -> list[Invited]:
    pairs = zip(area.contacts, list_ticks_of_area(area.contacts), strict=True)
    people = [contact.role or contact.name for contact, ticks in pairs if Receives.EVENT in ticks]
    return [Invited(role, area.id, who[:_LONGEST_ROLE]) for who in dict.fromkeys(people or [""])]


def list_answers(connection: Transaction, event: EventFacts) -> list[Answer]:
    """Everybody who is invited to an event, each with their latest answer."""
    found = {one.invited: one for one in list_event_replies(connection, event.challenge)}
    return [
        Answer(one, reply, reply is not None and reply.sequence < event.sequence)
        for one in list_invited(event)
        for reply in [found.get(one)]
    ]


def record_replies(
    connection: Transaction,
    event: EventFacts,
    replies: Mapping[Invited, Reply],
    *,
    actor: str,
    at: datetime,
    source: str = "page",
) -> int:
    """Record answers that are new or different; returns how many. Raises WrongUse for who is not invited."""
    answers = {one.invited: one for one in list_answers(connection, event)}
    if unknown := [one for one in replies if one not in answers]:
        raise WrongUse(f"{len(unknown)} of these are not invited.", remedy="Open the page again.")
    changed = [(one, reply) for one, reply in replies.items() if not _is_said_already(answers[one], reply)]
    for one, reply in changed:
        told = EventReply(one, reply, event.sequence, source, at, actor)
        store_event_reply(connection, event.challenge, told)
        journal.append_entry(
            connection,
            "event reply recorded",
            at=at,
            actor=actor,
            cycle_id=split_challenge_id(event.challenge)[0],
            challenge_id=event.challenge,
            role=one.role.value,
            party=one.party_id,
            reply=reply.value,
            source=source,
        )
    return len(changed)


def _is_said_already(answer: Answer, reply: Reply) -> bool:
    return answer.reply is not None and answer.reply.reply is reply and not answer.is_old


def note_who_came(
    connection: Transaction, event: EventFacts, said: Mapping[Role, str], *, actor: str, at: datetime
) -> None:
    """Note who of each side came, as roles. Raises WrongUse before the event has begun."""
    if event.starts_at > at:
        raise WrongUse("The event has not begun yet.", remedy="Note who came once it has.")
    for role, who in said.items():
        text = " ".join(who.split())
        if len(text) > _LONGEST_NOTE:
            raise WrongUse(
                "That is too long.",
                remedy=f"Write at most {_LONGEST_NOTE} characters: roles.",
                about=role.value,
            )
        store_attendance(connection, event.challenge, Attendance(role, text, at, actor))
    journal.append_entry(
        connection,
        "who came was noted",
        at=at,
        actor=actor,
        cycle_id=split_challenge_id(event.challenge)[0],
        challenge_id=event.challenge,
        sides=[role.value for role in said],
    )


def list_events_without(
    connection: Transaction, cycle: Cycle, at: datetime
) -> Iterator[tuple[EventFacts, int]]:
    """The events to come to which somebody can't come who sends nobody, and how many they are."""
    declined = list_challenges_declined(connection, cycle.id)
    for event in events_of(connection, cycle) if declined else ():
        if event.starts_at <= at or event.challenge not in declined:
            continue
        answers = list_answers(connection, event)
        count = sum(
            one.reply is not None and one.reply.reply is Reply.CANNOT and not one.is_old for one in answers
        )
        if count:
            yield event, count
