"""What is found of documents by reader and suites together, in this process."""

from collections.abc import Mapping

from peer_challenge.model.findings import Finding
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.judge import judge_document
from peer_challenge.submissions.run_checks import run_suites
from peer_challenge.word.answers.reading import Reading


def judge_readings(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """All findings of each reading, as a verdict has them."""
    checked = run_suites(readings, contexts)
    return {
        key: [*judge_document(reading, contexts.get(key), checked[key]).findings]
        for key, reading in readings.items()
    }


def judge_reading(reading: Reading, context: SubmissionContext | None = None) -> list[Finding]:
    """All findings of one reading."""
    return judge_readings({"": reading}, {"": context} if context is not None else {})[""]
