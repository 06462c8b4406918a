"""The REST API, version 10: each handler is one documented route.

Discord's pages: reference, topics/oauth2, interactions/application-commands, resources/channel, resources/message,
resources/webhook, resources/user, resources/guild.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.scenarios.discord.standin import errors, wire
from tests.scenarios.discord.standin.errors import ApiError, Form, Json
from tests.scenarios.discord.standin.faults import Route, answer
from tests.scenarios.discord.standin.limits import check_message
from tests.scenarios.discord.standin.world import (
    ADD_REACTIONS,
    CREATE_THREADS,
    FORUM,
    MANAGE_MESSAGES,
    PUBLIC_THREAD,
    READ_HISTORY,
    VIEW,
    Channel,
    Guild,
)

if TYPE_CHECKING:
    from tests.scenarios.discord.standin.server import Standin

API = "/api/v10"


class Rest:
    """The handlers. Each finds what is asked for, checks it, and answers as Discord does."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self.world, self.posting, self.interactions = standin.world, standin.posting, standin.interactions

    def routes(self) -> list[web.RouteDef]:
        app, hook = "/applications/{application}", "/webhooks/{application}/{token}"
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        table = [
            ("GET", "/users/@me", Route.LOGIN, self.me),
            ("GET", "/oauth2/applications/@me", Route.APPLICATION, self.application),
            ("GET", "/applications/@me", Route.APPLICATION, self.application),
            ("GET", "/gateway", Route.GATEWAY, self.gateway),
            ("GET", "/gateway/bot", Route.GATEWAY, self.gateway),
            ("GET", app + "/commands", Route.COMMANDS, self.list_commands),
            ("PUT", app + "/commands", Route.SYNC, self.sync),
            ("GET", app + "/guilds/{guild}/commands", Route.COMMANDS, self.list_commands),
            ("PUT", app + "/guilds/{guild}/commands", Route.SYNC, self.sync),
            ("POST", "/interactions/{interaction}/{token}/callback", Route.CALLBACK, self.callback),
            ("POST", hook, Route.FOLLOWUP, self.follow_up),
            ("GET", hook + "/messages/{message}", Route.GET_ORIGINAL, self.get_response),
            ("PATCH", hook + "/messages/{message}", Route.EDIT_ORIGINAL, self.edit_response),
            ("DELETE", hook + "/messages/{message}", Route.DELETE_ORIGINAL, self.delete_response),
            ("POST", "/users/@me/channels", Route.CHANNEL, self.open_dm),
            ("GET", "/users/@me/guilds", Route.GUILD, self.my_guilds),
            ("GET", "/users/{user}", Route.USER, self.user),
            ("GET", "/guilds/{guild}", Route.GUILD, self.guild),
            ("GET", "/guilds/{guild}/channels", Route.GUILD, self.guild_channels),
            ("GET", "/guilds/{guild}/roles", Route.GUILD, self.guild_roles),
            ("GET", "/guilds/{guild}/members/{user}", Route.USER, self.member),
            ("GET", "/guilds/{guild}/threads/active", Route.GUILD, self.active_threads),
            ("GET", channel + "/threads/archived/public", Route.HISTORY, self.archived_threads),
            ("GET", channel + "/messages/pins", Route.HISTORY, self.pins),
            ("GET", channel, Route.CHANNEL, self.channel),
            ("PATCH", channel, Route.THREAD, self.edit_thread),
            ("POST", channel + "/typing", Route.TYPING, self.typing),
            ("POST", channel + "/threads", Route.THREAD, self.start_thread),
            ("GET", channel + "/messages", Route.HISTORY, self.history),
            ("POST", channel + "/messages", Route.SEND, self.send),
            ("GET", message, Route.FETCH, self.fetch),
            ("PATCH", message, Route.EDIT, self.edit),
            ("DELETE", message, Route.DELETE, self.delete),
            ("POST", message + "/threads", Route.THREAD, self.start_thread),
            ("PUT", message + "/reactions/{emoji}/@me", Route.REACTION, self.react),
            ("DELETE", message + "/reactions/{emoji}/@me", Route.REACTION, self.react),
            ("GET", "/attachments/{channel}/{attachment}/{name}", Route.FILE, self.file),
            ("*", "/{anything:.*}", Route.UNKNOWN, self.unknown),
        ]
        return [
            web.route(method, (API if kind is not Route.FILE else "") + path, self.standin.served(kind, handler))
            for method, path, kind, handler in table
        ]

    # Who the bot is.

    async def me(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(wire.user_json(self.world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0})

    async def application(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """resources/application: the flags say which privileged intents the portal has switched on."""
        allowed = self.standin.gateway.intents_allowed
        flags = (1 << 13 if allowed & (1 << 8) else 0) | (1 << 15 if allowed & (1 << 1) else 0)
        flags |= 1 << 19 if allowed & (1 << 15) else 0
        owner = wire.user_json(self.world.users[self.standin.owner.id])
        name = {"id": str(self.world.bot.id), "name": "Footnote", "icon": None, "description": "", "owner": owner}
        rest = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "team": None}
        return answer(name | rest | {"flags": flags, "integration_types_config": {"0": {}, "1": {}}, "summary": ""})

    async def gateway(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return answer(
            {"url": self.standin.gateway.address, "shards": self.standin.shards, "session_start_limit": limit}
        )

    # What it can do.

    async def list_commands(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        localised = request.query.get("with_localizations") in ("1", "true")
        return answer(self.standin.commands.of(self._scope(request), localised=localised))

    async def sync(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(self.standin.commands.replace(self._scope(request), body.get("", [])))

    def _scope(self, request: web.Request) -> int | None:
        return int(request.match_info["guild"]) if "guild" in request.match_info else None

    # Interactions.

    async def callback(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        where = request.match_info
        told = self.interactions.callback(int(where["interaction"]), where["token"], body, files)
        return answer(told) if request.query.get("with_response") in ("1", "true") else web.Response(status=204)

    async def follow_up(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        interaction = self.interactions.find(int(request.match_info["application"]), request.match_info["token"])
        return answer(self.posting.json(self.interactions.follow_up(interaction, body, files)))

    async def get_response(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        interaction = self.interactions.find(int(request.match_info["application"]), request.match_info["token"])
        return answer(self.posting.json(self.interactions.message(interaction, request.match_info["message"])))

    async def edit_response(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        interaction = self.interactions.find(int(request.match_info["application"]), request.match_info["token"])
        message = self.interactions.message(interaction, request.match_info["message"])
        return answer(self.posting.json(self.interactions.edit(interaction, message, body, files)))

    async def delete_response(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        interaction = self.interactions.find(int(request.match_info["application"]), request.match_info["token"])
        self.posting.delete(self.interactions.message(interaction, request.match_info["message"]))
        return web.Response(status=204)

    # Guilds, people and channels.

    async def open_dm(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        user = self.world.users.get(int(body["recipient_id"]))
        if user is None:
            raise errors.unknown_user()
        return answer(wire.channel_json(self.world.dm(user), self.world))

    async def user(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        user = self.world.users.get(int(request.match_info["user"]))
        if user is None:
            raise errors.unknown_user()
        return answer(wire.user_json(user))

    async def member(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        guild, user = self._guild(request), self.world.users.get(int(request.match_info["user"]))
        if user is None or user.id not in guild.members:
            raise errors.unknown_member()
        return answer(wire.member_json(guild, user) | {"user": wire.user_json(user)})

    async def my_guilds(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """GET /users/@me/guilds: where the bot is, and what it may there."""
        joined = [guild for guild in self.world.guilds.values() if guild.joined]
        fields: Json = {"icon": None, "banner": None, "owner": False, "features": []}
        mine = self.world.bot.id
        guilds = [(str(each.id), each.name, str(each.permissions(mine))) for each in joined]
        return answer([{"id": key, "name": name, "permissions": bits} | fields for key, name, bits in guilds])

    async def guild(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(wire.guild_json(self._guild(request), self.world))

    async def guild_channels(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(wire.guild_json(self._guild(request), self.world)["channels"])

    async def guild_roles(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(wire.guild_json(self._guild(request), self.world)["roles"])

    def _guild(self, request: web.Request) -> Guild:
        guild = self.world.guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.joined:
            raise errors.unknown_guild()
        return guild

    async def channel(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        return answer(wire.channel_json(self._channel(request), self.world))

    def _channel(self, request: web.Request) -> Channel:
        return self.world.channel(int(request.match_info["channel"]))

    async def active_threads(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """GET /guilds/{guild}/threads/active: those that the bot can see."""
        guild = self._guild(request)
        every = [each for each in self.world.channels.values() if each.guild is guild and each.thread]
        seen = [each for each in every if not each.archived and self.world.bot_may(each, VIEW)]
        return answer({"threads": [wire.channel_json(each, self.world) for each in seen], "members": []})

    async def archived_threads(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """GET …/threads/archived/public, newest first."""
        channel = self._channel(request)
        if not self.world.bot_may(channel, READ_HISTORY):
            raise errors.missing_access()
        every = [each for each in self.world.channels.values() if each.parent is channel and each.archived]
        shown = [wire.channel_json(each, self.world) for each in reversed(every) if each.kind == PUBLIC_THREAD]
        return answer({"threads": shown, "members": [], "has_more": False})

    async def pins(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """GET …/messages/pins: 50 at most, those pinned last first; here that is those written last."""
        channel = self._channel(request)
        if not self.world.bot_may(channel, READ_HISTORY):
            raise errors.missing_access()
        pinned = [each for each in reversed(self.world.history(channel.id)) if each.pinned]
        if "before" in request.query:
            pinned = [each for each in pinned if wire.stamp(each.created) < request.query["before"]]
        page = pinned[: int(request.query.get("limit", 50))]
        items = [{"pinned_at": wire.stamp(each.created), "message": self.posting.json(each)} for each in page]
        return answer({"items": items, "has_more": len(page) < len(pinned)})

    async def edit_thread(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        channel = self._channel(request)
        channel.name = body.get("name", channel.name)
        channel.archived = body.get("archived", channel.archived)
        channel.locked = body.get("locked", channel.locked)
        return answer(wire.channel_json(channel, self.world))

    async def typing(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        self.standin.typings.append(self._channel(request).id)
        return web.Response(status=204)

    async def start_thread(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """POST …/messages/{message}/threads: one for each message, and it shares the message's id."""
        channel, form = self._channel(request), Form()
        form.size(("name",), body.get("name"), 100, low=1)
        form.choice(("auto_archive_duration",), body.get("auto_archive_duration", 1440), (60, 1440, 4320, 10080))
        form.done()
        if not self.world.bot_may(channel, CREATE_THREADS) or channel.kind == FORUM:
            raise errors.missing_permissions()
        thread_id = self.world.snowflake()
        if "message" in request.match_info:
            thread_id = self.world.message(channel.id, int(request.match_info["message"])).id
            if thread_id in self.world.channels:
                raise errors.thread_exists()
        minutes = body.get("auto_archive_duration", 1440)
        thread = self.posting.open_thread(channel, thread_id, body["name"], self.world.bot, minutes)
        return answer(wire.channel_json(thread, self.world), 201)

    # Messages.

    async def history(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        """GET messages, newest first; without the permission to read history there are none."""
        channel, query = self._channel(request), request.query
        messages = self.world.history(channel.id) if self.world.bot_may(channel, READ_HISTORY) else []
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise ApiError(400, 50035, "Invalid Form Body")
        if "before" in query:
            messages = [each for each in messages if each.id < int(query["before"])]
        if "around" in query:
            middle = int(query["around"])
            nearest = sorted(messages, key=lambda each: abs(each.id - middle))[:limit]
            messages = sorted(nearest, key=lambda each: each.id)
        if "after" in query:
            messages = [each for each in messages if each.id > int(query["after"])][:limit]
        return answer([self.posting.json(each) for each in reversed(messages[-limit:])])

    async def send(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        channel = self._channel(request)
        check_message(body, files)
        self.posting.check_may_send(channel, body, files)
        return answer(self.posting.json(self.posting.send(channel, body, files)))

    async def fetch(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        channel = self._channel(request)
        if not self.world.bot_may(channel, READ_HISTORY):
            raise errors.missing_access()
        return answer(self.posting.json(self.world.message(channel.id, int(request.match_info["message"]))))

    async def edit(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        message = self.world.message(self._channel(request).id, int(request.match_info["message"]))
        if message.author_id != self.world.bot.id:
            raise errors.not_the_author()
        check_message(body, files, edits=True)
        return answer(self.posting.json(self.posting.edit(message, body, files)))

    async def delete(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        channel = self._channel(request)
        message = self.world.message(channel.id, int(request.match_info["message"]))
        if message.author_id != self.world.bot.id and not self.world.bot_may(channel, MANAGE_MESSAGES):
            raise errors.missing_permissions()
        self.posting.delete(message)
        return web.Response(status=204)

    async def react(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        channel = self._channel(request)
        message = self.world.message(channel.id, int(request.match_info["message"]))
        if not self.world.bot_may(channel, ADD_REACTIONS):
            raise errors.missing_permissions()
        self.posting.react(message, request.match_info["emoji"], remove=request.method == "DELETE")
        return web.Response(status=204)

    async def file(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        found = self.world.attachment(int(request.match_info["attachment"]))
        if found is None:
            raise errors.not_found()
        return web.Response(body=found.data, content_type="application/octet-stream")

    async def unknown(self, request: web.Request, body: Json, files: dict[int, bytes]) -> web.Response:
        raise errors.not_found()
