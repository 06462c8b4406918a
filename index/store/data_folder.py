"""The data folder: where generations live, which one is current, who may write, and the copies that are served."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.errors import FootnoteError, VectorsUnavailable, WriterBusy

_KEPT_GENERATIONS = 2
# The file of a generation that its readers hold a shared lock on.
_PIN = "manifest.json"
_LONGEST_POINTER = 12


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The layout of `data/`. Nothing here is written but by the one writer, save the copies that readers serve from."""

    root: Path

    @property
    def vectors(self) -> Path:
        """The file of the vector cache."""
        return self.root / "vectors.sqlite"

    @property
    def models(self) -> Path:
        """The folder of the embedding models that were exported."""
        return self.root / "models"

    @property
    def failures(self) -> Path:
        """The file that names what the last refresh could not read."""
        return self.root / "failures.json"

    @property
    def incoming(self) -> Path:
        """The folder of what is being downloaded."""
        return self.root / "incoming"

    @property
    def seen(self) -> Path:
        """The file that keeps the hashes of the files of the corpus."""
        return self.root / "seen.json"

    @property
    def _compaction(self) -> Path:
        """The file whose lock is held by whoever is compacting."""
        return self.root / "COMPACTION"

    def current(self) -> int | None:
        """Return the number of the generation in use, or None where none was ever published.

        Where the pointer is lost or says nothing, that is the newest on disk: it was whole before it came there.
        """
        pointed_at = _number(self.root / "CURRENT")
        return next(iter(self.published()), None) if pointed_at is None else pointed_at

    def generation(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.root / "generations" / f"{number:06d}"

    def published(self) -> list[int]:
        """Return the numbers of the generations on disk, newest first."""
        names = (path.name for path in (self.root / "generations").glob("[0-9]*"))
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    @contextmanager
    def lock(self, *, waits: bool = False) -> Iterator[None]:
        """Hold the lock of the one writer; the kernel releases it whatever becomes of us.

        Raises WriterBusy where another process holds it, unless we can wait.
        """
        with self._lock_file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
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

    @contextmanager
    def compacting(self) -> Iterator[Path]:
        """Give an empty folder to build a new base in, beside the one writer; what is left there is deleted.

        Raises WriterBusy where another process is at it.
        """
        self._compaction.touch()
        with _locked(self._compaction, fcntl.LOCK_EX) as free:
            if not free:
                raise WriterBusy(f"another process is compacting {self.root}: try again when it has finished")
            folder = Path(tempfile.mkdtemp(prefix="compacting-", dir=self.root))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, built: Path, number: int) -> None:
        """Make a finished folder the current generation, durably and at once: readers see the old one or the new."""
        sync_tree(built)
        target = self.generation(number)
        built.rename(target)
        _sync(target.parent)
        self.point_to(number)

    def hold(self, built: Path, number: int) -> None:
        """Keep a finished folder in `held` instead, for whoever decides whether it is published."""
        self.let_go()
        self.held(number).parent.mkdir()
        built.rename(self.held(number))

    def held(self, number: int) -> Path:
        """Return the folder of a generation that is held back."""
        return self.root / "held" / f"{number:06d}"

    def holds_back(self) -> bool:
        """Return whether a generation is held back."""
        return (self.root / "held").exists()

    def folders(self) -> list[Path]:
        """Return the folders of the generations on disk, newest first, and of one that is held back before them."""
        return [*(self.root / "held").glob("[0-9]*"), *map(self.generation, self.published())]

    def let_go(self) -> None:
        """Delete what was held back and never published."""
        shutil.rmtree(self.root / "held", ignore_errors=True)

    def point_to(self, number: int) -> None:
        """Make a generation that is on disk the current one, durably and at once."""
        pointer = self.root / "CURRENT"
        if pointer.is_dir() and not pointer.is_symlink():
            # Nobody's doing of ours, and nothing can be put in its place while it is there.
            pointer.rename(tempfile.mkdtemp(prefix="CURRENT-", suffix=".damaged", dir=self.root))
        handle, new = tempfile.mkstemp(prefix="CURRENT-", suffix=".new", dir=self.root)
        with os.fdopen(handle, "w") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(new).replace(pointer)
        _sync(self.root)

    def sweep(self) -> None:
        """Delete what a killed writer left half built, and the generations that nobody needs any more."""
        for folder in self.root.glob("building-*"):
            shutil.rmtree(folder, ignore_errors=True)
        with _locked(self._compaction, fcntl.LOCK_EX) as free:
            for folder in self.root.glob("compacting-*") if free else ():
                shutil.rmtree(folder, ignore_errors=True)
        for pointer in self.root.glob("CURRENT-*.new"):
            pointer.unlink(missing_ok=True)
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
        """Give a private copy of a folder, deleted on leaving; those of processes that are gone are deleted first.

        Where the data folder has no room for it or cannot be written, the copy lies among the system's temporary
        files. Raises VectorsUnavailable where it finds no place there either.
        """
        with ExitStack() as stack:
            yield self._copied(stack, original)

    def sweep_copies(self) -> None:
        """Delete the copies of processes that are gone. Nothing is done where the data folder cannot be written."""
        serving = self.root / "serving"
        with contextlib.suppress(OSError), (serving / "LOCK").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _delete_orphans(serving)

    def _copied(self, stack: ExitStack, original: Path) -> Path:
        reasons: list[str] = []
        for place in (self._serving_folder, _temporary_folder):
            try:
                with ExitStack() as attempt:
                    copy = place(attempt, original.parent.name) / original.name
                    copy_tree(original, copy)
                    stack.enter_context(attempt.pop_all())
                    return copy
            except OSError as error:
                reasons.append(_reason(error))
        raise VectorsUnavailable(
            f"{original} can be copied neither to {self.root / 'serving'} ({reasons[0]}) "
            f"nor to {tempfile.gettempdir()} ({reasons[1]})"
        )

    def _serving_folder(self, stack: ExitStack, name: str) -> Path:
        """Return a new folder that is deleted when `stack` ends, and that no other process takes for an orphan."""
        serving = self.root / "serving"
        serving.mkdir(exist_ok=True)
        # Between being made and being owned, a folder looks like an orphan: one process at a time sweeps and makes.
        with (serving / "LOCK").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _delete_orphans(serving)
            own = Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=serving))
            (own / "owner").touch()
            stack.enter_context(_locked(own / "owner", fcntl.LOCK_EX))
        stack.callback(shutil.rmtree, own, ignore_errors=True)
        return own

    def _lock_file(self) -> IO[str]:
        try:
            (self.root / "generations").mkdir(parents=True, exist_ok=True, mode=0o700)
            # "a+" neither empties what is there nor waits for ever where that is a pipe.
            return (self.root / "LOCK").open("a+")
        except OSError as error:
            raise FootnoteError(f"the data folder {self.root} cannot be written: {_reason(error)}") from error


