"""Gaps: `/gaps`, the questions that could not be answered and the answers that people found wrong."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.answer import Status
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Embed, Menu, Message, TextFile
from bot.discord.messaging.neutral import inline, label
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.messaging.splitting import fitting
from bot.discord.store import Gap, Store, Verdict
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words

_FILE = "queries.jsonl"
_ALIKE = 0.4
_SHOWN_LENGTH = 3500
_OPTIONS, _OPTION = 25, 100


class Gaps(Feature):
    """Shows admins where the documents or the answers fall short."""

    def __init__(self, library: Library, store: Store, jobs: Jobs, viewers: Viewers) -> None:
        self._library = library
        self._viewers = viewers
        self._store = store
        self._jobs = jobs

    @app_commands.command(name=_("gaps"), description=_("Questions without an answer, and answers that were wrong"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(self, interaction: Interaction) -> None:
        """Show the gaps of this guild, and export them."""
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._shown(interaction, reply.words))

    def handlers(self) -> Mapping[str, Handler]:
        """Return the menu that marks a gap as dealt with."""
        return {"close": self._close}

    async def _close(self, interaction: Interaction, __: CustomId) -> None:
        data: Any = interaction.data
        reply = InPlaceReply(interaction)
        chosen = data["values"][0]
        await self._jobs.run(reply, self._closed(interaction, chosen, reply.words))

    async def _seen(self, interaction: Interaction) -> tuple[Gap, ...]:
        """Return the gaps of this guild but for those about documents that who asks may not see."""
        assert interaction.guild_id is not None  # the command is for guilds only
        viewer = await self._viewers.of(interaction, private=True)
        gaps = await asyncio.to_thread(self._store.gaps, interaction.guild_id)
        return await asyncio.to_thread(lambda: tuple(gap for gap in gaps if self._library.sees(viewer, gap.documents)))

    async def _shown(self, interaction: Interaction, words: Words) -> Sequence[Message]:
        gaps = await self._seen(interaction)
        if not gaps:
            return (Message(words("**No gaps.** Every question here was answered, and nobody has complained.")),)
        return (await asyncio.to_thread(gaps_message, gaps, words),)

    async def _closed(self, interaction: Interaction, chosen: str, words: Words) -> Sequence[Message]:
        if not interaction.permissions.manage_guild or interaction.guild_id is None:
            raise Refused(words("You may not do this here."))
        gaps = await self._seen(interaction)
        for gap in next((group for group in alike(gaps) if group[0].id == chosen), ()):
            await asyncio.to_thread(self._store.resolve, gap.id, interaction.user.id)
        return await self._shown(interaction, words)


def gaps_message(gaps: Sequence[Gap], words: Words) -> Message:
    """Return the message that shows `gaps`, at least one, by likeness; the whole list goes with it as a file."""
    groups = alike(gaps)
    footer = words("The attached file is for footnote evaluate: {file}", file=_FILE)
    embed = Embed(words("Gaps"), "\n".join(_lines(groups, words)), footer=footer)
    options = tuple((group[0].id, label(group[0].question, _OPTION)) for group in groups[:_OPTIONS])
    menu = Menu(str(CustomId("close", "gaps")), words("Mark as dealt with"), options)
    return Message(embeds=(embed,), rows=((menu,),), file=TextFile(_FILE, as_queries(gaps)))


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
            "remarks": list(gap.remarks),
        }
        for gap in gaps
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _lines(groups: Sequence[Sequence[Gap]], words: Words) -> list[str]:
    lines = fitting((_group_line(group, words) for group in groups), _SHOWN_LENGTH)
    left = len(groups) - len(lines)
    return [*lines, words("… and {number} more in the file", number=f"{left:,}")] if left else lines


def _group_line(group: Sequence[Gap], words: Words) -> str:
    question = inline(group[0].question, 200)
    link = next((gap.link for gap in group if gap.link), "")
    label = words("open")
    opener = f" · [{label}]({link})" if link else ""
    remark = next((remark for gap in group for remark in gap.remarks), "")
    said = f" · “{inline(remark, 100)}”" if remark else ""
    return f"- **{len(group)}×** {question} · {_why(group, words)}{said}{opener}"


def _why(group: Sequence[Gap], words: Words) -> str:
    reasons = Counter(
        reason
        for gap in group
        for reason in ([_status(gap.status, words)] if gap.status is not Status.ANSWERED else [])
        + [_complaint(complaint, words) for complaint in gap.complaints]
    )
    return ", ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in reasons.most_common())


def _status(status: Status, words: Words) -> str:
    match status:
        case Status.ANSWERED:
            return words("answered")
        case Status.PARTLY_ANSWERED:
            return words("partly answered")
        case Status.RELATED:
            return words("related")
        case Status.NOT_FOUND:
            return words("not found")
        case Status.CLARIFY:
            return words("asked back")


def _complaint(complaint: Verdict, words: Words) -> str:
    match complaint:
        case Verdict.GOOD:
            return words("good")
        case Verdict.WRONG:
            return words("wrong")
        case Verdict.WRONG_SOURCE:
            return words("wrong source")
        case Verdict.OUT_OF_DATE:
            return words("out of date")
        case Verdict.MISSING:
            return words("missing")


def _triples(text: str) -> frozenset[str]:
    folded = f"  {' '.join(text.casefold().split())} "
    return frozenset(folded[at : at + 3] for at in range(len(folded) - 2))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
