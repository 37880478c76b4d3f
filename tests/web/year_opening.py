"""The year until the forms are out: first account, rehearsal, mail, own look, framework, cycle, people."""

import io
import re
from datetime import date

import docx
import openpyxl
from PIL import Image

from peer_challenge.word.form.printed_text import SHIPPED
from tests import framework_files
from tests.known_password import PASSWORD
from tests.mail.smtp_server import MailServer
from tests.web.visitor import Visitor

AREAS = ("Hollin Valley", "Saltmere", "Wrenfield", "Dunmere")
CHAIR, SECOND_CHAIR = "Independent Chair A", "Independent Chair B"
NAME, FRAMEWORK = "Vale peer challenge 2027", "Vale standards"
CYCLE = "vale-peer-challenge-2027"
OPENS, DUE = date(2027, 1, 11), date(2027, 2, 26)
OFFICE_MAIL = "office@vale.example"
_BY_EMAIL = "By email. The program sends them, through your mail server."
_IN_FOLDERS = "In folders that are shared with their recipients. You send no email."


def email_of(area: str) -> str:
    """The address of an area's contact, or of a Chair."""
    return f"{folder_of(area)}@vale.example"


def folder_of(name: str) -> str:
    """The folder of an area or a Chair, which is called by its id."""
    return name.lower().replace(" ", "-")


def _make_table() -> bytes:
    """Three of the areas as a colleague keeps them in Excel."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Area", "Police force", "ICBs", "Contact name", "E-mail"])
    for number, area in enumerate(AREAS[:3]):
        sheet.append([area, f"Police {number}", f"ICB {number}", "Partnership manager", email_of(area)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def begin_rehearsal(office: Visitor) -> None:
    """On the first page of an empty installation: a rehearsal is begun, to be looked at meanwhile."""
    office.follow("Look at a rehearsal")
    office.press("Begin the rehearsal")
    office.sees("The rehearsal is running")


def look_at_rehearsal(office: Visitor) -> None:
    """How far the rehearsal is, with its board."""
    office.open("/rehearsal")
    office.sees("It has reached")
    office.sees("Board of")


def delete_rehearsal(office: Visitor) -> None:
    """The office has seen enough of it: the service was started again, so it has stopped."""
    office.open("/rehearsal")
    office.sees("The rehearsal stopped before its end")
    office.press("Delete the rehearsal")
    office.sees("The rehearsal and all its documents are deleted.")


def set_up_mail(office: Visitor, mail: MailServer) -> None:
    """The mail server, typed and tried. Messages leave in folders as before."""
    office.open("/mail")
    _open_details(office, "Addresses on every message")
    office.type("From", OFFICE_MAIL)
    _open_details(office, "The mail server that sends, for the third choice")
    office.type("Mail server", "127.0.0.1")
    office.type("Port", f"{mail.port}")
    office.choose("Is mail encrypted on its way there?", "No")
    _save_mail(office)
    office.type("To which address", OFFICE_MAIL)
    office.press("Send a test message")
    office.sees("The mail server took the message.")
    assert [one.to for one in mail.taken] == [(OFFICE_MAIL,)]


def _open_details(office: Visitor, heading: str) -> None:
    office.page.locator("summary").get_by_text(heading, exact=True).click()


def _save_mail(office: Visitor) -> None:
    office.type("Your password here", PASSWORD)
    office.press("Save these settings")
    office.sees("The new settings are used from now on.")


def set_public_address(office: Visitor, url: str) -> None:
    """What people type to get here, with which links in emails begin: tried, and saved for the next start."""
    office.open("/settings/start")
    office.type("Public address", url)
    office.press("Try these settings")
    office.sees("This page answers there.")
    office.type("Your password here", PASSWORD)
    office.press("Save these settings")
    office.sees("Saved, and not used yet: Public address.")


def set_own_look(office: Visitor) -> None:
    """The office's name, colour and logo, looked at and used; and a letter of its own."""
    logo = io.BytesIO()
    Image.new("RGB", (300, 120), "#006644").save(logo, "PNG")
    office.open("/house-style")
    office.type("Name of the programme", "Vale peer challenge")
    office.type("Colour", "#0b5d3b")
    office.send("#logo", {"logo.png": logo.getvalue()}, "Look at it first")
    office.press("Use this house style")
    office.sees("It is in use.")
    letter, out = docx.Document(str(SHIPPED / "receipt.docx")), io.BytesIO()
    letter.add_paragraph("Ring {{ office_phone }} with any question.")
    letter.save(out)
    office.open("/templates/receipt")
    office.send("#file", {"receipt.docx": out.getvalue()}, "Upload and check it")
    office.press("Use this template")
    office.sees("A template of yours is in use.")


def upload_framework(office: Visitor) -> None:
    """The office's own areas of focus, from its Word file; one prompt is corrected on the page."""
    office.open("/frameworks")
    standards = framework_files.word_with_a_table_for_each_area()
    office.send("#file", {f"{FRAMEWORK}.docx": standards}, "Upload and look")
    office.sees("What we look for")
    office.choose("What we look for", "Questions")
    office.press("Read the file again")
    office.press("Go on with this")
    office.follow("Leadership and accountability")
    office.follow("Shared vision")
    office.type("What is looked for", "What do you share?")
    office.press("Save")
    office.follow("The framework")
    office.press("Save this framework")
    office.sees(FRAMEWORK)


