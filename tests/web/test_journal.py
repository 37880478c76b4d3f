"""The journal page reads as sentences; ids and hashes are only in the details of each entry."""

import re
from html import unescape

from peer_challenge.register import listings
from tests.web.conftest import As
from tests.web.world import OFFICE, World

_DETAILS = re.compile(r"<details.*?</details>", re.DOTALL)


def read_rows(page: str) -> list[str]:
    """The text of each row of the journal, without its details."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = _DETAILS.sub("", body).split("</tr>")[:-1]
    return [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row))) for row in rows]


def test_what_came_in_and_what_was_sent_reads_as_sentences(world: World, as_: As) -> None:
    office = as_(OFFICE)
    area = world.cycle.participant["ashcombe"]
    came = read_rows(office.get("/journal", params={"event": "document taken in"}).text)
    assert any(f"{area.name}’s self-assessment, version 1, was accepted" in row for row in came), came
    assert any(f"The peer analysis about {area.name}, version 1, was accepted" in row for row in came)
    sent = read_rows(office.get("/journal", params={"event": "message sent"}).text)
    assert any(
        f"The self-assessment template and the launch letter were sent to {area.name}." in row for row in sent
    )


def test_no_row_shows_an_id_or_a_hash_but_in_its_details(world: World, as_: As) -> None:
    office, number, seen = as_(OFFICE), 1, 0
    with world.register.reading() as connection:
        total = listings.read_newest_sequence(connection)
    while seen < total:
        page = office.get("/journal", params={"number": number}).text
        rows = read_rows(page)
        assert rows, "every entry is on a page"
        for row in rows:
            assert not re.search(r"[0-9a-f]{12}|\w/\w|\w_\w|\d{4}-\d\d-\d\d|[{}]", row), row
            assert not re.search(rf"\b{world.cycle.id}\b", row), row
        assert page.count('<details class="pc-why"') == len(rows)
        seen, number = seen + len(rows), number + 1


def test_the_details_hold_what_was_recorded(world: World, as_: As) -> None:
    with world.register.reading() as connection:
        entry = listings.list_journal_entries(connection, 1, event="document taken in", size=1).rows[0]
    page = as_(OFFICE).get("/journal", params={"event": entry.event}).text
    (details, *_) = _DETAILS.findall(page.partition("<tbody>")[2])
    assert f"entry {entry.sequence}: document taken in" in re.sub(r"<[^>]*>", "", details)
    assert str(entry.details["sha256"]) in details and entry.hash[:16] in details
    assert str(entry.challenge_id) in details
