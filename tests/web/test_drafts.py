"""The pages of a cycle in preparation: several people, double clicks, files, and nothing typed is lost."""

import io
import re
from html import unescape

import pytest
from fastapi import FastAPI
from openpyxl import Workbook

from peer_challenge.register import drafts
from peer_challenge.register.cycles import cycle_ids
from peer_challenge.register.drafts import CycleDraft
from tests.known_password import PASSWORD
from tests.web.conftest import As, Client
from tests.web.new_cycle import make_table
from tests.web.world import OFFICE, World

DRAFT = "/drafts/1"


def text_of(answer: object) -> str:
    return unescape(re.sub(r"\s+", " ", getattr(answer, "text", "")))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def send(client: Client, path: str, **form: str) -> object:
    return client.post(path, data={"csrf_token": client.csrf, **form})


def draft_of(world: World, number: int = 1) -> CycleDraft:
    with world.register.reading() as connection:
        found = drafts.load_draft(connection, number, drafts.CycleDraft)
    assert found is not None
    return found


def begin(client: Client, **form: str) -> str:
    answer = client.post("/drafts", data={"csrf_token": client.csrf, **form})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_a_stale_form_is_told_with_what_was_typed_and_what_is_there_now(world: World, as_: As) -> None:
    client = as_(OFFICE)
    path = f"{begin(client, how='empty')}/dates"
    seen = field(client.get(path).text, "seen")
    send(client, path, seen=seen, name="Typed first")
    answer = client.post(path, data={"csrf_token": client.csrf, "seen": seen, "name": "Typed second"})
    told = text_of(answer)
    assert answer.status_code == 422
    assert "Somebody else has changed this part meanwhile." in told
    assert "Name of the cycle: Typed first" in told
    assert field(answer.text, "name") == "Typed second"
    again = send(client, path, seen=field(answer.text, "seen"), name="Typed second")
    assert getattr(again, "status_code", 0) == 303
    assert 'value="Typed second"' in client.get(path).text


