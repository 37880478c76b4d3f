"""Rights go by who wrote and who was sent a thing: every route, as everybody, in every state of a cycle.

What should be answered is worked out in story.py, by other code than the product's.
"""

import hashlib
import html
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import people, sessions
from tests.loops import run_apart
from tests.web.story import ENDED, UNNOTICED, Key, Oracle, Story, add_person, tell, text_in
from tests.web.test_access import WHO_MAY, routes_of
from tests.web.world import OFFICE, VIEWER, an_empty_world, day

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
NOBODY = "nobody"
NO_NUMBER, NO_AREA = 999_999, "nowhere"
THINGS = {
    "GET /challenges/{cycle_id}/{author_id}": "challenge",
    "GET /challenges/{cycle_id}/{author_id}/people": "challenge",
    "GET /api/v1/challenges/{cycle_id}/{author_id}": "challenge",
    "GET /api/v1/challenges/{cycle_id}/{author_id}/findings": "challenge",
    "GET /challenges/{cycle_id}/{author_id}/versions/{submission_id}": "version",
    "GET /challenges/{cycle_id}/{author_id}/reports/{submission_id}": "report",
    "GET /challenges/{cycle_id}/{author_id}/corrections": "corrections",
    "GET /submissions/{submission_id}/original": "submission",
    "GET /dispatches/{dispatch_id}/document": "dispatch",
}
"""The routes whose answer goes by who wrote and who was sent a thing; the others go by role alone."""
NOT_ASKED = ("GET /events",)
TWO_STATES = ("opened", "response in, two cycles")
"""Where everything is asked of strangers, and what is the office's of everybody: the rest is alike."""
EVERYTHING_IN = (*TWO_STATES, "closed")
"""Where everybody asks for everything that is refused them, and for every document.

Elsewhere for documents that changed, for that to which a right changed, and for the page of every challenge.
"""
CHALLENGE_PAGE = "GET /challenges/{cycle_id}/{author_id}"
OWN = ("GET /mine", "GET /mine/events.ics")


@dataclass(frozen=True)
class Answer:
    """One request and what came back; `body` is a hash of what it says, `words` the canaries in it."""

    state: str
    who: str
    route: str
    path: str
    is_right: bool | None
    status: int
    body: str
    words: frozenset[str]


@dataclass
class Walk:
    """All answers of the whole story, with each state's oracle as it was then."""

    answers: list[Answer]
    may_read: dict[tuple[str, str, str], bool]
    story: Story
    states: list[str]
    in_office_files: set[str]
    asked: dict[tuple[str, str], tuple[bool | None, str]]  # right and document when somebody asked last


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    clock = SimulatedClock(day(1, 11))
    world = an_empty_world(tmp_path_factory.mktemp("story") / "home")
    with world.register.writing() as connection:
        add_person(connection, ENDED, world.cycle.id, world.cycle.authors[0].id)
    app = create_app(world.settings, world.register, clock)
    story = Story(world, clock)
    told = Walk([], {}, story, [], set(), {})
    for state in tell(story):
        told.states.append(state)
        run_apart(_ask_everybody(app, story, state, told))
    yield told
    world.register.close()


def _begin_session(story: Story, email: str) -> tuple[str, str] | None:
    """The cookie and form token of a new session; None for those who can't sign in now."""
    with story.world.register.writing() as connection:
        user = people.find_user_by_email(connection, email)
        if user is None:
            return None
        token = sessions.begin_session(connection, user.id, story.clock.now())
        row = sessions.session_of(connection, token, at=story.clock.now(), minutes=60)
        if email == ENDED:
            people.end_person(connection, user.id, reason="left", at=story.clock.now(), actor="office")
        return token, row.csrf_token if row else ""


