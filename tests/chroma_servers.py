"""A real Chroma server on loopback, to keep vectors on."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

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
