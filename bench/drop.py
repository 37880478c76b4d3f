"""Many documents put into the inbox at once, on the running service: `python -m bench.drop [DOCUMENTS]`.

Filled-in self-assessments, one version after another of each of 15 areas, are renamed into the inbox of
`peer-challenge serve` within a second. Told are the time until all are taken in, how answers came
out meanwhile, and how long the dashboard took to answer.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import sqlalchemy as sa

from bench.latency import opened, serving
from bench.outbox_files import read_blank_form
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.rehearsal import Region
from peer_challenge.settings import Settings, load_settings

_LONGEST = 1800.0


def main() -> None:
    """Print the figures."""
    count = int((*sys.argv[1:2], "1000")[0])
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), {})
        region = opened(settings)
        waiting = [written(settings, region, number) for number in range(count)]
        with serving(folder) as port:
            begun = time.monotonic()
            for number, draft in enumerate(waiting):
                draft.rename(settings.inbox_folder / f"{number:04d}.docx")
            dropped = time.monotonic() - begun
            answered, pages = _watched(settings, port, count, begun)
    slow = max(after - before for before, after in pairwise(answered))
    print(f"{count} documents dropped in {dropped:.1f} s, load {os.getloadavg()[0]:.1f}")
    print(f"  all answered after {answered[-1]:.0f} s, {answered[-1] / count * 1000:.0f} ms each")
    print(f"  first answers after {answered[0]:.1f} s, then never longer than {slow:.1f} s without one")
    print(f"  the dashboard: median {statistics.median(pages) * 1000:.0f} ms, longest {max(pages):.2f} s")


def written(settings: Settings, region: Region, number: int) -> Path:
    """A document that is no version before it again, beside the inbox under a name that is passed over."""
    cycle = region.people.cycle
    who = cycle.participants[number % len(cycle.participants)].id
    form = read_blank_form(settings.outbox_folder / cycle.id / who)
    version = number // len(cycle.participants)
    signed = cycle.dates.opens + timedelta(days=version)
    draft = settings.inbox_folder / f".{number}.tmp"
    draft.write_bytes(region.fill(Kind.SELF_ASSESSMENT, form, who, round=version, on=signed))
    return draft


def _watched(settings: Settings, port: int, count: int, begun: float) -> tuple[list[float], list[float]]:
    """When answers were seen to have come out, and how long each look at the dashboard took."""
    register = open_register(settings)
    answered: list[float] = []
    pages: list[float] = []
    seen = 0
    while seen < count and time.monotonic() - begun < _LONGEST:
        with register.reading() as connection:
            out = sa.select(sa.func.count()).where(
                t.dispatches.c.kind.in_(["receipt", "query_letter"]), t.dispatches.c.state == "issued"
            )
            now_out = connection.scalar(out) or 0
        if now_out > seen:
            answered.append(time.monotonic() - begun)
            seen = now_out
        asked = time.monotonic()
        httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=30)
        pages.append(time.monotonic() - asked)
        time.sleep(0.25)
    register.close()
    assert seen >= count, f"{seen} of {count} answered"
    return answered, pages


if __name__ == "__main__":
    main()
