"""Make Prefect's empty database once, at set-up, so that no first start waits for its migrations.

python -m scripts.prefect_database
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cli.local_prefect import EMPTY_DATABASE


def make() -> None:
    """Write the empty database of the installed Prefect beside the environment."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PREFECT_HOME": folder, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        subprocess.run(
            [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        EMPTY_DATABASE.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(folder) / "prefect.db", EMPTY_DATABASE)


if __name__ == "__main__":
    make()
