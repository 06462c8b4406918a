"""The process: the bot from its start to its end, and the exit code that says how it ended."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import logging
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot.discord import logs
from bot.discord.backend import Answerer, Library
from bot.discord.client import FootnoteClient
from bot.discord.keeping_fresh import Indexes, keep_compact, keep_fresh
from bot.discord.monitoring.measurements import MeasuredAnswerer, Measurements
from bot.discord.monitoring.server import Monitor
from bot.discord.outdated import OutdatedAnswers
from bot.discord.store import Store
from bot.discord.watching import digest, forget, keep_a_copy, prove_judge, watch
from bot.discord.work.jobs import Jobs
from bot.discord.work.limits import QUEUE_LENGTH, Limits, Queue
from bot.settings import Address
from index.access import NOBODY
from index.report import Progress

log = logging.getLogger(__name__)

# sysexits.h: starting again changes nothing until somebody has changed the settings.
WRONG_SETTINGS = 78
_TAKEN = 75
_FAILED = 1

_DRAIN_SECONDS = 7.0
_THREADS = 16
# A question that waits for a chat model needs no processor, so that more of them can be worked on at one time.
_PLACES_TO_WAIT_FOR_A_MODEL = 8
# What the answerer needs besides the chat model, and in order to quote where that gave no answer in time.
_SECONDS_TO_QUOTE = 15.0
_THREAD_NAME = "footnote"
_CLOSED_FOR_THE_TOKEN = 4004
_CLOSED_FOR_AN_INTENT = frozenset({4013, 4014})

_BAD_TOKEN = "Discord does not accept DISCORD_TOKEN: copy the bot's token from the developer portal anew."
_MISSING_INTENT = (
    "Discord refuses the Message Content Intent: switch it on in the developer portal, under Bot,"
    " or unset FOOTNOTE_DISCORD_MESSAGE_CONTENT."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What an operator decides about the bot. `store` is the file that keeps the answers; `secrets` stand in no log.

    `servers` are those whose members may ask, and what they ask is kept for `retention_days`. `chat_model` names what
    writes the answers, if anything does, and may take `chat_seconds` for one. How the bot is can be asked at
    `monitoring`, if that is anywhere.
    """

    token: str
    store: Path
    refreshers: frozenset[int] = frozenset()
    message_content: bool = False
    log_level: str = "INFO"
    secrets: tuple[str, ...] = ()
    chat_model: str | None = None
    chat_seconds: float = 45.0
    servers: frozenset[int] = frozenset()
    retention_days: int = 90
    monitoring: Address | None = None


def run(options: Options, library: Library, answerer: Answerer, indexes: Indexes | None = None) -> int:
    """Serve Discord until SIGTERM, SIGINT or an error that will not pass, and return the exit code.

    0 after a signal; 78 with one line on standard error when Discord refuses the token or an intent; 75 with one line
    when another process serves Discord from the same data, since every message would be answered twice; 1 with one
    line when Discord cannot be reached to begin with. What changes is indexed meanwhile by `indexes`, if there is one.
    Raises FootnoteError where no index is there or can be made.
    """
    logs.configure(options.log_level, [options.token, *options.secrets])
    try:
        options.store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock_file = options.store.with_suffix(".lock").open("a+")
    except OSError as error:
        return _fail(f"The data folder {options.store.parent} cannot be written: {error.strerror or error}.", _FAILED)
    with lock_file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _fail(f"Another process serves Discord from {options.store.parent} already.", _TAKEN)
        _make_first_index(library)
        return _run(options, library, answerer, indexes)


def _make_first_index(library: Library) -> None:
    """Index the documents where nothing is indexed or published yet, and log each step. Raises what `refresh` does."""
    library.reload()
    if library.generation(NOBODY) is not None:
        return
    begun: set[str] = set()

    def tell(progress: Progress) -> None:
        if progress.step not in begun:
            begun.add(progress.step)
            log.info("the first index is made", extra={"step": progress.step, "total": progress.total})

    report = library.refresh(progress=tell)
    facts = {"documents": len(report.added), "passages": report.passages, "failed": len(report.failed)}
    log.info("the first index is ready", extra=facts)


def limits_of(options: Options) -> Limits:
    """Return the limits within which questions are worked on: more at one time where they wait for a chat model."""
    if options.chat_model is None:
        return Limits()
    queue = Queue(places=_PLACES_TO_WAIT_FOR_A_MODEL, length=QUEUE_LENGTH)
    return Limits(queue=queue, deadline=options.chat_seconds + _SECONDS_TO_QUOTE)


