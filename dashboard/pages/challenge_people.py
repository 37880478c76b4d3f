"""Who comes to the event of a challenge, and who came: answers and a note, each by those it is for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.events.who_comes import (
    SIDES,
    Answer,
    find_event,
    list_answers,
    note_who_came,
    record_replies,
)
from peer_challenge.model.access import (
    check_user_can_answer_invitation,
    check_user_can_note_who_came,
    user_can_answer_invitation,
    user_can_note_who_came,
    user_can_read_who_came,
)
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.event_replies import REPLY_NAMES, Invited, Reply
from peer_challenge.model.vocabulary import Role
from peer_challenge.register import people as accounts
from peer_challenge.register.database import Transaction
from peer_challenge.register.event_replies import list_attendance

router = APIRouter(include_in_schema=False)
_DONE = {"replies": "The answers were kept.", "came": "It was noted who came."}
_LOOK_AGAIN = "No answer was kept. Look at the event as it is now, then answer again."
_NO_EVENT = WrongUse("This challenge has no event yet.", remedy="There is nothing to answer.")


@dataclass(frozen=True, slots=True)
class People:
    """The event as the visitor may know it, the answers that they may see, and who came by side.

    `unseen` are the sides of which a note is kept that the visitor may not read.
    """

    event: EventFacts | None
    answers: Sequence[Answer]
    came: Mapping[Role, str]
    unseen: Collection[Role]
    may_note: bool


def _load_people(visit: Visit, connection: Transaction, found: Found) -> People:
    event = find_event(connection, found.cycle, found.row.id) if found.known.event else None
    answers = [
        one
        for one in (list_answers(connection, event) if event else [])
        if user_can_answer_invitation(visit.person, found.scope, one.invited.role)
    ]
    may_note = event is not None and user_can_note_who_came(visit.person, found.scope)
    noted = list_attendance(connection, found.row.id) if may_note else []
    office = accounts.list_office_names(connection)
    came = {
        one.role: one.who
        for one in noted
        if user_can_read_who_came(visit.person, found.scope, one.noted_by, office)
    }
    return People(event, answers, came, {one.role for one in noted} - came.keys(), may_note)


@router.get("/challenges/{cycle_id}/{author_id}/people")
def show_people(request: Request, visit: Signed, cycle_id: str, author_id: str, done: str = "") -> Response:
    """Who comes: all of it for the office, their own side for an area or a Chair."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        people = _load_people(visit, connection, found)
    return _render_people(request, visit, found, people, {}, None, done=_DONE.get(done))


def _render_people(
    request: Request,
    visit: Visit,
    found: Found,
    people: People,
    typed: Mapping[str, str],
    problem: Problem | None,
    *,
    done: str | None = None,
) -> Response:
    event = people.event
    return render_page(
        request,
        "challenge-people.html",
        status=422 if problem else 200,
        title="Who comes to the event",
        found=found,
        event=event,
        answers=[(f"reply-{number}", _name_invited(one), one) for number, one in enumerate(people.answers)],
        options=[("", "No answer yet"), *((reply.value, name) for reply, name in REPLY_NAMES.items())],
        has_begun=event is not None and event.starts_at <= visit.office.now(),
        may_note=people.may_note,
        sides=[
            (f"came-{role.value}", found.name(found.scope.holder(role)), people.came.get(role, ""))
            for role in SIDES
        ],
        typed=typed,
        problem=problem,
        done=done,
    )


@router.post("/challenges/{cycle_id}/{author_id}/people")
def change_people(
    request: Request, visit: Checked, cycle_id: str, author_id: str, fields: FormFields
) -> Response:
    """Record answers, or note who came; each side records its own, the office those of all."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        people = _load_people(visit, connection, found)
    is_note = fields.get("act") == "came"
    try:
        if people.event is None:
            raise _NO_EVENT
        if is_note:
            _note(visit, found, people.event, fields, unseen=people.unseen)
        else:
            _record(visit, found, fields)
    except WrongUse as refused:
        with visit.register.reading() as connection:
            now = _load_people(visit, connection, found)
        typed = fields if is_note else {}
        sides = {role.value: f"came-{role.value}" for role in SIDES}
        return _render_people(request, visit, found, now, typed, tell_problem(refused, **sides))
    return RedirectResponse(f"{found.path}/people?done={'came' if is_note else 'replies'}", 303)


def _note(
    visit: Visit, found: Found, event: EventFacts, fields: Mapping[str, str], *, unseen: Collection[Role]
) -> None:
    """Keep what is noted. A field left empty does not delete a note that its writer could not see."""
    check_user_can_note_who_came(visit.person, found.scope)
    typed = {role: fields.get(f"came-{role.value}", "") for role in SIDES}
    said = {role: text for role, text in typed.items() if text.strip() or role not in unseen}
    with visit.register.writing() as connection:
        note_who_came(connection, event, said, actor=visit.person.name, at=visit.office.now())


def _record(visit: Visit, found: Found, fields: Mapping[str, str]) -> None:
    """Keep the answers that are chosen.

    Raises WrongUse where there are none, and where the event or those invited are not as the page showed.
    """
    with visit.register.writing() as connection:
        people = _load_people(visit, connection, found)
        if people.event is None or fields.get("sequence") != str(people.event.sequence):
            raise WrongUse("The event was changed.", remedy=_LOOK_AGAIN)
        replies: dict[Invited, Reply] = {}
        for number, one in enumerate(people.answers):
            check_user_can_answer_invitation(visit.person, found.scope, one.invited.role)
            said = fields.get(f"reply-{number}", "")
            if said in set(Reply) and fields.get(f"who-{number}") == _name_invited(one):
                replies[one.invited] = Reply(said)
        chosen = {
            name.removeprefix("who-"): fields.get(name.replace("who-", "reply-", 1), "")
            for name in fields
            if name.startswith("who-")
        }
        if len(replies) < sum(said in set(Reply) for said in chosen.values()):
            raise WrongUse("Those who are invited have changed.", remedy=_LOOK_AGAIN)
        if not replies:
            raise WrongUse("No answer is chosen.", remedy="Choose at least one.", about="reply-0")
        record_replies(connection, people.event, replies, actor=visit.person.name, at=visit.office.now())


def _name_invited(answer: Answer) -> str:
    """A text that tells an invited person from all others of the event."""
    return f"{answer.invited.role.value}/{answer.invited.party_id}/{answer.invited.who}"
