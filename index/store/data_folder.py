"""The data folder: where generations live, which one is current, who may write, and the copies that are served."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.errors import FootnoteError, WriterBusy

_KEPT_GENERATIONS = 2
# The file of a generation that its readers hold a shared lock on.
_PIN = "manifest.json"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The layout of `data/`. Nothing here is written but by the one writer, save the copies that readers serve from."""

    root: Path

    @property
    def vectors(self) -> Path:
        """The file of the vector cache."""
        return self.root / "vectors.sqlite"

    @property
    def failures(self) -> Path:
        """The file that names what the last refresh could not read."""
        return self.root / "failures.json"

    def current(self) -> int | None:
        """Return the number of the generation in use, or None where none was ever published.

        Where the pointer is lost or says nothing, that is the newest on disk: it was whole before it came there.
        """
        try:
            return int((self.root / "CURRENT").read_text())
        except (FileNotFoundError, ValueError):
            return next(iter(self.published()), None)

    def generation(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.root / "generations" / f"{number:06d}"

    def published(self) -> list[int]:
        """Return the numbers of the generations on disk, newest first."""
        names = (path.name for path in (self.root / "generations").glob("[0-9]*"))
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the one writer. Raises WriterBusy; the kernel releases the lock whatever becomes of us."""
        with self._lock_file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WriterBusy(
                    f"another refresh of {self.root} is running: try again when it has finished"
                ) from error
            yield

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give an empty folder to build the next generation in; whatever is left there afterwards is deleted."""
        folder = Path(tempfile.mkdtemp(prefix="building-", dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, built: Path, number: int) -> None:
        """Make a finished folder the current generation, durably and at once: readers see the old one or the new."""
        _sync_tree(built)
        target = self.generation(number)
        built.rename(target)
        _sync(target.parent)
        pointer = self.root / "CURRENT.new"
        with pointer.open("w") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.root / "CURRENT")
        _sync(self.root)

    def sweep(self) -> None:
        """Delete what a killed writer left half built, and the generations that nobody needs any more."""
        for folder in self.root.glob("building-*"):
            shutil.rmtree(folder, ignore_errors=True)
        current = self.current()
        older = [number for number in self.published() if current is not None and number < current]
        newer = [number for number in self.published() if current is None or number > current]
        for number in newer + older[_KEPT_GENERATIONS - 1 :]:
            with _locked(self.generation(number) / _PIN, fcntl.LOCK_EX) as free:
                if free:
                    shutil.rmtree(self.generation(number), ignore_errors=True)

    @contextmanager
    def pinned(self, number: int) -> Iterator[None]:
        """Keep the sweep of any process from deleting this generation while the block lasts."""
        with _locked(self.generation(number) / _PIN, fcntl.LOCK_SH):
            yield

    @contextmanager
    def serving_copy(self, original: Path) -> Iterator[Path]:
        """Give a private copy of a folder, deleted on leaving; those of processes that are gone are deleted first."""
        with ExitStack() as stack:
            try:
                own = self._serving_folder(stack, original.parent.name)
                copy = own / original.name
                shutil.copytree(original, copy)
            except OSError as error:
                reason = error.strerror or "some of its files are gone"
                raise FootnoteError(f"{original} cannot be copied to {self.root / 'serving'}: {reason}") from error
            yield copy

    def _serving_folder(self, stack: ExitStack, name: str) -> Path:
        """Return a new folder that is deleted when `stack` ends, and that no other process takes for an orphan."""
        serving = self.root / "serving"
        serving.mkdir(exist_ok=True)
        # Between being made and being owned, a folder looks like an orphan: one process at a time sweeps and makes.
        with (serving / "LOCK").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for folder in (path for path in serving.iterdir() if path.is_dir()):
                with _locked(folder / "owner", fcntl.LOCK_EX) as orphaned:
                    if orphaned:
                        shutil.rmtree(folder, ignore_errors=True)
            own = Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=serving))
            (own / "owner").touch()
            stack.enter_context(_locked(own / "owner", fcntl.LOCK_EX))
        stack.callback(shutil.rmtree, own, ignore_errors=True)
        return own

    def _lock_file(self) -> IO[str]:
        try:
            (self.root / "generations").mkdir(parents=True, exist_ok=True, mode=0o700)
            return (self.root / "LOCK").open("w")
        except OSError as error:
            raise FootnoteError(f"the data folder {self.root} cannot be written: {error.strerror}") from error


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[bool]:
    """Hold a lock on a file, and give whether we do; what is not there is free. A lock outlives no process."""
    try:
        file = path.open("r+")
    except OSError as error:
        yield isinstance(error, FileNotFoundError)
        return
    with file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _sync_tree(folder: Path) -> None:
    for above, _, names in os.walk(folder):
        for name in names:
            _sync(Path(above, name))
        _sync(Path(above))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
