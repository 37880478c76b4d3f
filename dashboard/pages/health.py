"""Pages for monitoring: whether the dashboard runs, whether it can serve, and its metrics."""

import os
import secrets

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from dashboard.context import NotFound, Office, office_of
from dashboard.gate import has_passed_a_proxy, is_loopback_host
from dashboard.metrics import CONTENT_TYPE
from peer_challenge.errors import PeerChallengeError
from peer_challenge.operations.network_addresses import is_loopback
from peer_challenge.register.database import current_migration, newest_migration

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
def live() -> JSONResponse:
    """Whether this process answers at all; if it does not, start it again."""
    return JSONResponse({"status": "ok"})


@router.get("/health/ready")
def ready(request: Request) -> JSONResponse:
    """Whether the dashboard can serve: 200, or 503 with the names of the parts that can't be used."""
    wrong = [name for name, is_well in _check_usable_parts(office_of(request)).items() if not is_well]
    return JSONResponse({"status": "not ready" if wrong else "ok", "wrong": wrong}, 503 if wrong else 200)


def _check_usable_parts(office: Office) -> dict[str, bool]:
    settings = office.settings
    return {
        "register": _is_register_right(office),
        "inbox": os.access(settings.inbox_folder, os.W_OK | os.X_OK),
        "outbox": os.access(settings.outbox_folder, os.W_OK | os.X_OK),
        "archive": os.access(settings.archive_folder, os.W_OK | os.X_OK),
    }


def _is_register_right(office: Office) -> bool:
    try:
        return current_migration(office.register) == newest_migration()
    except PeerChallengeError:
        return False


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus's numbers: with the token of the settings, or without one from this machine alone."""
    if not _can_read_metrics(request):
        raise NotFound("This page does not exist.")
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)


def _can_read_metrics(request: Request) -> bool:
    token = office_of(request).settings.metrics_token
    if token is not None:
        wanted = f"Bearer {token.get_secret_value()}"
        told = request.headers.get("authorization", "").encode("utf-8", "replace")
        return secrets.compare_digest(told, wanted.encode())
    is_here = is_loopback(request.state.peer) and is_loopback_host(request.headers.get("host", "").lower())
    return is_here and not has_passed_a_proxy(request)
