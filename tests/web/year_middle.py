"""The year from the first form that comes back until the summaries: inbox, partners, events, corrections."""

from datetime import date, timedelta

from peer_challenge.model.vocabulary import Kind
from tests.changed_forms import retitled
from tests.fill_form import fill_form
from tests.web.visitor import Visitor
from tests.web.year_forms import Folders, Form
from tests.web.year_opening import AREAS, CYCLE

MOVED_TO = date(2027, 4, 9)
"""A day on which neither Chair has another event."""
_FIRST_ROW = "leadership-and-accountability/equal-duty"
CORRECTED = "All three partners lead this work in turn."


def send_own_form(visitor: Visitor, folders: Folders, form: Form) -> None:
    """An area or a Chair, who has just signed in, sends in the form that it was sent."""
    visitor.send("#files", {"our form.docx": folders.fill(form)}, "Send")
    visitor.sees("in the inbox")


def send_others_forms(office: Visitor, folders: Folders, forms: list[Form]) -> None:
    """The office sends in, all at once, what others brought it."""
    files = {f"{form.about or form.who}.docx": folders.fill(form) for form in forms}
    office.follow("Inbox")
    office.send("#files", files, "Send")
    for name in files:
        office.sees(f"{name}in the inbox")


def accept_with_a_gap(office: Visitor, folders: Folders) -> None:
    """A form without one rating is asked about; the office knows why, and accepts it as it is."""
    form = folders.fill(Form(Kind.SELF_ASSESSMENT, "saltmere"))
    office.open("/inbox")
    gap = fill_form(form, {(_FIRST_ROW, "rating"): ""})
    office.send("#files", {"saltmere.docx": gap}, "Send")
    office.follow("Accept as it is : saltmere.docx")
    office.tick("AMBER")
    office.type("Why do you accept it?", "They told us by telephone.")
    office.press("Show what follows")
    office.press("Accept this")
    office.sees("You accepted this.")


def say_whose_form_it_is(office: Visitor, folders: Folders) -> None:
    """A form made for one area that names another is held until the office says whose it is."""
    form = retitled(folders.fill(Form(Kind.SELF_ASSESSMENT, "wrenfield")), AREAS[2], AREAS[1])
    office.open("/inbox")
    office.send("#files", {"wrenfield.docx": form}, "Send")
    office.follow("Say whose it is : wrenfield.docx")
    office.page.get_by_label("Whose challenge is it about?").select_option(f"{CYCLE}/wrenfield")
    office.type("How do you know?", "They told us by telephone.")
    office.press("Show what follows")
    office.press("Confirm whose it is")
    office.sees("You said whose the document is")


def record_paper(office: Visitor, folders: Folders, day: date) -> None:
    """A form that came by post, typed into its Word form, with the day on which it came."""
    form = folders.fill(Form(Kind.SELF_ASSESSMENT, "dunmere"))
    office.open("/paper")
    office.type("On which day did it come?", f"{day - timedelta(days=3)}")
    office.type("How did it come, and who typed it in?", "By post; we typed it in.")
    office.send("#file", {"typed.docx": form}, "Record it")


def approve_partners(office: Visitor, pids: list[int]) -> None:
    """The partners that are proposed, approved with a reason."""
    office.open_when("/partners", "Why these partners", *pids)
    office.type("Why these partners", "The best there are.")
    office.press("Approve these partners")
    office.sees("Approved")


def look_at_packs(office: Visitor, count: int, pids: list[int]) -> None:
    """Each pack holds what an area wrote in confidence: opened, read, and let go."""
    office.open_when("/messages", f"Look at before it goes: {count}", *pids)
    for _ in range(count):
        looks = office.page.get_by_role("region", name="Look at before it goes")
        looks.get_by_role("link").first.click()
        with office.page.expect_download():
            office.press("Open the document")
        office.press("Looked at: send it")


def agree_events(office: Visitor, pids: list[int]) -> None:
    """The timetable that is proposed: a place and a day are changed, then all is agreed with a reason."""
    told = f"{len(AREAS)} events are proposed: look at the days, then agree them."
    office.open_when("/", told, *pids)
    office.follow(told)
    one = office.page.get_by_role("group", name=AREAS[0], exact=True)
    office.type("Place or joining link", "https://meet.example/hollin-valley", within=one)
    another = office.page.get_by_role("group", name=AREAS[1], exact=True)
    office.type("Day", f"{MOVED_TO}", within=another)
    office.press("Agree what is ticked")
    office.sees("https://meet.example/hollin-valley")
    office.type("Why these days", "Everybody can come.")
    office.press("Agree and invite")
    office.sees("Agreed already")


def give_event_to_another_chair(office: Visitor) -> None:
    """One Chair has fallen ill, and another takes the event: shown first, then done with a reason."""
    office.open(f"/challenges/{CYCLE}/saltmere/event")
    give = office.page.get_by_role("form", name="Give it to another Chair")
    other = give.get_by_label("Chair", exact=True).locator("option").last.inner_text()
    office.choose("Chair", other, within=give)
    office.type("Reason", "Illness.", within=give)
    office.press("Show what follows", within=give)
    office.sees("in place of")
    office.press("Give it to this Chair")
    office.sees(f"Chair: {other}")


def move_two_events(office: Visitor) -> None:
    """Two areas, on whose days nobody else has an event, exchange them: shown first, then for a reason."""
    office.open("/cycle")
    office.follow("Move several events")
    groups = [office.page.get_by_role("group", name=area, exact=True) for area in AREAS[1:3]]
    days = [group.get_by_label("Day", exact=True).input_value() for group in groups]
    for group, day in zip(groups, reversed(days), strict=True):
        office.type("Day", day, within=group)
    office.press("Show what moves")
    for area in AREAS[1:3]:
        office.sees(f"{area}: ")
    office.type("Why are they moved?", "The venues are free the other way round.")
    office.press("Move these events")
    office.sees("The events were moved. Everybody concerned gets a new invitation.")


def say_who_comes(area: Visitor, pids: list[int]) -> None:
    """An area says for itself whether it comes."""
    area.open_when(f"/challenges/{CYCLE}/hollin-valley/people", "Keep these answers", *pids)
    area.choose(f"{AREAS[0]}: Partnership manager", "Comes")
    area.press("Keep these answers")


def correct_draft(area: Visitor, folders: Folders, form: Form) -> None:
    """An area, who has just signed in, sends its draft summary back with one sentence changed."""
    area.send("#files", {"our draft.docx": folders.correct_draft(form, "strength/1", CORRECTED)}, "Send")
    area.sees("in the inbox")


def accept_correction(office: Visitor, pids: list[int]) -> None:
    """The board leads to what the area changed; the office accepts it for a reason."""
    told = "1 correction to a draft summary for you or its Chair to settle."
    office.open_when("/", told, *pids)
    office.follow(told)
    office.sees(CORRECTED)
    office.tick("Accept it")
    office.type("Why", "The Chair agrees.")
    office.press(f"Keep this decision : Strength 1, {AREAS[0]}")
    office.sees("Your decision was kept.")
