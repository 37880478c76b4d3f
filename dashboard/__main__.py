"""`python -m dashboard`: serves the dashboard of the installation that PEER_CHALLENGE_HOME names."""

import uvicorn

from dashboard.server import server_config
from peer_challenge.settings import load_settings
from peer_challenge.system.end_with_parent import end_with_starter

if __name__ == "__main__":
    end_with_starter()
    uvicorn.Server(server_config("dashboard.asgi:application", load_settings(), factory=True)).run()
