"""Reads as much as possible of an entry with mistakes, so that its other mistakes are reported too."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

Model = TypeVar("Model", bound=BaseModel)


def read_what_can_be(model: type[Model], entry: Mapping[str, object]) -> Model:
    """`entry` as a `model` with each value that pydantic can read; the other values count as not given.

    A value has the right type, but may break the model's bounds (a pattern, a least number). A required value
    that cannot be read is missing: reading it raises AttributeError.
    """
    values = {}
    for name in model.model_fields.keys() & entry.keys():
        try:
            values[name] = _adapter_of(model, name).validate_python(entry[name])
        except ValidationError:
            continue
    return model.model_construct(**values)


@cache
def _adapter_of(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    type_: Any = model.model_fields[name].annotation
    return TypeAdapter(type_)
