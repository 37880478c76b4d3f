"""What a child process of a test calls: examining that never ends over one document."""

import time
from collections.abc import Mapping
from typing import Any

from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.checking_child import run_suites_plainly
from peer_challenge.word.answers.reading import Reading

ENDLESS = "this never ends"


def examine_or_work_on(readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]) -> Any:
    """What run_suites_plainly finds, unless a reading says ENDLESS under strengths: then nothing, ever."""
    while any(row.get("strengths") == ENDLESS for reading in readings.values() for row in reading.rows):
        time.thread_time()
    return run_suites_plainly(readings, contexts)
