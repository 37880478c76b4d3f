"""What is doubtful of the columns of a file: unknown headings, none at all, or two columns for one thing."""

from collections.abc import Iterator, Sequence

from peer_challenge.frameworks.column_roles import OF_ANSWERS, ROLE_NAMES, Role
from peer_challenge.frameworks.quoting import quote_beginning
from peer_challenge.frameworks.table_layouts import SeenColumn, TableLayout

_LIKE_ONE_TITLE = (Role.AREA, Role.SUBHEADING, *OF_ANSWERS)
"""A row has one of each. What several columns of another role say is joined."""


def find_column_problems(
    layouts: Sequence[TableLayout], columns: Sequence[SeenColumn]
) -> Iterator[tuple[str, str]]:
    """The (place, words) of each column that somebody should say more of."""
    for column in columns:
        if column.role is not Role.LEFT_OUT or column.is_sure:
            continue
        if column.heading:
            words = f"We do not know what “{quote_beginning(column.heading)}” holds. Say what it is below."
            yield column.place, words
        elif column.sample:
            words = (
                f"This column has no heading. We left it out: “{quote_beginning(column.sample)}” "
                "and what is below that. Say what it is below, or give it a heading."
            )
            yield column.place, words
    yield from dict.fromkeys(found for layout in layouts for found in _find_doubled_roles(layout))


def _find_doubled_roles(layout: TableLayout) -> Iterator[tuple[str, str]]:
    if layout.like:
        return
    for role in _LIKE_ONE_TITLE:
        first, *others = [column for column, held in layout.roles.items() if held is role] or [-1]
        taken = _name_column(layout, first)
        for column in others:
            heading = _name_column(layout, column)
            words = (
                f"{taken} and {heading} are both “{ROLE_NAMES[role]}”. We took the first, and left out "
                f"{heading}. Say what each is below."
            )
            yield f"{layout.table.place}, column {column + 1}", words


def _name_column(layout: TableLayout, column: int) -> str:
    heading = quote_beginning(layout.headings.get(column, ""))
    return f"“{heading}”" if heading else f"column {column + 1}"
