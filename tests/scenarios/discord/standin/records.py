"""What happened, as frozen facts for assertions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.scenarios.discord.standin.errors import Json
from tests.scenarios.discord.standin.limits import BUTTON, COMPONENTS_V2, EPHEMERAL, LOADING, TEXT, walk


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a reader sees it."""

    label: str
    custom_id: str | None
    url: str | None
    disabled: bool
    emoji: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    id: int
    filename: str
    data: bytes = field(repr=False)
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a message notifies, or would notify if the sender had the permission: embeds and edits notify nobody."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is now; an edit makes a new one with the same id.

    `only_for` is the one reader of an ephemeral message, `interaction_id` what it responds to and `used_by` whose
    interaction that was.
    """

    id: int
    channel_id: int
    author_id: int
    content: str
    created: datetime
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: int = 0
    kind: int = 0
    reply_to: int | None = None
    interaction_id: int | None = None
    used_by: int | None = None
    only_for: int | None = None
    nonce: str | None = None
    edited: datetime | None = None
    edits: int = 0
    mentions: Pings = Pings()
    pings: Pings = Pings()
    reactions: tuple[str, ...] = ()
    pinned: bool = False

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Whether it shows nothing yet but "… is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(
            Button(
                each.get("label") or "",
                each.get("custom_id"),
                each.get("url"),
                bool(each.get("disabled")),
                (each.get("emoji") or {}).get("name"),
            )
            for _, each in walk(list(self.components))
            if each.get("type") == BUTTON
        )

    @property
    def shown_embeds(self) -> tuple[Json, ...]:
        """The embeds that the client shows: of those with one address the first alone (discord-api-docs #1418)."""
        first: dict[object, Json] = {}
        for number, embed in enumerate(self.embeds):
            first.setdefault(embed.get("url") or number, embed)
        return tuple(first.values())

    @property
    def text(self) -> str:
        """Everything that a reader can read in it, embeds and text components included."""
        parts = [self.content]
        for embed in self.shown_embeds:
            parts += [embed.get("title", ""), embed.get("description", "")]
            parts += [f"{each['name']}\n{each['value']}" for each in embed.get("fields") or ()]
            parts += [(embed.get("author") or {}).get("name", ""), (embed.get("footer") or {}).get("text", "")]
        parts += [each["content"] for _, each in walk(list(self.components)) if each.get("type") == TEXT]
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Ack:
    """A first response to an interaction: its callback type, and how long it took to come."""

    interaction_id: int
    kind: int
    latency: float
    ephemeral: bool


@dataclass(frozen=True, slots=True)
class Request:
    """One REST request: the name of its route, and what became of it. `status` 0 is a connection that was cut."""

    at: float
    route: str
    method: str
    path: str
    status: int
    code: int | None
    body: Json = field(repr=False)
    errors: Json | None = None


@dataclass(frozen=True, slots=True)
class Identify:
    """A new gateway session: its intents, shard and first presence."""

    session_id: str
    intents: int
    shard: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Resume:
    """An attempt to resume: whether it went through and how many events it replayed."""

    session_id: str
    accepted: bool
    replayed: int


@dataclass(frozen=True, slots=True)
class Presence:
    """What the bot says of itself: its status and the line under its name."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Sync:
    """A bulk overwrite of commands: of which guild (None: everywhere) and whether it changed anything."""

    guild_id: int | None
    names: tuple[str, ...]
    changed: bool
