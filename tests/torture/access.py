"""Access: five servers with roles and channels of their own ask one bot, and nobody is shown what is not for them.

Every limited document holds a word that stands nowhere else: in its text, its title and its path. The library, the
answers and the bot are the real ones, Discord is the stand-in of the scenarios. After each use, whatever anybody could
read then (messages, buttons, files, choices that were offered) is held against what that reader may see, as said here
in words of its own; no such word may stand in the log at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.answering.selecting.confidence import load_confidence
from bot.discord.work.limits import Allowance, Limits, Rate
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, find_model
from tests.conftest import Shelf
from tests.scenarios.discord.standin import Message, Standin
from tests.scenarios.discord.standin.people import Person
from tests.scenarios.discord.standin.world import Channel, Guild
from tests.scenarios.discord.wire import Wire
from tests.torture.outcome import Outcome

_SERVERS = 5
_PATIENCE = 60.0
_UNLIMITED = Rate(1e9, 1e9)
_IN_ONE_CHANNEL = 60
_UNKNOWN_MEMBER = 10007
_THINGS = (
    *("amber", "brine", "candle", "copper", "feather", "flour", "glass", "grain", "honey", "indigo", "ivory", "lamp"),
    *("leather", "linen", "maple", "marble", "nail", "oil", "paper", "pearl", "pepper", "quartz", "rope", "rubber"),
    *("salt", "silk", "slate", "soap", "spice", "sugar", "tar", "tea", "timber", "tin", "varnish", "velvet", "wax"),
)


@dataclass(frozen=True)
class Secret:
    """A word that one document holds, what the document is about, and who may see it."""

    word: str
    thing: str
    servers: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    readers_of: tuple[Channel, ...] = ()

    @property
    def source(self) -> str:
        return f"{self.word}/{self.word}-depot.md"

    @property
    def text(self) -> str:
        return (
            f"# The {self.thing} depot {self.word}\n\nThe password of the {self.thing} depot is {self.word}. "
            f"Whoever knows {self.word} may enter the {self.thing} depot.\n"
        )

    @property
    def rule(self) -> str:
        named = {
            "servers": self.servers,
            "roles": self.roles,
            "channels": self.channels,
            "readers_of": [channel.id for channel in self.readers_of],
        }
        lines = [f"{kind} = {sorted(ids)}" for kind, ids in named.items() if ids]
        return "\n".join(("[[source.access]]", f'include = ["{self.word}/**"]', *lines, "")) if lines else ""

    def is_for(self, reader: Person | None, where: Channel) -> bool:
        """Tell whether one person, or everybody in a channel, may read it there."""
        guild, home = where.guild, where.parent or where
        roles = set(guild.members.get(reader.id, ())) if guild and reader else set()
        if self.servers and (guild is None or guild.id not in self.servers):
            return False
        if self.roles and not roles & self.roles:
            return False
        if self.channels and not {where.id, home.id} & self.channels:
            return False
        if not self.readers_of:
            return True
        if reader is not None:
            return any(guild in (None, each.guild) and reads(reader, each) for each in self.readers_of)
        return any(
            each.guild is guild and (each is home or not each.only_for or each.only_for == home.only_for)
            for each in self.readers_of
        )


def reads(person: Person, channel: Channel) -> bool:
    """Tell whether a person can read a channel of a server."""
    guild, home = channel.guild, channel.parent or channel
    if guild is None:
        return channel.recipient == person.user
    roles = guild.members.get(person.id)
    return roles is not None and (not home.only_for or any(role.id in roles for role in home.only_for))


def foreign_passages(folder: Path, count: int, seed: int = 0) -> Outcome:
    """Use the bot `count` times on five servers; count what anybody was shown that was not for them."""
    outcome = Outcome(f"{count:,} questions over {_SERVERS} servers, each with secrets of its own")
    folder.mkdir(parents=True, exist_ok=True)
    log, root = _Log(), logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        asyncio.run(_ask(folder, count, outcome, random.Random(seed), log))
    finally:
        root.setLevel(level)
        root.removeHandler(log)
    return outcome


async def _ask(folder: Path, count: int, outcome: Outcome, chance: random.Random, log: _Log) -> None:
    async with _connected(folder, chance) as community:
        for number in range(count):
            if number % _IN_ONE_CHANNEL == 0:
                community.forget()
            kind, use = chance.choice(community.uses)
            try:
                await use()
            except AssertionError as error:
                outcome.expect(False, f"use {number}, {kind}: {str(error).splitlines()[0]}"[:300])
            outcome.count(kind)
            for told, foreign in community.read():
                outcome.count("secrets told to whom they are for", told)
                for secret, reader in foreign:
                    outcome.expect(False, f"use {number}, {kind}: {reader} was shown {secret}")
        await community.discord.quiet()
        outcome.figures["passages shown to others"] = len(outcome.failures)
        # Whether somebody is a member of a server is asked, and denied.
        refusals = [each for each in community.discord.refusals if each.code != _UNKNOWN_MEMBER]
        for refused in refusals[:5]:
            outcome.expect(False, f"Discord refuses {refused.route} with {refused.code}: {refused.errors}"[:300])
        logged = [secret.word for secret in community.secrets if secret.word in log.text]
        outcome.expect(not logged, f"the log names {logged}")
        outcome.figures["lines of the log"] = log.text.count("\n")


@contextlib.asynccontextmanager
async def _connected(folder: Path, chance: random.Random) -> AsyncIterator[Community]:
    embedder = Embedder(find_model(DEFAULT_MODEL))
    shelf = Shelf(folder, embedder)
    async with Standin() as standin:
        community = Community(standin, chance)
        for secret in community.secrets:
            shelf.put(secret.source, secret.text)
        rules = "".join(secret.rule for secret in community.secrets)
        shelf.put("corpus.toml", f'[[source]]\nname = "corpus"\n{rules}')
        shelf.refresh()
        library = shelf.library()
        wire = RealWire(standin, folder)
        wire.library, wire.answerer = library, Answerer(library, load_confidence(None))  # type: ignore[assignment]
        with standin.pointed_at(), contextlib.closing(shelf), contextlib.closing(wire.store):
            try:
                await wire.start(limits=Limits(Allowance(_UNLIMITED, _UNLIMITED)), message_content=True)
                await standin.until(lambda: wire.clients and wire.clients[-1].is_ready(), what="the bot to be ready")
                yield community
            finally:
                await wire.stop()


class RealWire(Wire):
    """The scene of the scenarios, but with the real library and its answers."""

    async def stop(self) -> None:
        if self._bot is not None:
            self._bot.cancel()
            await asyncio.wait([self._bot])


@dataclass
class _Server:
    """A server, its channels (one for the staff alone), and its people."""

    guild: Guild
    open: list[Channel] = field(default_factory=list)
    staff: list[Channel] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    manager: Person | None = None


class Community:
    """Five servers, the people on them, and what they do."""

    def __init__(self, discord: Standin, chance: random.Random) -> None:
        self.discord, self._chance = discord, chance
        self._words = _made_up(chance)
        things = iter(_THINGS)
        self.secrets = [Secret(next(self._words), next(things)) for _ in range(2)]
        self.servers = [self._server(number, things) for number in range(_SERVERS)]
        self._everybody = [person for server in self.servers for person in server.people]
        # The staff of each server are mere visitors on the next.
        for server, following in zip(self.servers, self.servers[1:], strict=False):
            following.people.append(server.people[1].joins(following.guild))
        self._seen: dict[int, Message] = {}
        self._choices: list[tuple[Person, Channel, str]] = []
        self._begun = 0
        self.uses: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("commands", self._command),
            ("private commands", self._private_command),
            ("mentions", self._mention),
            ("replies", self._reply),
            ("direct messages", self._direct),
            ("threads", self._thread),
            ("buttons", self._press),
            ("buttons", self._press),
            ("follow-ups", self._follow_up),
            ("menus", self._menu),
            ("searches", self._search),
            ("lists", self._list),
            ("autocompletes", self._type),
            ("managers' commands", self._manage),
        )

    def _server(self, number: int, things: Iterator[str]) -> _Server:
        discord = self.discord
        guild = discord.guild(f"Server {number}")
        staff, board = discord.role("Staff", guild), discord.role("Board", guild)
        server = _Server(guild)
        server.open = [discord.channel(name, guild) for name in ("general", "lab")]
        server.staff = [discord.channel("staff", guild, only_for=(staff,))]
        names = {"visitor": (), "staff": (staff,), "board": (staff, board)}
        server.people = [discord.user(f"{name}{number}").joins(guild, *roles) for name, roles in names.items()]
        server.manager = discord.user(f"manager{number}").joins(guild, discord.admins(guild))
        server.people.append(server.manager)
        here, general, lab = frozenset({guild.id}), server.open[0], server.open[1]
        for limits in (
            {"servers": here},
            {"servers": here, "roles": frozenset({staff.id})},
            {"roles": frozenset({board.id})},
            {"channels": frozenset({lab.id})},
            {"servers": here, "channels": frozenset({general.id, server.staff[0].id})},
            {"readers_of": (server.staff[0],)},
            {"readers_of": (general,)},
        ):
            self.secrets.append(Secret(next(self._words), next(things), **limits))
        return server

    def forget(self) -> None:
        """Let the channels be as if they were new: to look through one takes longer the more there is in it."""
        self._begun = max(self._seen, default=0)

    def read(self) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        """Yield for whatever can be read anew how many secrets it tells rightly, and those that it should not tell."""
        for message in [*self.discord.world.messages.values(), *self.discord.world.deleted]:
            if message.author_id != self.discord.world.bot.id or self._seen.get(message.id) == message:
                continue
            self._seen[message.id] = message
            where = self.discord.world.channels[message.channel_id]
            alone = where.recipient.id if where.recipient else message.only_for
            yield self._told(_everything_in(message), self._person(alone), where)
        for person, where, names in self._choices:
            yield self._told(names, person, where)
        self._choices.clear()

    def _told(self, text: str, reader: Person | None, where: Channel) -> tuple[int, list[tuple[str, str]]]:
        told = [secret for secret in self.secrets if secret.word in text]
        foreign = [secret for secret in told if not secret.is_for(reader, where)]
        whom = f"{reader or 'everybody'} in {where.name} of {where.guild.name if where.guild else 'nowhere'}"
        return len(told) - len(foreign), [(secret.rule or secret.word, whom) for secret in foreign]

    # What they do.

    async def _command(self) -> None:
        person, where = self._somebody_somewhere()
        await person.asks("ask", at=where, question=self._question())

    async def _private_command(self) -> None:
        person, where = self._somebody_somewhere()
        await person.asks("ask", at=where, question=self._question(), private=True)

    async def _mention(self) -> None:
        person, where = self._somebody_somewhere()
        await self._answered(person.says(self._question(), at=where, mention=True))

    async def _reply(self) -> None:
        person, message = self._somebody_and_an_answer(alone=False)
        if message is not None:
            await self._answered(person.says(self._question(), reply_to=message))

    async def _direct(self) -> None:
        person = self._chance.choice(self._everybody)
        await self._answered(person.says(self._question()))

    async def _thread(self) -> None:
        person, where = self._somebody_somewhere()
        said = person.says("Let us talk about the depots.", at=where)
        thread = person.opens_thread("depots", said)
        await self._answered(person.says(self._question(), at=thread, mention=True))

    async def _press(self) -> None:
        person, message = self._somebody_and_an_answer(alone=True)
        labels = [each for each in message.buttons if each.custom_id and not each.disabled] if message else []
        labels = [each for each in labels if each.label not in ("Ask a follow-up", "In your own words", "Answer")]
        if message is not None and labels:
            button = self._chance.choice(labels)
            await person.reply(await person.presses(message, button.custom_id or ""), _PATIENCE)
            await self.discord.quiet(0.01)

    async def _follow_up(self) -> None:
        person, message = self._somebody_and_an_answer(alone=True, button="Ask a follow-up")
        if message is not None:
            opened = await person.presses(message, "Ask a follow-up")
            await person.final(await person.submits(opened, _0=self._question()), _PATIENCE)

    async def _menu(self) -> None:
        person, where = self._somebody_somewhere()
        said = person.says(self._question(), at=where)
        await person.final(await person.menu(self._chance.choice(("Answer this", "Find sources")), said), _PATIENCE)

    async def _search(self) -> None:
        person, where = self._somebody_somewhere()
        await person.asks("search", at=where, query=self._question())

    async def _list(self) -> None:
        person, where = self._somebody_somewhere()
        await person.asks(self._chance.choice(("sources", "status")), at=where)

    async def _type(self) -> None:
        person, where = self._somebody_somewhere()
        typed = self._chance.choice(("", "depot", self._secret().word[:4], self._secret().word))
        options = {"ask": {"question": "?"}, "search": {"query": "?"}}
        name = self._chance.choice(("ask", "search"))
        choices = await person.types(name, "source", typed, at=where, **options[name])
        self._choices.append((person, where, json.dumps(choices)))

    async def _manage(self) -> None:
        server = self._chance.choice(self.servers)
        assert server.manager is not None
        name = self._chance.choice(("gaps", "stats", "settings"))
        await server.manager.asks(name, at=self._chance.choice(server.open))

    # How they do it.

    def _question(self) -> str:
        secret = self._secret()
        word = secret.word
        return self._chance.choice(
            (
                f"What is the password of the {secret.thing} depot?",
                f"What is the password of the {secret.thing} depot?",
                f"How do I enter the {secret.thing} depot?",
                # Misspelt: it is not read as a word that stands where one may not look.
                f"What is {word[:3]}{word[4]}{word[3]}{word[5:]}?",
                f"Who knows {word[:-1]}?",
                "And what is its password?",
            )
        )

    def _secret(self) -> Secret:
        return self._chance.choice(self.secrets)

    def _person(self, id_: int | None) -> Person | None:
        return next((each for each in self._everybody if each.id == id_), None)

    def _somebody_somewhere(self) -> tuple[Person, Channel]:
        server = self._chance.choice(self.servers)
        person = self._chance.choice(server.people)
        return person, self._chance.choice([each for each in (*server.open, *server.staff) if reads(person, each)])

    def _somebody_and_an_answer(self, *, alone: bool, button: str = "") -> tuple[Person, Message | None]:
        """Return somebody, and a message of the bot that they see; where it is not to be `alone`, all see it."""
        person = self._chance.choice(self._everybody)
        world = self.discord.world
        seen = [
            message
            for message in world.messages.values()
            if message.author_id == world.bot.id
            and message.id > self._begun
            and message.only_for in ((None, person.id) if alone else (None,))
            and reads(person, world.channels[message.channel_id])
            and (not button or any(each.label == button for each in message.buttons))
        ]
        return person, self._chance.choice(seen) if seen else None

    async def _answered(self, said: Message) -> None:
        def replied() -> bool:
            return any(
                each.reply_to == said.id and each.text and not each.thinking
                for each in self.discord.world.messages.values()
                if each.id > said.id
            )

        await self.discord.until(replied, _PATIENCE, f"a reply to {said.content!r:.100}")


def _everything_in(message: Message) -> str:
    """Return all that a client is sent of a message: text, buttons and menus with their ids, and files."""
    sent = json.dumps([message.content, message.embeds, message.components], ensure_ascii=False)
    return sent + "".join(f"{each.filename} {each.description} {each.data!r}" for each in message.attachments)


def _made_up(chance: random.Random) -> Iterator[str]:
    """Yield words of five syllables that no language has."""
    used: set[str] = set()
    while True:
        word = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(5)) + "x"
        if word[:4] not in used:
            used.add(word[:4])
            yield word


class _Log(logging.Handler):
    """Keeps what Footnote logs, with all that goes along with it, and what others do above the level of debugging."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno > logging.DEBUG or record.name.startswith(("bot.", "index.")):
            self.text += f"{record.getMessage()} {record.__dict__!r}\n"
