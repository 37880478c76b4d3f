"""The edge to Prefect, which keeps and shows what an exception says: nothing quoted passes it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from peer_challenge.errors import PeerChallengeError
from peer_challenge.system.logging_without_content import told

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class StepFailed(PeerChallengeError):
    """A step failed in a way nobody foresaw: its class and place are told, what it said is not."""

    exit_code = 10


def quoting_nothing(step: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`step`, whose errors say nothing that a document may have said. Ours pass, without their causes."""

    @wraps(step)
    def careful(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return step(*given, **named)
        except PeerChallengeError as error:
            ours: PeerChallengeError = error
        except Exception as error:
            ours = StepFailed(told(error))
        ours.__cause__ = ours.__context__ = None
        raise ours.with_traceback(None)

    return careful
