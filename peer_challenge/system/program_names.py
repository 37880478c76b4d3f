"""Names of files and folders that programs keep for themselves where people keep documents.

Editors, sync programs, storage devices and operating systems all leave some: a document among them is half
written, deleted, or an earlier version, and nobody has sent it.
"""

import re
import unicodedata
from dataclasses import dataclass

_PASSING = (
    r"tmp|temp|part|partial|filepart|crdownload|download|opdownload|lock|swp|!sync|!ut|ffs_tmp|ffs_lock|gstmp"
    r"|aria2|octransferid\w{1,40}"
    r"|wbk|asd"  # Word's backup copy, and what it saves by itself
)
_PROGRAM_FILE = re.compile(  # "~ final form.docx" is people's
    rf"^(~\$|\.|~(lock$|snapshot$|syncthing~|wr[a-z]\d{{4}}|df[0-9a-f]{{4}}))"
    rf"|\.({_PASSING})$|\.sb-[0-9a-f]{{8}}-\w{{6}}$|\.docx?~$"
    r"|^((eh)?thumbs\.db|desktop\.ini|icon\r?|sync\.ffs_db)$|@syno(eastream|resource)$|:zone\.identifier$",
    re.IGNORECASE,
)
_MAY_BE_A_DOCUMENT = re.compile(
    rf"^~|\.({_PASSING})$|^\.(?!_|~lock\.).*\.(docx?|docm|odt|rtf|pdf|eml|msg)(\.icloud)?$|\.docx?~$",
    re.IGNORECASE,
)
"""What somebody may wait for; what systems keep in a folder for ever (.DS_Store, ._x) is none."""


_KEPT_BY_WORD = re.compile(r"\.(wbk|asd)$", re.IGNORECASE)
_DOCUMENT_ENDING = re.compile(r"\.(docx?|docm|dotx?|odt|rtf|pdf|eml|msg|zip|xlsx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FolderUse:
    """What a folder of a program's own is for, in words, and what to do if something in it is missed."""

    is_what: str
    remedy: str


_BIN = FolderUse(
    "a recycle bin: what is in it was deleted",
    "If something was deleted by mistake, move it from there into the inbox itself.",
)
_VERSIONS = FolderUse(
    "a folder of earlier versions",
    "If you need one of them, copy it from there into the inbox itself.",
)
_INDEX = FolderUse(
    "a folder that a computer, a storage device or a sync program keeps for itself",
    "You do not need to do anything.",
)
HIDDEN = FolderUse(
    "a hidden folder",
    "If it holds documents for this program, copy them from there into the inbox itself.",
)
"""Of a folder that is no known program's, but has a name as programs' own have."""

_FOLDERS: tuple[tuple[FolderUse, re.Pattern[str]], ...] = tuple(
    (use, re.compile(pattern, re.IGNORECASE))
    for use, pattern in (
        (
            _BIN,  # Windows, Synology, QNAP, Samba, Linux, macOS, Buffalo, D-Link, Nextcloud, Seafile, DFS
            r"[#@$]?recycled?([ ._-]?bin)?( - .*|[ _-]?\d+)?|recycler|@recycle|\.recycle.*"
            r"|[#.]?trash(es|box)?|\.trash-.*|network (trash folder|recycle bin.*)"
            r"|_recycle|recently deleted|deleted items"
            r"|files_trashbin|seafile-recycle-bin|dfsrprivate|conflictanddeleted",
        ),
        (
            _VERSIONS,  # Syncthing, snapshots of Synology, NetApp, QNAP, ZFS, EMC, Nextcloud, GoodSync, macOS
            r"\.stversions|@gmt-[\d.-]{10,30}|[#.~@]snapshots?|@(recently-)?snapshots?|\.zfs|\.ckpt|files_versions|_gsdata_"
            r"|\.documentrevisions-v\d+|preservation hold library|backups\.backupdb",
        ),
        (
            _INDEX,
            r"@__qini|#sharebin|_vti_\w+|syncdebris"
            r"|@eadir|@tmp|@sharebin|@__thumb|\.@.*|#?lost\+found|found\.\d{3}|system volume information"
            r"|onedrivetemp|@appstore|@synodrive|\$winreagent"
            r"|\$extend|\.synologyworkingdirectory|\.dropbox(\.cache)?|\.tmp\.drive(download|upload)"
            r"|\.owncloudsync.*|\.sync|\.stfolder|\.ffs_tmp|\.spotlight-v\d+|\.fseventsd"
            r"|\.?temporary ?items|\.apple(double|db|desktop)|__macosx|thevolumesettingsfolder",
        ),
    )
)


def is_program_file(name: str) -> bool:
    """Whether a file's name is one that programs give to files of their own."""
    return bool(_PROGRAM_FILE.search(name))


def may_be_a_document(name: str) -> bool:
    """Whether somebody may take a file that is ignored for its name for a document, and wait for it."""
    return bool(_MAY_BE_A_DOCUMENT.search(name))


def is_hidden_document(name: str) -> bool:
    """Whether a name hides what ends as a document does, by a dot that somebody may have typed."""
    return name.startswith(".") and not name.startswith(("._", ".~")) and is_like_a_document(name)


def may_be_sent_by_people(name: str) -> bool:
    """Whether a file that is ignored for its name may have been put there by somebody, as a return."""
    return is_hidden_document(name) or bool(_KEPT_BY_WORD.search(name))


def is_among_program_files(path: str) -> bool:
    """Whether a file of a ZIP, by its path there, is a program's own or lies in a bin, an index or the like.

    A document whose name begins with a dot is none: nobody is half way through writing it.
    """
    *folders, file = path.replace("\\", "/").split("/")
    is_in_own = any(
        folder not in (".", "") and (use_of_folder(folder) or is_program_file(folder)) for folder in folders
    )
    return is_in_own or (is_program_file(file) and not is_hidden_document(file))


_APPLE_BUNDLE = re.compile(r"\.(pages|numbers|key|rtfd)$", re.IGNORECASE)


def is_apple_document(name: str) -> bool:
    """Whether a folder is a document of an Apple program, which other systems show as a folder."""
    return bool(_APPLE_BUNDLE.search(name))


def is_like_a_document(name: str) -> bool:
    """Whether a name ends as that of a document or an email does."""
    return bool(_DOCUMENT_ENDING.search(name))


def use_of_folder(name: str) -> FolderUse | None:
    """What a folder is for whose name says that it is a program's own; None for a folder of people's."""
    plain = unicodedata.normalize("NFC", name).strip()
    return next((use for use, pattern in _FOLDERS if pattern.fullmatch(plain)), None)


def compared_name(name: str) -> str:
    """A file's name to compare: file systems differ in case and in how they write accents."""
    return unicodedata.normalize("NFC", name).casefold()


def owner_names(name: str) -> tuple[str, ...]:
    """What the files are called, as `compared_name`, that say that somebody has the document `name` open.

    Word puts "~$" before a short name and in place of the first letters of a longer one; LibreOffice
    keeps ".~lock.NAME#", and WPS Office ".~NAME".
    """
    stem = name.rpartition(".")[0] or name
    replaced = min(max(len(stem) - 6, 0), 2)
    names = (f"~${name}", f"~${name[replaced:]}", f".~lock.{name}#", f".~{name}")
    return tuple(dict.fromkeys(map(compared_name, names)))


def is_owner_name(name: str) -> bool:
    """Whether a name may be one of those that `owner_names` gives."""
    return name.startswith(("~$", ".~"))
