"""The JSON interface: what the command line prints, and never an error of ours."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from peer_challenge.register.status import status_of
from tests.web.conftest import As
from tests.web.world import NOW, OFFICE, World


def test_the_status_is_what_the_command_line_prints(world: World, as_: As) -> None:
    assert as_(OFFICE).get("/api/v1/status").json() == json.loads(json.dumps(status_of(world.register, NOW)))


def test_a_challenge_has_its_documents_dates_and_findings(world: World, as_: As) -> None:
    path = f"/api/v1/challenges/{world.cycle.id}/{world.cycle.authors[0].id}"
    told = as_(OFFICE).get(path).json()
    assert told["stage"] == "event set"
    assert {one["kind"] for one in told["submissions"]} == {"self_assessment", "analysis"}
    assert {"analysis_due", "event_on"} <= {one["name"] for one in told["deadlines"]}
    assert isinstance(as_(OFFICE).get(f"{path}/findings").json(), list)


def test_an_error_says_what_to_do_as_json(as_: As) -> None:
    told = as_(OFFICE).get("/api/v1/challenges/none/none")
    assert told.status_code == 404
    assert set(told.json()) == {"detail", "remedy"}


def test_words_are_looked_for_in_the_journal_by_post_and_in_no_address(world: World, as_: As) -> None:
    office = as_(OFFICE)
    whole = office.get("/api/v1/journal").json()
    found = office.post("/api/v1/journal", data={"q": "signed off nowhere"}).json()
    assert whole["total"] > 0 and found["total"] == 0
    word = whole["rows"][0]["event"]
    rows = office.post("/api/v1/journal", data={"q": word}).json()["rows"]
    assert rows and all(word in json.dumps(row) for row in rows)
    for q in ("somebody", ""):
        refused = office.get("/api/v1/journal", params={"q": q})
        assert refused.status_code == 422 and "with POST" in refused.json()["remedy"]
        assert "somebody" not in refused.text
    assert "q" not in json.dumps(
        office.get("/api/v1/openapi.json").json()["paths"]["/api/v1/journal"]["get"].get("parameters")
    ).split('"')


@pytest.fixture(scope="module")
def schema(as_: As) -> schemathesis.schemas.BaseSchema:
    return schemathesis.openapi.from_dict(as_(OFFICE).get("/api/v1/openapi.json").json())


def test_nothing_that_can_be_asked_is_an_error_of_ours(
    schema: schemathesis.schemas.BaseSchema, as_: As
) -> None:
    client = as_(OFFICE)
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=15,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(base_url=str(client.base_url), cookies=dict(client.cookies))
            case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error])

        ask()


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_search_is_answered(as_: As, text: str) -> None:
    office = as_(OFFICE)
    for path in ("/journal", "/people/search", "/messages/search"):
        assert office.post(path, data={"csrf_token": office.csrf, "q": text}).status_code == 200
    assert office.get("/", params={"q": text, "sort": text}).status_code == 200
