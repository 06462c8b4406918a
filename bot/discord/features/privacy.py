"""Privacy: `/privacy`, what the bot keeps of somebody, its deletion, and whether what they say is indexed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.following.following import Following
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
_WISHES = [
    app_commands.Choice(name=_("forget me"), value="forget"),
    app_commands.Choice(name=_("index what I say again"), value="hear"),
]


class Privacy(Feature):
    """Shows people what is kept of them, deletes it, and forgets what they say in channels that are indexed."""

    def __init__(self, library: Library, following: Following, history: History, servers: Servers, jobs: Jobs) -> None:
        self._library = library
        self._following = following
        self._history = history
        self._servers = servers
        self._jobs = jobs

    @app_commands.command(name=_("privacy"), description=_("See and delete the questions that I keep of you"))
    @app_commands.describe(wish=_("What I shall do with what you ask and say"))
    @app_commands.choices(wish=_WISHES)
    async def privacy(self, interaction: Interaction, wish: str | None = None) -> None:
        """Show what is kept of whoever asks, or do as they wish."""
        reply = InteractionReply(interaction, private=True)
        person, words = interaction.user.id, reply.words
        match wish:
            case "forget":
                await self._jobs.run(reply, self._forgotten_everywhere(person, words))
            case "hear":
                await self._jobs.run(reply, self._heard_again(person, words))
            case _:
                await self._jobs.run(reply, self._kept(person, interaction.guild_id, words))

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button that deletes it."""
        return {"forget": self._forget}

    async def _forget(self, interaction: Interaction, __: CustomId) -> None:
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._forgotten(interaction.user.id, reply.words))

    async def _kept(self, person: int, guild: int | None, words: Words) -> Sequence[Message]:
        asked = await asyncio.to_thread(self._history.of, person)
        days = await asyncio.to_thread(self._servers.retention_days, guild)
        said = await asyncio.to_thread(self._library.kept_channels.count_of, person)
        return (kept_message(asked, days, words, said),)

    async def _forgotten(self, person: int, words: Words) -> Sequence[Message]:
        return (notice(await self._deleted(person, words)),)

    async def _forgotten_everywhere(self, person: int, words: Words) -> Sequence[Message]:
        number = await self._following.forget_person(person)
        number += await asyncio.to_thread(self._library.attached.forget_person, person)
        left = words.plural(
            "{number} message of yours leaves the index, and what you say is not indexed any more.",
            "{number} messages of yours leave the index, and what you say is not indexed any more.",
            number,
        )
        return (notice(f"{await self._deleted(person, words)} {left}"),)

    async def _heard_again(self, person: int, words: Words) -> Sequence[Message]:
        await self._following.hear_again(person)
        return (notice(words("What you say in the channels that are indexed is indexed again.")),)

    async def _deleted(self, person: int, words: Words) -> str:
        number = await asyncio.to_thread(self._history.forget_person, person)
        return words.plural(
            "{number} question of yours is deleted.", "{number} questions of yours are deleted.", number
        )


def kept_message(asked: Sequence[Asked], days: int, words: Words, said: int = 0) -> Message:
    """Return what is kept of somebody: their latest questions, all of them in a file, and a button to delete them.

    Of the messages that are indexed it says how many they `said`.
    """
    how = words.plural(
        "I keep questions, my answers and what people say of them for {number} day, with the id of whoever asked."
        " Nobody is shown what you asked privately.",
        "I keep questions, my answers and what people say of them for {number} days, with the id of whoever asked."
        " Nobody is shown what you asked privately.",
        days,
    )
    if said:
        indexed = words.plural("{number} message of yours is indexed.", "{number} messages of yours are indexed.", said)
        how = f"{indexed} {how}"
    if not asked:
        nothing = words("I keep no question of yours.")
        return notice(f"{nothing} {how}")
    head = words.plural("I keep **{number} question** of yours.", "I keep **{number} questions** of yours.", len(asked))
    lines = [f"- {each.at:%Y-%m-%d} {inline(each.question, 100)}" for each in asked[:_SHOWN]]
    every = "".join(f"- {each.at:%Y-%m-%d %H:%M} {one_line(each.question)}\n" for each in asked)
    button = Button(words("Delete them all"), str(CustomId("forget", "all")), style="danger")
    file = TextFile(_FILE, every) if len(asked) > _SHOWN else None
    return Message("\n".join([head, *lines, f"-# {how}"]), rows=((button,),), file=file)
