"""Reading the cell of a rating: what is written in it, and what is only seen: colours, pictures, signs."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.rating_colours import HIGHLIGHTERS
from peer_challenge.word.answers.rating_that_holds_now import Found
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.package.namespaces import T, w
from peer_challenge.word.package.xml_element import XmlElement, read_tag_name
from peer_challenge.word.text.content import Cell
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.raised_numbers import RAISED, is_raised_number
from peer_challenge.word.text.symbol_fonts import in_font, is_symbol_font

_SHADING, _HIGHLIGHT, _COLOUR, _FONTS, _R = w("shd"), w("highlight"), w("color"), w("rFonts"), w("r")
_DRAWN = (w("drawing"), w("pict"), w("object"))
_COMMENT = (w("commentRangeStart"), w("commentReference"))
_SEEN_ONLY = (_HIGHLIGHT, _COLOUR, _FONTS, RAISED, *_DRAWN, *_COMMENT)
_UNSURE = frozenset(("rating.missing", "rating.split", "rating.not_understood"))
_MISSING = "rating.missing"
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class RatingCells:
    """Reads the cells of the ratings of one document.

    `rating_map` is the cycle's own words for ratings, `opens` the day on which it opens; `comments` are the
    ids of the comments that somebody wrote.
    """

    def __init__(
        self, styles: Styles, rating_map: Mapping[str, str], opens: date | None, comments: Collection[str]
    ) -> None:
        self._styles, self._rating_map, self._opens, self._comments = styles, rating_map, opens, comments
        self._known: dict[tuple[str, str | None], Found] = {}

    def read_cell(self, cell: Cell, table: XmlElement, written: str) -> Found:
        """The rating in a cell of a table (w:tbl) in which this is written, and the codes of its findings."""
        looks = {read_tag_name(element) for element in cell.element.iter(_SHADING, _HIGHLIGHT)}
        fill = self._fill_of(cell, table) if _SHADING in looks else self._styles.fill_of_table(table)
        rating, codes = self._rating_of(written, fill)
        if rating is not None and _HIGHLIGHT in looks and _is_marked_as_another(cell, rating):
            return None, (*codes, "rating.disagrees_with_shading")
        if rating is not None and not codes and not cell.marks:
            return rating, codes  # most are such: nothing that is only seen can make it doubtful
        if "tick_unclear" in cell.marks:
            return None, ("rating.tick_unclear",)
        seen = {read_tag_name(element) for element in cell.element.iter(*_SEEN_ONLY)}
        if not seen.isdisjoint((_FONTS, RAISED)):
            rating, codes = self._rating_of(_as_shown(cell, written), fill)
        return rating, self._with_looks(codes, cell, seen)

    def _rating_of(self, written: str, fill: str | None) -> Found:
        key = (written, fill)
        if key not in self._known:
            self._known[key] = read_rating(written, fill, self._rating_map, self._opens)
        return self._known[key]

    def _fill_of(self, cell: Cell, table: XmlElement) -> str | None:
        own = self._styles.fill_of(cell.element, table)
        return own or next(self._fills_of_paragraphs(cell), None)

    def _fills_of_paragraphs(self, cell: Cell) -> Iterator[str]:
        elements = (paragraph.element for paragraph in cell.paragraphs() if paragraph.element is not None)
        return (fill for element in elements if (fill := self._styles.fill_of_paragraph(element)))

    def _with_looks(self, codes: tuple[str, ...], cell: Cell, seen: set[str]) -> tuple[str, ...]:
        """What is seen but not read: a picture, a comment, a highlighter, a pending change."""
        if _MISSING in codes and (instead := self._instead(cell, seen)):
            codes = tuple(instead if code == _MISSING else code for code in codes)
        unsure = _UNSURE.intersection(codes)
        if unsure and _HIGHLIGHT in seen:
            codes = (*(code for code in codes if code not in unsure), "rating.highlighted")
        if "tracked" in cell.marks:
            codes = (*codes, "rating.tracked")
        return codes

    def _instead(self, cell: Cell, seen: set[str]) -> str | None:
        """What seems to give the rating where no word does."""
        if "picture" in cell.marks or not seen.isdisjoint(_DRAWN):
            return "rating.picture"
        if any(mark.get(w("id")) in self._comments for mark in cell.element.iter(*_COMMENT)):
            return "rating.in_comment"
        is_coloured = _COLOUR in seen and any(map(_is_coloured, cell.element.iter(_COLOUR)))
        return "rating.in_colour" if is_coloured and cell.text.strip() else None


def _is_marked_as_another(cell: Cell, rating: Rating) -> bool:
    """Whether a highlighter gives another rating than the words; yellow is used to mark anything."""
    marked = {HIGHLIGHTERS.get(mark.get(w("val")) or "", rating) for mark in cell.element.iter(_HIGHLIGHT)}
    return rating is not Rating.NOT_APPLICABLE and marked != {rating}


def _is_coloured(colour: XmlElement) -> bool:
    value = (colour.get(w("val")) or "auto").lower()
    return len(value) == 6 and len({value[:2], value[2:4], value[4:]}) > 1


def _as_shown(cell: Cell, written: str) -> str:
    """What is written as people see it: in Wingdings "þ" is a ticked box, a raised "1" the sign of a note."""
    shown, place = [], 0
    for piece in cell.element.iter(T):
        text = piece.text or ""
        found = written.find(text, place) if text else -1
        if found >= 0:
            shown += [written[place:found], _as_formatted(piece, text)]
            place = found + len(text)
    return "".join((*shown, written[place:]))


def _as_formatted(piece: XmlElement, text: str) -> str:
    run = piece.getparent()
    if run is None or run.tag != _R:
        return text
    if is_raised_number(run):
        return text.translate(_RAISED_DIGITS)
    fonts = run.find(f"{w('rPr')}/{_FONTS}")
    font = "" if fonts is None else fonts.get(w("ascii")) or fonts.get(w("hAnsi")) or ""
    return in_font(font, text) if is_symbol_font(font) else text
