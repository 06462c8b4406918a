"""The chat model behind one deadline, one way to be stopped, and one kind of failure, whoever provides it.

All waiting is done on an event loop in a thread of the chat's own: a deadline holds for the whole of a reply, and who
stops one closes its connection at once, though the server may not have sent a word. Whoever reads blocks no more than
a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, aclosing
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from anyio import fail_after
from anyio.from_thread import start_blocking_portal

from bot.answering.generating.connection import Connection, JsonSchema
from bot.answering.generating.failures import failure_of, shortened
from bot.answering.generating.providers import Close, Service, connect
from bot.answering.generating.reply import ArrivingReply, Reply
from bot.errors import ChatFailed, ChatFailureKind, Stopped

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_log = logging.getLogger(__name__)

Stop: TypeAlias = Future[None]
"""Done as soon as whoever asked wants no more."""


def open_chat(model: str, base_url: str | None, api_key: str | None, seconds: float) -> Chat:
    """Open a chat model; nothing is sent yet.

    Args:
        model: Its name, as `provider:model`.
        base_url: Where it is served, None at its provider's own address.
        api_key: The key to be sent, None where the provider's package finds it by itself.
        seconds: How long one reply may take.

    Raises:
        ChatUnusable: the provider is unknown, its package is not installed, or a key is missing.

    """
    connected, close = connect(model, Service(base_url, api_key, seconds))
    return Chat(model, connected, seconds, close)


class Chat:
    """A chat model, to be asked by any number of threads at a time.

    `name` is its provider:model, `seconds` how long one reply may take.
    """

    def __init__(self, name: str, model: BaseChatModel, seconds: float, close: Close | None = None) -> None:
        self.name = name
        self.seconds = seconds
        self._connection = Connection(name, model)
        self._asked: set[Future[None]] = set()
        self._open = ExitStack()
        self._portal = self._open.enter_context(start_blocking_portal(name="chat"))
        self._open.callback(self._portal.call, self._portal.stop, True)
        if close:
            self._open.callback(self._portal.call, close)
        self._open.callback(self._stop_all)

    @property
    def structured(self) -> bool:
        """Whether the model can be held to a JSON schema, as far as is known."""
        return self._connection.structured

    def reply(
        self,
        messages: Sequence[BaseMessage],
        schema: JsonSchema | None = None,
        stop: Stop | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """Return the reply to `messages`; the model is asked when its reading begins.

        Args:
            messages: What the model is told.
            schema: A JSON schema with a title. Where the provider has no use for one the model is asked without, so
                that the text is whatever the model made of the messages.
            stop: Ends the reply when it is done.
            seconds: What is left of the time, where that is less than usual.

        """
        arriving = ArrivingReply()
        left = self.seconds if seconds is None else seconds
        return Reply(self._pieces(list(messages), schema, stop, left, arriving), arriving)

    def close(self) -> None:
        """Stop what is still being asked, and close the connections; the chat is of no use afterwards."""
        self._open.close()

    def _stop_all(self) -> None:
        for asking in tuple(self._asked):
            asking.cancel()

    def _pieces(
        self,
        messages: list[BaseMessage],
        schema: JsonSchema | None,
        stop: Stop | None,
        seconds: float,
        arriving: ArrivingReply,
    ) -> Generator[str, None, None]:
        pieces: SimpleQueue[str | None] = SimpleQueue()
        try:
            asking = self._portal.start_task_soon(self._ask, messages, schema, seconds, arriving, pieces.put)
        except RuntimeError:
            raise Stopped("the chat model was closed") from None
        self._asked.add(asking)
        asking.add_done_callback(self._asked.discard)
        asking.add_done_callback(lambda _: pieces.put(None))
        if stop is not None:
            stop.add_done_callback(lambda _: asking.cancel())
        try:
            while (piece := pieces.get()) is not None and not asking.cancelled():
                yield piece
            asking.result()
        except CancelledError:
            raise Stopped("nobody waits for this answer any more") from None
        finally:
            asking.cancel()

    async def _ask(
        self,
        messages: list[BaseMessage],
        schema: JsonSchema | None,
        seconds: float,
        arriving: ArrivingReply,
        put: Callable[[str], None],
    ) -> None:
        try:
            with fail_after(seconds):
                async with aclosing(self._connection.chunks(messages, schema)) as chunks:
                    async for chunk in chunks:
                        if piece := arriving.take(chunk):
                            put(piece)
            if piece := arriving.rest():
                put(piece)
            arriving.judge()
        except ChatFailed:
            raise
        # Each provider's package raises errors of its own, for whatever a server and the network may do.
        except Exception as error:
            # A package may make an error of how a reply ended, such as OpenAI's of one that was cut off.
            if arriving.finish:
                arriving.judge()
            raise self._failure(error, arriving) from error

    def _failure(self, error: Exception, arriving: ArrivingReply) -> ChatFailed:
        failed = failure_of(error, self.seconds, has_begun=arriving.has_begun)
        trace = error if failed.failure.kind is ChatFailureKind.UNFORESEEN else None
        _log.warning("%s: %s (%s: %s)", self.name, failed, type(error).__name__, shortened(error), exc_info=trace)
        return failed
