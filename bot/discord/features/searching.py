"""Searching: `/search`, "Find sources" in the menu of somebody's message, and the pages of what was found.

A page is made anew from the index each time that one is turned to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.understanding.question import LONGEST, parse
from bot.discord.answers.conversation import without_mentions
from bot.discord.answers.deleted import of_result
from bot.discord.answers.question import origin
from bot.discord.answers.sources import SourceNames
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction, is_private, used_by_asker
from bot.discord.features.paging import page, page_number
from bot.discord.messaging.custom_id import CustomId, new_id
from bot.discord.messaging.message import EMBED_TITLE, Embed, Message
from bot.discord.messaging.neutral import clipped, inline, neutral
from bot.discord.messaging.notices import Refused, notice
from bot.discord.messaging.places import found_at, opener, place
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.store import Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting import notes
from bot.presenting.places import position
from bot.presenting.words import Words
from index.access import Viewer
from index.documents import EVERYTHING, Filter
from index.hits import Hit, SearchResult
from index.near_duplicates import without_near_duplicates

_ACTION = "search"
_HITS = 15
_HITS_ON_A_PAGE = 3
_PASSAGE_LENGTH = 900
# Measured with all-MiniLM-L6-v2: letters without sense come to 0.24 at most, the best passage said otherwise to 0.37.
_LEAST_COSINE = 0.25


class Searching(Feature):
    """Finds passages, with no answer made of them."""

    def __init__(
        self,
        library: Library,
        store: Store,
        jobs: Jobs,
        admission: Admission,
        sources: SourceNames,
        viewers: Viewers,
    ) -> None:
        self._library = library
        self._store = store
        self._jobs = jobs
        self._admission = admission
        self._sources = sources
        self._viewers = viewers

    @app_commands.command(name=_("search"), description=_("Find passages in the documents"))
    @app_commands.describe(
        query=_("What to look for"),
        source=_("Search only this document or folder"),
        since=_("Published on or after this day, as 2025-12-31"),
        until=_("Published on or before this day, as 2025-12-31"),
    )
    async def search(
        self,
        interaction: Interaction,
        query: app_commands.Range[str, 1, LONGEST],
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        """Show the passages that `query` finds."""
        reply = InteractionReply(interaction)
        if await self._admission.admit(reply, interaction.user.id, interaction.guild_id):
            await self._jobs.run(reply, self._found(interaction, query, source, since, until, reply.words))

    @search.autocomplete("source")
    async def choices(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Return the documents whose title or path holds what was typed."""
        return await self._sources.choices(typed, await self._viewers.of(interaction, private=True))

    def message_menu(self) -> Iterable[app_commands.ContextMenu]:
        """Return searches for what a message says, for whoever points at it, alone."""
        return (app_commands.ContextMenu(name=_("Find sources"), callback=self._find_sources),)

    def handlers(self) -> Mapping[str, Handler]:
        """Return the buttons that turn the pages."""
        return {_ACTION: self._turn}

    async def _find_sources(self, interaction: Interaction, message: discord.Message) -> None:
        reply = InteractionReply(interaction, private=True)
        if await self._admission.admit(reply, interaction.user.id, interaction.guild_id):
            await self._jobs.run(reply, self._for_a_message(interaction, message, reply.words))

    async def _turn(self, interaction: Interaction, custom_id: CustomId) -> None:
        if not used_by_asker(interaction):
            refusal = InteractionReply(interaction)
            words = refusal.words
            await refusal.refuse(notice(words("Only who searched turns these pages. /search makes your own.")))
            return
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._turned(interaction, custom_id, reply.words))

    async def _found(
        self,
        interaction: Interaction,
        query: str,
        source: str | None,
        since: str | None,
        until: str | None,
        words: Words,
    ) -> Sequence[Message]:
        viewer = await self._viewers.of(interaction, private=False)
        where = Filter(await self._sources.resolve(source, viewer, words), _day(since, words), _day(until, words))
        return await self._first_page(origin(interaction), query, where, viewer, words)

    async def _for_a_message(
        self, interaction: Interaction, message: discord.Message, words: Words
    ) -> Sequence[Message]:
        viewer = await self._viewers.of(interaction, private=True)
        return await self._first_page(origin(interaction), without_mentions(message), EVERYTHING, viewer, words)

    async def _turned(self, interaction: Interaction, custom_id: CustomId, words: Words) -> Sequence[Message]:
        viewer = await self._viewers.of(interaction, private=is_private(interaction))
        return await self._page(custom_id.subject, page_number(custom_id), viewer, words)

    async def _first_page(
        self, searcher: Origin, query: str, where: Filter, viewer: Viewer, words: Words
    ) -> Sequence[Message]:
        search_id = new_id()
        await asyncio.to_thread(self._store.save_lookup, search_id, searcher, parse(query), where)
        return await self._page(search_id, 0, viewer, words)

    async def _page(self, search_id: str, number: int, viewer: Viewer, words: Words) -> Sequence[Message]:
        lookup = await asyncio.to_thread(self._store.lookup, search_id)
        if lookup is None:
            raise Refused(words("I no longer know this search. Please search again."))
        query, where = lookup
        found = await asyncio.to_thread(self._library.search, query, viewer, _HITS, where)
        result = await asyncio.to_thread(of_result, found, self._library.kept_channels)
        hits = tuple(without_near_duplicates(near(result.hits)))
        return (search_page(replace(result, hits=hits), search_id, number, words),)


def near(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return those hits that have something to do with their query: there are always some that are merely nearest.

    Without a word in common it takes a likeness in meaning; for "zzzz qqqq" there is neither.
    """
    return tuple(hit for hit in hits if hit.bm25 > 0 or (hit.cosine or 0.0) >= _LEAST_COSINE)


def search_page(result: SearchResult, search_id: str, number: int, words: Words) -> Message:
    """Page `number` (from 0; the nearest there is) of the passages that a search found, as they stand."""
    query = inline(result.query, 300)
    noted = "".join(f"\n-# {inline(notes.of_search(note, words), 200)}" for note in result.notes)
    if not result.hits:
        return Message(words("**Nothing found** for: {query}", query=query))
    shown = page(result.hits, number, _HITS_ON_A_PAGE)
    found = words.plural(
        "**{number:,} passage** for: {query}", "**{number:,} passages** for: {query}", len(result.hits), query=query
    )
    return Message(
        found + noted,
        embeds=tuple(_embed(hit, words) for hit in shown.items),
        rows=shown.buttons(_ACTION, search_id, words),
    )


def _embed(hit: Hit, words: Words) -> Embed:
    text = clipped(neutral(hit.passage.text), _PASSAGE_LENGTH) or "…"
    where = clipped(place(hit.document, hit.passage.heading, position(hit.passage.place, words=words), words), 200)
    published = hit.document.published.isoformat() if hit.document.published else ""
    # The link is no address of the embed: Discord's client shows those with one address as one, of the first alone.
    details = " · ".join(part for part in (where, published) if part) + opener(hit.document, words, found_at(hit))
    title = f"{hit.rank}. {inline(hit.document.title, EMBED_TITLE - len(f'{hit.rank}. '))}"
    return Embed(title, f"{text}\n-# {details.removeprefix(' · ')}" if details else text)


def _day(text: str | None, words: Words) -> date | None:
    """Return the day that `text` names as 2025-12-31. Raises Refused when it names none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(words("“{text}” is not a day; write it as 2025-12-31.", text=text[:40])) from None
