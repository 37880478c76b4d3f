"""The cycle on which the pages are timed is one that there can be: every page of the office shows it.

The board of 150 areas stays as small as it has to.
"""

from pathlib import Path

from fastapi.testclient import TestClient

from bench import dashboard as bench
from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.settings import Settings


def test_every_page_that_is_timed_shows_the_cycle(tmp_path: Path) -> None:
    (token, *_), (contact, *_) = bench.make(tmp_path, bench.CROWDED)
    app = create_app(Settings(home=tmp_path))
    answered = {}
    with TestClient(app, base_url="http://127.0.0.1:8080", cookies={COOKIE: token}) as client:
        for path in (*bench.PATHS, *bench.OTHERS):
            answered[path] = client.get(path.format(n=7), follow_redirects=False).status_code
        client.cookies = {COOKIE: contact}
        for path in bench.AREAS_PAGES:
            answered[path] = client.get(path, follow_redirects=False).status_code
        client.cookies = {COOKIE: token}
        all_areas, some = client.get("/").text, client.get("/?q=number+1").text
    app.state.office.register.close()
    rows = [page.count('name="area"') for page in (all_areas, some)]
    each = (len(all_areas) - len(some)) / (rows[0] - rows[1])
    assert len(all_areas) + (150 - rows[0]) * each < 140_000  # its bar is 150 kB: names may be longer
    assert answered == dict.fromkeys(answered, 200)
