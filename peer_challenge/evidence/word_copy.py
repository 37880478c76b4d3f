"""A Word document as a copy made from what is allowed, like our marked copies of forms, without authors."""

import io
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from PIL import Image

from peer_challenge.evidence.clean_copy import CanNotCopy, CleanCopy
from peer_challenge.evidence.picture_copy import draw_again
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.word.active_content.active_kinds import MACROS
from peer_challenge.word.active_content.inert_copy import InertCopy
from peer_challenge.word.active_content.pictures import make_grey_box
from peer_challenge.word.answers.unmapped_text import list_all_texts
from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx
from peer_challenge.word.package.file_kinds import CONVERTIBLE
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.text.open_document import Document, all_contents, open_document, text_parts

_LOCKED = ("open.encrypted", "open.rights_managed")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff")


def copy_word_document(data: bytes, kind: str, title: str, stamp: datetime, limits: Limits) -> CleanCopy:
    """The copy of a Word document, as .docx; `kind` is one of file_kinds, `title` goes into its properties.

    Raises CanNotCopy.
    """
    try:
        document = open_document(convert_to_docx(data, kind) if kind in CONVERTIBLE else data, limits)
        _check_document(document)
        lines = tuple(list_all_texts(document))
        texts = text_parts(document.package, document.package.document)
        texts = {name: text for name, text in texts.items() if text != "comments"}
        copy = InertCopy(document.package, document.root, texts, {})
        made = _draw_pictures_again(copy.packed(title, stamp))
    except Unreadable as why:
        raise CanNotCopy(Refusal.LOCKED if why.code in _LOCKED else Refusal.DAMAGED) from None
    gone = "Some pictures and objects are left out." if copy.pictures_left_out else ""
    return CleanCopy(made, "docx", lines, gone)


def _check_document(document: Document) -> None:
    """Refuse what shows others more than its author means to show. Raises CanNotCopy."""
    if any(one.code == MACROS for one in document.active):
        raise CanNotCopy(Refusal.MACROS)
    if any(found.code == "word.tracked_changes" for found in document.findings):
        raise CanNotCopy(Refusal.CHANGES)
    if document.comments:
        raise CanNotCopy(Refusal.COMMENTS)
    if any(why == "hidden" and text.strip() for held in all_contents(document) for why, text in held.aside):
        raise CanNotCopy(Refusal.HIDDEN)


def _draw_pictures_again(document: bytes) -> bytes:
    """The document with each picture drawn again: a photograph says where and by whom it was taken."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return write_zip(
            [
                (name, _draw_one_again(name, archive.read(name)) if _is_picture(name) else archive.read(name))
                for name in archive.namelist()
            ]
        )


def _is_picture(name: str) -> bool:
    return name.startswith("word/media/") and name.lower().endswith(_PICTURES)


def _draw_one_again(name: str, data: bytes) -> bytes:
    """A picture in the format that its name says, as the document's list of parts says so too."""
    try:
        drawn, ending = draw_again(data)
        if name.lower().endswith((".jpg", ".jpeg") if ending == "jpg" else ".png"):
            return drawn
        made, kind = io.BytesIO(), Image.registered_extensions()[PurePosixPath(name).suffix.lower()]
        Image.open(io.BytesIO(drawn)).convert("RGB").save(made, kind)
        return made.getvalue()
    except (OSError, ValueError, SyntaxError, KeyError, CanNotCopy, Image.DecompressionBombError):
        return make_grey_box()
