"""The whole of Footnote behind the wire: the real index, the real answers, and a refresh in another process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.scenarios.discord.bot_process import ROOT, Child
from tests.scenarios.discord.standin import Standin

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
