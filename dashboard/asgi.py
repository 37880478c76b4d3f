"""The application for an ASGI server; `python -m dashboard` is that server (dashboard/server.py).

Another one must leave the headers of proxies alone (uvicorn: `--no-proxy-headers`) and write no access log.
"""

from fastapi import FastAPI

from dashboard.app import create_app
from peer_challenge.operations.restore_here import finish_killed_restore
from peer_challenge.settings import load_settings
from peer_challenge.system import logging_without_content
from peer_challenge.system.file_modes import close_to_others


def application() -> FastAPI:
    """The dashboard of the installation that PEER_CHALLENGE_HOME names."""
    close_to_others()
    settings = load_settings()
    logging_without_content.set_up_logging(settings.log_format)
    app = create_app(settings)
    finish_killed_restore(app.state.office.register, settings)
    return app
