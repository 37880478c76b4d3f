"""Decides whether a signed-in person may send in a document: only a form that is theirs to hand in.

Where this cannot be decided here, because reading takes too long or the document says too little, the
document is taken in. Intake decides again with all the evidence, and holds what is doubtful.
"""

import threading
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.intake.emails.prepare_files import prepare_file
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.access import Person
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.whose_document import decide_identity, is_for_sender
from peer_challenge.register import journal, received_emails, submissions, uploads
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import cycle_ids
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.listings import UPLOAD_REFUSED
from peer_challenge.register.who_holds_a_role import RegisterRoles
from peer_challenge.settings import Settings
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.process import shared_pool
from peer_challenge.word.process.reader_pool import ReadersUnavailable

_MOST_AT_ONCE = 8
"""Of the forty threads in which Starlette answers pages: the others stay for everybody else."""
_WAIT_SECONDS = 10.0
"""Longer than nearly every document takes to read; somebody waits for the page meanwhile."""
_waiting = threading.BoundedSemaphore(_MOST_AT_ONCE)

NOT_YOURS = (
    "This form is not one of yours to send in, so it was not taken in. Send the form that was sent to you. "
    "If you think that this is wrong, ask the programme office: it has been told."
)
"""The words for every reason: they tell nothing beyond what somebody's own file says."""
_NO_CYCLE = "No cycle is open, so this document would be rejected. It was not taken in."


def admit_upload(
    register: Register, settings: Settings, person: Person, name: str, data: bytes, at: datetime
) -> str | None:
    """Record that `person` sends in a document. Returns why it is refused, in words, or None when it is not.

    The upload is recorded before the file is in the inbox, so that nobody takes it in without knowing who
    sent it. A refused document is not kept: the journal has its hash and who sent it. Nothing is recorded
    while no cycle is open.
    """
    if not is_any_cycle_open(register):
        remedy = "Prepare a cycle and open it, then" if person.is_office else "Keep it. When one is open,"
        return f"{_NO_CYCLE} {remedy} send it again."
    readings = [] if person.is_office else read_upload_soon(register, settings, name, data)
    sha256 = sha256_of(data)
    with register.writing() as connection:
        is_refused = not all(_is_theirs(connection, person, reading) for reading in readings)
        if not is_refused:
            uploads.note_upload(connection, person.id, sha256, at)
        journal.append_entry(
            connection,
            UPLOAD_REFUSED if is_refused else "document uploaded",
            at=at,
            actor=person.name,
            cycle_id=person.cycle_id,
            user=person.id,
            sha256=sha256,
            size=len(data),
        )
    return NOT_YOURS if is_refused else None


def record_paper(
    register: Register, person: Person, data: bytes, came_on: date, *, how: str, at: datetime
) -> None:
    """Record that a document, typed in by the office, came on paper on a day, before it is in the inbox.

    `how` says how it came. Raises WrongUse without it, for a day to come, and while no cycle is open.
    """
    why = read_reason(how)
    if not is_any_cycle_open(register):
        raise WrongUse(_NO_CYCLE, remedy="Prepare a cycle and open it, then record the document again.")
    if came_on > local_day(at):
        raise WrongUse(
            "The day on which it came is in the future.", remedy="Choose today, or a day before.", about="day"
        )
    sha256 = sha256_of(data)
    with register.writing() as connection:
        uploads.note_upload(connection, person.id, sha256, at, came_on=came_on)
        journal.append_entry(
            connection,
            "document on paper recorded",
            at=at,
            actor=person.name,
            user=person.id,
            sha256=sha256,
            size=len(data),
            came_on=came_on.isoformat(),
            reason=why,
        )


def is_any_cycle_open(register: Register) -> bool:
    """Whether there is a cycle that a document can be for."""
    with register.reading() as connection:
        return bool(cycle_ids(connection))


def find_known(register: Register, data: bytes) -> str | None:
    """That a document came before, in words; None for a new one, and for one that was rejected."""
    with register.reading() as connection:
        before = submissions.taken_in_before(connection, sha256_of(data))
        came_at = (
            before.taken_in_at if before else received_emails.taken_in_before(connection, sha256_of(data))
        )
    if came_at is None:
        return None
    day = weekday_in_words(local_day(came_at))
    return f"We have this very document already: it came on {day}. Nothing else happens."


def hand_in_once(settings: Settings, name: str, data: bytes) -> bool:
    """Put a document into the inbox as `name`, unless an intake has it or is about to; whether it was put.

    An attempt before may have been killed after it had put it in. A document goes from the shared folder into
    a claim, from there into the archive, and is then recorded; it is looked for in that order, so that one
    that moves on meanwhile is found all the same. Raises InboxUnusable.
    """
    inbox = make_inbox_from_settings(settings)
    is_known = inbox.holds(data) or inbox.has_claimed(data)
    if is_known or Archive(settings.archive_folder).holds(sha256_of(data)):
        return False
    inbox.put_file(name, data)
    return True


def read_upload_soon(register: Register, settings: Settings, name: str, data: bytes) -> list[Reading]:
    """The document, or those of an email, as read within the bounds of every reading; none if not now.

    Few wait at once for what others send in: each waits in a thread, and every page needs one.
    """
    if not _waiting.acquire(blocking=False):
        return []
    try:
        known, limits = load_known_from_register(register, settings), make_reading_limits(settings)
        file = prepare_file(name, data, limits)
        found = shared_pool.read_documents_soon(file.documents(), known, limits, wait_seconds=_WAIT_SECONDS)
        return [] if found is None else [one.reading for one in file.deliver(found)]
    except ReadersUnavailable:
        return []
    finally:
        _waiting.release()


def _is_theirs(connection: Transaction, person: Person, reading: Reading) -> bool:
    if reading.evidence is None:
        return True
    roles = RegisterRoles(connection)
    return is_for_sender(decide_identity(reading.evidence, (), roles), person, roles)
