"""One message: what it says and what goes with it, and what the office can do with it."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file, zip_files
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.shown_messages import show_messages
from dashboard.typed_days import read_typed_moment
from peer_challenge.clock import LONDON
from peer_challenge.dispatches.gather_facts import WrongAddressee
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.messages import explain_state
from peer_challenge.post.compose import CanNotCompose, Composed, compose_message, make_email
from peer_challenge.post.describe_messages import describe_message
from peer_challenge.post.drafts import refresh_drafts
from peer_challenge.post.letter_body import write_plain_text
from peer_challenge.register import messages
from peer_challenge.register.records import Message
from peer_challenge.steering import send_messages
from peer_challenge.steering.collect_drafts import note_download
from peer_challenge.steering.take_back_sent import (
    can_be_taken_back,
    preview_taking_back,
    take_back_sent,
)

router = APIRouter(include_in_schema=False)
_DONE = {
    "held": "It is on hold. It does not go until you let it go.",
    "gone": "It is ready to be sent.",
    "sent": "It is marked as sent. The dates that count from it have begun.",
    "not-sent": "It counts as not sent. What it began is taken back.",
    "words": "Your words are kept.",
    "own": "The letters' own words are back.",
}

_TAKING_BACK = {
    "lead": "Use this if the message was marked as sent by mistake. If it has gone, leave it as it is: a "
    "document that counts as not sent may be sent a second time.",
    "button": "It was not sent",
}


def _load_message(visit: Visit, message_id: int) -> Message:
    """The message of this number, for the office alone. Raises NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = messages.load_message(connection, message_id)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _compose_shown(visit: Visit, message: Message) -> Composed:
    """The message as it would go now. Raises CanNotCompose, and WrongAddressee."""
    with visit.register.reading() as connection:
        return compose_message(connection, visit.settings, message, visit.office.now())


@router.get("/messages/{message_id}")
def show_message(request: Request, visit: Signed, message_id: Id, done: str = "") -> Response:
    """A message with its recipients, subject, words and files, and what can be done with it."""
    return _render_message_page(request, visit, _load_message(visit, message_id), done=_DONE.get(done))


def _render_message_page(
    request: Request,
    visit: Visit,
    message: Message,
    *,
    asked: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    done: str | None = None,
) -> Response:
    with visit.register.reading() as connection:
        contents = messages.list_dispatches_of(connection, [message.id]).get(message.id, ())
        (shown,) = show_messages(connection, [describe_message(connection, message, tuple(contents))])
    try:
        composed, stopped = _compose_shown(visit, message), ""
    except (CanNotCompose, WrongAddressee) as error:
        composed, stopped = None, error.in_full
    now = visit.office.now().astimezone(LONDON)
    return render_page(
        request,
        "message.html",
        status=422 if problem else 200,
        title=f"Message to {shown.recipient}",
        one=shown,
        composed=composed,
        body=write_plain_text(composed.blocks) if composed else "",
        stopped=stopped,
        means=explain_state(
            message.state, message.way if shown.state.has_gone else visit.settings.way_to_deliver
        ),
        way=visit.settings.way_to_deliver.value,
        can_be_taken_back=can_be_taken_back(message),
        asked={
            "day": now.date().isoformat(),
            "at": now.strftime("%H:%M"),
            "to": "\n".join(shown.addresses),
            "words": composed.covering if composed else "",
            "reason": "",
            **(asked or {}),
        },
        problem=problem,
        done=done,
    )


