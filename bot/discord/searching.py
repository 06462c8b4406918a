"""Searching: pages of found passages and of indexed sources, made anew from the index each time one is turned to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.discord.desk import Desk
from bot.discord.message import Message
from bot.discord.pages import search_page, sources_page
from index.errors import FootnoteError

_HITS = 15


class Forgotten(FootnoteError):
    """What a button refers to is not in the store."""


async def page_of_search(desk: Desk, lookup_id: str, page: int) -> Sequence[Message]:
    """Return page `page` of a kept search. Raises Forgotten when it was not kept here."""
    lookup = await asyncio.to_thread(desk.store.lookup, lookup_id)
    if lookup is None:
        raise Forgotten("I no longer know this search. Please search again.")
    query, where = lookup
    search = await asyncio.to_thread(desk.library.search, query, _HITS, where)
    return (search_page(search, lookup_id, page),)


async def page_of_sources(desk: Desk, lookup_id: str, page: int) -> Sequence[Message]:
    """Return page `page` of a kept listing of the sources. Raises Forgotten when it was not kept here."""
    lookup = await asyncio.to_thread(desk.store.lookup, lookup_id)
    if lookup is None:
        raise Forgotten("I no longer know this list. /sources makes it anew.")
    wanted = lookup[0].casefold()
    records = await asyncio.to_thread(desk.library.sources)
    chosen = [metadata for metadata in records if wanted in f"{metadata.title}\n{metadata.source}".casefold()]
    return (sources_page(sorted(chosen, key=lambda metadata: metadata.source), lookup_id, page),)
