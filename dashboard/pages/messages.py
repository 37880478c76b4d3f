"""To send: every message, those first that wait for the office, and what can be done with many at once."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_large_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text, Ticked
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import LARGEST, FormPageNumber, PageNumber, read_count
from dashboard.query_string import chosen_cycle, make_link_builder, options_of
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.shown_messages import COLOURS, show_document, show_messages
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.messages import ASKING_OFFICE, MESSAGE_STATES, WAITING, MessageState, explain_state
from peer_challenge.model.sentences import say_how_many
from peer_challenge.post.describe_messages import DescribedMessage, describe_messages
from peer_challenge.post.drafts import refresh_drafts
from peer_challenge.post.say_what_goes_out import say_way_out
from peer_challenge.register import look_before_sending, messages, outbox
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.settings import Settings
from peer_challenge.steering import send_messages
from peer_challenge.steering.collect_drafts import TO_SEND_BY_HAND, write_drafts_zip

router = APIRouter(include_in_schema=False)
_TO_DO = tuple(dict.fromkeys((*WAITING, *ASKING_OFFICE, MessageState.SENDING)))
"""What is listed when nothing else is asked for: all that has not gone and is still to go."""
_MOST = 100
"""Messages on a page, which can be ticked and sent together: as many as somebody looks through."""


@router.get("/messages")
def list_to_send(
    request: Request,
    visit: Signed,
    cycle: str = "",
    state: str = "",
    done: str = "",
    number: PageNumber = 1,
) -> Response:
    """What is to be sent, by recipient and moment; other states on request."""
    check_user_can_run_cycle(visit.person)
    return _render_messages_page(
        request, visit, cycle, state, "", done=_read_done(done, visit.settings), number=number
    )


@router.post("/messages/search")
def search_messages(
    request: Request,
    visit: Checked,
    cycle: Text = "",
    state: Text = "",
    q: Text = "",
    number: FormPageNumber = 1,
) -> Response:
    """The messages of which something holds what was typed, which is in no address of a page."""
    check_user_can_run_cycle(visit.person)
    return _render_messages_page(request, visit, cycle, state, q, number=number)


def _render_messages_page(
    request: Request,
    visit: Visit,
    cycle: str,
    state: str,
    q: str,
    *,
    done: str | None = None,
    problem: Problem | None = None,
    reason: str = "",
    ticked: Collection[str] = (),
    number: int = 1,
) -> Response:
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        which = chosen.id if chosen else ""
        found = describe_messages(
            connection,
            states=_read_states(state, q),
            cycle_id=which,
            search=q.strip(),
            most=_MOST + 1,  # one more says that there is another page
            skip=(number - 1) * _MOST,
        )
        shown = show_messages(connection, _sort_within_minute(found[:_MOST]))
        counts = messages.count_states(connection, cycle_id=which)
        to_look_at = look_before_sending.list_to_look_at(connection, which)
        loaded = load_stored(connection, which)[0] if chosen else None
        making = outbox.count_in_the_making(connection, which)
    return render_page(
        request,
        "messages.html",
        status=422 if problem else 200,
        title="To send",
        cycle=chosen,
        cycles=options_of(cycles),
        shown=shown,
        number=number,
        has_more=len(found) > _MOST,
        counts=counts,
        to_do=sum(counts[one] for one in _TO_DO),
        states=MESSAGE_STATES,
        colours=COLOURS,
        making=making,
        looks=[show_document(loaded, one) for one in to_look_at] if loaded else [],
        state=state if state in (*MessageState, "all") else "",
        q=q,
        explain=lambda one: explain_state(one, visit.settings.way_to_deliver),
        way=visit.settings.way_to_deliver.value,
        link=make_link_builder(request, "/messages", cycle=which, state=state),
        problem=problem,
        reason=reason,
        ticked=set(ticked),
        done=done,
    )


def _sort_within_minute(found: Sequence[DescribedMessage]) -> list[DescribedMessage]:
    """The newest minute first; those of one minute, as when a cycle opens, by the recipient's name."""
    by_name = sorted(found, key=lambda one: one.recipient)
    return sorted(by_name, key=lambda one: one.message.made_at.replace(second=0, microsecond=0), reverse=True)


def _read_states(state: str, q: str) -> Collection[MessageState]:
    """The states to list: the one asked for; all of them in a search; else what is still to go."""
    if state in tuple(MessageState):
        return (MessageState(state),)
    return () if q.strip() or state == "all" else _TO_DO


