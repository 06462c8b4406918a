"""How far a refresh has come, on standard error: a bar where somebody watches, else a line for each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from bot.presenting.words import ENGLISH, Words
from index.report import Progress

_A_MOMENT, _A_MINUTE = 2.0, 90.0


@contextmanager
def shown(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Give a function to pass as `progress`; what it is told is shown until the block ends."""
    if console.is_terminal:
        with _bars(console) as show:
            yield show
    else:
        yield _lines(console)


@contextmanager
def _bars(console: Console) -> Iterator[Callable[[Progress], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bars(*columns, console=console) as bars:
        tasks = {}

        def show(progress: Progress) -> None:
            if progress.step not in tasks:
                tasks[progress.step] = bars.add_task(progress.step, left="")
            bars.update(tasks[progress.step], completed=progress.done, total=progress.total, left=left(progress))

        yield show


def left(progress: Progress, words: Words = ENGLISH) -> str:
    """Return "about 3 min left", nothing where nobody can tell or it is over in a moment."""
    seconds = progress.seconds_left
    if seconds is None or seconds < _A_MOMENT:
        return ""
    if seconds < _A_MINUTE:
        return words("about {number} s left", number=f"{seconds:.0f}")
    return words("about {number} min left", number=f"{seconds / 60:.0f}")


def _lines(console: Console) -> Callable[[Progress], None]:
    announced = set()

    def show(progress: Progress) -> None:
        if progress.step not in announced:
            announced.add(progress.step)
            console.print(f"{progress.step} ({progress.total:,})", soft_wrap=True, highlight=False, markup=False)

    return show
