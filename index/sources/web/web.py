"""The web: one address is asked for within bounds, by way of every redirect, as its server wishes to be asked."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from protego import Protego
from yarl import URL

from index.sources.web.address import AddressRefused, IPAddress, PrivateHosts, is_public, number, parse
from index.sources.web.answers import Answer, NoPage, NotFetched, NotModified, Page
from index.sources.web.validators import NEVER_SEEN, Validators

Lookup = Callable[[str, int], Awaitable[list[str]]]

LARGEST = 20 * 2**20
_LARGEST_ROBOTS = 500 * 1024  # RFC 9309, 2.5
_SECONDS = 30.0
_SECONDS_TO_FIND = 10.0
_MOST_REDIRECTS = 5
_AT_ONE_TIME, _AT_ONE_HOST = 8, 2
_CHUNK = 64 * 1024
# How long a host is left alone that asks for it without saying how long, and at the most.
_PAUSE, _LONGEST_PAUSE = 300.0, 24 * 3600.0
_LONGEST_DELAY = 30.0
_AGENT = f"Footnote/{version('footnote')} (reads documents for the community that runs it)"
_NAME = "footnote"
_GONE = (404, 410)
_BUSY = (429, 503)


@dataclass(slots=True)
class Quiet:
    """Until when each host asked to be left alone, in seconds since 1970."""

    until: dict[str, float] = field(default_factory=dict)

    def keep(self, host: str, retry_after: str | None) -> None:
        """Leave a host alone for as long as its `Retry-After` says (RFC 9110, 10.2.3)."""
        self.until[host] = time.time() + min(_LONGEST_PAUSE, max(1.0, _seconds(retry_after)))

    def reason(self, host: str) -> str | None:
        """Return why a host is not asked now, None where it may be."""
        left = self.until.get(host, 0.0) - time.time()
        return f"{host} asks to be left alone for {left:.0f} s" if left > 0 else None


class Web:
    """What fetches pages, for as long as it is entered.

    `private` are the hosts inside that may be asked; `quiet` outlives it, so that a pause is kept by the next one;
    `lookup` gives the numbers of a host.
    """

    def __init__(self, private: PrivateHosts, quiet: Quiet, lookup: Lookup | None = None) -> None:
        self._resolver = _Resolver(private, lookup or _numbers)
        self._private = private
        self._quiet = quiet
        self._robots: dict[str, asyncio.Task[Protego | NotFetched]] = {}
        self._next: dict[str, float] = {}
        self._everywhere = asyncio.Semaphore(_AT_ONE_TIME)
        self._at_host: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONE_HOST))
        self._open = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(resolver=self._resolver, socket_factory=self._resolver.socket)
        self._session = await self._open.enter_async_context(
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": _AGENT},
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                trust_env=False,
            )
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._robots.values():
            task.cancel()
        await self._open.aclose()

    async def get(
        self,
        address: str,
        wanted: Callable[[str, str], object],
        since: Validators = NEVER_SEEN,
        largest: int = LARGEST,
    ) -> Answer:
        """Ask for an address; a page whose media type and path are not `wanted` is not downloaded.

        `since` are the validators of the page that is kept, so that one that did not change is not sent again.
        """
        try:
            url = parse(address)
            for _ in range(_MOST_REDIRECTS + 1):
                refused = await self._not_allowed(url)
                if refused is not None:
                    return refused
                answer = await self._ask(url, wanted, since, largest)
                if not isinstance(answer, URL):
                    return answer
                url = parse(str(url.join(answer)))
        except AddressRefused as error:
            return NotFetched(str(error))
        except TimeoutError:
            return NotFetched(f"did not answer within {_SECONDS:.0f} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return NotFetched(_why(error))
        return NotFetched(f"redirects more than {_MOST_REDIRECTS} times")

    async def numbers(self, host: str, port: int) -> list[str]:
        """Return the numbers of a host, every one of them checked. Raises AddressRefused and OSError."""
        return await self._resolver.checked(host, port)

    async def _not_allowed(self, url: URL) -> NotFetched | None:
        """Return why robots.txt keeps an address from us, None where it does not."""
        origin = str(url.origin())
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._robots_of(url))
        robots = await asyncio.shield(self._robots[origin])
        if isinstance(robots, NotFetched):
            return robots
        if not robots.can_fetch(str(url), _NAME):
            return NotFetched(f"the robots.txt of {url.host} asks not to read it")
        delay = robots.crawl_delay(_NAME)
        if delay:
            await self._wait_for_a_turn(origin, min(float(delay), _LONGEST_DELAY))
        return None

    async def _robots_of(self, url: URL) -> Protego | NotFetched:
        """Return the rules of a host; where it cannot give them they are unknown, and nothing is asked (RFC 9309)."""
        place = url.origin().with_path("/robots.txt")
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._ask(place, lambda *_: True, NEVER_SEEN, _LARGEST_ROBOTS)
            if isinstance(answer, URL):
                place = parse(str(place.join(answer)))
            elif isinstance(answer, Page):
                return Protego.parse(answer.data.decode(errors="replace"))
            elif isinstance(answer, NotFetched) and not 400 <= (answer.status or 0) < 429:
                return NotFetched(f"its robots.txt: {answer.reason}")
            else:
                break
        return Protego.parse("")

    async def _wait_for_a_turn(self, origin: str, delay: float) -> None:
        now = time.monotonic()
        turn = max(now, self._next.get(origin, 0.0))
        self._next[origin] = turn + delay
        await asyncio.sleep(turn - now)

    async def _ask(
        self, url: URL, wanted: Callable[[str, str], object], since: Validators, largest: int
    ) -> Answer | URL:
        """Ask once. Returns where a redirect leads as an address."""
        assert self._session is not None
        host = str(url.host)
        if (reason := self._quiet.reason(host)) is not None:
            return NotFetched(reason)
        self._resolver.refuse_number(host, url.port or 0)
        headers = {"If-None-Match": since.etag, "If-Modified-Since": since.modified}
        async with (
            self._everywhere,
            self._at_host[host],
            self._session.get(
                url, allow_redirects=False, headers={name: value for name, value in headers.items() if value}
            ) as answer,
        ):
            if answer.status in _BUSY:
                self._quiet.keep(host, answer.headers.get("Retry-After"))
                return NotFetched(str(self._quiet.reason(host)))
            if answer.status == 304:
                return NotModified()
            if 300 <= answer.status < 400 and "Location" in answer.headers:
                return URL(answer.headers["Location"])
            if answer.status in _GONE:
                return NoPage(f"there is no such page ({answer.status})")
            if answer.status != 200:
                return NotFetched(f"the server answers {answer.status}", answer.status)
            if not wanted(answer.content_type, url.path):
                return NotFetched(f"{answer.content_type} is not read")
            return await _page(url, answer, largest)


async def _page(url: URL, answer: aiohttp.ClientResponse, largest: int) -> Page | NotFetched:
    data = bytearray()
    # Counted as they come out of their compression, since a small answer may hold a huge one.
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > largest:
            return NotFetched(f"larger than {largest / 2**20:.1f} MB")
    validators = Validators(answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
    return Page(str(url), bytes(data), answer.content_type, answer.charset, validators)


async def refuse(address: str, private: PrivateHosts) -> None:
    """Raise AddressRefused, with the reason, for an address that is never asked for.

    A host that cannot be found just now is none that is refused.
    """
    url = parse(address)
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_FIND):
            await _Resolver(private, _numbers).checked(url.host or "", url.port or 0)


class _Resolver(AbstractResolver):
    """Gives the numbers of a host, and a socket for each, only where they may be connected to."""

    def __init__(self, private: PrivateHosts, lookup: Lookup) -> None:
        self._private = private
        self._lookup = lookup
        self._known: set[IPAddress] = set()

    async def checked(self, host: str, port: int) -> list[str]:
        found = [str(number(host))] if number(host) else await self._lookup(host, port)
        self._check(host, port, found)
        return found

    def refuse_number(self, host: str, port: int) -> None:
        """Check a host that is a number: there is nothing to resolve. Raises AddressRefused."""
        if number(host) is not None:
            self._check(host, port, [host])

    def _check(self, host: str, port: int, found: list[str]) -> None:
        numbers = [number(one) for one in found]
        if not self._private.allow(host.rstrip("."), port) and not all(one and is_public(one) for one in numbers):
            raise AddressRefused(
                f"{host} is not a public host: where it is meant to be read, name it in FOOTNOTE_PRIVATE_HOSTS"
            )
        self._known.update(one for one in numbers if one)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in await self.checked(host, port)
        ]

    def socket(self, place: tuple[Any, ...]) -> socket.socket:
        """Make the socket of a connection: the last place at which an address that nobody checked is stopped."""
        family, kind, protocol, _, target = place
        if number(str(target[0])) not in self._known:
            raise OSError(f"{target[0]} was not checked")
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing is held."""


async def _numbers(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _seconds(retry_after: str | None) -> float:
    if retry_after is None:
        return _PAUSE
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", retry_after):
        return float(retry_after)
    try:
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    except ValueError:
        return _PAUSE


def _why(error: Exception) -> str:
    """Return in one line why there was no answer."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not trusted"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "there is no such host"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"it cannot be connected to ({error.os_error.strerror or 'no reason given'})"
    return f"the connection failed ({type(error).__name__})"
