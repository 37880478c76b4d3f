"""What runs in the checking process.

Importing this module takes seconds, so it is imported before the first call.
"""

from collections.abc import Mapping

from peer_challenge.submissions import run_checks
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.word.answers.reading import Reading


def run_suites_plainly(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[dict[str, str | None]]]:
    """The findings of run_checks.run_suites by submission, each as a dict (Finding.as_dict)."""
    found = run_checks.run_suites(readings, contexts)
    return {key: [finding.as_dict() for finding in findings] for key, findings in found.items()}
