"""The library of the poisoned documents, and what came out of an answer."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import partial

import pytest
from rich.console import Console

from bot.answering.answer import Answer
from bot.discord.answers.rendering import headed, render
from bot.discord.features.citations import card
from bot.discord.messaging.message import Message
from bot.presenting.words import ENGLISH
from bot.terminal import terminal
from index.access import OPERATOR
from index.library import Library
from index.models.embedding import Embedder
from tests.conftest import Shelf
from tests.scenarios.poison.documents import DOCUMENTS, planted


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    """Give the library of all poisoned documents, for tests that only read."""
    shelf = Shelf(tmp_path_factory.mktemp("poisoned"), embedder)
    for poison in DOCUMENTS:
        shelf.put(poison.source, poison.text)
    shelf.refresh()
    yield shelf.library()
    shelf.close()


def leaked(text: str, numbers: range = range(1, len(DOCUMENTS) + 1)) -> list[str]:
    """List the strings that the attacks of these numbers planted and a text holds, however it is hidden there."""
    seen = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(letter for letter in seen if unicodedata.category(letter) not in ("Cf", "Mn"))
    return sorted({sign for number in numbers for sign in planted(number) if sign.casefold() in seen})


def said(answer: Answer) -> str:
    """Return all words of documents in an answer: its statements, its sources with their quotes, what is nearest."""
    statements = [statement.text for statement in answer.statements]
    cited = [
        (each.document.title, each.document.publisher or "", *each.heading, each.quote) for each in answer.citations
    ]
    near = [(hit.document.title, *hit.passage.heading, hit.passage.text) for hit in answer.nearest]
    return "\n".join([*statements, *(part for parts in (*cited, *near) for part in parts)])


def in_discord(answer: Answer, library: Library) -> str:
    """Return all that is posted in Discord for an answer, with the question above it, and the card of each citation."""
    answered = headed(render(answer, "0123456789ab", ENGLISH), answer.question)
    cards = [
        card(citation, "0123456789ab", library.document(citation.document.id, OPERATOR), words=ENGLISH)
        for citation in answer.citations
    ]
    return "\n".join(part for message in (*answered, *cards) for part in _parts(message))


def in_a_terminal(answer: Answer, library: Library) -> str:
    """Return all that a terminal shows for an answer."""
    written = io.StringIO()
    terminal.show_answer(Console(file=written, width=200), answer, partial(library.document, viewer=OPERATOR))
    return written.getvalue()


def _parts(message: Message) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from (embed.title, embed.description, embed.footer)
        yield from (f"{field.name} {field.value}" for field in embed.fields)
