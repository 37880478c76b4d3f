"""The follow-up of an action plan: one progress report with its comments, and the end of the follow-up."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge, not_there
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import (
    user_can_comment_on_progress,
    user_can_read_comments,
    user_can_read_submission,
)
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import access_facts, frames, progress_comments
from peer_challenge.register.database import Transaction
from peer_challenge.register.progress_comments import ProgressComment
from peer_challenge.register.records import Submission
from peer_challenge.steering.follow_up import LONGEST_COMMENT, comment_on_progress
from peer_challenge.word.answers.planned_action import name_action

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Report:
    """A progress report, what it says of each action (action, planned, status, evidence, difference)."""

    row: Submission
    actions: list[dict[str, str]]
    comments: list[ProgressComment]
    may_comment: bool


def _load_report(visit: Visit, connection: Transaction, found: Found, submission_id: int) -> _Report:
    """An accepted progress report that the visitor may read. Raises NotFound or Forbidden."""
    for row, document in access_facts.submissions_of(connection, found.row.id):
        is_report = row.kind is Kind.PROGRESS_REPORT and row.is_current
        if row.id != submission_id or not is_report or not user_can_read_submission(visit.person, document):
            continue
        comments = progress_comments.list_comments(connection, found.row.id)
        return _Report(
            row,
            [_describe_action(said) for said in frames.records_of(connection, Kind.PROGRESS_REPORT, row.id)],
            [one for one in comments if one.submission_id == row.id]
            if user_can_read_comments(visit.person, found.scope)
            else [],
            user_can_comment_on_progress(visit.person, found.scope, document),
        )
    raise not_there(visit)


def _describe_action(said: dict[str, frames.Value]) -> dict[str, str]:
    return {
        "action": name_action(str(said["address"])),
        **{
            name: str(said[column] or "")
            for name, column in (
                ("planned", "action"),
                ("evidence", "evidence"),
                ("difference", "difference"),
            )
        },
        "status": str(said["status"] or said["status_as_written"] or ""),
    }


@router.get("/challenges/{cycle_id}/{author_id}/reports/{submission_id}")
def show_report(
    request: Request, visit: Signed, cycle_id: str, author_id: str, submission_id: Id, done: str = ""
) -> Response:
    """One progress report, with what the challenger says of it."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        report = _load_report(visit, connection, found, submission_id)
    return _render_report(request, found, report, done=done == "comment")


def _render_report(
    request: Request,
    found: Found,
    report: _Report,
    *,
    typed: str = "",
    problem: Problem | None = None,
    done: bool = False,
) -> Response:
    return render_page(
        request,
        "report.html",
        status=422 if problem else 200,
        title=f"Progress report {report.row.review}: {found.name(found.row.author_id)}",
        found=found,
        report=report,
        typed=typed,
        problem=problem,
        longest=LONGEST_COMMENT,
        done="The comment was sent." if done else None,
    )


@router.post("/challenges/{cycle_id}/{author_id}/reports/{submission_id}/comment")
def comment(
    request: Request, visit: Checked, cycle_id: str, author_id: str, submission_id: Id, text: Text = ""
) -> Response:
    """Send the author what the challenger says of its report; the office can write it down for them."""
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        report = _load_report(visit, connection, found, submission_id)
    if not report.may_comment:
        raise not_there(visit)
    try:
        with visit.register.writing() as connection:
            comment_on_progress(
                connection,
                found.cycle,
                found.row.id,
                report.row,
                text,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _render_report(request, found, report, typed=text, problem=tell_problem(refused))
    return RedirectResponse(f"{found.path}/reports/{submission_id}?done=comment", 303)
