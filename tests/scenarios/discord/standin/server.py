"""The stand-in itself: one loopback server that speaks Discord's REST and gateway, and remembers what was said.

    async with Standin() as discord:
        docs = discord.guild("Docs")
        ada = discord.user("ada").joins(docs)
        reply = await ada.asks("ask", question="…", at=discord.channel("general", docs))

The bot is pointed here by the two addresses alone; see `pointed_at`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Self, TypeAlias

import discord
import yarl
from aiohttp import web

from tests.scenarios.discord.standin import wire
from tests.scenarios.discord.standin.commands import Commands
from tests.scenarios.discord.standin.errors import ApiError, Json, unauthorized
from tests.scenarios.discord.standin.faults import (
    Buckets,
    Fault,
    Faults,
    Hang,
    Held,
    RateLimit,
    Reset,
    Route,
    Slow,
    Status,
    answer,
    rate_limited,
    reset,
)
from tests.scenarios.discord.standin.gateway import GUILDS, MESSAGE_CONTENT, Gateway
from tests.scenarios.discord.standin.interactions import Interactions
from tests.scenarios.discord.standin.people import Person
from tests.scenarios.discord.standin.posting import Posting
from tests.scenarios.discord.standin.records import Ack, Message, Request, Sync
from tests.scenarios.discord.standin.rest import API, Rest
from tests.scenarios.discord.standin.world import MANAGE_GUILD, TEXT, Channel, Clock, Guild, Role, World

TOKEN = "MTA0NTYxNjQ3NDg4NzAxNDQ5MQ.GqX1Zc.not-a-real-token-0123456789abcdefghij"
Handler: TypeAlias = Callable[[web.Request, Json, dict[int, bytes]], Awaitable[web.Response]]
UPLOAD = re.compile(r"files\[(\d+)\]")
OPEN = (Route.CALLBACK, Route.FOLLOWUP, Route.EDIT_ORIGINAL, Route.GET_ORIGINAL, Route.DELETE_ORIGINAL, Route.FILE)


class Standin:
    """Discord, as far as a bot can tell."""

    def __init__(self, *, message_content: bool = True, shards: int = 1) -> None:
        self.token = TOKEN
        self.shards = shards
        self.clock = Clock()
        self.world = World(self.clock)
        self.owner = self.world.add_user("owner")
        self.gateway = Gateway(self.world, self.changed)
        self.gateway.token = TOKEN
        if not message_content:
            self.gateway.intents_allowed &= ~MESSAGE_CONTENT
        self.posting = Posting(self.world, self.gateway, self.changed)
        self.interactions = Interactions(self.posting, self.changed)
        self.commands = Commands(self.world)
        self.rest = Rest(self)
        self.faults, self.buckets = Faults(), Buckets()
        self.requests: list[Request] = []
        self.typings: list[int] = []
        self.address = self.gateway_address = ""
        self._waiting: dict[asyncio.Future[None], Callable[[], object]] = {}
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_routes(self.rest.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=4096)
        await site.start()
        port = self._runner.addresses[0][1]
        self.posting.base = f"http://127.0.0.1:{port}"
        self.address = self.posting.base + API
        self.gateway_address = self.gateway.address = f"ws://127.0.0.1:{port}/gateway/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    @contextlib.contextmanager
    def pointed_at(self) -> Iterator[None]:
        """Let discord.py in this process talk to the stand-in: the two addresses, and nothing else."""
        route, gateway = discord.http.Route, discord.gateway.DiscordWebSocket
        before = route.BASE, gateway.DEFAULT_GATEWAY
        route.BASE, gateway.DEFAULT_GATEWAY = self.address, yarl.URL(self.gateway_address)
        try:
            yield
        finally:
            route.BASE, gateway.DEFAULT_GATEWAY = before

    # Setting the scene.

    def guild(self, name: str = "Docs", *, locale: str = "en-US", joined: bool = True) -> Guild:
        return self.world.add_guild(name, locale=locale, joined=joined)

    def channel(
        self, name: str, guild: Guild, *, kind: int = TEXT, denied: int = 0, only_for: tuple[Role, ...] = ()
    ) -> Channel:
        channel = self.world.add_channel(name, guild, kind=kind, denied=denied, only_for=only_for)
        self.gateway.dispatch("CHANNEL_CREATE", wire.channel_json(channel, self.world), guild=guild, intent=GUILDS)
        return channel

    def role(self, name: str, guild: Guild, permissions: int = 0) -> Role:
        role = Role(self.world.snowflake(), name, permissions)
        guild.roles[role.id] = role
        body = {"guild_id": str(guild.id), "role": wire.role_json(role, len(guild.roles))}
        self.gateway.dispatch("GUILD_ROLE_CREATE", body, guild=guild, intent=GUILDS)
        return role

    def admins(self, guild: Guild) -> Role:
        """Return a new role that may manage the server."""
        return self.role("Admins", guild, MANAGE_GUILD)

    def join(self, guild: Guild) -> None:
        """Let the bot join a guild while it runs."""
        guild.joined = True
        guild.members[self.world.bot.id] = ()
        self.gateway.dispatch("GUILD_CREATE", wire.guild_json(guild, self.world), guild=guild)

    def leave(self, guild: Guild) -> None:
        """Let the bot be removed from a guild."""
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild=guild)
        guild.joined = False

    def robot(self, name: str) -> Person:
        """Return an account that another bot writes with."""
        return Person(self, self.world.add_user(name, bot=True))

    def user(self, name: str, *, locale: str = "en-US") -> Person:
        return Person(self, self.world.add_user(name, locale=locale))

    # What goes wrong.

    def fail(
        self, route: Route, fault: Fault, *, times: int = 1, when: Callable[[Json], bool] = lambda body: True
    ) -> None:
        """Let the next `times` requests on a route (whose body passes `when`) fail."""
        self.faults.plan(route, fault, times, when)

    def limit(self, route: Route, requests: int, seconds: float) -> None:
        """Set a rate limit for each resource of a route."""
        self.buckets.limits[route] = (requests, seconds)

    # What happened.

    @property
    def acks(self) -> list[Ack]:
        return self.interactions.acks

    @property
    def syncs(self) -> list[Sync]:
        return self.commands.syncs

    @property
    def refusals(self) -> list[Request]:
        """The requests that Discord would have refused: a bot that behaves has none."""
        return [request for request in self.requests if 400 <= request.status < 500 and request.status != 429]

    @property
    def pinged(self) -> list[Message]:
        """The bot's messages that notify anybody."""
        everything = [*self.world.messages.values(), *self.world.deleted]
        return [each for each in everything if each.author_id == self.world.bot.id and each.pings]

    def messages(self, channel: Channel) -> list[Message]:
        """Return the bot's messages in a channel that everyone can read."""
        return [each for each in self.world.history(channel.id) if each.author_id == self.world.bot.id]

    def requested(self, route: Route) -> list[Request]:
        return [request for request in self.requests if request.route == route]

    def changed(self) -> None:
        """Something happened: wake those whose condition now holds."""
        for future, holds in list(self._waiting.items()):
            if not future.done() and holds():
                future.set_result(None)

    def changed_from_a_thread(self) -> Callable[[], None]:
        """Return what a thread calls when something happened that somebody may wait for."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            loop.call_soon_threadsafe(self.changed)

        return tell

    async def quiet(self, seconds: float = 0.3) -> None:
        """Wait until no request has come for so long: for what must not happen there is no event to wait for."""
        seen = -1
        while seen != len(self.requests):
            seen = len(self.requests)
            await asyncio.sleep(seconds)

    async def until(self, holds: Callable[[], object], within: float = 10.0, what: str = "") -> None:
        """Wait until a condition holds. It is looked at whenever something happens, never by the clock."""
        if holds():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = holds
        try:
            async with asyncio.timeout(within):
                await future
        except TimeoutError:
            last = "\n".join(f"  {each.route} {each.status} {each.code}" for each in self.requests[-8:])
            raise AssertionError(
                f"waited {within} s for {what or 'something'}; the last requests were\n{last}"
            ) from None
        finally:
            del self._waiting[future]

    # Serving.

    def served(self, route: Route, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Wrap a handler: the token, the rate limits, the faults, the errors and the record."""

        async def serve(request: web.Request) -> web.StreamResponse:
            body, files = await read_body(request)
            fault = self.faults.next(route, body)
            response, code, details = await self._answer(route, handler, request, body, files, fault)
            cut = isinstance(fault, Reset | Hang)
            status = 0 if cut else response.status
            self.requests.append(
                Request(time.monotonic(), route, request.method, request.path, status, code, body, details)
            )
            self.changed()
            if isinstance(fault, Reset):
                reset(request.transport)
            elif isinstance(fault, Hang):
                await self._released.wait()
            return response

        return serve

    async def _answer(
        self,
        route: Route,
        handler: Handler,
        request: web.Request,
        body: Json,
        files: dict[int, bytes],
        fault: Fault | None,
    ) -> tuple[web.Response, int | None, Json | None]:
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        if isinstance(fault, Held):
            fault.taken.set()
            self.changed()
            await fault.released.wait()
        if isinstance(fault, RateLimit):
            return rate_limited(fault), None, None
        if isinstance(fault, Status | Reset | Hang) and not fault.after:
            return answer(fault.body if isinstance(fault, Status) else {}, _status(fault)), None, None
        resource = request.match_info.get("token") or request.match_info.get("channel") or ""
        headers, wait = self.buckets.spend(route, resource)
        if wait:
            return rate_limited(RateLimit(wait)), None, None
        try:
            if route not in OPEN and request.headers.get("Authorization") != f"Bot {self.token}":
                raise unauthorized()
            response = await handler(request, body, files)
        except ApiError as error:
            return answer(error.body(), error.status, headers), error.code, error.errors
        if isinstance(fault, Status):
            return answer(fault.body, fault.status), None, None
        response.headers.update(headers)
        return response, None, None


def _status(fault: Fault) -> int:
    return fault.status if isinstance(fault, Status) else 500


async def read_body(request: web.Request) -> tuple[Json, dict[int, bytes]]:
    """Read a JSON body (a list under ""), or reference#uploading-files: `payload_json` with files beside it."""
    files: dict[int, bytes] = {}
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        for name, value in form.items():
            found = UPLOAD.fullmatch(name)
            if found and isinstance(value, web.FileField):
                files[int(found[1])] = value.file.read()
        body: Json = json.loads(str(form.get("payload_json", "{}")))
        return body, files
    if request.can_read_body and request.content_type == "application/json":
        read = await request.json()
        return (read if isinstance(read, dict) else {"": read}), files
    return {}, files
