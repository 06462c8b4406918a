"""Work in a forked child: as fast as a function call, since everything is imported, and it may be killed.

The parent must have no threads and no open index of its own.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver, get_context
from pathlib import Path
from time import monotonic, sleep


def prepare() -> None:
    """Import what the children need, and find the model once for all: each of them would read all its weights."""
    import tantivy  # noqa: F401

    from index.building import reading, refresh
    from index.models.model import DEFAULT_MODEL, find_model
    from index.serving import gathering, query_model, retrieval  # noqa: F401

    model = find_model(DEFAULT_MODEL)
    model.count_tokens(["once"])
    for module in (refresh, query_model):
        vars(module)["find_model"] = lambda _: model
    # The processes that read documents are real ones, with all their limits; they need not import everything anew.
    forkserver.set_forkserver_preload(["tests.torture.warm"])
    forkserver.ensure_running()
    vars(forkserver._forkserver)["ensure_running"] = lambda: None  # it is no child of a child, which may use it too
    vars(reading)["get_context"] = lambda _: get_context("forkserver")


class Child:
    """A child at work; what it raises is written to `errors`."""

    def __init__(self, work: Callable[[], None], errors: Path) -> None:
        self.errors = errors
        errors.unlink(missing_ok=True)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                work()
            except BaseException:
                errors.write_text(traceback.format_exc())
                os._exit(1)
            os._exit(0)

    def wait(self, seconds: float = 120.0) -> int:
        """Return its exit code, negative for a signal; 1,000 where it did not end in time, and was killed."""
        end = monotonic() + seconds
        while monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            sleep(0.005)
        self.kill()
        return 1_000

    def kill(self) -> int:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def error(self) -> str:
        return self.errors.read_text().strip().splitlines()[-1] if self.errors.exists() else ""
