"""Swaps: everything is replaced again and again under threads that ask all the time."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from threading import Event, Thread

from index.access import NOTHING_HIDDEN, OPERATOR
from index.documents import EVERYTHING
from index.library import Library
from index.models.model import DEFAULT_MODEL
from tests.torture.corpus import Place, load
from tests.torture.outcome import Outcome

PUBLISHER = """
import sys
from pathlib import Path
from tests.torture.corpus import Place
place = Place(Path(sys.argv[1]), Path(sys.argv[2]))
for line in sys.stdin:
    edition, documents = map(int, line.split())
    place.write(edition, documents)
    print(place.refresh().generation, flush=True)
"""


def swaps(folder: Path, count: int, threads: int = 8, documents: int = 100) -> Outcome:
    """Replace everything `count` times; what is asked meanwhile must be answered out of one whole generation."""
    outcome = Outcome(f"{count} swaps of everything under {threads} threads that ask")
    place = Place.make(folder)
    command = [sys.executable, "-c", PUBLISHER, str(place.corpus), str(place.data)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as publisher:
        orders, reports = publisher.stdin, publisher.stdout
        assert orders and reports

        def publish(edition: int) -> None:
            orders.write(f"{edition} {documents}\n")
            orders.flush()
            reports.readline()

        publish(0)
        library = Library(place.corpus, place.data, DEFAULT_MODEL, load)
        stop, asked = Event(), [0] * threads
        errors: list[str] = []
        for_one = [Thread(target=_ask, args=(library, stop, errors, asked, number)) for number in range(threads)]
        for thread in for_one:
            thread.start()
        memory, handles, disk, found = [], [], [], []
        for edition in range(1, count + 1):
            publish(edition)
            library.reload()
            found.append(_found_again(library))
            gc.collect()
            memory.append(_resident())
            handles.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
            disk.append(sum(path.stat().st_size for path in place.data.rglob("*") if path.is_file()))
        stop.set()
        for thread in for_one:
            thread.join()
        library.close()
        orders.close()
    warm = memory[min(4, count - 1)]
    outcome.figures = {
        "answers": sum(asked),
        "errors": len(errors),
        "memory MB after 5": round(warm / 2**20),
        "memory MB at the end": round(median(memory[-3:]) / 2**20),
        "growth %": round(100 * (median(memory[-3:]) / warm - 1), 1),
        "open files at most": max(handles),
        "disk MB at most": round(max(disk) / 2**20, 1),
        "self-retrieval at least": round(min(found), 4),
    }
    outcome.expect(not errors, f"{len(errors)} questions failed, the first with {errors[:1]}")
    outcome.expect(min(found) >= 0.995, "a passage was not found by its own vector")
    outcome.expect(median(memory[-3:]) < 1.2 * warm, "memory grew by more than 20 %")
    outcome.expect(max(handles[4:], default=0) <= max(handles[:5]) + 10, f"open files grew: {handles}")
    outcome.expect(max(disk) < 4 * disk[0], "the data folder grew without bound")
    return outcome


def _ask(library: Library, stop: Event, errors: list[str], asked: list[int], number: int) -> None:
    while not stop.is_set():
        try:
            found = library.search(f"part {number} document {asked[number] % 100}", OPERATOR, k=5)
            editions = {hit.passage.text.split()[1] for hit in found.hits}
            if len(editions) != 1:
                errors.append(f"{len(editions)} editions in one answer")
        except Exception as error:
            errors.append(repr(error))
        asked[number] += 1


def _found_again(library: Library) -> float:
    """Return the share of passages that their own vectors find, of 200."""
    with library.pinned(OPERATOR) as snapshot:
        generation = snapshot._generation
        ids = generation.catalogue.passage_ids()[:200]
        vectors = generation.dense.vectors(ids)
        return sum(id_ in generation.dense.nearest(vectors[id_], 1, EVERYTHING, NOTHING_HIDDEN) for id_ in ids) / len(
            ids
        )


def _resident() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
