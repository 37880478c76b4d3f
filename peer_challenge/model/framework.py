"""Frameworks: areas of focus and their sub-headings, as data.

Source of the shipped data: Working Together to Safeguard Children (2018, 2023, 2026); wording ours.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Essential(_Data):
    """One thing that a good answer would mention, with the words people use for it."""

    mention: str
    synonyms: tuple[str, ...] = ()


class Descriptors(_Data):
    """What each rating looks like for one sub-heading; "" where nothing is said of it."""

    RED: str = ""
    AMBER: str = ""
    GREEN: str = ""


Question = Annotated[str, Field(pattern=r"\?\s*$", max_length=400)]
"""A question as the pack prints it."""


class Questions(_Data):
    """Questions worth asking of a sub-heading, by its rating; the one to ask first in front."""

    RED: tuple[Question, ...] = Field((), max_length=4)
    AMBER: tuple[Question, ...] = Field((), max_length=4)
    GREEN: tuple[Question, ...] = Field((), max_length=4)

    def of_rating(self, rating: str) -> tuple[str, ...]:
        """Those for a rating; none for a row that is not rated or does not apply."""
        return {"RED": self.RED, "AMBER": self.AMBER, "GREEN": self.GREEN}.get(rating, ())


class Subheading(_Data):
    """One row of the schedule. `prompt` is what is looked for, in one or more paragraphs.

    `reference` is None where no source was seen.

    `change` says whether it is new or changed since the framework before; None: neither. `rests_on` is
    "summary" where only public summaries of the guidance were seen for it. `crosswalk` are the addresses of
    earlier frameworks' sub-headings that it carries on. `questions` are the file's own; None: the bank's
    are asked.
    """

    id: str = Field(pattern=_ID)
    title: str
    prompt: str = ""
    reference: str | None = None
    change: Literal["new", "changed"] | None = None
    rests_on: Literal["summary"] | None = None
    descriptors: Descriptors | None = None
    essentials: tuple[Essential, ...] = ()
    crosswalk: tuple[str, ...] = ()
    questions: Questions | None = None

    @property
    def prompt_lines(self) -> tuple[str, ...]:
        """What is looked for, a paragraph each."""
        return tuple(line.strip() for line in self.prompt.split("\n") if line.strip())


class FocusArea(_Data):
    """One area of focus. A cycle may leave out those whose scope is "linked"."""

    id: str = Field(pattern=_ID)
    title: str
    scope: Literal["core", "linked"] = "core"
    subheadings: tuple[Subheading, ...] = Field(min_length=1)


_Heading = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
"""A narrow column has room for no longer one."""
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class ColumnHeadings(_Data):
    """What forms print above the columns of the schedule. Forms that come back are read by these too."""

    subheading: _Heading = "Sub-heading"
    strengths: _Heading = "Strengths and evidence"
    development: _Heading = "Areas for development"
    rating: _Heading = "RAG rating"
    commentary: _Heading = "Peer commentary"

    @model_validator(mode="after")
    def _each_its_own(self) -> "ColumnHeadings":
        held = [" ".join(heading.casefold().split()) for heading in self.model_dump().values()]
        if len(set(held)) < len(held):
            raise ValueError("two columns have the same heading")
        return self


class RatingMeanings(_Data):
    """What each rating means, as the first pages of the form say it for all sub-headings."""

    RED: _Sentence = "Much still has to be done: it is not in place, or you can’t show that it works."
    AMBER: _Sentence = "Partly in place, or uneven. You know what is missing and have begun on it."
    GREEN: _Sentence = "In place, and your evidence shows what it changes for children and families."
    NOT_APPLICABLE: _Sentence = "This does not apply in your area. Please say why, under the strengths."


class FormWords(_Data):
    """The words of forms that are a framework's own to choose; the usual ones where it says nothing.

    `sign_off` is the sentence above the partners' sign-off; None: each form has its usual one.
    """

    headings: ColumnHeadings = ColumnHeadings()
    meanings: RatingMeanings = RatingMeanings()
    sign_off_title: _Heading = "Sign-off by the three safeguarding partners"
    sign_off: _Sentence | None = None


class Framework(_Data):
    """A whole framework. Sub-headings are addressed as "focus-area/sub-heading".

    `follows` is the id of the framework whose place it takes, as a later version of it.
    """

    id: str = Field(pattern=_ID)
    title: str
    follows: str | None = None
    words: FormWords = FormWords()
    focus_areas: tuple[FocusArea, ...] = Field(min_length=1)

    @cached_property
    def subheadings(self) -> dict[str, Subheading]:
        """Every sub-heading by its address, in the order of the schedule."""
        return {f"{area.id}/{row.id}": row for area in self.focus_areas for row in area.subheadings}

    @cached_property
    def focus_area_of(self) -> dict[str, FocusArea]:
        """The area of focus of every sub-heading's address."""
        return {f"{area.id}/{row.id}": area for area in self.focus_areas for row in area.subheadings}

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.subheadings)

    def __len__(self) -> int:
        return len(self.subheadings)

    def without(self, omitted: Iterable[str]) -> "Framework":
        """The framework with the areas of focus `omitted` (ids of linked areas) left out."""
        left_out = set(omitted)
        kept = tuple(area for area in self.focus_areas if area.id not in left_out)
        fields = {name: getattr(self, name) for name in Framework.model_fields}
        return Framework(**{**fields, "focus_areas": kept})


def find_newest_version(framework_id: str, known: Mapping[str, Framework]) -> str:
    """The id of the last of all frameworks that follow one, each the one before; its own where none does."""
    newest, seen = framework_id, {framework_id}
    while followers := [one.id for one in known.values() if one.follows == newest and one.id not in seen]:
        newest = max(followers, key=lambda one: (len(one), one))  # ours-10 is after ours-9
        seen.add(newest)
    return newest
