"""A chat model that says what a test tells it, one reply after the other, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from langchain_core.messages import BaseMessage

from bot.answering.generating.chat import Chat, Stop
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.reply import TokenUsage

Says = str | Exception | Callable[[str], str]
PIECE = 5


class ScriptedChat:
    """Stands where `Chat` stands. A reply may be made of the prompt; an exception is raised behind what came before."""

    name = "scripted:model"
    seconds = 60.0

    def __init__(self, *replies: Says, structured: bool = True) -> None:
        self.structured = structured
        self.prompts: list[str] = []
        self.schemas: list[Mapping[str, Any] | None] = []
        self._replies = list(replies)

    def reply(
        self,
        messages: Sequence[BaseMessage],
        schema: Mapping[str, Any] | None = None,
        stop: Stop | None = None,
        seconds: float | None = None,
    ) -> ScriptedReply:
        self.prompts.append("\n".join(str(message.content) for message in messages))
        self.schemas.append(schema)
        return ScriptedReply(self.prompts[-1], self._replies.pop(0))

    @property
    def as_chat(self) -> Chat:
        return cast(Chat, self)

    @property
    def session(self) -> ChatSession:
        return ChatSession(self.as_chat)


class ScriptedReply:
    def __init__(self, prompt: str, says: Says) -> None:
        self._prompt = prompt
        self._says = says
        self.usage = TokenUsage(100, 10)

    def __iter__(self) -> Iterator[str]:
        if isinstance(self._says, Exception):
            raise self._says
        text = self._says if isinstance(self._says, str) else self._says(self._prompt)
        yield from (text[at : at + PIECE] for at in range(0, len(text), PIECE))

    def close(self) -> None:
        pass


def key_of(prompt: str, piece: str) -> str:
    """Return the key of the passage that holds a piece of text."""
    blocks = re.findall(r"passage (\w{6}) ---\n(.*?)\n---", prompt, re.DOTALL)
    return next(str(key) for key, text in blocks if piece in text)
