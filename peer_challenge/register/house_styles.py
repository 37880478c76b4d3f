"""The office's house styles: each that was saved, and which is in use."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.register import tables as t
from peer_challenge.register.tables import TableRow

_IN_USE = (
    sa.select(t.house_styles)
    .where(t.house_styles.c.use_number.is_not(None))
    .order_by(t.house_styles.c.use_number.desc())
)
"""The styles that were in use, the one in use now first."""
_ID_IN_USE = _IN_USE.with_only_columns(t.house_styles.c.id).limit(1)
_STYLE = ("colour", "heading_font", "body_font", "programme", "footer", "logo")


@dataclass(frozen=True, slots=True)
class SavedStyle:
    """A style that somebody saved. `used_at` is when it was taken into use last; None where it never was."""

    id: int
    style: HouseStyle
    saved_at: datetime
    saved_by: str
    used_at: datetime | None
    used_by: str | None

    @classmethod
    def from_row(cls, row: TableRow) -> "SavedStyle":
        """The record of a row of the table `house_styles`."""
        style = HouseStyle(**{name: getattr(row, name) for name in _STYLE})
        return cls(row.id, style, row.saved_at, row.saved_by, row.used_at, row.used_by)


def store_style(connection: Connection, style: HouseStyle, *, at: datetime, actor: str) -> int:
    """Keep a style, not in use yet; returns its id."""
    values = {**{name: getattr(style, name) for name in _STYLE}, "saved_at": at, "saved_by": actor}
    (number,) = connection.execute(t.house_styles.insert().values(values)).inserted_primary_key or (0,)
    return int(number)


def take_into_use(connection: Connection, style_id: int, *, at: datetime, actor: str) -> None:
    """Make a saved style the one in use from `at`."""
    last = connection.execute(sa.select(sa.func.max(t.house_styles.c.use_number))).scalar() or 0
    values = {"use_number": last + 1, "used_at": at, "used_by": actor}
    connection.execute(t.house_styles.update().where(t.house_styles.c.id == style_id).values(values))


def load_saved_style(connection: Connection, style_id: int) -> SavedStyle | None:
    """The saved style with this id, or None."""
    row = connection.execute(sa.select(t.house_styles).where(t.house_styles.c.id == style_id)).first()
    return SavedStyle.from_row(row) if row is not None else None


def find_id_of_style_in_use(connection: Connection) -> int | None:
    """The id of the style in use; None while nothing but the shipped one ever was."""
    row = connection.execute(_ID_IN_USE).first()
    return None if row is None else int(row.id)


def find_style_in_use(connection: Connection) -> SavedStyle | None:
    """The saved style that is in use; None while nothing but the shipped one ever was."""
    row = connection.execute(_IN_USE.limit(1)).first()
    return SavedStyle.from_row(row) if row is not None else None


def load_style_in_use(connection: Connection) -> HouseStyle:
    """The style in which everything is made now."""
    found = find_style_in_use(connection)
    return SHIPPED_STYLE if found is None else found.style


def list_used_styles(connection: Connection, most: int) -> list[SavedStyle]:
    """The styles that were in use, the one in use now first."""
    return [SavedStyle.from_row(row) for row in connection.execute(_IN_USE.limit(most))]


def list_lines_ever_used(connection: Connection) -> frozenset[str]:
    """The lines that footers have or had: a form may come back in an earlier style."""
    columns = (t.house_styles.c.programme, t.house_styles.c.footer)
    rows = connection.execute(_IN_USE.with_only_columns(*columns))
    return frozenset(HouseStyle(programme=row.programme, footer=row.footer).line for row in rows) - {""}
