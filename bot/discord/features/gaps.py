"""Gaps: `/gaps`, the questions that could not be answered and the answers that people found wrong."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.answer import Status
from bot.discord.features.components import Feature, Interaction
from bot.discord.messaging.message import Embed, Message, TextFile
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.replies import InteractionReply
from bot.discord.messaging.splitting import fitting
from bot.discord.store import Gap, Store
from bot.discord.work.jobs import Jobs

_FILE = "queries.jsonl"
_ALIKE = 0.4
_SHOWN_LENGTH = 3500


class Gaps(Feature):
    """Shows admins where the documents or the answers fall short."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    @app_commands.command(name=_("gaps"), description=_("Questions without an answer, and answers that were wrong"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(self, interaction: Interaction) -> None:
        """Show the gaps of this guild, and export them."""
        await self._jobs.run(InteractionReply(interaction, private=True), self._shown(interaction.guild_id))

    async def _shown(self, guild: int | None) -> Sequence[Message]:
        assert guild is not None  # the command is for guilds only
        gaps = await asyncio.to_thread(self._store.gaps, guild)
        if not gaps:
            return (Message("**No gaps.** Every question here was answered, and nobody has complained."),)
        return (await asyncio.to_thread(gaps_message, gaps),)


def gaps_message(gaps: Sequence[Gap]) -> Message:
    """Return the message that shows `gaps`, at least one, by likeness; the whole list goes with it as a file."""
    embed = Embed("Gaps", "\n".join(_lines(alike(gaps))), footer=f"The attached file is for footnote evaluate: {_FILE}")
    return Message(embeds=(embed,), file=TextFile(_FILE, as_queries(gaps)))


def alike(gaps: Sequence[Gap]) -> list[list[Gap]]:
    """`gaps` in groups of questions that share most of their letter triples, the largest groups first."""
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
    """`gaps` as lines for `footnote evaluate`: somebody who knows fills in the answers."""
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
    lines = fitting(map(_group_line, groups), _SHOWN_LENGTH)
    left = len(groups) - len(lines)
    return [*lines, f"… and {left:,} more in the file"] if left else lines


def _group_line(group: Sequence[Gap]) -> str:
    question = inline(group[0].question, 200)
    return f"- **{len(group)}×** {question} · {_why(group)}"


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
