"""A web site on loopback, whose pages do whatever a test wants them to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from index.sources.web.address import PrivateHosts


@dataclass
class Answer:
    """What one path answers. A `slow` one sends its body a byte at a time until the site closes."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    slow: bool = False


@dataclass
class Site:
    """Its pages by path, and who asked for what with which headers."""

    port: int = 0
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0
    closing: Event = field(default_factory=Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def hosts(self) -> PrivateHosts:
        return PrivateHosts(frozenset({self.host}))

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, besides the rules for robots."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def at(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def put(self, path: str, body: bytes | str, media_type: str = "text/html", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Answer(body, headers={"Content-Type": media_type, **named})

    def page(self, path: str, text: str, **headers: str) -> None:
        self.put(path, f"<!doctype html><title>{path[1:]}</title><body><main><p>{text}</p></main></body>", **headers)

    def redirect(self, path: str, to: str) -> None:
        self.pages[path] = Answer(status=302, headers={"Location": to})


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            site.connections += 1
            super().setup()

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path, Answer(status=404))
            etag = page.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                page = Answer(status=304, headers={"ETag": etag})
            body = page.body.encode() if isinstance(page.body, str) else page.body
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "1000000" if page.slow else str(len(body)))
            self.end_headers()
            if not page.slow:
                self.wfile.write(body)
                return
            while not site.closing.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        server.server_close()


def http_date(seconds: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))
