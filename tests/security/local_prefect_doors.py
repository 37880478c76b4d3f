"""Who gets in at the Prefect of one command: `python -m tests.security.local_prefect_doors HOME`.

Run by test_prefect.py in a process of its own. Prints a status for each who asks.
"""

import sys
from pathlib import Path

import httpx

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.settings import load_settings

SECONDS = 120  # for one answer: the machine may be busy


def main(home: Path) -> None:
    """Ask for the server's version as ourselves, without the password, and from another page."""
    prepare_prefect(load_settings(home), quiet=True)
    with local_prefect() as server:
        server.wait()
        user, _, password = server.access["PREFECT_API_AUTH_STRING"].partition(":")
        url, own = f"{server.api_url}/admin/version", httpx.BasicAuth(user, password)
        print("ours", httpx.get(url, auth=own, timeout=SECONDS).status_code)
        print("no password", httpx.get(url, timeout=SECONDS).status_code)
        print("guessed", httpx.get(url, auth=(user, "guessed"), timeout=SECONDS).status_code)
        foreign = {"Origin": "https://evil.example"}
        print("another page", httpx.get(url, auth=own, headers=foreign, timeout=SECONDS).status_code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
