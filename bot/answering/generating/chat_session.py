"""A chat session: all that a chat model is asked for one question, what it cost, and how long it may take together."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextlib import closing
from functools import reduce
from operator import add
from time import monotonic
from typing import TypeVar

from bot.answering.answer import ModelUsage
from bot.answering.generating.chat import Chat, Stop
from bot.answering.generating.prompt import Prompt
from bot.answering.generating.reply import Reply, TokenUsage
from bot.answering.generating.structured import Structured, json_schema, read

T = TypeVar("T", bound=Structured)


class ChatSession:
    """What is asked of one chat model until `stop` is done: `chat.seconds` for all of it."""

    def __init__(self, chat: Chat, stop: Stop | None = None) -> None:
        self._chat = chat
        self._stop = stop
        self._ends = monotonic() + chat.seconds
        self._replies: list[Reply] = []

    def ask(self, prompt: Prompt[T]) -> T | None:
        """Return the whole reply to a prompt, None where it could not be read. Raises ChatFailed and Stopped."""
        return next(iter(deque(self.stream(prompt), maxlen=1)), None)

    def stream(self, prompt: Prompt[T]) -> Generator[T, None, None]:
        """Yield the reply to a prompt as it grows, nothing where it cannot be read; to close this stops the model.

        Raises:
            ChatFailed: the model gave no usable answer.
            Stopped: nobody wants the answer any more.

        """
        in_json = self._chat.structured
        schema = json_schema(prompt.schema) if in_json else None
        left = max(0.0, self._ends - monotonic())
        reply = self._chat.reply(prompt.messages(in_json=in_json), schema, self._stop, left)
        self._replies.append(reply)
        with closing(reply):
            yield from read(reply, prompt.schema)

    @property
    def usage(self) -> ModelUsage | None:
        """What all replies cost so far, None where nothing was asked."""
        if not self._replies:
            return None
        tokens = reduce(add, (reply.usage for reply in self._replies), TokenUsage())
        return ModelUsage(self._chat.name, tokens.input_tokens, tokens.output_tokens)
