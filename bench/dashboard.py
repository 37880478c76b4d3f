"""The dashboard under load: the boards of 15 and of 150 areas, and fifty people at once in a cycle of 15.

Fifty people are the contacts of 15 areas, the Chairs and the office, all of them there in the same minute.
Somebody who reads opens a page every few seconds; here each opens one every two seconds, and then one every
second, which shows where it gives way. Every page has been opened before: the first time takes longer.

python -m bench.dashboard
"""

import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from dashboard.context import COOKIE
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.model.access import Access
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import has_event
from peer_challenge.model.vocabulary import Stage
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register import challenges, events, journal, people, sessions
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Transaction, open_register
from peer_challenge.register.records import Event
from peer_challenge.settings import Settings
from peer_challenge.steering.draft_cycle import Part, begin_draft
from peer_challenge.steering.framework_drafts import begin_framework_from

USERS, PORT = 50, 8097
BARS = {15: 50, 150: 150}
"""Milliseconds that the board may take, by areas."""
CROWDED = 15
FRAMEWORK = "working-together-2018"
SECONDS = 12.0
PAUSES = (2.0, 1.0)
"""Seconds from one page of somebody to their next, those with which it is measured."""
PATHS = ("/", "/?show=overdue", "/?q=area-1", "/calendar", "/inbox", "/challenges/large/area-{n}", "/journal")
OTHERS = (
    *("/?sort=-due", "/rehearsal", "/restore", "/frameworks", "/frameworks/working-together-2018/delete"),
    *(
        "/several/large?what=note&area=area-{n}",
        "/cycle/large/dates?area=area-{n}",
    ),
    "/remind/large",
    *("/settings", "/settings/start", "/backups", "/messages", "/people", "/since", "/search", "/reports"),
    *("/partners", "/picture", "/cycle", "/cycle/large/timetable", "/cycle/large/areas/area-{n}"),
    *("/mail", "/retention", "/templates", "/house-style", "/system"),
    *("/drafts", "/drafts/1", *(f"/drafts/1/{part.value}" for part in Part), "/drafts/1/areas/1"),
    *("/drafts/1/check", "/drafts/1/open", "/framework-drafts/1", "/framework-drafts/1/words"),
    *("/framework-drafts/1/origins", "/framework-drafts/1/areas/leadership"),
)
"""The office's other pages, which are opened less often."""
AREAS_PAGES = ("/mine",)
"""What an area's contact opens; the office is sent on to the board."""
Took = list[tuple[str, float]]


def a_large_cycle(areas: int) -> Cycle:
    """A cycle of so many areas, opened a while ago."""
    today = datetime.now(UTC).date()
    return Cycle.model_validate(
        {
            "id": "large",
            "name": "A large cycle",
            "office": {"name": "The office", "email": "office@example.org"},
            "framework": FRAMEWORK,
            "dates": {
                "opens": (today - timedelta(days=90)).isoformat(),
                "self_assessment_due": (today - timedelta(days=40)).isoformat(),
            },
            "chairs": [{"id": f"chair-{n}", "name": f"Chair {n}"} for n in range(10)],
            "participants": [
                {"id": f"area-{n}", "name": f"Area number {n}", "police": f"force-{n % 40}"}
                for n in range(areas)
            ],
        }
    )


