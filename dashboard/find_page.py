"""Whether an address has a page of its own: some only take what a form sends."""

from starlette.applications import Starlette
from starlette.routing import Match


def find_page_at(app: Starlette, path: str) -> str:
    """`path` where a page can be seen there, else the start page."""
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    is_page = any(route.matches(asked)[0] is Match.FULL for route in app.routes)
    return path if is_page else "/"
