"""Decides whether a signed-in person may send in a document: only a form that is theirs to hand in.

Where this cannot be decided here, because reading takes too long or the document says too little, the
document is taken in. Intake decides again with all the evidence, and holds what is doubtful.
"""

import threading
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.access import Person
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.identification import decide_identity, is_for_sender
from peer_challenge.register import journal, submissions, uploads
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.listings import UPLOAD_REFUSED
from peer_challenge.register.roles import RegisterRoles
from peer_challenge.settings import Settings
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.process import shared_pool
from peer_challenge.word.process.reader_pool import ReadersUnavailable

_MOST_AT_ONCE = 8
_WAIT_SECONDS = 10.0
_waiting = threading.BoundedSemaphore(_MOST_AT_ONCE)

NOT_YOURS = (
    "This form is not one of yours to send in, so it was not taken in. Send the form that was sent to you. "
    "If you think that this is wrong, ask the programme office: it has been told."
)
"""The same words whatever the reason: they tell nothing beyond what somebody's own file says."""


def admit_upload(
    register: Register, settings: Settings, person: Person, name: str, data: bytes, at: datetime
) -> str | None:
    """Record that `person` sends in a document. Returns why it is refused, in words, or None when it is not.

    The upload is recorded before the file is in the inbox, so that nobody takes it in without knowing who
    sent it. A refused document is not kept: the journal has its hash and who sent it.
    """
    reading = None if person.is_office else _read_document(register, settings, name, data)
    sha256 = sha256_of(data)
    with register.writing() as connection:
        is_refused = reading is not None and not _is_theirs(connection, person, reading)
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


def find_known(register: Register, data: bytes) -> str | None:
    """That a document came before, in words; None for a new one, and for one that was rejected."""
    with register.reading() as connection:
        before = submissions.taken_in_before(connection, sha256_of(data))
    if before is None:
        return None
    day = weekday_in_words(local_day(before.received_at))
    return f"We have this very document already: it came on {day}. Nothing else happens."


def hand_in_once(settings: Settings, name: str, data: bytes) -> bool:
    """Put a document into the inbox as `name`, unless an intake has it or is about to; whether it was put.

    An attempt before may have been killed after it had put it in. A document goes from the shared folder into
    a claim, from there into the archive, and is then recorded; it is looked for in that order, so that one
    that moves on meanwhile is found all the same. Raises InboxUnusable.
    """
    inbox = make_inbox_from_settings(settings)
    is_known = inbox.holds(data) or inbox.has_claimed(data)
    if is_known or Archive(settings.archive_folder).path_of(sha256_of(data)).exists():
        return False
    inbox.put_file(name, data)
    return True


def _read_document(register: Register, settings: Settings, name: str, data: bytes) -> Reading | None:
    """The document as read within the bounds of every reading; None where nothing can be read now.

    Few wait at once for what others send in: each waits in a thread, and every page needs one.
    """
    if not _waiting.acquire(blocking=False):
        return None
    try:
        known, limits = load_known_from_register(register, settings), make_reading_limits(settings)
        return shared_pool.read_one_document(name, data, known, limits, wait_seconds=_WAIT_SECONDS)
    except ReadersUnavailable:
        return None
    finally:
        _waiting.release()


def _is_theirs(connection: Transaction, person: Person, reading: Reading) -> bool:
    if reading.evidence is None:
        return True
    roles = RegisterRoles(connection)
    return is_for_sender(decide_identity(reading.evidence, (), roles), person, roles)
