"""Feedback: what people say of an answer, and of a source in it; and what those who manage a server see of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.answers.conversation import shown_answer
from bot.discord.answers.stored import stored_answer
from bot.discord.features.components import Feature, Handler, Interaction, refuse_unknown
from bot.discord.features.forms import Form, typed
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Menu, Message
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.notices import Refused, notice
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.store import Store, Verdict
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words

_LONGEST_REMARK = 500
_REMARKS = 10
_DIGITS = 6  # of the number of a citation; more are no number that any answer has


def thumbs(answer_id: str) -> tuple[Button, Button]:
    """Return the buttons that say whether an answer was good."""
    return Button("", str(CustomId("good", answer_id)), emoji="👍"), Button(
        "", str(CustomId("bad", answer_id)), emoji="👎"
    )


def wrong_source_button(answer_id: str, citation: int, words: Words) -> Button:
    """Return the button that says that the source of a citation does not say what the answer does."""
    return Button(words("Wrong source"), str(CustomId("wrong", answer_id, f"{citation}")), emoji="⚠️")


class Feedback(Feature):
    """Notes what people say of answers."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def handlers(self) -> Mapping[str, Handler]:
        """Return the thumbs, the menu that asks what was wrong, the form for words, and the button under a source."""
        return {
            "good": self._good,
            "bad": self._bad,
            "why": self._why,
            "say": self._open,
            "said": self._said,
            "wrong": self._wrong_source,
        }

    def message_menu(self) -> Iterable[app_commands.ContextMenu]:
        """Return what people said of an answer, for those who manage the server."""
        menu = app_commands.ContextMenu(name=_("Feedback"), callback=self._tally)
        menu.default_permissions = discord.Permissions(manage_guild=True)
        menu.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
        menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
        return (menu,)

    async def _good(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._judge(interaction, custom_id, Verdict.GOOD, reply.words))

    async def _bad(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._ask_why(interaction, custom_id, reply.words))

    async def _why(self, interaction: Interaction, custom_id: CustomId) -> None:
        data: Any = interaction.data
        chosen = [value for value in data.get("values") or () if value in set(Verdict)]
        if not chosen:
            await refuse_unknown(interaction)
            return
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._judge(interaction, custom_id, Verdict(chosen[0]), reply.words, more=True))

    async def _open(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction)
        words = reply.words
        form = Form(
            words("What was wrong?"),
            CustomId("said", custom_id.subject),
            words("In your own words"),
            max_length=_LONGEST_REMARK,
        )
        await reply.open(form)

    async def _said(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._remark(interaction, custom_id.subject, typed(interaction), reply.words))

    async def _wrong_source(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        number = custom_id.detail
        citation = int(number) if number.isdecimal() and len(number) <= _DIGITS else 0
        work = self._judge(interaction, custom_id, Verdict.WRONG_SOURCE, reply.words, citation, more=True)
        await self._jobs.run(reply, work)

    async def _tally(self, interaction: Interaction, message: discord.Message) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._tallied(shown_answer(message), reply.words))

    async def _ask_why(self, interaction: Interaction, custom_id: CustomId, words: Words) -> Sequence[Message]:
        await self._judge(interaction, custom_id, Verdict.WRONG, words)
        options = tuple((verdict.value, _complaint(verdict, words)) for verdict in Verdict if verdict != Verdict.GOOD)
        menu = Menu(str(CustomId("why", custom_id.subject)), words("What was wrong?"), options)
        rows = ((menu,), (_words_button(custom_id.subject, words),))
        return (Message(words("Thank you. What was wrong?"), rows=rows),)

    async def _judge(
        self,
        interaction: Interaction,
        custom_id: CustomId,
        verdict: Verdict,
        words: Words,
        citation: int = 0,
        *,
        more: bool = False,
    ) -> Sequence[Message]:
        stored = await stored_answer(self._store, custom_id.subject, words)
        await asyncio.to_thread(self._store.judge, stored.id, interaction.user.id, verdict, citation)
        rows = ((_words_button(stored.id, words),),) if more else ()
        return (Message(words("Thank you. It is noted."), rows=rows),)

    async def _remark(self, interaction: Interaction, answer_id: str, text: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        await asyncio.to_thread(self._store.remark, stored.id, interaction.user.id, text)
        return (notice(words("Thank you. It is noted.")),)

    async def _tallied(self, answer_id: str | None, words: Words) -> Sequence[Message]:
        if answer_id is None:
            raise Refused(words("This is no answer of mine."))
        stored = await stored_answer(self._store, answer_id, words)
        verdicts = Counter(await asyncio.to_thread(self._store.verdicts, stored.id))
        remarks = await asyncio.to_thread(self._store.remarks, stored.id)
        said = [f"👍 {verdicts.pop(Verdict.GOOD, 0)}"]
        said += [f"{times} × {_complaint(verdict, words)}" for verdict, times in verdicts.most_common()]
        quoted = [f"> {inline(each, 150)}" for each in remarks[:_REMARKS]]
        return (Message("\n".join([" · ".join(said), *quoted])),)


def _words_button(answer_id: str, words: Words) -> Button:
    return Button(words("In your own words"), str(CustomId("say", answer_id)), emoji="✏️")


def _complaint(verdict: Verdict, words: Words) -> str:
    match verdict:
        case Verdict.GOOD:
            return words("It is good")
        case Verdict.WRONG:
            return words("The answer is wrong")
        case Verdict.WRONG_SOURCE:
            return words("The source does not say that")
        case Verdict.OUT_OF_DATE:
            return words("It is out of date")
        case Verdict.MISSING:
            return words("Something is missing")
