"""Refreshing: `/refresh` brings the index up to date, with live progress, for people who may do that."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import EMBED_FIELD_VALUE, Button, Embed, Field, Message, TextFile
from bot.discord.messaging.neutral import inline, one_line
from bot.discord.messaging.notices import complaint, notice, without_folders
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.messaging.splitting import fitting
from bot.discord.servers import Servers
from bot.discord.work.jobs import Interim, Jobs
from bot.discord.work.viewers import Viewers
from bot.errors import Stopped
from bot.presenting import failures
from bot.presenting.progress import left
from bot.presenting.words import Words
from index.access import Viewer
from index.errors import CorpusEmpty, CorpusShrunk, FootnoteError, IndexMissing
from index.report import Failure, Progress, RefreshReport

log = logging.getLogger(__name__)

# For the line that tells how many more there are, in whatever language.
_ROOM_FOR_MORE = 60
_BAR = 20
_FILE = "refresh.md"


class Refreshing(Feature):
    """Refreshes the index for people who manage the server, have one of `roles`, or the role that the server named.

    Discord hides the command from everybody else; for a role, somebody shows it under Server Settings › Integrations.
    """

    def __init__(self, library: Library, jobs: Jobs, servers: Servers, viewers: Viewers, roles: frozenset[int]) -> None:
        self._library = library
        self._viewers = viewers
        self._jobs = jobs
        self._servers = servers
        self._roles = roles

    @app_commands.command(name=_("refresh"), description=_("Read the documents again"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def refresh(self, interaction: Interaction) -> None:
        """Refresh the index and show what changed."""
        await self._refresh(interaction, InteractionReply(interaction), allow_shrinking=False)

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button that lets a refresh drop most documents."""
        return {"shrink": self._refresh_anyway}

    async def _refresh_anyway(self, interaction: Interaction, __: CustomId) -> None:
        await self._refresh(interaction, InPlaceReply(interaction), allow_shrinking=True)

    async def _refresh(self, interaction: Interaction, reply: InteractionReply, *, allow_shrinking: bool) -> None:
        words = reply.words
        if not await may_refresh_here(interaction, self._servers, self._roles):
            await InteractionReply(interaction).refuse(may_not_refresh(words))
            return
        log.info("a refresh was asked for", extra={"person": interaction.user.id, "anyway": allow_shrinking})
        interim = Interim(words)
        viewer = partial(self._viewers.of, interaction, private=False)
        work = refreshed(self._library, viewer, interim, words, allow_shrinking=allow_shrinking)
        await self._jobs.run(reply, work, interaction.user.id, interim)


def may_not_refresh(words: Words) -> Message:
    """Return what somebody is told who may not refresh the index."""
    return notice(words("Only people who manage this server can refresh the index."))


async def may_refresh_here(interaction: Interaction, servers: Servers, roles: frozenset[int]) -> bool:
    """Whether the person may refresh: who may manage the server, or has one of `roles` or the one it named for that."""
    role = await asyncio.to_thread(servers.refresh_role, interaction.guild_id)
    return may_refresh(interaction, roles | ({role} if role else set()))


def may_refresh(interaction: Interaction, roles: frozenset[int]) -> bool:
    """Whether the person may manage the server, or has one of `roles`."""
    own = {role.id for role in getattr(interaction.user, "roles", ())}
    return interaction.guild_id is not None and (interaction.permissions.manage_guild or bool(own & roles))


async def refreshed(
    library: Library,
    viewer: Callable[[], Awaitable[Viewer]],
    interim: Interim,
    words: Words,
    *,
    allow_shrinking: bool = False,
) -> Sequence[Message]:
    """Refresh the index, showing through `interim` how far it has come; the messages say what was done.

    Of documents that the viewer does not see they say nothing.

    Whoever cancels this stops the refresh, and the index stays as it was.

    A refresh that would drop most documents is not done; the message then asks whether it should be.
    """
    try:
        _, message = await reported(library, viewer, interim, words, allow_shrinking=allow_shrinking)
        return (message,)
    except (CorpusShrunk, CorpusEmpty) as reason:
        return (_shall_i(reason, words),)


async def reported(
    library: Library,
    viewer: Callable[[], Awaitable[Viewer]],
    interim: Interim,
    words: Words,
    *,
    allow_shrinking: bool = False,
    only: frozenset[str] | None = None,
) -> tuple[RefreshReport, Message]:
    """Refresh the index, and return what was done: all of it, and the message that says what the viewer sees of it.

    Sources by other names than those in `only` are not asked, if there are any. Raises what `Library.refresh` raises.
    """
    sight = await viewer()
    before = await asyncio.to_thread(_names, library, sight)
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def tell(progress: Progress) -> None:
        if stop.is_set():
            raise Stopped
        loop.call_soon_threadsafe(interim.say, progress_message(progress, words), "")

    try:
        report = await asyncio.to_thread(library.refresh, allow_shrinking=allow_shrinking, progress=tell, only=only)
    finally:
        stop.set()
    return report, refresh_message(await asyncio.to_thread(_seen, report, library, sight, before), words)


