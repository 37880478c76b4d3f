"""Files as answers: a browser saves them under their names and never opens them in place of the page."""

import io
import mimetypes
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".ics": "text/calendar",
    ".csv": "text/csv",
}
"""What Python knows only on machines that have a list of media types."""


def attach_file(data: bytes, name: str) -> Response:
    """The answer that has a browser save `data` as `name`, whatever letters the name has.

    Its media type follows from the ending of the name.
    """
    media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix.lower()) or mimetypes.guess_type(name)[0]
    return Response(
        data,
        media_type=media_type or "application/octet-stream",
        headers={"Content-Disposition": content_disposition(name)},
    )


def attach_large_file(write: Callable[[Path], object], name: str) -> Response:
    """The answer that has a browser save what `write` writes to a path, as `name`.

    The file is sent from the disk and removed once it has gone; a kill leaves it to the next start.
    """
    scratch = tempfile.TemporaryDirectory()
    path = Path(scratch.name) / "file"
    try:
        write(path)
    except BaseException:
        scratch.cleanup()
        raise
    return FileResponse(
        path,
        media_type="application/octet-stream",
        headers={"Content-Disposition": content_disposition(name)},
        background=BackgroundTask(scratch.cleanup),
    )


def content_disposition(name: str) -> str:
    """The header that says under which name a file is to be saved (RFC 6266).

    A name that is more than letters, digits and `_.-~` is percent-encoded, so nothing in it ends the header.
    """
    encoded = quote(name, safe="")
    return f'attachment; filename="{name}"' if encoded == name else f"attachment; filename*=UTF-8''{encoded}"


def zip_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files, each a name and its bytes, as one ZIP file; a name that is there already gets a number."""
    packed, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files:
            path, number, free = PurePosixPath(name), 1, name
            while free.lower() in names:
                number += 1
                free = f"{path.stem} ({number}){path.suffix}"
            names.add(free.lower())
            target.writestr(free, data)
    return packed.getvalue()
