"""A real mail server for tests: it takes messages, refuses or delays them, and checks who signs in."""

import asyncio
import socket
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.mail.certificates import Certificates


@dataclass
class Taken:
    """A message that the server took: to whom, and its bytes."""

    to: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.data, policy=policy.default)  # type: ignore[return-value]


@dataclass
class MailServer:
    """What a server took; `answer` is what it says to each address, `on_data` to the message as a whole."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answer: Callable[[str], str] = lambda address: "250 OK"
    on_data: Callable[[], str] = lambda: "250 OK"
    after_taking: Callable[[], None] = lambda: None
    delay: float = 0.0
    token: str = ""
    signed_in: list[str] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        """Take a token as Microsoft 365 does, which asks a question before it refuses a wrong one."""
        said = b64decode(args[1]).decode() if len(args) > 1 else ""
        user = said.partition("user=")[2].partition("\x01")[0]
        if self.token and said == f"user={user}\x01auth=Bearer {self.token}\x01\x01":
            self.signed_in.append(user)
            return AuthResult(success=True, auth_data=user)
        await server.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.delay)
        said = self.on_data()
        if said.startswith("250"):
            self.taken.append(Taken(tuple(envelope.rcpt_tos), envelope.content))
            self.after_taking()
        return said


@contextmanager
def run_mail_server(
    certificates: Certificates | None = None,
    *,
    token: str = "",
    is_tls_from_start: bool = False,
) -> Iterator[MailServer]:
    """A running server on a free port: with STARTTLS where it has certificates, with sign-in by `token`."""
    kept = MailServer(port=find_free_port(), token=token)
    options: dict[str, Any] = {}
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.certificate, certificates.key)
        options["ssl_context" if is_tls_from_start else "tls_context"] = context
        if not is_tls_from_start:
            options["require_starttls"] = True
    if token:
        options["auth_required"] = True
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def find_free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
