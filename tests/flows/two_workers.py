"""Two workers' processes at one full inbox: `python -m tests.flows.two_workers FOLDER DOCUMENTS`.

Run by test_two_workers.py in a process of its own, with a real Prefect server and the register on a real
PostgreSQL. Prints, as JSON, what the register holds, and what each run took in by Prefect's own page. The
documents are small ones: the forms of a cycle that asks about one area of focus.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cli.local_prefect import LocalPrefect, local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations import prefect_access
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.rehearsal import Region
from peer_challenge.settings import Settings
from tests.factories import a_cycle
from tests.faults import kills, postgresql
from tests.fill_form import fill_form

_FIELD = ("leadership/equal-duty", "strengths")


def main(folder: Path, count: int) -> None:
    """Fill an inbox, let two processes take it in, and print what came of it."""
    os.environ |= {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_INTAKES": "2"}
    with postgresql.running() as server:
        home = folder / "office"
        home.mkdir()
        postgresql.connect(server, home, "template0")
        settings = kills.settings_of(home)
        _fill_inbox(settings, _open_small_cycle(settings), count)
        prepare_prefect(settings, quiet=True)
        with local_prefect() as prefect:
            prefect.wait()
            _take_in_by_two(home)
            by_run = _count_by_run(prefect)
        print(json.dumps({"by_run": by_run} | _look_into_register(settings)))


def work(home: str) -> None:
    """Be a worker's process: say that all is loaded, and run intake once the other one is ready too."""
    from flows.intake import intake

    print("ready", flush=True)
    sys.stdin.readline()
    intake(home, kills.AT.isoformat())


def _open_small_cycle(settings: Settings) -> Cycle:
    whole = a_cycle(4)
    framework = shipped_frameworks()[whole.framework]
    others = tuple(area.id for area in framework.focus_areas if area.id != _FIELD[0].partition("/")[0])
    cycle = whole.model_copy(update={"omit": others})
    migrate_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, framework, at=kills.AT, actor="test")
    advance_challenges(register, settings, kills.AT)
    register.close()
    return cycle


def _fill_inbox(settings: Settings, cycle: Cycle, count: int) -> None:
    """So many versions of the areas' forms, each of them another."""
    framework = shipped_frameworks()[cycle.framework].without(cycle.omit)
    people = Region(1, cycle, framework)
    forms = []
    for area in cycle.participants:
        folder = settings.outbox_folder / cycle.id / area.id
        template = next(folder.glob("*Fill in - Self-assessment*")).read_bytes()
        forms.append(people.fill(Kind.SELF_ASSESSMENT, template, area.id, round=1))
    for number in range(count):
        said = {_FIELD: f"The three partners meet as equals, in version {number} of this form too."}
        form = fill_form(forms[number % len(forms)], said)
        (settings.inbox_folder / f"{number:04d}.docx").write_bytes(form)


def _take_in_by_two(home: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", __spec__.name, str(home)]
    pipe = subprocess.PIPE
    workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    begun = time.monotonic()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    print(f"{time.monotonic() - begun:.1f} s", file=sys.stderr)


def _count_by_run(prefect: LocalPrefect) -> list[int]:
    """How many documents each run of intake took in, by the tables that it left on Prefect's page."""
    with prefect_access._open_http_client(
        prefect.api_url, prefect.access["PREFECT_API_AUTH_STRING"], 60
    ) as client:
        headers = prefect_access._csrf_headers(client)
        found: list[dict[str, Any]] = []
        while page := client.post(
            "/artifacts/filter", json={"offset": len(found), "limit": 100}, headers=headers
        ).json():
            found += page
    taken = Counter[str]()
    for artifact in found:
        if artifact["key"] == "taken-in":
            taken[artifact["flow_run_id"]] += len(json.loads(artifact["data"]))
    return sorted(taken.values())


def _look_into_register(settings: Settings) -> dict[str, Any]:
    register = open_register(settings)
    with register.reading() as connection:
        shas = list(connection.scalars(sa.select(t.submissions.c.sha256)))
        answers = sa.select(t.dispatches.c.state).where(t.dispatches.c.kind.in_(["receipt", "query_letter"]))
        states = Counter(connection.scalars(answers))
    register.close()
    inbox = [path.name for path in settings.inbox_folder.iterdir()]
    return {
        "documents": len(shas),
        "different": len(set(shas)),
        "answers": dict(states),
        "left": len(inbox) + len([path for path in settings.intake_folder.rglob("*") if path.is_file()]),
        "is_healthy": is_healthy(examine_installation(settings)),
    }


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        work(sys.argv[1])
