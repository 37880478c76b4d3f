"""A sender that is killed sends nothing twice and nothing to another; what may have gone is in doubt."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.faults import kills, post_kills

PLACES = 6


@pytest.mark.slow
def test_killed_while_sending_each_message_goes_once_or_is_in_doubt(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with post_kills.serve_in_another_process(kept) as port:
        before = tmp_path / "before"
        post_kills.make(before, port)
        send = partial(post_kills.run, port=port)
        was_killed, steps = kills.run_in_child(Path(shutil.copytree(before, tmp_path / "whole")), run=send)
        assert not was_killed
        for number in range(PLACES):
            home = Path(shutil.copytree(before, tmp_path / f"office-{number}"))
            for path in kept.glob("*.json"):
                path.unlink()
            kill_at = 1 + (2 * number + 1) * steps // (2 * PLACES)
            was_killed, _ = kills.run_in_child(home, kill_at, run=send)
            assert was_killed, kill_at
            kills.run_in_child(home, run=send)
            assert post_kills.find_wrongs(home, port, kept, doubts=1) == [], kill_at
