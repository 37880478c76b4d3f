"""What a row of a table says: a title alone, the texts of a sub-heading, what a rating means."""

import re
from collections.abc import Sequence

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.frameworks.column_roles import DESCRIPTORS, OF_ANSWERS, PEER_QUESTIONS, Role
from peer_challenge.frameworks.outline import SeenRow, SeenTable
from peer_challenge.frameworks.table_layouts import TableLayout
from peer_challenge.word.answers.ratings import read_rating


def find_first_text(rows: Sequence[SeenRow]) -> str:
    """The first text of some rows, by which they are found again; "" where they say nothing."""
    return next((cell.text for row in rows for cell in row.cells if cell.text), "")


def find_lone_text(row: SeenRow, layout: TableLayout) -> str | None:
    """What a row says in one cell across the table, or in its first cell alone; None for any other row."""
    filled = [cell for cell in row.cells if cell.text]
    if len(filled) != 1 or any(cell.is_below for cell in row.cells):
        return None
    (cell,) = filled
    if cell.span > 1 and cell.span >= layout.table.width / 2:
        return cell.text
    is_first = cell.column == layout.column_of(Role.SUBHEADING) and layout.column_of(Role.AREA) is None
    return cell.text if is_first and _are_lone_rows_areas(layout) else None


def _are_lone_rows_areas(layout: TableLayout) -> bool:
    """Whether a row with a title alone names an area of focus: most rows say more than a title.

    Where only the columns for answers are beside the titles, they are empty, and each title is a sub-heading.
    """
    more = [
        c for c, role in layout.roles.items() if role not in (Role.SUBHEADING, Role.LEFT_OUT, *OF_ANSWERS)
    ]
    rows = layout.table.rows[layout.header + 1 :]
    full = sum(any(row.text_at(column) for column in more) for row in rows)
    return 2 * full > len(rows)


def add_texts(held: Entry, layout: TableLayout, row: SeenRow) -> None:
    """Add what a row says to a sub-heading, beside its title."""
    for role in (Role.PROMPT, Role.QUESTIONS):
        for text in layout.texts_of(row, role):
            held["prompt"] = "\n".join(filter(None, (str(held.get("prompt") or ""), text)))
    for text in layout.texts_of(row, Role.REFERENCE):
        held["reference"] = " ".join([*str(held.get("reference") or "").split(), *text.split()])
    covered = [one for text in layout.texts_of(row, Role.COVER) for one in split_points(text)]
    if covered:
        essentials = held.setdefault("essentials", [])
        if isinstance(essentials, list):
            essentials += [{"mention": one} for one in covered]
    _join_descriptors(held, layout, row)
    _join_questions(held, layout, row)


def _join_descriptors(held: Entry, layout: TableLayout, row: SeenRow) -> None:
    """Add what a row says that ratings look like: a sub-heading may be merged down over several rows."""
    earlier = held.get("descriptors")
    looks = dict(earlier) if isinstance(earlier, dict) else {}
    for role in DESCRIPTORS:
        words = [looks.get(role.value, ""), *layout.texts_of(row, role)]
        looks[role.value] = " ".join(" ".join(words).split())
    if any(looks.values()):
        held["descriptors"] = {role.value: looks[role.value] for role in DESCRIPTORS if looks[role.value]}


def _join_questions(held: Entry, layout: TableLayout, row: SeenRow) -> None:
    """Add the questions that a row has for ratings: a sub-heading may be merged down over several rows."""
    earlier = held.get("questions")
    asked = dict(earlier) if isinstance(earlier, dict) else {}
    for rating, role in PEER_QUESTIONS.items():
        asked[rating] = [*asked.get(rating, []), *_read_lines(layout, row, role)]
    if any(asked.values()):
        held["questions"] = {rating: asked[rating] for rating in PEER_QUESTIONS if asked[rating]}


def _read_lines(layout: TableLayout, row: SeenRow, role: Role) -> list[str]:
    lines = (line.strip() for text in layout.texts_of(row, role) for line in text.split("\n"))
    return [line for line in lines if line]


def find_meanings(table: SeenTable) -> Entry:
    """What a table of two columns says of each rating that it names."""
    found: Entry = {}
    for row in table.rows:
        texts = [cell.text for cell in row.cells if cell.text]
        # 30 characters: a rating with a word or two beside it; more is what it means.
        is_short = len(texts) == 2 and len(texts[0]) < 30
        rating = read_rating(texts[0])[0] if is_short else None
        if rating is not None:
            found[rating.value] = " ".join(texts[1].split())
    return found


def split_points(text: str) -> list[str]:
    """The points of a text that has one on each line, or semicolons between them, without their bullets."""
    parts = re.split(r"[;\n]", text)
    points = (re.sub(r"^[\s•·▪*–-]+", "", part).strip().rstrip(".,") for part in parts)
    return [point for point in points if point]