def make(home: Path, areas: int) -> tuple[list[str], list[str]]:
    """A register with that cycle, its areas spread over the stages, and a draft of a cycle and a framework.

    Returns the sessions of fifty people of the office, and of as many contacts of areas.
    """
    settings = Settings(home=home)
    migrate_installation(settings)
    register, cycle, now = open_register(settings), a_large_cycle(areas), datetime.now(UTC)
    stages = [stage for stage in Stage if stage is not Stage.WITHDRAWN]
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=now, actor="bench")
        for n, area in enumerate(cycle.authors):
            which, stage = f"large/{area.id}", stages[n % len(stages)]
            sent = now - timedelta(days=20 + n % 20)
            begins = now + timedelta(days=n % 30)
            if has_event(stage):
                ends = begins + timedelta(hours=2)
                chair = cycle.chairs[n % len(cycle.chairs)]
                events.store_event(connection, Event(which, chair.id, begins, ends, "", 0))
            connection.execute(
                t.challenges.update()
                .where(t.challenges.c.id == which)
                .values(
                    stage=stage.value,
                    challenger_id=f"area-{(n + 1) % areas}",
                    pack_issued_at=sent,
                    event_on=begins.date() if has_event(stage) else None,
                )
            )
            challenges.refresh_deadlines(connection, cycle, which)
        people.add_person(connection, "office@example.org", "Office", Access.OFFICE, at=now, actor="bench")
        user = people.find_user_by_email(connection, "office@example.org")
        assert user is not None
        people.set_password(connection, user.id, "four unrelated words", at=now, actor="bench")
        tokens = [sessions.begin_session(connection, user.id, now) for _ in range(USERS)]
        contacts = [_begin_as_contact(connection, f"area-{n % areas}", n, now) for n in range(USERS)]
    begin_draft(register, _next_cycle(cycle, now.date()), at=now, actor="bench")
    begin_framework_from(register, settings, FRAMEWORK, at=now, actor="bench")
    register.close()
    return tokens, contacts


def _next_cycle(cycle: Cycle, today: date) -> dict[str, object]:
    """The entries of a draft that is complete: the same areas, a month from now."""
    opens, due = (today + timedelta(days=days) for days in (30, 80))
    dates = {"opens": opens.isoformat(), "self_assessment_due": due.isoformat()}
    return {**entries_of_cycle(cycle), "id": "next", "name": "The next cycle", "dates": dates}


def _begin_as_contact(connection: Transaction, area: str, number: int, now: datetime) -> str:
    """The session of a new contact of an area."""
    email = f"contact-{number}@example.org"
    people.add_person(
        connection,
        email,
        "Contact",
        Access.PARTICIPANT,
        at=now,
        actor="bench",
        cycle_id="large",
        participant_id=area,
    )
    user = people.find_user_by_email(connection, email)
    assert user is not None
    people.set_password(connection, user.id, "four unrelated words", at=now, actor="bench")
    return sessions.begin_session(connection, user.id, now)


def board_alone(token: str, url: str) -> tuple[float, float, int]:
    """Median and worst milliseconds of the board, and its bytes, asked one after another."""
    with httpx.Client(
        base_url=url, cookies={COOKIE: token}, headers={"Accept-Encoding": "identity"}
    ) as client:
        client.get("/")
        took, size = [], 0
        for _ in range(40):
            begun = time.perf_counter()
            size = len(client.get("/").content)
            took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took), max(took), size


def crowd(tokens: list[str], pause: float, paths: tuple[str, ...] = PATHS, *, watching: int = 0) -> Took:
    """Path and milliseconds of every answer to fifty people who each open a page every `pause` seconds.

    They are a process of their own; `watching` of them have a live board open besides.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.crowd", "127.0.0.1", str(PORT), COOKIE, str(SECONDS), str(pause)],
        input=json.dumps({"tokens": tokens, "paths": paths, "watching": watching}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: Took = [tuple(one) for one in json.loads(done.stdout)]
    return found


def told_of(who: str, took: Took, cost: float) -> list[tuple[str, str, str]]:
    """The rows of the table about one crowd; `cost` is what the server spent, in seconds."""
    each = sorted(spent for _, spent in took)
    return [
        (f"{who}: median", f"{statistics.median(each):.0f} ms", ""),
        (f"... 95% of {len(each)} answers within", f"{each[int(len(each) * 0.95)]:.0f} ms", "< 300 ms"),
        ("... the slowest", f"{each[-1]:.0f} ms", ""),
        ("... processor time of the server, an answer", f"{cost / len(each) * 1000:.1f} ms", ""),
    ]


def costing(pid: int, do: Callable[[], Took]) -> tuple[Took, float]:
    """What `do` gives, and the seconds of processor time that a process used meanwhile (Linux)."""
    before = spent_by(pid)
    return do(), spent_by(pid) - before


def spent_by(pid: int) -> float:
    """Seconds of processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def something_happening(home: Path) -> Iterator[None]:
    """Once a second something is journalled, as when documents come in: open boards ask again."""
    register, is_over = open_register(Settings(home=home)), threading.Event()

    def happen() -> None:
        while not is_over.wait(1.0):
            with register.writing() as connection:
                journal.append_entry(connection, "something happened", at=datetime.now(UTC), actor="bench")

    thread = threading.Thread(target=happen)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        register.close()


