import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import FootnoteError, VectorsUnavailable, WriterBusy
from index.store.data_folder import DataFolder


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    data = DataFolder(tmp_path / "data")
    with data.lock():
        pass
    return data


def publish(data: DataFolder, number: int) -> Path:
    with data.building() as folder:
        (folder / "manifest.json").write_text(str(number))
        (folder / "chroma").mkdir()
        (folder / "chroma" / "file").write_text("content")
        data.publish(folder, number)
    return data.generation(number)


@contextmanager
def another_process(body: str, data: DataFolder) -> Iterator[subprocess.Popen[str]]:
    """Run `body` in a process of its own, which says "ready" and then lives until it is killed at the end."""
    program = "from index.store.data_folder import DataFolder\nfrom pathlib import Path\n"
    program += f"data = DataFolder(Path({str(data.root)!r}))\n{body}\n    print('ready', flush=True)\n    input()\n"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        kill(process)
        process.stdin.close()
        process.stdout.close()


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_where_nothing_was_published_nothing_is_current(tmp_path: Path) -> None:
    assert DataFolder(tmp_path / "nowhere").current() is None
    assert DataFolder(tmp_path / "nowhere").published() == []


def test_what_was_published_is_current_and_complete(data: DataFolder) -> None:
    folder = publish(data, 1)
    assert data.current() == 1
    assert folder.name == "000001"
    assert (folder / "chroma" / "file").read_text() == "content"
    assert not list(data.root.glob("building-*"))


def test_a_build_that_fails_leaves_nothing(data: DataFolder) -> None:
    with pytest.raises(InterruptedError), data.building() as folder:
        (folder / "file").touch()
        raise InterruptedError
    assert not folder.exists()


@pytest.mark.parametrize("content", [None, "", "garbage", "\x00\x00", "-3", "0", "1" * 5000, "٣", "2 2"])
def test_where_the_pointer_is_lost_the_newest_generation_is_current(data: DataFolder, content: str | None) -> None:
    publish(data, 1)
    publish(data, 2)
    pointer = data.root / "CURRENT"
    pointer.unlink() if content is None else pointer.write_text(content)
    assert data.current() == 2
    data.sweep()
    assert data.published() == [2, 1]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_a_pointer_that_is_no_file_is_passed_over_and_replaced(data: DataFolder, make: Callable[[Path], None]) -> None:
    publish(data, 1)
    publish(data, 2)
    pointer = data.root / "CURRENT"
    pointer.unlink()
    make(pointer)
    if pointer.is_dir():
        (pointer / "something of somebody's").touch()
    assert data.current() == 2
    publish(data, 3)
    assert data.current() == 3
    assert pointer.is_file()
    assert pointer.read_text() == "3\n"


def test_a_lock_that_is_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "LOCK")
    with pytest.raises(FootnoteError, match="cannot be written"), DataFolder(tmp_path).lock():
        pass


def test_what_is_no_generation_is_passed_over(data: DataFolder) -> None:
    publish(data, 1)
    (data.root / "generations" / "000001.bak").mkdir()
    (data.root / "generations" / "notes").touch()
    assert data.published() == [1]
    data.sweep()


def test_the_sweep_keeps_the_current_generation_and_the_one_before(data: DataFolder) -> None:
    for number in (1, 2, 3):
        publish(data, number)
    data.sweep()
    assert data.published() == [3, 2]


def test_the_sweep_deletes_what_a_killed_writer_left(data: DataFolder) -> None:
    publish(data, 1)
    (data.root / "building-abc" / "chroma").mkdir(parents=True)
    publish(data, 2)
    (data.root / "CURRENT").write_text("1\n")
    data.sweep()
    assert data.published() == [1]
    assert not list(data.root.glob("building-*"))


def test_the_sweep_spares_a_generation_that_another_process_reads(data: DataFolder) -> None:
    publish(data, 1)
    with another_process("with data.pinned(1):", data):
        publish(data, 2)
        publish(data, 3)
        data.sweep()
        assert data.published() == [3, 2, 1]
    data.sweep()
    assert data.published() == [3, 2]


def test_two_readers_may_read_one_generation(data: DataFolder) -> None:
    publish(data, 1)
    with data.pinned(1), data.pinned(1):
        publish(data, 2)
        publish(data, 3)
    data.sweep()
    assert data.published() == [3, 2]