def prepare_cycle(office: Visitor) -> None:
    """A cycle of the office's own framework: three areas from Excel and one typed, one Chair, usual rules."""
    office.open("/")
    office.press("Prepare a new cycle")
    office.press("Begin with empty pages")
    office.follow("Framework")
    office.tick(FRAMEWORK)
    office.press("Save and continue")
    office.type("Name of the cycle", NAME)
    office.type("The day on which the cycle opens", f"{OPENS:%d %B %Y}")
    office.type("The day on which self-assessments are due", f"{DUE:%d %B %Y}")
    office.press("Save and show what follows")
    office.sees("Action plan")
    office.press("Save and continue")
    office.send("#table", {"areas.xlsx": _make_table()}, "Upload and look")
    office.press("Use these areas")
    office.press("Add an area")
    office.type("Name of the area", AREAS[3])
    office.type("Police force", "Police 3")
    office.type("Integrated care boards", "ICB 3")
    _type_contact(office, AREAS[3], "Contact 1")
    office.press("Save")
    office.follow("Continue to Chairs")
    office.press("Add a Chair")
    office.type("Name of the Chair", CHAIR)
    office.type("Email address", email_of(CHAIR))
    office.press("Save")
    office.follow("Continue to Rules")
    office.press("Save and continue")
    office.press("Save and continue")
    office.type("Name of the office", "Vale programme office")
    office.type("Email address of the office", OFFICE_MAIL)
    office.press("Save and continue")
    open_prepared_cycle(office)


def _type_contact(office: Visitor, area: str, group: str) -> None:
    contact = office.page.get_by_role("group", name=group, exact=True)
    office.type("Name or role", "Partnership manager", within=contact)
    office.type("Email address", email_of(area), within=contact)


def open_prepared_cycle(office: Visitor) -> None:
    """From the last part of a cycle in preparation until it is open."""
    office.press("Check everything")
    office.sees("Nothing is missing.")
    office.press("Go on to open the cycle")
    office.press("Open the cycle now")


def invite_everybody(office: Visitor) -> dict[str, str]:
    """Invite contacts and Chairs; without a mail server the page shows each link, once. By address."""
    office.open("/people/invite")
    office.press("Give access, and show the links")
    text = office.page.locator("main").inner_text()
    return dict(re.findall(r"([\w-]+@vale\.example).*?(http\S+token=\S+)", text, re.DOTALL))


def add_second_chair(office: Visitor) -> None:
    """A Chair comes once the cycle is open: shown first, then done."""
    office.open("/cycle")
    office.follow("Add a Chair")
    office.type("Name", SECOND_CHAIR)
    office.type("Email address", email_of(SECOND_CHAIR))
    _confirm_change(office, SECOND_CHAIR)


def invite_by_email(office: Visitor, mail: MailServer, pids: list[int]) -> str:
    """The second Chair gets an email with a link, and nobody else gets one; returns the link in it.

    Messages leave by email for as long as that takes, and none waits.
    """
    office.open_when("/messages", "All messages have gone.", *pids)
    _choose_way_out(office, _BY_EMAIL)
    sent = len(mail.taken)
    office.open("/people/invite")
    office.press("Give access, and send the emails")
    office.sees(f"We sent an email to {SECOND_CHAIR}")
    _choose_way_out(office, _IN_FOLDERS)
    assert [one.to for one in mail.taken[sent:]] == [(email_of(SECOND_CHAIR),)]
    body = mail.taken[-1].message.get_body()
    assert body is not None
    (link,) = re.findall(r"http\S+/first-sign-in\?token=\S+", body.get_content())
    return str(link)


def _choose_way_out(office: Visitor, way: str) -> None:
    office.open("/mail")
    office.tick(way)
    _save_mail(office)


def change_open_cycle(office: Visitor) -> None:
    """A contact leaves, and one area has a week longer: each is shown first, then done."""
    office.open("/cycle")
    office.follow(f"Change {AREAS[1]}")
    contact = office.page.get_by_role("group", name="Contact 1", exact=True)
    office.type("Name", "Interim manager", within=contact)
    _confirm_change(office, "becomes Interim manager")
    office.open(f"/challenges/{CYCLE}/dunmere/dates")
    extend = office.page.get_by_role("form", name="Extend one date")
    office.type("By how many days", "7", within=extend)
    office.type("Why", "The lead is ill.", within=extend)
    office.press("Show what moves", within=extend)
    office.sees("Fri 5 Mar 2027")
    office.press("Change these dates")
    office.sees("Extended by 7 days.")


def _confirm_change(office: Visitor, shown: str) -> None:
    office.press("Show what follows")
    office.sees(shown)
    office.type("Why is it changed?", "They told us.")
    office.press("Change the cycle")
    office.sees("Undo this change")
