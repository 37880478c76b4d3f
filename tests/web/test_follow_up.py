"""The pages of the follow-up: a report, what its challenger says of it, and its end by the office."""

from html import unescape

import pytest

from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.register import challenges, listings
from tests.web.conftest import As
from tests.web.world import OFFICE, VIEWER, World, contact_of, follow_up

pytestmark = pytest.mark.usefixtures("reported")


@pytest.fixture(scope="module")
def reported(world: World) -> str:
    """The address of the first area's progress report, which its challenger has been sent."""
    author = world.cycle.authors[0].id
    report = follow_up(world, author)
    return f"/challenges/{world.cycle.id}/{author}/reports/{report}"


def _challenger(world: World) -> str:
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
    assert found is not None and found.challenger_id is not None
    return found.challenger_id


def test_a_report_is_for_the_office_its_area_and_the_challenger_that_was_sent_it(
    world: World, as_: As, reported: str
) -> None:
    author, challenger = world.cycle.authors[0].id, _challenger(world)
    for email in (OFFICE, contact_of(author), contact_of(challenger)):
        page = as_(email).get(reported)
        assert page.status_code == 200 and "What shows it" in page.text
    others = [contact_of(area.id) for area in world.cycle.authors if area.id not in (author, challenger)]
    for email in (VIEWER, *others, f"{world.cycle.chairs[0].id}@example.org"):
        assert as_(email).get(reported).status_code == 403


def test_the_page_of_the_challenge_says_that_it_is_in_follow_up(world: World, as_: As, reported: str) -> None:
    page = unescape(as_(OFFICE).get(reported.partition("/reports/")[0]).text)
    assert 'aria-current="step">in follow-up' in page.replace("In follow-up", "in follow-up")
    assert "Progress report 1, version 1" in page and "Progress report 1</a>" in page


def test_a_challenger_comments_once_it_has_been_sent_the_report_and_its_words_are_kept_when_refused(
    world: World, as_: As, reported: str
) -> None:
    author, client = world.cycle.authors[0].id, as_(contact_of(_challenger(world)))
    assert "Send the comment" not in as_(contact_of(author)).get(reported).text
    refused = client.post(
        f"{reported}/comment",
        data={"csrf_token": client.csrf, "text": "Oliver (aged 7) was seen sooner."},
    )
    assert refused.status_code == 422 and "Oliver (aged 7) was seen sooner." in unescape(refused.text)
    assert world.dispatch_ids(kind=DispatchKind.PROGRESS_COMMENT) == []
    for _ in range(2):  # a button pressed twice sends one comment
        told = client.post(
            f"{reported}/comment", data={"csrf_token": client.csrf, "text": "Who keeps\nthe list?"}
        )
        assert told.status_code == 303
    assert "Who keeps\nthe list?" in unescape(client.get(told.headers["location"]).text)
    assert "Who keeps" not in as_(contact_of(author)).get(reported).text, "it gets a letter"
    assert len(world.dispatch_ids(kind=DispatchKind.PROGRESS_COMMENT)) == 1


def test_an_area_does_not_comment_on_its_own_report(world: World, as_: As, reported: str) -> None:
    client = as_(contact_of(world.cycle.authors[0].id))
    answer = client.post(f"{reported}/comment", data={"csrf_token": client.csrf, "text": "Well done."})
    assert answer.status_code == 403


def test_the_office_closes_a_challenge_with_a_reason_and_keeps_what_it_typed(
    world: World, as_: As, reported: str
) -> None:
    path, client = reported.partition("/reports/")[0], as_(OFFICE)
    page = unescape(client.get(f"{path}/close").text)
    assert "end of the follow-up" in page and "Made and sent next" in page
    short = client.post(f"{path}/close", data={"csrf_token": client.csrf, "reason": "x"})
    assert short.status_code == 422 and 'value="x"' in short.text
    done = client.post(f"{path}/close", data={"csrf_token": client.csrf, "reason": "the areas merge"})
    assert done.status_code == 303
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
        events = listings.journal_events(connection)
    assert found is not None and found.stage is Stage.CLOSED
    assert "challenge closed by decision" in events
