"""Every benchmark, one after the other: `python -m bench`, or `python -m bench reading assignment`."""

import importlib
import sys

SHORT = (
    "commands",
    "reading",
    "rendering",
    "validation",
    "assignment",
    "timetable",
    "dates",
    "advice",
    "dashboard",
)
"""Those that take minutes at most; the others (fuzz_reading, kills, scale ...) are asked for by name."""


def main(names: list[str]) -> None:
    """Run the benchmarks named, or the short ones; each prints its table."""
    for name in names or SHORT:
        print(f"\n== {name}\n", flush=True)
        try:
            module = importlib.import_module(f"bench.{name}")
        except ModuleNotFoundError as missing:
            print(f"left out: {missing}")
            continue
        module.main()


if __name__ == "__main__":
    names, sys.argv[1:] = sys.argv[1:], []
    main(names)
