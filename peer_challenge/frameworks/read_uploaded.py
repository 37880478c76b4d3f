"""Files from outside that hold a framework, read in a child process: Word, Excel, or a framework file.

Each is a ZIP file with XML in it, and may be made to take all the memory there is.
"""

from dataclasses import dataclass
from pathlib import PurePath

from peer_challenge.cycle_file.yaml_with_lines import Entry, read_tree_in
from peer_challenge.frameworks.outline import (
    Outline,
    UnreadableFile,
    outline_as_dict,
    outline_from_dict,
)
from peer_challenge.frameworks.outline_from_sheet import read_sheet_outline
from peer_challenge.frameworks.outline_from_word import read_word_outline
from peer_challenge.model.framework import Framework
from peer_challenge.system.bounded_work import Bounds, ChildLost, TooMuchWork, WorkFailed, call_once
from peer_challenge.system.control_characters import remove_controls

BOUNDS = Bounds(seconds=20, memory_mb=600)
"""For one file. A Word file with 60 sub-headings takes half a second and 100 MB."""
MOST_BYTES = 10_000_000
"""The largest shipped framework has 60,000 characters: what makes a file so large is its pictures."""
_TOO_MUCH = "Reading this file takes more work than a framework may. Copy its tables into a new document."
_READERS = {".docx": read_word_outline, ".xlsx": read_sheet_outline}
_FRAMEWORK_FILES = (".yaml", ".yml")
_SAVE_AS = "Save it as a Word document (.docx) or an Excel workbook (.xlsx), and choose that."


@dataclass(frozen=True, slots=True)
class UploadedFramework:
    """What was read of a file: an outline, or the entries of a framework file."""

    outline: Outline | None = None
    entries: Entry | None = None


def read_uploaded_framework(name: str, raw: bytes) -> UploadedFramework:
    """What a file holds. Raises UnreadableFile, which says why it can't be used and what to do."""
    ending = PurePath(name).suffix.lower()
    if ending not in (*_READERS, *_FRAMEWORK_FILES):
        raise UnreadableFile(f"A framework can't be read from this kind of file. {_SAVE_AS}")
    if not raw:
        raise UnreadableFile("This file is empty. Save it and choose it again.")
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"This file is larger than {MOST_BYTES // 1_000_000} MB. Take out its pictures.")
    try:
        told = call_once(__name__, "read_framework_in_child", BOUNDS, name, raw)
    except (TooMuchWork, WorkFailed, ChildLost):
        raise UnreadableFile(_TOO_MUCH) from None
    why, outline, entries = told
    if why:
        raise UnreadableFile(why)
    return UploadedFramework(outline_from_dict(outline) if outline else None, entries)


def read_framework_in_child(name: str, raw: bytes) -> tuple[str, object, object]:
    """In a child process: why the file can't be used (else ""), its outline, and its entries."""
    ending = PurePath(name).suffix.lower()
    try:
        if ending in _FRAMEWORK_FILES:
            return "", None, _read_framework_file(name, raw)
        return "", outline_as_dict(_READERS[ending](name, raw)), None
    except UnreadableFile as why:
        return remove_controls(str(why)), None, None


def _read_framework_file(name: str, raw: bytes) -> Entry:
    tree = read_tree_in(name, raw)
    if tree.problems:
        told = "; ".join(f"{tree.place(at)}: {words}" for at, words in tree.problems[:10])
        raise UnreadableFile(f"This framework file has mistakes. {told}")
    if not isinstance(tree.data, dict) or not isinstance(tree.data.get("focus_areas"), list):
        raise UnreadableFile("This isn't a framework file: it has no `focus_areas:`.")
    return {key: value for key, value in tree.data.items() if key in Framework.model_fields}
