"""A chat model on loopback that speaks OpenAI's protocol, streaming or not, and says what a script tells it.

    with ChatServer([Fail(429), Say("Nine hives.")]) as server:
        open_chat("openai:any", server.url, None, seconds=5)

Each reply answers one request; the last one answers all that follow. A script may be a function of the request instead:
the keys of passages, say, stand nowhere but in the prompt.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

from aiohttp import web

from tests.scenarios.discord.standin.faults import reset

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")

PATIENCE = 30.0
PIECE = 7


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it came."""

    body: Json
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[Json]:
        return list(self.body["messages"])

    @property
    def prompt(self) -> str:
        """The text of all messages, one after the other."""
        return "\n\n".join(str(message["content"]) for message in self.messages)

    @property
    def form(self) -> Json | None:
        """The JSON schema that the reply is to have, if one was given."""
        given = self.body.get("response_format")
        return given["json_schema"]["schema"] if given else None


@dataclass(frozen=True, slots=True)
class Say:
    """A whole reply. `finish` is the reason that is given for its end."""

    text: str
    finish: str = "stop"


@dataclass(frozen=True, slots=True)
class SayWith:
    """A whole reply that is made of the request."""

    write: Callable[[Request], str]


@dataclass(frozen=True, slots=True)
class CutOff:
    """A reply that ends where the tokens did."""

    text: str


@dataclass(frozen=True, slots=True)
class Empty:
    """A reply that says nothing."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """A refusal, as OpenAI puts it where a form was asked for, and as a content filter does where not."""

    text: str = "I cannot help with that."


@dataclass(frozen=True, slots=True)
class Stall:
    """Says `first`, if anything, then nothing until the server is released, then `rest`."""

    first: str = ""
    rest: str = "At last."


@dataclass(frozen=True, slots=True)
class Endless:
    """Says the same again and again until nobody listens any more."""

    text: str = "and so on "


@dataclass(frozen=True, slots=True)
class Drop:
    """Resets the connection behind some text."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something in the place of a piece of a reply that is no JSON."""

    text: str = "<html>502</html>"


@dataclass(frozen=True, slots=True)
class Fail:
    """An error in the place of a reply."""

    status: int
    message: str = "this is an error"
    headers: Mapping[str, str] = field(default_factory=dict)


Scripted: TypeAlias = Say | SayWith | CutOff | Empty | Refuse | Stall | Endless | Drop | Garbage | Fail
Script: TypeAlias = Sequence[Scripted] | Callable[[Request], Scripted]


class ChatServer:
    """A server that runs in a thread of its own; `requests` are those that came, in their order.

    With `repeats_role` it says in every piece of a reply whose it is, as Ollama does.
    """

    def __init__(self, script: Script, *, repeats_role: bool = False) -> None:
        self.requests: list[Request] = []
        self.url = ""
        self._script = script
        self._role = {"role": "assistant"} if repeats_role else {}
        self._hung_up = Event()
        self._asked = Event()
        self._released = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="chat server", daemon=True)
        self._runner: web.AppRunner | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def release(self) -> None:
        """Let whatever stalls go on."""
        self._loop.call_soon_threadsafe(self._released.set)

    def was_asked(self) -> bool:
        """Wait for a request, and return whether one came."""
        return self._asked.wait(PATIENCE)

    def was_hung_up_on(self) -> bool:
        """Wait for a client to close its connection before it had the whole reply, and return whether one did."""
        return self._hung_up.wait(PATIENCE)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _open(self) -> None:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._complete)
        # A handler is cancelled when its client hangs up, though it may be waiting for something else.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _complete(self, raw: web.Request) -> web.StreamResponse:
        request = Request(await raw.json(), dict(raw.headers))
        self.requests.append(request)
        self._asked.set()
        reply = self._next(request)
        if isinstance(reply, Fail):
            body = {"error": {"message": reply.message, "type": "error", "code": None}}
            return web.json_response(body, status=reply.status, headers=reply.headers)
        try:
            if request.body.get("stream"):
                return await self._stream(raw, request, reply)
            return await self._whole(request, reply)
        except asyncio.CancelledError:
            self._hung_up.set()
            raise
        except ConnectionResetError:
            self._hung_up.set()
            return web.Response()

    def _next(self, request: Request) -> Scripted:
        if callable(self._script):
            return self._script(request)
        return self._script[min(len(self.requests), len(self._script)) - 1]

    async def _stream(self, raw: web.Request, request: Request, reply: Scripted) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(raw)
        said = ""
        await _send(response, _chunk({"role": "assistant", "content": ""}))
        async with contextlib.aclosing(self._texts(request, reply)) as texts:
            async for text in texts:
                said += text
                for start in range(0, len(text), PIECE):
                    await _send(response, _chunk(self._role | {"content": text[start : start + PIECE]}))
        if isinstance(reply, Drop):
            reset(raw.transport)
            return response
        if isinstance(reply, Garbage):
            await response.write(f"data: {reply.text}\n\n".encode())
        if isinstance(reply, Refuse) and request.form:
            await _send(response, _chunk({"refusal": reply.text}))
        await _send(response, _chunk({}, _finish(request, reply)))
        if request.body.get("stream_options", {}).get("include_usage"):
            await _send(response, _chunk(None) | {"usage": usage(request.prompt, said)})
        await response.write(b"data: [DONE]\n\n")
        return response

    async def _whole(self, request: Request, reply: Scripted) -> web.Response:
        async with contextlib.aclosing(self._texts(request, reply)) as texts:
            said = "".join([text async for text in texts])
        message = {"role": "assistant", "content": said, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": _finish(request, reply)}
        body = _chunk(None) | {"object": "chat.completion", "choices": [choice], "usage": usage(request.prompt, said)}
        return web.json_response(body)

    async def _texts(self, request: Request, reply: Scripted) -> AsyncGenerator[str, None]:
        """Yield the text of a reply, in as many parts as there is something to wait for between them."""
        match reply:
            case Say(text) | CutOff(text) | Drop(text):
                yield text
            case SayWith(write):
                yield write(request)
            case Stall(first, rest):
                yield first
                await self._released.wait()
                yield rest
            case Endless(text):
                while True:
                    yield text


def usage(prompt: str, said: str) -> Json:
    """Return the tokens that the server counts, one for each character."""
    return {"prompt_tokens": len(prompt), "completion_tokens": len(said), "total_tokens": len(prompt) + len(said)}


def _finish(request: Request, reply: Scripted) -> str:
    match reply:
        case Say(_, finish):
            return finish
        case CutOff():
            return "length"
        case Refuse() if not request.form:
            return "content_filter"
    return "stop"


def _chunk(delta: Json | None, finish: str | None = None) -> Json:
    """Return one piece of a reply; without a delta, one that has no choices."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "standin", "choices": choices}


async def _send(response: web.StreamResponse, chunk: Json) -> None:
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
