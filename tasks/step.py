"""A step of a flow: a Prefect task that may be tried again, has a time limit, and lets nothing quoted out."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from tasks.hide_contents import quoting_nothing

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_PAUSES = (1.0, 5.0, 20.0)
"""Seconds before each new try: a database that is started again is back within the last."""


def step(
    name: str, *, minutes: float | None, is_retried: bool = True
) -> Callable[[Callable[Given, Answer]], Task[Given, Answer]]:
    """Make a function the step `name`, which may take so many minutes.

    None for one that runs beside others: nothing ends a thread, and Prefect would warn of that in every run.
    Such a step waits for child processes, whose work is bounded.

    No answer of a step is kept or taken from a cache: one that was taken from there would have done nothing.
    """

    def make_step(work: Callable[Given, Answer]) -> Task[Given, Answer]:
        return task(
            name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=len(_PAUSES) if is_retried else 0,
            retry_delay_seconds=list(_PAUSES),
            timeout_seconds=None if minutes is None else 60 * minutes,
        )(quoting_nothing(work))

    return make_step
