"""A pytest plugin that takes away what only Unix has: `python -m pytest -p tests.other_system FILE...`

Libraries choose by the system themselves, so they are imported first. What is imported and run afterwards is
ours. It finds no Unix module, no Unix name in `os`, `signal` and `select`, and no process that inherits a
handle. Only os.getuid stays, which pytest calls. It is no Windows: paths, locks and processes of Windows are
not here.
"""

import importlib
import os
import select
import signal
import subprocess
import sys
import warnings
from typing import Any

LIBRARIES = (
    *(
        "prefect",
        "prefect.server.api.server",
        "fastapi",
        "uvicorn",
        "sqlalchemy",
        "alembic.command",
        "psycopg",
    ),
    *("docx", "lxml.etree", "pandas", "great_expectations", "ortools.sat.python.cp_model"),
    *("filelock", "typer", "rich.console", "watchfiles", "matplotlib.pyplot", "openpyxl", "pptx", "httpx"),
    *(
        "authlib.integrations.starlette_client",
        "multiprocessing.connection",
        "tempfile",
        "shutil",
        "pyrage",
        "platformdirs.unix",
    ),
)
MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix")
NAMES: dict[Any, tuple[str, ...]] = {
    os: (
        *("fork", "killpg", "getpgid", "setsid", "geteuid", "getgid", "getegid", "chown", "fchmod"),
        *("fchown", "statvfs", "mkfifo", "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY"),
    ),
    signal: (
        *("SIGKILL", "SIGHUP", "SIGPROF", "SIGVTALRM", "SIGALRM", "SIGUSR1", "SIGCHLD", "SIGPIPE", "SIGSTOP"),
        *("setitimer", "ITIMER_PROF", "ITIMER_VIRTUAL", "ITIMER_REAL", "alarm", "pthread_sigmask"),
    ),
    select: ("poll", "epoll", "POLLHUP", "POLLERR", "POLLNVAL"),
}
OF_UNIX = ("pass_fds", "process_group", "preexec_fn", "start_new_session", "user", "group", "umask")


def take_away() -> None:
    """Leave this process without what only Unix has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for library in LIBRARIES:
            importlib.import_module(library)
    for module in MODULES:
        sys.modules[module] = None  # type: ignore[assignment]
    for holder, names in NAMES.items():
        for name in names:
            if hasattr(holder, name):
                delattr(holder, name)
    begin = subprocess.Popen.__init__

    def refuse(self: Any, *given: Any, **named: Any) -> None:
        unix = [name for name in OF_UNIX if named.get(name) not in (None, (), False, -1)]
        if unix:
            raise ValueError(f"{', '.join(unix)} is not supported on this system")
        begin(self, *given, **named)

    subprocess.Popen.__init__ = refuse  # type: ignore[method-assign]


take_away()
