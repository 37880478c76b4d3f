"""The dashboard under load: the board of 150 areas, and fifty people at once.

python -m bench.dashboard
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from dashboard.context import COOKIE
from peer_challenge.cycle import Cycle
from peer_challenge.framework import shipped_frameworks
from peer_challenge.policy import Access
from peer_challenge.register import challenges, people
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import migrate, open_register
from peer_challenge.settings import Settings
from peer_challenge.vocabulary import Stage

AREAS, USERS, PORT = 150, 50, 8097
SECONDS, PAUSE = 12.0, 1.0
PATHS = ("/", "/?show=overdue", "/?q=area-1", "/calendar", "/inbox", "/challenges/large/area-{n}", "/journal")


def a_large_cycle() -> Cycle:
    """A cycle of 150 areas, opened a while ago."""
    today = datetime.now(UTC).date()
    return Cycle.model_validate(
        {
            "id": "large",
            "name": "A large cycle",
            "framework": "working-together-2018",
            "dates": {
                "opens": (today - timedelta(days=90)).isoformat(),
                "self_assessment_due": (today - timedelta(days=40)).isoformat(),
            },
            "chairs": [{"id": f"chair-{n}", "name": f"Chair {n}"} for n in range(10)],
            "participants": [
                {"id": f"area-{n}", "name": f"Area number {n}", "police": f"force-{n % 40}"}
                for n in range(AREAS)
            ],
        }
    )


def make(home: Path) -> list[str]:
    """A register with that cycle, its areas spread over the stages; returns the sessions of fifty people."""
    settings = Settings(home=home)
    migrate(settings)
    register, cycle, now = open_register(settings), a_large_cycle(), datetime.now(UTC)
    stages = [stage for stage in Stage if stage is not Stage.WITHDRAWN]
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=now, actor="bench")
        for n, area in enumerate(cycle.authors):
            which = f"large/{area.id}"
            sent = now - timedelta(days=20 + n % 20)
            connection.execute(
                t.challenges.update()
                .where(t.challenges.c.id == which)
                .values(
                    stage=stages[n % len(stages)].value,
                    challenger_id=f"area-{(n + 1) % AREAS}",
                    pack_issued_at=sent,
                    event_on=date.today() + timedelta(days=n % 30),
                )
            )
            challenges.refresh_deadlines(connection, cycle, which)
        people.add_person(connection, "office@example.org", "Office", Access.OFFICE, at=now, actor="bench")
        user = people.by_email(connection, "office@example.org")
        assert user is not None
        people.change_password(connection, user.id, "four unrelated words", at=now, actor="bench")
        tokens = [people.begin_session(connection, user.id, now) for _ in range(USERS)]
    register.close()
    return tokens


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


async def crowd(tokens: list[str], url: str) -> list[float]:
    """Milliseconds of every answer to fifty people who each open a page a second."""
    until, took = time.monotonic() + SECONDS, []

    async def one(number: int, token: str) -> None:
        async with httpx.AsyncClient(base_url=url, cookies={COOKIE: token}, timeout=30) as client:
            await asyncio.sleep(PAUSE * number / USERS)
            asked = number
            while time.monotonic() < until:
                begun = time.perf_counter()
                answer = await client.get(PATHS[asked % len(PATHS)].format(n=asked % AREAS))
                answer.raise_for_status()
                spent = time.perf_counter() - begun
                took.append(spent * 1000)
                asked += 1
                await asyncio.sleep(max(0.0, PAUSE - spent))

    await asyncio.gather(*(one(n, token) for n, token in enumerate(tokens)))
    return sorted(took)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home, url = Path(folder), f"http://127.0.0.1:{PORT}"
        tokens = make(home)
        command = [sys.executable, "-m", "uvicorn", "--factory", "dashboard.asgi:application"]
        server = subprocess.Popen(
            [*command, "--port", str(PORT), "--log-level", "warning"],
            env={**os.environ, "PEER_CHALLENGE_HOME": folder},
        )
        try:
            for _ in range(200):
                try:
                    httpx.get(f"{url}/sign-in")
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            median, worst, size = board_alone(tokens[0], url)
            took = asyncio.run(crowd(tokens, url))
        finally:
            server.terminate()
            server.wait()
    p95 = took[int(len(took) * 0.95)]
    many = statistics.median(took)
    rows = (
        ("board of 150 areas, median (worst of 40)", f"{median:.0f} ({worst:.0f}) ms", "< 100 ms"),
        ("its size", f"{size / 1000:.0f} kB", "< 150 kB"),
        (f"{USERS} people, a page a second each: median", f"{many:.0f} ms", ""),
        (f"... 95% of {len(took)} answers within", f"{p95:.0f} ms", "< 300 ms"),
    )
    for what, measured, bar in (("what", "measured", "bar"), *rows):
        print(f"{what:<52}{measured:>14}{bar:>12}")


if __name__ == "__main__":
    main()
