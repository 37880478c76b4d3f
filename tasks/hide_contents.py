"""Hiding what exceptions say from Prefect, which keeps and shows it: nothing quoted gets there."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from peer_challenge.errors import PeerChallengeError
from peer_challenge.system.logging_without_content import describe_error

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class StepFailed(PeerChallengeError):
    """A step failed for a reason nobody foresaw: its class and place are shown, its message is not."""

    exit_code = 10


def quoting_nothing(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`step` wrapped so that its errors quote nothing from a document.

    Our own errors pass without their causes. Any other error becomes StepFailed.
    """

    @wraps(step)
    def careful(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return step(*given, **named)
        except PeerChallengeError as error:
            ours: PeerChallengeError = error
        except Exception as error:
            ours = StepFailed(describe_error(error))
        ours.__cause__ = ours.__context__ = None
        raise ours.with_traceback(None)

    return careful
