"""Saying in words that Ctrl-C was pressed. Imports nothing that takes time."""

import sys
from typing import NoReturn

INTERRUPTED = 130
"""What shells give for a program that Ctrl-C ended: 128, and 2 for SIGINT."""


def exit_interrupted() -> NoReturn:
    """End this program with exit code 130, and say that nothing is half done."""
    print("Stopped.\nNothing is half done: run the same command again to go on.", file=sys.stderr)
    sys.exit(INTERRUPTED)
