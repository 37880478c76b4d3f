"""Health and numbers for machines: what they say, who may read them, and that they hold no words."""

import json
import shutil

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.register import tables as t
from tests.waiting import LONG
from tests.web.conftest import Served
from tests.web.world import NOW, World


def numbers(text: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_numbers_are_those_of_the_register(served: Served, world: World) -> None:
    found = numbers(httpx.get(served.url + "/metrics", timeout=LONG).text)
    with world.register.reading() as connection:
        issued = connection.scalar(
            sa.select(sa.func.count()).select_from(t.dispatches).where(t.dispatches.c.state == "issued")
        )
        entries = connection.scalar(sa.select(sa.func.max(t.journal.c.sequence)))
    assert found['peer_challenge_dispatches{"state": "issued"}'] == issued
    assert found["peer_challenge_journal_entries{}"] == entries
    assert found["process_resident_memory_bytes{}"] > 0


def test_requests_are_counted_with_how_they_were_answered(served: Served) -> None:
    key = 'peer_challenge_requests_total{"method": "GET", "status": "404"}'
    before = numbers(httpx.get(served.url + "/metrics", timeout=LONG).text).get(key, 0)
    httpx.get(served.url + "/nowhere", timeout=LONG)
    assert numbers(httpx.get(served.url + "/metrics", timeout=LONG).text)[key] == before + 1


def test_the_numbers_name_no_area_and_quote_nothing(served: Served, world: World) -> None:
    text = httpx.get(served.url + "/metrics", timeout=LONG).text
    with world.register.reading() as connection:
        written = connection.scalars(
            sa.select(t.self_assessment_rows.c.strengths).where(
                sa.func.length(t.self_assessment_rows.c.strengths) > 12
            )
        ).all()
    assert written and not any(words in text for words in written)
    assert not any(p.id in text or p.name in text for p in world.cycle.participants)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_whoever_comes_through_a_proxy_gets_no_numbers_without_a_token(served: Served, header: str) -> None:
    assert httpx.get(served.url + "/metrics", headers={header: "127.0.0.1"}, timeout=LONG).status_code == 404


def test_with_a_token_only_who_brings_it_gets_them(world: World) -> None:
    settings = world.settings.model_copy(update={"metrics_token": SecretStr("heron")})
    client = TestClient(create_app(settings, world.register, SimulatedClock(NOW)))
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer heron"}).status_code == 200


def test_it_is_ready_until_something_it_needs_is_gone(own_world: World) -> None:
    client = TestClient(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").status_code == 200
    shutil.rmtree(own_world.settings.outbox_folder)
    with own_world.register.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["wrong"]) == (503, ["register", "outbox"])
    assert client.get("/health/live").status_code == 200
