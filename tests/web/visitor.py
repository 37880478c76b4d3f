"""Somebody in a browser window, in the words of what they do: open, follow, press, type, choose."""

from playwright.sync_api import Locator, Page, expect

from tests.known_password import PASSWORD
from tests.waiting import wait_until


class Visitor:
    """What somebody does on a page. Everything waits until the page has what it needs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, path: str) -> None:
        """Go to an address, as by a bookmark or by a link that somebody was sent."""
        answer = self.page.goto(path)
        assert answer is None or answer.ok, (path, answer.status)

    def open_when(self, path: str, text: str, *watched: int) -> None:
        """Open a page on which something is still being made, and look again until it says `text`."""
        self.open(path)
        main = self.page.locator("main")

        def says() -> bool:
            if text not in main.inner_text():
                self.page.reload()
            return text in main.inner_text()

        wait_until(says, f"{path} says {text}", *watched)

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Press a link, by the whole of its words."""
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button, by the whole of its words; the page that follows has come when this returns."""
        inside = within or self.page.locator("main")
        inside.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def type(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Type into the field with this label."""
        (within or self.page).get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Choose one of a list, by its words."""
        (within or self.page).get_by_label(label, exact=True).first.select_option(label=option)

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """Tick a box, or choose one of several circles."""
        (within or self.page).get_by_label(label, exact=True).first.check()

    def send(self, field: str, files: dict[str, bytes], button: str) -> None:
        """Choose files in the field with this id, and press the button that sends them."""
        chosen = [{"name": name, "mimeType": "x/y", "buffer": data} for name, data in files.items()]
        self.page.set_input_files(field, chosen)  # type: ignore[arg-type]
        self.press(button)

    def sees(self, text: str) -> None:
        """Wait until the page says this."""
        expect(self.page.locator("main")).to_contain_text(text)

    def sign_in(self, email: str) -> None:
        """Sign in with the password that everybody has here."""
        self.open("/sign-in")
        self.type("Email address", email)
        self.type("Password", PASSWORD)
        self.press("Sign in")

    def set_password(self, link: str) -> None:
        """Open a one-time link and choose a password; the page to begin with comes."""
        self.open(link)
        self.type("New password", PASSWORD)
        self.press("Set password and sign in")
        self.page.wait_for_url(lambda url: "first-sign-in" not in url)
