"""Refreshing: `/refresh` brings the index up to date, with live progress, for people who may do that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

import discord
from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import EMBED_FIELD_VALUE, Button, Embed, Field, Message, TextFile
from bot.discord.messaging.neutral import inline, one_line
from bot.discord.messaging.notices import complaint, for_people, notice
from bot.discord.messaging.replies import InPlaceReply, InteractionReply, Reply
from bot.discord.messaging.splitting import fitting
from bot.discord.work.jobs import Jobs
from bot.presenting import failures
from bot.presenting.progress import left
from index.errors import CorpusEmpty, CorpusShrunk, FootnoteError
from index.report import Progress, RefreshReport

log = logging.getLogger(__name__)

_NOT_ALLOWED = notice("Only people who manage this server can refresh the index.")
_BETWEEN_UPDATES = 2.0
_BAR = 20
_FILE = "refresh.md"


class Refreshing(Feature):
    """Refreshes the index for people who manage the server or have one of `roles`."""

    def __init__(self, library: Library, jobs: Jobs, roles: frozenset[int]) -> None:
        self._library = library
        self._jobs = jobs
        self._roles = roles
        # Discord's own check knows no roles of ours; with some set, everybody sees the command and we check.
        self.refresh.default_permissions = None if roles else discord.Permissions(manage_guild=True)

    @app_commands.command(name=_("refresh"), description=_("Read the documents again"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def refresh(self, interaction: Interaction) -> None:
        """Refresh the index and show what changed."""
        await self._refresh(interaction, InteractionReply(interaction), allow_shrinking=False)

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button that lets a refresh drop most documents."""
        return {"shrink": self._refresh_anyway}

    async def _refresh_anyway(self, interaction: Interaction, __: CustomId) -> None:
        await self._refresh(interaction, InPlaceReply(interaction), allow_shrinking=True)

    async def _refresh(self, interaction: Interaction, reply: InteractionReply, *, allow_shrinking: bool) -> None:
        if may_refresh(interaction, self._roles):
            log.info("a refresh was asked for", extra={"person": interaction.user.id, "anyway": allow_shrinking})
            await self._jobs.run(reply, refreshed(self._library, reply, allow_shrinking=allow_shrinking))
        else:
            await InteractionReply(interaction).refuse(_NOT_ALLOWED)


def may_refresh(interaction: Interaction, roles: frozenset[int]) -> bool:
    """Whether the person may manage the server, or has one of `roles`."""
    own = {role.id for role in getattr(interaction.user, "roles", ())}
    return interaction.guild_id is not None and (interaction.permissions.manage_guild or bool(own & roles))


async def refreshed(library: Library, reply: Reply, *, allow_shrinking: bool = False) -> Sequence[Message]:
    """Refresh the index, showing through `reply` how far it has come; the messages say what was done.

    A refresh that would drop most documents is not done; the message then asks whether it should be.
    """
    try:
        return (refresh_message(await _watched(library, reply, allow_shrinking)),)
    except (CorpusShrunk, CorpusEmpty) as reason:
        return (_shall_i(reason),)


async def _watched(library: Library, reply: Reply, allow_shrinking: bool) -> RefreshReport:
    latest: list[Progress] = []
    work = asyncio.create_task(
        asyncio.to_thread(library.refresh, allow_shrinking=allow_shrinking, progress=latest.append)
    )
    shown: Progress | None = None
    while not (await asyncio.wait([work], timeout=_BETWEEN_UPDATES))[0]:
        if latest and latest[-1] != shown:
            shown = latest[-1]
            del latest[:-1]
            await reply.update(progress_message(shown))
    return work.result()


def _shall_i(reason: FootnoteError) -> Message:
    yes = Button("Refresh anyway", str(CustomId("shrink", "index")), style="danger")
    return Message(complaint(reason).content, rows=((yes,),))


def progress_message(progress: Progress) -> Message:
    """How far a refresh has come."""
    done = min(1.0, progress.done / progress.total) if progress.total > 0 else 0.0
    bar = "█" * int(done * _BAR) + "░" * (_BAR - int(done * _BAR))
    step = inline(progress.step, 40)
    rest = left(progress)
    counts = f"{progress.done:,} of {progress.total:,}" + (f" · {rest}" if rest else "")
    return Message(f"**Refreshing the index** · {step}\n`{bar}` {counts}")


def refresh_message(report: RefreshReport) -> Message:
    """Return the report of a refresh; where the lists do not fit, the whole report goes with it as a file."""
    failed = [f"{failure.source}: {for_people(failures.reason(failure))}" for failure in report.failed]
    lists: dict[str, Sequence[str]] = {"Added": report.added, "Changed": report.changed, "Removed": report.removed}
    lists["Failed"] = failed
    shown = {name: _shown(lines) for name, lines in lists.items() if lines}
    summary = (
        f"Generation {report.generation} · {report.passages:,} passages, {report.embedded:,} embedded"
        f" · {report.unchanged:,} documents unchanged · {report.seconds:.1f} s"
    )
    if report.stages:
        summary += "\n" + " · ".join(f"{step} {seconds:.1f} s" for step, seconds in report.stages.items())
    title = "The index is refreshed" if report.added or report.changed or report.removed else "Nothing had changed"
    fields = tuple(_field(name, lines, len(lists[name])) for name, lines in shown.items())
    whole = all(len(lines) == len(lists[name]) for name, lines in shown.items())
    file = None if whole else TextFile(_FILE, _as_markdown(title, summary, lists))
    return Message(embeds=(Embed(title, summary, fields=fields),), file=file)


def _field(name: str, lines: Sequence[str], of: int) -> Field:
    more = [f"… and {of - len(lines):,} more"] if len(lines) < of else []
    return Field(f"{name} {of:,}", "\n".join([*lines, *more]))


def _shown(lines: Sequence[str]) -> list[str]:
    room = EMBED_FIELD_VALUE - len("… and 1,000,000 more")
    return fitting((f"- {inline(line, 200)}" for line in lines), room)


def _as_markdown(title: str, summary: str, lists: Mapping[str, Sequence[str]]) -> str:
    parts = [f"# {title}", summary]
    for name, lines in lists.items():
        parts += [f"## {name}", "\n".join(f"- {one_line(line)}" for line in lines) or "none"]
    return "\n\n".join(parts) + "\n"
