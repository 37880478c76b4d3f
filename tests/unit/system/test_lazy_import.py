"""A module that is imported when it is used is the same module, and costs nothing until then."""

import subprocess
import sys


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_it_is_imported_when_used_and_not_before() -> None:
    said = _run(
        "import sys\n"
        "from peer_challenge.system.lazy_import import import_when_used\n"
        "import_when_used('colorsys')\n"
        "import colorsys\n"
        "print('rgb_to_hsv' in vars(colorsys))\n"
        "print(colorsys.rgb_to_hsv(0, 0, 1)[2])\n"
        "from colorsys import rgb_to_hsv\n"
        "print(rgb_to_hsv is sys.modules['colorsys'].rgb_to_hsv)\n"
    )
    assert said.split() == ["False", "1", "True"]


def test_what_was_imported_already_stays() -> None:
    said = _run(
        "import colorsys as before\n"
        "from peer_challenge.system.lazy_import import import_when_used\n"
        "import_when_used('colorsys')\n"
        "import colorsys\n"
        "print(colorsys is before)\n"
    )
    assert said.strip() == "True"


def test_validating_needs_neither_statistics_nor_plots() -> None:
    said = _run(
        "import sys\n"
        "import peer_challenge.submissions.great_expectations\n"
        "print([name for name in ('scipy.optimize', 'altair.vegalite') if name in sys.modules])\n"
    )
    assert said.strip() == "[]"
