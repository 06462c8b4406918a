"""What people do in Discord's client: they write, use commands, press buttons and fill in forms.

The client lets nobody use what is not there, so neither does this: an unknown command, a hidden message or a disabled
button raises. Discord's pages: interactions/receiving-and-responding, interactions/application-commands.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from tests.scenarios.discord.standin import wire
from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DEADLINE,
    MODAL_SUBMIT,
    Interaction,
    interaction_json,
)
from tests.scenarios.discord.standin.limits import BUTTON, LABEL, ROW, TEXT_INPUT, walk
from tests.scenarios.discord.standin.records import Attachment, Message
from tests.scenarios.discord.standin.world import FORUM, Channel, Guild, Role, User

if TYPE_CHECKING:
    from tests.scenarios.discord.standin.server import Standin

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 10, 11


class Person:
    """Somebody with an account. Where a method takes no channel, it is the direct conversation with the bot."""

    def __init__(self, discord: Standin, user: User) -> None:
        self.discord, self.user = discord, user
        self.world = discord.world

    def __repr__(self) -> str:
        return f"<{self.user.name}>"

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def dm(self) -> Channel:
        return self.world.dm(self.user)

    def joins(self, guild: Guild, *roles: Role) -> Person:
        guild.members[self.id] = tuple(role.id for role in roles)
        return self

    # Writing.

    def says(
        self,
        content: str,
        at: Channel | None = None,
        *,
        mention: bool = False,
        reply_to: Message | None = None,
        notify: bool = True,
        files: tuple[str, ...] = (),
    ) -> Message:
        """Write a message: `mention` begins it with the bot's name; a reply notifies its author unless told not to."""
        text = f"<@{self.world.bot.id}> {content}" if mention else content
        channel = at or (self.world.channels[reply_to.channel_id] if reply_to else self.dm)
        return self.discord.posting.say(self.user, channel, text, reply_to=reply_to, notify=notify, files=files)

    def edits(self, message: Message, content: str) -> Message:
        """Put right what was written; who was mentioned still is."""
        mentions = "".join(f"<@{user}> " for user in message.mentions.users)
        return self.discord.posting.edit(self.world.messages[message.id], {"content": mentions + content}, {})

    def posts(self, title: str, content: str, forum: Channel) -> Channel:
        """Open a post in a forum: a thread whose first message has the thread's id."""
        assert forum.kind == FORUM, "posts are made in forums"
        thread = self.discord.posting.open_thread(forum, self.world.snowflake(), title, self.user, 1440)
        self.discord.posting.say(self.user, thread, content, message_id=thread.id)
        return thread

    def opens_thread(self, name: str, message: Message) -> Channel:
        parent = self.world.channels[message.channel_id]
        return self.discord.posting.open_thread(parent, message.id, name, self.user, 1440)

    def deletes(self, message: Message) -> None:
        self.discord.posting.delete(message)

    def pins(self, message: Message, *, pinned: bool = True) -> Message:
        return self.discord.posting.pin(message, pinned=pinned)

    # Using commands.

    async def slash(self, name: str, /, *, at: Channel | None = None, **options: object) -> Interaction:
        """Use a slash command; `name` may hold a subcommand ("channel mode")."""
        data, _ = self._command(name, 1, at or self.dm, options, complete=True)
        return self._use(COMMAND, at or self.dm, data)

    async def asks(self, name: str, /, *, at: Channel | None = None, **options: object) -> Message:
        """Use a slash command and wait for its final reply."""
        return await self.final(await self.slash(name, at=at, **options))

    async def menu(self, name: str, message: Message) -> Interaction:
        """Use a message command on a message."""
        channel = self.world.channels[message.channel_id]
        data, _ = self._command(name, 3, channel, {}, complete=True)
        seen = wire.message_json(message, self.world, base=self.discord.posting.base)
        data |= {"target_id": str(message.id), "resolved": {"messages": {str(message.id): seen}}}
        return self._use(COMMAND, channel, data)

    async def types(
        self, name: str, option: str, text: str, /, *, at: Channel | None = None, **options: object
    ) -> tuple[Json, ...]:
        """Type into an option and return the choices that are offered."""
        data, given = self._command(name, 1, at or self.dm, {**options, option: text}, complete=False)
        for each in given:
            if each["name"] == option:
                each["focused"] = True
        interaction = self._use(AUTOCOMPLETE, at or self.dm, data)
        await self.acknowledged(interaction)
        return interaction.choices

    async def presses(self, message: Message, label: str | int) -> Interaction:
        """CustomId the button with this label, emoji, custom id or place among the buttons of a message."""
        message = self._sees(message)
        buttons = [each for each in message.buttons if label in (each.label, each.emoji, each.custom_id)]
        button = message.buttons[label] if isinstance(label, int) else next(iter(buttons), None)
        if button is None or button.disabled or button.custom_id is None:
            raise LookupError(f"no button {label!r} to press; there are {message.buttons}")
        return self._component(message, {"component_type": BUTTON, "custom_id": button.custom_id})

    async def selects(self, message: Message, *values: str) -> Interaction:
        """Choose values in the one select of a message."""
        message = self._sees(message)
        select = next(each for _, each in walk(list(message.components)) if each.get("type") == 3)
        known = {option["value"]: option["value"] for option in select["options"]}
        known |= {option["label"]: option["value"] for option in select["options"]}
        chosen = [known[value] for value in values]
        return self._component(message, {"component_type": 3, "custom_id": select["custom_id"], "values": chosen})

    async def picks(self, message: Message, placeholder: str, *chosen: Channel | Role) -> Interaction:
        """Choose channels or roles in the select of a message that says `placeholder`."""
        message = self._sees(message)
        (select,) = [each for _, each in walk(list(message.components)) if each.get("placeholder") == placeholder]
        resolved: Json = {
            "roles": {str(each.id): wire.role_json(each, 1) for each in chosen if isinstance(each, Role)},
            "channels": {
                str(each.id): wire.channel_json(each, self.world) | {"permissions": "0"}
                for each in chosen
                if isinstance(each, Channel)
            },
        }
        data: Json = {"component_type": select["type"], "custom_id": select["custom_id"], "resolved": resolved}
        return self._component(message, data | {"values": [str(each.id) for each in chosen]})

    async def selects_in(self, message: Message, placeholder: str, value: str) -> Interaction:
        """Choose a value in the select of a message that says `placeholder`."""
        message = self._sees(message)
        (select,) = [each for _, each in walk(list(message.components)) if each.get("placeholder") == placeholder]
        assert value in [option["value"] for option in select["options"]]
        return self._component(message, {"component_type": 3, "custom_id": select["custom_id"], "values": [value]})

    async def submits(self, opened: Interaction, /, **fields: str) -> Interaction:
        """Fill in the modal that an interaction opened: its inputs by custom id, or in order as `_0`, `_1`."""
        await self.discord.until(lambda: opened.modal or opened.expired, what="a modal")
        assert opened.modal is not None, "no modal was opened"
        filled = [_filled(component, place, fields) for place, component in enumerate(opened.modal["components"])]
        data: Json = {"custom_id": opened.modal["custom_id"], "components": filled}
        return self._use(MODAL_SUBMIT, opened.channel, data, source=opened.source)

    # Waiting.

    async def acknowledged(self, interaction: Interaction, within: float = 5.0) -> Interaction:
        """Wait for the first response, and fail as the client does when there is none in time."""
        alarm = asyncio.get_running_loop().call_later(DEADLINE.total_seconds() + 0.01, self.discord.changed)
        try:
            await self.discord.until(lambda: interaction.ack or interaction.expired, within, "an acknowledgement")
        finally:
            alarm.cancel()
        if interaction.ack is None:
            raise AssertionError("The application did not respond")
        return interaction

    async def reply(self, interaction: Interaction, within: float = 15.0) -> Message:
        """Wait for something to read: a message, or the change of the message whose component was used."""
        await self.acknowledged(interaction, within)
        await self.discord.until(
            lambda: interaction.replies or interaction.updated or interaction.modal, within, "a reply"
        )
        message = interaction.replies[0] if interaction.replies else interaction.original
        assert message is not None, "a modal was opened instead of a reply"
        return message

    async def final(self, interaction: Interaction, within: float = 15.0) -> Message:
        """Wait for a reply that will not be replaced: none that says "still working", "writing …" or "in the queue"."""
        await self.acknowledged(interaction, within)
        await self.discord.until(lambda: self.ended(interaction), within, "a final reply")
        return interaction.replies[0]

    @staticmethod
    def ended(interaction: Interaction) -> bool:
        """Tell whether there is a reply that will not be replaced."""
        first = interaction.replies[0].text.lower() if interaction.replies else ""
        return bool(first) and not any(words in first for words in ("in the queue", "still working", "writing …"))

    # How it reaches the bot.

    def _sees(self, message: Message) -> Message:
        now = self.world.messages[message.id]
        assert now.only_for in (None, self.id), f"{self.user.name} does not see this message"
        return now

    def _component(self, message: Message, data: Json) -> Interaction:
        return self._use(COMPONENT, self.world.channels[message.channel_id], data, source=message.id)

    def _use(self, kind: int, channel: Channel, data: Json, *, source: int | None = None) -> Interaction:
        interaction = Interaction(
            id=self.world.snowflake(),
            token=secrets.token_urlsafe(120),
            kind=kind,
            user=self.user,
            channel=channel,
            data=data,
            created=self.world.clock.now(),
            posting=self.discord.posting,
            source=source,
            user_install_only=channel.guild is not None and not channel.guild.joined,
        )
        self.discord.interactions.add(interaction)
        body = interaction_json(interaction, self.discord.posting)
        self.discord.gateway.dispatch("INTERACTION_CREATE", body, guild=channel.guild)
        return interaction

    def _command(
        self, name: str, kind: int, channel: Channel, options: dict[str, Any], *, complete: bool
    ) -> tuple[Json, list[Json]]:
        """Return the command's data, and the list within it that holds the options given."""
        first, *rest = name.split() if kind == 1 else [name]
        command = self._offered(first, kind, channel)
        data: Json = {"id": command["id"], "name": command["name"], "type": kind, "options": []}
        place, node = data, command
        for step in rest:
            node = next(each for each in node["options"] if each["name"] == step)
            inner: Json = {"type": node["type"], "name": step, "options": []}
            place["options"].append(inner)
            place = inner
        known = {each["name"]: each for each in node.get("options") or ()}
        missing = [each for each in known.values() if each.get("required") and each["name"] not in options]
        if set(options) - set(known) or (complete and missing):
            raise LookupError(f"/{name} takes {sorted(known)}, not {sorted(options)}")
        resolved: Json = {}
        for key, value in options.items():
            place["options"].append(
                {"name": key, "type": known[key]["type"], "value": self._value(known[key], value, resolved)}
            )
        if resolved:
            data["resolved"] = resolved
        given: list[Json] = place["options"]
        return data, given

    def _offered(self, name: str, kind: int, channel: Channel) -> Json:
        """Find the command as the client offers it here, to this person: its contexts and default permissions."""
        guild = channel.guild
        commands = self.discord.commands
        for command in [*(commands.of(guild.id) if guild else []), *commands.of(None)]:
            if command["name"] == name and command["type"] == kind:
                contexts = command.get("contexts") or [0, 1, 2]
                needed = int(command.get("default_member_permissions") or 0)
                allowed = guild is None or guild.permissions(self.id) & needed == needed
                installs = command.get("integration_types") or [0]
                if (
                    (1 if guild is None else 0) in contexts
                    and allowed
                    and (guild is None or guild.joined or 1 in installs)
                ):
                    return command
        raise LookupError(f"{self.user.name} is offered no command {name!r} here")

    def _value(self, option: Json, value: Any, resolved: Json) -> Any:
        kind = option["type"]
        if kind == STRING:
            most = option.get("max_length", 6000)
            if not option.get("min_length", 0) <= len(value) <= most:
                raise LookupError(f"{option['name']} takes at most {most} characters")
            choices = option.get("choices")
            if choices and value not in [each["value"] for each in choices]:
                raise LookupError(f"{option['name']} takes one of {choices}")
        elif kind == CHANNEL:
            seen = wire.channel_json(value, self.world) | {"permissions": "0"}
            resolved.setdefault("channels", {})[str(value.id)] = seen
            return str(value.id)
        elif kind == ATTACHMENT:
            # interactions/application-commands: an upload that no message shows; the bot gets its address.
            assert isinstance(value, Attachment)
            self.world.uploads[value.id] = value
            carrier = Message(0, 0, self.id, "", self.world.clock.now(), attachments=(value,))
            (seen,) = wire.attachment_json(carrier, self.discord.posting.base)
            resolved.setdefault("attachments", {})[str(value.id)] = seen
            return str(value.id)
        elif kind in (USER, ROLE):
            if kind == USER:
                resolved.setdefault("users", {})[str(value.id)] = wire.user_json(self.world.users[value.id])
            else:
                resolved.setdefault("roles", {})[str(value.id)] = wire.role_json(value, 1)
            return str(value.id)
        return value


def _filled(component: Json, place: int, fields: dict[str, str]) -> Json:
    """One row or label of a modal as it is submitted."""
    inner = component.get("component") or (component.get("components") or [{}])[0]
    kind, custom_id = inner.get("type"), inner.get("custom_id", "")
    given = fields.get(custom_id, fields.get(f"_{place}"))
    done: Json = {"type": kind, "custom_id": custom_id, "id": place * 2 + 2}
    if kind == TEXT_INPUT:
        text = inner.get("value", "") if given is None else given
        if len(text) > inner.get("max_length", 4000) or (inner.get("required", True) and not text):
            raise LookupError(f"the form does not take {text[:40]!r} for {custom_id!r}")
        done["value"] = text
    elif kind == 21:
        done["value"] = given
    else:
        done["values"] = [] if given is None else [given]
    if component["type"] == LABEL:
        return {"type": LABEL, "id": place * 2 + 1, "component": done}
    return {"type": ROW, "id": place * 2 + 1, "components": [done]} if component["type"] == ROW else component
