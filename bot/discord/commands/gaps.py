"""/gaps: the questions that could not be answered and the answers that people found wrong."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.answer import Status
from bot.discord.desk import Desk
from bot.discord.message import Embed, Message, TextFile
from bot.discord.neutral import clipped, length, neutral
from bot.discord.replies import InteractionReply
from bot.discord.store import Gap

_FILE = "queries.jsonl"
_ALIKE = 0.4
_SHOWN_LENGTH = 3500


class Gaps(commands.Cog):
    """Shows admins where the documents or the answers fall short."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(name=_("gaps"), description=_("Questions without an answer, and answers that were wrong"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(self, interaction: discord.Interaction[Any]) -> None:
        """Show the gaps of this guild, and export them."""
        await self._desk.jobs.run(InteractionReply(interaction, private=True), self._shown(interaction.guild_id))

    async def _shown(self, guild: int | None) -> Sequence[Message]:
        assert guild is not None  # the command is for guilds only
        gaps = await asyncio.to_thread(self._desk.store.gaps, guild)
        if not gaps:
            return (Message("**No gaps.** Every question here was answered, and nobody has complained."),)
        groups = await asyncio.to_thread(alike, gaps)
        embed = Embed("Gaps", "\n".join(_lines(groups)), footer=f"The attached file is for footnote evaluate: {_FILE}")
        return (Message(embeds=(embed,), file=TextFile(_FILE, as_queries(gaps))),)


def alike(gaps: Sequence[Gap]) -> list[list[Gap]]:
    """Return `gaps` in groups of questions that share most of their letter triples, the largest groups first."""
    groups: list[tuple[frozenset[str], list[Gap]]] = []
    for gap in gaps:
        triples = _triples(gap.question)
        home = next((group for head, group in groups if _likeness(head, triples) >= _ALIKE), None)
        if home is None:
            groups.append((triples, [gap]))
        else:
            home.append(gap)
    return sorted((group for _head, group in groups), key=len, reverse=True)


def as_queries(gaps: Sequence[Gap]) -> str:
    """Return `gaps` as lines for `footnote evaluate`: somebody who knows fills in the answers."""
    rows = [
        {
            "id": gap.id,
            "text": gap.question,
            "answers": [],
            "answerable": True,
            "evidence": [],
            "status": gap.status,
            "complaints": list(gap.complaints),
        }
        for gap in gaps
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _lines(groups: Sequence[Sequence[Gap]]) -> list[str]:
    lines: list[str] = []
    room = _SHOWN_LENGTH
    for group in groups:
        line = f"- **{len(group)}×** {clipped(neutral(' '.join(group[0].question.split())), 200)} · {_why(group)}"
        room -= length(line) + 1
        if room < 0:
            return [*lines, f"… and {len(groups) - len(lines):,} more in the file"]
        lines.append(line)
    return lines


def _why(group: Sequence[Gap]) -> str:
    reasons = Counter(
        reason
        for gap in group
        for reason in ([gap.status.replace("_", " ")] if gap.status is not Status.ANSWERED else [])
        + [complaint.replace("-", " ") for complaint in gap.complaints]
    )
    return ", ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in reasons.most_common())


def _triples(text: str) -> frozenset[str]:
    folded = f"  {' '.join(text.casefold().split())} "
    return frozenset(folded[at : at + 3] for at in range(len(folded) - 2))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
