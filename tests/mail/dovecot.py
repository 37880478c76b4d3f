"""A real mail server that keeps mailboxes: Dovecot, on free ports, in a folder of its own.

Anybody may sign in with the password, or with the token of the token server, and has an empty mailbox: each
test takes a name of its own.
"""

import contextlib
import getpass
import imaplib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.mail.certificates import Certificates
from tests.mail.token_server import TokenServer
from tests.waiting import wait_until

PASSWORD = 'pass-"é-word'
IS_INSTALLED = shutil.which("dovecot") is not None
AT = datetime(2025, 2, 26, 14, 2, tzinfo=UTC)


class Dovecot:
    """A running server. `port` is encrypted from the start, `plain_port` by STARTTLS."""

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        self.folder, self.certificates = folder, certificates
        self.port, self.plain_port = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        command = ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        wait_until(lambda: _answers(self.port), f"Dovecot starts: {self.log()[-500:]}", process.pid)

    def stop(self) -> None:
        """End it and all that it started."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait()
            self._process = None

    def log(self) -> str:
        """What it has logged."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def make_account(self) -> "Account":
        """A mailbox that is empty."""
        return Account(self, f"office-{uuid.uuid4().hex[:12]}@example.org")


class Account:
    """A mailbox as its owner's mail program sees it."""

    def __init__(self, server: Dovecot, user: str) -> None:
        self.server, self.user = server, user

    def settings(self, **changed: object) -> dict[str, object]:
        """The settings of an installation that fetches from this mailbox."""
        return {
            "imap_host": "localhost",
            "imap_port": self.server.port,
            "imap_user": self.user,
            "imap_password": PASSWORD,
            **changed,
        }

    def put(self, *emails: bytes, folder: str = "INBOX", at: datetime = AT) -> None:
        """Let emails arrive."""
        with self._open() as client:
            for email in emails:
                status, _ = client.append(folder, None, imaplib.Time2Internaldate(at), email)
                assert status == "OK"

    def list_emails(self, folder: str = "INBOX") -> list[bytes]:
        """The emails of a folder, in order, byte for byte; none where there is no such folder."""
        return [email for _, email, _ in self.look(folder)]

    def look(self, folder: str = "INBOX") -> list[tuple[int, bytes, str]]:
        """Number, bytes and flags of every email of a folder."""
        with self._open() as client:
            if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            _, [uids] = client.uid("SEARCH", "ALL")
            found = []
            for uid in uids.split():
                _, lines = client.uid("FETCH", uid.decode(), "(FLAGS BODY.PEEK[])")
                [(head, email)] = [line for line in lines if isinstance(line, tuple)]
                rest = b"".join(line for line in lines if isinstance(line, bytes))
                found.append((int(uid), email, (head + rest).decode(errors="replace")))
            return found

    def run(self, *commands: tuple[str, ...], folder: str = "INBOX") -> None:
        """Do something in the mailbox by UID commands, such as ("STORE", "1", "+FLAGS", "(\\Deleted)")."""
        with self._open() as client:
            client.select(folder)
            for name, *given in commands:
                assert client.uid(name, *given)[0] == "OK"

    def renumber(self) -> None:
        """Give every email of INBOX a new number, and the folder a new UIDVALIDITY, as when restored."""
        for path in Path(self.server.folder, "mail", self.user, "Maildir").glob("dovecot*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (Path(self.server.folder, "mail", self.user, "Maildir") / "dovecot-uidlist").write_text(
            f"3 V{int(time.time()) + 1000} N100\n"
        )

    @contextlib.contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context(cafile=str(self.server.certificates.authority))
        with imaplib.IMAP4_SSL("localhost", self.server.port, ssl_context=context) as client:
            encoded = b"\0" + self.user.encode() + b"\0" + PASSWORD.encode()
            client.authenticate("PLAIN", lambda _: encoded)
            yield client


@contextlib.contextmanager
def run_dovecot(
    certificates: Certificates, *, tokens: TokenServer | None = None, capability: str = ""
) -> Iterator[Dovecot]:
    """A running server; with `tokens` it takes XOAUTH2, with `capability` it can do that only."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Dovecot(folder, certificates)
    try:
        _write_configuration(server, tokens, capability)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _write_configuration(server: Dovecot, tokens: TokenServer | None, capability: str) -> None:
    folder = server.folder
    is_root = os.geteuid() == 0
    (folder / "mail").mkdir()
    if is_root:  # it keeps mail for no administrator
        folder.chmod(0o755)
        shutil.chown(folder / "mail", "nobody")
        owner, accounts = "uid=nobody gid=nogroup", ""
    else:
        me = getpass.getuser()
        owner = f"uid={os.geteuid()} gid={os.getegid()}"
        accounts = f"default_internal_user = {me}\ndefault_login_user = {me}\ndefault_internal_group = {me}\n"
        accounts += "".join(f"service {name} {{\n chroot =\n}}\n" for name in ("anvil", "imap-login"))
    by_token = ""
    if tokens is not None:
        (folder / "oauth2.conf").write_text(
            f"introspection_url = {tokens.authority}/introspect\nintrospection_mode = auth\n"
            f"username_attribute = email\nactive_attribute = active\nactive_value = true\n"
            f"tls_ca_cert_file = {folder}/authority.pem\n"
        )
        shutil.copyfile(server.certificates.authority, folder / "authority.pem")  # it reads as somebody else
        by_token = f"passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {folder}/oauth2.conf\n}}\n"
    (folder / "dovecot.conf").write_text(
        f"""{accounts}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1, ::1
ssl = yes
ssl_cert = <{server.certificates.certificate}
ssl_key = <{server.certificates.key}
auth_mechanisms = plain login{" xoauth2" if tokens else ""}
{by_token}passdb {{
 driver = static
 mechanisms = plain login
 args = password={PASSWORD}
}}
userdb {{
 driver = static
 args = {owner} home={folder}/mail/%u
}}
mail_location = maildir:~/Maildir
namespace inbox {{
 inbox = yes
}}
service imap-login {{
 inet_listener imap {{
  port = {server.plain_port}
 }}
 inet_listener imaps {{
  port = {server.port}
  ssl = yes
 }}
}}
{f"imap_capability = {capability}" if capability else ""}
"""
    )


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False
