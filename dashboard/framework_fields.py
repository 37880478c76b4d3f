"""The fields in which the office types a framework: what each is called, and the text of what is there now.

What a value may be is not said here: the loader of framework files says it, and its sentences are shown at
the field that they are about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from peer_challenge.advice.question_bank import find_bank_questions
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.frameworks.keep_ids import list_entries
from peer_challenge.frameworks.read_rows import split_points
from peer_challenge.model.framework import ColumnHeadings, FormWords, RatingMeanings
from peer_challenge.model.vocabulary import Rating


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it: its name in the form, the text in it, what is wrong with that.

    `usual` is the text that counts where nothing is typed. With `options` one is chosen, else text is typed.
    """

    id: str
    label: str
    text: str = ""
    hint: str = ""
    problem: str = ""
    usual: str = ""
    is_long: bool = False
    options: tuple[tuple[str, str], ...] = ()


_COLUMNS = {
    "subheading": "Heading of the column of sub-headings",
    "strengths": "Heading of the column for strengths",
    "development": "Heading of the column for development",
    "rating": "Heading of the column for the rating",
    "commentary": "Heading of the column for the peers’ commentary",
}
_COLOURS = (Rating.RED, Rating.AMBER, Rating.GREEN)
_LINKED = (("core", "Every cycle has it"), ("linked", "A cycle may leave it out"))


def _read_text(holder: Mapping[str, object], *way: str) -> str:
    held: object = holder
    for step in way:
        held = held.get(step) if isinstance(held, Mapping) else None
    return str(held) if held is not None else ""


def list_area_fields(area: Mapping[str, object]) -> list[Field]:
    """The fields of an area of focus."""
    return [
        Field("title", "Title of the area of focus", _read_text(area, "title")),
        Field(
            "scope",
            "Must a cycle have it?",
            _read_text(area, "scope") or "core",
            options=_LINKED,
        ),
    ]


def read_area_fields(typed: Mapping[str, str]) -> Entry:
    """What was typed of an area of focus, by key of a framework file; None for nothing."""
    return {
        "title": _clean_line(typed, "title") or "",
        "scope": "linked" if typed.get("scope") == "linked" else None,
    }


def list_row_fields(row: Mapping[str, object], areas: Sequence[Entry], area_id: str) -> list[Field]:
    """The fields of a sub-heading; `areas` are those that it can belong to."""
    address = f"{area_id}/{_read_text(row, 'id')}"
    mentions = [_read_text(one, "mention") for one in list_entries(row, "essentials")]
    return [
        Field("title", "Title of the sub-heading", _read_text(row, "title")),
        Field(
            "prompt",
            "What is looked for",
            _read_text(row, "prompt"),
            "The form prints it under the title. Questions can be on lines of their own.",
            is_long=True,
        ),
        Field(
            "essentials",
            "What areas may want to cover",
            "\n".join(mentions),
            "One on each line, the most important first. Three to six are enough.",
            is_long=True,
        ),
        *(
            Field(
                f"descriptor-{rating.value}",
                f"What {rating.value} looks like here",
                _read_text(row, "descriptors", rating.value),
                is_long=True,
            )
            for rating in _COLOURS
        ),
        *(
            Field(
                f"questions-{rating.value}",
                f"Questions for peers where it is {rating.value}",
                "\n".join(_read_questions(row, rating.value)),
                "One on each line, the one to ask first in front.",
                usual=" ".join(
                    find_bank_questions((address, *_read_texts(row.get("crosswalk"))), rating.value)
                ),
                is_long=True,
            )
            for rating in _COLOURS
        ),
        Field("reference", "Reference", _read_text(row, "reference"), "Such as an Act and its section."),
        Field(
            "into",
            "Area of focus",
            area_id,
            options=tuple((str(one.get("id")), _read_text(one, "title")) for one in areas),
        ),
    ]


def _read_questions(row: Mapping[str, object], rating: str) -> list[str]:
    held = row.get("questions")
    return _read_texts(held.get(rating) if isinstance(held, Mapping) else None)


def _read_texts(held: object) -> list[str]:
    return [str(one) for one in held] if isinstance(held, list) else []


