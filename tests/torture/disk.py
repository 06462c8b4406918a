"""The disk: full at any moment, refusing any file, and zeroed page by page."""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bot.discord.store import Mode, Store
from index.access import OPERATOR
from index.errors import DiskFull, FootnoteError
from index.library import Library
from index.models.model import DEFAULT_MODEL
from index.store import room
from tests.torture.corpus import Place, load
from tests.torture.forked import Child
from tests.torture.outcome import Outcome

_DOCUMENTS = 20
_PAGE = 4096


def full_tmpfs(folder: Path, count: int, megabytes: int = 16) -> Outcome | None:
    """Build on a disk that has room for ever more of it; None where this machine lets nobody mount one."""
    disk = folder / "disk"
    disk.mkdir(parents=True)
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mounted, capture_output=True, check=False).returncode:
        return None
    outcome = Outcome(f"a full disk at {count} points of a build (tmpfs of {megabytes} MB)")
    try:
        return _full(Place.make(disk), folder / "errors", count, outcome, _filled)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def full_by_limit(folder: Path, count: int) -> Outcome:
    """Build where no file may grow beyond a limit, at ever higher limits."""
    outcome = Outcome(f"a limit on the size of files at {count} points of a build (RLIMIT_FSIZE)")
    return _full(Place.make(folder), folder / "errors", count, outcome, _limited)


def refusing_files(
    folder: Path, codes: tuple[int, ...] = (errno.EIO, errno.EACCES), most_files: int = 1_000
) -> Outcome:
    """Let each file of the data folder refuse to be opened, in turn: a refresh heals it, then or later."""
    outcome = Outcome("EIO and EACCES from open() on every file of the data folder")
    whole = _two_generations(folder)
    for name in _some(_files(whole), most_files):
        for code in codes:
            place = _copied(whole, folder / "place")
            child = Child(lambda: _answers_and_refreshes(place, name, code), folder / "errors")  # noqa: B023
            outcome.count("files refused")
            exit_code = child.wait()
            outcome.expect(exit_code == 0, f"{errno.errorcode[code]} on {name}: {child.error() or exit_code}")
    return outcome


