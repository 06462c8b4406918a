"""Kills: the real refresh is ended by SIGKILL, and whatever is left must be whole and must not hinder the next one."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from index.access import NOTHING_HIDDEN, OPERATOR
from index.documents import EVERYTHING
from index.errors import WriterBusy
from index.library import Library
from index.models.model import DEFAULT_MODEL
from index.store.data_folder import DataFolder
from index.store.generation import Generation
from tests.torture.corpus import Place, load
from tests.torture.forked import Child
from tests.torture.outcome import Outcome

_DOCUMENTS = 8
_FEW = 2
_CALLS = ("fsync", "link", "rename", "replace", "unlink")


def at_random_moments(folder: Path, count: int, seed: int = 0) -> Outcome:
    """Kill a refresh `count` times, at any moment from its start to its end; every other one replaces everything."""
    outcome = Outcome(f"{count} kills of the writer at random moments")
    place, errors = _begin(folder)
    started = monotonic()
    _refresh(place, errors, edition=1)
    lasts = monotonic() - started
    moments = random.Random(seed)
    edition = 2
    while outcome.figures.get("killed", 0) != count:
        place.write(edition, _FEW if edition % 2 else _DOCUMENTS)
        writer = Child(lambda: _quietly(place.refresh), errors)
        sleep(moments.uniform(0, lasts))
        outcome.count("killed" if writer.kill() == -signal.SIGKILL else "had ended")
        _examine(place, errors, outcome, f"kill {edition}")
        edition += 1
    return outcome


def at_every_call(folder: Path, step: int = 1) -> Outcome:
    """Kill a refresh of all documents, one of a few, and a compaction, before each call that they do, or each `step`th.

    The calls are fsync, link, rename, replace and unlink.
    """
    outcome = Outcome("kills of the writer before every fsync, link, rename, replace and unlink")
    place, errors = _begin(folder)
    edition = 0
    for work, documents in ((place.refresh, _DOCUMENTS), (place.refresh, _FEW), (place.compact, _FEW)):
        for at in range(1, 1_000, step):
            edition += 1
            place.write(edition, documents)
            if work == place.compact:
                child = Child(lambda: _quietly(place.refresh), errors)
                assert child.wait() == 0, child.error()
            writer = Child(lambda at=at, work=work: _dying(at, work), errors)  # type: ignore[misc]
            code = writer.wait()
            if code == 0:
                break
            outcome.count("killed")
            where = f"call {at} of {work.__name__} with {documents} documents"
            outcome.expect(code == -signal.SIGKILL, f"{where}: the writer ended with {code}: {writer.error()}")
            _examine(place, errors, outcome, where)
    return outcome


def two_writers(folder: Path, count: int) -> Outcome:
    """Start two writers at one moment: one publishes, and the other one does so after it or is told to wait."""
    outcome = Outcome(f"{count} pairs of writers, and dead owners of the lock")
    place, errors = _begin(folder)
    for edition in range(1, count + 1):
        place.write(edition, _DOCUMENTS)
        pair = [Child(lambda: _or_busy(place), folder / f"writer {number}") for number in range(2)]
        codes = [writer.wait() for writer in pair]
        outcome.count("pairs")
        outcome.expect(codes == [0, 0], f"pair {edition} ended with {codes}: {pair[0].error()} {pair[1].error()}")
        _examine(place, errors, outcome, f"pair {edition}")
        holder = Child(lambda: _hold(place), errors)
        while not (folder / "held").exists():
            sleep(0.01)
        (folder / "held").unlink()
        holder.kill()
        place.write(1_000 + edition, _DOCUMENTS)
        _examine(place, errors, outcome, f"dead owner {edition}")
    return outcome


def _begin(folder: Path) -> tuple[Place, Path]:
    place, errors = Place.make(folder), folder / "errors"
    _refresh(place, errors, edition=0)
    return place, errors


def _refresh(place: Place, errors: Path, edition: int) -> None:
    place.write(edition, _DOCUMENTS)
    child = Child(lambda: _quietly(place.refresh), errors)
    assert child.wait() == 0, child.error()


def _quietly(work: Callable[[], Any]) -> None:
    work()


def _dying(at: int, work: Callable[[], Any]) -> None:
    """Work, and die before the call number `at` of those that make a publication durable and visible."""
    done = 0
    for name in _CALLS:
        true = getattr(os, name)

        def call(*arguments: Any, true: Any = true, **more: Any) -> Any:
            nonlocal done
            done += 1
            if done == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return true(*arguments, **more)

        setattr(os, name, call)
    work()


def _or_busy(place: Place) -> None:
    with suppress(WriterBusy):
        place.refresh()


def _hold(place: Place) -> None:
    with DataFolder(place.data).lock():
        (place.data.parent / "held").touch()
        sleep(600)


def _examine(place: Place, errors: Path, outcome: Outcome, where: str) -> None:
    """See that readers have a whole generation, and that the next refresh indexes all there is and tidies up."""
    child = Child(lambda: _whole_and_refreshes(place), errors)
    code = child.wait()
    outcome.expect(code == 0, f"{where}: {child.error() or f'looking at it ended with {code}'}")


def _whole_and_refreshes(place: Place) -> None:
    data = DataFolder(place.data)
    number = data.current()
    assert number is not None
    with closing(Generation(data, number)) as generation:
        ids = generation.catalogue.passage_ids()
        assert generation.lexical.count() == len(ids), "words and passages differ"
    place.refresh()
    with (
        closing(Library(place.corpus, place.data, DEFAULT_MODEL, load)) as library,
        library.pinned(OPERATOR) as snapshot,
    ):
        assert len(snapshot.documents()) == _DOCUMENTS
        wanted = {line for path in place.corpus.iterdir() for line in path.read_text().splitlines() if line[:1] == "E"}
        with closing(Generation(data, snapshot.manifest.number)) as generation:
            ids = generation.catalogue.passage_ids()
            indexed = {
                line for passage, _ in generation.catalogue.passages(ids).values() for line in passage.text.splitlines()
            }
            assert wanted <= indexed, f"{len(wanted - indexed)} paragraphs are not indexed"
            vectors = generation.dense.vectors(ids)
            found = sum(id_ in generation.dense.nearest(vectors[id_], 1, EVERYTHING, NOTHING_HIDDEN) for id_ in ids)
            assert found >= 0.995 * len(ids), f"{found} of {len(ids)} passages found again"
    left = [path.name for left in ("building-*", "compacting-*", "*.new") for path in place.data.glob(left)]
    left += [path.name for path in (place.data / "serving").iterdir() if path.is_dir()]
    assert not left, f"left behind: {left}"
