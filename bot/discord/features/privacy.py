"""Privacy: `/privacy`, what the bot keeps of somebody, and its deletion."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.history import Asked, History
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Message, TextFile
from bot.discord.messaging.neutral import inline, one_line
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.servers import Servers
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words

_SHOWN = 10
_FILE = "questions.md"


class Privacy(Feature):
    """Shows people what is kept of them, and deletes it."""

    def __init__(self, history: History, servers: Servers, jobs: Jobs) -> None:
        self._history = history
        self._servers = servers
        self._jobs = jobs

    @app_commands.command(name=_("privacy"), description=_("See and delete the questions that I keep of you"))
    async def privacy(self, interaction: Interaction) -> None:
        """Show what is kept of whoever asks."""
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._kept(interaction.user.id, interaction.guild_id, reply.words))

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button that deletes it."""
        return {"forget": self._forget}

    async def _forget(self, interaction: Interaction, __: CustomId) -> None:
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._forgotten(interaction.user.id, reply.words))

    async def _kept(self, person: int, guild: int | None, words: Words) -> Sequence[Message]:
        asked = await asyncio.to_thread(self._history.of, person)
        days = await asyncio.to_thread(self._servers.retention_days, guild)
        return (kept_message(asked, days, words),)

    async def _forgotten(self, person: int, words: Words) -> Sequence[Message]:
        number = await asyncio.to_thread(self._history.forget_person, person)
        line = words.plural(
            "{number} question of yours is deleted.", "{number} questions of yours are deleted.", number
        )
        return (notice(line),)


def kept_message(asked: Sequence[Asked], days: int, words: Words) -> Message:
    """Return what is kept of somebody: their latest questions, all of them in a file, and a button to delete them."""
    how = words.plural(
        "I keep questions, my answers and what people say of them for {number} day, with the id of whoever asked."
        " Nobody is shown what you asked privately.",
        "I keep questions, my answers and what people say of them for {number} days, with the id of whoever asked."
        " Nobody is shown what you asked privately.",
        days,
    )
    if not asked:
        nothing = words("I keep no question of yours.")
        return notice(f"{nothing} {how}")
    head = words.plural("I keep **{number} question** of yours.", "I keep **{number} questions** of yours.", len(asked))
    lines = [f"- {each.at:%Y-%m-%d} {inline(each.question, 100)}" for each in asked[:_SHOWN]]
    every = "".join(f"- {each.at:%Y-%m-%d %H:%M} {one_line(each.question)}\n" for each in asked)
    button = Button(words("Delete them all"), str(CustomId("forget", "all")), style="danger")
    file = TextFile(_FILE, every) if len(asked) > _SHOWN else None
    return Message("\n".join([head, *lines, f"-# {how}"]), rows=((button,),), file=file)
