"""The gateway: events/gateway (sessions, resuming, intents) and topics/opcodes-and-status-codes#gateway.

Events go out as plain text: discord.py asks for compression but reads either. A session keeps every event, so that a
RESUME replays what was missed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.scenarios.discord.standin import wire
from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.faults import reset
from tests.scenarios.discord.standin.records import Identify, Presence, Resume
from tests.scenarios.discord.standin.world import Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    6,
    7,
    8,
    9,
    10,
    11,
)
GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
ALL_INTENTS = (1 << 26) - 1
DECODE_ERROR, AUTHENTICATION_FAILED, RATE_LIMITED, INVALID_INTENTS, DISALLOWED_INTENTS = 4002, 4004, 4008, 4013, 4014


@dataclass(slots=True)
class Session:
    """What lives on when a connection drops: the events sent so far, and what the bot asked for."""

    id: str
    intents: int
    shard: tuple[int, int]
    events: list[Json] = field(default_factory=list)
    line: Line | None = None


class Line:
    """One connection. Whatever is put on it goes out in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket, self.request = socket, request
        self.received: deque[float] = deque()
        self.closed_with = 0
        self._queue: asyncio.Queue[Json] = asyncio.Queue()

    def put(self, payload: Json) -> None:
        self._queue.put_nowait(payload)

    async def send(self) -> None:
        """Send what is put on the line until it is closed from either end."""
        while True:
            payload = await self._queue.get()
            if payload["op"] in ("close", "end"):
                break
            try:
                await self.socket.send_str(json.dumps(payload))
            except ConnectionError:
                break
        self.closed_with = payload["d"] if payload["op"] == "close" else 0


