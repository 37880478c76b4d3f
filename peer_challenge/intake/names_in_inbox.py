"""Names of files in the inbox: what a sender called one, and which are passed over."""

import re
import uuid

from peer_challenge.system.free_names import LONGEST_NAME, cut_file_name
from peer_challenge.system.program_names import is_program_file

_TAKEN = ".taken-"
_TAKEN_NAME = re.compile(rf"{re.escape(_TAKEN)}[0-9a-f]{{12}}-(?=.)", re.DOTALL)


def is_dropping(name: str) -> bool:
    """Whether a name is that of an editor's or a sync client's own file, to be ignored.

    What an intake was taking out goes by its sender's name: we never take out a file of such a name, "."
    and ".." among them, so who made that one was not us.
    """
    return is_program_file(sent_name(name))


def sent_name(name: str) -> str:
    """What the sender called a file, of which an intake may have been killed while it took it out."""
    return _TAKEN_NAME.sub("", name, count=1)


def name_aside(name: str) -> str:
    """A name of our own for a file that is being taken out, of which `sent_name` gives the sender's."""
    mark = f"{_TAKEN}{uuid.uuid4().hex[:12]}-"
    return mark + cut_file_name(sent_name(name), longest=LONGEST_NAME - len(mark))
