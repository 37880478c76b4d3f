"""Packing an Office document: a ZIP whose bytes depend on its parts alone."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

_LEVEL = 6  # zlib's own, named here so that another default of a library changes no bytes
_UNIX = 3  # the system that made it (APPNOTE, 4.4.2): on Windows Python would write another


def write_zip(parts: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> bytes:
    """A ZIP of `parts`, by name, in the order given; the same parts give the same bytes on every machine.

    What a part holds may come in pieces, so that it is never in memory as a whole.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name)  # it bears 1 January 1980: no clock goes into a document
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            if isinstance(content, bytes):
                package.writestr(entry, content, compresslevel=_LEVEL)
                continue
            with package.open(entry, "w") as file:
                file.writelines(content)
    return out.getvalue()


EPOCH = datetime(2026, 1, 1)
"""The time stamped on every template, so that the same script gives the same bytes."""

_STAMPED_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def repack_document(
    package: bytes, stamp: datetime = EPOCH, changed: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """A package with its parts in a fixed order, `stamp` as its time, and parts `changed` by name.

    The picture of its first page, which a library's template brings, is left out.
    """
    times = rb"\g<1>" + f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>"
    changes = {"docProps/core.xml": lambda content: _STAMPED_TIMES.sub(times, content)} | dict(changed or {})
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts = (name for name in old.namelist() if not name.startswith("docProps/thumbnail."))
        # the list of types first, as Office writes it: by that some programs know a document
        names = sorted(parts, key=lambda part: (part != "[Content_Types].xml", part))
        return write_zip((name, changes.get(name, bytes)(old.read(name))) for name in names)
