"""A talk: all that a chat model is asked for one question, what it cost, and how long it may take together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.answering.answer import ModelUsage
from bot.answering.generating.chat import Chat, Reply, Stop, TokenUsage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


class ChatSession:
    """What is asked of one chat model until `stop` is done: `chat.seconds` for all of it."""

    def __init__(self, chat: Chat, stop: Stop | None = None) -> None:
        self._chat = chat
        self._stop = stop
        self._ends = monotonic() + chat.seconds
        self._replies: list[Reply] = []

    @property
    def keeps_form(self) -> bool:
        """Whether the model can be held to a JSON schema, as far as is known."""
        return self._chat.structured

    def ask(self, messages: Sequence[BaseMessage], form: Mapping[str, Any]) -> Reply:
        """Return the reply, in JSON of this form where the model can be held to it. Reading it raises ChatFailed."""
        left = max(0.0, self._ends - monotonic())
        reply = self._chat.reply(messages, form if self.keeps_form else None, self._stop, left)
        self._replies.append(reply)
        return reply

    @property
    def cost(self) -> ModelUsage | None:
        """What all replies cost so far, None where nothing was asked."""
        if not self._replies:
            return None
        usage = reduce(add, (reply.usage for reply in self._replies), TokenUsage())
        return ModelUsage(self._chat.name, usage.input_tokens, usage.output_tokens)
