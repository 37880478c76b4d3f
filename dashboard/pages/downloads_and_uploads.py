"""Downloading documents that one may have, uploading files, and trying a document again."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated, BinaryIO

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.body_limits import MOST_FILES
from dashboard.context import NotFound, Signed, Visit
from dashboard.find_challenge import not_there
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import Upload, receive_upload, receive_with_evidence, safe_name
from peer_challenge.intake.hand_in import is_any_cycle_open
from peer_challenge.model import access
from peer_challenge.register import access_facts, journal, messages, received_emails
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Transaction
from peer_challenge.register.issued_files import FileAltered, read_issued_file
from peer_challenge.register.received_emails import EmailOfSubmission
from peer_challenge.register.records import Dispatch, DispatchState, Submission
from peer_challenge.steering.reread_submission import try_submission_again
from peer_challenge.steering.tick_off_rejected import tick_off_rejected

router = APIRouter(include_in_schema=False)
_NOT_IN_OUTBOX = "This document is not in the outbox: it has not gone out yet, or has been moved away."


def _record_in_journal(
    visit: Visit, connection: Transaction, event: str, **details: int | str | None
) -> None:
    journal.append_entry(connection, event, at=visit.office.now(), actor=visit.person.name, **details)  # type: ignore[arg-type]


def _load_submission(visit: Visit, submission_id: int) -> Submission:
    """A submission whose original the visitor may have. Raises Forbidden, or NotFound to the office."""
    with visit.register.reading() as connection:
        found = access_facts.load_submission(connection, submission_id)
    if found is None:
        raise not_there(visit)
    row, document = found
    access.check_user_can_download_submission(visit.person, document)
    return row


@router.get("/submissions/{submission_id}/original")
def original(visit: Signed, submission_id: Id) -> Response:
    """The original of a document, byte for byte, for a visitor who may have it."""
    row = _load_submission(visit, submission_id)
    data = Archive(visit.settings.archive_folder).get(row.sha256)
    with visit.register.writing() as connection:
        _record_in_journal(
            visit,
            connection,
            "original downloaded",
            submission=row.id,
            cycle_id=row.cycle_id,
            challenge_id=row.challenge_id,
        )
    return attach_file(data, safe_name(row.file_name))


def _load_email(visit: Visit, submission_id: int) -> tuple[Submission, EmailOfSubmission]:
    """A submission and the email that it came in, for the office. Raises Forbidden and NotFound."""
    access.check_user_can_run_cycle(visit.person)
    row = _load_submission(visit, submission_id)
    with visit.register.reading() as connection:
        email = received_emails.load_email_of(connection, row.id)
    if email is None:
        raise NotFound("This document did not come in an email, or the email is no longer kept.")
    return row, email


def _give_out_archived(visit: Visit, row: Submission, sha256: str, name: str, event: str) -> Response:
    data = Archive(visit.settings.archive_folder).get(sha256)
    with visit.register.writing() as connection:
        _record_in_journal(
            visit,
            connection,
            event,
            submission=row.id,
            cycle_id=row.cycle_id,
            challenge_id=row.challenge_id,
        )
    return attach_file(data, safe_name(name))


@router.get("/submissions/{submission_id}/email")
def email_of_submission(visit: Signed, submission_id: Id) -> Response:
    """The email that a document came in, byte for byte, for the office."""
    row, email = _load_email(visit, submission_id)
    name = f"Email of document {row.id}{email.ending}"
    return _give_out_archived(visit, row, email.sha256, name, "email downloaded")


@router.get("/submissions/{submission_id}/attachments/{position}")
def attachment_of_submission(visit: Signed, submission_id: Id, position: Id) -> Response:
    """A file that lay beside a document in its email, for the office."""
    row, email = _load_email(visit, submission_id)
    found = next((one for one in email.attachments if one.position == position and one.sha256), None)
    if found is None or found.sha256 is None:
        raise NotFound("This file is in the email only: download the email to see it.")
    return _give_out_archived(visit, row, found.sha256, found.name or "document", "attachment downloaded")


@router.get("/dispatches/{dispatch_id}/document")
def document(visit: Signed, dispatch_id: Id) -> Response:
    """A document that went out, for a visitor who may have it."""
    with visit.register.reading() as connection:
        found = access_facts.load_dispatch(connection, dispatch_id)
        has_gone = dispatch_id in messages.find_sent_times(connection, [dispatch_id])
    if found is None:
        raise not_there(visit)
    row, to = found
    access.check_user_can_download_dispatch(visit.person, to, is_issued=has_gone)
    path = row.path if row.state is DispatchState.ISSUED else None
    if path is None:
        raise NotFound(_NOT_IN_OUTBOX)
    data = _read_issued_file(visit, row)
    with visit.register.writing() as connection:
        _record_in_journal(
            visit,
            connection,
            "dispatch downloaded",
            dispatch=row.id,
            cycle_id=row.cycle_id,
            challenge_id=row.challenge_id,
        )
        if not visit.person.is_office:
            messages.note_opened(connection, row.id, at=visit.office.now(), actor=visit.person.name)
    return attach_file(data, PurePosixPath(path).name)


def _read_issued_file(visit: Visit, dispatch: Dispatch) -> bytes:
    """The file of a dispatch as it went out: others may share the outbox. Raises NotFound."""
    try:
        return read_issued_file(visit.settings.outbox_folder, dispatch)
    except FileNotFoundError:
        raise NotFound(_NOT_IN_OUTBOX) from None
    except FileAltered:
        remedy = "Ask the programme office for the document."
        if visit.person.is_office:
            remedy = f"See what lies at outbox/{dispatch.path}. Put the file back from a backup."
        raise NotFound("What is in the outbox is not this document as it went out.", remedy=remedy) from None


@router.post("/uploads")
def upload(
    request: Request,
    visit: Checked,
    files: Annotated[list[UploadFile] | None, File()] = None,
    evidence: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Take files into the inbox; they are read there like any other. `evidence` goes with the one form."""
    access.check_user_can_upload(visit.person)
    named = [file for file in files or [] if file.filename]
    beside = [(file.filename, file.file) for file in evidence or [] if file.filename]
    if beside:
        return _show_uploaded(request, visit, [_receive_together(visit, named, beside)])
    done = [receive_upload(visit, file.filename or "", file.file) for file in named[:MOST_FILES]]
    done += [
        Upload(
            safe_name(file.filename or ""), False, f"Only {MOST_FILES} files at a time. Send this one again."
        )
        for file in named[MOST_FILES:]
    ]
    return _show_uploaded(request, visit, done)


