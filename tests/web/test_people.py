"""The office changes an account: what ends with it, what the journal says, and what is asked about first."""

import re
from html import unescape

import pytest

from peer_challenge.model.access import Access
from peer_challenge.register import cycles, listings, one_time_links, people, sessions
from peer_challenge.register.people import User
from peer_challenge.steering.describe_journal import describe_entries
from tests.known_password import PASSWORD
from tests.web.conftest import As, Client
from tests.web.world import NOW, OFFICE, VIEWER, World, contact_of

AREA = contact_of("ashcombe")
PLACE = "participant/northern-2027/{}"


def _find(world: World, email: str) -> User:
    with world.register.reading() as connection:
        user = people.find_user_by_email(connection, email)
    assert user is not None
    return user


def _save(office: Client, user: User, **typed: str) -> str:
    held = {"name": user.name, "email": user.email, "access": user.access.value, "csrf_token": office.csrf}
    if user.participant_id:
        held["place"] = PLACE.format(user.participant_id)
    answer = office.post(f"/people/{user.id}", data=held | typed)
    assert answer.status_code in (200, 422)
    return unescape(answer.text)


def test_a_name_is_corrected_and_nothing_else_changes(as_own: Client, own_world: World) -> None:
    user = _find(own_world, AREA)
    shown = as_own.get(f"/people/{user.id}").text
    assert f'value="{AREA}"' in shown and "Remove access" in shown
    page = _save(as_own, user, name="  Lead   officer ")
    assert "Lead officer: your changes are saved." in page and "first-sign-in" not in page
    assert _find(own_world, AREA).name == "Lead officer"
    assert people.sign_in_with_password(own_world.register, AREA, PASSWORD, network="192.0.2.7", at=NOW)
    with own_world.register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1, event="person changed").rows
        (told,) = describe_entries(connection, entries)
    assert told.sentence == "The name, address or role of Lead officer was changed."
    assert entries[0].details["changed"] == ["name"]


@pytest.mark.threat("one-time-link")
def test_another_address_ends_every_way_in_and_gets_a_link(as_own: Client, own_world: World) -> None:
    user = _find(own_world, AREA)
    with own_world.register.writing() as connection:
        session = sessions.begin_session(connection, user.id, NOW)
        old = one_time_links.reset_password(connection, user.id, at=NOW, actor="office")
        session = sessions.begin_session(connection, user.id, NOW)
    page = _save(as_own, user, email="Successor@example.org")
    (new,) = re.findall(r"first-sign-in\?token=([\w-]{43})", page)
    with own_world.register.reading() as connection:
        assert sessions.session_of(connection, session, at=NOW, minutes=60) is None
        assert people.user_of_link(connection, new, NOW).email == "successor@example.org"
        with pytest.raises(one_time_links.LinkEnded):
            people.user_of_link(connection, old, NOW)
        entries = listings.list_journal_entries(connection, 1, event="person changed").rows
    assert "example.org" not in str(entries[0].details)


def test_another_area_or_role_ends_the_sessions(as_own: Client, own_world: World) -> None:
    user = _find(own_world, AREA)
    for typed in (
        {"place": PLACE.format("eastholme")},
        {"access": Access.VIEWER.value, "place": ""},
    ):
        with own_world.register.writing() as connection:
            session = sessions.begin_session(connection, user.id, NOW)
        assert "your changes are saved" in _save(as_own, user, **typed)
        with own_world.register.reading() as connection:
            assert sessions.session_of(connection, session, at=NOW, minutes=60) is None
    changed = _find(own_world, AREA)
    assert (changed.access, changed.participant_id, changed.cycle_id) == (Access.VIEWER, None, None)


def test_what_can_not_be_is_refused_and_changes_nothing(as_own: Client, own_world: World) -> None:
    user, own = _find(own_world, AREA), _find(own_world, OFFICE)
    assert "Somebody else has or had access" in _save(as_own, user, email=VIEWER)
    assert "no such area or Chair" in _save(as_own, user, place=PLACE.format("nowhere"))
    assert "That is not an email address" in _save(as_own, user, email="nobody")
    assert "You cannot change your own email address or role." in _save(as_own, own, email="me@example.org")
    assert "You cannot change your own" in _save(as_own, own, access="viewer")
    ended = as_own.post(f"/people/{own.id}/end", data={"csrf_token": as_own.csrf, "reason": "They left"})
    assert ended.status_code == 422 and "You cannot remove your own access." in ended.text
    assert (_find(own_world, AREA), _find(own_world, OFFICE)) == (user, own)


def test_removing_access_has_a_reason_in_the_journal(as_own: Client, own_world: World) -> None:
    user = _find(own_world, AREA)
    asked = {"csrf_token": as_own.csrf}
    assert "There is no reason given." in as_own.post(f"/people/{user.id}/end", data=asked).text
    _find(own_world, AREA)
    as_own.post(f"/people/{user.id}/end", data=asked | {"reason": "They left the partnership"})
    with own_world.register.reading() as connection:
        assert people.find_user_by_email(connection, AREA) is None
        entries = listings.list_journal_entries(connection, 1, event="person ended").rows
    assert entries[0].details["reason"] == "They left the partnership"


def test_an_account_of_the_office_is_asked_about_and_none_is_preset(as_own: Client, own_world: World) -> None:
    shown = as_own.get("/people").text
    (options,) = re.findall(r'<select[^>]*id="access"[^>]*>(.*?)</select>', shown, re.DOTALL)
    assert options.strip().startswith('<option value="">Choose') and "selected" not in options
    typed = {"name": "New colleague", "email": "colleague@example.org", "csrf_token": as_own.csrf}
    assert "You did not choose a role." in as_own.post("/people", data=typed).text
    asked = as_own.post("/people", data=typed | {"access": "office"}).text
    assert 'name="is_office_meant"' in asked and "first-sign-in" not in asked
    user = _find(own_world, AREA)
    assert 'name="is_office_meant"' in _save(as_own, user, access="office", place="")
    assert _find(own_world, AREA).access is Access.PARTICIPANT
    done = as_own.post("/people", data=typed | {"access": "office", "is_office_meant": "yes"}).text
    assert "first-sign-in" in done and _find(own_world, "colleague@example.org").access is Access.OFFICE


def test_nobody_else_sees_or_changes_an_account(as_: As, world: World) -> None:
    user = _find(world, AREA)
    for email in (AREA, VIEWER):
        client = as_(email)
        assert client.get(f"/people/{user.id}").status_code == 403
        answer = client.post(f"/people/{user.id}", data={"csrf_token": client.csrf, "name": "Other"})
        assert answer.status_code == 403
    assert _find(world, AREA) == user


def test_a_chair_who_has_left_is_offered_to_nobody(own_world: World, as_own: Client) -> None:
    first, *others = own_world.cycle.chairs
    option = f'value="chair/{own_world.cycle.id}/{first.id}"'
    assert option in as_own.get("/people").text
    gone = own_world.cycle.model_copy(update={"chairs": (first.model_copy(update={"left": True}), *others)})
    with own_world.register.writing() as connection:
        cycles.replace_cycle(connection, gone, at=NOW, actor="Jo", reason="they have left")
    assert option not in as_own.get("/people").text
