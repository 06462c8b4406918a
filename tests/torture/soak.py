"""The soak: questions, swaps, killed writers, damage and restarts together, for as long as it takes."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from index.access import OPERATOR
from index.library import Library
from index.models.model import DEFAULT_MODEL
from index.store.data_folder import DataFolder
from tests.torture.corpus import Place, load
from tests.torture.outcome import Outcome
from tests.torture.swaps import PUBLISHER

_DOCUMENTS = 30


def soak(folder: Path, minutes: float, threads: int = 4, seed: int = 0) -> Outcome:
    """Let everything happen at once: no question may fail, and at the end the last edition is what is answered from."""
    outcome = Outcome(f"a soak of {minutes:g} minutes")
    place, chance = Place.make(folder), random.Random(seed)
    data = DataFolder(place.data)
    edition = 0
    _publish(place, edition)
    library = Library(place.corpus, place.data, DEFAULT_MODEL, load)
    stop = Event()
    failures: list[str] = []
    asked = [0] * threads
    askers = [Thread(target=_ask, args=(library, stop, failures, asked, number)) for number in range(threads)]
    for asker in askers:
        asker.start()
    end = monotonic() + 60 * minutes
    while monotonic() < end:
        event = chance.choice(("publish", "publish", "kill", "damage the cache", "damage the newest", "restart"))
        outcome.count(event)
        if event == "kill":
            _kill(place, edition := edition + 1, chance.uniform(0, 4))
        elif event == "restart":
            library.close()
        elif event == "damage the cache":
            _zero(data.vectors, chance)
        else:
            _publish(place, edition := edition + 1)
            if event == "damage the newest":
                # Before it is opened: what is served is never written to by anybody.
                files = [path for path in data.generation(data.current() or 0).rglob("*") if path.is_file()]
                _zero(chance.choice([path for path in files if path.stat().st_size]), chance)
        library.reload()
    stop.set()
    for asker in askers:
        asker.join()
    _publish(place, edition + 1)
    library.reload()
    found = library.search("part 1 of document 1", OPERATOR, k=3)
    outcome.expect(not found.notes, f"at the end: {found.notes}")
    editions = {_edition(hit.passage.text) for hit in found.hits}
    outcome.expect(editions == {edition + 1}, f"at the end answers are of editions {editions}, not {edition + 1}")
    library.close()
    outcome.figures |= {"questions": sum(asked), "unanswered": len(failures)}
    outcome.expect(not failures, f"{len(failures)} questions failed, the first with {failures[:1]}")
    return outcome


def _edition(text: str) -> int:
    return int(text.split("Edition ")[1].split()[0])


def _ask(library: Library, stop: Event, failures: list[str], asked: list[int], number: int) -> None:
    while not stop.is_set():
        try:
            if not library.search(f"part {number} document {asked[number] % _DOCUMENTS}", OPERATOR, k=5).hits:
                failures.append("nothing found")
        except Exception as error:
            failures.append(repr(error))
        asked[number] += 1
        sleep(0.01)


def _command(place: Place) -> list[str]:
    return [sys.executable, "-c", PUBLISHER, str(place.corpus), str(place.data)]


def _publish(place: Place, edition: int) -> None:
    line = f"{edition} {_DOCUMENTS}\n"
    subprocess.run(_command(place), input=line, text=True, capture_output=True, check=True)


def _kill(place: Place, edition: int, after: float) -> None:
    with subprocess.Popen(_command(place), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as publisher:
        assert publisher.stdin is not None
        publisher.stdin.write(f"{edition} {_DOCUMENTS}\n")
        publisher.stdin.flush()
        sleep(after)
        publisher.kill()


def _zero(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096 * chance.randrange(-(-size // 4096)))
        file.write(bytes(min(4096, size - file.tell())))
