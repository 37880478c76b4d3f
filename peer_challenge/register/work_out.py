"""Works out something that takes long, and writes it only if the facts have not changed since."""

from collections.abc import Callable
from typing import TypeVar

from peer_challenge.errors import PeerChallengeError
from peer_challenge.register.database import Register, Transaction

_MOST_TRIES = 5
"""Each may take half a minute: after five somebody is told, rather than left waiting."""

Facts = TypeVar("Facts")
Answer = TypeVar("Answer")
Result = TypeVar("Result")


class ChangedMeanwhile(PeerChallengeError):
    """The facts that an answer was worked out from have changed since."""

    exit_code = 7
    remedy = "Nothing was changed now. Try again in a minute."


def work_out_then_write(
    register: Register,
    read: Callable[[Transaction], Facts],
    work_out: Callable[[Facts], Answer],
    write: Callable[[Transaction, Facts, Answer], Result],
) -> Result:
    """The result of `write`, for an answer that is worked out while no transaction is open.

    A solver may take half a minute, and there is one writer at a time: inside the writing transaction it
    would keep everybody else waiting. So the facts are read again before the answer is written, and
    compared by ==. If they differ, everything begins again. Raises ChangedMeanwhile after five tries.
    """
    for _ in range(_MOST_TRIES):
        with register.reading() as connection:
            facts = read(connection)
        answer = work_out(facts)
        with register.writing() as connection:
            if read(connection) == facts:
                return write(connection, facts, answer)
    raise ChangedMeanwhile("The register kept changing while this was worked out.")
