"""Watching: a generation that another process published is noticed and swapped in, and the presence kept true."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from bot.discord.backend import Library
from bot.discord.client import FootnoteClient

log = logging.getLogger(__name__)

_LOOK_EVERY = 3.0
_SHOW_EVERY = 600.0


async def watch(library: Library, client: FootnoteClient) -> None:
    """Look for a new generation every few seconds, for ever. Whatever fails is logged and tried again."""
    shown = monotonic()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        try:
            swapped = await asyncio.to_thread(library.reload)
            if swapped:
                log.info("a new generation is in use")
            if (swapped or monotonic() - shown > _SHOW_EVERY) and client.is_ready():
                shown = monotonic()
                await client.show_presence()
        except Exception:
            log.exception("the newest generation could not be looked at")
