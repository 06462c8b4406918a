"""The sandbox is tested with readers that do what hostile files make libraries do."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from threading import Event

import pytest

from index.building.reading import Limits, NotRead, ReadFile, ReadingPool
from index.errors import UnreadableDocument
from index.readers.parsed import ParsedDocument
from index.sources.scanning import content_hash

LIMITS = Limits(memory=600 * 2**20, cpu_seconds=1, wall_seconds=20, characters=1000)


@dataclass(frozen=True)
class Sample:
    source: str

    @property
    def name(self) -> str:
        return self.source

    def read(self) -> bytes:
        return self.source.encode()


def misbehaving(data: bytes, source: str) -> tuple[ParsedDocument, ...]:
    """Do what the name of the file says."""
    match source:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(0)
        case "spin":
            while True:
                pass
        case "eat":
            bytearray(2**30)
        case "raise":
            raise KeyError(source)
        case "refuse":
            raise UnreadableDocument("no text in it")
        case "nest":
            return misbehaving(data, source)
        case "hang":
            time.sleep(600)
        case _ if source.startswith("start "):
            with Path(source.removeprefix("start ")).open("wb") as pipe:
                subprocess.run(["sleep", "600"], stdout=pipe, check=True)
        case "print":
            os.write(1, b"noise")
    text = "long" * 1000 if source == "long" else source
    return (ParsedDocument(text, title=str(os.getpid())),)


def outcomes(sources: Iterable[str], limits: Limits = LIMITS, children: int = 1) -> dict[str, ReadFile | NotRead]:
    with ReadingPool(misbehaving, children, limits) as pool:
        return {file.source: outcome for file, outcome in pool.read(Sample(source) for source in sources)}


def test_a_file_that_kills_its_reader_costs_only_itself() -> None:
    found = outcomes(
        ["one", "crash", "two", "spin", "three", "eat", "four", "raise", "nest", "refuse", "long", "print", "five"]
    )
    for source in ("one", "two", "three", "four", "five", "print"):
        outcome = found[source]
        assert isinstance(outcome, ReadFile)
        assert (outcome.content, outcome.drafts[0].text) == (content_hash(source.encode()), source)
    reasons = {source: outcome.reason for source, outcome in found.items() if isinstance(outcome, NotRead)}
    assert list(reasons) == ["crash", "spin", "eat", "raise", "nest", "refuse", "long"]
    assert "exit code -11" in reasons["crash"]
    assert "1 s of a processor" in reasons["spin"]
    assert "600 MB of memory" in reasons["eat"]
    assert "KeyError" in reasons["raise"]
    assert "nested too deeply" in reasons["nest"]
    assert reasons["refuse"] == "no text in it"
    assert "million characters" in reasons["long"]


def test_a_file_at_which_every_reader_leaves_is_given_up_after_the_second() -> None:
    found = outcomes(["leave", "one"])
    assert isinstance(found["leave"], NotRead)
    assert isinstance(found["one"], ReadFile)


def test_a_file_that_never_ends_is_given_up() -> None:
    limits = Limits(memory=LIMITS.memory, wall_seconds=3)
    found = outcomes(["hang", "one"], limits)
    assert isinstance(found["hang"], NotRead)
    assert "longer than 3 s" in found["hang"].reason
    assert isinstance(found["one"], ReadFile)


def test_a_program_that_a_reader_started_ends_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    found = outcomes(["one", f"start {tmp_path / 'pipe'}"], Limits(memory=LIMITS.memory, wall_seconds=8))
    assert isinstance(found[f"start {tmp_path / 'pipe'}"], NotRead)
    assert select.select([reading], [], [], 20)[0] == [reading]
    # Nothing more can come: whoever could write is gone.
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_files_come_back_in_their_order_and_a_child_is_used_again() -> None:
    sources = [f"file {number}" for number in range(40)]
    found = outcomes(sources, children=2)
    assert list(found) == sources
    assert 1 <= len({outcome.drafts[0].title for outcome in found.values() if isinstance(outcome, ReadFile)}) <= 2


@pytest.mark.parametrize("taken", [1, 3])
def test_whoever_stops_asking_leaves_no_child_behind(taken: int) -> None:
    with ReadingPool(misbehaving, 2, LIMITS) as pool:
        files = pool.read(Sample(f"file {number}") for number in range(100))
        for _ in range(taken):
            next(files)
        assert active_children()
    assert active_children() == []


def test_an_interrupted_reading_leaves_no_child_behind() -> None:
    with pytest.raises(KeyboardInterrupt), ReadingPool(misbehaving, 2, LIMITS) as pool:
        for _ in pool.read(map(Sample, ["one", "hang", "two", "hang"])):
            raise KeyboardInterrupt
    assert active_children() == []


class SlowToStart:
    """A reader with which a child is half started for as long as one likes."""

    def __init__(self) -> None:
        self.starting, self.go = Event(), Event()

    def __call__(self, data: bytes, source: str) -> tuple[ParsedDocument, ...]:
        return misbehaving(data, source)

    def __reduce__(self) -> tuple[object, ...]:
        self.starting.set()
        assert self.go.wait(20)
        return partial, (misbehaving,)


def test_a_child_that_is_just_being_started_is_ended_with_the_others() -> None:
    reader = SlowToStart()
    with ThreadPoolExecutor() as threads:
        with ReadingPool(reader, 1, LIMITS) as pool:
            asked = threads.submit(next, pool.read([Sample("hang")]))
            assert reader.starting.wait(20)
            reader.go.set()
        assert active_children() == []
        outcome = asked.result()[1]
    assert isinstance(outcome, NotRead)
    assert "the refresh ended" in outcome.reason
