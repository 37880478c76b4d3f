"""The inbox: what waits, what was taken in, queried or rejected and why; and sending files in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.body_limits import upload_limits
from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.find_challenge import find_author_names
from dashboard.numbers import PageNumber
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
from dashboard.uploads import takes_evidence
from peer_challenge.dispatches.phrases import name_place
from peer_challenge.intake.hand_in import is_any_cycle_open
from peer_challenge.intake.inbox import Left, make_inbox_from_settings, name_as_text
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.findings import can_be_different_later
from peer_challenge.model.mailbox import REASONS_IN_WORDS
from peer_challenge.model.vocabulary import OUTCOME_NAMES, Severity
from peer_challenge.register import listings, mailbox_messages, received_emails, uploads
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission
from peer_challenge.steering.accept_findings import list_decidable
from peer_challenge.steering.undo_identification import can_be_taken_back

router = APIRouter(include_in_schema=False)
_MOST_WAITING = 50
"""Files of each list: anybody may put thousands into the folder, and the page says how many there are."""
SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.REJECT: "Rejected",
    Severity.QUERY: "Question",
    Severity.WARN: "To know",
    Severity.NOTE: "Note",
}
"""What a finding's severity is called on the page."""
_DONE = {
    "again": "The document is back in the inbox. It will be read again within a minute.",
    "identified": "You said whose the document is. {follows}",
    "told": "You ticked the document off: its sender was told.",
    "nobodys": "The document was rejected as nobody's. Nothing goes to anybody.",
    "unsaid": "You took that back. The document is held again, until you say whose it is.",
}


@router.get("/inbox")
def inbox(
    request: Request, visit: Signed, outcome: str = "", number: PageNumber = 1, done: str = ""
) -> Response:
    """What is in the inbox, and every document that came in, newest first."""
    check_user_can_run_cycle(visit.person)
    shown = _list_inbox_folder(visit)
    with visit.register.reading() as connection:
        found = listings.list_submissions(connection, number, outcome=outcome)
        findings = listings.findings_of(connection, [row.id for row in found.rows])
        counts = listings.count_by_outcome(connection)
        oldest = min((row.taken_in_at for row in found.rows), default=visit.office.now())
        told = listings.read_senders_told(connection, since=oldest)
        emails = received_emails.load_emails_of(connection, [row.id for row in found.rows])
        senders = {
            row.id: sender.name
            for row in found.rows
            if row.uploaded_by and (sender := uploads.find_person_by_id(connection, row.uploaded_by))
        }
        mails = mailbox_messages.list_left(connection)
        names = find_author_names(connection, [row.challenge_id for row in found.rows if row.challenge_id])
        places = _name_places(connection, found.rows, findings)
        undoable = {row.id for row in found.rows if can_be_taken_back(connection, row)}
    rejecting = {
        number: [finding for finding in ones if finding.severity == Severity.REJECT]
        for number, ones in findings.items()
    }
    return render_page(
        request,
        "inbox.html",
        title="Inbox",
        waiting=shown.waiting,
        waiting_total=shown.waiting_total,
        left=shown.left,
        left_total=shown.left_total,
        ignored=shown.ignored,
        mails=[(mail, *REASONS_IN_WORDS[mail.reason]) for mail in mails if mail.reason],
        found=found,
        findings=findings,
        places=places,
        rejecting=rejecting,
        can_be_tried={
            number
            for number, ones in rejecting.items()
            if can_be_different_later(finding.code for finding in ones)
        },
        decidable=list_decidable(found.rows, findings),
        undoable=undoable,
        severities=SEVERITY_WORDS,
        counts=counts,
        names=names,
        senders=senders,
        emails=emails,
        told=told,
        outcome=outcome,
        outcome_names=OUTCOME_NAMES,
        link=make_link_builder(request),
        limits=upload_limits(visit.settings),
        is_cycle_open=is_any_cycle_open(visit.register),
        takes_evidence=takes_evidence(visit),
        done=say_done(_DONE, done, visit, None),
    )


def _name_places(
    connection: Transaction,
    rows: Sequence[Submission],
    findings: Mapping[int, Sequence[listings.ListedFinding]],
) -> dict[listings.ListedFinding, str]:
    """Where each finding is, in words; those about a whole document are left out."""
    frameworks = {
        cycle_id: load_stored(connection, cycle_id)[1]
        for cycle_id in {row.cycle_id for row in rows if row.cycle_id}
    }
    return {
        found: name_place(frameworks[row.cycle_id], row.kind, found)
        for row in rows
        if row.cycle_id
        for found in findings.get(row.id, ())
        if found.subheading
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows of the folder: names and when they were saved, what is left and what is ignored."""

    waiting: tuple[tuple[str, datetime | None], ...]
    waiting_total: int
    left: tuple[Left, ...]
    left_total: int
    ignored: tuple[Left, ...]


def _list_inbox_folder(visit: Visit) -> _Shown:
    inbox = make_inbox_from_settings(visit.settings)
    contents, unsettled = inbox.look(), inbox.unsettled()
    waiting: list[tuple[str, datetime | None]] = [(name_as_text(path.name), None) for path in unsettled]
    waiting += [(name_as_text(file.name), file.since) for file in contents.waiting[:_MOST_WAITING]]
    return _Shown(
        tuple(waiting[:_MOST_WAITING]),
        len(contents.waiting) + len(unsettled),
        contents.left[:_MOST_WAITING],
        len(contents.left),
        contents.ignored,
    )
