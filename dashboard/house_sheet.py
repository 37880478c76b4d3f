"""The house style on the page: its style sheet, and the style in use as each page needs it."""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.context import Office
from peer_challenge.model.house_style import SHIPPED_FONT, SHIPPED_STYLE, HouseStyle
from peer_challenge.register.database import Register, RegisterUnavailable
from peer_challenge.register.house_styles import find_id_of_style_in_use, load_saved_style

_OWN_FONTS = '"Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", Arial, sans-serif'
"""What the page is set in where the office has chosen no font."""
PRODUCT = "Peer Challenge"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The style in use. `mark` changes with it, so that a browser asks for its style sheet again."""

    style: HouseStyle
    mark: str

    @property
    def has_sheet(self) -> bool:
        """Whether there are colours or fonts that differ from the page's own."""
        return bool(write_style_sheet(self.style))

    @property
    def name(self) -> str:
        """What stands at the top of each page."""
        return self.style.programme or PRODUCT


SHIPPED_PAGE = PageStyle(SHIPPED_STYLE, "shipped")
"""What a page looks like that answers no request, or while the register can't be asked."""


def find_page_style(office: Office) -> PageStyle:
    """The style in use; the shipped one while the register can't be asked: a page must show all the same."""
    try:
        with office.register.reading() as connection:
            style_id = find_id_of_style_in_use(connection)
        return SHIPPED_PAGE if style_id is None else _load_page_style(office.register, style_id)
    except RegisterUnavailable:
        return SHIPPED_PAGE


@lru_cache(maxsize=8)  # a logo need not be read for each page
def _load_page_style(register: Register, style_id: int) -> PageStyle:
    with register.reading() as connection:
        saved = load_saved_style(connection, style_id)
    style = SHIPPED_STYLE if saved is None else saved.style
    return PageStyle(style, str(style_id))


def forget_page_styles() -> None:
    """Forget the styles that were loaded: the register is another one now."""
    _load_page_style.cache_clear()


def write_style_sheet(style: HouseStyle) -> str:
    """The style's colours and fonts as variables of the page's style sheet; "" for the shipped one."""
    rules = []
    if style.colour != SHIPPED_STYLE.colour:
        rules += [f"--deep: #{style.colour}", f"--deeper: #{style.dark_colour}"]
        rules.append(f"--soft: #{style.pale_colour}")
    if style.body_font != SHIPPED_FONT:
        rules.append(f'--font: "{style.body_font}", {_OWN_FONTS}')
    if style.heading_font != SHIPPED_FONT:
        rules.append(f'--heading-font: "{style.heading_font}", {_OWN_FONTS}')
    return f":root {{ {'; '.join(rules)} }}\n" if rules else ""
