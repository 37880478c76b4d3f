"""What pyproject.toml can't say: a wheel holds the dashboard's styles, which git does not keep."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

ROOT = Path(__file__).resolve().parent
STYLES = ROOT / "dashboard" / "static" / "vendor" / "govuk-frontend.min.css"


class BuildWithStyles(build_py):
    """Builds the packages, and brings the styles first where they are missing."""

    def run(self) -> None:
        """Build. Raises SetupError where there are no styles and npm can't bring them."""
        if not self.editable_mode and not STYLES.exists():
            subprocess.run([sys.executable, "-m", "scripts.assets"], cwd=ROOT, check=False)
            if not STYLES.exists():
                raise SetupError("The dashboard's styles are missing: run `make assets`, then build again.")
            self.data_files = self._get_data_files()
        super().run()


setup(cmdclass={"build_py": BuildWithStyles})
