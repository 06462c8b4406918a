"""Refreshing 10,000 documents: with nothing changed, and with one changed document, against reading and copying."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from time import perf_counter

from index.building.refresh import RefreshRequest, refresh
from index.models.model import DEFAULT_MODEL
from index.sources.scanning import content_hash, scan
from index.store.data_folder import DataFolder
from tests.benchmarks.made import MadeUp, write_corpus

DOCUMENTS = 10_000


def test_a_refresh_costs_what_has_changed(tmp_path: Path) -> None:
    corpus, data = write_corpus(tmp_path / "corpus", DOCUMENTS, paragraphs=1), tmp_path / "data"
    job = RefreshRequest(corpus, data, DEFAULT_MODEL)
    refresh(job, lambda _: MadeUp(), lambda _: None)

    reading = _seconds(lambda: [content_hash(file.read()) for file in scan(corpus)])
    started = perf_counter()
    unchanged = refresh(job, lambda _: MadeUp(), lambda _: None)
    nothing = perf_counter() - started

    folder = DataFolder(data)
    copying = _seconds(lambda: shutil.copytree(folder.generation(folder.current() or 0), tmp_path / "copy"))
    (corpus / "000007.md").write_text("# Changed\n\nThis note says something else now.\n")
    started = perf_counter()
    changed = refresh(job, lambda _: MadeUp(), lambda _: None)
    one = perf_counter() - started

    sys.stdout.write(
        f"\n{DOCUMENTS:,} documents: nothing changed {nothing:.2f} s (reading and hashing alone {reading:.2f} s); "
        f"one changed {one:.2f} s (copying the index alone {copying:.2f} s)\n"
    )
    assert (unchanged.embedded, unchanged.unchanged) == (0, DOCUMENTS)
    assert (changed.embedded, changed.changed) == (1, ("000007.md",))
    assert nothing <= 3 * reading + 1


def _seconds(step: object) -> float:
    started = perf_counter()
    assert callable(step)
    step()
    return perf_counter() - started
