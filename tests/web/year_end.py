"""The rest of the year: each week's work, what a public body shows and keeps, backup, the next cycle."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import expect

from tests.known_password import PASSWORD
from tests.web.visitor import Visitor
from tests.web.year_opening import AREAS, CYCLE, NAME, open_prepared_cycle

NEXT_NAME, NEXT_OPENS, NEXT_DUE = "Vale peer challenge 2028", date(2028, 1, 10), date(2028, 2, 25)
NEXT_CYCLE = "vale-peer-challenge-2028"


@dataclass(frozen=True, slots=True)
class Backup:
    """What is taken to another machine: a file, and the key that opens it."""

    data: bytes
    key: str


def write_note_with_reminder(office: Visitor, day: date) -> None:
    """What an area said on the telephone, to be reminded of on a day."""
    office.open(f"/challenges/{CYCLE}/saltmere/notes")
    office.type("Note", "Rang today, sends on Thursday.")
    office.type("Remind me on (optional)", f"{day}")
    office.press("Keep the note")
    office.sees("sends on Thursday")


def tick_off_note(office: Visitor) -> None:
    """On its day the note is on the board; it is ticked off."""
    office.open("/")
    office.sees("Rang today, sends on Thursday.")
    office.open(f"/challenges/{CYCLE}/saltmere/notes")
    office.press("Tick off : Rang today, sends on Thursday.")


def _tick_on_board(office: Visitor, *areas: str) -> None:
    for area in areas:
        office.page.get_by_role("row", name=area).get_by_role("checkbox").first.check()


def remind_two_areas(office: Visitor) -> None:
    """Remind now two of the areas, ticked on the board."""
    office.open("/")
    _tick_on_board(office, AREAS[1], AREAS[3])
    office.press("Remind")
    office.type("Why?", "Their plans are needed for the board.")
    office.press("Remind them now")
    office.sees("reminder")


def write_one_note_on_two_areas(office: Visitor) -> None:
    """One note on several areas at once, from the board."""
    office.open("/")
    _tick_on_board(office, AREAS[2], AREAS[3])
    office.press("Write a note")
    office.type("Note", "Both share a venue.")
    office.press("Write the note")


def make_overview(office: Visitor) -> None:
    """The regional overview as it is today, downloaded and sent to the office."""
    office.open("/reports")
    with office.page.expect_download() as download:
        office.follow("Regional overview (Word)")
    assert download.value.path().read_bytes()[:2] == b"PK"
    office.follow("Send the overview to the office")
    office.type("Why?", "For the board of May.")
    office.press("Make and send")


def search_everything(office: Visitor) -> None:
    """Find a note by its words, from the field at the top of any page."""
    office.open("/")
    office.type("Search everything", "Thursday")
    office.page.get_by_role("button", name="Search", exact=True).first.click()
    office.sees("sends on Thursday")


def edit_statements(office: Visitor) -> None:
    """The accessibility statement and the privacy notice, with the office's own words."""
    for which in ("accessibility", "privacy"):
        office.open(f"/statements/{which}/edit")
        text = office.page.get_by_label("Text", exact=True).input_value()
        filled = re.sub(r"\[name of your organisation\]", "Vale Council", text, flags=re.IGNORECASE)
        office.type("Text", filled)
        office.press("Show this text from now on")
        office.open(f"/statements/{which}")
        office.sees("Vale Council")


def look_for_a_person(office: Visitor) -> None:
    """What is held about somebody who asks."""
    office.open("/find-person")
    office.type("Name, role or email address", "dunmere@vale.example")
    office.press("Look")
    office.sees("An account to sign in with")


def take_backup(office: Visitor) -> Backup:
    """Make a backup, download it, and have the key shown."""
    office.open("/backups")
    office.press("Make a backup now")
    with office.page.expect_download() as download:
        office.page.get_by_role("link", name=re.compile(r"\.zip\.age$")).first.click()
    data = download.value.path().read_bytes()
    office.type("Your password here", PASSWORD)
    office.press("Show the key")
    key = re.search(r"AGE-SECRET-KEY-\w+|\b[A-Za-z0-9+/=_-]{40,}\b", office.page.locator("main").inner_text())
    assert key is not None
    return Backup(data, key[0])


def restore_elsewhere(office: Visitor, backup: Backup) -> None:
    """In a new, empty installation: restore the backup, and sign in as before."""
    office.open("/")
    office.follow("Restore a backup")
    office.type("The key of the installation that made it", backup.key)
    office.send("#file", {"backup.zip.age": backup.data}, "Check what is in it")
    office.press("Restore it now")
    office.sees("The backup is restored.")


def hold_cycle(office: Visitor) -> None:
    """Retention: a closed cycle is kept under a hold, for a reason."""
    office.open("/retention")
    office.type("Why?", "An inquiry is open.")
    office.press(f"Hold {NAME}")
    office.sees("An inquiry is open.")


def close_challenge(office: Visitor) -> None:
    """One area will send nothing more: its challenge is closed for a reason."""
    office.open(f"/challenges/{CYCLE}/dunmere/close")
    office.type("Why?", "The area is reorganised.")
    office.press("Close the challenge")
    office.sees("closed")


def close_cycle(office: Visitor) -> None:
    """Close the cycle, from the foot of its board."""
    office.open("/")
    office.follow("Close this cycle")
    office.type("Why?", "We begin again next year.")
    office.press("Close the cycle")


def open_next_cycle(office: Visitor) -> None:
    """The second cycle, opened from the first: areas, contacts, Chairs and rules are taken over."""
    office.open("/drafts")
    office.press("Begin from the last cycle")
    office.follow("Name and dates")
    office.type("Name of the cycle", NEXT_NAME)
    office.type("The day on which the cycle opens", f"{NEXT_OPENS:%d %B %Y}")
    office.type("The day on which self-assessments are due", f"{NEXT_DUE:%d %B %Y}")
    office.press("Save and continue")
    office.follow("All parts of this cycle")
    open_prepared_cycle(office)


def keep_for_a_month(office: Visitor) -> None:
    """Retention: the first cycle is kept for a month only, which is over; its hold still keeps it."""
    office.open("/retention")
    office.follow(f"Change how long it is kept : {NAME}")
    office.type("Months after it closed", "1")
    office.type("Why?", "The areas agreed on a month.")
    office.press("Show what follows")
    office.sees("Nothing of it is destroyed while this holds")
    office.press("Keep it so long")
    office.sees("Changed. See below until when the cycle is kept.")


def lift_hold(office: Visitor) -> None:
    """The inquiry is closed, and so the hold is lifted."""
    cycle = office.page.get_by_role("form", name=NAME, exact=True)
    office.type("Why?", "The inquiry is closed.", within=cycle)
    office.press(f"Lift the hold {NAME}", within=cycle)
    office.sees("The hold is lifted.")


def destroy_what_is_due(office: Visitor) -> None:
    """What has been kept too long is destroyed, once the office has said that it means it."""
    office.sees("To be destroyed with the next run")
    office.type("Why now?", "We promised it to the areas.")
    office.tick("I know that this cannot be undone, and that backups still hold it")
    office.press("Destroy it now")
    office.sees("What was kept too long is destroyed.")
    expect(office.page.get_by_role("form", name=NAME, exact=True)).to_have_count(0)
