"""The application for an ASGI server: `uvicorn --factory dashboard.asgi:application`."""

from fastapi import FastAPI

from dashboard.app import create_app
from peer_challenge import logs
from peer_challenge.file_modes import close_to_others
from peer_challenge.settings import load_settings


def application() -> FastAPI:
    """The dashboard of the installation that PEER_CHALLENGE_HOME names."""
    close_to_others()
    settings = load_settings()
    logs.set_up(settings.log_format)
    return create_app(settings)
