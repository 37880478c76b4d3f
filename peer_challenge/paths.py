"""Where files shipped beside the code are found. Only this module knows the depth of the tree."""

from pathlib import Path

CODE = Path(__file__).resolve().parent
"""The folder of this package."""

ROOT = CODE.parent
"""The folder of the whole program, which holds the packages that Python imports."""

TEMPLATES = ROOT / "templates"
"""Word, web, framework and phrase files."""
