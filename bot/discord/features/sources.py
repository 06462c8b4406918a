"""Sources: `/sources`, and the pages of what is indexed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.answers.question import origin
from bot.discord.answers.sources import named_like
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.paging import page, page_number
from bot.discord.messaging.custom_id import CustomId, new_id
from bot.discord.messaging.message import Embed, Message
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.places import opener
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.store import Store
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words
from index.documents import EVERYTHING, DocumentMetadata

_ACTION = "sources"
_ON_A_PAGE = 10
_LONGEST_OPENER = 120


class Sources(Feature):
    """Lists the indexed documents."""

    def __init__(self, library: Library, store: Store, jobs: Jobs, viewers: Viewers) -> None:
        self._library = library
        self._store = store
        self._jobs = jobs
        self._viewers = viewers

    @app_commands.command(name=_("sources"), description=_("List the documents that I know"))
    @app_commands.describe(filter=_("Only documents with this in their title or path"))
    async def sources(self, interaction: Interaction, filter: app_commands.Range[str, 1, 200] | None = None) -> None:
        """Show the documents whose title or path holds `filter`."""
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._first_page(interaction, filter or "", reply.words))

    def handlers(self) -> Mapping[str, Handler]:
        """Return the buttons that turn the pages."""
        return {_ACTION: self._turn}

    async def _turn(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._page(interaction, custom_id.subject, page_number(custom_id), reply.words))

    async def _first_page(self, interaction: Interaction, wanted: str, words: Words) -> Sequence[Message]:
        listing_id = new_id()
        await asyncio.to_thread(self._store.save_lookup, listing_id, origin(interaction), wanted.strip(), EVERYTHING)
        return await self._page(interaction, listing_id, 0, words)

    async def _page(self, interaction: Interaction, listing_id: str, number: int, words: Words) -> Sequence[Message]:
        lookup = await asyncio.to_thread(self._store.lookup, listing_id)
        if lookup is None:
            raise Refused(words("I no longer know this list. /sources makes it anew."))
        viewer = await self._viewers.of(interaction, private=True)
        found = named_like(lookup[0], await asyncio.to_thread(self._library.sources, viewer))
        return (sources_page(sorted(found, key=lambda each: each.source), listing_id, number, words),)


def sources_page(documents: Sequence[DocumentMetadata], listing_id: str, number: int, words: Words) -> Message:
    """Page `number` (from 0; the nearest there is) of the indexed documents."""
    if not documents:
        return Message(words("**No indexed document** matches."))
    shown = page(documents, number, _ON_A_PAGE)
    lines = "\n".join(_line(each, words) for each in shown.items)
    title = words.plural("{number:,} document", "{number:,} documents", len(documents))
    return Message(embeds=(Embed(title, lines),), rows=shown.buttons(_ACTION, listing_id, words))


def _line(document: DocumentMetadata, words: Words) -> str:
    title = inline(document.title, 120)
    published = document.published.isoformat() if document.published else ""
    source = inline(document.source, 120)
    way_there = opener(document, words)
    # Ten sources with the longest addresses would not fit one embed.
    shown = way_there if len(way_there) <= _LONGEST_OPENER else ""
    return " · ".join(part for part in (f"- **{title}**", published, source) if part) + shown
