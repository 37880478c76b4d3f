"""Reading a document again from the archive, for a decision of the office about it."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.intake.case import Case, check_cases, open_case
from peer_challenge.intake.emails.sender_of_form import load_origin
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.findings import Finding, can_be_different_later
from peer_challenge.model.vocabulary import Outcome, Severity
from peer_challenge.register import frames, journal
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register
from peer_challenge.register.records import Submission
from peer_challenge.settings import Settings
from peer_challenge.word.answers.identity_evidence import GivenIdentity
from peer_challenge.word.process.reader_pool import Readers


def reread_submission(
    register: Register,
    settings: Settings,
    row: Submission,
    given: GivenIdentity | None = None,
    *,
    version: int | None = None,
    without: int | None = None,
) -> tuple[Case, list[Finding]]:
    """The case of a document that is in the register, read again, and the rules that it breaks.

    `given` is what the office says that it is; `version` the version that it is already; `without` the id of
    a decision that does not count any more.
    """
    with register.reading() as connection:
        origin = load_origin(connection, row.id)
    data = Archive(settings.archive_folder).get(row.sha256)
    known, limits = load_known_from_register(register, settings), make_reading_limits(settings)
    with Readers(known, limits=limits, given=given) as readers:
        reading = readers.read(data, name=row.file_name)
    reading.attachments += [one.name for one in origin.attachments if one.sha256] if origin else []
    with register.reading() as connection:
        case = open_case(connection, reading, origin, version=version, without=without)
    return case, check_cases([case])[0]


def try_submission_again(
    register: Register, settings: Settings, row: Submission, *, name: str, at: datetime, actor: str
) -> None:
    """Put the original of a rejected document into the inbox under `name`, to be read like any other.

    Raises WrongUse where it was not rejected, and where reading it again would change nothing.
    """
    with register.reading() as connection:
        findings = frames.findings_of(connection, row.id)
    rejecting = [finding.code for finding in findings if finding.severity is Severity.REJECT]
    if row.outcome is not Outcome.REJECTED or not can_be_different_later(rejecting):
        raise WrongUse(
            "Reading this document again would change nothing.",
            remedy="The Inbox page says why it was rejected, and what its sender can do.",
        )
    make_inbox_from_settings(settings).put_file(name, Archive(settings.archive_folder).get(row.sha256))
    with register.writing() as connection:
        journal.append_entry(
            connection,
            "document tried again",
            at=at,
            actor=actor,
            cycle_id=row.cycle_id,
            challenge_id=row.challenge_id,
            submission=row.id,
        )
