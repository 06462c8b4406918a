from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.answers.service import AnswerService
from bot.discord.answers.sources import SourceNames
from bot.discord.answers.stored import Conversations
from bot.discord.features.answer_buttons import answer_buttons
from bot.discord.features.listening import Listening
from bot.discord.servers import Servers
from bot.discord.store import Mode, Store
from bot.discord.work.admission import Admission
from bot.discord.work.jobs import Jobs
from bot.discord.work.limits import Limits
from bot.discord.work.viewers import Viewers
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE

ME = SimpleNamespace(id=99)
FORUM, POST = 20, 21


class Room:
    """A channel that remembers what was sent to it."""

    def __init__(self) -> None:
        self.parent_id: int | None = None
        self.id, self.name = 10, "general"
        self.sent: list[str] = []
        self.holds = ""

    async def send(self, content: str, **_: Any) -> None:
        self.sent.append(content)

    async def fetch_message(self, _: int) -> Any:
        return SimpleNamespace(content=self.holds)

    async def typing(self) -> None:
        pass


class Post(Room, discord.Thread):  # type: ignore[misc]
    """A post in a forum, without a Discord behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.id, self.parent_id, self.name = POST, FORUM, "The rate"
        self.owner_id = 7


class Listened:
    """A bot that listens, and what it was asked."""

    def __init__(self) -> None:
        self.answerer = FakeAnswerer(ANSWER)
        self.store = Store(":memory:")
        me: Any = ME
        library, limits = FakeLibrary(PAGE), Limits()
        admission, sources = Admission(limits.allowance), SourceNames(library)
        service = AnswerService(
            library,
            self.answerer,
            self.store,
            Servers(self.store.database),
            Jobs(),
            admission,
            sources,
            limits.queue,
            limits.deadline,
            answer_buttons,
        )
        nobody: Any = SimpleNamespace(get_channel=lambda _: None)
        self.cog = Listening(
            service,
            admission,
            self.store,
            Servers(self.store.database),
            Viewers(library, nobody),
            Conversations(self.store, library),
            lambda: me,
            self._passes_on,
            self._admits,
        )

    async def _passes_on(self, message: discord.Message) -> bool:
        return False

    async def _admits(self, person: int, guild: int | None) -> bool:
        return True

    async def hears(
        self, content: str, room: Room, *, message_id: int = 1, in_guild: bool = True, calls_role: bool = False
    ) -> None:
        message: Any = SimpleNamespace(
            id=message_id,
            content=content,
            author=SimpleNamespace(bot=False, id=7),
            attachments=[],
            webhook_id=None,
            is_system=lambda: False,
            guild=SimpleNamespace(id=1, self_role="Footnote", preferred_locale="en-US") if in_guild else None,
            mentions=[],
            role_mentions=["Footnote"] if calls_role else [],
            reference=None,
            channel=room,
            to_reference=lambda **_: None,
        )
        await self.cog.on_message(message)


@pytest.fixture
def listened() -> Listened:
    return Listened()


async def test_a_new_forum_post_is_answered_once_from_its_title_and_text(listened: Listened) -> None:
    listened.store.set_mode(1, FORUM, Mode.FORUM)
    for message_id, said in ((POST, "How high is it?"), (POST, "How high is it?"), (POST + 5, "Thanks, is that so?")):
        await listened.hears(said, Post(), message_id=message_id)
    assert [asked[0] for asked in listened.answerer.asked] == ["The rate\nHow high is it?"]
    assert listened.store.was_answered_in(POST)


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("How high is it?", True),
        ("Is it high? I wonder.", True),
        ("多高？", True),
        ('He asked "why?"', True),
        ("See https://example.org/?q=1 for more", False),
        ("It is high.", False),
        ("", False),
    ],
)
async def test_where_every_question_is_answered_a_question_mark_tells_one(
    listened: Listened, said: str, answered: bool
) -> None:
    listened.store.set_mode(1, 10, Mode.EVERY)
    await listened.hears(said, Room())
    assert bool(listened.answerer.asked) is answered


async def test_a_direct_message_is_always_addressed(listened: Listened) -> None:
    room = Room()
    await listened.hears("How high is it?", room, in_guild=False)
    assert room.sent == [f"{ANSWER.statements[0].text} [1]"]


async def test_who_calls_the_bots_role_is_answered_though_discord_sent_no_text(listened: Listened) -> None:
    room = Room()
    room.holds = "<@&5> How high is it?"
    await listened.hears("", room, calls_role=True)
    assert listened.answerer.questions == ["How high is it?"]
