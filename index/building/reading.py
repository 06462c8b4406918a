"""Reading: files become drafts in child processes with limits, so that a hostile file costs only itself.

A child is used until it dies: of its own limits, of a fault in a library, or because it took too long. Whatever happens
to it, the file that it was reading ends as one line of reason, and the next file gets another child.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from queue import Queue
from threading import Lock, Thread
from traceback import format_exc
from typing import Protocol, Self, TypeVar

from index.errors import UnreadableDocument
from index.readers.parsed import ParsedDocument
from index.sources.scanning import content_hash

log = logging.getLogger(__name__)

# Files handed out before the first of them came back: enough that a slow one idles nobody, few enough for the memory.
_AHEAD = 8
_MOST_CHILDREN = 8
_SECONDS_TO_DIE = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may take: memory in bytes, seconds of a processor and of the clock, and so on.

    `characters` are those of its text, `written` the bytes of each file that it may write.
    """

    memory: int = 1024**3
    cpu_seconds: int = 60
    wall_seconds: int = 60
    characters: int = 20_000_000
    written: int = 1024**3


LIMITS = Limits()
# A scan is read page by page, each by a program with a minute of its own.
LIMITS_WITH_OCR = Limits(wall_seconds=600)


class Readable(Protocol):
    """A file that a child can be sent: its source, and its bytes when it is asked for them."""

    @property
    def source(self) -> str:
        """The path or address by which the index knows it."""

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""

    def read(self) -> bytes:
        """Give all its bytes. Raises UnreadableDocument."""


F = TypeVar("F", bound=Readable)
Reader = Callable[[bytes, str], tuple[ParsedDocument, ...]]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The drafts that one file holds, in order, and the SHA-256 of the bytes that they were read from."""

    content: str
    drafts: tuple[ParsedDocument, ...]


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why a file could not be read, in one line; and the traceback, for the log, where that is a fault of ours."""

    reason: str
    traceback: str | None = None


class ReadingPool:
    """As many children as there are cores, each reading one file at a time; leaving its block ends them."""

    def __init__(self, reader: Reader, children: int | None = None, limits: Limits = LIMITS) -> None:
        self._count = max(1, min(_cores(), _MOST_CHILDREN, children or _MOST_CHILDREN))
        self._idle: Queue[_Child] = Queue()
        self._children = [_Child(reader, limits) for _ in range(self._count)]
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.end()
        # A thread may still be waiting for its child, or starting it.
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.bury()

    def read(self, files: Iterable[F]) -> Generator[tuple[F, ReadFile | NotRead], None, None]:
        """Yield each file with what came of it, in the order given."""
        waiting: deque[tuple[F, Future[ReadFile | NotRead]]] = deque()
        for file in files:
            waiting.append((file, self._threads.submit(self._read, file)))
            if len(waiting) > _AHEAD * self._count:
                first, outcome = waiting.popleft()
                yield first, outcome.result()
        while waiting:
            first, outcome = waiting.popleft()
            yield first, outcome.result()

    def _read(self, file: Readable) -> ReadFile | NotRead:
        child = self._idle.get()
        try:
            outcome = child.read(file)
        finally:
            self._idle.put(child)
        if isinstance(outcome, NotRead) and outcome.traceback:
            log.warning("%s could not be read\n%s", file.source, outcome.traceback)
        return outcome


class _Child:
    """A process that reads files: started when there is one to read, and again when it has died."""

    def __init__(self, reader: Reader, limits: Limits) -> None:
        self._reader = reader
        self._limits = limits
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._ended = False
        # Held while the process starts: one that nobody knows of yet could not be ended.
        self._starting = Lock()

    def read(self, file: Readable) -> ReadFile | NotRead:
        # A process that left of its own accord did so after the file before: this one gets another, and that is all.
        return self._attempt(file) or self._attempt(file) or NotRead(self._last_words(0))

    def _attempt(self, file: Readable) -> ReadFile | NotRead | None:
        """Return what came of a file, None where the process left of its own accord."""
        try:
            connection = self._ready()
            connection.send(file)
            if not connection.poll(self._limits.wall_seconds):
                self.bury()
                return NotRead(f"takes longer than {self._limits.wall_seconds} s to read: split it, or save it anew")
            outcome: ReadFile | NotRead = connection.recv()
        except (EOFError, OSError):
            code = self.bury(patience=_SECONDS_TO_DIE)
            return None if code == 0 and not self._ended else NotRead(self._last_words(code))
        return outcome

    def end(self) -> None:
        """End the process, and start no other; whoever waits for it is told at once."""
        with self._starting:
            self._ended = True
            if self._process is not None:
                _kill(self._process)

    def _ready(self) -> Connection:
        if self._connection is not None and self._process is not None and self._process.is_alive():
            return self._connection
        self.bury()
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self._reader, self._limits), name="footnote-reader", daemon=True
        )
        with self._starting, closing(theirs):
            if self._ended:
                raise EOFError
            process.start()
            self._process, self._connection = process, ours
        return ours

    def _last_words(self, code: int | None) -> str:
        """Return why the child died, as far as its exit code tells."""
        if self._ended:
            return "the refresh ended while it was read"
        if code == -signal.SIGXCPU:
            return f"takes longer than {self._limits.cpu_seconds} s of a processor to read: split it, or save it anew"
        return f"its reader died of it (exit code {code}): it is damaged, huge or made to do harm; save it anew"

    def bury(self, patience: float = 0) -> int | None:
        """Let go of the process, killed unless it ends by itself within `patience` seconds; return its exit code."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.join(patience)
        if process.is_alive():
            _kill(process)
        process.join()
        return process.exitcode


def _serve(connection: Connection, reader: Reader, limits: Limits) -> None:
    """Read files as they come in, until nobody sends any more."""
    _confine(limits)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            file = connection.recv()
            _allow_seconds(limits.cpu_seconds)
            try:
                outcome = _read(file, reader, limits)
            except MemoryError:
                # Memory in pieces serves nobody: another child begins with all of it.
                connection.send(NotRead(f"needs more than {limits.memory // 2**20} MB of memory to read: split it"))
                return
            connection.send(outcome)


def _read(file: Readable, reader: Reader, limits: Limits) -> ReadFile | NotRead:
    try:
        data = file.read()
        drafts = reader(data, file.name)
        if sum(len(draft.text) for draft in drafts) > limits.characters:
            return NotRead(f"holds more than {limits.characters // 10**6} million characters: split it")
        return ReadFile(content_hash(data), drafts)
    except UnreadableDocument as error:
        return NotRead(str(error))
    except RecursionError:
        return NotRead("nested too deeply to be read: save it anew, flatter")
    except MemoryError:
        raise
    except Exception as error:
        return NotRead(
            f"damaged, or of a make that is not understood ({type(error).__name__}): save it anew", format_exc()
        )


def _kill(process: SpawnProcess) -> None:
    """Kill a child and whatever programs it has started."""
    with suppress(ProcessLookupError, PermissionError, TypeError):
        os.killpg(process.pid, signal.SIGKILL)  # type: ignore[arg-type]
    process.kill()


def _confine(limits: Limits) -> None:
    os.setpgid(0, 0)
    # What a library prints of a file would stand in the terminal of whoever runs Footnote.
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    # One processor for one file; the threads of a linear algebra library would also reserve most of the memory.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    with suppress(ValueError, OSError):  # macOS knows this limit and does not let anybody set it
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written, limits.written))
    Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _allow_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
