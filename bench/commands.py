"""How soon a command answers: by the clock, in seconds of a processor, and against `python -c pass`.

`python -m bench.commands` runs each five times, in turn, in a home with the example's cycle open.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench.outbox_files import list_documents
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.paths import ROOT

BARS = {"--help": 0.4, "dates": 0.4, "status": 0.8, "check": 3.0}
"""Seconds by the clock, on a machine that does nothing else."""
TIMES = 5
# an empty form is rejected, so a command may end with another code than 0


def measure_command(words: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and of a processor, until a command has ended, with its own processes."""
    began, before = time.perf_counter(), _processor_seconds()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=False, capture_output=True)
    return time.perf_counter() - began, _processor_seconds() - before


def _processor_seconds() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def list_commands(home: Path) -> dict[str, list[str]]:
    """Each command's words, by its name, once a cycle is open in `home`."""
    here = ["--home", str(home)]
    opening = ["-m", "cli", "open", str(ROOT / "docs" / "example-cycle.yaml"), *here]
    subprocess.run([sys.executable, *opening], cwd=ROOT, check=True, capture_output=True)
    form = list_documents(home / "outbox", DispatchKind.SELF_ASSESSMENT_TEMPLATE)[0]
    return {
        "python -c pass": ["-c", "pass"],
        "--help": ["-m", "cli", "--help"],
        "dates": ["-m", "cli", "dates", "2027-03-01"],
        "status": ["-m", "cli", "status", *here],
        "check": ["-m", "cli", "check", str(form), *here],
    }


def main() -> None:
    """Print the middle of five runs of each command."""
    found = defaultdict[str, list[tuple[float, float]]](list)
    with tempfile.TemporaryDirectory() as folder:
        commands = list_commands(Path(folder))
        for _ in range(TIMES):
            for name, words in commands.items():
                found[name].append(measure_command(words))
    middle = {
        name: [statistics.median(column) for column in zip(*runs, strict=True)]
        for name, runs in found.items()
    }
    least = middle["python -c pass"][1]
    print(f"{'':16}{'clock':>8}{'bar':>6}{'processor':>11}{'x pass':>8}")
    for name, (clock, processor) in middle.items():
        bar = f"{BARS[name]:.1f}" if name in BARS else ""
        print(f"{name:16}{clock:>7.2f}s{bar:>6}{processor:>10.2f}s{processor / least:>8.0f}")


if __name__ == "__main__":
    main()
