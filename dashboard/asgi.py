"""The application for an ASGI server: `uvicorn --factory dashboard.asgi:application`."""

from fastapi import FastAPI

from dashboard.app import create_app
from peer_challenge.settings import load_settings


def application() -> FastAPI:
    """The dashboard of the installation that PEER_CHALLENGE_HOME names."""
    return create_app(load_settings())
