"""Stored answers, as a feature needs the one that a component stands under."""

from __future__ import annotations

import asyncio

from bot.discord.messaging.notices import Refused
from bot.discord.store import Store, StoredAnswer
from bot.presenting.words import Words


async def stored_answer(store: Store, answer_id: str, words: Words) -> StoredAnswer:
    """Return the answer with this id. Raises Refused where it is not in the store."""
    stored = await asyncio.to_thread(store.answer, answer_id)
    if stored is None:
        raise Refused(words("I no longer have this answer. Please ask again."))
    return stored
