"""Whole journeys of the index through what goes wrong: real processes, really killed, at chosen moments."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path

import pytest

from index.access import OPERATOR
from index.errors import RefreshFailed, WriterBusy
from tests.conftest import Shelf

# A writer that kills itself at a moment named by its first argument, with vectors made of nothing but the cache.
DYING = """
import os, signal, sys
from pathlib import Path
from index.models.model import DEFAULT_MODEL
from index.building.refresh import RefreshRequest, refresh

moment, corpus, data = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def progress(progress):
    if moment == f"{progress.step} {progress.done}":
        die()

def no_model(model):
    raise AssertionError

if moment == "publishing":
    from index.store.data_folder import DataFolder
    DataFolder.publish = die
elif moment == "pointing":
    Path.replace = die
elif moment == "sweeping":
    from index.store.data_folder import DataFolder
    sweep = DataFolder.sweep
    def once(data):
        DataFolder.sweep = die
        sweep(data)
    DataFolder.sweep = once
refresh(RefreshRequest(Path(corpus), Path(data), DEFAULT_MODEL), no_model, progress)
"""

READING = """
import json, sys
from pathlib import Path
import numpy as np
from index.access import OPERATOR
from index.hits import Query
from index.library import Library
from index.models.model import DEFAULT_MODEL

def no_model(model):
    raise AssertionError

library = Library(Path(sys.argv[1]), Path(sys.argv[2]), DEFAULT_MODEL, no_model)
for line in sys.stdin:
    library.reload()
    with library.pinned(OPERATOR) as snapshot:
        # A question with a vector opens the dense side, of which each process has a copy.
        snapshot.evidence(Query("", np.ones(384, dtype=np.float32)), 1)
        found = snapshot.search(line.strip())
        print(json.dumps([snapshot.manifest.number, [hit.passage.text for hit in found.hits]]), flush=True)
library.close()
"""


class Reader:
    """Another process that answers Chinese questions, for which it needs no model."""

    def __init__(self, shelf: Shelf) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", READING, str(shelf.corpus), str(shelf.data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, question: str) -> tuple[int, list[str]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        number, texts = json.loads(self.process.stdout.readline())
        return number, texts

    def end(self, *, kill: bool = False) -> None:
        if kill:
            self.process.kill()
        self.process.communicate()


def test_a_writer_killed_at_any_moment_leaves_a_whole_index_and_the_next_one_succeeds(shelf: Shelf) -> None:
    shelf.put("cats.txt", "Cats chase zebras.\n")
    known = shelf.data / "known"
    shutil.copytree(shelf.data / "generations", known)
    shelf.refresh()
    shutil.rmtree(shelf.data / "generations")
    before = None
    for moment in ("reading 3", "indexing 1", "checking 0", "publishing", "pointing"):
        shutil.rmtree(shelf.data / "generations", ignore_errors=True)
        shutil.copytree(known, shelf.data / "generations")
        (shelf.data / "CURRENT").write_text("1\n")
        before = before or shelf.sums(1)
        died = subprocess.run(
            [sys.executable, "-c", DYING, moment, str(shelf.corpus), str(shelf.data)], check=False, cwd=Path.cwd()
        )
        assert died.returncode == -signal.SIGKILL, moment
        assert shelf.folder.current() == 1, moment
        assert shelf.sums(1) == before, moment
        library = shelf.library()
        assert "hunt mice" in library.search("cats", OPERATOR).hits[0].passage.text
        report = shelf.refresh()
        assert (report.generation, report.changed, report.embedded) == (2, ("cats.txt",), 0), moment
        assert library.reload() is True
        assert library.search("cats", OPERATOR).hits[0].passage.text == "Cats chase zebras."
        library.close()
        assert shelf.leftovers() == [], moment
        assert shelf.folder.published() == [2, 1], moment


def test_a_writer_killed_after_publishing_has_published(shelf: Shelf) -> None:
    shelf.drop("cats.txt")
    died = subprocess.run(
        [sys.executable, "-c", DYING, "sweeping", str(shelf.corpus), str(shelf.data)], check=False, cwd=Path.cwd()
    )
    assert died.returncode == -signal.SIGKILL
    assert shelf.folder.current() == 2
    assert len(shelf.library().sources(OPERATOR)) == 4
    assert shelf.refresh().generation == 2
    assert shelf.leftovers() == []


def test_a_bot_whose_writer_is_killed_answers_on_and_can_refresh_again(shelf: Shelf) -> None:
    library = shelf.library()
    shelf.drop("chips/h20.md")

    def kill(_: object) -> None:
        for child in active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with pytest.raises(RefreshFailed, match="run it again"):
        library.refresh(progress=kill)
    assert library.search("H20 licence", OPERATOR).hits[0].document.source == "chips/h20.md"
    report = library.refresh()
    assert (report.generation, report.removed, report.embedded) == (2, ("chips/h20.md",), 0)
    assert "chips/h20.md" not in {hit.document.source for hit in library.search("H20 licence", OPERATOR).hits}
    library.close()
    assert shelf.leftovers() == []


def test_two_processes_read_one_index_while_a_third_refreshes_it(shelf: Shelf) -> None:
    one, other = Reader(shelf), Reader(shelf)
    before = shelf.sums(1)
    old = "英伟达在中国的销售额大幅下降。黄仁勋七月访问了北京。"
    assert one.ask("北京") == other.ask("北京") == (1, [old])
    shelf.put("zh/sales.md", "北京今天下雨。\n")
    shelf.refresh()
    assert one.ask("北京") == (2, ["北京今天下雨。"])
    assert shelf.sums(1) == before
    one.end(kill=True)
    assert len(shelf.leftovers()) == 2
    assert other.ask("北京") == (2, ["北京今天下雨。"])
    assert len(shelf.leftovers()) == 1
    other.end()
    assert shelf.leftovers() == []


def test_while_one_process_refreshes_another_is_told_to_wait_and_reads_on(shelf: Shelf) -> None:
    library = shelf.library()
    told: list[str] = []

    def refresh_too(_: object) -> None:
        if not told:
            with pytest.raises(WriterBusy) as busy:
                shelf.refresh()
            told.append(str(busy.value))
            assert library.search("北京", OPERATOR).hits

    shelf.drop("cats.txt")
    assert library.refresh(progress=refresh_too).removed == ("cats.txt",)
    assert "another refresh" in told[0]
    assert shelf.folder.current() == 2
