"""Bots: the real bot is ended by SIGKILL with answers in flight and a swap under way, and a second one is started."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

from tests.scenarios.discord.bot_process import Child
from tests.scenarios.discord.standin import Standin
from tests.torture.corpus import Place
from tests.torture.outcome import Outcome
from tests.torture.swaps import PUBLISHER

_DOCUMENTS = 20


def killed_and_doubled(folder: Path, kills: int = 5) -> Outcome:
    """Kill a bot again and again while it answers and swaps: the next one answers. A second one is refused."""
    outcome = Outcome(f"{kills} kills of the bot during a swap with answers in flight, and a second bot")
    place = Place.make(folder)
    _publish(place, 0)
    asyncio.run(_kills(place, folder, kills, outcome))
    return outcome


async def _kills(place: Place, folder: Path, kills: int, outcome: Outcome) -> None:
    moments = random.Random(0)
    async with Standin() as standin:
        guild = standin.guild()
        general, ada = standin.channel("general", guild), standin.user("ada").joins(guild)
        for number in range(kills):
            async with Child(standin, folder, STANDIN_PACE="") as bot:
                await bot.connected(within=300)
                used = await ada.slash("ask", at=general, question=f"What is part {number} of document {number}?")
                outcome.expect((await ada.final(used, within=120)).text, f"after kill {number} there was no answer")
                outcome.count("answers")
                if number == 0:
                    await _second(standin, folder, outcome)
                _publish(place, number + 1)
                for _ in range(3):
                    await ada.slash("ask", at=general, question=f"Where is document {number}?")
                await asyncio.sleep(moments.uniform(0, 4))
                bot.signal(signal.SIGKILL)
                outcome.expect(await bot.exit_code(120) == -signal.SIGKILL, "the bot had ended before")
                outcome.count("kills")
                outcome.expect("Traceback" not in bot.said, f"a traceback before kill {number}")
        async with Child(standin, folder, STANDIN_PACE="") as bot:
            await bot.connected(within=300)
            used = await ada.slash("ask", at=general, question="What is part 1 of document 1?")
            outcome.expect((await ada.final(used, within=120)).text, "at the end there was no answer")
            bot.signal(signal.SIGTERM)
            outcome.expect(await bot.exit_code(120) == 0, "at the end it did not end as it was told")
    left = [path.name for path in (place.data / "serving").iterdir() if path.is_dir()]
    outcome.expect(not left, f"left behind: {left}")


async def _second(standin: Standin, folder: Path, outcome: Outcome) -> None:
    async with Child(standin, folder, STANDIN_PACE="") as second:
        code = await second.exit_code(300)
        said = [line for line in second.lines if "already" in line]
        outcome.expect(code == 75, f"the second bot ended with {code}")
        outcome.expect(len(said) == 1, f"the second bot said {second.lines[-3:]}")
        outcome.count("second bots refused")


def _publish(place: Place, edition: int) -> None:
    command = [sys.executable, "-c", PUBLISHER, str(place.corpus), str(place.data)]
    subprocess.run(command, input=f"{edition} {_DOCUMENTS}\n", text=True, capture_output=True, check=True)
