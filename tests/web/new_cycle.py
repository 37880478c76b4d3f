"""What the office does in its browser to prepare a cycle of six areas and to open it."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
from playwright.sync_api import Page, expect

from peer_challenge.model.journey import OPENING

NAME = "Vale peer challenge 2027"
AREAS = ("Hollin Valley", "Saltmere", "Port Averil", "Kingsmouth", "Wrenfield", "Dunmere")
HEADINGS = ("Area", "Police force", "ICBs", "Neighbours", "Contact name", "E-mail")
Look = Callable[[Page], None]


def make_table(*, title: str = "") -> bytes:
    """An Excel sheet with five of the areas, as a colleague would keep it; `title` stands above it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(HEADINGS))
    for number, name in enumerate(AREAS[:5]):
        plain = name.lower().replace(" ", "-")
        neighbour = AREAS[(number + 1) % 5]
        if number == 1:
            neighbour = "Port Avril"  # a slip, which the page shows with its cell
        police = f"Police {'AB'[number % 2]}"
        row = [
            name,
            police,
            f"ICB {'AB'[number % 2]}",
            neighbour,
            "Partnership manager",
            f"office@{plain}.example",
        ]
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def prepare_cycle(page: Page, look: Look, *, opens: date, due: date) -> None:
    """From an empty board to the page that says everything is ready; `look` sees every page on the way."""

    def save(name: str = "Save and continue") -> None:
        look(page)
        page.get_by_role("button", name=name, exact=True).click()

    page.goto("/")
    look(page)
    page.get_by_role("button", name="Prepare a new cycle").click()
    look(page)
    page.get_by_role("button", name="Begin with empty pages").click()
    expect(page.locator("main")).to_contain_text("parts need something from you")
    look(page)

    page.get_by_role("link", name="Framework").click()
    page.get_by_label("Working Together to Safeguard Children 2023", exact=True).check()
    save()

    page.get_by_label("Name of the cycle", exact=True).fill(NAME)
    page.get_by_label("The day on which the cycle opens", exact=True).fill(
        f"{opens.day}/{opens.month}/{opens.year}"
    )
    page.get_by_label("The day on which self-assessments are due", exact=True).fill("31 February 2027")
    save()
    expect(page.get_by_role("alert")).to_contain_text("31 February 2027")
    page.get_by_label("The day on which self-assessments are due", exact=True).fill(f"{due:%d %B %Y}")
    save("Save and show what follows")
    expect(page.locator("main")).to_contain_text("Action plan")
    save()
    look(page)
    table = {"name": "areas.xlsx", "mimeType": "x/y", "buffer": make_table(title="Our areas")}
    page.set_input_files("#table", table)
    save("Upload and look")
    expect(page.locator("main")).to_contain_text("cell D4")
    expect(page.locator("main")).to_contain_text("Did you mean “Port Averil”?")
    save("Use these areas")
    look(page)
    page.get_by_role("link", name="Saltmere").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Port Avril")
    page.get_by_label("Neighbours", exact=True).fill("Port Averil")
    save("Save")
    page.get_by_role("button", name="Add an area").click()
    page.get_by_label("Name of the area", exact=True).fill(AREAS[5])
    page.get_by_label("Police force", exact=True).fill("Police B")
    page.get_by_label("Integrated care boards", exact=True).fill("ICB B")
    page.get_by_role("group", name="Contact 1").get_by_label("Name or role", exact=True).fill(
        "Partnership manager"
    )
    page.get_by_role("group", name="Contact 1").get_by_label("Email address", exact=True).fill(
        "office@dunmere.example"
    )
    save("Save")
    expect(page.locator("table").first).to_contain_text("Dunmere")
    page.get_by_role("link", name="Continue to Chairs").click()
    look(page)
    page.get_by_role("button", name="Add a Chair").click()
    page.get_by_label("Name of the Chair", exact=True).fill("Independent Chair A")
    page.get_by_label("Email address", exact=True).fill("chair-a@chairs.example")
    page.get_by_label("Days on which the Chair can come", exact=True).fill("3 May 2027 to 28 May 2027")
    save("Save")
    page.get_by_role("link", name="Continue to Rules").click()
    page.get_by_label("Words in one cell", exact=True).fill("a few")
    save()
    expect(page.get_by_role("alert")).to_contain_text("Give a whole number.")
    page.get_by_label("Words in one cell", exact=True).fill("120")
    save()
    save()
    page.get_by_label("Name of the office", exact=True).fill("Vale programme office")
    page.get_by_label("Email address of the office", exact=True).fill("office@vale.example")
    page.get_by_label("Copies for Partnership manager of Dunmere", exact=True).check()
    save()
    look(page)
    page.get_by_role("button", name="Check everything").click()
    look(page)
    expect(page.locator("main")).to_contain_text("Nothing is missing.")


def open_cycle(page: Page, look: Look) -> None:
    """From the check of everything to the board of the open cycle."""
    page.locator("a[href$='/preview/self_assessment_template']").click()
    expect(page.locator("main")).to_contain_text("Agree each answer")
    look(page)
    page.get_by_role("link", name="Check everything").click()
    page.get_by_role("button", name="Go on to open the cycle").click()
    expect(page.locator("main")).to_contain_text(
        f"{len(AREAS) * len(OPENING)} documents are made for 6 areas"
    )
    expect(page.locator("main")).to_contain_text("office@dunmere.example")
    look(page)
    page.get_by_role("button", name="Open the cycle now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
