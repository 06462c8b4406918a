"""The server of the monitoring: it answers `/healthz` and `/metrics`, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.discord.backend import Library
from bot.discord.monitoring.measurements import Measurements
from bot.settings import Address
from index.access import OPERATOR
from index.errors import FootnoteError


class Monitor:
    """Tells how the bot is; `is_connected` says whether Discord reaches it."""

    def __init__(self, library: Library, measurements: Measurements, is_connected: Callable[[], bool]) -> None:
        self._library = library
        self._measurements = measurements
        self._is_connected = is_connected

    @asynccontextmanager
    async def serving(self, address: Address) -> AsyncIterator[None]:
        """Serve while the block lasts. Raises OSError where the port cannot be had."""
        app = web.Application()
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, address.host, address.port, shutdown_timeout=1.0).start()
            yield
        finally:
            await runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        """Answer 200 where members of a server would get an answer now, else 503, and say what is missing."""
        generation, problem = await asyncio.to_thread(self._index)
        is_connected = self._is_connected()
        form = {"discord": is_connected, "generation": generation, "problem": problem}
        return web.json_response(form, status=200 if is_connected and generation is not None else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        body = await asyncio.to_thread(self._measurements.exposition)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _index(self) -> tuple[int | None, str | None]:
        """Return the number of the generation in use, if there is one, and what is wrong, if anything is."""
        try:
            manifest = self._library.generation(OPERATOR)
        except FootnoteError as error:
            return None, str(error)
        if manifest is None:
            return None, "nothing is indexed yet"
        return manifest.number, self._library.out_of_touch or self._library.words_alone
