"""The whole of Footnote behind the wire: the real index, the real answers, and a refresh in another process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.scenarios.chat.standin import ChatServer, Request, Stall
from tests.scenarios.chat.writers import as_json
from tests.scenarios.discord.bot_process import ROOT, Child
from tests.scenarios.discord.standin import Standin
from tests.scenarios.discord.standin.world import NEWS

MUSEUM = """# The lighthouse museum

The lighthouse museum opened in 1987. It is closed on Mondays. A ticket costs 12 euros.

The lamp of the lighthouse was built in Hamburg. It weighs 900 kilograms.
"""
FERRY = """# The ferry

The ferry to the island takes 40 minutes. It carries 35 cars. The last ferry leaves at 21:30.
"""


async def refresh(folder: Path) -> None:
    room = {"FOOTNOTE_CORPUS": str(folder / "corpus"), "FOOTNOTE_DATA": str(folder / "data")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "refresh"),
        env={**os.environ, **room, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def test_a_refresh_in_another_process_is_noticed_and_answered_from(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "museum.md").write_text(MUSEUM)
    await refresh(tmp_path)
    async with Standin() as discord:
        guild = discord.guild()
        general = discord.channel("general", guild)
        ada = discord.user("ada").joins(guild)
        async with Child(discord, tmp_path, STANDIN_PACE="", LOG_LEVEL="INFO") as child:
            await child.connected(120)
            answer = await ada.asks("ask", at=general, question="When did the lighthouse museum open?")
            assert "1987" in answer.text
            assert "1987" in (await ada.final(await ada.presses(answer, "1"))).text
            (corpus / "ferry.md").write_text(FERRY)
            await refresh(tmp_path)
            await discord.until(lambda: discord.gateway.presences[-1].text.startswith("2 "), 15, "a new presence")
            assert "40 minutes" in (await ada.asks("ask", at=general, question="How long does the ferry take?")).text
            child.signal(signal.SIGTERM)
            assert await child.exit_code(20) == 0
        assert "heartbeat blocked" not in child.said
        assert not discord.refusals
        assert not discord.pinged


OPENED = ("In 1987 the lighthouse museum opened.", "opened in 1987")
CLOSED = ("On Mondays it is closed.", "closed on Mondays")


def half_of_an_answer(request: Request) -> Stall:
    """Write one statement, and the other once the server is released."""
    whole = as_json(request, (OPENED, CLOSED))
    middle = whole.index(CLOSED[0])
    return Stall(whole[:middle], whole[middle:])


async def test_what_a_chat_model_writes_is_seen_before_it_is_done_and_stop_hangs_up_on_it(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "museum.md").write_text(MUSEUM)
    await refresh(tmp_path)
    with ChatServer(half_of_an_answer) as chat:
        model = {"CHAT_MODEL": "openai:scripted", "CHAT_BASE_URL": chat.url}
        async with Standin() as discord:
            guild = discord.guild()
            general = discord.channel("general", guild)
            ada = discord.user("ada").joins(guild)
            async with Child(discord, tmp_path, STANDIN_PACE="", LOG_LEVEL="INFO", **model) as child:
                await child.connected(120)
                used = await ada.slash("ask", at=general, question="When did the lighthouse museum open?")
                await discord.until(lambda: used.replies and "Writing …" in used.replies[0].text, 30, "a statement")
                assert f"{OPENED[0]} [1]" in used.replies[0].text
                await ada.presses(used.replies[0], "Stop")
                kept = await ada.final(used)
                assert f"{OPENED[0]} [1]\n\n-# Stopped." in kept.text
                assert await asyncio.to_thread(chat.was_hung_up_on)
                chat.release()
                answer = await ada.asks("ask", at=general, question="When did the lighthouse museum open?")
                assert f"{OPENED[0]} [1]\n\n{CLOSED[0]}" in answer.text
                assert "Written by openai:scripted" in answer.text
                status = await ada.asks("status", at=general)
                assert "openai:scripted" in status.text and "first statement" in status.text
                child.signal(signal.SIGTERM)
                assert await child.exit_code(20) == 0
            assert not discord.refusals


async def test_what_is_said_in_a_channel_is_answered_from_with_its_link_and_gone_once_it_is_deleted(
    tmp_path: Path,
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "museum.md").write_text(MUSEUM)
    await refresh(tmp_path)
    async with Standin() as discord:
        guild = discord.guild()
        general, news = discord.channel("general", guild), discord.channel("news", guild, kind=NEWS)
        ada = discord.user("ada").joins(guild)
        grace = discord.user("grace").joins(guild, discord.admins(guild))
        grace.says("The ferry to the island takes 40 minutes.", news)
        said = grace.says("The last ferry leaves at 21:30. It carries 35 cars.", news)
        reads = {"FOOTNOTE_DISCORD_MESSAGE_CONTENT": "true"}
        async with Child(discord, tmp_path, STANDIN_PACE="", LOG_LEVEL="INFO", **reads) as child:
            await child.connected(120)
            added = await grace.slash("index add", at=general, channel=news)
            await discord.until(lambda: added.replies and "is added" in added.replies[0].text, 60, "the channel")
            answer = await ada.asks("ask", at=general, question="When does the last ferry leave?")
            assert "21:30" in answer.text
            card = await ada.final(await ada.presses(answer, "1"))
            assert card.embeds[0]["url"] == f"https://discord.com/channels/{guild.id}/{news.id}/{said.id}"
            assert "Grace, " in card.text and "21:30" in card.text
            grace.deletes(said)
            refreshed = await grace.slash("refresh", at=general)
            await discord.until(lambda: refreshed.replies and refreshed.replies[0].embeds, 60, "the refresh")
            assert "21:30" not in (await ada.final(await ada.presses(answer, "1"))).text
            answer = await ada.asks("ask", at=general, question="When does the last ferry leave?")
            assert "21:30" not in answer.text
            child.signal(signal.SIGTERM)
            assert await child.exit_code(20) == 0
        assert not discord.refusals
