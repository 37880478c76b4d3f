"""Turning .doc, .odt and .rtf into .docx with LibreOffice, where it is installed.

LibreOffice would fetch what a document names (a picture on a web page). So it runs in a network namespace
that has only a loopback which is down, and in a process group that ends with us. Where we lack the rights
for that, a file that names anything outside itself is refused.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from peer_challenge.system import child_process
from peer_challenge.system.child_process import Child, start_child
from peer_challenge.word.package.file_kinds import CONVERTIBLE
from peer_challenge.word.package.names_outside import names_outside
from peer_challenge.word.reader_findings import Unreadable

TIME_OUT = 45.0
"""By the clock: it takes a second or more, and one that hangs keeps the forms behind it waiting."""
_TRY_SECONDS = 10.0
"""What is tried does nothing, so it ends at once: after so long it never will."""
NAMESPACES = (
    ("--user", "--map-root-user", "--net", "--pid", "--kill-child"),
    ("--net", "--pid", "--kill-child"),
)
"""What `unshare` is tried with: as any account may where the system allows it, and as root may."""
_LIMITS = ("--as=4000000000", "--fsize=100000000", "--cpu=60", "--nproc=2000")
"""What LibreOffice may take: bytes of memory (of which it reserves many) and of a file, seconds, threads."""
_SETTINGS = {
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),  # macros of trusted places only, and none is
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),  # links are never updated
    ("Writer/Content/Update", "Field", "false"),
}
_INTERNET = {
    ("ooInetProxyType", "1"),  # by a proxy that is not there
    *((f"ooInet{scheme}ProxyName", "127.0.0.1") for scheme in ("HTTP", "HTTPS", "FTP")),
    *((f"ooInet{scheme}ProxyPort", "9") for scheme in ("HTTP", "HTTPS", "FTP")),
    ("ooInetNoProxy", ""),
}


def find_libreoffice() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def find_isolation_command() -> tuple[str, ...] | None:
    """The command with which a program is started without a network, found by trying.

    None where this account has no rights to do that.
    """
    unshare = shutil.which("unshare")
    for options in NAMESPACES if unshare else ():
        command = (str(unshare), *options, "--")
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if _try_command([*command, "true"]) == 0:
                return command
    return None


def _try_command(command: list[str]) -> int:
    done = subprocess.run(
        command, check=False, timeout=_TRY_SECONDS, stdin=subprocess.DEVNULL, capture_output=True
    )
    return done.returncode


def convert_to_docx(data: bytes, kind: str, *, seconds: float = TIME_OUT) -> bytes:
    """The document as .docx. `kind` is "doc", "odt" or "rtf".

    Every run has its own profile and folder, and is killed when its time is up. Raises
    Unreadable("open.not_converted") when there is no LibreOffice or it wrote no file: it reports success
    even when it could not load a document. Raises Unreadable("open.names_outside") when it can't be kept
    from the network and the file names something there.
    """
    program = find_libreoffice()
    if program is None:
        raise Unreadable("open.not_converted", what=CONVERTIBLE[kind])
    if find_isolation_command() is None and names_outside(data, kind):
        raise Unreadable("open.names_outside", what=CONVERTIBLE[kind])
    with tempfile.TemporaryDirectory(prefix="pc-convert-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"in.{kind}")
        source.write_bytes(data)
        _run_libreoffice(program, source, Path(folder), "docx:MS Word 2007 XML", seconds)
        target = Path(folder, "out", "in.docx")
        if not target.is_file() or not target.stat().st_size:
            raise Unreadable("open.not_converted", what=CONVERTIBLE[kind])
        return target.read_bytes()


def convert_to_pdf(document: bytes, *, seconds: float = TIME_OUT) -> bytes | None:
    """A Word document that we made as PDF; None where there is no LibreOffice, or it wrote no file."""
    program = find_libreoffice()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="pc-convert-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "in.docx")
        source.write_bytes(document)
        _run_libreoffice(program, source, Path(folder), "pdf:writer_pdf_Export", seconds)
        target = Path(folder, "out", "in.pdf")
        return target.read_bytes() if target.is_file() else None


def _run_libreoffice(program: str, source: Path, folder: Path, into: str, seconds: float) -> None:
    _write_profile(folder / "profile")
    command = [
        *_build_confinement(),
        program,
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nofirststartwizard",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        into,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LC_ALL")}
    child = start_child(child_process.__name__, child_process.run_program.__name__)
    try:
        child.pipe.send((command, str(folder), environment | {"HOME": str(folder), "TMPDIR": str(folder)}))
        child.process.wait(seconds)
    except (OSError, subprocess.TimeoutExpired):  # it is no more, or takes too long: nothing came out of it
        pass
    finally:
        _end_process_group(child)


def _build_confinement() -> list[str]:
    """What LibreOffice is started by: it has no network, and takes so much and no more."""
    command = [*(find_isolation_command() or ())]
    if prlimit := shutil.which("prlimit"):
        command += [prlimit, *_LIMITS]
    return command


def _write_profile(folder: Path) -> None:
    """Settings under which no macro runs, no link is followed and no address is asked for."""
    paths = [(f"/org.openoffice.Office.{path}", name, value) for path, name, value in sorted(_SETTINGS)]
    paths += [("/org.openoffice.Inet/Settings", name, value) for name, value in sorted(_INTERNET)]
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in paths
    )
    user = folder / "user"
    user.mkdir(parents=True)
    user.joinpath("registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _end_process_group(child: Child) -> None:
    """End the whole group: LibreOffice's own child does the work."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
    child.pipe.close()
