"""What is known before a document is read: frameworks, cycles, and every text that a form prints."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.vocabulary import ItemKind
from peer_challenge.word.form.area_names import Names
from peer_challenge.word.form.forms import FORMS, PARTNERS, SECOND_ROW
from peer_challenge.word.form.printed_text import standing_texts
from peer_challenge.word.form.printed_text_hashes import NO_MARKS, Marks, single_spaced
from peer_challenge.word.form.row_guidance import list_guidance_lines
from peer_challenge.word.package.marks import is_copy_opening, read_copy_point, row_bookmark

MOST_ITEMS = 30
"""Of each kind, in one event: the mark of a later one would not be known."""
PLACEHOLDERS = (
    "Choose an item.",
    "Choose an item",
    "Click or tap here to enter text.",
    "Click here to enter text.",
    "Click or tap to enter a date.",
    "Click here to enter a date.",
    "Click or tap here to enter text",
    "Choose a rating",
    "Choose a rating.",
    "Enter any content that you want to repeat, including other content controls. "
    "You can also insert this control around table rows in order to repeat parts of a table.",
)
_NUMBERING = re.compile(
    r"\s*(?:\(?\d{1,3}(?:\.\d{1,3})*[.):]?|\(?[a-z][.)]|[ivx]{1,5}[.)])\s+", re.IGNORECASE
)
_ITEM_PLACE = re.compile(r"(?:strength|area for development|(?:\w+ )?action on area for development) \d{1,3}")
WHOLE_DOCUMENT = "The whole document"
"""Where a question is that is about no place of a form."""
CONTENTS_LEADS, CONTENTS_BETWEEN = ("In this document: ", "Areas of focus: "), "; "
"""How the contents of a form name its sections and its areas of focus, in a line each."""
_NUMBERED_PAGE = re.compile(r"Page \d+ of \d+")
_PAGE = re.compile(r"(?:page\s*)?\d{0,3}\s*(?:of\s*\d{0,3})?", re.IGNORECASE)
_WORDS_OF_MARKING = r"(TOP SECRET|SECRET|OFFICIAL[\s–—-]+SENSITIVE|OFFICIAL)"
MARKING = re.compile(_WORDS_OF_MARKING + r"\b.{0,40}", re.IGNORECASE | re.DOTALL)
_BARE_MARKING = re.compile(_WORDS_OF_MARKING, re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """The frameworks and open cycles, by id, with which a document is compared. There may be no cycles.

    `house_lines` are what our house styles, now or before, print at the foot of a form.
    """

    frameworks: Mapping[str, Framework]
    cycles: Mapping[str, Cycle] = field(default_factory=dict)
    house_lines: frozenset[str] = frozenset()

    def framework_of(self, cycle: str | None, framework: str | None) -> Framework | None:
        """The framework of a cycle without the areas that the cycle leaves out, else the framework named.

        None when neither is known.
        """
        opened = self.cycles.get(cycle or "")
        if opened is not None and opened.framework in self.frameworks:
            return self._framework_of_cycle[opened.id]
        return self.frameworks.get(framework or "")

    @cached_property
    def _framework_of_cycle(self) -> dict[str, Framework]:
        cycles = [cycle for cycle in self.cycles.values() if cycle.framework in self.frameworks]
        return {cycle.id: self.frameworks[cycle.framework].without(cycle.omit) for cycle in cycles}

    def names_in(self, cycles: Iterable[Cycle]) -> Names:
        """The names of those who take part in any of the cycles."""
        key = tuple(cycle.id for cycle in cycles)
        if key not in self._cached_names_by_cycles:
            self._cached_names_by_cycles[key] = Names(p for which in key for p in self.cycles[which].authors)
        return self._cached_names_by_cycles[key]

    @cached_property
    def _cached_names_by_cycles(self) -> dict[tuple[str, ...], Names]:
        return {}

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Addresses by their row's bookmark: of every framework's sub-headings, and of items."""
        rows = (address for framework in self.frameworks.values() for address in framework)
        return {row_bookmark(address): address for address in (*rows, *_item_addresses())}

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles of every framework's sub-headings, in the form used for comparison."""
        rows = (row for framework in self.frameworks.values() for row in framework.subheadings.values())
        return frozenset(normalise_printed_text(row.title) for row in rows)

    @cached_property
    def own(self) -> frozenset[str]:
        """Every text that forms print (titles, prompts, headers, labels), in the form used for comparison."""
        return frozenset(map(normalise_printed_text, self.printed))

    @cached_property
    def printed(self) -> frozenset[str]:
        """Every text that forms print (titles, prompts, headers, labels), exactly as printed."""
        return frozenset(_list_printed_texts(self.frameworks.values()))

    def is_place(self, text: str) -> bool:
        """Whether a text names a place of a form and says no more: "Equal and joint duty – RAG rating"."""
        parts = single_spaced(text).casefold().split(" – ")
        halves = [(" – ".join(parts[:n]), " – ".join(parts[n:])) for n in range(1, len(parts) + 1)]
        return any(self._is_row_or_column(row) and self._is_row_or_column(rest) for row, rest in halves)

    def _is_row_or_column(self, text: str) -> bool:
        is_item = _ITEM_PLACE.fullmatch(text) is not None
        return (
            is_item
            or _remove_numbering(text) in self._named_places
            or text in ("", WHOLE_DOCUMENT.casefold())
        )

    @cached_property
    def _named_places(self) -> frozenset[str]:
        """The titles and headers of forms with the dash that we print in letters."""
        return frozenset(text.replace(" - ", " – ") for text in self.own)

    def may_print(self, text: str) -> bool:
        """Whether a form prints a text that ends like this one.

        A quick first test: most of what people write ends otherwise.
        """
        return text[-self._ending_length :].casefold()[-self._ending_length :] in self._known_endings

    @cached_property
    def _ending_length(self) -> int:
        return min(4, *map(len, self._normalised_texts))

    @cached_property
    def _known_endings(self) -> frozenset[str]:
        return frozenset(text[-self._ending_length :] for text in (*self._normalised_texts, SECOND_ROW))

    @cached_property
    def _normalised_texts(self) -> frozenset[str]:
        return (self.own | normalise_standing_texts()) - {""}


