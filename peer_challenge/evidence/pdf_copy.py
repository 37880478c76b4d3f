"""A PDF as a copy of its pages alone: no scripts, links, files, fields, comments, layers or properties.

The pages are taken over by the keys that PDF gives to what is printed on them (ISO 32000, table 31). Whatever
else a page or the document has stays behind, with the tags by which a screen reader finds headings.
"""

import io
import logging
from typing import Any, NoReturn

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.filters import decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject, StreamObject, TextStringObject

from peer_challenge.evidence.clean_copy import CanNotCopy, CleanCopy
from peer_challenge.evidence.picture_notes import remove_jpeg_2000_notes, remove_jpeg_notes
from peer_challenge.evidence.refusal_words import Refusal

MOST_PAGES = 150
"""Of text, they take 15 of the 40 seconds that checking may (`checking_process.BOUNDS`)."""
_LEAST_LETTERS = 20
"""A page with fewer is a picture of a page, as a scanner makes it: nothing on it could be read."""
_OF_PAGES = frozenset(
    f"/{key}"
    for key in (
        *("Type", "Contents", "Resources", "Rotate", "UserUnit", "Group"),
        *("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox"),
    )
)
_NOT_IN_STREAMS = tuple(
    f"/{key}"
    for key in (
        *("F", "FFilter", "FDecodeParms", "Metadata", "PieceInfo", "LastModified", "OPI", "Ref", "OC", "AF"),
        *("Alternates", "PS", "StructParent", "StructParents", "Measure", "PtData", "Name", "ID"),
    )
)
"""What a picture or drawing may lead to: files outside, other pictures, notes of the program that made it."""
_NOWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF")
"""What anything else may lead to. No further keys: in a list of drawings each may be the name of one."""
_JPEG, _JPEG_2000 = "/DCTDecode", "/JPXDecode"
"""Filters of pictures that are files of their own, with notes of their own."""
_PRINTED_ALONE = ("/Link",)
"""Kinds of annotations that a page can do without: the words of a link are on the page itself."""


def copy_pdf(data: bytes, title: str) -> CleanCopy:
    """The pages of a PDF in a new file with this title. Raises CanNotCopy."""
    logging.getLogger("pypdf").disabled = True  # it logs what it finds in the file
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise CanNotCopy(Refusal.LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise CanNotCopy(Refusal.LONG)
        _check_nothing_is_lost(reader)
        lines = tuple(page.extract_text() for page in reader.pages)
        has_words = all(len("".join(text.split())) >= _LEAST_LETTERS for text in lines)
        return CleanCopy(_write_pages(reader, title), "pdf", lines, has_words=has_words)
    except (CanNotCopy, MemoryError):
        raise
    except RecursionError:
        raise CanNotCopy(Refusal.TOO_MUCH) from None
    except Exception:  # a damaged file leads the library to all kinds of errors
        raise CanNotCopy(Refusal.DAMAGED) from None


def _check_nothing_is_lost(reader: PdfReader) -> None:
    """Refuse a PDF that shows more than its pages do. Raises CanNotCopy."""
    root = reader.root_object
    names = _as_dictionary(root.get("/Names"))
    form = _as_dictionary(root.get("/AcroForm"))
    if _as_dictionary(root.get("/Collection")) or "/EmbeddedFiles" in names or "/XFA" in form:
        _refuse(Refusal.FIELDS)
    layers = _as_dictionary(_as_dictionary(root.get("/OCProperties")).get("/D"))
    if _resolve(layers.get("/OFF")) or _resolve(layers.get("/BaseState")) == "/OFF":
        _refuse(Refusal.HIDDEN)
    for page in reader.pages:
        for one in _resolve(page.get("/Annots")) or ():
            if _as_dictionary(one).get("/Subtype") not in _PRINTED_ALONE:
                _refuse(Refusal.FIELDS)


def _refuse(refusal: Refusal) -> NoReturn:
    raise CanNotCopy(refusal)


def _resolve(value: Any) -> Any:
    """What a value is, where it is a reference to it."""
    return value.get_object() if isinstance(value, PdfObject) else value


def _as_dictionary(value: Any) -> DictionaryObject:
    found = _resolve(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _write_pages(reader: PdfReader, title: str) -> bytes:
    reduced, writer = PdfWriter(), PdfWriter()
    for page in reader.pages:
        reduced.add_page(_reduce_page(page))
    for held in reduced._objects:
        _reduce_object(held, set())
        if isinstance(held, StreamObject):
            _remove_picture_notes(held)
    for page in reduced.pages:
        writer.add_page(page)  # and what the page leads to: what nothing leads to any more stays behind
    writer._info = None
    writer.add_metadata({"/Title": TextStringObject(title)})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _remove_picture_notes(stream: StreamObject) -> None:
    """Take out of a photograph where, when and by whom it was taken; its dots stay as they are."""
    named = _resolve(stream.get("/Filter"))
    filters = [_resolve(one) for one in named] if isinstance(named, ArrayObject) else [named]
    if filters[-1:] not in ([_JPEG], [_JPEG_2000]):
        return
    if len(filters) > 1:  # packed once more
        parameters = _resolve(stream.get("/DecodeParms"))
        packing = StreamObject()
        packing._data = stream._data
        packing[NameObject("/Filter")] = ArrayObject(filters[:-1])
        if isinstance(parameters, ArrayObject):
            packing[NameObject("/DecodeParms")] = ArrayObject(parameters[:-1])
            stream[NameObject("/DecodeParms")] = ArrayObject(parameters[-1:])
        stream._data = decode_stream_data(packing)
        stream[NameObject("/Filter")] = ArrayObject(filters[-1:])
    is_jpeg = filters[-1] == _JPEG
    stream._data = (remove_jpeg_notes if is_jpeg else remove_jpeg_2000_notes)(stream._data)


def _reduce_page(page: PageObject) -> PageObject:
    """The page with what is printed alone."""
    for key in [key for key in page if key not in _OF_PAGES]:
        del page[key]
    return page


def _reduce_object(held: Any, seen: set[int]) -> None:
    """Take out of what a page is drawn with all that leads elsewhere; references are not followed."""
    if not isinstance(held, DictionaryObject | ArrayObject) or id(held) in seen:
        return
    seen.add(id(held))
    if isinstance(held, ArrayObject):
        for inner in held:
            _reduce_object(inner, seen)
        return
    for key in _NOT_IN_STREAMS if isinstance(held, StreamObject) else _NOWHERE:
        held.pop(NameObject(key), None)
    resources = _as_dictionary(held.get("/Resources"))
    resources.pop(NameObject("/Properties"), None)  # names of layers, and notes about what is drawn
    for inner in held.values():
        _reduce_object(inner, seen)
