"""Discord: people write, command, press and fill in whatever comes to their minds, and so does a client that is broken.

The bot is the real one in this process, its Discord the stand-in of the scenarios. Each use must be acknowledged and
answered; no request may be one that Discord refuses, nobody may be pinged, and the log may show no traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from pathlib import Path
from statistics import median, quantiles
from time import monotonic
from typing import Any

from bot.discord.store import Mode
from bot.discord.work.limits import Allowance, Limits, Rate
from tests.scenarios.discord.standin import Message, Standin
from tests.scenarios.discord.standin.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.scenarios.discord.standin.limits import BUTTON, SELECT, walk
from tests.scenarios.discord.standin.people import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    NUMBER,
    ROLE,
    STRING,
    USER,
    Person,
)
from tests.scenarios.discord.standin.records import Attachment
from tests.scenarios.discord.standin.world import FORUM
from tests.scenarios.discord.wire import Wire
from tests.torture.outcome import Outcome
from tests.torture.words import question

# So many uses in one channel: to look through a channel takes the stand-in longer the more there is in it.
_IN_ONE_CHANNEL = 100
_PATIENCE = 30.0
_PRESSABLE = (BUTTON, SELECT)
# As many as anybody can use at all; what is tried here is not the allowance.
_UNLIMITED = Rate(1e9, 1e9)


def fuzzed_uses(folder: Path, count: int, seed: int = 0) -> Outcome:
    """Use the bot `count` times in ways that come by chance, a third of them in ways that no client would."""
    outcome = Outcome(f"{count:,} fuzzed uses of the bot through Discord")
    folder.mkdir(parents=True, exist_ok=True)
    log = _Log()
    logging.getLogger().addHandler(log)
    try:
        asyncio.run(_use(folder, count, outcome, random.Random(seed)))
    finally:
        logging.getLogger().removeHandler(log)
    for line in log.tracebacks:
        outcome.expect(False, line)
    return outcome


async def _use(folder: Path, count: int, outcome: Outcome, chance: random.Random) -> None:
    async with _connected(folder) as wire:
        crowd = _Crowd(wire, chance)
        took: list[float] = []
        for number in range(count):
            if number % _IN_ONE_CHANNEL == 0:
                crowd.move_on()
            kind, use = chance.choice(crowd.uses)
            started = monotonic()
            try:
                await use()
            except AssertionError as error:
                bot = wire._bot
                if bot is not None and bot.done():
                    outcome.expect(
                        False, f"use {number}, {kind}: the bot ended: {bot.exception()!r} {crowd.last}"[:500]
                    )
                    break
                outcome.expect(False, f"use {number}, {kind}: {str(error).splitlines()[0]} {crowd.last}"[:300])
            took.append(monotonic() - started)
            outcome.count(kind)
        await wire.discord.quiet()
        for refused in wire.discord.refusals[:5]:
            outcome.expect(False, f"Discord refuses {refused.route} with {refused.code}: {refused.errors}"[:300])
        outcome.expect(all(_asks_people(message) for message in wire.discord.pinged), "somebody was pinged")
    middle, slow = median(took), quantiles(took, n=100)[-1]
    outcome.figures |= {"median ms": round(1_000 * middle, 1), "p99 ms": round(1_000 * slow, 1)}
    # Of a few uses nothing can be said about the slowest in a hundred.
    outcome.expect(count < 1_000 or slow <= 20 * middle, "the slowest in a hundred take more than 20 times the median")


@contextlib.asynccontextmanager
async def _connected(folder: Path) -> AsyncIterator[Wire]:
    standin = Standin()
    async with standin:
        wire = Wire(standin, folder)
        with standin.pointed_at(), contextlib.closing(wire.store):
            try:
                await wire.start(limits=Limits(Allowance(_UNLIMITED, _UNLIMITED)), message_content=True)
                yield wire
            finally:
                await wire.stop()


class _Crowd:
    """Many people, and all the uses that they make of the bot; `last` is the latest one, to be told of."""

    def __init__(self, wire: Wire, chance: random.Random) -> None:
        self._wire, self._chance, self._discord = wire, chance, wire.discord
        others = [wire.discord.user(f"user{number}").joins(wire.guild) for number in range(5)]
        self._people = [wire.ada, wire.grace, *others]
        self._role = wire.discord.role("Experts", wire.guild)
        self._forum = wire.discord.channel("forum", wire.guild, kind=FORUM)
        wire.store.set_mode(wire.guild.id, self._forum.id, Mode.FORUM)
        self._channel = self._aside = wire.general
        self.last: object = None
        self._modals: list[tuple[Interaction, str]] = []
        self.uses: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("messages", self._message),
            ("messages", self._message),
            ("posts", self._post),
            ("commands", self._command),
            ("commands", self._command),
            ("broken commands", self._broken_command),
            ("typing", self._typing),
            ("menus", self._menu),
            ("components", self._component),
            ("components", self._component),
            ("broken components", self._broken_component),
            ("forms", self._form),
        )

    def move_on(self) -> None:
        """Go to channels that are new: what is set in one of the two would silence the bot in the other."""
        self._channel = self._discord.channel("talk", self._wire.guild)
        self._aside = self._discord.channel("aside", self._wire.guild)

    # What they do.

    async def _message(self) -> None:
        person, where = self._person(), self._chance.choice((self._channel, self._channel, None))
        before = self._messages()
        reply_to = self._chance.choice(before) if before and self._chance.random() < 0.3 else None
        if reply_to is not None and (reply_to.author_id != self._wire.discord.world.bot.id or _asks_people(reply_to)):
            reply_to = None  # what people write to one another is no question
        text = self._words() or "?"
        self.last = text
        said = person.says(text, reply_to=reply_to, at=None if reply_to else where, mention=where is not None)
        await self._discord.until(lambda: self._replied(said), _PATIENCE, f"a reply to {text!r:.100}")

    async def _post(self) -> None:
        title = self._words()[:100].strip() or "a post"
        self.last = title
        thread = self._person().posts(title, self._words() or "?", self._forum)
        # It is answered only if it asks something; what can be awaited is a post that surely does.
        said = self._person().says("How high is the rate?", at=thread, mention=True)
        await self._discord.until(lambda: self._replied(said), _PATIENCE, "a reply in a post")

    async def _command(self) -> None:
        command, path = self._chance.choice(self._slash_commands())
        await self._used(COMMAND, self._data(command, path))

    async def _broken_command(self) -> None:
        command, path = self._chance.choice(self._slash_commands())
        data = self._data(command, path)
        node = data
        while path and node.get("options") and node["options"][0]["type"] in (1, 2):
            node = node["options"][0]
        options: list[Any] = node["options"]
        match self._chance.randrange(6):
            case 0:
                options.clear()
            case 1:
                options.append({"name": "nobody", "type": STRING, "value": self._words()})
            case 2:
                data["name"] = self._chance.choice(("nothing", data["name"].upper(), "x" * 32))
            case 3 if options:
                option = self._chance.choice(options)
                option["value"] = "1" if option["type"] > BOOLEAN else self._chance.choice((self._words(), "", "\x00"))
            case 4 if options:
                self._chance.choice(options)["name"] = "other"
            case _:
                data["id"] = "1"
        await self._used(COMMAND, data)

    async def _typing(self) -> None:
        command, path = self._chance.choice(self._slash_commands(completed=True))
        data = self._data(command, path, everything=True)
        options = data["options"]
        for option in options:
            option["focused"] = option["name"] == "source"
        interaction = self._person()._use(AUTOCOMPLETE, self._channel, data)
        await self._person().acknowledged(interaction, _PATIENCE)

    async def _menu(self) -> None:
        messages = self._messages()
        if messages:
            message = self._chance.choice(messages)
            self.last = message.content
            command = self._chance.choice([each for each in self._discord.commands.of(None) if each["type"] == 3])
            person = self._wire.grace if command.get("default_member_permissions") else self._person()
            await self._answered(await person.menu(command["name"], message))

    async def _component(self) -> None:
        found = self._components()
        if not found:
            return
        message, component = self._chance.choice(found)
        data = {"component_type": component["type"], "custom_id": component["custom_id"]}
        if component["type"] == SELECT:
            data["values"] = [self._chance.choice(component["options"])["value"]]
        await self._used(COMPONENT, data, source=message)

    async def _broken_component(self) -> None:
        messages = [each for each in self._messages() if each.author_id == self._discord.world.bot.id]
        if not messages:
            return
        found = self._components()
        custom_id = self._chance.choice(found)[1]["custom_id"] if found else "footnote:cite:abc:1"
        parts = custom_id.split(":")
        match self._chance.randrange(5):
            case 0:
                custom_id = self._words()[:100] or "x"
            case 1:
                parts[1] = self._chance.choice(("nothing", "x" * 12, "why", "human", "follow", "shrink", "stop", "ask"))
                custom_id = ":".join(parts)
            case 2:
                parts[2] = self._chance.choice(("0" * 12, "_", "-" * 24, "x"))
                custom_id = ":".join(parts)
            case 3:
                parts[3] = self._chance.choice(("", "x", "99999999999999999999999", "-1", "p", "b-1", "_" * 24))
                custom_id = ":".join(parts)
            case _:
                custom_id = custom_id.upper()
        data: dict[str, Any] = {"component_type": self._chance.choice(_PRESSABLE), "custom_id": custom_id}
        if data["component_type"] == SELECT:
            data["values"] = self._chance.choice(([], ["wrong"], ["nothing"], [self._words()[:100]], ["wrong", "x"]))
        await self._used(COMPONENT, data, source=self._chance.choice(messages))

    async def _form(self) -> None:
        text = self._words()
        if self._modals and self._chance.random() < 0.7:
            opened, custom_id = self._chance.choice(self._modals)
            source, channel = opened.source, opened.channel
        else:
            custom_id = self._chance.choice(("footnote:ask:abc:", "footnote:ask::", "footnote:nothing:x:", "x"))
            source, channel = None, self._channel
        field: dict[str, Any] = {"type": 4, "custom_id": "x", "id": 2, "value": text}
        components: list[dict[str, Any]] = self._chance.choice(
            (
                [{"type": 18, "id": 1, "component": field}],
                [{"type": 1, "id": 1, "components": [field]}],
                [{"type": 18, "id": 1, "component": field | {"type": 3, "values": []}}],
                [],
            )
        )
        interaction = self._person()._use(
            MODAL_SUBMIT, channel, {"custom_id": custom_id, "components": components}, source=source
        )
        self.last = (custom_id, components)
        await self._answered(interaction)

    # How they do it.

    async def _used(self, kind: int, data: dict[str, Any], source: Message | None = None) -> None:
        self.last = data
        person = self._wire.grace if kind == COMMAND else self._person()
        where = self._discord.world.channels[source.channel_id] if source else self._aside
        if kind == COMMAND and data["name"] in ("ask", "search"):
            where = self._channel
        await self._answered(person._use(kind, where, data, source=source.id if source else None))

    async def _answered(self, interaction: Interaction) -> None:
        person = self._wire.ada
        await person.acknowledged(interaction, _PATIENCE)
        await self._discord.until(lambda: _is_over(interaction), _PATIENCE, "an answer")
        if interaction.modal is not None:
            self._modals.append((interaction, interaction.modal["custom_id"]))

    def _replied(self, said: Message) -> bool:
        return any(
            each.reply_to == said.id and each.text and not _is_interim(each)
            for each in self._discord.world.messages.values()
            if each.id > said.id
        )

    def _person(self) -> Person:
        return self._chance.choice(self._people)

    def _words(self) -> str:
        # Half a character is the one thing that Discord's JSON, which is UTF-8, cannot hold.
        return question(self._chance)[:2_000].encode("utf-8", "ignore").decode().strip()

    def _messages(self) -> list[Message]:
        return self._discord.world.history(self._channel.id)[-50:]

    def _components(self) -> list[tuple[Message, dict[str, Any]]]:
        return [
            (message, each)
            for message in self._messages()
            for _, each in walk(list(message.components))
            if each.get("type") in _PRESSABLE and each.get("custom_id") and not each.get("disabled")
        ]

    def _slash_commands(self, *, completed: bool = False) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
        found: list[tuple[dict[str, Any], tuple[str, ...]]] = []
        for command in self._discord.commands.of(None):
            if command["type"] == 1:
                inner = [each["name"] for each in command.get("options") or () if each["type"] == 1]
                found += [(command, (name,)) for name in inner] or [(command, ())]
        if completed:
            found = [
                each for each in found if any(option.get("autocomplete") for option in each[0].get("options") or ())
            ]
        return found

    def _data(self, command: dict[str, Any], path: tuple[str, ...], *, everything: bool = False) -> dict[str, Any]:
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
        place, node = data, command
        for name in path:
            node = next(each for each in node["options"] if each["name"] == name)
            place["options"].append({"type": 1, "name": name, "options": []})
            place = place["options"][0]
        resolved: dict[str, Any] = {}
        for option in node.get("options") or ():
            if everything or option.get("required") or self._chance.random() < 0.6:
                value = self._value(option, resolved)
                place["options"].append({"name": option["name"], "type": option["type"], "value": value})
        return deepcopy(data | ({"resolved": resolved} if resolved else {}))

    def _value(self, option: dict[str, Any], resolved: dict[str, Any]) -> Any:
        choices = option.get("choices")
        if choices:
            return self._chance.choice(choices)["value"]
        match option["type"]:
            case n if n == STRING:
                return self._words()[: option.get("max_length", 6_000)] or "?"
            case n if n in (INTEGER, NUMBER):
                return self._chance.choice((0, 1, -1, 2**53))
            case n if n == BOOLEAN:
                return self._chance.random() < 0.5
            case n if n == CHANNEL:
                return Person._value(self._wire.grace, option, self._aside, resolved)
            case n if n == ROLE:
                return Person._value(self._wire.grace, option, self._role, resolved)
            case n if n == USER:
                return Person._value(self._wire.grace, option, self._wire.ada.user, resolved)
            case n if n == ATTACHMENT:
                name = self._chance.choice(("notes.md", "page.html", "x.pdf", "a.exe", "no suffix", "." * 90 + "txt"))
                data = self._chance.choice((b"", b"\0" * 99, b"%PDF-1.7", self._words().encode(errors="replace")))
                file = Attachment(self._discord.world.snowflake(), name, data)
                return Person._value(self._wire.grace, option, file, resolved)
        raise AssertionError(f"an option of another kind: {option}")


def _is_over(interaction: Interaction) -> bool:
    if interaction.modal is not None or interaction.updated:
        return True
    return bool(interaction.replies) and not _is_interim(interaction.replies[0])


def _asks_people(message: Message) -> bool:
    """Whether a question is handed to people in it: that pings them, and what they reply is for the asker."""
    return "asks what the documents do not answer" in message.content


def _is_interim(message: Message) -> bool:
    text = message.text.lower()
    return message.thinking or any(words in text for words in ("in the queue", "still working on it", "writing …"))


class _Log(logging.Handler):
    """Keeps a line of each record that has a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.tracebacks: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = f" at {where.tb_frame.f_code.co_qualname}:{where.tb_lineno}" if where else ""
            cause = f" from {error.__cause__!r:.100}" if error.__cause__ else ""
            self.tracebacks[f"a traceback in the log: {record.getMessage()} {error!r:.150}{cause}{place}"] = None