def read_row_fields(typed: Mapping[str, str], before: Mapping[str, object]) -> Entry:
    """What was typed of a sub-heading, by key of a framework file; None for nothing.

    What areas may want to cover keeps its other words (`synonyms`) where it is worded as before.
    """
    known = {_read_text(one, "mention"): one for one in list_entries(before, "essentials")}
    points = [known.get(one, {"mention": one}) for one in split_points(typed.get("essentials", ""))]
    lines = {r.value: _clean_lines(typed, f"questions-{r.value}") for r in _COLOURS}
    questions = {rating: text.split("\n") for rating, text in lines.items() if text}
    looks = {r.value: text for r in _COLOURS if (text := _clean_line(typed, f"descriptor-{r.value}"))}
    return {
        "title": _clean_line(typed, "title") or "",
        "prompt": _clean_lines(typed, "prompt"),
        "essentials": points or None,
        "descriptors": looks or None,
        "questions": questions or None,
        "reference": _clean_line(typed, "reference"),
    }


def list_word_fields(entries: Mapping[str, object], bases: Sequence[tuple[str, str]]) -> list[Field]:
    """The fields of a framework as a whole; `bases` are what it can carry on from: id and title."""
    words = entries.get("words")
    held: Mapping[str, object] = words if isinstance(words, Mapping) else {}
    usual, headings, meanings = FormWords(), ColumnHeadings().model_dump(), RatingMeanings().model_dump()
    return [
        Field(
            "title", "Title of the framework", _read_text(entries, "title"), "It is shown on forms and pages."
        ),
        Field(
            "follows",
            "Which framework does it carry on from?",
            _read_text(entries, "follows"),
            "What has the same title there keeps its place, so that next year’s trend holds.",
            options=(("", "None"), *bases),
        ),
        *(
            Field(f"headings-{name}", label, _read_text(held, "headings", name), usual=str(headings[name]))
            for name, label in _COLUMNS.items()
        ),
        *(
            Field(
                f"meanings-{rating.value}",
                f"What {'not applicable' if rating is Rating.NOT_APPLICABLE else rating.value} means",
                _read_text(held, "meanings", rating.value),
                usual=str(meanings[rating.value]),
                is_long=True,
            )
            for rating in Rating
        ),
        Field(
            "sign_off_title",
            "Title above the sign-off",
            _read_text(held, "sign_off_title"),
            usual=usual.sign_off_title,
        ),
        Field(
            "sign_off",
            "Sentence above the sign-off",
            _read_text(held, "sign_off"),
            "Leave it empty, and each form has its usual one.",
            is_long=True,
        ),
    ]


def read_word_fields(typed: Mapping[str, str]) -> Entry:
    """What was typed of a framework as a whole, by key of a framework file; None for nothing."""
    words: Entry = {}
    for group in ("headings", "meanings"):
        names = _COLUMNS if group == "headings" else [rating.value for rating in Rating]
        held = {name: text for name in names if (text := _clean_line(typed, f"{group}-{name}"))}
        if held:
            words[group] = held
    words |= {name: text for name in ("sign_off_title", "sign_off") if (text := _clean_line(typed, name))}
    return {
        "title": _clean_line(typed, "title") or "",
        "follows": typed.get("follows") or None,
        "words": words or None,
    }


WORD_KEYS = ("title", "follows", "words")
"""The keys of a framework file that `read_word_fields` gives."""


def _clean_line(typed: Mapping[str, str], name: str) -> str | None:
    return " ".join(typed.get(name, "").split()) or None


def _clean_lines(typed: Mapping[str, str], name: str) -> str | None:
    lines = (" ".join(line.split()) for line in typed.get(name, "").splitlines())
    return "\n".join(line for line in lines if line) or None


def fill_in(fields: Sequence[Field], typed: Mapping[str, str]) -> list[Field]:
    """Fields with what somebody typed in place of what is there."""
    return [replace(one, text=typed.get(one.id, one.text)) for one in fields]


def show_problems(
    fields: Sequence[Field], at: Path_, problems: Sequence[tuple[Path_, str]]
) -> tuple[list[Field], list[tuple[str, str]]]:
    """Fields with what is wrong with each, and every problem with the field that it is about.

    `at` is the path of the part that the fields are of. A problem of that part that no field is for is listed
    for the page as a whole.
    """
    own = [(path[len(at) :], words) for path, words in problems if path[: len(at)] == at]
    found: dict[str, str] = {}
    listed = []
    names = {one.id for one in fields}
    for path, words in own:
        name = _find_field(path, names)
        if name:
            found.setdefault(name, words)
        listed.append((name or "main-content", words))
    return [replace(one, problem=found.get(one.id, "")) for one in fields], listed


def _find_field(path: Path_, names: set[str]) -> str:
    steps = [str(step) for step in path]
    tried = ("-".join(steps[1:3]), "-".join(steps[:2]), *steps[:1])
    renamed = [f"descriptor-{steps[-1]}"] if steps[:1] == ["descriptors"] else []
    return next((name for name in (*renamed, *tried) if name in names), "")