def _run(options: Options, library: Library, answerer: Answerer, indexes: Indexes | None) -> int:
    executor = ThreadPoolExecutor(_THREADS, thread_name_prefix=_THREAD_NAME)
    store = Store(options.store)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(executor)
    try:
        code = loop.run_until_complete(_serve(options, library, answerer, store, indexes))
    finally:
        loop.close()
    _leave_if_threads_are_busy(executor, code)
    store.close()
    return code


async def _serve(options: Options, library: Library, answerer: Answerer, store: Store, indexes: Indexes | None) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    jobs, limits = Jobs(), limits_of(options)
    measurements = Measurements(library, limits)
    client = FootnoteClient(
        library,
        MeasuredAnswerer(answerer, measurements),
        store,
        jobs,
        limits=limits,
        chat_model=options.chat_model,
        refreshers=options.refreshers,
        servers=options.servers,
        retention_days=options.retention_days,
        message_content=options.message_content,
    )
    async with client, AsyncExitStack() as stack:
        if options.monitoring:
            monitor = Monitor(library, measurements, client.is_ready)
            try:
                await stack.enter_async_context(monitor.serving(options.monitoring))
            except OSError as error:
                return _fail(f"FOOTNOTE_MONITORING: nothing can be served there ({error.strerror}).", WRONG_SETTINGS)
            logging.getLogger().addHandler(measurements.errors())
        connection = asyncio.create_task(_connect(client, answerer, options.token))
        signalled = asyncio.create_task(stop.wait())
        besides = [
            asyncio.create_task(work)
            for work in (
                watch(library, client),
                keep_compact(library),
                keep_a_copy(store),
                forget(client),
                digest(client, library),
                prove_judge(answerer),
                OutdatedAnswers(client, library, store).watch(),
            )
        ]
        if indexes is not None:
            besides.append(asyncio.create_task(keep_fresh(indexes, client.following.changed)))
        await asyncio.wait({connection, signalled}, return_when=asyncio.FIRST_COMPLETED)
        for task in besides:
            task.cancel()
        if signalled.done():
            log.info("stopping")
            await jobs.drain(_DRAIN_SECONDS)
    code = connection.result() if connection.done() else 0
    await _end_every_task_but(asyncio.current_task())
    return code


async def _end_every_task_but(own: asyncio.Task[Any] | None) -> None:
    left = asyncio.all_tasks() - {own}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _connect(client: FootnoteClient, answerer: Answerer, token: str) -> int:
    """Serve until the connection ends for good, and return the exit code."""
    try:
        await client.login(token)
        await asyncio.to_thread(_warm_up, answerer)
        await client.connect()
    except discord.LoginFailure:
        return _fail(_BAD_TOKEN, WRONG_SETTINGS)
    except discord.PrivilegedIntentsRequired:
        return _fail(_MISSING_INTENT, WRONG_SETTINGS)
    except discord.ConnectionClosed as closed:
        if closed.code == _CLOSED_FOR_THE_TOKEN:
            return _fail(_BAD_TOKEN, WRONG_SETTINGS)
        if closed.code in _CLOSED_FOR_AN_INTENT:
            return _fail(_MISSING_INTENT, WRONG_SETTINGS)
        return _fail(f"Discord closed the connection for good (code {closed.code}).", _FAILED)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.error("the connection failed", exc_info=error)
        return _fail(f"Discord cannot be reached ({type(error).__name__}). Is this machine online?", _FAILED)
    return 0


def _warm_up(answerer: Answerer) -> None:
    """Load what the first question would have to wait for."""
    try:
        answerer.warm_up()
    except Exception:
        log.exception("the index could not be warmed up")
    # The libraries are a million objects by now. Each full collection would walk them all and hold the event loop
    # for up to a second; frozen, they are walked no more.
    gc.collect()
    gc.freeze()


def _fail(line: str, code: int) -> int:
    print(line, file=sys.stderr)  # noqa: T201  for whoever started the process
    return code


def _leave_if_threads_are_busy(executor: ThreadPoolExecutor, code: int) -> None:
    """End the process here if a thread still works after the drain: Python would wait for it, perhaps for minutes.

    Nothing is lost: what a thread reads is immutable, and a refresh runs in a process of its own.
    """
    executor.shutdown(wait=False, cancel_futures=True)
    for thread in threading.enumerate():
        if thread.name.startswith(_THREAD_NAME):
            thread.join(0.5)
            if thread.is_alive():
                logging.shutdown()
                os._exit(code)
