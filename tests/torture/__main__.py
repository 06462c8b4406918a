"""`python -m tests.torture [TRIAL …]`: run these trials in full, or all of them, each in a process of its own."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.torture import disk, kills, words
from tests.torture.forked import prepare
from tests.torture.outcome import Outcome


# What only one trial needs, and takes seconds to import, is imported by that one.
def _swaps(folder: Path) -> Outcome:
    from tests.torture import swaps

    return swaps.swaps(folder, 60)


def _bots(folder: Path) -> Outcome:
    from tests.torture import bots

    return bots.killed_and_doubled(folder)


def _discord(folder: Path) -> Outcome:
    from tests.torture import using_discord

    return using_discord.fuzzed_uses(folder, 10_000)


def _access(folder: Path) -> Outcome:
    from tests.torture import access

    return access.foreign_passages(folder, 1_000)


def _documents(folder: Path, count: int) -> Outcome:
    from tests.torture import documents

    return documents.hostile_documents(folder, count)


def _soak(folder: Path, minutes: float) -> Outcome:
    from tests.torture import soak

    return soak.soak(folder, minutes)


# The trials, and whether each needs the process to itself so that it may fork.
TRIALS: dict[str, tuple[Callable[[Path], Outcome | None], bool]] = {
    "random-kills": (lambda folder: kills.at_random_moments(folder, 100), True),
    "every-call": (kills.at_every_call, True),
    "two-writers": (lambda folder: kills.two_writers(folder, 20), True),
    "full-disk": (lambda folder: disk.full_tmpfs(folder, 20), True),
    "file-limit": (lambda folder: disk.full_by_limit(folder, 20), True),
    "refused-files": (disk.refusing_files, True),
    "zeroed-pages": (disk.zeroed_pages, True),
    "documents": (lambda folder: _documents(folder, 2_000), True),
    "swaps": (_swaps, False),
    "bots": (_bots, False),
    "discord": (_discord, False),
    "access": (_access, False),
    "questions": (lambda folder: words.fuzzed_questions(folder, 10_000), False),
    "batch-lines": (lambda _: words.malformed_lines(500), False),
    "settings": (words.wrong_settings, False),
}
# What is tried with every run of the tests: a few of each, in about a minute.
SHORT: tuple[Callable[[Path], Outcome | None], ...] = (
    lambda folder: kills.at_random_moments(folder, 2),
    lambda folder: kills.at_every_call(folder, step=12),
    lambda folder: kills.two_writers(folder, 1),
    lambda folder: disk.full_by_limit(folder, 2),
    lambda folder: disk.refusing_files(folder, (errno.EIO,), most_files=2),
    lambda folder: disk.zeroed_pages(folder, 1, most_files=3),
    lambda folder: _documents(folder, 30),
    lambda _: words.malformed_lines(100),
)
# Run by name alone: an hour.
BY_NAME: dict[str, tuple[Callable[[Path], Outcome | None], bool]] = {
    "soak": (lambda folder: _soak(folder, 60), False),
    "soak-15": (lambda folder: _soak(folder, 15), False),
}


def main(names: list[str]) -> int:
    if names == ["short"]:
        prepare()
        with TemporaryDirectory(prefix="torture-") as folder:
            outcomes = [trial(Path(folder) / str(number)) for number, trial in enumerate(SHORT)]
        print(*outcomes, sep="\n")
        return int(any(outcome.failures for outcome in outcomes if outcome))
    if len(names) == 1:
        return _run(names[0])
    # A trial that forks must not inherit the threads of another.
    codes = [subprocess.run([sys.executable, "-m", "tests.torture", name], check=False).returncode for name in names]
    return max(codes)


def _run(name: str) -> int:
    trial, forks = (TRIALS | BY_NAME)[name]
    if forks:
        prepare()
    with TemporaryDirectory(prefix="torture-") as folder:
        started = monotonic()
        outcome = trial(Path(folder) / name)
    if outcome is None:
        print(f"skipped {name}: this machine does not allow it")
        return 0
    print(f"{outcome}, {monotonic() - started:.0f} s", flush=True)
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TRIALS)))
