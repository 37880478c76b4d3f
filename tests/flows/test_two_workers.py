"""Two workers share a full inbox: each document is taken in and answered once, and both have a part of it."""

import json
import sys
from pathlib import Path

from peer_challenge.paths import ROOT
from tests import waiting

COUNT = 400


def test_two_workers_share_400_documents_on_postgresql(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.two_workers", str(tmp_path), str(COUNT)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert (told["documents"], told["different"]) == (COUNT, COUNT)
    assert told["answers"] == {"issued": COUNT}
    assert told["left"] == 0
    assert told["is_healthy"]
    least, most = told["by_run"]
    assert least + most == COUNT
    assert least >= COUNT // 10, "one of them did nearly all"
