"""Outdated answers: one that stands in a channel says so itself, once a document that it cites has changed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta

import discord

from bot.discord.answers.rendering import sources
from bot.discord.backend import Library
from bot.discord.messaging.delivery import REFUSED, deliver
from bot.discord.messaging.message import Message, as_embeds
from bot.discord.store import PostedAnswer, Store
from bot.presenting.words import words_in
from index.access import NOBODY, OPERATOR
from index.errors import UnknownDocument

log = logging.getLogger(__name__)

_LOOK_EVERY = 3.0
# Whoever reads an older answer opens its sources; and each mark is a call to Discord.
_RECENT = timedelta(days=3)
_MOST = 50


class OutdatedAnswers:
    """Marks the answers of the last three days, fifty at most, of which a cited document has changed or is gone.

    A mark stands below the sources, where the answer does. What a document holds now, the card of its citation shows.
    """

    def __init__(self, client: discord.Client, library: Library, store: Store) -> None:
        self._client = client
        self._library = library
        self._store = store
        self._marked: dict[str, tuple[int, ...]] = {}

    async def watch(self) -> None:
        """Mark them after each change of the index, for ever. Whatever fails is logged, and tried again then."""
        looked_at: int | None = None
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                generation = await asyncio.to_thread(self._library.generation, NOBODY)
                if generation is not None and generation.number != looked_at and self._client.is_ready():
                    await self.mark()
                    looked_at = generation.number
            except Exception:
                log.exception("the answers could not be held against the index")

    async def mark(self) -> None:
        """Mark them now; one whose documents are again what they were loses its mark."""
        changed = await asyncio.to_thread(self._changed)
        for posted, numbers in changed:
            if numbers != self._marked.get(posted.stored.id, ()):
                await self._show(posted, numbers)
        self._marked = {posted.stored.id: numbers for posted, numbers in changed}

    def _changed(self) -> list[tuple[PostedAnswer, tuple[int, ...]]]:
        """Return the recent answers, each with the numbers of its citations whose documents have changed."""
        recent = self._store.posted_since(datetime.now(UTC) - _RECENT, _MOST)
        return [(posted, self._numbers(posted)) for posted in recent]

    def _numbers(self, posted: PostedAnswer) -> tuple[int, ...]:
        citations = posted.stored.answer.citations
        return tuple(each.number for each in citations if not self._is_there(each.document.id))

    def _is_there(self, document: str) -> bool:
        # The id of a document is that of its content.
        try:
            self._library.document(document, OPERATOR)
        except UnknownDocument:
            return False
        return True

    async def _show(self, posted: PostedAnswer, numbers: tuple[int, ...]) -> None:
        channel = self._client.get_channel(posted.channel)
        if not isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.Thread | discord.DMChannel):
            return
        message = channel.get_partial_message(posted.message)
        marked = Message(embeds=(sources(posted.stored.answer, words_in(posted.locale), numbers),))
        # It may have been deleted, or the channel closed to us: then nobody is misled there.
        with contextlib.suppress(*REFUSED):
            await deliver(lambda: message.edit(embeds=as_embeds(marked)))
