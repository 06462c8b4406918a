"""The chat model behind one deadline, one way to be stopped, and one kind of failure, whoever provides it.

All waiting is done on an event loop in a thread of the chat's own: a deadline holds for the whole of a reply, and who
stops one closes its connection at once, though the server may not have sent a word. Whoever reads blocks no more than
a thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import aclosing
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from bot.errors import ChatFailed, ChatUnusable, Stopped

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

_log = logging.getLogger(__name__)

Stop: TypeAlias = Future[None]
"""Done as soon as whoever asked wants no more."""

# What a model writes while it thinks counts as well, and some think at length.
_MOST_TOKENS = 4_096
# More than as many tokens have: a server that sends this much text will never end.
_MOST_CHARACTERS = 30_000

_KEYS = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
_FINISHES = ("finish_reason", "stop_reason", "done_reason")
_CUT_OFF = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_REFUSED = frozenset({"content_filter", "refusal", "safety"})
# How servers say that they do not know a parameter, or what it asks for.
_NOT_TAKEN = frozenset({400, 404, 422, 501})
_STATUS = {
    401: "refused the key",
    403: "refused the key",
    404: "does not exist there",
    429: "is rate limited",
    529: "is overloaded",
}


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """How many tokens a model read and wrote, as far as its server says."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)

    def at_least(self, other: TokenUsage) -> TokenUsage:
        """Return the greater numbers: right for what is said once, said again, or grows with every piece of a reply."""
        return TokenUsage(max(self.input_tokens, other.input_tokens), max(self.output_tokens, other.output_tokens))


def open_chat(model: str, base_url: str | None, api_key: str | None, seconds: float) -> Chat:
    """Return the chat model that is called `provider:model`; nothing is sent yet. One reply takes `seconds` at most.

    `base_url` is where it is served, if not at its provider's own address. Without `api_key` the provider's variable
    of the environment counts; it is never sent to a `base_url`. Raises ChatUnusable where the provider is unknown, its
    package is not installed, or a key is missing.
    """
    from langchain.chat_models import init_chat_model

    provider, _, name = model.partition(":")
    key = _key(provider, base_url, api_key)
    try:
        options, close = _options(provider, base_url, key, seconds)
        opened = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        wanted = package[1] if package else f"langchain-{provider}"
        raise ChatUnusable(
            f"CHAT_MODEL {model} needs a package that is not installed: {sys.executable} -m pip install {wanted}"
        ) from None
    # Each provider's package has errors of its own for what it cannot be made of.
    except Exception as error:
        raise ChatUnusable(f"CHAT_MODEL {model} cannot be used: {str(error).partition(chr(10))[0]}") from error
    return Chat(model, opened, seconds, close)


def _key(provider: str, base_url: str | None, api_key: str | None) -> str | None:
    if api_key or provider not in _KEYS:
        return api_key
    if base_url:
        # A server of one's own asks for none, but the provider's package does.
        return "none"
    if not os.environ.get(_KEYS[provider]):
        raise ChatUnusable(f"a chat model of {provider} needs a key: set CHAT_API_KEY, or {_KEYS[provider]}")
    return None


def _options(
    provider: str, base_url: str | None, api_key: str | None, seconds: float
) -> tuple[dict[str, Any], Callable[[], Awaitable[None]] | None]:
    """Return what a provider's chat model is made with, and what closes its connections, where that is ours."""
    options: dict[str, Any] = {"temperature": 0}
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        return options | {"num_predict": _MOST_TOKENS, "client_kwargs": {"timeout": seconds, "headers": headers}}, None
    if api_key:
        options["api_key"] = api_key
    options |= {"max_retries": 0, "timeout": seconds}
    if provider != "openai":
        return options | {"max_tokens": _MOST_TOKENS}, None
    from openai import DefaultAsyncHttpxClient

    # langchain's own client is shared by all models of the process, and so by the event loops of all of them.
    connections = DefaultAsyncHttpxClient(timeout=seconds)
    options |= {
        "http_async_client": connections,
        "stream_chunk_timeout": None,
        "stream_usage": True,
        "use_responses_api": False,
    }
    # OpenAI's own name for it, max_completion_tokens, is not known everywhere else.
    limit = {"extra_body": {"max_tokens": _MOST_TOKENS}} if base_url else {"max_tokens": _MOST_TOKENS}
    return options | limit, connections.aclose


