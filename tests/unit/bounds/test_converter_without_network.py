"""LibreOffice asks nobody for anything, whatever a document names: a server that listens hears nothing."""

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator

import pytest

from peer_challenge.word.package import convert_with_libreoffice
from peer_challenge.word.package.names_outside import names_outside
from peer_challenge.word.reader_findings import Unreadable

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(
        convert_with_libreoffice.find_libreoffice() is None, reason="LibreOffice is not installed"
    ),
]
HEARD: list[str] = []
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"'
)
_FRAME = '<draw:frame svg:width="1cm" svg:height="1cm" text:anchor-type="as-char">{}</draw:frame>'


class _Listener(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        HEARD.append(self.command)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    HEARD.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Listener) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _odt(inside: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:body><office:text><text:p>We meet. {inside}</text:p>"
            "</office:text></office:body></office:document-content>",
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return out.getvalue()


def _naming(address: str) -> dict[str, bytes]:
    link = f'xlink:href="{address}/a.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    return {
        "picture": _odt(_FRAME.format(f"<draw:image {link}/>")),
        "object": _odt(_FRAME.format(f"<draw:object {link}/>")),
    }


@pytest.mark.parametrize("what", ["picture", "object"])
def test_with_a_namespace_it_is_converted_and_nothing_is_asked_for(what: str, address: str) -> None:
    if convert_with_libreoffice.find_isolation_command() is None:
        pytest.skip("there are no rights to make a namespace here")
    assert convert_with_libreoffice.convert_to_docx(_naming(address)[what], "odt", seconds=200).startswith(
        b"PK"
    )
    assert HEARD == []


@pytest.mark.parametrize("what", ["picture", "object"])
def test_without_a_namespace_it_is_refused_in_words(
    what: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert_with_libreoffice, "find_isolation_command", lambda: None)
    with pytest.raises(Unreadable) as refused:
        convert_with_libreoffice.convert_to_docx(_naming(address)[what], "odt")
    assert refused.value.code == "open.names_outside"
    assert "from outside itself" in refused.value.finding().message
    assert HEARD == []


def test_the_profile_alone_keeps_it_from_asking(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second lock, for what a look at the content does not find."""
    monkeypatch.setattr(convert_with_libreoffice, "find_isolation_command", lambda: None)
    monkeypatch.setattr(convert_with_libreoffice, "names_outside", lambda *_: False)
    assert convert_with_libreoffice.convert_to_docx(
        _naming(address)["picture"], "odt", seconds=200
    ).startswith(b"PK")
    assert HEARD == []


@pytest.mark.parametrize(
    ("data", "kind", "is_outside"),
    [
        (_odt('<text:a xlink:href="https://example.org/">a page</text:a>'), "odt", False),
        (_odt(_FRAME.format('<draw:image xlink:href="Pictures/a.png"/>')), "odt", False),
        (_odt(_FRAME.format('<draw:image xlink:href="&#104;ttp://example.org/a"/>')), "odt", True),
        (_odt(_FRAME.format('<draw:image xlink:href="../a.png"/>')), "odt", True),
        (_odt(_FRAME.format('<draw:image xlink:href="//server/a.png"/>')), "odt", True),
        (rb"{\rtf1 We meet.\par}", "rtf", False),
        (rb"{\rtf1 {\field{\*\fldinst INCLUDEPICTURE a.png}}}", "rtf", True),
        (rb"{\rtf1 {\*\template \'68\'74tp://example.org/a.dot}}", "rtf", True),
        (rb"{\rtf1 \\\\server\\share\\a}", "rtf", True),
        ("a \\\\server\\share".encode("utf-16-le"), "doc", True),
        (b"We meet.", "doc", False),
    ],
)
def test_what_names_something_outside(data: bytes, kind: str, is_outside: bool) -> None:
    assert names_outside(data, kind) is is_outside
