"""What child processes of tests call."""

import os
import signal
from pathlib import Path
from typing import Any

from peer_challenge.advice import tone
from peer_challenge.advice.identifying_details import find_identifying, may_identify
from peer_challenge.advice.lexicon import read_lexicon
from peer_challenge.advice.narrative import Narrative
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.submissions import cell_text
from peer_challenge.submissions.version_changes import compare_texts
from peer_challenge.word.active_content.detection import find_active_content, open_package


def double(number: int) -> int:
    """Twice a number."""
    return 2 * number


def never_end() -> None:
    """Work for ever."""
    while True:
        pass


def hold_megabytes(count: int) -> int:
    """Hold so many megabytes."""
    return len(bytearray(count * 1_000_000))


def die(mark: str) -> str:
    """Be killed by somebody the first time, and answer the second."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def answer_with_an_object() -> Any:
    """An answer that would run something where it is unpacked."""
    return Path("/")


def count_hits(text: str) -> int:
    """How many identifying details a text has."""
    return len(find_identifying(text))


def read_address(text: str) -> bool:
    """Whether something so long is no address."""
    return not is_address(clean_address(text))


def look_through(text: str) -> int:
    """Put all that is looked for in what areas write to a text."""
    may_identify([text])
    find_identifying(text)
    tone.coach_commentary(text)
    narrative = Narrative(text, text, read_lexicon())
    found: list[object] = [
        *narrative.claimed_and_shown,
        *narrative.said_to_be_wrong,
        *narrative.hoped,
        *narrative.planned,
        *narrative.meant,
        *narrative.improved,
    ]
    found += [narrative.lasts, narrative.has_figures, narrative.words]
    for look in (
        cell_text.is_nothing,
        cell_text.is_to_come,
        cell_text.has_evidence,
        cell_text.holds_development,
        cell_text.has_private_link,
        cell_text.normalise_text,
    ):
        look(text)
    cell_text.missing_files(text, text.splitlines())
    return len(found)


def compare(before: str, after: str) -> int:
    """How many pieces differ between two texts."""
    return len(compare_texts(before, after))


def count_active(data: bytes) -> int:
    """How many active things a package holds."""
    return len(find_active_content(open_package(data)))