def _receive_together(
    visit: Visit, forms: Sequence[UploadFile], evidence: Sequence[tuple[str, BinaryIO]]
) -> Upload:
    """Take in one form with the files that go with it."""
    if len(forms) != 1 or len(evidence) > MOST_FILES:
        why = f"Choose one form, and up to {MOST_FILES} files that go with it. Nothing was sent."
        return Upload("The form and its files", False, why)
    return receive_with_evidence(visit, (forms[0].filename or "", forms[0].file), evidence)


def _show_uploaded(request: Request, visit: Visit, done: list[Upload]) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"files": [one.as_dict() for one in done]})
    return render_page(
        request,
        "uploaded.html",
        title="Files sent",
        uploads=done,
        has_no_cycle=not is_any_cycle_open(visit.register),
        back="/inbox" if visit.person.is_office else "/mine",
    )


@router.post("/submissions/{submission_id}/again")
def try_again(visit: Checked, submission_id: Id) -> Response:
    """Put a rejected original back into the inbox, to be read again."""
    access.check_user_can_run_cycle(visit.person)
    row = _load_submission(visit, submission_id)
    try_submission_again(
        visit.register,
        visit.settings,
        row,
        name=safe_name(row.file_name),
        at=visit.office.now(),
        actor=visit.person.name,
    )
    return RedirectResponse("/inbox?done=again", 303)


@router.post("/submissions/{submission_id}/told")
def tick_off(visit: Checked, submission_id: Id) -> Response:
    """Note that the sender of a rejected document was told what to do: it leaves the board's list."""
    access.check_user_can_run_cycle(visit.person)
    row = _load_submission(visit, submission_id)
    with visit.register.writing() as connection:
        tick_off_rejected(connection, row.id, at=visit.office.now(), actor=visit.person.name)
    return RedirectResponse("/inbox?outcome=rejected&done=told", 303)
