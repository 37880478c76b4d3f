"""The cycle board: the stage of every area, what is due, and what comes next."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.board_figures import SHOWN, SORTED_BY, build_board, load_board_status
from dashboard.context import Signed, Visit
from dashboard.query_string import chosen_cycle, make_link_builder, options_of
from dashboard.render_page import render_page
from dashboard.to_do import list_to_do_items
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.model.access import user_can_see_board
from peer_challenge.register import outbox
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.drafts import CycleDraft, list_drafts
from peer_challenge.register.known_challenges import challenges_for, list_deadlines_ahead
from peer_challenge.register.records import CycleState
from peer_challenge.register.status import ChallengeStatus
from peer_challenge.steering.draft_cycle import describe_draft
from peer_challenge.steering.tell_what_happened import count_since_last_visit

router = APIRouter(include_in_schema=False)
_MOST_DATES = 10
"""A look ahead beside the board; the calendar has all dates."""
_DONE = {
    "restored": "The backup is restored. Check whether everything is there.",
    "note": "The note is written on each of them.",
    "aside": "The settings of the backup are in settings-from-backup.toml, and not in force.",
}


@router.get("/")
def board(
    request: Request,
    visit: Signed,
    cycle: str = "",
    show: str = "",
    stage: str = "",
    q: str = "",
    sort: str = "area",
    done: str = "",
    aside: str = "",
) -> Response:
    """One cycle's areas by stage, and who is due and overdue; visitors without a board go to /mine."""
    if not user_can_see_board(visit.person):
        return RedirectResponse("/mine", 303)
    waiting = len(make_inbox_from_settings(visit.settings).waiting()) if visit.person.is_office else None
    asked = {"show": show, "stage": stage, "q": q, "sort": sort}
    today = visit.office.today()
    status, names = load_board_status(visit)
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        loaded = load_stored(connection, chosen.id)[0] if chosen else None
        news = _count_news(visit, connection)
        making = outbox.count_in_the_making(connection, chosen.id) if chosen and visit.person.is_office else 0
        begun = list_drafts(connection, CycleDraft) if visit.person.is_office else []
        ahead = (
            list_deadlines_ahead(challenges_for(visit.person, connection, loaded, today)) if loaded else []
        )
    rows: list[ChallengeStatus] = next(
        (c["challenges"] for c in status["cycles"] if chosen and c["id"] == chosen.id), []
    )
    board = build_board(rows, today, asked["show"], asked["stage"], asked["q"], asked["sort"])
    return render_page(
        request,
        "board.html",
        title=chosen.name if chosen else "No cycle is open",
        cycle=chosen,
        cycles=options_of(cycles),
        board=board,
        to_do=list_to_do_items(visit, chosen, board),
        names=names.get(chosen.id, {}) if chosen else {},
        ahead=[row for row in ahead if row.due_on >= today][:_MOST_DATES],
        shown=SHOWN,
        sorted_by=SORTED_BY,
        can_tick=visit.person.is_office and chosen is not None and chosen.state is CycleState.OPEN,
        asked=asked,
        link=make_link_builder(request),
        waiting=waiting,
        drafts=[(one.id, describe_draft(one)) for one in begun],
        news=news,
        making=making,
        done=" ".join(_DONE[one] for one in (done, aside and "aside") if one in _DONE) or None,
    )


def _count_news(visit: Visit, connection: Transaction) -> int:
    """How many things happened since somebody of the office was last here; 0 for everybody else."""
    if not visit.person.is_office:
        return 0
    return count_since_last_visit(connection, visit.person.id, visit.person.name)
