"""A draft's fields as a page shows them: what is in each, and what is wrong with it by the field's label.

What a value may be is not said here: the loader of cycle files says it, and its sentences are shown at the
field that they are about, with the field's label in place of the name in the file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dashboard.field_groups import YES_NO, Field, Group, ShownField, ShownGroup, list_fields
from dashboard.fields_of_a_cycle import CHAIR, NAME_AND_DATES, PARTNERS, RULES, SENDING, area_groups
from peer_challenge.cycle_file.typed_texts import write_typed_field
from peer_challenge.cycle_file.yaml_with_lines import Path_
from peer_challenge.model.cycle_changes import POLICY_NAMES
from peer_challenge.steering.draft_cycle import DraftRemark, get_value

_QUOTED = re.compile(r"`([^`]*)`")
_SETTING = re.compile(r"([a-z_]+)(?:: ([a-z]+))?")


def show_groups(
    groups: Iterable[Group],
    entries: Mapping[str, object],
    remarks: Sequence[DraftRemark] = (),
    typed: Mapping[str, str] | None = None,
) -> tuple[list[ShownGroup], list[tuple[str, str]]]:
    """The groups with what is in their fields, and all problems as (id of the field, words).

    `typed` is shown in place of the entries. A problem that no field has is about the page as a whole.
    """
    groups = list(groups)
    every = list_fields(groups)
    placed = [(_find_field(every, one.path), label_words(one.words)) for one in remarks]
    told: dict[str, list[str]] = {}
    for found, words in placed:
        if found is not None:
            told.setdefault(found.id, []).append(words)
    shown = []
    for group in groups:
        fields = [
            ShownField(one, _text_of(one, entries, typed), " ".join(told.get(one.id, ())))
            for one in group.fields
        ]
        is_folded = group.is_folded and not any(one.problem for one in fields)
        shown.append(ShownGroup(group.heading, fields, is_folded))
    return shown, [(found.id if found else "main-content", words) for found, words in placed]


def _text_of(one: Field, entries: Mapping[str, object], typed: Mapping[str, str] | None) -> str:
    if typed is not None and one.id in typed:
        return typed[one.id]
    text = write_typed_field(one.shape, get_value(entries, one.path))
    if one.options and text.lower() in ("true", "false"):
        text = "yes" if text.lower() == "true" else "no"
    return text or one.usual


def _find_field(fields: Sequence[Field], path: Path_) -> Field | None:
    """The field that a problem is about: the one whose value holds the place, else the first below it."""
    holding = [one for one in fields if path[: len(one.path)] == one.path]
    below = [one for one in fields if path and one.path[: len(path)] == path]
    return next(iter([*holding, *below]), None)


@cache
def _list_labels() -> dict[str, str]:
    """The labels by the names in a cycle file. Not worked out on import: it reads the office's calendar."""
    groups = (*NAME_AND_DATES, *area_groups(1), *CHAIR, *SENDING, *PARTNERS, *RULES)
    labels = {str(one.path[-1]): one.label for one in reversed(list_fields(groups))}
    own = {"participants": "Areas", "framework": "Framework", "dates": "Dates", "contacts": "Contacts"}
    general = {"name": "Name", "id": "Short name", "email": "Email address", "receives": "Who gets what"}
    return {**labels, **own, **general}


_CHOICES = dict((*POLICY_NAMES.items(), *YES_NO))


def label_words(words: str) -> str:
    """A sentence of the loader in which each setting is called as its label says."""
    return _QUOTED.sub(lambda found: f"“{_label_quoted(found[1])}”", words)


def _label_quoted(text: str) -> str:
    setting = _SETTING.fullmatch(text)
    label = _list_labels().get(setting[1]) if setting else None
    if setting is None or label is None:
        return text
    between = " " if label.endswith("?") else ": "
    return f"{label}{between}{_CHOICES.get(setting[2], setting[2])}" if setting[2] else label
