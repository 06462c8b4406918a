"""Refreshing: the index is brought up to date, with live progress, for people who may do that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.discord.desk import Desk
from bot.discord.identifiers import Press
from bot.discord.message import Button, Message
from bot.discord.replies import Reply
from bot.discord.reports import complaint, notice, progress_message, refresh_message
from index.errors import CorpusEmpty, CorpusShrunk, FootnoteError
from index.report import Progress, RefreshReport

NOT_ALLOWED = notice("Only people who manage this server can refresh the index.")
_BETWEEN_UPDATES = 2.0


def may_refresh(interaction: discord.Interaction[Any], roles: frozenset[int]) -> bool:
    """Return whether the person may manage the server, or has one of `roles`."""
    own = {role.id for role in getattr(interaction.user, "roles", ())}
    return interaction.guild_id is not None and (interaction.permissions.manage_guild or bool(own & roles))


async def refresh(desk: Desk, reply: Reply, *, allow_shrinking: bool = False) -> Sequence[Message]:
    """Refresh the index, showing through `reply` how far it has come, and return the report.

    A refresh that would drop most documents is not done; what comes back then asks whether it should be.
    """
    try:
        report = await _watched(desk, reply, allow_shrinking)
    except (CorpusShrunk, CorpusEmpty) as reason:
        return (_shall_i(reason),)
    await asyncio.to_thread(desk.library.reload)
    return (refresh_message(report),)


async def _watched(desk: Desk, reply: Reply, allow_shrinking: bool) -> RefreshReport:
    latest: list[Progress] = []
    work = asyncio.create_task(
        asyncio.to_thread(desk.library.refresh, allow_shrinking=allow_shrinking, progress=latest.append)
    )
    shown: Progress | None = None
    while not (await asyncio.wait([work], timeout=_BETWEEN_UPDATES))[0]:
        if latest and latest[-1] != shown:
            shown = latest[-1]
            del latest[:-1]
            await reply.update(progress_message(shown))
    return work.result()


def _shall_i(reason: FootnoteError) -> Message:
    yes = Button("Refresh anyway", str(Press("shrink", "index")), style="danger")
    return Message(complaint(reason).content, rows=((yes,),))
