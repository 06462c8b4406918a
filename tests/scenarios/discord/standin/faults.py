"""What goes wrong on demand, and Discord's own rate limits: topics/rate-limits.

Discord's 429 carries `Via` and a JSON body; one that has neither comes from the CDN and means a ban.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from tests.scenarios.discord.standin.errors import Json


class Route(StrEnum):
    """The routes by what they are for: faults and assertions name them so."""

    LOGIN = "login"
    APPLICATION = "application"
    GATEWAY = "gateway"
    COMMANDS = "commands"
    SYNC = "sync"
    CALLBACK = "callback"
    FOLLOWUP = "followup"
    EDIT_ORIGINAL = "edit original"
    GET_ORIGINAL = "get original"
    DELETE_ORIGINAL = "delete original"
    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    FETCH = "fetch"
    HISTORY = "history"
    TYPING = "typing"
    REACTION = "reaction"
    THREAD = "thread"
    CHANNEL = "channel"
    GUILD = "guild"
    USER = "user"
    FILE = "file"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Status:
    """An answer with this status, `after` the work was done or instead of it."""

    status: int
    after: bool = False
    body: Json = field(default_factory=lambda: {"message": "upstream connect error", "code": 0})


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A 429: `via` tells Discord's own from the CDN's, which speaks no JSON; `everywhere` is the global limit."""

    retry_after: float = 0.2
    via: bool = True
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """A TCP reset, `after` the work was done or instead of it."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """An answer that takes its time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that is kept back, from the moment the request is there (`taken`) until the test sets `released`."""

    taken: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer at all, until the client gives up or the stand-in closes. `after`: the work was done."""

    after: bool = False


Fault = Status | RateLimit | Reset | Slow | Held | Hang


@dataclass(slots=True)
class _Planned:
    fault: Fault
    times: int
    when: Callable[[Json], bool]


class Faults:
    """The faults that are planned for each route, first come, first served."""

    def __init__(self) -> None:
        self._planned: dict[Route, list[_Planned]] = {}

    def plan(self, route: Route, fault: Fault, times: int, when: Callable[[Json], bool]) -> None:
        self._planned.setdefault(route, []).append(_Planned(fault, times, when))

    def next(self, route: Route, body: Json) -> Fault | None:
        for planned in self._planned.get(route, ()):
            if planned.times and planned.when(body):
                planned.times -= 1
                return planned.fault
        return None


def rate_limited(fault: RateLimit) -> web.Response:
    if not fault.via:
        text = "<html><title>Access denied | discord.com used Cloudflare to restrict access</title></html>"
        return web.Response(status=429, text=text, content_type="text/html")
    body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": fault.everywhere}
    headers = {
        "Via": "1.1 google",
        "Retry-After": str(int(fault.retry_after) + 1),
        "X-RateLimit-Scope": "global" if fault.everywhere else "user",
    }
    return answer(body, 429, headers)


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Discord's JSON answers say `application/json` and no charset; discord.py takes anything else for text."""
    raw = json.dumps(body).encode()
    return web.Response(status=status, body=raw, headers={"Content-Type": "application/json", **(headers or {})})


def reset(transport: asyncio.BaseTransport | None) -> None:
    """End a connection with RST: the other side reads ECONNRESET."""
    if isinstance(transport, asyncio.WriteTransport):
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class Buckets:
    """Rate limits of so many requests in so many seconds for each route and resource, told in headers and enforced."""

    def __init__(self) -> None:
        self.limits: dict[Route, tuple[int, float]] = {}
        self._windows: dict[tuple[Route, str], tuple[float, int]] = {}

    def spend(self, route: Route, resource: str) -> tuple[dict[str, str], float]:
        """Count one request; return the headers of its answer, and how long to wait where it was one too many."""
        most, seconds = self.limits.get(route, (100, 1.0))
        now = time.monotonic()
        start, spent = self._windows.get((route, resource), (now, 0))
        if now - start >= seconds:
            start, spent = now, 0
        left = start + seconds - now
        self._windows[route, resource] = (start, spent + 1)
        headers = {
            "X-RateLimit-Bucket": f"{abs(hash(route)):x}",
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - spent - 1)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }
        return headers, left if spent >= most else 0.0
