"""An entry with mistakes, as far as it can be read: so that other mistakes are told at the same time."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

Model = TypeVar("Model", bound=BaseModel)


def read_what_can_be(model: type[Model], entry: Mapping[str, Any]) -> Model:
    """The entry with each value that pydantic can read; what it can't is as where nothing is given.

    A value has the right type, and may still break the model's bounds (a pattern, a least number). A value
    that is needed and can't be read is not there: reading it raises AttributeError.
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
