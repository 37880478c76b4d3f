"""The documents of a kind in the outbox, found by the label that file names of that kind have."""

from pathlib import Path

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.vocabulary import DispatchKind

ANSWERS = (DispatchKind.RECEIPT, DispatchKind.QUERY_LETTER)
"""What answers a document that came in: one of these for each."""


def list_documents(folder: Path, *kinds: DispatchKind) -> list[Path]:
    """The documents of some kinds in `folder` and below, in the order of their paths."""
    return sorted(path for kind in kinds for path in folder.rglob(f"*{KINDS[kind].file_label}*.docx"))


def read_blank_form(folder: Path) -> bytes:
    """The self-assessment to fill in that `folder` holds, or one of them."""
    return list_documents(folder, DispatchKind.SELF_ASSESSMENT_TEMPLATE)[0].read_bytes()
