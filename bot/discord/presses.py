"""Presses: what happens when somebody presses a button, chooses from a menu or sends a form under a message of ours.

One listener answers them all from the custom id and the stored answer. The views and dynamic items of discord.py would
need the view in memory, or a class for each button, and could not answer a form that was opened before a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.discord.actions import actions, reasons
from bot.discord.cards import card, quotes, stale_card
from bot.discord.desk import Continued, Desk, Question
from bot.discord.forms import FollowUpForm, typed
from bot.discord.handover import hand_over
from bot.discord.identifiers import Press
from bot.discord.message import Message
from bot.discord.refreshing import NOT_ALLOWED, may_refresh, refresh
from bot.discord.rendering import headed, render
from bot.discord.replies import InPlaceReply, InteractionReply
from bot.discord.reports import notice
from bot.discord.searching import Forgotten, page_of_search, page_of_sources
from bot.discord.store import Asked, Humans, Kept, Verdict
from index.documents import Document
from index.errors import UnknownDocument

Interaction = discord.Interaction[Any]
Answering = Callable[[Interaction, Press], Awaitable[None]]
Working = Callable[[Interaction, Press], Coroutine[Any, Any, Sequence[Message]]]

_THANKS = notice("Thank you. It is noted.")


class Presses(commands.Cog):
    """Answers every press. People with one of `refreshers`' roles may refresh the index."""

    def __init__(self, desk: Desk, refreshers: frozenset[int] = frozenset()) -> None:
        self._desk = desk
        self._refreshers = refreshers
        alone = partial(InteractionReply, private=True)
        self._answers: dict[str, Answering] = {
            "cite": self._through(alone, self._cite),
            "wrong": self._through(alone, self._wrong_source),
            "good": self._through(alone, self._good),
            "bad": self._through(alone, self._bad),
            "why": self._through(InPlaceReply, self._why),
            "search": self._through(InPlaceReply, self._search),
            "sources": self._through(InPlaceReply, self._sources),
            "stop": self._through(alone, self._stop),
            "human": self._through(alone, self._human),
            "share": self._through(InteractionReply, self._share),
            "shrink": self._shrink,
            "follow": self._open_form,
            "ask": self._ask,
        }

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer a press, if it is one of ours and not a command."""
        data: Any = interaction.data or {}
        press = Press.read(data.get("custom_id") or "")
        if press and press.action in self._answers:
            await self._answers[press.action](interaction, press)

    def _through(self, reply: Callable[[Interaction], InteractionReply], work: Working) -> Answering:
        async def answer(interaction: Interaction, press: Press) -> None:
            await self._desk.jobs.run(reply(interaction), work(interaction, press))

        return answer

    async def _cite(self, _: Interaction, press: Press) -> Sequence[Message]:
        kept = await self._kept(press)
        citation = next((found for found in kept.answer.citations if str(found.number) == press.detail), None)
        if citation is None:
            raise Forgotten("This answer has no such citation.")
        document = await self._document(citation.document.id)
        if document is not None and quotes(citation, document):
            return (card(citation, kept.id, document),)
        sources = await asyncio.to_thread(self._desk.library.sources)
        still_there = any(record.source == citation.document.source for record in sources)
        reason = "This document has changed." if still_there else "This document has left the index."
        return (stale_card(citation, kept.id, kept.answer.generation, reason),)

    async def _wrong_source(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        return await self._judge(interaction, press, Verdict.WRONG_SOURCE, int(press.detail or 0))

    async def _good(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        return await self._judge(interaction, press, Verdict.GOOD)

    async def _bad(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        await self._judge(interaction, press, Verdict.WRONG)
        return (reasons(press.subject),)

    async def _why(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        data: Any = interaction.data
        return await self._judge(interaction, press, Verdict(data["values"][0]))

    async def _search(self, _: Interaction, press: Press) -> Sequence[Message]:
        return await page_of_search(self._desk, press.subject, _page(press))

    async def _sources(self, _: Interaction, press: Press) -> Sequence[Message]:
        return await page_of_sources(self._desk, press.subject, _page(press))

    async def _stop(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        stopped = self._desk.jobs.stop(press.subject, interaction.user.id)
        return (notice("Stopping." if stopped else "Only who asked can stop this, and only while it is under way."),)

    async def _human(self, interaction: Interaction, press: Press) -> Sequence[Message]:
        return await hand_over(self._desk, interaction, await self._kept(press))

    async def _share(self, _: Interaction, press: Press) -> Sequence[Message]:
        kept = await self._kept(press)
        shown = render(kept.answer, kept.id, actions(kept.answer, kept.id, Humans()))
        return headed(shown, kept.answer.question)

    async def _shrink(self, interaction: Interaction, _: Press) -> None:
        if not may_refresh(interaction, self._refreshers):
            await InteractionReply(interaction).refuse(NOT_ALLOWED)
            return
        reply = InPlaceReply(interaction)
        await self._desk.jobs.run(reply, refresh(self._desk, reply, allow_shrinking=True))

    async def _open_form(self, interaction: Interaction, press: Press) -> None:
        await InteractionReply(interaction).open(FollowUpForm(press.subject))

    async def _ask(self, interaction: Interaction, press: Press) -> None:
        async def before() -> Continued:
            turns = await asyncio.to_thread(self._desk.store.conversation, press.subject)
            return Continued(turns, press.subject)

        private = interaction.message is not None and interaction.message.flags.ephemeral
        asked = Asked(interaction.user.id, interaction.guild_id, interaction.channel_id)
        question = Question(typed(interaction), asked, before, private=private, hidden=True)
        await self._desk.answer(InteractionReply(interaction, private=private), question)

    async def _judge(
        self, interaction: Interaction, press: Press, verdict: Verdict, citation: int = 0
    ) -> Sequence[Message]:
        kept = await self._kept(press)
        await asyncio.to_thread(self._desk.store.judge, kept.id, interaction.user.id, verdict, citation)
        return (_THANKS,)

    async def _kept(self, press: Press) -> Kept:
        kept = await asyncio.to_thread(self._desk.store.answer, press.subject)
        if kept is None:
            raise Forgotten("I no longer have this answer. Please ask again.")
        return kept

    async def _document(self, document_id: str) -> Document | None:
        try:
            return await asyncio.to_thread(self._desk.library.document, document_id)
        except UnknownDocument:
            return None


def _page(press: Press) -> int:
    return int(press.detail[1:]) if press.detail[1:].isdecimal() else 0
