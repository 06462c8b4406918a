"""Stored answers, as a feature needs the one that a component stands under."""

from __future__ import annotations

import asyncio

from bot.discord.store import Store, StoredAnswer
from index.errors import FootnoteError


class NoLongerStored(FootnoteError):
    """What a component refers to is not in the store."""


async def stored_answer(store: Store, answer_id: str) -> StoredAnswer:
    """Return the answer with this id. Raises NoLongerStored."""
    stored = await asyncio.to_thread(store.answer, answer_id)
    if stored is None:
        raise NoLongerStored("I no longer have this answer. Please ask again.")
    return stored