class Chat:
    """A chat model, to be asked by any number of threads at a time. `name` is its provider:model.

    `seconds` is how long one reply may take. `structured` tells whether the model can be held to a JSON schema, as far
    as is known: it turns False once the server has refused one.
    """

    def __init__(
        self, name: str, model: BaseChatModel, seconds: float, close: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.name = name
        self.seconds = seconds
        self.structured = True
        self._model = model
        self._close = close
        self._loop = _Loop()

    def reply(
        self,
        messages: Sequence[BaseMessage],
        form: Mapping[str, Any] | None = None,
        stop: Stop | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """Return the reply to `messages`; the model is asked when its reading begins.

        `form` is a JSON schema with a title. Where the provider has no use for one the model is asked without, so that
        the text is whatever the model made of the messages. `seconds` is what is left where it is less than usual.
        """
        ending = _Ending()
        left = self.seconds if seconds is None else seconds
        return Reply(self._pieces(list(messages), form, stop, left, ending), ending)

    def close(self) -> None:
        """Stop what is still being asked, and close the connections; the chat is of no use afterwards."""
        self._loop.close(self._close)

    def _pieces(
        self,
        messages: list[BaseMessage],
        form: Mapping[str, Any] | None,
        stop: Stop | None,
        seconds: float,
        ending: _Ending,
    ) -> Generator[str, None, None]:
        pieces: SimpleQueue[str | None] = SimpleQueue()
        asking = self._loop.run(self._ask(messages, form, seconds, ending, pieces.put))
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
        form: Mapping[str, Any] | None,
        seconds: float,
        ending: _Ending,
        put: Callable[[str], None],
    ) -> None:
        text = _Text()
        try:
            async with asyncio.timeout(seconds), aclosing(self._chunks(messages, form)) as chunks:
                async for chunk in chunks:
                    ending.take(chunk)
                    if piece := text.grown_by(chunk.text):
                        put(piece)
            if piece := text.rest():
                put(piece)
            ending.judge(text)
        except ChatFailed:
            raise
        # Each provider's package raises errors of its own, for whatever a server and the network may do.
        except Exception as error:
            # A package may make an error of how a reply ended, such as OpenAI's of one that was cut off.
            if ending.finish:
                ending.judge(text)
            raise self._failure(error, begun=ending.begun) from error

    async def _chunks(self, messages: list[BaseMessage], form: Mapping[str, Any] | None) -> AsyncGenerator[Any, None]:
        """Yield what the model sends. What its server turns out not to take, it is asked without."""
        formed = self._formed(form) if form and self.structured else None
        while True:
            begun = False
            try:
                async for chunk in (formed or self._model).astream(messages):
                    if form and not formed:
                        self.structured = False
                    begun = True
                    yield chunk
                return
            # See `_ask`.
            except Exception as error:
                is_not_taken = getattr(error, "status_code", None) in _NOT_TAKEN
                if begun or not (is_not_taken or isinstance(error, ValueError)):
                    raise
                if "temperature" in str(error) and getattr(self._model, "temperature", None) is not None:
                    self._model = self._model.model_copy(update={"temperature": None})
                    formed = self._formed(form) if form and formed else None
                elif is_not_taken and formed:
                    formed = None
                else:
                    raise
                _log.info("%s is asked in another way, since it said: %s", self.name, _shortened(error))

    def _formed(self, form: Mapping[str, Any]) -> Runnable[Any, Any] | None:
        """Return the model held to a form; None where its provider has nothing for that."""
        from langchain_core.runnables import RunnableBinding, RunnableSequence

        strict = {"strict": True} if self.name.startswith("openai:") else {}
        try:
            chain = self._model.with_structured_output(dict(form), method="json_schema", **strict)
        except (NotImplementedError, ValueError):
            return None
        # The chain's other half would parse, and hold the text back until it can.
        first = chain.first if isinstance(chain, RunnableSequence) else None
        return first if isinstance(first, RunnableBinding) and "tools" not in first.kwargs else None

    def _failure(self, error: Exception, *, begun: bool) -> ChatFailed:
        kind, status = type(error).__name__, getattr(error, "status_code", None) or 0
        is_foreseen = True
        if isinstance(error, TimeoutError) or "Timeout" in kind:
            failure = ChatFailed(f"did not answer within {self.seconds:g} s")
        elif status > 0:
            failure = ChatFailed(_STATUS.get(status, f"answered with an error ({status})"))
        elif isinstance(error, ConnectionError) or re.search("Connect|Protocol|Network|ReadError|WriteError", kind):
            failure = ChatFailed("broke off", worth_repeating=True) if begun else ChatFailed("cannot be reached")
        else:
            failure, is_foreseen = ChatFailed(f"failed ({kind})", worth_repeating=True), False
        shown = None if is_foreseen else error
        _log.warning("%s %s (%s: %s)", self.name, failure, kind, _shortened(error), exc_info=shown)
        return failure


class Reply:
    """What a chat model says to one request: an iterable, once, of the pieces of its text as they arrive.

    Reading raises ChatFailed, whose message is one phrase that goes behind "the chat model", and Stopped. To close the
    reply, or to leave it as a context, stops the model.
    """

    def __init__(self, pieces: Generator[str, None, None], ending: _Ending) -> None:
        self._pieces = pieces
        self._ending = ending

    @property
    def usage(self) -> TokenUsage:
        """What the reply cost, known when its reading has ended."""
        return self._ending.usage

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the model if it still writes."""
        self._pieces.close()


class _Ending:
    """What a reply cost, and how it ended."""

    def __init__(self) -> None:
        self.usage = TokenUsage()
        self.begun = False
        self.finish = ""

    def take(self, chunk: Any) -> None:
        """Keep what a chunk says besides its text."""
        self.begun = True
        told = getattr(chunk, "usage_metadata", None) or {}
        # Where a server repeats the role with every piece, as Ollama does, langchain-openai tells it only here.
        raw = chunk.response_metadata.get("token_usage") or {}
        self.usage = self.usage.at_least(
            TokenUsage(
                told.get("input_tokens") or raw.get("prompt_tokens") or 0,
                told.get("output_tokens") or raw.get("completion_tokens") or 0,
            )
        )
        for name in _FINISHES:
            self.finish = str(chunk.response_metadata.get(name) or self.finish).lower()
        if chunk.additional_kwargs.get("refusal"):
            self.finish = "refusal"

    def judge(self, text: _Text) -> None:
        """Raise ChatFailed unless this is the end of a whole reply with some text."""
        if self.finish in _REFUSED:
            raise ChatFailed("refused to answer")
        if self.finish in _CUT_OFF:
            raise ChatFailed("was cut off", worth_repeating=True)
        if text.is_empty:
            raise ChatFailed("gave an empty answer", worth_repeating=True)


class _Text:
    """The text of a reply as it grows, without the <think>…</think> before it that some servers do not tell from it."""

    _OPENS, _CLOSES = "<think>", "</think>"

    def __init__(self) -> None:
        self.is_empty = True
        self._received = 0
        self._held = ""
        self._has_begun = False

    def grown_by(self, piece: str) -> str:
        """Return what of a further piece is to be read. Raises ChatFailed when it is too much for any reply."""
        self._received += len(piece)
        if self._received > _MOST_CHARACTERS:
            raise ChatFailed("wrote far more than an answer")
        readable = piece if self._has_begun else self._behind_thinking(piece)
        self.is_empty = self.is_empty and not readable.strip()
        return readable

    def rest(self) -> str:
        """Return what is left at the end: the beginning of a <think> that did not come."""
        rest = "" if self._has_begun else self._held.strip()
        if rest.startswith(self._OPENS):
            return ""
        self.is_empty = self.is_empty and not rest
        return rest

    def _behind_thinking(self, piece: str) -> str:
        self._held += piece
        start = self._held.lstrip()
        if not self._OPENS.startswith(start[: len(self._OPENS)]):
            self._has_begun = True
            return self._held
        _, closed, text = start.partition(self._CLOSES)
        self._has_begun = bool(closed)
        return text.lstrip()


class _Loop:
    """An event loop in a thread of its own, both of which begin with the first use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None

    def run(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Begin `work` and return what becomes of it."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._loop.run_forever, name="chat", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self, last: Callable[[], Awaitable[None]] | None) -> None:
        """Cancel what runs, do what is `last`, and end the thread."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(_wind_up(last), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _wind_up(last: Callable[[], Awaitable[None]] | None) -> None:
    running = asyncio.all_tasks() - {asyncio.current_task()}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    if last:
        await last()


def _shortened(error: Exception) -> str:
    return " ".join(str(error).split())[:500]
