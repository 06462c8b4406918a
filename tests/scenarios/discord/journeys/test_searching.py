from __future__ import annotations

from datetime import date
from typing import Any

from index.documents import Filter
from tests.fakes import FakeLibrary
from tests.scenarios.discord.journeys.reading import custom_id
from tests.unit.bot.discord.sample_answers import METADATA


async def test_a_search_shows_passages_and_turns_its_pages_in_place(channel: Any, alice: Any) -> None:
    found = (await alice.slash(channel, "search", query="rates")).response
    assert found.embeds[0].title == "1. The report"
    await alice.click(found, label="Next")
    page = channel.last_message
    assert page.id == found.id
    assert page.embeds[0].title == "4. The report"


async def test_a_page_still_turns_after_a_restart(simcord_env: Any, channel: Any, alice: Any, new_bot: Any) -> None:
    found = (await alice.slash(channel, "search", query="rates")).response
    await simcord_env.restart_bot(new_bot())
    await alice.click(found, label="Back")
    assert channel.last_message.embeds[0].title == "7. The report"


async def test_a_search_is_narrowed_by_source_and_by_date(channel: Any, alice: Any, library: FakeLibrary) -> None:
    await alice.slash(channel, "search", query="rates", source="the report", since="2025-01-01", until="2025-12-31")
    assert library.searched[-1] == ("rates", Filter(METADATA.source, date(2025, 1, 1), date(2025, 12, 31)))


async def test_a_day_that_is_none_gets_one_clear_line(channel: Any, alice: Any, library: FakeLibrary) -> None:
    result = await alice.slash(channel, "search", query="rates", since="yesterday")
    assert result.response.content == "“yesterday” is not a day; write it as 2025-12-31."
    assert library.searched == []


async def test_nothing_found_is_said(channel: Any, alice: Any, library: FakeLibrary) -> None:
    library.hits = 0
    result = await alice.slash(channel, "search", query="rates")
    assert result.response.content == "**Nothing found** for: rates"


async def test_the_sources_are_listed_and_filtered(channel: Any, alice: Any) -> None:
    listed = await alice.slash(channel, "sources")
    assert listed.ephemeral and "The report" in listed.response.embeds[0].description
    assert "No indexed document" in (await alice.slash(channel, "sources", filter="zebra")).response.content


async def test_the_status_shows_the_index_and_the_latency_of_each_step(channel: Any, alice: Any) -> None:
    await alice.slash(channel, "ask", question="How high is the rate?")
    (embed,) = (await alice.slash(channel, "status")).response.embeds
    said = {field.name: field.value for field in embed.fields}
    assert said["Documents"] == "12"
    assert said["Model"] == "all-MiniLM-L6-v2"
    assert "search 12 ms" in said["Latest answers, median"]


async def test_the_help_names_the_commands(channel: Any, alice: Any) -> None:
    result = await alice.slash(channel, "help")
    assert result.ephemeral and "/search" in result.response.content


async def test_a_lost_search_is_owned_up_to(channel: Any, alice: Any, store: Any) -> None:
    found = (await alice.slash(channel, "search", query="rates")).response
    store._write("DELETE FROM lookups", ())
    await alice.click(found, custom_id=custom_id(found, "search"))
    assert "no longer know this search" in channel.last_message.content