async def _ask_everybody(app: FastAPI, story: Story, state: str, told: Walk) -> None:
    oracle = Oracle(story)
    told.in_office_files |= oracle.in_office_files
    asked = list(_paths(oracle, story))
    for email, key in [*story.people().items(), (ENDED, None), (NOBODY, None)]:
        if email in (NOBODY, ENDED) and state not in TWO_STATES:
            continue
        session = _begin_session(story, email) if email != NOBODY else None
        if session is None and email not in (NOBODY, ENDED):
            continue
        token, csrf = session or ("", "")
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://office", cookies={COOKIE: token}
        ) as client:
            for route, path, ids in asked:
                method = route.split(" ")[0]
                is_asked = _is_for_office(state, route) if email == OFFICE else _is_for_others(state, route)
                is_right = _is_right(oracle, route, ids, email, key)
                is_refused_part = is_right is False and route in THINGS and route != CHALLENGE_PAGE
                if is_asked and (is_document(route) or is_refused_part):
                    now = (is_right, oracle.row_of(ids) if is_document(route) else "")
                    is_asked = state in EVERYTHING_IN or told.asked.get((email, f"{method} {path}")) != now
                    told.asked[email, f"{method} {path}"] = now
                if not is_asked:
                    continue
                answer = await client.request(
                    method, path, data={"csrf_token": csrf} if method == "POST" else None
                )
                text = html.unescape(text_in(answer.content))
                body = hashlib.sha256(text.replace(csrf or " ", "").encode()).hexdigest()
                words = frozenset(oracle.words.findall(text))
                told.answers.append(
                    Answer(state, email, route, path, is_right, answer.status_code, body, words)
                )
                for word in words if key else ():
                    told.may_read[state, email, word] = oracle.may_read(word, key)


def is_document(route: str) -> bool:
    return THINGS.get(route) in ("submission", "dispatch", "version", "report")


def _is_for_office(state: str, route: str) -> bool:
    """What the office is asked to open: never what changes the cycle, and each file only once.

    A preview takes as long as making its document, and knows nothing of a state.
    """
    is_file = is_document(route) or "/preview/" in route
    return route.startswith("GET") and (not is_file or state == "closed")


def _is_for_others(state: str, route: str) -> bool:
    """What is the office's by its role alone is refused alike in every state: two are enough."""
    return WHO_MAY[route] != "office" or state in TWO_STATES


