"""To send: what the office sees of each message and can do with it, and when its recipient gets it."""

import csv
import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import listings, look_before_sending, messages, outbox
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.records import DispatchState
from tests.mail.smtp_server import run_mail_server
from tests.web.conftest import Client, Served, client_as
from tests.web.world import (
    OFFICE,
    World,
    an_empty_world,
    contact_of,
    day,
    pair_all_areas,
    send_self_assessments,
)

NOON = day(1, 11).replace(hour=12)


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Served]]:
    """A cycle just opened, whose four templates are to be sent by the office itself."""
    world = an_empty_world(tmp_path_factory.mktemp("drafts") / "home", Delivery.DRAFTS)
    deliver_messages(world.register, world.settings, day(1, 11))
    served = Served(create_app(world.settings, world.register, SimulatedClock(NOON)))
    yield world, served
    served.stop()
    world.register.close()


@pytest.fixture(scope="module")
def office(drafts: tuple[World, Served]) -> Iterator[Client]:
    world, served = drafts
    with client_as(served, world, OFFICE) as client:
        yield client


def number_of(world: World, area: str) -> int:
    with world.register.reading() as connection:
        return messages.list_messages(connection, recipient_id=area)[0].id


def state_of(world: World, area: str) -> MessageState:
    with world.register.reading() as connection:
        return messages.list_messages(connection, recipient_id=area)[0].state


def text_of(answer: httpx.Response) -> str:
    return unescape(re.sub(r"\s+", " ", answer.text))


def send(client: Client, path: str, **form: object) -> httpx.Response:
    return client.post(path, data={"csrf_token": client.csrf, **form})


def look_for(client: Client, words: str) -> str:
    """The page that a search for these words comes to; its address has none of them."""
    with_words = client.get("/messages", params={"q": words})
    assert f'value="{words}"' not in with_words.text
    return text_of(send(client, "/messages/search", q=words))


