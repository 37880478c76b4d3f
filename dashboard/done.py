"""What was just done, as a page says it: with how that which follows leaves in this installation."""

from collections.abc import Callable, Mapping

from dashboard.context import Visit
from peer_challenge.model.cycle import Cycle
from peer_challenge.post.say_what_goes_out import say_what_follows, say_what_goes_out


class _Sentence:
    """Fills in a field of a text from the words after its colon: "{leaves:Invitations}"."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self._say = say

    def __format__(self, what: str) -> str:
        return self._say(what or "What follows")


def say_done(words: Mapping[str, str], done: str, visit: Visit, cycle: Cycle | None) -> str | None:
    """The words for `done`, with their fields filled in; None for anything else.

    "{leaves:Invitations}" says how invitations leave; "{follows}" also says what is looked at first.
    """
    told = words.get(done)
    return told and told.format(
        leaves=_Sentence(lambda what: say_what_goes_out(visit.settings, what)),
        follows=_Sentence(lambda what: say_what_follows(visit.settings, cycle, what)),
    )
