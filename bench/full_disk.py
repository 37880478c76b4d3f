"""Intake and advance on a disk that is really full: `python -m bench.full_disk`, as one who may mount.

A tmpfs holds the installation, with so many kilobytes free. What the run then says, and whether it goes
on to the same outbox when there is room again.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.faults import kills

_ROOMY = "size=8g"  # of which nothing is taken that is not used
_FREE = (*range(0, 200, 8), *range(200, 1400, 50))


def _mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)


def main() -> None:
    """Print a line for each amount of room."""
    with tempfile.TemporaryDirectory() as folder:
        before, whole, disk = (Path(folder) / name for name in ("before", "whole", "disk"))
        kills.make(before)
        shutil.copytree(before, whole)
        kills.run(whole)
        expected = kills.outbox_of(whole)
        disk.mkdir()
        for kilobytes in _FREE:
            _mount(disk, _ROOMY)
            try:
                home = Path(shutil.copytree(before, disk / "office"))
                _mount(disk, f"remount,size={shutil.disk_usage(disk).used // 1024 + kilobytes}k")
                said = kills.said_by_run(home) or "went through"
                _mount(disk, f"remount,{_ROOMY}")
                kills.run(home)
                wrong = kills.wrongs(home, expected)
                print(f"{kilobytes:6} kB free: {said:24} then {'; '.join(wrong) or 'as if nothing had been'}")
            finally:
                subprocess.run(["umount", "-l", str(disk)], check=True)


if __name__ == "__main__":
    main()
