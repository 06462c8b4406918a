"""Scripted models that read the prompt, as a real one would, and answerers that have them write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.answering.answerer import Answerer
from bot.answering.generating.chat import open_chat
from bot.answering.generating.writing import AnswerWriter
from bot.answering.keeping.cache import AnswerCache
from bot.answering.selecting.confidence import load_confidence
from bot.answering.verifying.verifying import Verifier
from index.library import Library
from tests.scenarios.chat.standin import ChatServer, Request, SayWith, Script

Statement = tuple[str, str]


def passages(request: Request) -> dict[str, str]:
    """Return the passages of a prompt, by their keys."""
    return dict(re.findall(r"passage (\w{6}) ---\n(.*?)\n(?=--- )", request.prompt, re.DOTALL))


def stating(*statements: Statement) -> SayWith:
    """Say each of these sentences, citing the passage that holds the piece of text given with it."""
    return SayWith(lambda request: as_json(request, statements))


def as_json(request: Request, statements: tuple[Statement, ...]) -> str:
    drafted = [{"text": text, "passages": [_key(request, piece)]} for text, piece in statements]
    return json.dumps({"statements": drafted}, ensure_ascii=False)


def as_lines(*statements: Statement) -> SayWith:
    """Say the same as a model does that cannot be held to JSON."""
    return SayWith(lambda request: "\n".join(f"{text} [{_key(request, piece)}]" for text, piece in statements))


@contextmanager
def writing(
    library: Library, script: Script, seconds: float = 60.0, cache: AnswerCache | None = None
) -> Iterator[tuple[Answerer, ChatServer]]:
    """Give an answerer whose chat model follows a script, and the server that it speaks to."""
    with ChatServer(script) as server, written_at(library, server.url, seconds, cache) as answerer:
        yield answerer, server


@contextmanager
def written_at(
    library: Library, url: str, seconds: float = 60.0, cache: AnswerCache | None = None
) -> Iterator[Answerer]:
    """Give an answerer whose chat model is served at an address."""
    with closing(open_chat("openai:scripted", url, None, seconds)) as chat:
        verifier = Verifier(library.rarity, library.vector)
        yield Answerer(library, load_confidence(), AnswerWriter(chat, verifier), cache)


def _key(request: Request, piece: str) -> str:
    return next((key for key, text in passages(request).items() if piece in text), "none22")