def _names(library: Library, viewer: Viewer) -> frozenset[str]:
    """Return the names of all files, copies too, that a viewer sees in the index; none where there is no index yet."""
    try:
        documents = library.sources(viewer)
    except IndexMissing:
        return frozenset()
    return frozenset(name for each in documents for name in (each.source, *each.also))


def _seen(report: RefreshReport, library: Library, viewer: Viewer, before: frozenset[str]) -> RefreshReport:
    """Return of a report what is about documents that a viewer sees, or saw `before`."""
    generation = library.generation(viewer)
    if not library.hides(viewer) or generation is None:
        return report
    seen = before | (after := _names(library, viewer))
    added, changed, removed = (
        tuple(name for name in names if name in seen) for names in (report.added, report.changed, report.removed)
    )
    return replace(
        report,
        added=added,
        changed=changed,
        removed=removed,
        unchanged=len(after.difference(added, changed)),
        failed=tuple(failure for failure in report.failed if failure.source in seen),
        passages=generation.passages,
    )


def _shall_i(reason: FootnoteError, words: Words) -> Message:
    yes = Button(words("Refresh anyway"), str(CustomId("shrink", "index")), style="danger")
    return Message(complaint(reason, words).content, rows=((yes,),))


def progress_message(progress: Progress, words: Words) -> Message:
    """How far a refresh has come."""
    done = min(1.0, progress.done / progress.total) if progress.total > 0 else 0.0
    bar = "█" * int(done * _BAR) + "░" * (_BAR - int(done * _BAR))
    head, step = words("Refreshing the index"), inline(progress.step, 40)
    far = words("{done} of {total}", done=f"{progress.done:,}", total=f"{progress.total:,}")
    rest = left(progress, words)
    return Message(f"**{head}** · {step}\n`{bar}` {far}" + (f" · {rest}" if rest else ""))


def refresh_message(report: RefreshReport, words: Words) -> Message:
    """Return the report of a refresh; where the lists do not fit, the whole report goes with it as a file."""
    lists: dict[str, Sequence[str]] = {
        words("Added"): report.added,
        words("Changed"): report.changed,
        words("Removed"): report.removed,
        words("Failed"): [_failed(failure, words) for failure in report.failed],
    }
    shown = {name: _shown(lines) for name, lines in lists.items() if lines}
    summary = words(
        "Generation {generation} · {passages} passages, {embedded} embedded · {unchanged} documents unchanged"
        " · {seconds} s",
        generation=report.generation,
        passages=f"{report.passages:,}",
        embedded=f"{report.embedded:,}",
        unchanged=f"{report.unchanged:,}",
        seconds=f"{report.seconds:.1f}",
    )
    if report.stages:
        summary += "\n" + " · ".join(f"{step} {seconds:.1f} s" for step, seconds in report.stages.items())
    is_new = report.added or report.changed or report.removed
    title = words("The index is refreshed") if is_new else words("Nothing had changed")
    fields = tuple(_field(name, lines, len(lists[name]), words) for name, lines in shown.items())
    whole = all(len(lines) == len(lists[name]) for name, lines in shown.items())
    file = None if whole else TextFile(_FILE, _as_markdown(title, summary, lists))
    return Message(embeds=(Embed(title, summary, fields=fields),), file=file)


def _failed(failure: Failure, words: Words) -> str:
    return f"{failure.source}: {without_folders(failures.reason(failure, words))}"


def _field(name: str, lines: Sequence[str], of: int, words: Words) -> Field:
    more = [words("… and {number} more", number=f"{of - len(lines):,}")] if len(lines) < of else []
    return Field(f"{name} {of:,}", "\n".join([*lines, *more]))


def _shown(lines: Sequence[str]) -> list[str]:
    room = EMBED_FIELD_VALUE - _ROOM_FOR_MORE
    return fitting((f"- {inline(line, 200)}" for line in lines), room)


def _as_markdown(title: str, summary: str, lists: Mapping[str, Sequence[str]]) -> str:
    parts = [f"# {title}", summary]
    for name, lines in lists.items():
        parts += [f"## {name}", "\n".join(f"- {one_line(line)}" for line in lines) or "–"]
    return "\n\n".join(parts) + "\n"
