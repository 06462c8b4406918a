"""Journeys of somebody at a terminal, a real one as far as Footnote can tell, while a chat model writes."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Self

import pytest

from tests.scenarios.chat.standin import ChatServer, Request, Stall
from tests.scenarios.chat.writers import as_json
from tests.scenarios.conftest import VALLEY, Footnote

QUESTION = "When does the clock museum open?"
OPENS = ("The clock museum opens at nine in the morning.", "nine in the morning")
CLOSED = ("On every Monday it is closed.", "closed on every Monday")
PATIENCE = 120.0


class Terminal:
    """A terminal with a command that runs in it; `shown` is what was waited for of all that the command wrote."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process = process
        self.shown = self._ahead = ""
        self._end = end

    def types(self, text: str) -> None:
        os.write(self._end, text.encode())

    def shows(self, text: str) -> Self:
        """Read on until this has been written after all that was waited for before."""
        while text not in self._ahead:
            piece = self._read()
            assert piece, f"the command ended before it wrote {text!r}: {self._ahead}"
            self._ahead += piece
        before, _, self._ahead = self._ahead.partition(text)
        self.shown += before + text
        return self

    def rest(self) -> str:
        """Return the output from now on until the end."""
        rest = self._ahead
        while piece := self._read():
            rest += piece
        return rest

    def _read(self) -> str:
        try:
            return os.read(self._end, 65536).decode(errors="replace")
        except OSError:  # what Linux says where there is nothing more to come
            return ""


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a museum's page and its index."""
    folder = tmp_path_factory.mktemp("museum")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "museum.html").write_text(VALLEY["museum.html"])
    assert Footnote(folder)("refresh").returncode == 0
    return folder


@pytest.fixture
def footnote(museum: Path, tmp_path: Path) -> Footnote:
    """Return the command in a folder of its own: what another test had written is not remembered there."""
    return Footnote(shutil.copytree(museum, tmp_path / "museum"))


@contextmanager
def running(footnote: Footnote, chat: ChatServer, *arguments: str) -> Iterator[Terminal]:
    """Run a command in a terminal, with a chat model at hand."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [footnote.command, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=footnote.home,
        env=footnote.environment | {"CHAT_MODEL": "openai:any", "CHAT_BASE_URL": chat.url, "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    alarm = Timer(PATIENCE, process.kill)
    alarm.start()
    try:
        yield Terminal(process, ours)
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        os.close(ours)


def half_of_an_answer(request: Request) -> Stall:
    """Write one statement, and the other once the server is released."""
    whole = as_json(request, (OPENS, CLOSED))
    middle = whole.index(CLOSED[0])
    return Stall(whole[:middle], whole[middle:])


def test_what_is_written_is_seen_at_once_and_the_answer_stands_alone_in_the_end(footnote: Footnote) -> None:
    with ChatServer(half_of_an_answer) as chat, running(footnote, chat, "ask", QUESTION) as terminal:
        terminal.shows("Writing …")
        assert OPENS[0] in terminal.shown
        chat.release()
        rest = terminal.rest()
        assert terminal.process.wait(PATIENCE) == 0
    answer = rest.rpartition("\x1b[2K")[2]
    assert OPENS[0] in answer and CLOSED[0] in answer and "Sources" in answer
    assert "Writing" not in answer


def test_ctrl_c_hangs_up_on_the_model_and_the_conversation_goes_on(footnote: Footnote) -> None:
    with ChatServer(half_of_an_answer) as chat, running(footnote, chat, "chat") as terminal:
        terminal.shows("> ").types(f"{QUESTION}\n")
        terminal.shows("Writing …")
        terminal.process.send_signal(signal.SIGINT)
        terminal.shows("Stopped.").shows("> ")
        assert chat.was_hung_up_on()
        chat.release()
        terminal.types(f"{QUESTION}\n")
        terminal.shows("Sources").shows("> ").types("/quit\n")
        assert terminal.process.wait(PATIENCE) == 0


def test_ctrl_c_ends_a_question_with_130(footnote: Footnote) -> None:
    with ChatServer(half_of_an_answer) as chat, running(footnote, chat, "ask", QUESTION) as terminal:
        terminal.shows("Writing …")
        terminal.process.send_signal(signal.SIGINT)
        assert "Traceback" not in terminal.rest()
        assert terminal.process.wait(PATIENCE) == 130
        assert chat.was_hung_up_on()
