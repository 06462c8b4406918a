from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.features.refreshing import may_refresh, progress_message, refresh_message, refreshed
from bot.discord.messaging.message import TextFile
from bot.discord.work.jobs import Interim
from bot.errors import Stopped
from bot.presenting.words import ENGLISH
from index.access import NOBODY, Viewer
from index.report import Failure, Progress, RefreshReport
from tests.fakes import FakeLibrary
from tests.unit.bot.discord.limits_of_discord import acting, broken_limits, texts
from tests.unit.bot.discord.sample_answers import PAGE, any_text


class Watched(Interim):
    """An interim that lets the refresh go on once it has something to show."""

    def __init__(self) -> None:
        super().__init__(ENGLISH)
        self.has_shown = threading.Event()

    def tell(self, line: str) -> None:
        super().tell(line)
        self.has_shown.set()


async def anybody() -> Viewer:
    return NOBODY


async def test_progress_is_shown_while_the_refresh_goes_on() -> None:
    said, library = Watched(), FakeLibrary(PAGE)

    def waits(_: bool) -> RefreshReport:
        assert said.has_shown.wait(10)
        return RefreshReport(5, ("new.md",), (), (), 1, (), 9, 1, 0.5)

    library.refreshing = waits
    (report,) = await refreshed(library, anybody, said, ENGLISH)
    assert said.shown.content.endswith("1 of 1")
    assert report.embeds[0].title == "The index is refreshed"


async def test_a_refresh_that_is_cancelled_stops_where_it_tells_how_far_it_is() -> None:
    library, started, go_on, stopped = FakeLibrary(PAGE), threading.Event(), threading.Event(), threading.Event()

    def refresh(*, allow_shrinking: bool, progress: Callable[[Progress], None], only: object) -> RefreshReport:
        started.set()
        assert go_on.wait(10)
        try:
            progress(Progress("reading", 1, 2))
        except Stopped:
            stopped.set()
            raise
        return RefreshReport(5, (), (), (), 1, (), 9, 1, 0.5)

    vars(library)["refresh"] = refresh
    work = asyncio.create_task(refreshed(library, anybody, Interim(ENGLISH), ENGLISH))
    await asyncio.to_thread(started.wait, 10)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    go_on.set()
    assert await asyncio.to_thread(stopped.wait, 10)


async def test_what_the_library_serves_already_is_not_loaded_again() -> None:
    library = FakeLibrary(PAGE)
    await refreshed(library, anybody, Interim(ENGLISH), ENGLISH)
    assert (library.refreshes, library.reloads) == ([False], 0)


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


REPORT = RefreshReport(5, ("a.md",), ("b.md",), ("c.md",), 7, (Failure("d.pdf", "no text in it", True),), 90, 12, 1.5)


def test_a_refresh_says_what_was_added_changed_removed_and_failed_and_why() -> None:
    (embed,) = refresh_message(REPORT, words=ENGLISH).embeds
    assert [(field.name, field.value) for field in embed.fields] == [
        ("Added 1", "- a.md"),
        ("Changed 1", "- b.md"),
        ("Removed 1", "- c.md"),
        ("Failed 1", "- d.pdf: no text in it (its last good passages still serve)"),
    ]
    assert "Generation 5" in embed.description


def test_a_refresh_without_changes_says_so() -> None:
    (embed,) = refresh_message(RefreshReport(5, (), (), (), 7, (), 90, 0, 0.1), words=ENGLISH).embeds
    assert embed.title == "Nothing had changed"
    assert embed.fields == ()


def test_a_long_report_is_attached_whole() -> None:
    added = tuple(f"folder/document-{number}.md" for number in range(500))
    message = refresh_message(RefreshReport(5, added, (), (), 7, (), 90, 0, 0.1), words=ENGLISH)
    assert "more" in message.embeds[0].fields[0].value
    assert isinstance(message.file, TextFile) and all(source in message.file.text for source in added)


_SOURCES = st.lists(any_text(4), max_size=40).map(tuple)
_FAILURES = st.lists(st.builds(Failure, any_text(3), any_text(3), st.booleans()), max_size=30).map(tuple)


@settings(max_examples=60)
@given(_SOURCES, _SOURCES, _FAILURES)
def test_any_report_keeps_the_limits_and_acts_on_nothing(
    added: tuple[str, ...], removed: tuple[str, ...], failed: tuple[Failure, ...]
) -> None:
    message = refresh_message(RefreshReport(5, added, added, removed, 7, failed, 90, 0, 0.1), words=ENGLISH)
    assert broken_limits(message) == []
    assert [found for text in texts(message) for found in acting(text)] == []


@pytest.mark.parametrize(("done", "total"), [(0, 0), (0, 10), (5, 10), (10, 10), (11, 10)])
def test_progress_is_a_bar_of_constant_width(done: int, total: int) -> None:
    bar = progress_message(Progress("reading", done, total), words=ENGLISH).content.split("`")[1]
    assert len(bar) == 20
