"""Simulated years of three overlapping cycles, held against an independent oracle: whatever went wrong.

`python -m bench.dates 50` plays fifty years (five when nothing is said).
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple

from tests.unit.dates.oracle import Verdict, verdict
from tests.unit.dates.year import play

WORKERS = 2
COLUMNS = ("expected", "missed", "duplicate", "wrong day", "unasked", "double-booked")


def one_year(seed: int) -> tuple[Verdict, int, int]:
    """The verdict on the year of `seed`, how many events it had, and how often the scheduler ran."""
    year = play(seed)
    return verdict(year), len(year.events), len(year.runs)


def main() -> None:
    """Print the sums over all years; leave with 1 when anything went wrong."""
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        found = list(pool.map(one_year, range(100, 100 + years)))
    sums = [sum(numbers) for numbers in zip(*(astuple(each[0]) for each in found), strict=True)]
    events, runs = sum(each[1] for each in found), sum(each[2] for each in found)
    print(
        f"{years} years, {runs} runs of the scheduler, {events} events, {time.perf_counter() - began:.0f} s"
    )
    for name, number in zip(COLUMNS, sums, strict=True):
        print(f"  {name:<14} {number:>6}")
    if any(each[0].faults for each in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
