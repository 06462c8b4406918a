"""A reply: the text of a chat model as it arrives, what it cost, and how it ended."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from bot.errors import ChatFailed, ChatFailureKind

# More than the most tokens have that are asked for: a server that sends this much text will never end.
_MOST_CHARACTERS = 30_000
_FINISHES = ("finish_reason", "stop_reason", "done_reason")
_CUT_OFF = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_REFUSED = frozenset({"content_filter", "refusal", "safety"})


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """How many tokens a model read and wrote, as far as its server says."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: TokenUsage) -> TokenUsage:
        return TokenUsage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)

    def at_least(self, other: TokenUsage) -> TokenUsage:
        """Take the greater numbers: right for what is said once, said again, or grows with every piece of a reply."""
        return TokenUsage(max(self.input_tokens, other.input_tokens), max(self.output_tokens, other.output_tokens))


class Reply:
    """What a chat model says to one request: an iterable, once, of the pieces of its text as they arrive.

    Reading raises ChatFailed and Stopped. To close the reply stops the model.
    """

    def __init__(self, pieces: Generator[str, None, None], arriving: ArrivingReply) -> None:
        self._pieces = pieces
        self._arriving = arriving

    @property
    def usage(self) -> TokenUsage:
        """What the reply cost, known when its reading has ended."""
        return self._arriving.usage

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    def close(self) -> None:
        """Stop the model if it still writes."""
        self._pieces.close()


class ArrivingReply:
    """What a server has sent of a reply so far, chunk by chunk."""

    def __init__(self) -> None:
        self.usage = TokenUsage()
        self.has_begun = False
        self.finish = ""
        self._text = _Text()

    def take(self, chunk: Any) -> str:
        """Take a LangChain message chunk, and return what its text adds to the answer."""
        self.has_begun = True
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
        return self._text.grown_by(chunk.text)

    def rest(self) -> str:
        """Return the end of the text, which `take` held back until the server had sent everything."""
        return self._text.rest()

    def judge(self) -> None:
        """Raise ChatFailed unless this is the end of a whole reply with some text."""
        if self.finish in _REFUSED:
            raise ChatFailed(ChatFailureKind.REFUSED)
        if self.finish in _CUT_OFF:
            raise ChatFailed(ChatFailureKind.CUT_OFF)
        if self._text.is_empty:
            raise ChatFailed(ChatFailureKind.EMPTY)


class _Text:
    """The text of a reply as it grows, without the <think>…</think> before it that some servers do not tell from it."""

    _OPENS, _CLOSES = "<think>", "</think>"

    def __init__(self) -> None:
        self.is_empty = True
        self._received = 0
        self._held = ""
        self._has_begun = False

    def grown_by(self, piece: str) -> str:
        """Return the part of a further piece that can be read already. Raises ChatFailed when it is too much in all."""
        self._received += len(piece)
        if self._received > _MOST_CHARACTERS:
            raise ChatFailed(ChatFailureKind.ENDLESS)
        readable = piece if self._has_begun else self._behind_thinking(piece)
        self.is_empty = self.is_empty and not readable.strip()
        return readable

    def rest(self) -> str:
        """Return the text that was held back to the end because it might have begun a <think>."""
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
