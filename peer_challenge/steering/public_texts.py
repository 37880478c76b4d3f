"""The accessibility statement and the privacy notice: a first text that is shipped, then the office's own.

Source: the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018 ask
for the first, articles 13 and 14 of the UK GDPR for the second.
"""

import re
from datetime import datetime
from enum import StrEnum

from peer_challenge.errors import WrongUse
from peer_challenge.paths import TEMPLATES
from peer_challenge.register import journal, public_texts
from peer_challenge.register.database import Transaction
from peer_challenge.register.public_texts import PublicText
from peer_challenge.system.control_characters import remove_controls

LONGEST = 30_000
"""Letters of a text: five times the longest that is shipped."""
_GAP = re.compile(r"\[([^][\n]{1,80}(?:\n[^][\n]{1,80})?)\](?!\()")
"""What the office has to fill in: words in square brackets that are not those of a link."""


class PublicTextName(StrEnum):
    """The texts, by the end of their address."""

    ACCESSIBILITY = "accessibility"
    PRIVACY = "privacy"

    @property
    def heading(self) -> str:
        """What the page is called."""
        return {"accessibility": "Accessibility statement", "privacy": "Privacy notice"}[self.value]


def load_public_text(connection: Transaction, name: PublicTextName) -> str:
    """A text as it is shown, in Markdown: the office's own, else the one that is shipped."""
    versions = public_texts.list_versions(connection, name)
    return versions[0].text if versions else read_first_text(name)


def read_first_text(name: PublicTextName) -> str:
    """The text that is shipped, in Markdown, with gaps in square brackets for the office to fill in."""
    return (TEMPLATES / "public" / f"{name}.md").read_text(encoding="utf-8")


def list_gaps(text: str) -> list[str]:
    """What is still to be filled in, without its brackets, each once and in the order of the text."""
    return list(dict.fromkeys(" ".join(gap.split()) for gap in _GAP.findall(text)))


def change_public_text(
    connection: Transaction, name: PublicTextName, text: str, *, seen: int, at: datetime, actor: str
) -> None:
    """Show another text from now on. The one before is kept, and the journal says who changed it.

    `seen` is the id of the version that was on the page when somebody began to write, 0 for the shipped one.
    Raises WrongUse for a text without words or one that is too long, and where somebody else has changed it
    meanwhile.
    """
    lines = remove_controls(text.replace("\r\n", "\n")).strip().split("\n")
    written = "\n".join(line.rstrip() for line in lines) + "\n"
    if not written.strip():
        raise WrongUse(
            "The text has no words.", remedy="Write the text, or go back to the first text.", about="text"
        )
    if len(written) > LONGEST:
        raise WrongUse(
            f"The text has {len(written)} letters.", remedy=f"Write no more than {LONGEST}.", about="text"
        )
    if seen != _find_newest_id(connection, name):
        raise WrongUse(
            "Somebody else has changed this text since you opened the page. Yours was not saved.",
            remedy="Copy what you wrote, open the page again and put your change in.",
        )
    if written == load_public_text(connection, name):
        return
    number = public_texts.store_version(connection, name, written, at=at, actor=actor)
    _note_change(connection, name, number, at=at, actor=actor)


def restore_public_text(
    connection: Transaction, name: PublicTextName, version: int, *, at: datetime, actor: str
) -> None:
    """Show an earlier version again; 0 is the shipped text. Raises WrongUse where there is none such."""
    found = {one.id: one.text for one in public_texts.list_versions(connection, name)}
    text = read_first_text(name) if version == 0 else found.get(version)
    if text is None:
        raise WrongUse("There is no such version.", remedy="Choose one of the list.")
    number = public_texts.store_version(connection, name, text, at=at, actor=actor)
    _note_change(connection, name, number, at=at, actor=actor)


def list_public_text_versions(connection: Transaction, name: PublicTextName) -> list[PublicText]:
    """Every version that the office wrote, the newest first."""
    return public_texts.list_versions(connection, name)


def _find_newest_id(connection: Transaction, name: PublicTextName) -> int:
    versions = public_texts.list_versions(connection, name)
    return versions[0].id if versions else 0


def _note_change(
    connection: Transaction, name: PublicTextName, number: int, *, at: datetime, actor: str
) -> None:
    journal.append_entry(
        connection, "public text changed", at=at, actor=actor, text=name.value, version=number
    )
