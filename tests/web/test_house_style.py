"""The own look of an office on the page: house style and templates, looked at, used and taken back."""

import io
import re
import zipfile

import docx
import httpx
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser

from peer_challenge.model.house_style import SHIPPED_STYLE
from peer_challenge.register import house_styles
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.word.form.printed_text import SHIPPED
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served, context_as
from tests.web.world import OFFICE, World


def _draw_logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "#006644").save(out, "JPEG")
    return out.getvalue()


def _send(client: Client, logo: bytes = b"", **typed: str) -> httpx.Response:
    files = {"logo": ("logo.jpg", logo, "image/jpeg")} if logo else None
    return client.post("/house-style", data={"csrf_token": client.csrf, **typed}, files=files)


def test_what_can_not_be_used_is_told_at_its_field_and_stays_typed(as_: As, world: World) -> None:
    client = as_(OFFICE)
    answer = _send(client, b"<svg/>", colour="#ffcc00", programme="Vale", body_font="Arial; x")
    assert answer.status_code == 422
    for field, said in (("colour", "too pale to read"), ("body_font", "name of a font"), ("logo", "PNG nor")):
        assert f'href="#{field}"' in answer.text and said in answer.text
    assert 'value="Vale"' in answer.text and 'value="#ffcc00"' in answer.text
    with world.register.reading() as connection:
        assert load_style_in_use(connection) == SHIPPED_STYLE


def test_a_style_is_looked_at_used_by_pages_and_documents_and_taken_back(
    as_: As, world: World, served: Served
) -> None:
    client = as_(OFFICE)
    stranger = httpx.get(f"{served.url}/house-style/logo.png", timeout=LONG)
    assert stranger.status_code == 404
    typed = {"colour": "#7a1f5c", "body_font": "Georgia", "programme": "Vale & Downs", "footer": "Vale House"}
    answer = _send(client, _draw_logo(), **typed)
    preview = answer.headers["location"]
    page = client.get(preview).text
    assert "It changes: colour, font of text, name of the programme, line in footers, logo." in page
    assert "Vale &amp; Downs" not in client.get("/").text, "it is not in use yet"
    with zipfile.ZipFile(io.BytesIO(client.get(f"{preview}/samples/receipt").content)) as sample:
        assert "7A1F5C" in sample.read("word/theme/theme1.xml").decode()
    assert client.post(f"{preview}/use", data={"csrf_token": client.csrf}).status_code == 303

    sign_in = httpx.get(f"{served.url}/sign-in", timeout=LONG).text
    assert "Vale &amp; Downs" in sign_in and "Vale House" in sign_in, "who signs in sees it too"
    (sheet,) = re.findall(r'href="(/house-style/page\.css\?\w+)"', sign_in)
    css = httpx.get(f"{served.url}{sheet}", timeout=LONG)
    assert "--deep: #7A1F5C" in css.text and '"Georgia"' in css.text
    assert css.headers["cache-control"] == "public, max-age=3600"
    assert httpx.get(f"{served.url}/house-style/logo.png", timeout=LONG).content.startswith(b"\x89PNG")
    assert "house style taken into use" in client.get("/journal").text

    assert client.post("/house-style/shipped", data={"csrf_token": client.csrf}).status_code == 303
    assert "page.css" not in client.get("/").text and "Vale &amp; Downs" in client.get("/house-style").text
    assert client.post(f"{preview}/use", data={"csrf_token": client.csrf}).status_code == 303
    with world.register.reading() as connection:
        style = load_style_in_use(connection)
        assert (style.colour, style.programme, bool(style.logo)) == ("7A1F5C", "Vale & Downs", True)
        assert len(house_styles.list_used_styles(connection, 9)) == 2
    page = client.get(preview).text
    assert f"{preview}/style.css" in page and "page.css" not in page, "the style in use would show through"
    _send(client, colour=style.colour, remove_logo="yes")


def test_both_pages_without_script_on_a_telephone_and_without_a_fault_that_axe_finds(
    chromium: Browser, served: Served, world: World
) -> None:
    for has_script, width in ((False, 320), (True, 1280)):
        context = context_as(
            chromium,
            served,
            world,
            OFFICE,
            java_script_enabled=has_script,
            viewport={"width": width, "height": 800},
        )
        page = context.new_page()
        page.goto("/house-style")
        page.get_by_label("Name of the programme").fill("Vale")
        page.get_by_label("Colour").fill("#0b5d3b")
        for step in ("form", "preview", "used"):
            if has_script:
                found = Axe().run(page).response["violations"]
                assert [(step, one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, step
            if step == "form":
                page.get_by_role("button", name="Look at it first").click()
            elif step == "preview":
                page.get_by_role("button", name="Use this house style").click()
        assert page.get_by_text("It is in use.").is_visible()
        for path in ("/templates", "/templates/reminder", "/templates/reminder/fields"):
            page.goto(path)
            if has_script:
                found = Axe().run(page).response["violations"]
                assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        context.close()


def _send_template(client: Client, words: str) -> httpx.Response:
    document = docx.Document(str(SHIPPED / "reminder.docx"))
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    files = {"file": ("mine.docx", out.getvalue())}
    return client.post("/templates/reminder", data={"csrf_token": client.csrf}, files=files)


def test_a_template_is_uploaded_told_what_is_wrong_looked_at_used_and_taken_back(as_: As) -> None:
    client, form = as_(OFFICE), {"csrf_token": as_(OFFICE).csrf}
    assert client.get("/templates/reminder/shipped.docx").content == (SHIPPED / "reminder.docx").read_bytes()
    assert client.get("/templates/nothing").status_code == 404
    assert client.post("/templates/reminder", data=form).status_code == 422

    assert _send_template(client, "{{ nobody_knows }}").status_code == 303
    page = client.get("/templates/reminder").text
    assert "nobody_knows" in page and "Where: in paragraph" in page and "Use this template" not in page
    assert client.post("/templates/reminder/use", data=form).status_code == 422

    assert _send_template(client, "Ring {{ office_phone|uper }}.").status_code == 303
    page = client.get("/templates/reminder").text
    assert "no filter “uper”" in page and "Where: in paragraph" in page and "Use this template" not in page
    assert client.get("/templates").status_code == 200

    assert _send_template(client, "Ring {{ office_phone }}.").status_code == 303
    sample = client.get("/templates/reminder/samples/waiting/1")
    assert docx.Document(io.BytesIO(sample.content)).paragraphs[-1].text.endswith("Ring 01632 960100.")
    assert "Another template waits" in client.post("/templates/reminder/use", data=form).text
    (seen,) = set(re.findall(r'name="seen" value="(\w+)"', client.get("/templates/reminder").text))
    assert client.post("/templates/reminder/use", data={**form, "seen": seen}).status_code == 303
    assert "A template of yours is in use." in client.get("/templates/reminder").text
    assert client.post("/templates/reminder/back", data=form).status_code == 303
    page = client.get("/templates/reminder?done=back").text
    assert "The shipped template is in use." in page and "Use this template" in page


def test_the_templates_page_says_what_follows_the_house_style_alone(as_: As) -> None:
    told = as_(OFFICE).get("/templates").text
    assert "The presentation and the tables follow it too, and take no template of their own." in told
