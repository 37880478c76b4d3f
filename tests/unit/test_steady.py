"""What tests wait with: it lasts while something moves or wants to, and ends when nothing does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting

TESTS = Path(__file__).resolve().parents[1]
_CLOCKS = re.compile(r"timeout=\d|\.wait\(\d|\.join\(\d|time\.monotonic\(\) \+|mark\.timeout")
_BY_THE_CLOCK = {
    "waiting.py": "gives up a look, not a wait",
    "faults/test_serving.py": "how long one question may take; it is asked again",
    "web/test_openid.py": "how long one question may take; it is asked again",
    "flows/dask_strangers.py": "how long a stranger waits for an answer that may not come",
    "unit/register/test_archive.py": "how long a step may hang on a pipe that nobody writes to",
    "unit/operations/test_backup_seal.py": "types again each second until it is answered",
    "web/service.py": "how long one question may take; it is asked again",
    "web/test_gate.py": "how long one question may take, on a machine that does nothing else for it",
    "web/test_rights.py": "how long one question may take, as a bound on a service that hangs",
    "web/test_slow_visitors.py": "the time-outs of the dashboard are what is tested",
    "web/test_web_servers.py": "how long one question may take; it is asked again",
    "security/test_prefect.py": "how long one question may take; it is asked again",
}


def test_a_process_that_works_is_waited_for_though_it_takes_longer_than_patience() -> None:
    work = "import time\nwhile time.process_time() < 3: pass\nprint('done')"
    with subprocess.Popen([sys.executable, "-c", work], text=True, stdout=subprocess.PIPE) as process:
        assert waiting.wait_for_end(process, patience=1.5)[0] == "done\n"


def test_a_process_that_is_still_is_not_waited_for_and_is_ended() -> None:
    asleep = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], text=True)
    with pytest.raises(AssertionError, match="still"):
        waiting.wait_for_end(asleep, patience=1.5)
    assert asleep.poll() is not None


def test_what_a_process_started_counts_as_its_moving() -> None:
    work = "import time\nwhile time.process_time() < 3: pass"
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    process = subprocess.Popen([sys.executable, "-c", command], text=True)
    waiting.wait_for_end(process, patience=1.5)
    assert process.returncode == 0


def test_waiting_for_what_can_no_longer_happen_ends() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    with pytest.raises(AssertionError, match="has ended: a thing"):
        waiting.wait_until(lambda: False, "a thing", gone.pid)


def test_a_command_that_fails_is_told_with_what_it_wrote() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('it was no good')"]
    assert waiting.run(command).returncode == 1
    with pytest.raises(AssertionError, match="it was no good"):
        waiting.run(command, check=True)


def test_no_test_has_a_deadline_by_the_clock() -> None:
    """A number of seconds after which a test gives up is one that a busy machine reaches."""
    found = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if _CLOCKS.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(_BY_THE_CLOCK)