def _paths(oracle: Oracle, story: Story) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every route with everything it can be asked for, and with what there is not."""
    authors = sorted({(row["cycle_id"], row["author_id"]) for row in oracle.challenges})
    pairs = [*authors, (story.cycle_id, NO_AREA), ("no-cycle", NO_AREA)]
    about = {row["id"]: row["challenge_id"] for row in oracle.submissions}
    dispatches = [row["id"] for row in oracle.dispatches]
    for route, rule in WHO_MAY.items():
        if rule == "anybody" or route in NOT_ASKED or (route.startswith("POST") and rule == "signed in"):
            continue
        path = route.split(" ")[1]
        kind = THINGS.get(route)
        if kind in ("challenge", "corrections"):
            every = [{"cycle_id": cycle, "author_id": area} for cycle, area in pairs]
        elif kind == "submission":
            every = [{"submission_id": str(number)} for number in (*about, NO_NUMBER, 2**63)]
        elif kind == "dispatch":
            every = [{"dispatch_id": str(number)} for number in (*dispatches, NO_NUMBER, 2**63)]
        elif kind in ("version", "report"):
            every = [
                {"cycle_id": cycle, "author_id": area, "submission_id": str(number)}
                for number, which in (*about.items(), (NO_NUMBER, None))
                for cycle, area in [(which or f"{story.cycle_id}/{NO_AREA}").split("/")]
            ]
        else:
            every = [
                {
                    "cycle_id": story.cycle_id,
                    "author_id": story.world.cycle.authors[0].id,
                    "submission_id": "1",
                    "position": "1",
                    "user_id": "1",
                    "message_id": "1",
                    "note_id": "1",
                    "file_id": "1",
                    "style_id": "1",
                    "template": "receipt",
                    "source": "waiting",
                    "dispatch_id": "1",
                    "name": "tables.csv",
                    "which": "privacy",
                    "version": "0",
                    "draft_id": "1",
                    "framework_id": "working-together-2026",
                    "area_id": "leadership",
                    "row_id": "equal-duty",
                    "number": "1",
                    "kind": "self_assessment_template",
                    "part": "areas",
                    "whose": story.world.cycle.authors[0].id,
                }
            ]
        for ids in every:
            yield route, path.format(**ids), ids


def _is_right(oracle: Oracle, route: str, ids: dict[str, str], email: str, key: Key | None) -> bool | None:
    """Whether somebody should get it; None where the answer is not a matter of rights to one thing."""
    rule, kind = WHO_MAY[route], THINGS.get(route)
    if email in (NOBODY, ENDED):
        return False
    if email == OFFICE:
        return None
    if route in OWN and email == VIEWER:  # who has nothing of their own, and is not refused it either
        return None
    if rule == "event" and key is not None:  # which side may answer what is in test_agreeing_events.py
        return None if oracle.sees_challenge((ids["cycle_id"], ids["author_id"]), key) else False
    if kind is None and rule == "Chair":
        return None if key is not None and key[1] == "chair" else False
    if kind is None:
        return {"signed in": True, "board": email == VIEWER, "not viewer": email != VIEWER}.get(rule, False)
    if key is None:
        return False
    which = (ids.get("cycle_id", ""), ids.get("author_id", ""))
    number = int(ids.get("submission_id", ids.get("dispatch_id", "0")))
    if kind == "challenge":
        return oracle.sees_challenge(which, key)
    if kind == "corrections":
        return key[1] == "chair" and oracle.sees_challenge(which, key)
    if kind == "report" and not oracle.is_report(number):
        return False
    if kind in ("version", "report"):
        return oracle.reads_submission(number, key) if oracle.sees_challenge(which, key) else False
    return oracle.has_submission(number, key) if kind == "submission" else oracle.has_dispatch(number, key)


def test_every_route_of_the_application_is_asked(walk: Walk) -> None:
    asked = {answer.route for answer in walk.answers} | set(NOT_ASKED)
    left_out = {
        route
        for route, rule in WHO_MAY.items()
        if rule == "anybody" or (route.startswith("POST") and rule == "signed in")
    }
    app = create_app(walk.story.world.settings, walk.story.world.register, walk.story.clock)
    known = set(routes_of(app.routes)) - {"/static", "/api/v1/openapi.json"}
    assert known == asked | left_out
    assert set(THINGS) == {route for route in known if route.startswith("GET") and "_id}" in route} - {
        route for route, rule in WHO_MAY.items() if rule == "office"
    }


def test_the_story_has_every_state(walk: Walk) -> None:
    assert len(walk.states) >= 12
    assert {answer.state for answer in walk.answers} == set(walk.states)


@pytest.mark.threat("area-reads")
@pytest.mark.threat("chair")
def test_nobody_gets_what_they_neither_wrote_nor_were_sent(walk: Walk) -> None:
    wrong = [
        (one.state, one.who, one.path, one.status)
        for one in walk.answers
        if one.is_right is False and not _is_refused(one)
    ]
    assert wrong == []


def _is_refused(one: Answer) -> bool:
    if one.who in (NOBODY, ENDED):
        return one.status == (401 if one.path.startswith("/api/") else 303)
    return one.status == 403 or (one.route == "GET /" and one.status == 303)


def test_everybody_gets_what_they_wrote_and_were_sent(walk: Walk) -> None:
    wrong = [
        (one.state, one.who, one.path, one.status)
        for one in walk.answers
        if one.is_right is True and one.status not in (200, 303)
    ]
    assert wrong == []
    given = {(one.route, one.who) for one in walk.answers if one.is_right and one.route in THINGS}
    assert len(given) > 15


def test_the_office_gets_everything_and_no_answer_is_an_error_of_ours(walk: Walk) -> None:
    wrong = [
        (one.state, one.path, one.status)
        for one in walk.answers
        if one.status >= 500 or (one.who == OFFICE and one.status in (401, 403))
    ]
    assert wrong == []


def test_a_planted_sentence_is_seen_by_those_who_wrote_or_were_sent_it(walk: Walk) -> None:
    leaks = [
        (one.state, one.who, one.path, word)
        for one in walk.answers
        for word in one.words
        if one.who != OFFICE and not walk.may_read.get((one.state, one.who, word), False)
    ]
    assert leaks == []


def test_each_planted_sentence_is_seen_by_the_office_and_most_by_their_writers(walk: Walk) -> None:
    by_office = {word for one in walk.answers if one.who == OFFICE for word in one.words}
    planted = {one.canary for one in walk.story.written.values()}
    assert planted | set(walk.story.reasons) | set(walk.story.messages) <= by_office
    seen = {word for one in walk.answers if one.who != OFFICE for word in one.words}
    for_office = {one.canary for one in walk.story.written.values() if one.is_refused or one.writer is None}
    assert planted - for_office <= seen
    assert set(walk.story.messages) <= seen


def test_no_reason_is_in_any_document_that_goes_out(walk: Walk) -> None:
    assert not set(walk.story.reasons) & walk.in_office_files
    oracle = Oracle(walk.story)
    assert not set(walk.story.reasons) & set(oracle.received)


def test_no_presentation_tells_an_area_of_an_analysis_that_it_was_not_sent(walk: Walk) -> None:
    dispatches = Oracle(walk.story).dispatches
    returned = {
        row["challenge_id"]
        for row in dispatches
        if (row["kind"], row["state"]) == ("returned_analysis", "issued")
    }
    decks = [row for row in dispatches if row["kind"] == "presentation"]
    assert {row["challenge_id"] for row in decks} > {
        row["challenge_id"] for row in decks if row["state"] == "issued"
    }
    assert all(row["challenge_id"] in returned for row in decks if row["state"] == "issued")


def test_a_refusal_is_the_same_for_what_there_is_and_what_there_is_not(walk: Walk) -> None:
    bodies = defaultdict(set)
    for one in walk.answers:
        if one.route in THINGS and one.status == 403:
            bodies[one.state, one.who, one.path.startswith("/api/")].add(one.body)
    assert bodies and all(len(found) == 1 for found in bodies.values())
    nowhere = {(one.state, one.who) for one in walk.answers if NO_AREA in one.path and one.status == 403}
    assert {(state, who) for state, who, _ in bodies} == nowhere


@pytest.mark.parametrize(("before", "after", "whom"), UNNOTICED)
def test_what_was_not_sent_yet_changes_nothing_for_others(
    walk: Walk, before: str, after: str, whom: str
) -> None:
    seen: dict[str, dict[tuple[str, str], str]] = {before: {}, after: {}}
    writers = {one.writer for one in list(walk.story.written.values())} if whom != "everybody" else set()
    for one in walk.answers:
        if one.state in seen and one.who not in (OFFICE, NOBODY, ENDED):
            seen[one.state][one.who, one.path] = one.body if one.status == 200 else str(one.status)
    changed: dict[str, list[str]] = defaultdict(list)
    for (who, path), body in seen[before].items():
        if seen[after].get((who, path), body) != body:
            changed[who].append(path)
    allowed = {who for who, key in walk.story.people().items() if key in writers and key is not None}
    # only the one party that wrote what came in between may see anything of it
    assert len(changed) <= (0 if whom == "everybody" else 1)
    assert set(changed) <= allowed


def test_a_refusal_takes_as_many_questions_to_the_register_as_there_being_nothing(
    walk: Walk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock = SimulatedClock(day(1, 12))
    world = an_empty_world(tmp_path_factory.mktemp("alone") / "home")
    story = Story(world, clock)
    story.send(Kind.SELF_ASSESSMENT, world.cycle.authors[1].id, world.cycle.authors[1].id, day(1, 12))
    app = create_app(world.settings, world.register, clock)
    first, second = (area.id for area in world.cycle.authors[:2])
    session = _begin_session(story, f"contact@{first}.example.org")
    assert session is not None
    other = Oracle(story)
    theirs = next(row["id"] for row in other.dispatches if row["recipient_id"] == second)
    asked = [
        (f"/challenges/{story.cycle_id}/{second}", f"/challenges/{story.cycle_id}/{NO_AREA}"),
        (f"/api/v1/challenges/{story.cycle_id}/{second}", f"/api/v1/challenges/none/{NO_AREA}"),
        ("/submissions/1/original", f"/submissions/{NO_NUMBER}/original"),
        (f"/dispatches/{theirs}/document", f"/dispatches/{NO_NUMBER}/document"),
        (
            f"/challenges/{story.cycle_id}/{first}/versions/1",
            f"/challenges/{story.cycle_id}/{first}/versions/{NO_NUMBER}",
        ),
    ]
    counts = run_apart(_count_questions(app, world.register.engine, session[0], asked))
    world.register.close()
    assert [one[0] for one in counts] == [one[1] for one in counts]
    assert all(status == 403 for *_, statuses in counts for status in statuses)


async def _count_questions(
    app: FastAPI, engine: sa.Engine, token: str, asked: list[tuple[str, str]]
) -> list[tuple[int, int, list[int]]]:
    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    found = []
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://office", cookies={COOKIE: token}
    ) as client:
        for pair in asked:
            counts, statuses = [], []
            for path in pair:
                seen.clear()
                statuses.append((await client.get(path)).status_code)
                counts.append(len(seen))
            found.append((counts[0], counts[1], statuses))
    return found
