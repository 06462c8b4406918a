"""The bot in a process of its own, pointed at the stand-in by the two addresses and nothing else.

As a module this is what the test starts: `Child`. Run with `-m` it is the child: it sets the addresses, and then runs
the command `footnote discord` as anybody would. With STANDIN_PACE the answers are quotes and each costs so many
seconds of work; without it the real library and answerer serve. With STANDIN_HOLDS that file is told, a hundred times a
second, the monotonic clock and for how many milliseconds the event loop was held.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import discord
import yarl

from tests.scenarios.discord.standin import Standin

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]


class Child:
    """A running bot. What it writes to standard output, standard error and its journal is in `said`."""

    def __init__(self, standin: Standin, folder: Path, *, token: str | None = None, **variables: str) -> None:
        self.standin, self.folder = standin, folder
        self._output = folder / "output.txt"
        self._variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "STANDIN_REST": standin.address,
            "STANDIN_GATEWAY": standin.gateway_address,
            "STANDIN_PACE": "0",
            "DISCORD_TOKEN": standin.token if token is None else token,
            "FOOTNOTE_CORPUS": str(folder / "corpus"),
            "FOOTNOTE_DATA": str(folder / "data"),
            # What these scenarios index, they index themselves; a library out of a can has no sources to ask.
            "FOOTNOTE_MANUAL_REFRESH": "true",
            "LOG_LEVEL": "DEBUG",
            **variables,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        (self.folder / "corpus").mkdir(exist_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.scenarios.discord.bot_process"),
            cwd=self.folder,
            env={name: value for name, value in self._variables.items() if value},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._ended = asyncio.create_task(self._listen(self._process))
        self._ended.add_done_callback(lambda task: self.standin.changed())
        return self

    async def _listen(self, process: asyncio.subprocess.Process) -> int:
        keeping = asyncio.create_task(self._keep(process.stdout))
        code = await process.wait()
        # What it wrote is in the pipe by now; a child of its own that outlives it may hold the pipe open.
        await asyncio.wait({keeping}, timeout=1)
        keeping.cancel()
        return code

    async def _keep(self, output: asyncio.StreamReader | None) -> None:
        assert output is not None
        with self._output.open("ab", buffering=0) as file:
            while some := await output.read(1 << 16):
                file.write(some)
                self.standin.changed()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._ended

    @property
    def said(self) -> str:
        texts = [self._output, *self.folder.glob("data/*.log")]
        return "\n".join(path.read_text(errors="replace") for path in texts if path.exists())

    @property
    def lines(self) -> list[str]:
        """What it tells whoever started it, without the lines of its log."""
        lines = self._output.read_text(errors="replace").splitlines()
        return [line for line in lines if line.strip() and not line.startswith("{")]

    async def connected(self, within: float = 60.0) -> None:
        """Wait until it has identified and its commands are there."""
        wanted = len(self.standin.gateway.identifies) + (not self.standin.gateway.connected)
        await self.standin.until(
            lambda: (
                self._ended.done()
                or (len(self.standin.gateway.identifies) >= wanted and self.standin.commands.of(None))
            ),
            within,
            "the bot to connect",
        )
        assert not self._ended.done(), f"the bot ended with {self._ended.result()}:\n{self.said[-4000:]}"

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def stops(self) -> None:
        """Ask it to stop, and wait until it has taken notice."""
        self.signal(signal.SIGTERM)
        await self.standin.until(lambda: '"event": "stopping"' in self.said, 30, "the bot to stop")

    async def exit_code(self, within: float = 60.0) -> int:
        async with asyncio.timeout(within):
            return await asyncio.shield(self._ended)


def _point_at_the_standin() -> None:
    discord.http.Route.BASE = os.environ.pop("STANDIN_REST")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ.pop("STANDIN_GATEWAY"))


def _answer_with_quotes(pace: float) -> None:
    from bot import app
    from bot.answering.answer import Answer
    from tests.fakes import FakeAnswerer, FakeLibrary, Quoting
    from tests.scenarios.discord.wire import DOCUMENTS

    library = FakeLibrary(*DOCUMENTS)
    quoting = Quoting(library)

    def answer(question: str) -> Answer:
        _work(pace)
        return quoting(question)

    vars(app)["open_library"] = lambda settings: library
    vars(app)["open_answerer"] = lambda library, settings: FakeAnswerer(answer)


def _work(seconds: float) -> None:
    """Use a processor for so long, half of the time with Python's lock held, as embedding and choosing do."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        hashlib.pbkdf2_hmac("sha256", b"footnote", b"salt", 1_000)
        sum(range(10_000))


def _watch_the_loop(report: Path) -> None:
    """Ask the event loop from a thread, every 10 ms, to come back at once, and note how long it took."""
    login = discord.Client.login

    async def watched(self: discord.Client, token: str) -> None:
        threading.Thread(target=_probe, args=(asyncio.get_running_loop(), report), daemon=True).start()
        await login(self, token)

    vars(discord)["Client"].login = watched


def _probe(loop: asyncio.AbstractEventLoop, report: Path) -> None:
    """Note when the loop came back by its own clock: this thread may itself be late to hear of it."""
    with report.open("w", buffering=1) as file:
        while not loop.is_closed():
            asked, back, came = time.monotonic(), threading.Event(), [0.0]

            def answer(back: threading.Event = back, came: list[float] = came) -> None:
                came[0] = time.monotonic()
                back.set()

            loop.call_soon_threadsafe(answer)
            back.wait(60)
            file.write(f"{asked:.3f} {(came[0] - asked) * 1000:.1f}\n")
            time.sleep(0.01)


def main() -> None:
    """Be the bot."""
    from bot.__main__ import main as footnote

    _point_at_the_standin()
    pace, holds = os.environ.pop("STANDIN_PACE", ""), os.environ.pop("STANDIN_HOLDS", "")
    if pace:
        _answer_with_quotes(float(pace))
    if holds:
        _watch_the_loop(Path(holds))
    sys.argv = ["footnote", "discord"]
    footnote()


if __name__ == "__main__":
    main()
