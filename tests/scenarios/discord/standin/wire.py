"""The state as Discord writes it down in JSON: resources/user, guild, channel, message, and topics/permissions."""

from __future__ import annotations

import zlib
from datetime import datetime

from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.limits import EPHEMERAL
from tests.scenarios.discord.standin.records import Message
from tests.scenarios.discord.standin.world import DM, FORUM, VIEW, Channel, Guild, Role, User, World

JOINED = "2026-01-01T00:00:00+00:00"


def stamp(moment: datetime) -> str:
    return moment.isoformat()


def user_json(user: User) -> Json:
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(guild: Guild, user: User) -> Json:
    return {
        "roles": [str(role) for role in guild.members.get(user.id, ())],
        "joined_at": JOINED,
        "premium_since": None,
        "nick": None,
        "avatar": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_json(role: Role, position: int) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel_json(channel: Channel, world: World) -> Json:
    body: Json = {"id": str(channel.id), "type": channel.kind, "last_message_id": None, "flags": 0}
    if channel.kind == DM:
        return body | {"recipients": [user_json(channel.recipient)] if channel.recipient else []}
    guild = channel.guild
    assert guild is not None, "only direct conversations have no guild"
    body |= {"guild_id": str(guild.id), "name": channel.name, "rate_limit_per_user": 0, "nsfw": False}
    if channel.parent is not None:
        history = world.history(channel.id)
        return body | {
            "parent_id": str(channel.parent.id),
            "owner_id": str(channel.owner_id),
            "message_count": len(history),
            "member_count": 1,
            "total_message_sent": len(history),
            "applied_tags": [str(tag_id(tag)) for tag in channel.tags],
            "thread_metadata": {
                "archived": channel.archived,
                "locked": channel.locked,
                "auto_archive_duration": channel.auto_archive,
                "archive_timestamp": JOINED,
                "create_timestamp": JOINED,
            },
        }
    body |= {"position": 0, "parent_id": None, "topic": None, "permission_overwrites": _overwrites(channel, world)}
    if channel.kind == FORUM:
        offered = [tag_json(each) for each in channel.tags]
        body |= {"available_tags": offered, "default_reaction_emoji": None, "default_sort_order": None}
    return body


def tag_id(tag: str) -> int:
    """Return an id for a tag: the same name has the same one in every forum here."""
    return zlib.crc32(tag.encode()) << 22


def tag_json(tag: str) -> Json:
    return {"id": str(tag_id(tag)), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None}


def _overwrites(channel: Channel, world: World) -> list[Json]:
    """topics/permissions#permission-overwrites, those of everybody first."""
    found: list[Json] = []
    if channel.only_for and channel.guild is not None:
        found.append({"id": str(channel.guild.id), "type": 0, "allow": "0", "deny": str(VIEW)})
        found += [{"id": str(role.id), "type": 0, "allow": str(VIEW), "deny": "0"} for role in channel.only_for]
    if channel.unread and channel.guild is not None:
        found.append({"id": str(channel.guild.id), "type": 0, "allow": "0", "deny": str(channel.unread)})
        found.append({"id": str(world.bot.id), "type": 1, "allow": str(channel.unread), "deny": str(channel.denied)})
    elif channel.only_for or channel.denied:
        allowed = VIEW & ~channel.denied if channel.only_for else 0
        found.append({"id": str(world.bot.id), "type": 1, "allow": str(allowed), "deny": str(channel.denied)})
    return found


def guild_json(guild: Guild, world: World) -> Json:
    channels = [channel for channel in world.channels.values() if channel.guild is guild]
    everyone = Role(guild.id, "@everyone", guild.everyone)
    me = member_json(guild, world.bot) | {"user": user_json(world.bot)}
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": "1",
        "preferred_locale": guild.locale,
        "unavailable": False,
        "joined_at": JOINED,
        "large": False,
        "member_count": len(guild.members),
        "members": [me],
        "roles": [role_json(role, place) for place, role in enumerate((everyone, *guild.roles.values()))],
        "channels": [channel_json(each, world) for each in channels if not each.thread],
        "threads": [channel_json(each, world) for each in channels if each.thread and not each.archived],
        "emojis": [],
        "stickers": [],
        "features": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "afk_timeout": 300,
    }


def attachment_json(message: Message, base: str) -> list[Json]:
    return [
        {
            "id": str(each.id),
            "filename": each.filename,
            "description": each.description,
            "size": len(each.data),
            "url": f"{base}/attachments/{message.channel_id}/{each.id}/{each.filename}",
            "proxy_url": f"{base}/attachments/{message.channel_id}/{each.id}/{each.filename}",
        }
        for each in message.attachments
    ]


def message_json(message: Message, world: World, *, base: str = "", readable: bool = True, quoted: bool = True) -> Json:
    """Write a message for the bot. Where it is not `readable`, events/gateway#message-content-intent empties it."""
    readable = readable or readable_anyway(message, world)
    mentioned = [world.users[each] for each in sorted(message.mentions.users) if each in world.users]
    channel = world.channels[message.channel_id]
    body: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(world.users[message.author_id]),
        "content": message.content if readable else "",
        "timestamp": stamp(message.created),
        "edited_timestamp": stamp(message.edited) if message.edited else None,
        "tts": False,
        "mention_everyone": message.mentions.everyone,
        "mentions": [user_json(user) for user in mentioned],
        "mention_roles": [str(role) for role in sorted(message.mentions.roles)],
        "attachments": attachment_json(message, base) if readable else [],
        "embeds": [{"type": "rich", **embed} for embed in message.embeds] if readable else [],
        "components": list(message.components) if readable else [],
        "pinned": message.pinned,
        "type": message.kind,
        "flags": message.flags,
        "reactions": [
            {"emoji": {"id": None, "name": each}, "count": 1, "me": True, "count_details": {"burst": 0, "normal": 1}}
            for each in dict.fromkeys(message.reactions)
        ],
    }
    if message.nonce is not None:
        body["nonce"] = message.nonce
    if message.interaction_id is not None:
        body["application_id"] = str(world.bot.id)
        body["webhook_id"] = str(world.bot.id)
    if message.used_by is not None:
        user = user_json(world.users[message.used_by])
        owners: Json = {"authorizing_integration_owners": {}}
        body["interaction_metadata"] = {"id": str(message.interaction_id), "type": 2, "user": user} | owners
    if message.reply_to is not None:
        body["message_reference"] = {"type": 0, "channel_id": body["channel_id"], "message_id": str(message.reply_to)}
        if channel.guild:
            body["message_reference"]["guild_id"] = str(channel.guild.id)
        first = world.messages.get(message.reply_to)
        if quoted:
            body["referenced_message"] = (
                message_json(first, world, base=base, readable=readable, quoted=False) if first else None
            )
    return body


def readable_anyway(message: Message, world: World) -> bool:
    """Tell the documented exceptions: the bot's own messages, direct messages, and messages that mention the bot."""
    channel = world.channels[message.channel_id]
    own = message.author_id == world.bot.id
    return own or channel.kind == DM or world.bot.id in message.mentions.users or bool(message.flags & EPHEMERAL)
