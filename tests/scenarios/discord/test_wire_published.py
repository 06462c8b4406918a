"""The bot as one of many: another machine builds the index, and a monitoring asks how the bot is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.scenarios.discord.bot_process import ROOT, Child
from tests.scenarios.discord.standin import Standin

MUSEUM = "# The lighthouse museum\n\nThe lighthouse museum opened in 1987. It is closed on Mondays.\n"
FERRY = "# The ferry\n\nThe ferry to the island takes 40 minutes. It carries 35 cars.\n"


async def build(machine: Path, shared: str) -> None:
    """Refresh on the machine that has the documents, and publish."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "refresh"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "FOOTNOTE_GENERATIONS": shared},
        cwd=machine,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def get(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def figures(port: int) -> dict[tuple[str, ...], float]:
    """Return each figure that Prometheus would read, under its name and its labels' values."""
    _, text = await get(port, "/metrics")
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


async def health_check(port: int) -> int:
    """Return what the image's own health check ends with for a bot that tells how it is at a port."""
    (command,) = re.findall(r"^ +CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    program, *arguments = json.loads(command.replace("9464", str(port)))
    assert program == "python"
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL)
    return await process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_a_bot_answers_from_what_another_machine_builds_and_tells_how_it_is(tmp_path: Path) -> None:
    builder, shared, port = tmp_path / "builder", f"file://{tmp_path / 'shared'}", free_port()
    corpus = builder / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "museum.md").write_text(MUSEUM)
    await build(builder, shared)
    bot = tmp_path / "bot"
    bot.mkdir()
    async with Standin() as discord:
        guild = discord.guild()
        general = discord.channel("general", guild)
        ada = discord.user("ada").joins(guild)
        variables = {"FOOTNOTE_GENERATIONS": shared, "FOOTNOTE_MONITORING": str(port)}
        async with Child(discord, bot, STANDIN_PACE="", LOG_LEVEL="INFO", **variables) as child:
            await child.connected(120)
            answer = await ada.asks("ask", at=general, question="When did the lighthouse museum open?")
            assert "1987" in answer.text
            await discord.until(lambda: bool(discord.gateway.presences), 15, "the bot to be ready")
            status, text = await get(port, "/healthz")
            assert (status, json.loads(text)) == (200, {"discord": True, "generation": 1, "problem": None})
            assert await health_check(port) == 0
            assert await health_check(free_port()) == 1

            (corpus / "ferry.md").write_text(FERRY)
            await build(builder, shared)
            await discord.until(lambda: discord.gateway.presences[-1].text.startswith("2 "), 15, "a new presence")
            assert "40 minutes" in (await ada.asks("ask", at=general, question="How long does the ferry take?")).text
            await ada.asks("ask", at=general, question="Who is the mayor of Hamburg?")
            seen = await figures(port)
            assert seen["footnote_generation",] == 2
            assert seen["footnote_documents",] == 2
            assert seen["footnote_questions_total", "answered"] == 2
            assert seen["footnote_step_seconds_count", "total"] == 3
            assert seen["footnote_queue_waiting",] == 0

            # The disk that they share is away: the bot goes on with what it has, and says so.
            (tmp_path / "shared").rename(tmp_path / "away")
            (tmp_path / "shared").write_text("nothing that can be listed")
            await discord.until(lambda: "until then what is here is served" in child.said, 15, "the bot to notice")
            assert (await figures(port))["footnote_generations_in_touch",] == 0
            status, text = await get(port, "/healthz")
            assert (status, json.loads(text)["generation"]) == (200, 2)
            assert "cannot be reached" in json.loads(text)["problem"]
            assert "40 minutes" in (await ada.asks("ask", at=general, question="How long does the ferry take?")).text
            child.signal(signal.SIGTERM)
            assert await child.exit_code(20) == 0


async def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    async with Standin() as discord:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            async with Child(discord, tmp_path, FOOTNOTE_MONITORING=str(taken.getsockname()[1])) as child:
                assert await child.exit_code(60) == 78
            assert child.lines[-1].startswith("FOOTNOTE_MONITORING: nothing can be served there")
