"""A line between a mail program and a mail server that breaks, or lies; over TLS like the server."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from tests.mail.dovecot import Dovecot

Change = Callable[[bytes], bytes | None]
"""What becomes of a piece that the server, or the program, sends; None breaks the line."""


def pass_on(piece: bytes) -> bytes:
    """The piece as it is."""
    return piece


class BadLine:
    """Where a program connects to reach the server; `to_program` and `to_server` change what passes."""

    def __init__(self, server: Dovecot, listener: socket.socket) -> None:
        self.to_program: Change = pass_on
        self.to_server: Change = pass_on
        self.connections = 0
        self._server, self._listener = server, listener
        self._theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._theirs.load_cert_chain(server.certificates.certificate, server.certificates.key)
        self._ours = ssl.create_default_context(cafile=str(server.certificates.authority))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                self.connections += 1
                Thread(target=self._connect, args=(plain,), daemon=True).start()

    def _connect(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as open_ones:
            program = open_ones.enter_context(self._theirs.wrap_socket(plain, server_side=True))
            raw = socket.create_connection(("localhost", self._server.port))
            server = open_ones.enter_context(self._ours.wrap_socket(raw, server_hostname="localhost"))
            back = Thread(target=self._pass_back, args=(server, program), daemon=True)
            back.start()
            _pass(program, server, lambda piece: self.to_server(piece))  # noqa: PLW0108  it may change
            back.join()

    def _pass_back(self, server: ssl.SSLSocket, program: ssl.SSLSocket) -> None:
        _pass(server, program, lambda piece: self.to_program(piece))  # noqa: PLW0108  it may change


def _pass(giving: ssl.SSLSocket, taking: ssl.SSLSocket, change: Change) -> None:
    try:
        while piece := giving.recv(65536):
            changed = change(piece)
            if changed is None:
                break
            taking.sendall(changed)
    except OSError:
        pass
    finally:
        for end in (giving, taking):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def run_bad_line(server: Dovecot) -> Iterator[BadLine]:
    """A line to `server` that passes everything on until it is told otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = BadLine(server, listener)
        Thread(target=line.serve, daemon=True).start()
        yield line
