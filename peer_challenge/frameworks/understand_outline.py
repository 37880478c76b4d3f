"""From what is seen in a file to the entries of a framework, with what was left out and what is doubtful.

Areas of focus are headings above a table, rows that are one cell, or a column of their own. The entries are
those of a framework file, without ids; they may have mistakes, which the office corrects.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.frameworks.column_problems import find_column_problems
from peer_challenge.frameworks.column_roles import OF_ANSWERS, Role
from peer_challenge.frameworks.keep_ids import list_entries
from peer_challenge.frameworks.outline import BELOW_ALL, Outline, SeenRow, SeenTable, SeenText
from peer_challenge.frameworks.quoting import list_places, quote_at, quote_beginning
from peer_challenge.frameworks.read_rows import add_texts, find_first_text, find_lone_text, find_meanings
from peer_challenge.frameworks.table_layouts import SeenColumn, TableLayout, lay_out_tables
from peer_challenge.frameworks.titles import (
    split_title,
    strip_bare_numbers,
    strip_linked_mark,
    title_from_file,
)
from peer_challenge.model.framework import ColumnHeadings
from peer_challenge.model.sentences import say_how_many

_YES = re.compile(r"(?:yes|y|x|✓|✔|true|linked|optional)\.?", re.IGNORECASE)
_NO = re.compile(r"(?:no|n|false|core|not linked|-|–|—)\.?", re.IGNORECASE)
_LONGEST_TITLE = 200
"""The longest that is shipped has 57 letters: one this long is mostly what belongs below the title."""
_LONGEST_HEADING = 60
"""As many as a framework takes of a heading (`model.framework.ColumnHeadings`)."""
_MOST_NAMED = 3
"""Of the sub-headings of one table: they show what kind of table it is."""
_ENOUGH_MEANINGS = 3
"""A table that says something of three ratings explains them."""


@dataclass(slots=True)
class Understood:
    """What was understood of a file. `problems` are (place, words); `notes` say what was left out."""

    entries: Entry
    columns: list[SeenColumn]
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def areas(self) -> list[Entry]:
        """The areas of focus."""
        held = self.entries["focus_areas"]
        return held if isinstance(held, list) else []


def understand_outline(outline: Outline, chosen: Mapping[str, Role] | None = None) -> Understood:
    """The framework that an outline holds; `chosen` says what columns are, by key, where somebody did."""
    tables = [table for table in outline.tables() if len(find_meanings(table)) < _ENOUGH_MEANINGS]
    layouts, columns = lay_out_tables(tables, chosen or {})
    builder = _Builder(outline, {layout.table.place: layout for layout in layouts}, columns)
    return builder.build()


class _Builder:
    """Builds the entries of one framework while it walks an outline."""

    def __init__(
        self, outline: Outline, layouts: Mapping[str, TableLayout], columns: list[SeenColumn]
    ) -> None:
        self._outline, self._layouts = outline, layouts
        self._areas: list[Entry] = []
        self._area: Entry = {}
        self._row: Entry | None = None
        self._comes_again: dict[str, list[str]] = {}
        self._heading: SeenText | None = None
        self._left_out_before = 0
        self._titles_of_table: list[str] = []
        self._area_cell = ""
        self._are_areas_styled = _are_areas_styled(outline, layouts)
        self._title = ""
        self._meanings: Entry = {}
        self._left_out: list[str] = []
        self._found = Understood({}, columns, notes=list(outline.notes))

    def build(self) -> Understood:
        """Everything that was understood."""
        for number, block in enumerate(self._outline.blocks):
            if isinstance(block, SeenText):
                self._read_text(block, number)
            elif block.place in self._layouts:
                self._read_table(self._layouts[block.place])
            elif not self._read_meanings(block):
                self._leave_out(block.place, find_first_text(block.rows))
        self._drop_heading()
        self._strip_bare_numbers()
        entries: Entry = {"title": self._title or title_from_file(self._outline.name)}
        if words := self._find_words():
            entries["words"] = words
        entries["focus_areas"] = self._areas
        self._found.entries = entries
        self._tell_what_was_left_out()
        self._find_problems()
        return self._found

    # Text outside tables

    def _read_text(self, text: SeenText, number: int) -> None:
        """Keep a heading for the next table, or the title of the whole; leave out any other text."""
        if text.is_title or (text.level == 1 and number == 0 and not self._is_above_table(number)):
            if self._title:
                self._leave_out(text.place, text.text)
            self._title = self._title or " ".join(text.text.split())
        elif text.level == 0 or self._is_below_heading(text):
            self._leave_out(text.place, text.text)
        else:
            self._drop_heading()
            self._heading, self._left_out_before = text, len(self._left_out)

    def _is_below_heading(self, text: SeenText) -> bool:
        """Whether a bold line is below a heading of a style, where such headings name the areas of focus."""
        heading = self._heading
        is_below = heading is not None and heading.level < BELOW_ALL and text.level == BELOW_ALL
        return is_below and self._are_areas_styled

    def _drop_heading(self) -> None:
        """Leave out a heading that names no table. A sheet's name is told with its table, in its place."""
        heading, self._heading = self._heading, None
        if heading is not None and all(table.place != heading.place for table in self._outline.tables()):
            self._leave_out(heading.place, heading.text, self._left_out_before)

    def _leave_out(self, place: str, text: str, at: int | None = None) -> None:
        """Say that something is left out; `at` is where it belongs among what is left out already."""
        self._left_out.insert(len(self._left_out) if at is None else at, quote_at(place, text))

    def _is_above_table(self, number: int) -> bool:
        below = self._outline.blocks[number + 1 : number + 2]
        return any(isinstance(block, SeenTable) for block in below)

    def _read_meanings(self, table: SeenTable) -> bool:
        """Take over a table that says what each rating means; whether it was one."""
        found = find_meanings(table)
        if len(found) >= _ENOUGH_MEANINGS:
            self._meanings = found
            self._drop_heading()
        return len(found) >= _ENOUGH_MEANINGS

    # Tables

    def _read_table(self, layout: TableLayout) -> None:
        heading = self._heading
        if heading is None or self._is_only_a_name(layout, heading):
            self._drop_heading()
        else:
            self._heading = None
            self._begin_area(" ".join(heading.text.split()), heading.place)
        self._titles_of_table, self._area_cell = [], ""
        for number, row in enumerate(layout.table.rows):
            if number == layout.header or layout.repeats_header(row) or not find_first_text([row]):
                continue
            if (lone := find_lone_text(row, layout)) is not None:
                if number < layout.header and not self._begins_rows(layout):
                    if self._title:
                        self._leave_out(row.place, lone)
                    self._title = self._title or " ".join(lone.split())
                else:
                    self._begin_area(lone, row.place)
                    if len(row.cells) == 1 and row.cells[0].span == 1:
                        words = f"“{lone[:60]}” is alone in its row. We took it for an area of focus."
                        self._found.notes.append(f"{row.place}: {words}")
            elif number < layout.header:
                self._leave_out(row.place, find_first_text([row]))
            else:
                self._read_row(layout, row)
        if layout.like:
            self._tell_of_table_without_headings(layout)

    def _tell_of_table_without_headings(self, layout: TableLayout) -> None:
        titles = self._titles_of_table
        count = say_how_many(len(titles), "sub-heading")
        named = ", ".join(f"“{quote_beginning(title)}”" for title in titles[:_MOST_NAMED])
        more = f" and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
        self._found.notes.append(
            f"{layout.table.place}: it has no headings that we know, so we read its columns as those of "
            f"{layout.like}. We took {count} from it{': ' if named else ''}{named}{more}. Remove what does "
            "not belong to the framework."
        )

    def _begins_rows(self, layout: TableLayout) -> bool:
        """Whether rows follow the headings at once, so that what is above them names their area of focus."""
        after = layout.table.rows[layout.header + 1 : layout.header + 2]
        has_column = layout.column_of(Role.AREA) is not None
        return not has_column and any(find_lone_text(row, layout) is None for row in after)

    @staticmethod
    def _is_only_a_name(layout: TableLayout, heading: SeenText) -> bool:
        """Whether a heading is a sheet's or a lesser one, and the table has areas of focus of its own."""
        if heading.level < BELOW_ALL:
            return False
        first = layout.table.rows[layout.header + 1 : layout.header + 2]
        lone = any(find_lone_text(row, layout) is not None for row in first)
        above = layout.header > 0 and find_lone_text(layout.table.rows[layout.header - 1], layout) is not None
        return lone or above or layout.column_of(Role.AREA) is not None

    def _begin_area(self, text: str, place: str) -> None:
        title, rest = split_title(text)
        title, is_linked = strip_linked_mark(title)
        if rest:
            words = f"We left out what is below “{title}”: “{quote_beginning(rest)}”."
            self._found.notes.append(f"{place}: an area of focus has only a title. {words}")
        same = next((area for area in self._areas if area["title"] == title), None)
        area: Entry = {"title": title, "subheadings": []} if same is None else same
        if is_linked:
            area["scope"] = "linked"
        if area is self._area:  # it goes on on another page
            return
        self._area, self._row = area, None
        if same is not None:
            self._comes_again.setdefault(title, []).append(place)
            return
        self._areas.append(area)
        if len(title) > _LONGEST_TITLE:
            self._found.problems.append(
                (place, "This is long for the title of an area of focus. Shorten it.")
            )

    def _read_row(self, layout: TableLayout, row: SeenRow) -> None:
        if (area := layout.first_text_of(row, Role.AREA)) and area != self._area_cell:
            self._begin_area(area, row.place)
            self._area_cell = area
        column = layout.column_of(Role.SUBHEADING)
        if title := layout.first_text_of(row, Role.SUBHEADING):
            self._begin_row(title, row.place)
        elif self._row is None:
            self._leave_out(row.place, find_first_text([row]))
            return
        elif column is not None and not row.goes_on_at(column):
            self._found.notes.append(
                f"{row.place}: it names no sub-heading, so it was added to the one above."
            )
        if self._row is not None:
            add_texts(self._row, layout, row)
        for text in layout.texts_of(row, Role.LINKED):
            self._read_whether_linked(text, row.place)

    def _read_whether_linked(self, text: str, place: str) -> None:
        if _YES.fullmatch(text):
            self._area["scope"] = "linked"
        elif not _NO.fullmatch(text):
            words = f"We do not know whether “{quote_beginning(text)}” means yes."
            todo = "Say at this area of focus whether a cycle may leave it out."
            self._found.problems.append((place, f"{words} {todo}"))

    def _begin_row(self, text: str, place: str) -> None:
        if not self._areas:
            self._begin_area(self._title or title_from_file(self._outline.name), place)
            words = "There is no area of focus above this row. We made one. Give it its title."
            self._found.problems.append((place, words))
        title, rest = split_title(text)
        self._titles_of_table.append(title)
        self._row = {"title": title}
        if rest:
            self._row["prompt"] = rest
        if len(title) > _LONGEST_TITLE:
            words = "This is long for the title of a sub-heading. Give it a short one."
            self._found.problems.append((place, words))
        if not any(letter.isalpha() for letter in title):
            words = f"We took “{title}” for the title of a sub-heading. Give it words, or remove it."
            self._found.problems.append((place, words))
        rows = self._area["subheadings"]
        if isinstance(rows, list):
            rows.append(self._row)

    # At the end

    def _strip_bare_numbers(self) -> None:
        for entries in (
            self._areas,
            [row for area in self._areas for row in list_entries(area, "subheadings")],
        ):
            titles = strip_bare_numbers([str(entry["title"]) for entry in entries])
            for entry, title in zip(entries, titles, strict=True):
                entry["title"] = title

    def _find_words(self) -> Entry:
        """The headings of columns for answers, and meanings of ratings, where they are the office's own."""
        words: Entry = {}
        if self._meanings:
            words["meanings"] = self._meanings
        usual = ColumnHeadings().model_dump()
        own: dict[str, str] = {}
        for one in self._found.columns:
            if one.role in (Role.SUBHEADING, *OF_ANSWERS) and 0 < len(one.heading) <= _LONGEST_HEADING:
                own.setdefault(one.role.value, one.heading)
        headings = {name: text for name, text in own.items() if text.casefold() != usual[name].casefold()}
        all_headings = [text.casefold() for text in {**usual, **headings}.values()]
        if headings and len(set(all_headings)) == len(all_headings):
            words["headings"] = headings
        return words

    def _tell_what_was_left_out(self) -> None:
        self._found.problems += find_column_problems(list(self._layouts.values()), self._found.columns)
        if self._left_out:
            places = list_places(self._left_out)
            self._found.notes.append(f"We left out what is outside the framework: {places}.")
        for title, found in self._comes_again.items():
            words = f"“{title}” comes again. We added what is below it to the area of focus of this title"
            self._found.notes.append(f"{words}: {list_places(found)}.")

    def _find_problems(self) -> None:
        problems = self._found.problems
        if not any(area["subheadings"] for area in self._areas):
            words = (
                "We found no sub-headings. A framework is a table: sub-headings in one column, what is "
                "looked for in the next, and areas of focus as headings above it or as rows across it."
            )
            problems.append((self._outline.name, words))
            return
        for area in self._areas:
            if not area["subheadings"]:
                problems.append(
                    (str(area["title"]), "This area of focus has no sub-headings. Remove it, or add some.")
                )
            problems += _find_repeated_titles(area)


def _are_areas_styled(outline: Outline, read: Container[str]) -> bool:
    """Whether most tables that are read have a heading of a style above them: then bold lines name no areas.

    Most, and not one: a document may have a heading as its title, and bold lines that name its areas.
    """
    has_heading, found = False, []
    for block in outline.blocks:
        if isinstance(block, SeenText):
            has_heading = has_heading or 0 < block.level < BELOW_ALL
        elif block.place in read:
            found.append(has_heading)
            has_heading = False
    return 2 * sum(found) > len(found)


def _find_repeated_titles(area: Entry) -> Iterator[tuple[str, str]]:
    rows = area["subheadings"]
    titles = [str(row["title"]).casefold() for row in rows] if isinstance(rows, list) else []
    for title in dict.fromkeys(title for title in titles if titles.count(title) > 1):
        count = say_how_many(titles.count(title), "sub-heading")
        yield str(area["title"]), f"It has {count} with the title “{title[:80]}”. Give each its own."
