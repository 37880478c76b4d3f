"""What the process that examines calls. Importing this takes seconds, which it spends before it is asked."""

from collections.abc import Mapping
from typing import Any

from peer_challenge.submissions import run_checks
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.word.answers.reading import Reading


def examine_plainly(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[dict[str, Any]]]:
    """What examining.examine_readings finds, each finding with the keys of Finding.as_dict."""
    found = run_checks.examine_readings(readings, contexts)
    return {key: [finding.as_dict() for finding in findings] for key, findings in found.items()}
