"""Stored answers, as a feature needs the one that a component stands under, and the conversation that led to it."""

from __future__ import annotations

import asyncio

from bot.answering.answer import Turn
from bot.discord.answers.question import PriorConversation
from bot.discord.backend import Library
from bot.discord.messaging.notices import Refused
from bot.discord.store import Store, StoredAnswer
from bot.presenting.words import Words
from index.access import Viewer

_LONGEST_CONVERSATION = 8


async def stored_answer(store: Store, answer_id: str, words: Words) -> StoredAnswer:
    """Return the answer with this id. Raises Refused where it is not in the store."""
    stored = await asyncio.to_thread(store.answer, answer_id)
    if stored is None:
        raise Refused(words("I no longer have this answer. Please ask again."))
    return stored


class Conversations:
    """The conversations that led to stored answers, as far as who sees the next one may see what they were made of."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    async def upto(self, answer_id: str, viewer: Viewer, alone: int | None) -> PriorConversation:
        """Return the questions and answers up to this answer and with it, oldest first; eight questions at most.

        It begins after the last one that the viewer may not see now, or that its asker alone was shown, unless that is
        who `alone` will see the next one. Where that is this answer itself, nothing is before.
        """
        turns = await asyncio.to_thread(self._turns, answer_id, viewer, alone)
        return PriorConversation(turns, answer_id if turns else None)

    async def may_be_told(self, answer_id: str, viewer: Viewer) -> bool:
        """Return whether what Discord shows of an answer may stand for it: it is kept no more, and nothing is hidden.

        What it was made of nobody knows then.
        """
        if await asyncio.to_thread(self._store.answer, answer_id):
            return False
        return not await asyncio.to_thread(self._library.hides, viewer)

    def _turns(self, answer_id: str, viewer: Viewer, alone: int | None) -> tuple[Turn, ...]:
        turns: list[Turn] = []
        following: str | None = answer_id
        while following and len(turns) < 2 * _LONGEST_CONVERSATION:
            stored = self._store.answer(following)
            if stored is None or not self._may_be_seen(stored, viewer, alone):
                break
            turns[:0] = [Turn("user", stored.answer.question), Turn("assistant", stored.answer.text)]
            following = stored.origin.follows
        return tuple(turns)

    def _may_be_seen(self, stored: StoredAnswer, viewer: Viewer, alone: int | None) -> bool:
        if stored.origin.asker != alone and self._store.is_private(stored.id):
            return False
        return self._library.sees(viewer, stored.answer.documents)