def test_an_area_that_a_colleague_has_changed_is_not_overwritten_nor_lost(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = f"{begin(client, how='empty')}/areas"
    send(client, f"{base}/0", seen="", name="Dunmere")
    seen = field(client.get(f"{base}/1").text, "seen")
    send(client, f"{base}/1", seen=seen, name="Dunmere", police="Police A")
    answer = client.post(
        f"{base}/1", data={"csrf_token": client.csrf, "seen": seen, "name": "Dunmere", "police": "Police B"}
    )
    assert answer.status_code == 422
    assert "Police force: Police A" in text_of(answer)
    assert field(answer.text, "police") == "Police B"


def test_what_was_wrong_is_at_its_field_and_on_the_check(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    send(client, f"{base}/areas/0", seen="", name="Dunmere", **{"contacts-0-email": "no address"})
    page = client.get(f"{base}/areas/1").text
    assert 'id="contacts-0-email-error"' in page
    check = text_of(client.get(f"{base}/check"))
    assert f'href="{base}/areas/1?shown=problems#contacts-0-email"' in client.get(f"{base}/check").text
    assert "“Framework” is missing" in check and "“Dates” is missing" in check
    assert "`" not in check


def test_each_day_that_cannot_be_read_is_told_at_its_field_by_its_label(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = f"{begin(client, how='empty')}/chairs"
    days = "Monday 10 May 2027\n6 April 2027 - 7 May 2027\nsoon to 1 June 2027"
    send(client, f"{base}/0", seen="", name="Chair A", available="17 May to 1 June 2027", unavailable=days)
    page = text_of(client.get(f"{base}/1"))
    shown = page.partition('id="unavailable-error"')[2].partition("</p>")[0]
    assert "`" not in page and "“first”" not in page and "“last”" not in page
    assert "It is Monday 10 May 2027" not in shown and "“soon”" in shown and "26 February 2027" in shown
    assert "17 May 2027 to 1 June 2027" in page and "6 April 2027 to 7 May 2027" in page
    send(client, f"{base}/1", seen=field(page, "seen"), name="Chair A", unavailable="today\nTue 10 May 2027")
    shown = text_of(client.get(f"{base}/1")).partition('id="unavailable-error"')[2].partition("</p>")[0]
    assert "“today”" in shown and "It is Monday 10 May 2027. Correct the weekday or the date." in shown


def test_an_office_that_is_called_as_usual_keeps_its_name_beside_its_address(world: World, as_: As) -> None:
    client = as_(OFFICE)
    path = f"{begin(client, how='empty')}/sending"
    form = {"office-name": "Programme office", "office-email": "office@vale.example"}
    answer = send(client, path, seen=field(client.get(path).text, "seen"), **form)
    assert "done=saved" in answer.headers["location"]  # type: ignore[attr-defined]


def test_the_check_names_what_to_compare_with_the_guidance(world: World, as_: As) -> None:
    told = text_of(as_(OFFICE).get(f"{DRAFT}/check"))
    assert "Nothing is missing" in told
    assert "Please compare them with the guidance before you open the cycle" in told


def test_saving_goes_on_with_the_next_part_that_is_not_done(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")

    def save(part: str, **form: str) -> str:
        answer = send(client, f"{base}/{part}", seen=field(client.get(f"{base}/{part}").text, "seen"), **form)
        return str(getattr(answer, "headers", {})["location"]).removeprefix(base)

    days = {"dates-opens": "11 January 2029", "dates-self_assessment_due": "26 February 2029"}
    assert save("framework", framework="working-together-2026") == "/dates?done=saved"
    assert save("dates", name="A year 2029", then="stay", **days) == "/dates?done=saved#planned"
    assert save("dates", name="A year 2029", **days) == "/areas?done=saved"
    assert "Continue to Chairs" in client.get(f"{base}/areas").text
    assert save("rules", **{"rules-word_limit": "a few"}) == "/rules?shown=problems"
    assert save("rules", **{"rules-word_limit": "120"}) == "/partners?done=saved"
    assert save("partners") == "/sending?done=saved"
    office = {"office-name": "Programme office", "office-email": "office@vale.example"}
    assert save("sending", **office) == "/areas?done=saved"
    done = "/drafts/1"  # of the world: every part is done
    seen = field(client.get(f"{done}/sending").text, "seen")
    answer = send(client, f"{done}/sending", seen=seen, **office)
    assert answer.headers["location"] == f"{done}?done=saved"  # type: ignore[attr-defined]


def test_what_was_typed_is_saved_before_the_way_that_messages_leave_is_changed(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    page = client.get(f"{base}/sending").text
    assert 'href="/mail' not in page.partition("<main")[2]
    form = {"office-name": "Vale office", "then": "mail", "seen": field(page, "seen")}
    answer = send(client, f"{base}/sending", **form)
    assert field(client.get(f"{base}/sending").text, "office-name") == "Vale office"
    mail = client.get(answer.headers["location"]).text  # type: ignore[attr-defined]
    assert f'class="govuk-back-link" href="{base}/sending"' in mail
    assert (
        mail.index('name="delivery"')
        < mail.index('<details class="govuk-details">')
        < mail.index('name="smtp_host"')
    )
    fields = {name: field(mail, name) for name in ("seen", "draft")}
    back = send(client, "/mail", present=PASSWORD, delivery="drafts", **fields)
    assert back.headers["location"] == f"{base}/sending?done=mail"  # type: ignore[attr-defined]
    assert "You send each from your own mail program." in client.get(f"{base}/sending?done=mail").text


def test_a_column_that_is_left_out_is_told_in_plain_words(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    table = b"Area,Police force,Notes on parking\nDunmere,Far Police,none\n"
    client.post(
        f"{base}/areas/table", data={"csrf_token": client.csrf}, files={"table": ("areas.csv", table)}
    )
    page = text_of(client.get(f"{base}/areas/table"))
    assert "the column “Notes on parking” is left out" in page and "`" not in page
    assert "Conflicts" in text_of(client.get(f"{DRAFT}/chairs"))
    assert 'id="left"' not in client.get(f"{base}/chairs/0").text


def upload(client: Client, base: str, table: bytes | str, name: str = "areas.csv") -> str:
    """The page of what was understood of a table."""
    raw = table.encode() if isinstance(table, str) else table
    client.post(f"{base}/areas/table", data={"csrf_token": client.csrf}, files={"table": (name, raw)})
    return client.get(f"{base}/areas/table").text


def use(client: Client, base: str, shown: str) -> str:
    """The page of the areas once those of a table were taken over."""
    send(client, f"{base}/areas/table/use", version=field(shown, "version"))
    return client.get(f"{base}/areas").text


def test_a_contact_that_is_unclear_is_taken_over_to_be_corrected_on_the_page(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    rows = "Dunmere,Peter,peter@b.example; second@b.example\n,Clerk,clerk@b.example\n"
    shown = upload(client, base, f"Area,Contact name,Email\n{rows}")
    assert "There are 2 addresses in this row" in shown
    areas = use(client, base, shown)
    assert "1 to correct" in areas and "of the table</h2>" not in areas
    area = client.get(f"{base}/areas/1?shown=problems").text
    assert field(area, "contacts-0-name") == "Peter"
    assert field(area, "contacts-0-email") == "peter@b.example; second@b.example"
    assert 'id="contacts-0-email-error"' in area and field(area, "contacts-1-name") == "Clerk"


def test_what_could_not_be_taken_from_a_table_stays_told_until_somebody_has_dealt_with_it(
    world: World, as_: As
) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    rows = (
        "Dunmere,Far Police,a@b.example\nSaltmere,Far Police,s@b.example\nDunmere,Near Police,c@b.example\n"
    )
    areas = use(client, base, upload(client, base, f"Area,Police,Email\n{rows}"))
    told = "has a row above, with another"
    assert told in areas and told in client.get(f"{base}/check").text
    send(client, f"{base}/areas/0", seen="", name="Port Averil")
    assert told in client.get(f"{base}/areas").text
    stale = client.post(f"{base}/areas/table/points", data={"csrf_token": client.csrf, "version": "1"})
    assert stale.status_code == 422
    version = field(client.get(f"{base}/areas").text, "version")
    send(client, f"{base}/areas/table/points", version=version)
    assert told not in client.get(f"{base}/areas").text and told not in client.get(f"{base}/check").text


def test_a_wrong_word_for_what_a_contact_receives_is_told_at_its_area(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    shown = upload(client, base, "Area,Contact name,Email,Receives\nDunmere,Clerk,c@b.example,everything\n")
    words = "“Who gets what” is “everything”. It can be forms, reminders, event or copies."
    assert words in shown
    areas = use(client, base, shown)
    assert "1 to correct" in areas and words in areas
    assert f'href="{base}/sending' in areas and f'href="{base}/sending' in client.get(f"{base}/areas/1").text
    form = {"participants-0-contacts-0-forms": "yes", "office-email": "o@b.example"}
    send(client, f"{base}/sending", seen=field(client.get(f"{base}/sending").text, "seen"), **form)
    assert "1 to correct" not in client.get(f"{base}/areas").text


def test_a_workbook_with_two_tables_is_asked_about_in_the_words_of_the_page(world: World, as_: As) -> None:
    client = as_(OFFICE)
    book = Workbook()
    for page in (book.worksheets[0], book.create_sheet("Old")):
        page.append(["Area", "Police"])
        page.append(["Dunmere", "Far Police"])
    file = io.BytesIO()
    book.save(file)
    shown = unescape(upload(client, begin(client, how="empty"), file.getvalue(), "areas.xlsx"))
    assert "Type the one that is meant into “Name of the sheet”, such as “Sheet”" in shown
    assert "{file:" not in shown


def test_a_table_with_headings_alone_is_told_so(world: World, as_: As) -> None:
    client = as_(OFFICE)
    shown = upload(client, begin(client, how="empty"), "Area,Police\n")
    assert "There is no row with an area below the headings" in shown


def test_a_day_that_has_passed_is_worth_a_second_look(own_world: World, as_own: Client) -> None:
    words = "Self-assessments are due on Friday 26 February 2027, which has passed."
    path = f"{DRAFT}/dates"
    assert words not in text_of(as_own.get(f"{DRAFT}/check"))
    days = {"dates-opens": "11 January 2027", "dates-self_assessment_due": "26 February 2027"}
    form = {"name": "A year 2029", "seen": field(as_own.get(path).text, "seen"), **days}
    send(as_own, path, **form)
    assert words in text_of(as_own.get(f"{DRAFT}/check"))


def test_opening_twice_leads_to_the_same_cycle(own_world: World, as_own: Client) -> None:
    page = as_own.get(f"{DRAFT}/open").text
    form = {"version": field(page, "version"), "cycle": field(page, "cycle")}
    answers = [as_own.post(f"{DRAFT}/open", data={"csrf_token": as_own.csrf, **form}) for _ in range(2)]
    assert [one.headers["location"] for one in answers] == ["/?cycle=northern-2028"] * 2
    with own_world.register.reading() as connection:
        assert cycle_ids(connection) == ["northern-2027", "northern-2028"]
    assert as_own.get(DRAFT).status_code == 404


def test_a_cycle_that_changed_since_it_was_confirmed_is_shown_again(own_world: World, as_own: Client) -> None:
    page = as_own.get(f"{DRAFT}/open").text
    form = {"version": field(page, "version"), "cycle": field(page, "cycle")}
    send(as_own, f"{DRAFT}/chairs/0", seen="", name="Another Chair")
    answer = as_own.post(f"{DRAFT}/open", data={"csrf_token": as_own.csrf, **form})
    assert answer.status_code == 422
    assert "has changed this cycle since you looked" in text_of(answer)
    with own_world.register.reading() as connection:
        assert cycle_ids(connection) == ["northern-2027"]


def test_a_cycle_goes_out_as_a_file_and_comes_back_the_same(world: World, as_: As) -> None:
    client = as_(OFFICE)
    file = client.get(f"{DRAFT}/cycle.yaml")
    assert 'filename="' in file.headers["content-disposition"]
    answer = client.post(
        "/drafts", data={"csrf_token": client.csrf, "how": "file"}, files={"file": ("c.yaml", file.content)}
    )
    number = int(re.search(r"/drafts/(\d+)", answer.headers["location"])[1])  # type: ignore[index]
    assert draft_of(world, number).entries == draft_of(world).entries


def test_a_file_with_mistakes_begins_nothing_and_says_where_they_are(world: World, as_: As) -> None:
    client = as_(OFFICE)
    with world.register.reading() as connection:
        before = len(drafts.list_drafts(connection, drafts.CycleDraft))
    for name, data in (("c.yaml", b"name: a: b\n"), ("c.yaml", b""), ("c.docx", b"PK\x03\x04\0")):
        answer = client.post(
            "/drafts", data={"csrf_token": client.csrf, "how": "file"}, files={"file": (name, data)}
        )
        assert answer.status_code == 422
        assert "Nothing was begun." in text_of(answer)
    with world.register.reading() as connection:
        assert len(drafts.list_drafts(connection, drafts.CycleDraft)) == before


def test_the_next_cycle_begins_from_the_last(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="last")
    page = text_of(client.get(base))
    assert "Not yet started" in page  # its name and dates
    assert "northern-2027: " in text_of(client.get(f"{base}/areas/1"))


@pytest.mark.parametrize(("size", "status"), [(1_900_000, 303), (2_050_000, 303), (3_000_000, 413)])
def test_a_table_may_be_larger_than_a_form_and_not_much(
    world: World, as_: As, size: int, status: int
) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")
    answer = client.post(
        f"{base}/areas/table",
        data={"csrf_token": client.csrf},
        files={"table": ("areas.csv", b"Area,Notes\n" + b"x" * size)},
    )
    assert answer.status_code == status
    if status == 303:
        shown = text_of(client.get(f"{base}/areas/table"))
        assert ("larger than 2 MB" in shown) == (size > 2_000_000)
    else:
        assert "larger than 2 MB" in text_of(answer)


def test_a_table_of_last_time_is_told_when_somebody_else_has_uploaded_another(world: World, as_: As) -> None:
    client = as_(OFFICE)
    base = begin(client, how="empty")

    def upload() -> str:
        files = {"table": ("areas.xlsx", make_table())}
        client.post(f"{base}/areas/table", data={"csrf_token": client.csrf}, files=files)
        return field(client.get(f"{base}/areas/table").text, "version")

    first, second = upload(), upload()
    stale = client.post(f"{base}/areas/table/use", data={"csrf_token": client.csrf, "version": first})
    assert stale.status_code == 422
    done = client.post(f"{base}/areas/table/use", data={"csrf_token": client.csrf, "version": second})
    assert done.status_code == 303
    twice = client.post(f"{base}/areas/table/use", data={"csrf_token": client.csrf, "version": second})
    assert twice.status_code == 303


@pytest.mark.threat("secret-words")
def test_no_address_is_logged(world: World, as_: As, app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client = as_(OFFICE)
    base = begin(client, how="empty")
    form = {"contacts-0-email": "somebody@dunmere.example", "contacts-0-name": "A name"}
    send(client, f"{base}/areas/0", seen="", name="Dunmere", **form)
    client.get(f"{base}/check")
    client.get("/drafts/999/check")
    assert "somebody@dunmere.example" not in caplog.text
    assert "somebody@dunmere.example" not in client.get("/journal").text


def test_an_opening_is_taken_back_on_the_page_and_leads_to_the_draft(
    own_world: World, as_own: Client
) -> None:
    page = as_own.get(f"{DRAFT}/open").text
    form = {"version": field(page, "version"), "cycle": field(page, "cycle")}
    as_own.post(f"{DRAFT}/open", data={"csrf_token": as_own.csrf, **form})
    cycle = f"/cycle?cycle={form['cycle']}"
    undoing = f"/cycles/{form['cycle']}/undo-opening"
    assert undoing in as_own.get(cycle).text
    assert "8 documents" in text_of(as_own.get(undoing))
    refused = as_own.post(undoing, data={"csrf_token": as_own.csrf, "reason": ""})
    assert refused.status_code == 422
    answer = as_own.post(undoing, data={"csrf_token": as_own.csrf, "reason": "a wrong day"})
    assert answer.status_code == 303 and answer.headers["location"] == "/drafts/2"
    assert "Northern peer challenge 2028" in text_of(as_own.get("/drafts/2"))
    assert form["cycle"] not in cycle_ids_of(own_world)
    assert as_own.get(undoing).status_code == 404
    assert "undo-opening" not in as_own.get(f"/cycle?cycle={own_world.cycle.id}").text


def cycle_ids_of(world: World) -> list[str]:
    with world.register.reading() as connection:
        return cycle_ids(connection)
