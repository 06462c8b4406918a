"""Searching, over the wire: passages, sources and the state of the index, and the pages that they are shown on."""

from __future__ import annotations

from datetime import date

import pytest

from index.documents import Filter
from tests.scenarios.discord.wire import DOCUMENTS, Wire, actions, custom_id


@pytest.fixture
def many(wire: Wire) -> Wire:
    """Let there be seven passages."""
    for number in range(5):
        wire.library.says(f"Document {number} speaks of ships.", f"Ships {number}")
    return wire


def ranks(embeds: tuple[dict[str, str], ...]) -> list[str]:
    return [embed["title"].split(".")[0] for embed in embeds]


async def test_a_search_shows_passages_and_turns_its_pages_in_place(many: Wire) -> None:
    found = await many.ada.asks("search", at=many.general, query="rates")
    assert ranks(found.embeds) == ["1", "2", "3"]
    turned = await many.ada.reply(await many.ada.presses(found, "Next"))
    assert turned.id == found.id
    assert ranks(turned.embeds) == ["4", "5", "6"]


async def test_every_passage_of_one_document_is_shown(wire: Wire) -> None:
    for number in range(3):
        wire.library.says(f"The rates of quay {number} rose.", f"Quay {number}", "https://docs.example/quays")
    found = await wire.ada.asks("search", at=wire.general, query="the rates of quay")
    assert len(found.shown_embeds) == 3
    assert all("[open](https://docs.example/quays)" in embed["description"] for embed in found.shown_embeds)


async def test_near_duplicates_are_shown_once(wire: Wire) -> None:
    notice = "The ferry to the island leaves from the quay at noon and comes back to the quay before it is dark"
    wire.library.says(f"{notice}.", "Ferry")
    wire.library.says(f"{notice} again.", "Ferry, second edition")
    found = await wire.ada.asks("search", at=wire.general, query="the ferry to the island")
    assert len([embed for embed in found.embeds if "Ferry" in embed["title"]]) == 1
    assert ranks(found.embeds) == ["1", "2", "3"][: len(found.embeds)]


async def test_nobody_else_turns_the_pages_of_a_search(many: Wire) -> None:
    found = await many.ada.asks("search", at=many.general, query="rates")
    told = await many.grace.reply(await many.grace.presses(found, "Next"))
    assert told.only_for == many.grace.id and "Only who searched" in told.content
    assert ranks(many.discord.messages(many.general)[0].embeds) == ["1", "2", "3"]


async def test_a_page_still_turns_after_a_restart(many: Wire) -> None:
    found = await many.ada.asks("search", at=many.general, query="rates")
    await many.restart()
    assert ranks((await many.ada.reply(await many.ada.presses(found, "Back"))).embeds) == ["7"]


async def test_a_search_is_narrowed_by_source_and_by_date(wire: Wire) -> None:
    days = {"since": "2025-01-01", "until": "2025-12-31"}
    await wire.ada.asks("search", at=wire.general, query="rates", source="rates", **days)
    where = Filter(DOCUMENTS[0].metadata.source, date(2025, 1, 1), date(2025, 12, 31))
    assert wire.library.searched[-1] == ("rates", 15, where)


async def test_a_day_that_is_none_gets_one_clear_line(wire: Wire) -> None:
    told = await wire.ada.asks("search", at=wire.general, query="rates", since="yesterday")
    assert told.content == "“yesterday” is not a day; write it as 2025-12-31."
    assert told.only_for == wire.ada.id
    assert wire.library.searched == []


async def test_nothing_found_is_said(wire: Wire) -> None:
    wire.library.documents = {}
    assert (await wire.ada.asks("search", at=wire.general, query="rates")).content == "**Nothing found** for: rates"


async def test_a_lost_search_is_owned_up_to(many: Wire) -> None:
    found = await many.ada.asks("search", at=many.general, query="rates")
    many.store._write("DELETE FROM lookups", ())
    lost = await many.ada.reply(await many.ada.presses(found, custom_id(found, "search")))
    assert "no longer know this search" in lost.content


async def test_find_sources_searches_for_what_a_message_says(many: Wire) -> None:
    said = many.ada.says("The rate rose in May.", many.general)
    found = await many.grace.final(await many.grace.menu("Find sources", said))
    assert found.only_for == many.grace.id
    assert found.embeds[0]["title"] == "1. Rates" and len(found.embeds) == 3
    assert actions(found) == ["search"] * 3


async def test_the_sources_are_listed_and_filtered(wire: Wire) -> None:
    listed = await wire.ada.asks("sources", at=wire.general)
    assert listed.ephemeral and "Rates" in listed.text
    assert "No indexed document" in (await wire.ada.asks("sources", at=wire.general, filter="zebra")).content


async def test_the_status_shows_the_index_and_the_latency_of_each_step(wire: Wire) -> None:
    await wire.ada.asks("ask", at=wire.general, question="How high is the rate?")
    status = await wire.ada.asks("status", at=wire.general)
    said = {field["name"]: field["value"] for field in status.embeds[0]["fields"]}
    assert said["Documents"] == "2"
    assert said["Model"] == "all-MiniLM-L6-v2"
    assert "search 12 ms" in said["Latest answers, median"]


async def test_the_help_names_the_commands(wire: Wire) -> None:
    told = await wire.ada.asks("help", at=wire.general)
    assert told.ephemeral and "/search" in told.content
