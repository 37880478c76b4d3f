"""What is wrong with a value of a cycle file, in the words of a council officer.

Turns the errors of the data model (pydantic) into sentences with a remedy.
"""

import re
from collections.abc import Mapping
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from peer_challenge.cycle_file.yaml_with_lines import Path_
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.typed_days import explain_unread_day, read_typed_day

_UNION_TAGS = {"date", "DateRange"}
_ENDS = ("first", "last")
"""The ends of a range of days: a sentence is about the value that has the range."""


def suggest_nearest(word: str, known: list[str]) -> str:
    """A hint to add to a sentence, " Did you mean `x`?", for the nearest of `known`; "" when none is near."""
    near = process.extractOne(word.lower(), known, scorer=fuzz.ratio, score_cutoff=65)
    return f" Did you mean `{near[0]}`?" if near else ""


def read_error_path(error: ErrorDetails) -> Path_:
    """The path of the value that an error is about, without the names that the data model adds."""
    loc = error["loc"]
    return tuple(
        part for i, part in enumerate(loc) if not (part in _UNION_TAGS and i and isinstance(loc[i - 1], int))
    )


def problems_in(error: ValidationError, model: type[BaseModel]) -> list[tuple[Path_, str]]:
    """Every error of `model` with its path, at most one for each value.

    Errors that only follow from an error further inside are left out.
    """
    said: dict[Path_, str] = {}
    for each in error.errors(include_url=False):
        said.setdefault(read_error_path(each), problem_of(each, model))
    inner = {at[:n] for at in said for n in range(len(at))}
    return [(at, words) for at, words in said.items() if at not in inner]


def problem_of(error: ErrorDetails, model: type[BaseModel] = Cycle) -> str:
    """One error of the data model (a cycle's, or `model`'s) as a sentence that says what to do."""
    path = read_error_path(error)
    names = [part for part in path if isinstance(part, str)]
    if len(names) > 1 and names[-1] in _ENDS:
        names.pop()
    key = names[-1] if names else "the file"
    written = _describe_value(error.get("input"))
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "missing":
        return f"`{path[-1] if path else key}` is missing. Add it."
    if kind == "extra_forbidden":
        near = suggest_nearest(str(path[-1]), _list_keys_at_path(path[:-1], model))
        return f"`{path[-1]}` isn't a setting here.{near} Correct it, or take it out."
    if kind in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        can_be = join_in_words(choices, last="or")
        return f"`{key}` is {written}.{suggest_nearest(str(error['input']), choices)} It can be {can_be}."
    if "date" in kind:
        return f"`{key}`: {written} isn't a day we can read. {_date_remedy(error.get('input'))}"
    if kind.startswith(("int", "float")):
        return f"`{key}` is {written}. Give a whole number."
    if kind.startswith(("greater", "less")):
        bound = context.get("ge", context.get("gt", context.get("le", context.get("lt"))))
        return f"`{key}` is {written}. Give a number of {bound} or more."
    if kind.startswith("bool"):
        return f"`{key}` is {written}. Say yes or no."
    return _shape_problem(kind, key, written, context)


def _shape_problem(kind: str, key: str, written: str, context: Mapping[str, object]) -> str:
    if kind in {"tuple_type", "list_type"}:
        return f"`{key}` should be a list. Write it in brackets, as in `{key}: [first, second]`."
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"`{key}` should have entries of its own (`name: value`), and has {written}. See the example."
    if kind in {"string_type"}:
        return (
            f"`{key}` should be plain text, and has {written}. Write one value, in quotes if it has a colon."
        )
    if kind == "string_pattern_mismatch" and key == "closing_time":
        return f"`{key}` is {written}. Write a time as in 17:00."
    if kind == "string_pattern_mismatch" and key in ("RED", "AMBER", "GREEN"):
        return f"This is no question: {written}. End it with a question mark."
    if kind == "string_pattern_mismatch":
        return f"`{key}` is {written}. Use small letters, digits and single hyphens, as in `north-wolds`."
    if kind == "string_too_long":
        return f"`{key}` is too long. Use at most {context.get('max_length', 60)} characters."
    if kind == "value_error" and key == "headings":
        return "Two columns have the same heading. Give each its own."
    if kind in {"too_short", "string_too_short"}:
        least = "A peer challenge needs at least two areas." if key == "participants" else "Fill it in."
        return f"`{key}` is too short. {least}"
    return f"`{key}` is {written}, which we can't use. See the example for what it can be."


def _describe_value(value: object) -> str:
    if isinstance(value, dict):
        return "entries of its own"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or value == "":
        return "nothing"
    text = str(value)
    # 40 characters show which value is meant, and leave room for what is wrong with it.
    return f"`{text[:40]}{'...' * (len(text) > 40)}`"


def _date_remedy(value: object) -> str:
    day = read_typed_day(str(value))
    return f"Write {day.isoformat()}." if day else explain_unread_day(str(value))


def _list_keys_at_path(path: Path_, root: type[BaseModel]) -> list[str]:
    model: object = root
    for part in path:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(part)
            model = field.annotation if field else None
        model = _unwrap_annotation(model)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _unwrap_annotation(annotation: object) -> object:
    if get_origin(annotation) is None:
        return annotation
    models = [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
    nested = [_unwrap_annotation(a) for a in get_args(annotation) if get_origin(a) is not None]
    return (models + nested + [None])[0]
