"""A sign-in service over HTTPS that gives tokens as Entra ID does, for client credentials."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs

from tests.mail.certificates import Certificates

TENANT, CLIENT, SECRET, TOKEN = "office.example", "the-application", "the-secret", "the-token"


class TokenServer(ThreadingHTTPServer):
    """Where tokens are fetched; `given` counts those it gave, `introspected` the questions about one."""

    daemon_threads = True
    given = 0
    introspected = 0

    @property
    def authority(self) -> str:
        """Its address, as the setting mail_oauth_authority takes it."""
        return f"https://localhost:{self.server_port}"

    def settings(self) -> dict[str, object]:
        """The settings of an installation that signs in here."""
        return {
            "mail_oauth_tenant": TENANT,
            "mail_oauth_client_id": CLIENT,
            "mail_oauth_client_secret": SECRET,
            "mail_oauth_authority": self.authority,
        }


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer
    protocol_version = "HTTP/1.1"
    wrong: ClassVar = {"error": "invalid_client", "error_codes": [7000215], "error_description": "no"}

    def do_GET(self) -> None:
        if self.path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            here = f"{self.server.authority}/{TENANT}"
            self._answer(
                200,
                {
                    "issuer": f"{here}/v2.0",
                    "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{here}/oauth2/v2.0/token",
                },
            )
        elif self.path.startswith("/introspect"):
            self.server.introspected += 1
            good = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            self._answer(200 if good else 401, {"active": good, "email": "office@example.org"})
        else:
            self._answer(400, {"error": "invalid_tenant", "error_codes": [90002]})

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if asked.get("client_id") == [CLIENT] and asked.get("client_secret") == [SECRET]:
            self.server.given += 1
            self._answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN})
        else:
            self._answer(401, self.wrong)

    def _answer(self, status: int, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def run_token_server(certificates: Certificates) -> Iterator[TokenServer]:
    """A running sign-in service; trust `certificates.authority` (REQUESTS_CA_BUNDLE) to use it."""
    server = TokenServer(("localhost", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