def zeroed_pages(folder: Path, most_of_a_file: int = 1_000, most_files: int = 1_000) -> Outcome:
    """Zero each page of each file of the data folder, one at a time: what is answered is right, and a refresh heals."""
    outcome = Outcome("every page of every file of the data folder zeroed")
    whole = _two_generations(folder)
    for name in _some(_files(whole), most_files):
        size = (whole.data / name).stat().st_size
        pages = _some(range(-(-size // _PAGE)), most_of_a_file)
        for page in pages:
            place = _copied(whole, folder / "place")
            with (place.data / name).open("r+b") as file:
                file.seek(page * _PAGE)
                file.write(bytes(min(_PAGE, size - page * _PAGE)))
            child = Child(lambda: _answers_and_refreshes(place), folder / "errors")  # noqa: B023
            outcome.count("pages zeroed")
            exit_code = child.wait()
            outcome.expect(exit_code == 0, f"page {page} of {name}: {child.error() or exit_code}")
    return outcome


def _full(place: Place, errors: Path, count: int, outcome: Outcome, hindered: Callable[[Place, float], Any]) -> Outcome:
    place.write(0, _DOCUMENTS)
    # What a refresh asks for beforehand is far more than this disk has; what is tried is what comes after that.
    first = Child(lambda: _unasked(place), errors)
    assert first.wait() == 0, first.error()
    longest = 0.0
    for point in range(count):
        place.write(point + 1, _DOCUMENTS)
        started = monotonic()
        child = Child(lambda: hindered(place, (point + 0.5) / count), errors)  # noqa: B023
        code = child.wait(60)
        longest = max(longest, monotonic() - started)
        outcome.count({0: "refused in one line", 3: "succeeded"}.get(code, "otherwise"))
        outcome.expect(code in (0, 3), f"point {point + 1}: {child.error() or code}")
        reader = Child(lambda: _answers(place), errors)
        code = reader.wait()
        outcome.expect(code == 0, f"point {point + 1}, afterwards: {reader.error() or code}")
    outcome.figures["seconds at most"] = round(longest, 1)
    outcome.expect(longest < 30, "a full disk was not reported within 30 s")
    return outcome


def _unasked(place: Place) -> None:
    vars(room)["shutil"] = _Endless()
    place.refresh()


class _Endless:
    """The disk as somebody sees it who asks how much is free: endless."""

    @staticmethod
    def disk_usage(_: Path) -> Any:
        return shutil.disk_usage("/")._replace(free=2**40)


def _filled(place: Place, share: float) -> None:
    usage = shutil.disk_usage(place.data)
    left = int(1_500_000 * share)
    filler = place.data.parent / "filler"
    filler.write_bytes(b"x" * max(0, usage.free - left))
    try:
        _reported(place)
    finally:
        filler.unlink()


def _limited(place: Place, share: float) -> None:
    largest = max(path.stat().st_size for path in place.data.rglob("*") if path.is_file())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = int(largest * 1.5 * share)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    _reported(place)


def _reported(place: Place) -> None:
    """Refresh: end with 0 where that was refused as it should be, with 3 where it went well, else raise."""
    try:
        _unasked(place)
    except DiskFull as error:
        assert "\n" not in str(error)
        # As in the writer: after a write that failed, Chroma may never let go.
        os._exit(0)
    except FootnoteError as error:
        # SQLite says "disk I/O error" of a file that may not grow, as it does of a broken disk.
        assert "disk" in str(error) or "damaged" in str(error) or "vector" in str(error), error
        os._exit(0)
    os._exit(3)


def _two_generations(folder: Path) -> Place:
    place = Place.make(folder / "whole")
    for edition in range(2):
        place.write(edition, _DOCUMENTS)
        child = Child(lambda: _quietly(place), folder / "errors")
        assert child.wait() == 0, child.error()
    store = Store(place.data / "answers.sqlite")
    store.set_mode(1, 10, Mode.OFF)
    store.close()
    place.write(2, _DOCUMENTS)
    return place


def _quietly(place: Place) -> None:
    place.refresh()


def _some(all_: Sequence[Any], most: int) -> list[Any]:
    """Return all of these, or as many of them by chance, in their order."""
    return list(all_) if len(all_) <= most else sorted(random.Random(0).sample(all_, most))


def _files(place: Place) -> list[str]:
    return sorted(str(path.relative_to(place.data)) for path in place.data.rglob("*") if path.is_file())


def _copied(whole: Place, folder: Path) -> Place:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole.corpus, folder / "corpus")
    shutil.copytree(whole.data, folder / "data")
    return Place(folder / "corpus", folder / "data")


def _answers(place: Place) -> None:
    with closing(Library(place.corpus, place.data, DEFAULT_MODEL, load)) as library:
        found = library.search("part 1 of document 1", OPERATOR, k=5)
        assert found.hits
        assert len({hit.passage.text.split()[1] for hit in found.hits}) == 1, "editions are mixed"


def _answers_and_refreshes(place: Place, name: str | None = None, code: int = 0) -> None:
    """Ask and refresh while a file refuses to be opened, then, when it does no more, refresh and ask again."""
    with _refused(place.data / name, code) if name else _nothing():
        try:
            _answers(place)
            place.refresh()
        except FootnoteError as error:
            # Not healed yet, but said in one line; only the writer's own lock may stop a refresh, and the last copy.
            assert "\n" not in str(error), "more than one line"
            assert name is not None and "cannot be" in str(error), error
    place.refresh()
    _answers(place)
    store = Store(place.data / "answers.sqlite")
    store.set_mode(1, 10, Mode.OFF)
    assert store.mode(10) is Mode.OFF
    store.close()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _refused(refused: Path, code: int) -> Iterator[None]:
    """Let every way in which Python opens a file, and SQLite's connect, fail for one of them."""
    true_open, true_os_open, true_connect = io.open, os.open, sqlite3.connect
    same = os.fspath(refused)

    def is_refused(file: object) -> bool:
        return isinstance(file, str | os.PathLike) and os.fspath(file) == same

    def opened(file: Any, *rest: Any, **more: Any) -> Any:
        if is_refused(file):
            raise OSError(code, os.strerror(code), same)
        return true_open(file, *rest, **more)

    def os_opened(file: Any, *rest: Any, **more: Any) -> Any:
        if is_refused(file):
            raise OSError(code, os.strerror(code), same)
        return true_os_open(file, *rest, **more)

    def connected(file: Any, *rest: Any, **more: Any) -> Any:
        if is_refused(file) or (isinstance(file, str) and same in file):
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return true_connect(file, *rest, **more)

    io.open = opened
    vars(os)["open"] = os_opened
    vars(sqlite3)["connect"] = connected
    vars(builtins)["open"] = opened
    try:
        yield
    finally:
        io.open, os.open = true_open, true_os_open
        vars(sqlite3)["connect"] = true_connect
        vars(builtins)["open"] = true_open