def test_each_message_is_listed_with_its_documents_and_addresses(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    page = text_of(office.get("/messages"))
    for area in world.cycle.authors:
        assert area.name in page and area.contacts[0].email in page
    places = [page.index(f">{area.name}<span") for area in world.cycle.authors]
    assert places == sorted(places)
    assert page.count("Self-assessment template") == len(world.cycle.authors)
    assert "you send each from your own mail program" in page and "First time" in page
    board = text_of(office.get("/"))
    number = len(world.cycle.authors)
    assert board.count('data-head="Next">Form to be sent by you<') == number
    assert f"<strong>{number}</strong>Areas that wait for the office" in board
    area = text_of(office.get(f"/challenges/{world.cycle.id}/{world.cycle.authors[0].id}"))
    assert "is not sent yet, and waits for you" in area
    assert re.search(r'id="todo">.*?<li><a[^>]*href="/messages[^"]*">4 messages to send\.', board)


def test_what_is_being_made_is_told_on_the_board_and_under_to_send(own_world: World, as_own: Client) -> None:
    """A cycle that has just been opened: its documents are decided, and none is made."""
    page = as_own.get("/drafts/1/open").text
    (version,), (cycle,) = (
        re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ("version", "cycle")
    )
    send(as_own, "/drafts/1/open", version=version, cycle=cycle)
    with own_world.register.reading() as connection:
        number = outbox.count_in_the_making(connection, cycle)
    board = text_of(as_own.get("/", params={"cycle": cycle}))
    listed = text_of(as_own.get("/messages", params={"cycle": cycle}))
    assert number > 1
    assert f'id="todo">{number} documents are being made</h2>' in board and "Nothing waits" not in board
    assert f"{number} documents are being made. They are here" in listed
    assert "<div data-live>" in listed and "No message has been made" not in listed
    own_world.advance(day(4, 1))
    assert "being made" not in text_of(as_own.get("/messages", params={"cycle": cycle}))


def test_a_message_shows_what_goes_and_gives_its_files_and_its_draft(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    area = world.cycle.authors[0]
    number = number_of(world, area.id)
    page = text_of(office.get(f"/messages/{number}"))
    (subject,) = re.findall(r'id="subject" value="([^"]*)"', page)
    assert area.name in subject and f'value="{area.contacts[0].email}"' in page
    assert "readonly" in page and "Dear" in page
    assert "Send it from your mail program, then mark it as sent here." in page
    assert "Where the program sends" not in page + text_of(office.get("/messages", params={"state": "ready"}))

    packed = zipfile.ZipFile(io.BytesIO(office.get(f"/messages/{number}/files.zip").content))
    (name,) = packed.namelist()
    dispatch = min(world.dispatch_ids(recipient_id=area.id))  # the form; its letter comes after it
    document = office.get(f"/dispatches/{dispatch}/document").content
    assert name.endswith(".docx") and packed.read(name) == document

    draft = email.message_from_bytes(
        office.get(f"/messages/{number}/draft.eml").content, policy=email.policy.default
    )
    assert draft["X-Unsent"] == "1" and draft["Subject"].strip() == subject
    assert [part.get_content() for part in draft.iter_attachments()] == [document]


def test_a_message_is_held_with_a_reason_and_let_go_again(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    area = world.cycle.authors[0].id
    path = f"/messages/{number_of(world, area)}"
    refused = send(office, f"{path}/hold", reason="x")
    assert refused.status_code == 422 and "too short for a reason" in text_of(refused)
    assert 'value="x"' in refused.text and state_of(world, area) is MessageState.READY
    held = send(office, f"{path}/hold", reason="The Chair asks us to wait")
    assert held.status_code == 303 and state_of(world, area) is MessageState.ON_HOLD
    page = text_of(office.get(held.headers["location"]))
    assert "It is on hold." in page and "The Chair asks us to wait" in page
    assert "1 message on hold" in text_of(office.get("/"))
    assert send(office, f"{path}/go", reason="The Chair agrees").status_code == 303
    assert state_of(world, area) is MessageState.READY


def test_the_covering_words_are_changed_and_brought_back(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    path = f"/messages/{number_of(world, world.cycle.authors[0].id)}"
    (own,) = re.findall(r'<textarea[^>]*name="words"[^>]*>(.*?)</textarea>', office.get(path).text, re.DOTALL)
    assert own.strip()
    assert send(office, f"{path}/words", words="We spoke on the telephone.\n\nHere it is.").status_code == 303
    page = text_of(office.get(path))
    assert "We spoke on the telephone." in re.findall(r'id="body"[^>]*>(.*?)</textarea>', page)[0]
    draft = office.get(f"{path}/draft.eml").text
    assert "We spoke on the telephone." in draft
    assert send(office, f"{path}/words", is_own="yes", words="ignored").status_code == 303
    assert "We spoke on the telephone." not in text_of(office.get(path))
    long = send(office, f"{path}/words", words="x" * 20_000)
    assert long.status_code == 422 and "too long" in text_of(long) and "x" * 20_000 in long.text


def test_drafts_are_downloaded_together_with_a_list_of_who_gets_which(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    areas = {number_of(world, area.id): area for area in world.cycle.authors}
    ready = [number for number, area in areas.items() if state_of(world, area.id) is MessageState.READY]
    assert "Download drafts" in office.get("/messages").text and len(ready) > 1
    for form, numbers in (
        ({"message": ready[:1]}, ready[:1]),
        ({"is_all": "yes", "listed": list(areas)}, ready),
    ):
        packed = zipfile.ZipFile(io.BytesIO(send(office, "/messages/drafts.zip", **form).content))
        rows = list(csv.DictReader(io.StringIO(packed.read("Who gets what.csv").decode("utf-8-sig"))))
        assert sorted(one["File"] for one in rows) == sorted(set(packed.namelist()) - {"Who gets what.csv"})
        assert [one["For"] for one in rows] == [areas[number].name for number in numbers]
        for row in rows:
            assert re.fullmatch(r"[\w. -]+\.eml", row["File"])  # Windows takes no more
            draft = email.message_from_bytes(packed.read(row["File"]), policy=email.policy.default)
            assert draft["X-Unsent"] == "1" and draft["Subject"].strip() == row["Subject"]
            assert row["To"] in draft["To"] and row["To"] and not row["Note"]
            assert [part.get_filename() for part in draft.iter_attachments()] == row["Attached"].split("; ")
    with world.register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1, event="message downloaded").rows
    assert entries[0].actor == "Programme office"
    assert {entry.details["message"] for entry in entries} >= set(ready)
    assert {state_of(world, areas[number].id) for number in ready} == {MessageState.READY}


def test_drafts_are_not_downloaded_of_what_is_held_or_of_nothing(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    number = number_of(world, world.cycle.authors[0].id)
    assert "No message is ticked." in text_of(send(office, "/messages/drafts.zip"))
    assert send(office, "/messages/drafts.zip", message=["1e3"]).status_code == 404
    send(office, f"/messages/{number}/hold", reason="to wait a day")
    refused = send(office, "/messages/drafts.zip", message=[number])
    assert refused.status_code == 422 and "can't be sent by hand now" in text_of(refused)
    send(office, f"/messages/{number}/go", reason="the day is over")


def test_what_can_not_be_made_is_left_out_and_said(drafts: tuple[World, Served], office: Client) -> None:
    world, _ = drafts
    numbers = [number_of(world, area.id) for area in world.cycle.authors[:2]]
    of_first = world.dispatch_ids(recipient_id=world.cycle.authors[0].id)
    with world.register.reading() as connection:
        path = world.settings.outbox_folder / (outbox.load_dispatch(connection, min(of_first)).path or "")
    data = path.read_bytes()
    path.write_bytes(data + b"altered")
    answer = send(office, "/messages/drafts.zip", is_all="yes", listed=numbers)
    path.write_bytes(data)
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    rows = list(csv.DictReader(io.StringIO(packed.read("Who gets what.csv").decode("utf-8-sig"))))
    assert [one["Note"][:9] for one in rows if not one["File"]] == ["Not here:"]
    assert len(packed.namelist()) == len(rows)


def test_a_message_is_marked_as_sent_when_and_to_whom_it_went(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, served = drafts
    area = world.cycle.authors[1]
    path = f"/messages/{number_of(world, area.id)}/sent"
    dispatch = min(world.dispatch_ids(recipient_id=area.id))  # the form; its letter comes after it
    with client_as(served, world, contact_of(area.id)) as theirs:
        assert theirs.get(f"/dispatches/{dispatch}/document").status_code == 403
        assert f"/dispatches/{dispatch}/" not in theirs.get("/mine").text
        for form, words in (
            ({"day": "2027-01-11", "at": "23:00", "to": "a@example.org"}, "can't have been sent then"),
            ({"day": "2027-01-10", "at": "09:00", "to": "a@example.org"}, "can't have been sent then"),
            ({"day": "soon", "at": "09:00", "to": ""}, "not a date"),
            ({"day": "2027-01-11", "at": "11:30", "to": "not an address"}, "is no email address"),
        ):
            refused = send(office, path, **form)
            assert refused.status_code == 422 and words in text_of(refused)
        assert state_of(world, area.id) is MessageState.READY
        done = send(
            office, path, day="2027-01-11", at="11:30", to=f"{area.contacts[0].email}\nlead@example.org"
        )
        assert done.status_code == 303
        with world.register.reading() as connection:
            message = messages.list_messages(connection, recipient_id=area.id)[0]
        assert message.sent_at == NOON.replace(hour=11, minute=30)
        assert message.sent_to == (area.contacts[0].email, "lead@example.org")
        assert message.sent_by == "Programme office"
        assert f"/dispatches/{dispatch}/" in theirs.get("/mine").text
        assert theirs.get(f"/dispatches/{dispatch}/document").status_code == 200
    assert state_of(world, area.id) is MessageState.OPENED
    with world.register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1, event="message opened").rows
    assert [entry.actor for entry in entries] == [f"Contact of {area.id}"]
    assert "lead@example.org" in text_of(office.get("/messages?state=opened"))


def test_several_messages_are_marked_together_or_none(drafts: tuple[World, Served], office: Client) -> None:
    world, _ = drafts
    areas = [area.id for area in world.cycle.authors[2:4]]
    numbers = [number_of(world, area) for area in areas]
    none = send(office, "/messages", action="sent")
    assert none.status_code == 422 and "No message is ticked." in text_of(none)
    no_reason = send(office, "/messages", action="hold", message=numbers, reason="")
    assert no_reason.status_code == 422 and "There is no reason given." in text_of(no_reason)
    assert no_reason.text.count(" checked") == 2
    sent_before = number_of(world, world.cycle.authors[1].id)
    send(office, "/messages", action="sent", message=[sent_before])
    refused = send(office, "/messages", action="hold", message=[*numbers, sent_before], reason="to wait")
    assert refused.status_code == 422 and "can't be held" in text_of(refused)
    assert {state_of(world, area) for area in areas} == {MessageState.READY}
    done = send(office, "/messages", action="sent", message=numbers)
    assert "2 messages marked as sent." in text_of(office.get(done.headers["location"]))
    assert {state_of(world, area) for area in areas} == {MessageState.SENT}
    for form in ({"action": "burn", "message": numbers}, {"action": "sent", "message": ["1e3"]}):
        assert send(office, "/messages", **form).status_code == 404


def test_a_mark_set_by_mistake_is_taken_back_with_a_reason(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, served = drafts
    area = world.cycle.authors[3]
    path, dispatch = f"/messages/{number_of(world, area.id)}", min(world.dispatch_ids(recipient_id=area.id))
    send(office, f"{path}/sent", day="2027-01-11", at="12:00", to=area.contacts[0].email)
    assert f'href="{path}/not-sent"' in office.get(path).text
    page = text_of(office.get(f"{path}/not-sent"))
    assert "What follows" in page and f"{area.name} does not see its documents" in page
    assert send(office, f"{path}/not-sent", reason="").status_code == 422
    assert state_of(world, area.id) is MessageState.SENT
    done = send(office, f"{path}/not-sent", reason="Ticked the wrong line")
    assert "It counts as not sent." in text_of(office.get(done.headers["location"]))
    assert state_of(world, area.id) is MessageState.READY
    with client_as(served, world, contact_of(area.id)) as theirs:
        assert theirs.get(f"/dispatches/{dispatch}/document").status_code == 403
    refused = office.get(f"{path}/not-sent")
    assert refused.status_code == 422 and "<form" not in refused.text.partition("<main")[2]
    send(office, f"{path}/sent", day="2027-01-11", at="12:00", to=area.contacts[0].email)


def test_messages_are_found_by_recipient_document_and_address(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    area = world.cycle.authors[0]
    for words in (area.id, f"{area.id} template"):
        page = look_for(office, words)
        assert f"/messages/{number_of(world, area.id)}" in page
        assert f"/messages/{number_of(world, world.cycle.authors[3].id)}" not in page
    assert "No message matches." in look_for(office, "nothing of the kind")


def test_an_area_without_an_address_waits_and_says_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = an_empty_world(tmp_path_factory.mktemp("bare") / "home", Delivery.DRAFTS, has_addresses=False)
    served = Served(create_app(world.settings, world.register, SimulatedClock(NOON)))
    with client_as(served, world, OFFICE) as client:
        page = text_of(client.get("/messages?state=no_address"))
        assert "has no contact with an email address" in page
        assert "4 messages without an address" in text_of(client.get("/"))
        number = number_of(world, world.cycle.authors[0].id)
        by_post = send(client, f"/messages/{number}/sent", day="2027-01-11", at="12:00", to="")
        assert by_post.status_code == 303
    served.stop()
    world.register.close()


def test_a_message_in_doubt_says_what_to_do(drafts: tuple[World, Served], office: Client) -> None:
    world, _ = drafts
    area = world.cycle.authors[0].id
    with world.register.writing() as connection:
        for before, after in (
            (MessageState.READY, MessageState.SENDING),
            (MessageState.SENDING, MessageState.IN_DOUBT),
        ):
            message = messages.list_messages(connection, recipient_id=area)[0]
            assert message.state is before
            assert messages.change_state(connection, message, after, at=NOON)
    path = f"/messages/{number_of(world, area)}"
    page = text_of(office.get(path))
    assert "Ask the recipient first." in page and "it may arrive twice" in page
    assert "may have gone or not" in text_of(office.get("/"))
    assert send(office, f"{path}/go", reason="They did not get it").status_code == 303
    assert state_of(world, area) is MessageState.READY


def test_there_is_no_message_of_another_number(office: Client) -> None:
    for path in (
        "/messages/{}",
        "/messages/{}/draft.eml",
        "/messages/{}/files.zip",
        "/looks/{}",
        "/looks/{}/file",
    ):
        for number in (999_999, 0, 2**63):
            assert office.get(path.format(number)).status_code == 404
    for path in (
        "/messages/{}/hold",
        "/messages/{}/go",
        "/messages/{}/sent",
        "/messages/{}/words",
        "/looks/{}",
    ):
        assert send(office, path.format(999_999)).status_code == 404


def test_a_file_that_is_gone_is_told_with_what_to_do(drafts: tuple[World, Served], office: Client) -> None:
    world, _ = drafts
    area = world.cycle.authors[0].id
    number = number_of(world, area)
    dispatch = min(world.dispatch_ids(recipient_id=area))  # the form; its letter comes after it
    with world.register.reading() as connection:
        path = world.settings.outbox_folder / (outbox.load_dispatch(connection, dispatch).path or "")
    data = path.read_bytes()
    path.write_bytes(data + b"altered")
    assert "is not in the outbox as it went there" in text_of(office.get(f"/messages/{number}"))
    assert office.get(f"/messages/{number}/draft.eml").status_code == 422
    path.write_bytes(data)


def test_all_that_is_listed_is_held_together_but_nothing_that_came_since(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    first = world.cycle.authors[0].id
    page = look_for(office, first)
    listed = re.findall(r'name="listed" value="(\d+)"', page)
    assert listed == [str(number_of(world, first))]
    others = {area.id: state_of(world, area.id) for area in world.cycle.authors[1:]}
    done = send(office, "/messages", action="hold", is_all="yes", listed=listed, reason="to wait a day")
    assert "1 message put on hold." in text_of(office.get(done.headers["location"]))
    assert state_of(world, first) is MessageState.ON_HOLD
    refused = send(office, "/messages", action="sent", is_all="yes", listed=listed)
    assert refused.status_code == 422 and state_of(world, first) is MessageState.ON_HOLD
    assert {area: state_of(world, area) for area in others} == others
    send(office, "/messages", action="go", is_all="yes", listed=listed, reason="the day is over")


def test_nothing_is_sent_by_a_server_where_the_office_sends(
    drafts: tuple[World, Served], office: Client
) -> None:
    world, _ = drafts
    refused = send(office, f"/messages/{number_of(world, world.cycle.authors[0].id)}/send")
    assert refused.status_code == 422 and "do not leave by a mail server" in text_of(refused)


def test_a_message_is_sent_at_once_through_the_mail_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    world = an_empty_world(tmp_path_factory.mktemp("send") / "home", Delivery.SEND)
    with run_mail_server() as mail:
        (world.settings.home / "settings.toml").write_text(
            f'delivery = "send"\nsmtp_host = "127.0.0.1"\nsmtp_port = {mail.port}\nsmtp_tls = false\n'
        )
        served = Served(create_app(world.settings, world.register, SimulatedClock(NOON)))
        with client_as(served, world, OFFICE) as client:
            area = world.cycle.authors[0]
            path = f"/messages/{number_of(world, area.id)}"
            assert "Send it now" in client.get(path).text
            answer = send(client, f"{path}/send")
            assert answer.status_code == 303 and state_of(world, area.id) is MessageState.SENT
            assert [one.to for one in mail.taken] == [(area.contacts[0].email,)]
            again = send(client, f"{path}/send")
            assert again.status_code == 422 and "can't be sent: its state is" in text_of(again)
            assert len(mail.taken) == 1
            mail.answer = lambda address: "550 5.1.1 nobody of that name"
            other = f"/messages/{number_of(world, world.cycle.authors[1].id)}"
            assert send(client, f"{other}/send").status_code == 303
            page = text_of(client.get(other))
            assert "Not delivered" in page and "Correct what stopped it first" in page
        served.stop()
    world.register.close()


def test_a_pack_goes_only_once_somebody_has_opened_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = an_empty_world(tmp_path_factory.mktemp("look") / "home", Delivery.DRAFTS, is_looked_at=True)
    send_self_assessments(world)
    pair_all_areas(world)
    served = Served(create_app(world.settings, world.register, SimulatedClock(day(3, 2))))
    with client_as(served, world, OFFICE) as client:
        page = text_of(client.get("/messages"))
        assert "Look at before it goes: 4" in page and "4 documents to look at" in text_of(client.get("/"))
        with world.register.reading() as connection:
            waiting = look_before_sending.list_to_look_at(connection)[0]
        path = f"/looks/{waiting.id}"
        assert "Nobody has opened it yet." in client.get(path).text
        too_soon = send(client, path, sha256=waiting.sha256)
        assert too_soon.status_code == 422 and "Nobody has opened this document yet." in text_of(too_soon)
        opened = client.get(f"{path}/file")
        assert sha256_of(opened.content) == waiting.sha256
        assert ".docx" in opened.headers["content-disposition"]
        wrong = send(client, path, sha256="0" * 64)
        assert wrong.status_code == 422 and "Open it again" in text_of(wrong)
        with client_as(served, world, contact_of(waiting.recipient_id)) as theirs:
            assert theirs.get(f"{path}/file").status_code == 403
            assert theirs.get(f"/dispatches/{waiting.id}/document").status_code == 403
        assert send(client, path, sha256=waiting.sha256).status_code == 303
        world.advance(day(3, 2))
        with world.register.reading() as connection:
            gone = outbox.load_dispatch(connection, waiting.id)
        assert gone.state is DispatchState.ISSUED and gone.sha256 == waiting.sha256
        assert client.get(path).status_code == 404
        assert send(client, path, sha256=waiting.sha256).status_code == 404
    served.stop()
    world.register.close()
