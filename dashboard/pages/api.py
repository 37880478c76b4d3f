"""The dashboard's data as JSON under /api/v1, by the access rules of the pages, for people's scripts."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from dashboard.board_figures import load_board_status
from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_challenge
from dashboard.numbers import FormPageNumber, PageNumber
from dashboard.pages.challenge import find_stage_start, list_seen_dispatches, seen_submissions
from peer_challenge.errors import WrongUse
from peer_challenge.model import access
from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.register import listings, records
from peer_challenge.register.listings import JournalEntry, Page

router = APIRouter(prefix="/api/v1", tags=["peer challenge"])
Asked = Annotated[str, Query(max_length=130)]
Searched = Annotated[str, Form(max_length=130)]


class Refusal(BaseModel):
    """Why something was not answered, and what to do."""

    detail: str
    remedy: str


_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "nobody is signed in"},
    403: {"model": Refusal, "description": "not theirs, or, to all but the office, there is no such thing"},
    404: {"model": Refusal, "description": "to the office: there is no such thing"},
}


class Challenge(BaseModel):
    """The stage of a challenge, and what it waits for."""

    author: str
    author_name: str
    challenger_name: str | None
    stage: str
    waiting_on: str | None
    next_due: str | None
    next_due_on: date | None
    next_step: str
    is_overdue: bool
    risk: str | None


class CycleStatus(BaseModel):
    """A cycle with its challenges."""

    id: str
    name: str
    state: str
    challenges: list[Challenge]


class Status(BaseModel):
    """What `peer-challenge status --json` prints."""

    on: date
    cycles: list[CycleStatus]


class Deadline(BaseModel):
    """A deadline and the rule that it follows from."""

    name: str
    due_on: date
    nominal_on: date
    counted_from: date | None
    rule: str
    notes: list[str]


class Submission(BaseModel):
    """A version of a document that came in."""

    id: int
    kind: Kind | None
    review: int
    version: int | None
    sha256: str
    size: int
    received_at: datetime
    outcome: Outcome
    is_current: bool


class Dispatch(BaseModel):
    """A document that goes out."""

    id: int
    kind: str
    role: str
    recipient_id: str
    challenge_id: str | None
    state: str
    intended_at: datetime
    issued_at: datetime | None
    problem: str | None


class OneChallenge(BaseModel):
    """A challenge as far as the person who asks may see it."""

    id: str
    author: str
    challenger: str | None
    chair: str | None
    stage: str
    stage_since_at: datetime | None
    event_on: date | None
    deadlines: list[Deadline]
    submissions: list[Submission]
    dispatches: list[Dispatch]


class Finding(BaseModel):
    """One thing noticed in a submission."""

    submission_id: int
    code: str
    severity: str
    subheading: str | None
    column: str | None
    message: str
    remedy: str


class Entry(BaseModel):
    """One entry of the journal."""

    sequence: int
    at: datetime
    actor: str
    event: str
    cycle_id: str | None
    challenge_id: str | None
    details: dict[str, object]
    hash: str


class Entries(BaseModel):
    """A page of the journal, newest first."""

    number: int
    pages: int
    total: int
    rows: list[Entry]


class Dispatches(BaseModel):
    """A page of dispatches, newest first."""

    number: int
    pages: int
    total: int
    rows: list[Dispatch]


def _convert_page_rows(found: Page[JournalEntry] | Page[records.Dispatch]) -> dict[str, object]:
    rows = [asdict(row) for row in found.rows]
    return {"number": found.number, "pages": found.pages, "total": found.total, "rows": rows}


@router.get("/openapi.json", include_in_schema=False)
def describe(request: Request, visit: Signed) -> JSONResponse:
    """The OpenAPI description of this interface, for people who are signed in."""
    return JSONResponse(request.app.openapi())


@router.get("/status", responses=_REFUSED)
def status(visit: Signed) -> Status:
    """The stage of every challenge: the JSON that `peer-challenge status --json` prints."""
    access.check_user_can_see_board(visit.person)
    return Status.model_validate(load_board_status(visit)[0])


@router.get("/challenges/{cycle_id}/{author_id}", responses=_REFUSED)
def challenge(visit: Signed, cycle_id: str, author_id: str) -> OneChallenge:
    """One challenge, to the office, its author, its challenger and its Chair."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        known = found.known
        return OneChallenge(
            id=known.id,
            author=known.author_id,
            challenger=known.challenger_id,
            chair=known.chair_id,
            stage=known.stage.value,
            stage_since_at=find_stage_start(
                known, found.row, listings.read_stage_times(connection, known.id)
            ),
            event_on=known.event_on,
            deadlines=[Deadline.model_validate(asdict(deadline)) for deadline in known.deadlines],
            submissions=[
                Submission.model_validate(asdict(row)) for row in seen_submissions(visit, connection, found)
            ],
            dispatches=[
                Dispatch.model_validate(asdict(row))
                for row, _ in list_seen_dispatches(visit, connection, found)
            ],
        )


@router.get("/challenges/{cycle_id}/{author_id}/findings", responses=_REFUSED)
def findings(visit: Signed, cycle_id: str, author_id: str) -> list[Finding]:
    """The findings of every version that the person who asks may see."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        seen = [row.id for row in seen_submissions(visit, connection, found)]
        rows = listings.findings_of(connection, seen)
    return [Finding.model_validate(asdict(row)) for one in rows.values() for row in one]


@router.get("/journal", responses=_REFUSED)
def journal(
    request: Request, visit: Signed, number: PageNumber = 1, event: Asked = "", challenge: Asked = ""
) -> Entries:
    """The journal, to the office. Words are looked for with POST, as servers keep addresses in their logs."""
    access.check_user_can_run_cycle(visit.person)
    if "q" in request.query_params:
        raise WrongUse(
            "Words to look for are not taken from the address, which servers keep in their logs.",
            remedy="Send them to the same address with POST, as the field q of a form.",
        )
    return _list_entries(visit, number, "", event, challenge)


@router.post("/journal", responses=_REFUSED)
def search_journal(
    visit: Signed,
    q: Searched = "",
    number: FormPageNumber = 1,
    event: Searched = "",
    challenge: Searched = "",
) -> Entries:
    """The entries of the journal that hold the words `q`, to the office. Nothing is changed by it."""
    access.check_user_can_run_cycle(visit.person)
    return _list_entries(visit, number, q, event, challenge)


def _list_entries(visit: Visit, number: int, q: str, event: str, challenge: str) -> Entries:
    with visit.register.reading() as connection:
        found = listings.list_journal_entries(connection, number, text=q, event=event, challenge_id=challenge)
    return Entries.model_validate(_convert_page_rows(found))


@router.get("/dispatches", responses=_REFUSED)
def dispatches(visit: Signed, number: PageNumber = 1, state: Asked = "", cycle: Asked = "") -> Dispatches:
    """Every dispatch, to the office."""
    access.check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = listings.list_dispatches(connection, number, state=state, cycle_id=cycle)
    return Dispatches.model_validate(_convert_page_rows(found))
