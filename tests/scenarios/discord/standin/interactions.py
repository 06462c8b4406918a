"""The life of an interaction: interactions/receiving-and-responding.

The first response is due within 3 seconds and can be given once; the token lives for 15 minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.scenarios.discord.standin import errors, wire
from tests.scenarios.discord.standin.errors import Form, Json
from tests.scenarios.discord.standin.limits import (
    EPHEMERAL,
    FILE_LIMIT,
    LOADING,
    check_choices,
    check_message,
    check_modal,
)
from tests.scenarios.discord.standin.posting import Posting
from tests.scenarios.discord.standin.records import Ack, Message
from tests.scenarios.discord.standin.world import DM, Channel, User

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
DEADLINE, LIFE = timedelta(seconds=3), timedelta(minutes=15)
MAY_ANSWER = {
    COMMAND: (MESSAGE, DEFER, MODAL),
    COMPONENT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE),
}


@dataclass(slots=True, eq=False)
class Interaction:
    """One use of the bot and what came of it. `source` is the message whose component was used."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    created: datetime
    posting: Posting = field(repr=False)
    source: int | None = None
    user_install_only: bool = False
    ack: Ack | None = None
    original_id: int | None = None
    followup_ids: list[int] = field(default_factory=list)
    modal: Json | None = None
    choices: tuple[Json, ...] = ()
    updated: bool = False

    @property
    def expired(self) -> bool:
        """Whether the user reads "The application did not respond"."""
        return self.ack is None and self.posting.world.clock.now() - self.created > DEADLINE

    @property
    def original(self) -> Message | None:
        """The original response; for an update, the message that was updated."""
        return self.posting.world.messages.get(self.original_id or 0)

    @property
    def followups(self) -> list[Message]:
        messages = self.posting.world.messages
        return [messages[each] for each in self.followup_ids if each in messages]

    @property
    def replies(self) -> list[Message]:
        """What the user can read by now, oldest first; a message that is still thinking is none."""
        first = [self.original] if self.original and self.original_id != self.source else []
        return [message for message in first + self.followups if not message.thinking]


