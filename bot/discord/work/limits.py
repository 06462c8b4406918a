"""Limits: how often one person or one guild may ask, and how many questions wait at one time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from index.errors import FootnoteError

QUEUE_LENGTH = 1_000
_REMEMBERED = 10_000


class Busy(FootnoteError):
    """More questions wait than the queue holds: `waiting` of them."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} questions are waiting already")
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and then so many a minute."""

    at_once: float
    a_minute: float


class Buckets:
    """A token bucket for each key: full at first, refilled steadily; the least recently used are forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def wait(self, key: int) -> float:
        """Return the seconds until `key` may go ahead; 0 when it may now."""
        return max(0.0, (1 - self._level(key)) * 60 / self._rate.a_minute)

    def take(self, key: int) -> None:
        """Take one from the bucket of `key`."""
        self._levels[key] = (self._level(key) - 1, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > _REMEMBERED:
            self._levels.popitem(last=False)

    def _level(self, key: int) -> float:
        level, at = self._levels.get(key, (self._rate.at_once, self._clock()))
        return min(self._rate.at_once, level + (self._clock() - at) * self._rate.a_minute / 60)


class Allowance:
    """How often people and guilds may ask; `refused` counts those who asked more often."""

    def __init__(self, person: Rate, guild: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._people = Buckets(person, clock)
        self._guilds = Buckets(guild, clock)
        self.refused = 0

    def wait(self, person: int, guild: int | None) -> float:
        """Return the seconds until this person may ask; 0 when they may now."""
        return max(self._people.wait(person), 0.0 if guild is None else self._guilds.wait(guild))

    def ask(self, person: int, guild: int | None) -> float:
        """Count the question and give 0, or count nothing and give the seconds to wait."""
        wait = self.wait(person, guild)
        if wait:
            self.refused += 1
            return wait
        self._people.take(person)
        if guild is not None:
            self._guilds.take(guild)
        return 0.0


class Queue:
    """A bounded queue in front of `places` that work at one time; first come, first served.

    Who waits longer than `patience` seconds is told the position. `refused` counts those for whom it was full.
    """

    def __init__(self, places: int, length: int, patience: float = 1.0) -> None:
        self.refused = 0
        self._places = self._free = places
        self._length = length
        self._patience = patience
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @property
    def working(self) -> int:
        """How many hold a place."""
        return self._places - self._free

    @asynccontextmanager
    async def turn(self, wait: Callable[[int], Awaitable[None]]) -> AsyncIterator[None]:
        """Hold a place while the block runs. Who has to wait for it is told the position in the queue by `wait`.

        Raises Busy when the queue is full.
        """
        if self._free:
            self._free -= 1
        else:
            await self._line_up(wait)
        try:
            yield
        finally:
            self._pass_on()

    async def _line_up(self, wait: Callable[[int], Awaitable[None]]) -> None:
        if len(self._waiting) >= self._length:
            self.refused += 1
            raise Busy(self._length)
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            served, _ = await asyncio.wait([place], timeout=self._patience)
            if not served:
                await wait(self._waiting.index(place) + 1)
            await place
        except BaseException:
            if place.done() and not place.cancelled():
                self._pass_on()  # the place came at the moment of leaving
            elif place in self._waiting:
                self._waiting.remove(place)
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How often people may ask, how many questions are worked on at one time, and the seconds that each may take.

    A person's rate keeps one person from taking all places. A guild's is there against a flood from many accounts: it
    holds as many as the queue, so that a crowd that asks at once waits in it, and nobody of it is sent away.
    """

    allowance: Allowance = field(default_factory=lambda: Allowance(Rate(5, 10), Rate(QUEUE_LENGTH, 600)))
    queue: Queue = field(default_factory=lambda: Queue(places=2, length=QUEUE_LENGTH))
    deadline: float = 60.0