@dataclass(frozen=True)
class OwnText:
    """Tells which paragraphs of one document the form prints itself. `marks` come from the document."""

    known: Known
    marks: Marks = NO_MARKS

    @cached_property
    def _texts_in_every_form(self) -> frozenset[str]:
        """Where the document says nothing of what is its own, what every form prints."""
        return frozenset() if self.marks else normalise_standing_texts()

    def has(self, text: str) -> bool:
        """Whether the text, or each of its lines, is printed by the form."""
        return self._is_printed_line(text) or (
            "\n" in text and all(map(self._is_printed_line, text.split("\n")))
        )

    def is_printed(self, text: str) -> bool:
        """Whether a form prints exactly this text: a quick test, and in most cases enough."""
        return text in self.known.printed

    def is_copy_line(self, text: str) -> bool:
        """Whether a marked copy says a text at its top, with nothing typed into it."""
        spaced = single_spaced(text)
        place = read_copy_point(spaced)
        return is_copy_opening(spaced) if place is None else self.known.is_place(place)

    def _is_contents_line(self, spaced: str) -> bool:
        """Whether a text is a line of a form's contents, with nothing typed into it."""
        lead = next((lead for lead in CONTENTS_LEADS if spaced.startswith(lead)), None)
        if lead is None:
            return False
        printed = self.known.own | normalise_standing_texts()
        titles = spaced.removeprefix(lead).casefold().split(CONTENTS_BETWEEN)
        return all(title in printed for title in titles)

    def _is_printed_line(self, text: str) -> bool:
        if text in self.known.printed:
            return True
        if text not in self._looked_up:
            self._looked_up[text] = self._is_line_of_document(text)
        return self._looked_up[text]

    @cached_property
    def _looked_up(self) -> dict[str, bool]:
        """Lines of the document, which are asked about at each step, and whether the form prints them."""
        return {}

    def _is_line_of_document(self, text: str) -> bool:
        spaced = single_spaced(text)
        if self._is_contents_line(spaced):
            return True
        if self.marks.has(spaced) or self.is_copy_line(spaced):
            return True
        if spaced and not self.known.may_print(spaced):
            return False
        plain = _remove_numbering(spaced).casefold().removesuffix(SECOND_ROW)
        return not plain or plain in self.known.own or plain in self._texts_in_every_form

    @cached_property
    def _names_of_cycles(self) -> frozenset[str]:
        return frozenset(cycle.name for cycle in self.known.cycles.values())

    def has_furniture(self, text: str) -> bool:
        """Whether a text in a header or footer is the form's own.

        That is text which the form prints, a page number, a cycle's name, a line of our house style or a
        protective marking.
        """
        numbered = _NUMBERED_PAGE.sub("Page 1 of 1", text)  # as it was printed, before pages were counted
        return (
            self.has(text)
            or self.has(numbered)
            or ("\t" in text and all(map(self.has_furniture, text.split("\t"))))
            or text.strip() in self._names_of_cycles
            or text.strip() in self.known.house_lines
            or bool(_PAGE.fullmatch(text.strip()) or _BARE_MARKING.fullmatch(text.strip()))
        )


@cache
def normalise_standing_texts() -> frozenset[str]:
    """The texts that every form prints, in the form used for comparison."""
    return frozenset(map(normalise_printed_text, standing_texts()))


def normalise_printed_text(text: str) -> str:
    """A text in the form used for comparison: small letters, single spaces, no numbering before it."""
    return _remove_numbering(single_spaced(text)).casefold()


def _remove_numbering(text: str) -> str:
    numbering = _NUMBERING.match(text)  # faster than sub, which would look for a beginning everywhere
    return text[numbering.end() :] if numbering else text


def _item_addresses() -> Iterator[str]:
    for kind in ItemKind:
        for number in range(1, MOST_ITEMS + 1):
            yield f"{kind}/{number}"
            yield from (f"{kind}/{number}/{further}" for further in range(2, 11))


def _list_printed_texts(frameworks: Iterable[Framework]) -> Iterator[str]:
    yield from PLACEHOLDERS
    yield from PARTNERS.values()
    yield from (
        "Who took part (roles)",
        "Signed off by (role)",
        "Date signed off",
        "Agreed strengths",
        "Agreed areas for development",
        "Partner",
        "Sign-off",
    )
    for form in FORMS.values():
        yield from (form.title, *form.other_titles)
        yield from (column.header for column in form.columns)
        for one in form.fields:
            yield from (one.label, *one.old_labels)
    yield from _list_form_words(FormWords())
    for framework in frameworks:
        yield framework.title
        yield from _list_form_words(framework.words)
        for area in framework.focus_areas:
            yield area.title
            for row in area.subheadings:
                yield from (row.title, row.prompt, *row.prompt_lines, row.reference or "")
                yield from list_guidance_lines(row)


def _list_form_words(words: FormWords) -> Iterator[str]:
    yield from words.headings.model_dump().values()
    yield from words.meanings.model_dump().values()
    yield from (words.sign_off_title, words.sign_off or "")