def test_there_is_one_writer_among_all_processes_and_its_death_frees_the_lock(data: DataFolder) -> None:
    with another_process("with data.lock():", data) as other:
        with pytest.raises(WriterBusy, match="another refresh"), data.lock():
            pass
        kill(other)
        with data.lock():
            assert (data.root / "LOCK").exists()


def test_a_data_folder_that_cannot_be_made_is_said_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FootnoteError, match="cannot be written"), DataFolder(tmp_path / "file").lock():
        pass


def test_a_lock_that_cannot_be_opened_is_said_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "LOCK").mkdir()
    with pytest.raises(FootnoteError, match="cannot be written"), DataFolder(tmp_path).lock():
        pass


def test_a_serving_copy_is_apart_from_the_original_and_deleted_at_the_end(data: DataFolder) -> None:
    original = publish(data, 1) / "chroma"
    with data.serving_copy(original) as copy:
        (copy / "file").write_text("changed by being served")
    assert (original / "file").read_text() == "content"
    assert not copy.parent.exists()


def test_a_serving_copy_is_deleted_when_its_reader_fails(data: DataFolder) -> None:
    original = publish(data, 1) / "chroma"
    with pytest.raises(InterruptedError), data.serving_copy(original) as copy:
        raise InterruptedError
    assert not copy.parent.exists()


def test_a_copy_that_cannot_be_made_is_said_so_and_leaves_nothing(data: DataFolder) -> None:
    with pytest.raises(VectorsUnavailable, match="can be copied neither"), data.serving_copy(data.root / "gone"):
        pass
    assert [path.name for path in (data.root / "serving").iterdir()] == ["LOCK"]


def test_where_the_data_folder_takes_no_copy_it_lies_among_the_temporary_files(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    original = publish(data, 1) / "chroma"
    (data.root / "serving").write_text("in the way")
    with data.serving_copy(original) as copy:
        assert copy.is_relative_to(elsewhere)
        assert (copy / "file").read_text() == "content"
    assert list(elsewhere.iterdir()) == []


def test_a_copy_of_what_is_for_reading_alone_can_be_written(data: DataFolder) -> None:
    original = publish(data, 1) / "chroma"
    (original / "file").chmod(0o400)
    original.chmod(0o500)
    with data.serving_copy(original) as copy:
        assert copy.stat().st_mode & 0o200
        assert (copy / "file").stat().st_mode & 0o200
    original.chmod(0o700)


def test_the_copy_of_a_process_that_lives_is_kept_and_that_of_a_dead_one_deleted(data: DataFolder) -> None:
    original = publish(data, 1) / "chroma"
    serving = data.root / "serving"
    with another_process("with data.serving_copy(data.generation(1) / 'chroma'):", data) as other:
        (theirs,) = (path for path in serving.iterdir() if path.is_dir())
        with data.serving_copy(original):
            assert (theirs / "chroma" / "file").exists()
        kill(other)
        assert theirs.exists()
        with data.serving_copy(original):
            assert not theirs.exists()


def test_nobody_sweeps_while_a_copy_has_no_owner_yet(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    original = publish(data, 1) / "chroma"
    make = tempfile.mkdtemp
    swept_by_others: list[bool] = []

    def mkdtemp(prefix: str, dir: Path) -> str:
        folder = make(prefix=prefix, dir=dir)
        with (dir / "LOCK").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                swept_by_others.append(False)
            else:
                swept_by_others.append(True)
        return folder

    monkeypatch.setattr("index.store.data_folder.tempfile.mkdtemp", mkdtemp)
    with data.serving_copy(original) as copy:
        assert (copy / "file").exists()
    assert swept_by_others == [False]


def test_two_copies_in_one_process_do_not_sweep_each_other(data: DataFolder) -> None:
    original = publish(data, 1) / "chroma"
    with data.serving_copy(original) as one, data.serving_copy(original) as other:
        assert one != other
        assert (one / "file").exists()
        assert (other / "file").exists()


def test_only_their_owner_may_read_the_generations(data: DataFolder) -> None:
    assert (data.root / "generations").stat().st_mode & 0o077 == 0