@router.post("/messages/{message_id}/hold")
def hold_one(request: Request, visit: Checked, message_id: Id, reason: Text = "") -> Response:
    """Hold a message, for a reason."""
    message = _load_message(visit, message_id)
    try:
        with visit.register.writing() as connection:
            send_messages.hold_message(
                connection, message.id, reason=reason, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _refuse_action(request, visit, message_id, refused, {"reason": reason}, reason="reason--hold")
    refresh_drafts(visit.register, visit.settings, [message.id], visit.office.now())
    return RedirectResponse(f"/messages/{message.id}?done=held", 303)


@router.post("/messages/{message_id}/go")
def let_one_go(request: Request, visit: Checked, message_id: Id, reason: Text = "") -> Response:
    """Let a message go that was held, was not delivered, or is in doubt."""
    message = _load_message(visit, message_id)
    try:
        with visit.register.writing() as connection:
            send_messages.let_message_go(
                connection, message.id, reason=reason, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _refuse_action(request, visit, message_id, refused, {"reason": reason}, reason="reason--go")
    refresh_drafts(visit.register, visit.settings, [message.id], visit.office.now())
    return RedirectResponse(f"/messages/{message.id}?done=gone", 303)


@router.post("/messages/{message_id}/sent")
def mark_one_as_sent(
    request: Request, visit: Checked, message_id: Id, day: Text = "", at: Text = "", to: Text = ""
) -> Response:
    """Record that somebody of the office has sent a message: when, and to which addresses."""
    message = _load_message(visit, message_id)
    try:
        sent_at = _read_moment(day, at, visit.office.now())
        with visit.register.writing() as connection:
            send_messages.mark_as_sent(
                connection,
                message.id,
                to=to.replace(",", " ").replace(";", " ").split(),
                sent_at=sent_at,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _refuse_action(request, visit, message_id, refused, {"day": day, "at": at, "to": to})
    refresh_drafts(visit.register, visit.settings, [message.id], visit.office.now())
    return RedirectResponse(f"/messages/{message.id}?done=sent", 303)


@router.get("/messages/{message_id}/not-sent")
def show_taking_back(request: Request, visit: Signed, message_id: Id) -> Response:
    """What would follow if a message that was marked as sent had not been sent."""
    return _render_taking_back(request, visit, _load_message(visit, message_id))


def _render_taking_back(
    request: Request, visit: Visit, message: Message, *, reason: str = "", problem: Problem | None = None
) -> Response:
    told: tuple[str, ...] = ()
    try:
        told = preview_taking_back(visit.register, visit.settings, message.id, at=visit.office.now())
    except WrongUse as refused:
        problem = tell_problem(refused)
    return render_page(
        request,
        "decide.html",
        status=422 if problem else 200,
        title="It was not sent",
        back=(f"/messages/{message.id}", f"Message {message.id}"),
        action=f"/messages/{message.id}/not-sent",
        way=_TAKING_BACK,
        told=told,
        reason=reason,
        problem=problem,
        is_refused=not told,
    )


@router.post("/messages/{message_id}/not-sent")
def take_one_back(request: Request, visit: Checked, message_id: Id, reason: Text = "") -> Response:
    """Let a message that was marked as sent by mistake count as not sent."""
    message = _load_message(visit, message_id)
    try:
        with visit.register.writing() as connection:
            take_back_sent(
                connection,
                visit.settings,
                message.id,
                reason=reason,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _render_taking_back(request, visit, message, reason=reason, problem=tell_problem(refused))
    refresh_drafts(visit.register, visit.settings, [message.id], visit.office.now())
    return RedirectResponse(f"/messages/{message.id}?done=not-sent", 303)


@router.post("/messages/{message_id}/send")
def send_one_now(request: Request, visit: Checked, message_id: Id) -> Response:
    """Give a message to the mail server at once; the page then says what became of it."""
    message = _load_message(visit, message_id)
    try:
        send_messages.send_now(
            visit.register, visit.settings, message.id, at=visit.office.now(), actor=visit.person.name
        )
    except WrongUse as refused:
        return _refuse_action(request, visit, message_id, refused, {})
    return RedirectResponse(f"/messages/{message.id}", 303)


def _read_moment(day: str, at: str, now: datetime) -> datetime:
    """The moment that somebody typed, in London; the present minute is now. Raises WrongUse."""
    typed = read_typed_moment(day, at)
    is_this_minute = typed == now.astimezone(LONDON).replace(second=0, microsecond=0)
    return now if is_this_minute else typed


@router.post("/messages/{message_id}/words")
def change_words(
    request: Request, visit: Checked, message_id: Id, words: Text = "", is_own: Text = ""
) -> Response:
    """Put words of the office in place of the letters' own, or bring those back."""
    message = _load_message(visit, message_id)
    try:
        with visit.register.writing() as connection:
            send_messages.edit_covering_words(
                connection,
                message.id,
                None if is_own else words,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _refuse_action(request, visit, message_id, refused, {"words": words})
    refresh_drafts(visit.register, visit.settings, [message.id], visit.office.now())
    return RedirectResponse(f"/messages/{message.id}?done={'own' if is_own else 'words'}", 303)


def _refuse_action(
    request: Request,
    visit: Visit,
    message_id: int,
    refused: WrongUse,
    asked: Mapping[str, str],
    **fields: str,
) -> Response:
    """The page of the message as it is now, with what was typed and why nothing was done.

    `fields` are those of `tell_problem`.
    """
    message = _load_message(visit, message_id)
    problem = tell_problem(refused, **fields)
    return _render_message_page(request, visit, message, asked=asked, problem=problem)


@router.get("/messages/{message_id}/draft.eml")
def get_draft(visit: Signed, message_id: Id) -> Response:
    """The message as an email that a mail program opens unsent."""
    message = _load_message(visit, message_id)
    composed = _compose_shown(visit, message)
    email = make_email(composed, visit.settings, visit.office.now(), is_draft=True)
    _record_download(visit, message)
    return attach_file(email.as_bytes(), f"{message.recipient_id} {message.id}.eml")


@router.get("/messages/{message_id}/files.zip")
def get_files(visit: Signed, message_id: Id) -> Response:
    """All files that go with a message, in one ZIP file."""
    message = _load_message(visit, message_id)
    composed = _compose_shown(visit, message)
    data = zip_files([(attachment.name, attachment.data) for attachment in composed.attachments])
    _record_download(visit, message)
    return attach_file(data, f"{message.recipient_id} {message.id}.zip")


def _record_download(visit: Visit, message: Message) -> None:
    with visit.register.writing() as connection:
        note_download(connection, message, at=visit.office.now(), actor=visit.person.name)
