"""`python -m tests.benchmarks.growth FOLDER PASSAGES …`: what an index costs as it grows, a line for each size.

The passages are made sentences with made-up vectors, four to a document; what is asked, and the document that changes,
are embedded by the real model. A document is changed as the running bot does it: by the process that answers, its
children included. What is in FOLDER already is not built again, and `--compact` tidies each index up in the end. With
`--server` the vectors are on a Chroma server, which is one of the children.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.building.refresh import RefreshRequest

from tests.benchmarks.processes import children, cpu_seconds, resident_megabytes

PARAGRAPHS = 4
QUESTIONS, CHANGES = 60, 7


def main(arguments: list[str]) -> None:
    folder, *sizes = [argument for argument in arguments if not argument.startswith("--")]
    with ExitStack() as stack:
        if "--server" in arguments:
            from tests.chroma_servers import ChromaProcess

            os.environ["CHROMA_URL"] = stack.enter_context(ChromaProcess(Path(folder) / "server")).url
        for passages in map(int, sizes):
            _measure(Path(folder) / str(passages), passages, compacts="--compact" in arguments)


def _measure(folder: Path, passages: int, *, compacts: bool) -> None:
    # Imported here because every child process imports this module.
    from bot.app import chroma_server, open_answerer, open_library
    from bot.settings import load
    from index.access import OPERATOR
    from index.building.refresh import RefreshRequest
    from index.models.exporting import export
    from index.models.model import DEFAULT_MODEL, find_model
    from index.store.data_folder import DataFolder
    from tests.benchmarks.made import MadeUp, common_words, sentence

    corpus, data = folder / "corpus", folder / "data"
    settings = load(corpus, data)
    server = chroma_server(settings)
    told = [f"{passages:,} passages"]
    if not data.exists():
        told.append(_build(RefreshRequest(corpus, data, DEFAULT_MODEL, chroma=server), passages))
        export(find_model(DEFAULT_MODEL), DataFolder(data).models)
    choose, words = random.Random(1), common_words()
    questions = ["What of " + sentence(choose, words)[:60] + "?" for _ in range(QUESTIONS)]
    with closing(open_library(settings)) as library, closing(open_answerer(library, settings)) as answerer:
        started = perf_counter()
        library.search(questions[0], OPERATOR)
        told.append(f"opened in {perf_counter() - started:.1f} s")
        answerer.answer(questions[0], OPERATOR)
        told.append("search " + _times(lambda at: library.search(questions[at], OPERATOR)))
        told.append("ask " + _times(lambda at: answerer.answer(questions[at], OPERATOR)))

        def change(number: int) -> None:
            said = f"This note says something else, number {number} at {time()}."
            (corpus / "000007.md").write_text(f"---\nlanguage: en\n---\n\n# Changed\n\n{said}\n")
            library.reindex()

        for number in range(2):
            # After a build, the first two generations are copied; those after them share.
            change(number)
        wall, cpu = zip(*(_cost(change, number) for number in range(CHANGES)), strict=True)
        told.append(f"a changed document {_middle(wall):.2f} s, of CPU {_middle(cpu):.2f} s")
        with _meanwhile(change):
            told.append("ask meanwhile " + _times(lambda at: answerer.answer(questions[at], OPERATOR)))
        if compacts:
            from index.building import compacting

            vars(compacting).update(_FEW=0, _SHARE=0.0)
            started = perf_counter()
            request = compacting.CompactRequest(data, DEFAULT_MODEL, chroma=server)
            compacting.compact(request, lambda _: MadeUp(), lambda _: None)
            told.append(f"compacted in {perf_counter() - started:.0f} s")
        in_children = sum(map(resident_megabytes, children()))
        told.append(f"{resident_megabytes(os.getpid())} MB of memory, and {in_children} in its children")
    sizes = {path.stat().st_ino: path.stat().st_size for path in data.rglob("*") if path.is_file()}
    told.append(f"{sum(sizes.values()) // 2**20:,} MB on disk")
    sys.stdout.write("; ".join(told) + "\n")
    sys.stdout.flush()


def _build(request: RefreshRequest, passages: int) -> str:
    from index.building.refresh import refresh
    from tests.benchmarks.made import MadeUp, write_corpus

    if not request.corpus.exists():
        write_corpus(request.corpus, passages // PARAGRAPHS, PARAGRAPHS)
    wall, cpu = _cost(lambda _: refresh(request, lambda _: MadeUp(), lambda _: None), 0)
    return f"built in {wall:.0f} s, of CPU {cpu:.0f} s"


def _times(step: Callable[[int], object]) -> str:
    """Do a step once for each question, and return the median and the 95th percentile in milliseconds."""
    taken = []
    for at in range(QUESTIONS):
        started = perf_counter()
        step(at)
        taken.append(1000 * (perf_counter() - started))
    taken.sort()
    return f"{taken[QUESTIONS // 2]:.0f} ms, p95 {taken[int(0.95 * QUESTIONS)]:.0f}"


def _cost(step: Callable[[int], object], number: int) -> tuple[float, float]:
    """Do a step and return the seconds that it took, by the clock and of all processors, children included."""
    started, before = perf_counter(), cpu_seconds()
    step(number)
    return perf_counter() - started, cpu_seconds() - before


def _middle(values: tuple[float, ...]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def _meanwhile(change: Callable[[int], None]) -> Iterator[None]:
    """Change a document again and again while the block lasts."""
    stopped = Event()

    def go_on() -> None:
        number = CHANGES
        while not stopped.is_set():
            number += 1
            change(number)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1:])
