"""How many answers the page makes at one time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from dashboard.app import MOST_THREADS, create_app
from tests.waiting import LONG
from tests.web.conftest import Served, get
from tests.web.world import World


def test_so_many_answers_are_made_at_one_time_and_no_more(world: World) -> None:
    app = create_app(world.settings, world.register)
    inside, most, is_full, counting = 0, 0, threading.Event(), threading.Lock()

    @app.get("/slow")
    def answer_slowly() -> str:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        if most == MOST_THREADS:
            is_full.set()
        assert is_full.wait(LONG)
        time.sleep(0.3)  # one more than may be would come in meanwhile
        with counting:
            inside -= 1
        return "done"

    server = Served(app)
    try:
        with ThreadPoolExecutor(3 * MOST_THREADS) as visitors:
            answers = list(visitors.map(get, [f"{server.url}/slow"] * 3 * MOST_THREADS))
    finally:
        server.stop()
    assert {answer.status_code for answer in answers} == {200}
    assert most == MOST_THREADS
