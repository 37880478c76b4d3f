"""The office's house style: saved, looked at, taken into use, and taken back.

A style holds for what is made from then on: documents, emails and pages. What was issued stays as it was. A
document that waits for a look is made again when it goes, and then waits for another look.
"""

from collections.abc import Mapping
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle, find_style_problems, read_colour
from peer_challenge.register import house_styles, journal
from peer_challenge.register.database import Transaction
from peer_challenge.register.house_styles import SavedStyle
from peer_challenge.word.write.house_logo import LogoRefused, clean_logo

STYLE_FIELDS = ("colour", "heading_font", "body_font", "programme", "footer")
"""What is typed of a style; the logo is a file."""
_FIELD_NAMES = {
    "colour": "colour",
    "heading_font": "font of headings",
    "body_font": "font of text",
    "programme": "name of the programme",
    "footer": "line in footers",
    "logo": "logo",
}


class StyleRefused(WrongUse):
    """A style that can't be used; `problems` has a sentence for each, by the field's name."""

    remedy = "Nothing was saved. Correct these points, then try again."

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("This house style can't be used.")


def read_typed_style(
    present: HouseStyle, typed: Mapping[str, str], logo: bytes, *, is_logo_removed: bool
) -> HouseStyle:
    """The style that was typed, a text by each field's name; `logo` is the file of a new one, b"" to keep it.

    An empty colour or font is the shipped one. Raises StyleRefused with everything that is wrong.
    """
    texts = {name: " ".join(typed.get(name, "").split()) for name in STYLE_FIELDS}
    found = HouseStyle(
        colour=read_colour(texts["colour"]) or texts["colour"] or SHIPPED_STYLE.colour,
        heading_font=texts["heading_font"] or SHIPPED_STYLE.heading_font,
        body_font=texts["body_font"] or SHIPPED_STYLE.body_font,
        programme=texts["programme"],
        footer=texts["footer"],
    )
    problems = find_style_problems(found)
    kept = b"" if is_logo_removed else present.logo
    try:
        kept = clean_logo(logo) if logo else kept
    except LogoRefused as refused:
        problems["logo"] = str(refused)
    if problems:
        raise StyleRefused(problems)
    return HouseStyle(found.colour, found.heading_font, found.body_font, found.programme, found.footer, kept)


def save_style(connection: Transaction, style: HouseStyle, *, at: datetime, actor: str) -> int:
    """Keep a style to look at; returns its id. Nothing is made in it yet."""
    number = house_styles.store_style(connection, style, at=at, actor=actor)
    journal.append_entry(connection, "house style saved", at=at, actor=actor, style=number)
    return number


def use_style(connection: Transaction, style_id: int, *, at: datetime, actor: str) -> None:
    """Take a saved style into use, for all that is made from now on. Raises WrongUse where there is none."""
    saved = house_styles.load_saved_style(connection, style_id)
    if saved is None:
        raise WrongUse("There is no such house style.", remedy="Look at the page House style as it is now.")
    before = house_styles.find_style_in_use(connection)
    if before is not None and before.id == style_id:
        return
    house_styles.take_into_use(connection, style_id, at=at, actor=actor)
    journal.append_entry(
        connection,
        "house style taken into use",
        at=at,
        actor=actor,
        style=style_id,
        before=before.id if before else 0,
        changed=", ".join(describe_differences(before, saved.style)),
    )


def use_shipped_style(connection: Transaction, *, at: datetime, actor: str) -> None:
    """Take the style that we ship into use again; the office's own can be taken again later."""
    if house_styles.load_style_in_use(connection) != SHIPPED_STYLE:
        number = house_styles.store_style(connection, SHIPPED_STYLE, at=at, actor=actor)
        use_style(connection, number, at=at, actor=actor)


def describe_differences(before: SavedStyle | None, after: HouseStyle) -> list[str]:
    """What a style changes of the one in use: the names of its parts, as people call them."""
    present = before.style if before else SHIPPED_STYLE
    return [name for field, name in _FIELD_NAMES.items() if getattr(present, field) != getattr(after, field)]
