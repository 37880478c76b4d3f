"""What a step puts beside its run for people to open on Prefect's page: numbers, ids and days, no words.

The page is a help: where Prefect's server does not take something, the step has done its work all the same.
"""

import logging
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

from prefect.artifacts import create_table_artifact
from prefect.events import emit_event

Key = TypeVar("Key", bound=Hashable)

log = logging.getLogger(__name__)


def show_table(key: str, rows: Sequence[Mapping[Key, object]], description: str) -> None:
    """Show a table, if it has any rows; `description` may hold a link, in Markdown."""
    if not rows:
        return
    told = [{str(name): str(value) for name, value in row.items()} for row in rows]
    try:
        create_table_artifact(told, key=key, description=description)
    except Exception as error:
        log.warning("Prefect's server did not take a table of a step (%s)", type(error).__name__)


def tell_event(what: str, about: str, numbers: Mapping[str, Any]) -> None:
    """Tell Prefect that something has happened, for those who listen to its events."""
    emit_event(
        f"peer-challenge.{what}",
        resource={"prefect.resource.id": f"peer-challenge.{about}"},
        payload=dict(numbers),
    )
