"""What went out, as it lies in the outbox: others may write there, so it is compared with its hash first."""

from pathlib import Path

from peer_challenge.register.archive import sha256_of
from peer_challenge.register.records import Dispatch
from peer_challenge.system.folder_handles import read_file


class FileAltered(OSError):
    """In the place of a document that went out is something else."""


def read_issued_file(outbox_folder: Path, dispatch: Dispatch) -> bytes:
    """The file of a dispatch, exactly as it went into the outbox. No link is followed, nothing waited for.

    Raises FileNotFoundError where nothing is there any more, and FileAltered where it is anything else.
    """
    if dispatch.path is None:
        raise FileNotFoundError
    try:
        data = read_file(outbox_folder, dispatch.path, most=dispatch.size or 0)
    except FileNotFoundError:
        raise
    except OSError:  # a link, a folder, a larger file, one that is not for us
        raise FileAltered from None
    if sha256_of(data) != dispatch.sha256:
        raise FileAltered
    return data
