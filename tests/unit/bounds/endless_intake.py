"""Intake of an endless document, to be killed: `python -m tests.unit.bounds.endless_intake HOME`.

Prints a line when the examining has begun; it would go on for longer than any test.
"""

import sys
from pathlib import Path

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from peer_challenge.submissions import checking_process
from peer_challenge.system.bounded_work import BoundedWorker, Bounds
from tests.unit.bounds.test_intake_goes_on import AT


class _Telling(BoundedWorker):
    def ask(self, *given: object) -> None:
        super().ask(*given)
        if given[0]:  # not the empty call that loads it
            print("examining", flush=True)


def main(home: Path) -> None:
    """Take in what is in the inbox, with bounds that nobody waits for."""
    endless = Bounds(3600, 900)
    checking_process._worker = _Telling("tests.unit.submissions.endless", "examine_or_work_on", endless)
    settings = load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    take_in_ready_documents(open_register(settings), settings, AT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
