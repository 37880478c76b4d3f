"""Access to Prefect's server: the password, made at each start of the service, and requests to its API.

The password is `user:password`, as Prefect takes it. Unless the settings give one, the process that
starts the server makes one and writes it to a file that only the service's account can read. All other
processes read it there each time they need it, since the next start makes another.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict
from uuid import uuid4

import httpx

from peer_challenge.settings import Settings, format_local_host

FILE_NAME = "prefect-password"
_USER = "peer-challenge"
_CSRF_CLIENT = f"{_USER}-{uuid4()}"  # the server keeps one token for each name it is given


def make_password(settings: Settings) -> str:
    """The password for a server that starts now: the one in the settings, otherwise a new one, put in a file.

    The file has mode 0600 from its first byte and replaces anything of its name, even a link.
    """
    file = settings.var / FILE_NAME
    if settings.prefect_auth is not None:
        file.unlink(missing_ok=True)  # nobody takes an old one for the settings' own
        return settings.prefect_auth.get_secret_value()
    password = new_password()
    settings.var.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=f".{FILE_NAME}.", dir=settings.var)
    with os.fdopen(descriptor, "w", encoding="ascii") as writing:
        writing.write(password + "\n")
    Path(draft).replace(file)
    return password


def read_password(settings: Settings) -> str | None:
    """The password of the server that runs; None if none was made.

    Raises OSError if its file can't be read.
    """
    if settings.prefect_auth is not None:
        return settings.prefect_auth.get_secret_value()
    try:
        return (settings.var / FILE_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


class FlowRunJson(TypedDict, total=False):
    """What we read of a flow run in Prefect's JSON. Times are ISO texts, `total_run_time` seconds."""

    id: str
    flow_id: str
    name: str
    state_type: str | None
    state_name: str | None
    start_time: str | None
    expected_start_time: str | None
    total_run_time: float | None


def new_password() -> str:
    """A password that nobody can guess: 256 bits by chance."""
    return f"{_USER}:{secrets.token_urlsafe(32)}"


def find_prefect_api_url(settings: Settings) -> str:
    """The address of Prefect's API, with `/api` at its end."""
    host = format_local_host(settings.prefect_host)
    return os.environ.get("PREFECT_API_URL") or f"http://{host}:{settings.prefect_port}/api"


def read_flow_runs(
    url: str, settings: Settings, wanted: Mapping[str, object], *, seconds: float
) -> list[FlowRunJson]:
    """The flow runs that Prefect's API at `url` gives for the filter `wanted`, as its JSON has them.

    Raises httpx.HTTPError if it refuses or does not answer within `seconds`, ValueError if the answer is
    not JSON, OSError if the password may not be read.
    """
    found: list[FlowRunJson] = _ask_prefect(url, settings, "/flow_runs/filter", wanted, seconds)
    return found


def count_task_runs(url: str, settings: Settings, flow_run_id: str, *, seconds: float) -> int:
    """How many tasks Prefect lists of a run. Raises as read_flow_runs does."""
    wanted = {"flow_runs": {"id": {"any_": [flow_run_id]}}}
    return int(_ask_prefect(url, settings, "/task_runs/count", wanted, seconds))


def _ask_prefect(
    url: str, settings: Settings, path: str, wanted: Mapping[str, object], seconds: float
) -> Any:  # JSON of many shapes
    with _open_http_client(url, read_password(settings), seconds) as client:
        answer = client.post(path, json=wanted, headers=_csrf_headers(client))
        answer.raise_for_status()
        return answer.json()


def takes_password(url: str, password: str | None, *, seconds: float = 2) -> bool:
    """Whether Prefect's API at `url` answers to `password`; None tries without a password."""
    try:
        with _open_http_client(url, password, seconds) as client:
            return client.get("/admin/version").is_success
    except httpx.HTTPError:
        return False


def _open_http_client(url: str, password: str | None, seconds: float) -> httpx.Client:
    """A client that makes a connection for each request: the server drops idle ones after some seconds."""
    user, _, secret = (password or "").partition(":")
    return httpx.Client(
        base_url=url,
        auth=(user, secret) if password else None,
        timeout=seconds,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def _csrf_headers(client: httpx.Client) -> dict[str, str]:
    """What a request that is not a GET has to bring; nothing where the server asks for nothing."""
    answer = client.get("/csrf-token", params={"client": _CSRF_CLIENT})
    if not answer.is_success:
        return {}
    return {"Prefect-Csrf-Client": _CSRF_CLIENT, "Prefect-Csrf-Token": answer.json()["token"]}