class Interactions:
    """The interactions by id and token, and what the bot may do with them."""

    def __init__(self, posting: Posting, changed: Callable[[], None]) -> None:
        self.posting, self.world, self.changed = posting, posting.world, changed
        self.all: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.acks: list[Ack] = []

    def add(self, interaction: Interaction) -> None:
        self.all[interaction.id] = interaction
        self.by_token[interaction.token] = interaction

    def callback(self, interaction_id: int, token: str, body: Json, files: dict[int, bytes]) -> Json:
        """POST /interactions/{id}/{token}/callback."""
        interaction = self.all.get(interaction_id)
        if interaction is None or interaction.token != token or interaction.expired:
            raise errors.unknown_interaction()
        if interaction.ack is not None:
            raise errors.already_acknowledged()
        kind, data = body.get("type", 0), body.get("data") or {}
        form = Form()
        form.choice(("type",), kind, MAY_ANSWER[interaction.kind])
        form.done()
        message = self._respond(interaction, kind, data, files)
        late = (self.world.clock.now() - interaction.created).total_seconds()
        interaction.ack = Ack(interaction.id, kind, late, bool(message and message.ephemeral))
        self.acks.append(interaction.ack)
        self.changed()
        resource: Json = {"type": kind}
        if message is not None:
            resource["message"] = self.posting.json(message)
        return {
            "interaction": {
                "id": str(interaction.id),
                "type": interaction.kind,
                "response_message_id": str(message.id) if message else None,
                "response_message_loading": bool(message and message.thinking),
                "response_message_ephemeral": bool(message and message.ephemeral),
            },
            "resource": resource,
        }

    def _respond(self, interaction: Interaction, kind: int, data: Json, files: dict[int, bytes]) -> Message | None:
        if kind == CHOICES:
            check_choices(data.get("choices") or [])
            interaction.choices = tuple(data.get("choices") or ())
        elif kind == MODAL:
            check_modal(data)
            interaction.modal = data
        elif kind in (DEFER_UPDATE, UPDATE):
            interaction.original_id = interaction.source
            if kind == UPDATE and interaction.original is not None:
                check_message(data, files, edits=True)
                interaction.updated = True
                return self.posting.edit(interaction.original, data, files)
            return interaction.original
        else:
            if kind == MESSAGE:
                check_message(data, files)
                message = self._post(interaction, data, files)
            else:
                flags = (data.get("flags") or 0) & EPHEMERAL
                message = self._post(interaction, {"flags": flags | LOADING}, {})
            interaction.original_id = message.id
            return message
        return None

    def _post(self, interaction: Interaction, data: Json, files: dict[int, bytes]) -> Message:
        only_for = interaction.user.id if (data.get("flags") or 0) & EPHEMERAL else None
        kind = 20 if interaction.kind == COMMAND and interaction.original_id is None else 0
        source = interaction.source if interaction.kind != COMMAND else None
        kind = 19 if source is not None else kind
        return self.posting.post(
            interaction.channel,
            data,
            files,
            interaction_id=interaction.id,
            used_by=interaction.user.id,
            only_for=only_for,
            kind=kind,
            reply_to=source,
        )

    def find(self, application_id: int, token: str) -> Interaction:
        """Return the interaction behind a webhook's address, if its token still works."""
        interaction = self.by_token.get(token)
        if interaction is None or application_id != self.world.bot.id or interaction.ack is None:
            raise errors.unknown_webhook()
        if self.world.clock.now() - interaction.created > LIFE:
            raise errors.invalid_webhook_token()
        return interaction

    def message(self, interaction: Interaction, which: str) -> Message:
        """Return a message of this interaction: `@original`, or the id of a follow-up."""
        wanted = interaction.original_id if which == "@original" else int(which)
        known = (interaction.original_id, *interaction.followup_ids)
        message = self.world.messages.get(wanted or 0)
        if message is None or wanted not in known:
            raise errors.unknown_message()
        return message

    def follow_up(self, interaction: Interaction, body: Json, files: dict[int, bytes]) -> Message:
        """POST /webhooks/{application}/{token}. The first one after a deferral completes the original response."""
        check_message(body, files)
        original = interaction.original
        if original is not None and original.thinking:
            return self.edit(interaction, original, body, files)
        if interaction.user_install_only and len(interaction.followup_ids) >= 5:
            raise errors.too_many_followups()
        message = self._post(interaction, body, files)
        interaction.followup_ids.append(message.id)
        self.changed()
        return message

    def edit(self, interaction: Interaction, message: Message, body: Json, files: dict[int, bytes]) -> Message:
        """PATCH …/messages/@original or …/messages/{id}. Completing a deferral may still notify people."""
        check_message(body, files, edits=not message.thinking)
        interaction.updated = interaction.updated or message.id == interaction.source
        if message.thinking:
            message = replace(message, flags=message.flags & ~LOADING)
            return self.posting.edit(message, body, files, first=True)
        return self.posting.edit(message, body, files)

    def delete(self, interaction: Interaction, message: Message) -> None:
        self.posting.delete(message)


def interaction_json(interaction: Interaction, posting: Posting) -> Json:
    """interactions/receiving-and-responding#interaction-object."""
    world, channel, guild, user = posting.world, interaction.channel, interaction.channel.guild, interaction.user
    owners = {"0": str(guild.id)} if guild is not None and guild.joined else {"1": str(user.id)}
    if channel.kind == DM:
        owners = {"0": "0"}
    body: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": wire.channel_json(channel, world),
        "locale": user.locale,
        "app_permissions": str(world.bot_permissions(channel)),
        "entitlements": [],
        "authorizing_integration_owners": owners,
        "context": 1 if guild is None else 0,
        "attachment_size_limit": FILE_LIMIT,
    }
    if guild is not None:
        permissions = str(guild.permissions(user.id))
        member = wire.member_json(guild, user) | {"user": wire.user_json(user), "permissions": permissions}
        body["channel"]["permissions"] = permissions
        place = {"id": str(guild.id), "locale": guild.locale, "features": []}
        body |= {"guild_id": str(guild.id), "guild": place, "guild_locale": guild.locale, "member": member}
    else:
        body["user"] = wire.user_json(user)
    if interaction.source is not None:
        body["message"] = wire.message_json(world.messages[interaction.source], world, base=posting.base)
    return body
