"""Messages come, change and go: resources/message. Every change reaches the gateway and whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.scenarios.discord.standin import errors, mentions, wire
from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Gateway
from tests.scenarios.discord.standin.limits import COMPONENTS_V2
from tests.scenarios.discord.standin.records import Attachment, Message
from tests.scenarios.discord.standin.world import (
    ATTACH_FILES,
    EMBED_LINKS,
    PUBLIC_THREAD,
    READ_HISTORY,
    SEND,
    SEND_IN_THREADS,
    Channel,
    User,
    World,
)


class Posting:
    """The one place where messages are made."""

    def __init__(self, world: World, gateway: Gateway, changed: Callable[[], None]) -> None:
        self.world, self.gateway, self.changed = world, gateway, changed
        self.base = ""
        self._nonces: dict[tuple[int, str], int] = {}

    def json(self, message: Message) -> Json:
        """Write a message as REST tells it to the bot: what the portal has switched on decides what it may read."""
        readable = bool(self.gateway.intents_allowed & MESSAGE_CONTENT)
        return wire.message_json(message, self.world, base=self.base, readable=readable)

    def check_may_send(self, channel: Channel, body: Json, files: dict[int, bytes]) -> None:
        """topics/permissions: what the bot needs to send to a channel as itself."""
        needed = [SEND_IN_THREADS if channel.thread else SEND]
        needed += [ATTACH_FILES] if files else []
        needed += [EMBED_LINKS] if body.get("embeds") else []
        if not self.world.bot_may(channel, *needed):
            raise errors.missing_permissions()
        if channel.thread and channel.locked:
            raise errors.thread_locked()
        reference = body.get("message_reference")
        if reference:
            if not self.world.bot_may(channel, READ_HISTORY):
                raise errors.reply_needs_history()
            if reference.get("fail_if_not_exists", True) and int(reference["message_id"]) not in self.world.messages:
                form = errors.Form()
                form.refuse(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
                form.done()

    def send(self, channel: Channel, body: Json, files: dict[int, bytes]) -> Message:
        """POST /channels/{id}/messages: with `enforce_nonce` a repeated nonce returns the message that it made."""
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            known = self.world.messages.get(self._nonces.get((channel.id, str(nonce)), 0))
            if known is not None:
                return known
        reference = body.get("message_reference") or {}
        found = int(reference["message_id"]) if reference else None
        reply_to = found if found in self.world.messages else None
        message = self.post(channel, body, files, reply_to=reply_to, kind=19 if reply_to else 0)
        if nonce is not None:
            self._nonces[channel.id, str(nonce)] = message.id
        if channel.thread:
            channel.archived = False
        return message

    def post(
        self,
        channel: Channel,
        body: Json,
        files: dict[int, bytes],
        *,
        reply_to: int | None = None,
        interaction_id: int | None = None,
        used_by: int | None = None,
        only_for: int | None = None,
        kind: int = 0,
    ) -> Message:
        """Post as the bot."""
        replied = self.world.messages.get(reply_to or 0)
        content = (body.get("content") or "").strip()
        webhook = interaction_id is not None
        pings = mentions.notified(
            content, body.get("allowed_mentions"), replied_to=replied.author_id if replied else None, webhook=webhook
        )
        message = Message(
            id=self.world.snowflake(),
            channel_id=channel.id,
            author_id=self.world.bot.id,
            content=content,
            created=self.world.clock.now(),
            embeds=tuple(body.get("embeds") or ()),
            components=self._numbered(body.get("components")),
            attachments=self._attachments(body, files),
            flags=body.get("flags") or 0,
            kind=kind,
            reply_to=reply_to,
            interaction_id=interaction_id,
            used_by=used_by,
            only_for=only_for,
            nonce=None if body.get("nonce") is None else str(body["nonce"]),
            mentions=pings,
            pings=pings,
        )
        return self._store(message, "MESSAGE_CREATE")

    def say(
        self,
        author: User,
        channel: Channel,
        content: str,
        *,
        reply_to: Message | None = None,
        notify: bool = True,
        message_id: int | None = None,
        files: tuple[str, ...] = (),
    ) -> Message:
        """Post as a person: everyone named is notified, and whoever is replied to unless that was switched off."""
        named = mentions.named(content)
        if reply_to is not None and notify:
            named = replace(named, users=named.users | {reply_to.author_id})
        message = Message(
            id=message_id or self.world.snowflake(),
            channel_id=channel.id,
            author_id=author.id,
            content=content,
            created=self.world.clock.now(),
            kind=19 if reply_to else 0,
            reply_to=reply_to.id if reply_to else None,
            attachments=tuple(Attachment(self.world.snowflake(), name, b"...") for name in files),
            mentions=named,
            pings=named,
        )
        return self._store(message, "MESSAGE_CREATE")

    def edit(self, message: Message, body: Json, files: dict[int, bytes], *, first: bool = False) -> Message:
        """Change what `body` names. `first` completes a deferral: only then may it notify people."""
        changes: dict[str, Any] = {}
        if "content" in body:
            changes["content"] = (body["content"] or "").strip()
        if "embeds" in body:
            changes["embeds"] = tuple(body["embeds"] or ())
        if "components" in body:
            changes["components"] = self._numbered(body["components"])
        if "attachments" in body or files:
            kept = {int(each["id"]) for each in body.get("attachments") or () if int(each["id"]) not in files}
            old = tuple(each for each in message.attachments if "attachments" not in body or each.id in kept)
            changes["attachments"] = old + self._attachments(body, files)
        if first:
            content = changes.get("content", "")
            changes["pings"] = mentions.notified(content, body.get("allowed_mentions"), replied_to=None, webhook=True)
        else:
            changes["edited"], changes["edits"] = self.world.clock.now(), message.edits + 1
        changes["mentions"] = mentions.named(changes.get("content", message.content))
        flags = message.flags | ((body.get("flags") or 0) & COMPONENTS_V2)
        return self._store(replace(message, flags=flags, **changes), "MESSAGE_UPDATE")

    def delete(self, message: Message) -> None:
        channel = self.world.channels[message.channel_id]
        self.world.deleted.append(self.world.messages.pop(message.id))
        body: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        body |= {"guild_id": str(channel.guild.id)} if channel.guild else {}
        intent = GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES
        if not message.ephemeral:
            self.gateway.dispatch("MESSAGE_DELETE", body, guild=channel.guild, intent=intent)
        self.changed()

    def delete_all(self, messages: list[Message]) -> None:
        """Delete messages of one channel at one time, as a moderator's bot does."""
        channel = self.world.channels[messages[0].channel_id]
        for message in messages:
            self.world.deleted.append(self.world.messages.pop(message.id))
        body: Json = {"ids": [str(each.id) for each in messages], "channel_id": str(channel.id)}
        body |= {"guild_id": str(channel.guild.id)} if channel.guild else {}
        self.gateway.dispatch("MESSAGE_DELETE_BULK", body, guild=channel.guild, intent=GUILD_MESSAGES)
        self.changed()

    def pin(self, message: Message, *, pinned: bool = True) -> Message:
        """resources/message#pin-message: the message changes, and the channel tells that its pins did."""
        channel = self.world.channels[message.channel_id]
        shown = self._store(replace(self.world.messages[message.id], pinned=pinned), "MESSAGE_UPDATE")
        body: Json = {"channel_id": str(channel.id), "last_pin_timestamp": wire.stamp(self.world.clock.now())}
        body |= {"guild_id": str(channel.guild.id)} if channel.guild else {}
        self.gateway.dispatch("CHANNEL_PINS_UPDATE", body, guild=channel.guild, intent=GUILDS)
        return shown

    def change_channel(self, channel: Channel) -> None:
        """Tell that a channel or a thread is another by now."""
        event = "THREAD_UPDATE" if channel.thread else "CHANNEL_UPDATE"
        self.gateway.dispatch(event, wire.channel_json(channel, self.world), guild=channel.guild, intent=GUILDS)
        self.changed()

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread, with all that was said in it."""
        for message in self.world.history(channel.id):
            self.world.deleted.append(self.world.messages.pop(message.id))
        for thread in [each for each in self.world.channels.values() if each.parent is channel]:
            del self.world.channels[thread.id]
        del self.world.channels[channel.id]
        event = "THREAD_DELETE" if channel.thread else "CHANNEL_DELETE"
        self.gateway.dispatch(event, wire.channel_json(channel, self.world), guild=channel.guild, intent=GUILDS)
        self.changed()

    def react(self, message: Message, emoji: str, *, remove: bool = False) -> None:
        reactions = [each for each in message.reactions if each != emoji] + ([] if remove else [emoji])
        self.world.messages[message.id] = replace(message, reactions=tuple(reactions))
        self.changed()

    def open_thread(
        self, parent: Channel, thread_id: int, name: str, owner: User, auto_archive: int, kind: int = PUBLIC_THREAD
    ) -> Channel:
        thread = self.world.add_thread(thread_id, name, parent, owner.id, auto_archive, kind)
        body = wire.channel_json(thread, self.world) | {"newly_created": True}
        self.gateway.dispatch("THREAD_CREATE", body, guild=parent.guild, intent=GUILDS)
        self.changed()
        return thread

    def _store(self, message: Message, event: str) -> Message:
        self.world.messages[message.id] = message
        if not message.ephemeral:
            self._tell(message, event)
        self.changed()
        return message

    def _tell(self, message: Message, event: str) -> None:
        """Dispatch to each session what its intents let it read; the bot hears of its own messages too."""
        channel = self.world.channels[message.channel_id]
        guild = channel.guild
        extra: Json = {}
        if guild is not None:
            author = self.world.users[message.author_id]
            extra = {"guild_id": str(guild.id), "member": wire.member_json(guild, author)}
        intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        full = wire.message_json(message, self.world, base=self.base) | extra
        bare = wire.message_json(message, self.world, base=self.base, readable=False) | extra
        self.gateway.dispatch(event, full, guild=guild, intent=intent | MESSAGE_CONTENT)
        self.gateway.dispatch(event, bare, guild=guild, intent=intent, without=MESSAGE_CONTENT)

    def _attachments(self, body: Json, files: dict[int, bytes]) -> tuple[Attachment, ...]:
        told = {int(each["id"]): each for each in body.get("attachments") or ()}
        return tuple(
            Attachment(
                self.world.snowflake(),
                told.get(number, {}).get("filename") or f"file{number}",
                data,
                told.get(number, {}).get("description"),
            )
            for number, data in sorted(files.items())
        )

    def _numbered(self, components: list[Json] | None) -> tuple[Json, ...]:
        """components/reference#anatomy-of-a-component: a component without an id is given one, counted from 1."""
        counter = iter(range(1, 1000))

        def numbered(component: Json) -> Json:
            new = {"id": next(counter), **component}
            if component.get("components"):
                new["components"] = [numbered(each) for each in component["components"]]
            if component.get("accessory"):
                new["accessory"] = numbered(component["accessory"])
            return new

        return tuple(numbered(each) for each in components or ())
