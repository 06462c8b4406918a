"""A thousand questions from fifty people at once, over the wire, while an index is being made beside the bot.

What must hold: nobody is left without a reply, acknowledgements within 1 s for 99 of 100, the event loop never held for
more than 250 ms, and no word of discord.py about a blocked heartbeat. Run with `make benchmark`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.scenarios.discord.bot_process import Child
from tests.scenarios.discord.standin import Channel, Interaction, Person, Standin

PEOPLE, EACH, GUILDS = 50, 20, 5
ANSWER_COSTS = 0.05
BURN = "import hashlib, os\nos.nice(10)\nwhile True: hashlib.pbkdf2_hmac('sha256', b'x', b'y', 20_000)"


@asynccontextmanager
async def refreshing() -> AsyncIterator[None]:
    """Keep a processor as busy as the writer of an index does, at its priority."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BURN)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


def quantile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def spread(milliseconds: Sequence[float]) -> str:
    middle, late = quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)
    return f"p50 {middle:.1f} ms, p99 {late:.1f} ms, at most {max(milliseconds):.0f} ms"


async def asks_one_after_another(person: Person, channel: Channel, used: list[Interaction]) -> None:
    for number in range(EACH):
        question = f"How high is rate {number} of {person.id}?"
        used.append(await person.slash("ask", at=channel, question=question))
        await person.final(used[-1], within=120)


async def test_a_thousand_questions_from_fifty_people(tmp_path: Path) -> None:
    holds = tmp_path / "holds.txt"
    async with Standin() as standin:
        guilds = [standin.guild(f"Guild {number}") for number in range(GUILDS)]
        channels = [standin.channel("general", guild) for guild in guilds]
        people = [standin.user(f"person{number}").joins(guilds[number % GUILDS]) for number in range(PEOPLE)]
        async with Child(
            standin, tmp_path, STANDIN_PACE=str(ANSWER_COSTS), STANDIN_HOLDS=str(holds), LOG_LEVEL="INFO"
        ) as child:
            await child.connected()
            used: list[Interaction] = []
            async with refreshing():
                start = time.monotonic()
                async with asyncio.TaskGroup() as group:
                    for number, person in enumerate(people):
                        group.create_task(asks_one_after_another(person, channels[number % GUILDS], used))
                seconds = time.monotonic() - start
            said = child.said
    report(standin, used, seconds, [float(line) for line in holds.read_text().split()], said)


def report(standin: Standin, used: list[Interaction], seconds: float, holds: list[float], said: str) -> None:
    """Print the numbers, and hold them to what is promised."""
    unanswered = [each for each in used if not each.replies]
    notices = [each for each in used if each.replies and not each.replies[0].buttons]
    twice = [each for each in used if len(each.replies) > 1]
    latencies = [ack.latency * 1000 for ack in standin.acks]
    blocked = said.count("heartbeat blocked")
    print(
        f"\n{len(used)} questions in {seconds:.1f} s ({len(used) / seconds:.1f} a second);"
        f" {len(unanswered)} unanswered, {len(notices)} of the replies are notices, {len(twice)} came twice"
        f"\nacknowledged after {spread(latencies)}\nevent loop held for {spread(holds)}"
        f"\nheartbeat blocked: {blocked} lines; refused by Discord: {len(standin.refusals)} requests"
    )
    assert not unanswered
    assert not twice
    assert quantile(latencies, 0.99) < 1000
    assert max(holds) < 250
    assert blocked == 0
    assert not standin.refusals