def _delete_orphans(serving: Path) -> None:
    for folder in (path for path in serving.iterdir() if path.is_dir()):
        with _locked(folder / "owner", fcntl.LOCK_EX) as orphaned:
            if orphaned:
                shutil.rmtree(folder, ignore_errors=True)


def copy_tree(original: Path, copy: Path) -> None:
    """Copy a folder, into one that is there or not, so that its owner may change the copy even if not the original."""
    shutil.copytree(original, copy, dirs_exist_ok=True)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _number(pointer: Path) -> int | None:
    """Return the number of a generation that a file holds, or None where there is no such file or no such number."""
    try:
        # A pipe would be waited for for ever.
        if not pointer.is_file():
            return None
        with pointer.open("rb") as file:
            content = file.read(_LONGEST_POINTER + 1)
    except OSError:
        return None
    if len(content) > _LONGEST_POINTER or not content.strip().isdigit():
        return None
    return int(content) or None


def _temporary_folder(stack: ExitStack, name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"footnote-{name}-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _reason(error: OSError) -> str:
    """Return why something could not be done; a copy that failed names each of its files, and the first will do."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1])
    return error.strerror or str(error) or type(error).__name__


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[bool]:
    """Hold a lock on a file, and give whether we do; what is not there is free. A lock outlives no process."""
    try:
        file = _opened(path)
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


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("r+")
    except OSError:
        # On a folder that is for reading alone a lock works too, save on some network file systems.
        return path.open()


def sync_tree(folder: Path) -> None:
    """Have everything below a folder written to the disk."""
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
