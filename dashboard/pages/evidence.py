"""A file that came with a form: what became of it, its copy, and the office's decision about it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.evidence.refusal_words import REFUSALS, Refusal
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.post.drafts import refresh_drafts
from peer_challenge.register import evidence, journal, submissions
from peer_challenge.register.archive import Archive
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.register.records import Submission
from peer_challenge.steering.decide_evidence import (
    can_be_passed_on,
    decide_about_file,
    has_gone,
    list_messages_of,
)

router = APIRouter(include_in_schema=False)


def _load_file(visit: Visit, file_id: int) -> tuple[EvidenceFile, Submission]:
    """A file and the form that it came with, for the office alone. Raises Forbidden and NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        file = evidence.find_file(connection, file_id)
        if file is None:
            raise NotFound("There is no such file.")
        return file, submissions.load_submission(connection, file.submission_id)


@router.get("/evidence/{file_id}")
def show_evidence(request: Request, visit: Signed, file_id: Id) -> Response:
    """What became of a file, and what the office can decide."""
    return _render(request, visit, *_load_file(visit, file_id), reason="", problem=None)


def _render(
    request: Request,
    visit: Visit,
    file: EvidenceFile,
    submission: Submission,
    *,
    reason: str,
    problem: Problem | None,
) -> Response:
    with visit.register.reading() as connection:
        is_gone = has_gone(connection, file)
    return render_page(
        request,
        "evidence.html",
        status=422 if problem else 200,
        title=f"Evidence {file.number}",
        file=file,
        row=submission,
        words=REFUSALS[Refusal(file.refusal)] if file.refusal else None,
        can_go=can_be_passed_on(file),
        is_gone=is_gone,
        reason=reason,
        problem=problem,
    )


@router.get("/evidence/{file_id}/file")
def download_evidence(visit: Signed, file_id: Id) -> Response:
    """The copy that goes, or would go, to the challenger."""
    file, submission = _load_file(visit, file_id)
    if file.copy_sha256 is None:
        raise NotFound("No copy of this file was made. Open the original of the form to see it.")
    data = Archive(visit.settings.archive_folder).get(file.copy_sha256)
    with visit.register.writing() as connection:
        journal.append_entry(
            connection,
            "evidence downloaded",
            at=visit.office.now(),
            actor=visit.person.name,
            cycle_id=submission.cycle_id,
            challenge_id=file.challenge_id,
            file=file.id,
        )
    return attach_file(data, f"Evidence {file.number}.{file.ending}")


@router.post("/evidence/{file_id}")
def decide_evidence(
    request: Request, visit: Checked, file_id: Id, decision: Text = "", reason: Text = ""
) -> Response:
    """Pass a file on, or do not."""
    file, submission = _load_file(visit, file_id)
    try:
        with visit.register.writing() as connection:
            decide_about_file(
                connection,
                file,
                submission,
                reason,
                is_passed_on=decision == "pass on",
                at=visit.office.now(),
                actor=visit.person.name,
            )
            meant = list_messages_of(connection, file)
    except WrongUse as refused:
        problem = tell_problem(refused)
        return _render(request, visit, file, submission, reason=reason, problem=problem)
    refresh_drafts(visit.register, visit.settings, meant, visit.office.now())
    return RedirectResponse(f"/evidence/{file.id}", 303)
