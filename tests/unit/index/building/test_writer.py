import fcntl
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from index.access import OPERATOR
from index.building import writer
from index.embeddings import Embedding, Text
from index.errors import CorpusMissing, CorpusShrunk, RefreshFailed
from index.report import Progress
from index.store.vectors import VectorCache
from tests.conftest import ARTICLES, Shelf


def kill_the_writer(_: Progress) -> None:
    (child,) = active_children()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)


def test_a_refresh_in_another_process_reports_and_tells_how_far_it_is(shelf: Shelf) -> None:
    steps: list[Progress] = []
    shelf.drop("cats.txt")
    report = writer.run(shelf.job(), steps.append)
    assert (report.generation, report.removed, report.embedded) == (2, ("cats.txt",), 0)
    assert steps[0] == Progress("reading", 1, 4)
    assert steps[-1] == Progress("checking", 1, 1)
    assert active_children() == []


def test_who_waits_for_a_refresh_and_has_the_model_at_hand_embeds_a_few_texts(shelf: Shelf) -> None:
    asked: list[str] = []

    def embed(fingerprint: str, texts: Sequence[Text]) -> list[Embedding]:
        assert fingerprint == shelf.embedder.model.fingerprint
        asked.extend(text.text for text in texts)
        return [embedding for _, embedding in sorted(shelf.embedder.embed(texts), key=lambda one: one[0])]

    shelf.put("new.txt", "Wombats dig burrows.\n")
    report = writer.run(shelf.job(), lambda _: None, embed)
    assert (report.added, report.embedded) == (("new.txt",), 1)
    assert [text.splitlines()[-1] for text in asked] == ["Wombats dig burrows."]
    library = shelf.library()
    (hit,) = library.search("Which animals dig burrows?", OPERATOR, 1).hits
    assert hit.document.source == "new.txt"
    assert hit.cosine is not None
    assert hit.cosine > 0.5


def test_what_the_user_did_wrong_is_raised_as_it_was_in_the_other_process(
    shelf: Shelf, capfd: pytest.CaptureFixture[str]
) -> None:
    for source in list(ARTICLES)[:4]:
        shelf.drop(source)
    with pytest.raises(CorpusShrunk, match="4 of 5 documents are gone"):
        writer.run(shelf.job(), lambda _: None)
    assert capfd.readouterr().err == ""


def test_what_nobody_foresaw_is_one_line_and_a_reference_to_the_log(
    shelf: Shelf, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    job = replace(shelf.job(), model=7)  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR), pytest.raises(RefreshFailed) as failure:
        writer.run(job, lambda _: None)
    message = str(failure.value)
    assert "TypeError" in message
    assert "\n" not in message
    (record,) = caplog.records
    assert "Traceback (most recent call last)" in record.getMessage()
    reference = record.getMessage().split("reference ")[1][:8]
    assert reference in message
    assert "Traceback" not in capfd.readouterr().err


def test_a_writer_that_is_killed_changes_nothing_and_is_said_so(shelf: Shelf) -> None:
    before = shelf.sums(1)
    shelf.put("cats.txt", "Cats chase zebras.\n")
    with pytest.raises(RefreshFailed, match="exit code -9"):
        writer.run(shelf.job(), kill_the_writer)
    assert (shelf.folder.current(), shelf.folder.published()) == (1, [1])
    assert shelf.sums(1) == before


PARENT = """
import sys
from pathlib import Path
from index.building import writer
from index.building.refresh import RefreshRequest
from index.models.model import DEFAULT_MODEL

def tell(progress):
    if progress.step == "indexing":
        print("ready", flush=True)
        input()

if __name__ == "__main__":
    writer.run(RefreshRequest(Path(sys.argv[1]), Path(sys.argv[2]), DEFAULT_MODEL), tell)
"""


def test_a_writer_whose_parent_is_killed_dies_at_once_and_leaves_the_lock(empty_shelf: Shelf, tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    empty_shelf.put("one.txt", "One document, which takes no model longer than a blink once it is loaded.\n")
    command = [sys.executable, str(program), str(empty_shelf.corpus), str(empty_shelf.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
    # The writer is about to load the model. It would embed, and publish, if it lived on until it next had to speak.
    with (empty_shelf.data / "LOCK").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    with closing(VectorCache(empty_shelf.folder.vectors)) as cache:
        assert cache.count() == 0
    assert empty_shelf.refresh().generation == 1


def test_when_progress_cannot_be_shown_the_other_process_ends_too(
    shelf: Shelf, capfd: pytest.CaptureFixture[str]
) -> None:
    # More progress than a pipe holds: a child whose reports nobody takes would wait for ever.
    for number in range(2000):
        shelf.put(f"many/{number}.txt", b"")

    def fail(_: Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        writer.run(shelf.job(), fail)
    assert active_children() == []
    assert shelf.folder.current() == 1
    assert capfd.readouterr().err == ""


def test_a_missing_corpus_is_said_so_from_the_other_process(shelf: Shelf) -> None:
    shelf.corpus.rename(shelf.corpus.with_name("elsewhere"))
    with pytest.raises(CorpusMissing):
        writer.run(shelf.job(), lambda _: None)
    assert Path(shelf.data / "CURRENT").read_text() == "1\n"
