"""The conversation in a terminal: questions and a few commands, until the reader leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from functools import partial

from rich.console import Console

from bot.answering.answer import Turn
from bot.answering.answerer import Answerer
from bot.answering.understanding import question
from bot.presenting import progress
from bot.terminal import terminal
from index.access import OPERATOR
from index.errors import FootnoteError
from index.library import Library

HELP = """\
Ask in your own words; every sentence of the answer carries its source. Ctrl-C stops an answer that takes long.
  /sources        what is indexed
  /search WORDS   the passages that come closest, with no answer made of them
  /refresh        read the documents again
  /quit           leave, as Ctrl-D does"""


def typed() -> Iterator[str]:
    """Yield the lines that the reader types at a prompt; or, where standard input is no terminal, each line of it."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    import readline  # noqa: F401  gives input() its history and its keys

    while True:
        yield input("> ")


class Conversation:
    """One reader's conversation with one library; it remembers what was said, so that a follow-up can lean on it.

    Answers go to `console`; complaints, and how far a refresh has come, to `errors`.
    """

    def __init__(self, library: Library, answerer: Answerer, console: Console, errors: Console) -> None:
        self._library = library
        self._answerer = answerer
        self._console = console
        self._errors = errors
        self._turns: list[Turn] = []

    def run(self, lines: Iterable[str]) -> None:
        """Take one line after another until they end, or the reader says /quit or presses Ctrl-C at the prompt."""
        try:
            for line in map(str.strip, lines):
                if line in ("/quit", "/exit"):
                    return
                if line:
                    self._take(line)
                    self._console.print()
        except (KeyboardInterrupt, EOFError):
            self._console.print()

    def _take(self, line: str) -> None:
        try:
            if line.startswith("/"):
                self._obey(line)
            else:
                self._answer(question.parse(line))
        except FootnoteError as error:
            self._complain(str(error))

    def _obey(self, line: str) -> None:
        command, _, words = line.partition(" ")
        match command:
            case "/help":
                self._console.print(HELP, highlight=False, markup=False)
            case "/sources":
                terminal.show_sources(self._console, self._library.sources(OPERATOR))
            case "/search":
                terminal.show_search(self._console, self._library.search(question.parse(words), OPERATOR))
            case "/refresh":
                with progress.shown(self._errors) as show:
                    report = self._library.refresh(progress=show)
                terminal.show_report(self._console, report)
            case _:
                self._complain(f"there is no command {command}: /help lists what there is")

    def _answer(self, text: str) -> None:
        stop: Future[None] = Future()
        try:
            answer = terminal.show_writing(self._console, self._answerer.stream(text, OPERATOR, self._turns, stop=stop))
        except KeyboardInterrupt:
            self._complain("Stopped.")
            return
        finally:
            stop.set_result(None)
        terminal.show_answer(self._console, answer, partial(self._library.document, viewer=OPERATOR))
        self._turns += [Turn("user", text), Turn("assistant", answer.text)]

    def _complain(self, complaint: str) -> None:
        self._errors.print(terminal.clean(complaint), soft_wrap=True, highlight=False, markup=False)
