"""A real Chroma server on loopback, to keep vectors on."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from index.errors import VectorsUnavailable
from index.store.chroma_server import ChromaServer

_COMMAND = "from chromadb.cli.cli import app; app()"


@dataclass
class ChromaProcess:
    """`chroma run` over a folder. It can be killed and started again: its collections, and its port, stay the same."""

    folder: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def server(self) -> ChromaServer:
        return ChromaServer(self.url)

    def start(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        run = ("run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port))
        # Its own command is a script that begins like this.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *run], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        connection = self.server.connect(5)
        while True:
            assert self._process.poll() is None, "chroma run ended"
            try:
                connection.answers()
            except VectorsUnavailable:
                continue
            return

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it take connections and answer nothing while the block lasts."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def collections(self) -> set[str]:
        """Return the names of all that it holds."""
        connection = self.server.connect(10)
        return {one.name for one in connection._api.list_collections()}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


class GuardedServer:
    """What stands in front of a Chroma server in earnest: it speaks TLS and asks for a token."""

    def __init__(self, chroma: ChromaProcess, token: str, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        key = folder / "key.pem"
        _certify(self.authority, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, key)

        class Guard(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.headers["Authorization"] != f"Bearer {token}":
                    self.send_error(403)
                    return
                there = HTTPConnection("127.0.0.1", chroma.port)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                there.request(self.command, self.path, body, {"Content-Type": "application/json"})
                answer = there.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  the names are http.server's

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Guard)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _certify(certificate: Path, key: Path) -> None:
    """Write a certificate of localhost that it signed itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
