import logging
import os
import signal
from multiprocessing import active_children
from pathlib import Path

import pytest

from index.building import writer
from index.errors import CorpusMissing, CorpusShrunk, RefreshFailed
from index.report import Progress
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
    shelf.put("new.md", "# New\n\nSomething that makes another generation.\n")
    (shelf.data / "CURRENT.new").mkdir()
    with caplog.at_level(logging.ERROR), pytest.raises(RefreshFailed) as failure:
        writer.run(shelf.job(), lambda _: None)
    message = str(failure.value)
    assert "IsADirectoryError" in message
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
