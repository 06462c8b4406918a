"""The nouns of composing: a question on its way, and what was found for it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.answer import Turn
from bot.answering.composing.stopwatch import Stopwatch
from bot.answering.generating.chat_session import ChatSession
from bot.answering.selecting.context import Context
from bot.answering.understanding.understanding import Understood
from index.documents import Filter
from index.serving.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Request:
    """A question on its way: what was asked where, of which snapshot, and the session with a chat model, if any."""

    question: str
    conversation: tuple[Turn, ...]
    where: Filter
    snapshot: Snapshot
    stopwatch: Stopwatch
    session: ChatSession | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question means, and what was found for it."""

    request: Request
    understood: Understood
    context: Context
