"""The settings of a server: `/settings`, which shows and changes all of them in one message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.discord.answers.question import home_of
from bot.discord.answers.sources import SourceNames
from bot.discord.features.channels import cannot_call, why_no_mode, why_no_requests
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.forms import Form, typed
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button, Embed, Field, Menu, Message, Picker
from bot.discord.messaging.neutral import inline
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.replies import InPlaceReply, InteractionReply
from bot.discord.servers import Change, Servers
from bot.discord.store import EscalationTarget, Mode, Store
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.words import Words

_RETENTION = (7, 30, 90, 365)
# Each language by its own name: who looks for it reads no other.
_LANGUAGES = {
    "en-US": "English",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
    "de": "Deutsch",
    "fr": "Français",
    "es-ES": "Español",
    "ja": "日本語",
    "pt-BR": "Português",
    "ko": "한국어",
}


@dataclass(frozen=True, slots=True)
class _State:
    """All that is set in a server, the mode being that of one of its channels."""

    channel: int
    mode: Mode
    source: str | None
    target: EscalationTarget
    refresh_role: int | None
    locale: str | None
    retention_days: int
    digest: int | None
    changes: tuple[Change, ...]


class ServerSettings(Feature):
    """Shows and changes the settings of a server, for those who manage it; each change is kept and logged."""

    def __init__(self, store: Store, servers: Servers, jobs: Jobs, sources: SourceNames, viewers: Viewers) -> None:
        self._sources = sources
        self._viewers = viewers
        self._store = store
        self._servers = servers
        self._jobs = jobs

    @app_commands.command(name=_("settings"), description=_("Show and change how I behave in this server"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: Interaction) -> None:
        """Show the settings of this server and this channel."""
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._page(interaction, 0, reply.words))

    def handlers(self) -> Mapping[str, Handler]:
        """Return the menus of the settings, the buttons that turn the page, and the form for the sources."""
        return {"set": self._set, "settings": self._turn, "asks": self._open, "asked": self._set_source}

    async def _open(self, interaction: Interaction, __: CustomId) -> None:
        reply = InteractionReply(interaction)
        words = reply.words
        question = words("A document or folder; empty for all")
        await reply.open(Form(words("Sources of this channel"), CustomId("asked", "source"), question, required=False))

    async def _set_source(self, interaction: Interaction, __: CustomId) -> None:
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._changed(interaction, "source", typed(interaction) or None, reply.words))

    async def _turn(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._page(interaction, int(custom_id.detail == "1"), reply.words))

    async def _set(self, interaction: Interaction, custom_id: CustomId) -> None:
        data: Any = interaction.data
        chosen = next(iter(data.get("values") or ()), None)
        reply = InPlaceReply(interaction)
        await self._jobs.run(reply, self._changed(interaction, custom_id.subject, chosen, reply.words))

    async def _changed(
        self, interaction: Interaction, setting: str, chosen: str | None, words: Words
    ) -> Sequence[Message]:
        if not interaction.permissions.manage_guild or interaction.guild is None:
            raise Refused(words("You may not do this here."))
        note = await self._apply(interaction, setting, chosen, words)
        await asyncio.to_thread(
            self._servers.note_change, interaction.guild.id, interaction.user.id, setting, chosen or "–"
        )
        return await self._page(interaction, int(setting in _ON_SECOND_PAGE), words, note)

    async def _apply(self, interaction: Interaction, setting: str, chosen: str | None, words: Words) -> str:
        """Change a setting; return what is to be said about it, if anything. Raises Refused."""
        assert interaction.guild is not None
        guild, channel_id = interaction.guild, home_of(interaction.channel) or 0
        match setting:
            case "mode":
                mode = Mode(chosen or Mode.MENTION)
                channel = guild.get_channel(channel_id)
                refusal = why_no_mode(mode, channel, words, reads_all=interaction.client.intents.message_content)
                if refusal:
                    raise Refused(refusal)
                await asyncio.to_thread(self._store.set_mode, guild.id, channel_id, mode)
            case "source":
                # Everybody who asks there is asked to look in it, and told its name.
                viewer = await self._viewers.of(interaction, private=False)
                source = await self._sources.resolve(chosen, viewer, words)
                await asyncio.to_thread(self._servers.set_source, guild.id, channel_id, source)
            case "humans":
                picked = guild.get_channel(int(chosen)) if chosen else None
                refusal = why_no_requests(picked, words) if picked else None
                if refusal:
                    raise Refused(refusal)
                target = await asyncio.to_thread(self._store.escalation_target, guild.id)
                changed = EscalationTarget(picked.id if picked else None, target.role)
                await asyncio.to_thread(self._store.set_escalation_target, guild.id, changed)
            case "role":
                target = await asyncio.to_thread(self._store.escalation_target, guild.id)
                changed = EscalationTarget(target.channel, int(chosen) if chosen else None)
                await asyncio.to_thread(self._store.set_escalation_target, guild.id, changed)
                role = guild.get_role(changed.role or 0)
                return cannot_call(words) if role and not role.mentionable else ""
            case "refresher":
                await asyncio.to_thread(self._servers.set_refresh_role, guild.id, int(chosen) if chosen else None)
                return words(
                    "So that this role sees /refresh, show it to the role under Server Settings › Integrations as well."
                )
            case "language":
                await asyncio.to_thread(self._servers.set_locale, guild.id, chosen if chosen in _LANGUAGES else None)
            case "retention":
                await asyncio.to_thread(self._servers.set_retention_days, guild.id, int(chosen or _RETENTION[-1]))
            case "digest":
                picked = guild.get_channel(int(chosen)) if chosen else None
                refusal = why_no_requests(picked, words) if picked else None
                if refusal:
                    raise Refused(refusal)
                await asyncio.to_thread(self._servers.set_digest_channel, guild.id, picked.id if picked else None)
        return ""

    async def _page(self, interaction: Interaction, number: int, words: Words, note: str = "") -> Sequence[Message]:
        assert interaction.guild_id is not None  # the command is for guilds only
        state = await asyncio.to_thread(self._state, interaction.guild_id, home_of(interaction.channel) or 0)
        return (settings_page(state, number, self._servers.longest_retention, words, note),)

    def _state(self, guild: int, channel: int) -> _State:
        servers = self._servers
        return _State(
            channel,
            self._store.mode(channel),
            servers.source(channel),
            self._store.escalation_target(guild),
            servers.refresh_role(guild),
            servers.locale(guild),
            servers.retention_days(guild),
            servers.digest_channel(guild),
            servers.changes(guild),
        )


_ON_SECOND_PAGE = frozenset({"language", "retention", "digest"})


def settings_page(state: _State, number: int, longest: int, words: Words, note: str = "") -> Message:
    """Return one of the two pages on which all settings are shown and half of them can be changed."""
    rows = _second_page(state, longest, words) if number else _first_page(state, words)
    embed = Embed(words("Settings"), note, fields=_fields(state, words))
    return Message(embeds=(embed,), rows=rows)


def _first_page(state: _State, words: Words) -> tuple[tuple[Button | Menu | Picker, ...], ...]:
    modes = tuple((mode.value, mode_in_words(mode, words)) for mode in Mode)
    return (
        (Menu(_id("mode"), words("When I speak up in this channel"), modes, state.mode.value),),
        (Picker(_id("humans"), words("A channel to post questions in"), "channel", state.target.channel),),
        (Picker(_id("role"), words("A role to call"), "role", state.target.role),),
        (Picker(_id("refresher"), words("A role that may refresh"), "role", state.refresh_role),),
        (
            Button(words("Sources of this channel"), str(CustomId("asks", "source"))),
            Button(words("More settings"), str(CustomId("settings", "page", "1")), emoji="▶️"),
        ),
    )


def _second_page(state: _State, longest: int, words: Words) -> tuple[tuple[Button | Menu | Picker, ...], ...]:
    own = ("own", words("The server's own language"))
    days = sorted({each for each in (*_RETENTION, longest, state.retention_days) if each <= longest})
    kept = tuple((f"{each}", words.plural("{number} day", "{number} days", each)) for each in days)
    return (
        (Menu(_id("language"), words("Language"), (own, *_LANGUAGES.items()), state.locale or "own"),),
        (Menu(_id("retention"), words("How long questions are kept"), kept, f"{state.retention_days}"),),
        (Picker(_id("digest"), words("A channel to tell of each week"), "channel", state.digest),),
        (Button(words("Back"), str(CustomId("settings", "page", "0")), emoji="◀️"),),
    )


def mode_in_words(mode: Mode, words: Words) -> str:
    """Return when the bot speaks up in a channel of this mode."""
    match mode:
        case Mode.OFF:
            return words("never, but for commands")
        case Mode.MENTION:
            return words("whoever mentions me or replies to me")
        case Mode.EVERY:
            return words("every question that the documents answer")
        case Mode.FORUM:
            return words("each new post of a forum")


def _fields(state: _State, words: Words) -> tuple[Field, ...]:
    nobody = words("nobody")
    asked = [f"<#{state.target.channel}>"] if state.target.channel else []
    asked += [f"<@&{state.target.role}>"] if state.target.role else []
    managers = words("who manages the server")
    refreshers = f"{managers}, <@&{state.refresh_role}>" if state.refresh_role else managers
    fields = [
        Field(words("This channel"), f"<#{state.channel}>: {mode_in_words(state.mode, words)}"),
        Field(words("Sources of this channel"), inline(state.source or words("all documents"), 200)),
        Field(words("Whom to ask when the documents do not say"), " ".join(asked) or nobody, inline=True),
        Field(words("Who may refresh"), refreshers, inline=True),
        Field(words("Language"), _LANGUAGES.get(state.locale or "", words("The server's own language")), inline=True),
        Field(
            words("How long questions are kept"),
            words.plural("{number} day", "{number} days", state.retention_days),
            inline=True,
        ),
        Field(words("Who is told of each week"), f"<#{state.digest}>" if state.digest else nobody, inline=True),
    ]
    if state.changes:
        lines = [f"{each.at:%Y-%m-%d} <@{each.person}> {each.setting}: {_value(each)}" for each in state.changes]
        fields.append(Field(words("Latest changes"), "\n".join(lines)))
    return tuple(fields)


def _value(change: Change) -> str:
    """Return what a setting was changed to: a channel or role as Discord shows it, anything else as mere text."""
    return change.value if change.setting == "mode" else inline(change.value, 60)


def _id(setting: str) -> str:
    return str(CustomId("set", setting))