@contextlib.contextmanager
def a_dashboard(areas: int) -> Iterator[tuple[Path, tuple[list[str], list[str]], str, int]]:
    """A dashboard of a cycle that serves: its home, the sessions that `make` returns, address and process."""
    with tempfile.TemporaryDirectory() as folder:
        tokens, url = make(Path(folder), areas), f"http://127.0.0.1:{PORT}"
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard"],
            env={**os.environ, "PEER_CHALLENGE_HOME": folder, "PEER_CHALLENGE_PORT": str(PORT)},
        )
        try:
            _await_answer(url)
            yield Path(folder), tokens, url, server.pid
        finally:
            server.terminate()
            server.wait()


def _await_answer(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{url}/sign-in")
            return
        time.sleep(0.1)


def board_rows(areas: int) -> list[tuple[str, str, str]]:
    """The rows of the table about one board, asked for by one person."""
    with a_dashboard(areas) as (_, (tokens, _contacts), url, _pid):
        median, worst, size = board_alone(tokens[0], url)
    told = f"{median:.0f} ({worst:.0f}) ms"
    return [
        (f"board of {areas} areas, median (worst of 40)", told, f"< {BARS[areas]} ms"),
        ("its size", f"{size / 1000:.0f} kB", "< 150 kB"),
    ]


def crowd_rows() -> list[tuple[str, str, str]]:
    """The rows of the table about fifty people at once, while it is calm and while something happens."""
    rows = []
    with a_dashboard(CROWDED) as (home, (tokens, contacts), _url, pid):
        for who, paths in ((tokens, PATHS), (tokens, OTHERS), (contacts, AREAS_PAGES)):
            crowd(who, PAUSES[0], paths)
        for pause in PAUSES:
            said = f"{USERS} people, {pause:.0f} s"
            rows += told_of(said, *costing(pid, lambda pause=pause: crowd(tokens, pause)))
            rows += told_of(
                f"{said}, each with a live board open",
                *costing(pid, lambda pause=pause: crowd(tokens, pause, watching=USERS)),
            )
            with something_happening(home):
                rows += told_of(
                    f"{said}, the same, something happening",
                    *costing(pid, lambda pause=pause: crowd(tokens, pause, watching=USERS)),
                )
            others, cost = costing(pid, lambda pause=pause: crowd(tokens, pause, OTHERS))
            rows += told_of(f"{said}, the office's other pages", others, cost) + slowest_of(others)
            own = costing(pid, lambda pause=pause: crowd(contacts, pause, AREAS_PAGES))
            rows += told_of(f"{said}, contacts of areas on their page", *own)
    return rows


def slowest_of(took: Took) -> list[tuple[str, str, str]]:
    """A row for each of the five pages that took longest, by the time within which 95% were answered."""
    by_page: dict[str, list[float]] = {}
    for path, spent in took:
        by_page.setdefault(re.sub(r"area-\d+", "area", path), []).append(spent)
    within = {path: sorted(each)[int(len(each) * 0.95)] for path, each in by_page.items()}
    slowest = sorted(within.items(), key=lambda one: -one[1])[:5]
    return [(f"... {path[:40]}", f"{spent:.0f} ms", "< 300 ms") for path, spent in slowest]


def main() -> None:
    """Print the table."""
    rows = [*(row for areas in BARS for row in board_rows(areas)), *crowd_rows()]
    for what, measured, bar in (("what", "measured", "bar"), *rows):
        print(f"{what:<60}{measured:>14}{bar:>12}")


if __name__ == "__main__":
    main()