class Action(NamedTuple):
    """What can be done with many messages: its name afterwards, those it is for, and how."""

    name: str
    states: Collection[MessageState]
    do: Callable[[Transaction, int, str, Visit], object]


_ACTIONS: dict[str, Action] = {
    "sent": Action(
        "marked as sent",
        (MessageState.READY, MessageState.NO_ADDRESS),
        lambda connection, number, _, visit: send_messages.mark_as_sent(
            connection, number, at=visit.office.now(), actor=visit.person.name
        ),
    ),
    "hold": Action(
        "put on hold",
        (MessageState.READY, MessageState.NO_ADDRESS),
        lambda connection, number, reason, visit: send_messages.hold_message(
            connection, number, reason=reason, at=visit.office.now(), actor=visit.person.name
        ),
    ),
    "go": Action(
        "let go",
        (MessageState.ON_HOLD,),
        lambda connection, number, reason, visit: send_messages.let_message_go(
            connection, number, reason=reason, at=visit.office.now(), actor=visit.person.name
        ),
    ),
}
"""What can be done with many at once. "With all" means those in its states: none that is held is marked as
sent, and none that may have gone already is sent again."""


@router.post("/messages")
def change_many(
    request: Request,
    visit: Checked,
    action: Text = "",
    message: Ticked = None,
    listed: Ticked = None,
    is_all: Text = "",
    reason: Text = "",
    cycle: Text = "",
    state: Text = "",
    q: Text = "",
) -> Response:
    """Do one thing with every message that is ticked, or with all that the page listed: with all or none."""
    check_user_can_run_cycle(visit.person)
    ticked = (listed if is_all else message) or []
    if action not in _ACTIONS:
        raise NotFound("There is no such message.")
    try:
        with visit.register.writing() as connection:
            meant = _choose_messages(connection, ticked, is_all, _ACTIONS[action].states)
            for number in meant:
                _ACTIONS[action].do(connection, number, reason, visit)
    except WrongUse as refused:
        return _render_messages_page(
            request,
            visit,
            cycle,
            state,
            q,
            problem=tell_problem(refused),
            reason=reason,
            ticked=ticked,
        )
    query = urlencode({"cycle": cycle, "state": state, "done": f"{len(meant)}-{action}"})
    refresh_drafts(visit.register, visit.settings, meant, visit.office.now())
    return RedirectResponse(f"/messages?{query}", 303)


@router.post("/messages/drafts.zip")
def download_drafts(
    request: Request,
    visit: Checked,
    message: Ticked = None,
    listed: Ticked = None,
    is_all: Text = "",
    cycle: Text = "",
    state: Text = "",
    q: Text = "",
) -> Response:
    """The drafts of the messages that are ticked, or of all that the page listed, in one ZIP file."""
    check_user_can_run_cycle(visit.person)
    ticked = (listed if is_all else message) or []
    at, actor = visit.office.now(), visit.person.name
    try:
        with visit.register.reading() as connection:
            numbers = _choose_messages(connection, ticked, is_all, TO_SEND_BY_HAND)
        return attach_large_file(
            lambda path: write_drafts_zip(visit.register, visit.settings, numbers, path, at=at, actor=actor),
            f"{visit.office.today().isoformat()} messages to send.zip",
        )
    except WrongUse as refused:
        return _render_messages_page(
            request, visit, cycle, state, q, problem=tell_problem(refused), ticked=ticked
        )


def _choose_messages(
    connection: Transaction, ticked: Collection[str], is_all: str, states: Collection[MessageState]
) -> list[int]:
    """The numbers of the messages that are meant: those ticked, or of all that are listed those in `states`.

    Raises NotFound for what is no number, WrongUse for none at all.
    """
    numbers = [read_count(one, 1, LARGEST) for one in ticked]
    if None in numbers:
        raise NotFound("There is no such message.")
    if not numbers:
        raise WrongUse("No message is ticked.", remedy="Tick those that you mean, then try again.")
    meant = [number or 0 for number in numbers]
    return send_messages.select_for_all(connection, meant, states) if is_all else meant


def _read_done(done: str, settings: Settings) -> str | None:
    """What was just done, from "3-sent"; None for anything else."""
    if done == "looked":
        return f"You looked at it. {say_way_out(settings, 'It')}"
    count, _, action = done.partition("-")
    number = read_count(count, 1, _MOST)
    if action not in _ACTIONS or number is None:
        return None
    return f"{say_how_many(number, 'message')} {_ACTIONS[action].name}."
