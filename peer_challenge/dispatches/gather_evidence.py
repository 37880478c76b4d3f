"""Gathers what documents say of the files that came with a self-assessment."""

from peer_challenge.dispatches.evidence_lists import find_where_named
from peer_challenge.dispatches.facts import EvidenceFacts
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import evidence, frames, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.register.records import Challenge, Dispatch, Submission


def describe_evidence(file: EvidenceFile) -> EvidenceFacts:
    """A file as documents speak of it, without its bytes."""
    refusal = Refusal(file.refusal) if file.refusal else None
    return EvidenceFacts(file.number, file.name, file.ending, refusal, file.left_out)


def list_evidence_of(connection: Transaction, dispatch: Dispatch) -> tuple[EvidenceFacts, ...]:
    """The files of a receipt: those that came with its document, and those of earlier ones that go."""
    submission = submissions.load_submission(connection, int(str(dispatch.parameters["submission"])))
    return tuple(map(describe_evidence, evidence.list_for_receipt(connection, submission)))


def list_evidence_passed_on(
    connection: Transaction, challenge: Challenge, source: Submission | None
) -> tuple[EvidenceFacts, ...]:
    """The files that go with a pack, each with the sub-headings whose answers name it in `source`."""
    files = [describe_evidence(one) for one in evidence.list_passed_on(connection, challenge)]
    if not files or source is None:
        return tuple(files)
    rows = frames.records_of(connection, Kind.SELF_ASSESSMENT, source.id)
    return find_where_named(files, rows)
