from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.desk import Desk
from bot.discord.message import Message
from bot.discord.refreshing import may_refresh, refresh
from bot.discord.store import Store
from index.report import RefreshReport
from tests.unit.bot.discord.stand_ins import StandInAnswerer, StandInLibrary
from tests.unit.bot.discord.test_jobs import Said


class Watched(Said):
    """A reply that lets the refresh go on once it has shown something."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = threading.Event()

    async def update(self, message: Message) -> None:
        await super().update(message)
        self.shown.set()


async def test_progress_is_shown_while_the_refresh_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.refreshing._BETWEEN_UPDATES", 0.0)
    said, library = Watched(), StandInLibrary()

    def waits(_: bool) -> RefreshReport:
        assert said.shown.wait(10)
        return RefreshReport(5, ("new.md",), (), (), 1, (), 9, 1, 0.5)

    library.refreshing = waits
    (report,) = await refresh(Desk(library, StandInAnswerer(), Store(":memory:")), said)
    assert "1 of 2" in said.interim[0].content
    assert report.embeds[0].title == "The index is refreshed"


def person(guild: int | None, manages: bool, *roles: int) -> Any:
    return SimpleNamespace(
        guild_id=guild,
        permissions=discord.Permissions(manage_guild=manages),
        user=SimpleNamespace(roles=[SimpleNamespace(id=role) for role in roles]),
    )


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (person(1, True), True),
        (person(1, False), False),
        (person(1, False, 5), True),
        (person(1, False, 6), False),
        (person(None, True, 5), False),
    ],
)
def test_managers_and_the_named_roles_may_refresh_and_nobody_outside_a_server(who: Any, allowed: bool) -> None:
    assert may_refresh(who, frozenset({5})) is allowed
