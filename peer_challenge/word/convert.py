"""Turning .doc, .odt and .rtf into .docx through LibreOffice, where it is installed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from peer_challenge.word.codes import Unreadable
from peer_challenge.word.file_kinds import CONVERTIBLE

TIME_OUT = 45.0


def converter() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(data: bytes, kind: str, *, seconds: float = TIME_OUT) -> bytes:
    """The document as .docx. `kind` is "doc", "odt" or "rtf".

    Every run has a profile and folder of its own, and is killed when its time is up. Raises
    Unreadable("open.not_converted") where there is no LibreOffice or nothing came out of it:
    it ends well even when it could not load a file.
    """
    program = converter()
    if program is None:
        raise Unreadable("open.not_converted", what=CONVERTIBLE[kind])
    with tempfile.TemporaryDirectory(prefix="pc-convert-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"in.{kind}")
        source.write_bytes(data)
        _run(program, source, Path(folder), seconds)
        target = Path(folder, "out", "in.docx")
        if not target.is_file() or not target.stat().st_size:
            raise Unreadable("open.not_converted", what=CONVERTIBLE[kind])
        return target.read_bytes()


def _run(program: str, source: Path, folder: Path, seconds: float) -> None:
    command = [
        program,
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nofirststartwizard",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LC_ALL")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment | {"HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the whole group: LibreOffice's own child does the work."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
