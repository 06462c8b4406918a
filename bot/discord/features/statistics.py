"""Statistics: `/stats`, and what is told to a server of each week."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.backend import Library
from bot.discord.features.components import Feature, Interaction
from bot.discord.history import History, Week
from bot.discord.history import Statistics as Numbers
from bot.discord.messaging.delivery import post
from bot.discord.messaging.message import Embed, Field, Message, Picture
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.replies import InteractionReply
from bot.discord.servers import Servers
from bot.discord.store import Store
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words, words_in
from index.access import Viewer

_FILE = "statistics.png"
# Blue, orange and grey of a palette that people who see no red or no green tell apart (Okabe and Ito 2008).
_ANSWERED, _REFUSED, _TEXT = "#56B4E9", "#E69F00", "#8a8f98"


class Statistics(Feature):
    """Shows those who manage a server what became of its questions."""

    def __init__(self, library: Library, history: History, jobs: Jobs, viewers: Viewers) -> None:
        self._library = library
        self._viewers = viewers
        self._history = history
        self._jobs = jobs

    @app_commands.command(name=_("stats"), description=_("What became of the questions here, week by week"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def stats(self, interaction: Interaction) -> None:
        """Show the numbers of this server."""
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._shown(interaction, reply.words))

    async def _shown(self, interaction: Interaction, words: Words) -> Sequence[Message]:
        assert interaction.guild_id is not None  # the command is for guilds only
        viewer = await self._viewers.of(interaction, private=True)
        numbers = await asyncio.to_thread(_numbers, self._history, self._library, interaction.guild_id, viewer)
        return (await asyncio.to_thread(statistics_message, numbers, words),)


async def tell_of_the_week(
    client: discord.Client, servers: Servers, history: History, store: Store, library: Library
) -> None:
    """Tell each server that wants it of the week that ended last, once, in what everybody in that channel may see."""
    viewers = Viewers(library, client)
    monday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday())
    for guild_id in await asyncio.to_thread(servers.with_digest):
        name = f"digest:{guild_id}"
        guild = client.get_guild(guild_id)
        wanted = await asyncio.to_thread(servers.digest_channel, guild_id)
        channel: Any = client.get_channel(wanted or 0)
        if guild is None or channel is None or await asyncio.to_thread(store.fact, name) == f"{monday}":
            continue
        words = words_in(servers.locale(guild_id) or str(guild.preferred_locale))
        viewer = await viewers.in_channel(channel)
        numbers = await asyncio.to_thread(_numbers, history, library, guild_id, viewer)
        await asyncio.to_thread(store.set_fact, name, f"{monday}")
        await post(channel, await asyncio.to_thread(statistics_message, numbers, words))


def _numbers(history: History, library: Library, guild: int, viewer: Viewer) -> Numbers:
    return history.statistics(guild, lambda document: library.sees(viewer, (document,)))


def statistics_message(numbers: Numbers, words: Words) -> Message:
    """Return the numbers of the last weeks, with a picture of them."""
    weeks = numbers.weeks
    asked, answered = sum(week.asked for week in weeks), sum(week.answered for week in weeks)
    good, bad = sum(week.good for week in weeks), sum(week.bad for week in weeks)
    sources = "\n".join(f"{times:,} × {inline(title, 100)}" for title, times in numbers.sources)
    fields = [
        Field(words("Questions"), f"{asked:,}", inline=True),
        Field(words("Answered"), _share(answered, asked), inline=True),
        Field(words("Not answered"), _share(asked - answered, asked), inline=True),
        Field(words("Verdicts"), f"👍 {good:,} · 👎 {bad:,}", inline=True),
        Field(words("Time for an answer"), _latency(numbers.milliseconds, words), inline=True),
    ]
    if sources:
        fields.append(Field(words("Most cited"), sources))
    title = words.plural("The last {number} week", "The last {number} weeks", len(weeks))
    picture = Picture(_FILE, picture_of(weeks), words("Questions a week: answered, and not answered"))
    return Message(embeds=(Embed(title, fields=tuple(fields)),), file=picture)


def picture_of(weeks: Sequence[Week]) -> bytes:
    """Return a PNG of the questions of each week, answered below and not answered above; it reads on dark and light.

    Its words are numbers and dates alone, which every font has.
    """
    # Imported here because it takes half a second, and only those who look at statistics need it.
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 3), dpi=150, facecolor="none", layout="constrained")
    axes = figure.subplots()
    axes.set_facecolor("none")
    days = [f"{week.monday:%m-%d}" for week in weeks]
    answered = [week.answered for week in weeks]
    axes.bar(days, answered, color=_ANSWERED)
    axes.bar(days, [week.refused for week in weeks], bottom=answered, color=_REFUSED)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(colors=_TEXT)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_TEXT)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.0%})" if whole else f"{part:,}"


def _latency(milliseconds: Sequence[float], words: Words) -> str:
    if len(milliseconds) < 2:
        return "–"
    *_rest, slowest = quantiles(milliseconds, n=20)
    return words(
        "median {median} ms, 95 % within {slowest} ms", median=f"{median(milliseconds):,.0f}", slowest=f"{slowest:,.0f}"
    )