class Gateway:
    """Sessions and connections. `intents_allowed` is what the developer portal has switched on."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.world, self.changed = world, changed
        self.token = ""
        self.address = ""
        self.intents_allowed = ALL_INTENTS & ~(GUILD_MEMBERS | GUILD_PRESENCES)
        self.heartbeat_interval = 41.25
        self.answer_heartbeats = True
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Identify] = []
        self.resumes: list[Resume] = []
        self.presences: list[Presence] = []
        self.heartbeats = 0
        self.closes: list[int] = []
        self._refusals: deque[int] = deque()

    # What a test does to it.

    @property
    def lines(self) -> list[Line]:
        return [session.line for session in self.sessions.values() if session.line is not None]

    @property
    def connected(self) -> bool:
        return bool(self.lines)

    def drop(self) -> None:
        """Cut every connection as a broken network does."""
        for session in self.sessions.values():
            if session.line is not None:
                reset(session.line.request.transport)
                session.line = None

    def close(self, code: int) -> None:
        """Close every connection with a code."""
        for line in self.lines:
            line.put({"op": "close", "d": code})

    def ask_to_reconnect(self) -> None:
        for line in self.lines:
            line.put({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Opcode 9; unless `resumable`, the sessions are gone."""
        for session in list(self.sessions.values()):
            if session.line is not None:
                session.line.put({"op": INVALID, "d": resumable})
            if not resumable:
                del self.sessions[session.id]

    def forget_sessions(self) -> None:
        """Drop every connection and refuse to resume: what a long outage looks like."""
        self.drop()
        self.sessions.clear()

    def refuse_next(self, code: int, times: int = 1) -> None:
        """Close the next connections as soon as they identify or resume."""
        self._refusals.extend([code] * times)

    def dispatch(
        self, event: str, data: Json, *, guild: Guild | None = None, intent: int = 0, without: int = 0
    ) -> None:
        """Send an event to the shard of its guild, connected or not, if the session asked for that kind."""
        if guild is not None and not guild.joined and event != "INTERACTION_CREATE":
            return
        for session in self.sessions.values():
            number, count = session.shard
            mine = ((guild.id >> 22) % count if guild else 0) == number
            if mine and session.intents & intent == intent and not session.intents & without:
                self._send(session, event, data)

    # What the bot does to it.

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = Line(socket, request)
        line.put({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)}})
        listening = asyncio.create_task(self._listen(line))
        await line.send()
        listening.cancel()
        await asyncio.wait([listening])
        if line.closed_with:
            await socket.close(code=line.closed_with)
        self._left(line, socket.close_code or 1006)
        return socket

    async def _listen(self, line: Line) -> None:
        async for message in line.socket:
            if message.type is WSMsgType.TEXT:
                self._receive(line, message.data)
        line.put({"op": "end"})

    def _receive(self, line: Line, raw: str) -> None:
        now = time.monotonic()
        line.received.append(now)
        while line.received[0] < now - 60:
            line.received.popleft()
        if len(raw.encode()) > 4096:
            return line.put({"op": "close", "d": DECODE_ERROR})
        if len(line.received) > 120:
            return line.put({"op": "close", "d": RATE_LIMITED})
        payload: Json = json.loads(raw)
        data: Any = payload.get("d")
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                if self.answer_heartbeats:
                    line.put({"op": ACK, "d": None})
            case 2:
                self._identify(line, data)
            case 3:
                self._present(data)
            case 6:
                self._resume(line, data)
            case 8:
                self._members(line, data)
        self.changed()
        return None

    def _refused(self, line: Line, token: str) -> bool:
        code = self._refusals.popleft() if self._refusals else 0
        if not code and token != self.token:
            code = AUTHENTICATION_FAILED
        if code:
            line.put({"op": "close", "d": code})
        return bool(code)

    def _identify(self, line: Line, data: Json) -> None:
        if self._refused(line, data["token"]):
            return None
        intents = data["intents"]
        if intents & ~ALL_INTENTS:
            return line.put({"op": "close", "d": INVALID_INTENTS})
        if intents & ~self.intents_allowed & (GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT):
            return line.put({"op": "close", "d": DISALLOWED_INTENTS})
        number, count = data.get("shard") or (0, 1)
        session = Session(f"{self.world.snowflake():x}", intents, (number, count), line=line)
        self.sessions[session.id] = session
        self.identifies.append(Identify(session.id, intents, session.shard))
        if data.get("presence"):
            self._present(data["presence"])
        guilds = [each for each in self.world.guilds.values() if each.joined and (each.id >> 22) % count == number]
        self._send(
            session,
            "READY",
            {
                "v": 10,
                "user": wire.user_json(self.world.bot),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.address,
                "shard": [number, count],
                "application": {"id": str(self.world.bot.id), "flags": 0},
            },
        )
        if intents & GUILDS:
            for guild in guilds:
                self._send(session, "GUILD_CREATE", wire.guild_json(guild, self.world))
        return None

    def _resume(self, line: Line, data: Json) -> None:
        if self._refused(line, data["token"]):
            return
        session = self.sessions.get(data["session_id"])
        if session is None:
            self.resumes.append(Resume(data["session_id"], accepted=False, replayed=0))
            line.put({"op": INVALID, "d": False})
            return
        session.line = line
        missed = [event for event in session.events if event["s"] > (data["seq"] or 0)]
        self.resumes.append(Resume(session.id, accepted=True, replayed=len(missed)))
        for event in missed:
            line.put(event)
        self._send(session, "RESUMED", {})

    def _present(self, data: Json) -> None:
        activities = data.get("activities") or ([data["game"]] if data.get("game") else [])
        first: Json = activities[0] if activities else {}
        self.presences.append(Presence(data.get("status") or "online", first.get("state") or first.get("name") or ""))

    def _members(self, line: Line, data: Json) -> None:
        """Opcode 8: without the members intent only the bot itself can be asked for; enough for a lookup by id."""
        guild = self.world.guilds[int(data["guild_id"])]
        wanted = {int(user) for user in data.get("user_ids") or ()} or {self.world.bot.id}
        members = [
            wire.member_json(guild, self.world.users[each]) | {"user": wire.user_json(self.world.users[each])}
            for each in guild.members
            if each in wanted
        ]
        chunk = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1}
        for session in self.sessions.values():
            if session.line is line:
                self._send(session, "GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})

    def _send(self, session: Session, event: str, data: Json) -> None:
        payload = {"op": DISPATCH, "s": len(session.events) + 1, "t": event, "d": data}
        session.events.append(payload)
        if session.line is not None:
            session.line.put(payload)

    def _left(self, line: Line, code: int) -> None:
        """End the session if the client closed with 1000 or 1001; from any other end it can resume."""
        self.closes.append(code)
        for session in list(self.sessions.values()):
            if session.line is line:
                session.line = None
                if code in (1000, 1001):
                    del self.sessions[session.id]
        self.changed()
