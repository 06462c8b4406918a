"""What a command opens before it can do its work: the settings, the index, and what answers out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.streams import errors

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer
    from bot.settings import Settings
    from index.library import Library


def settings_of(corpus: Path | None, data: Path | None) -> Settings:
    """Return the settings, with these folders where they are given, and begin the log that they ask for.

    Raises BadSettings.
    """
    from bot import journal
    from bot.settings import load

    settings = load(corpus, data)
    journal.keep(settings.data, settings.log_level, settings.secrets)
    return settings


@contextmanager
def open_index(settings: Settings) -> Iterator[Library]:
    """Give the library, with the index that is published where one is; build it first where there is none yet."""
    from bot.app import open_library
    from bot.presenting import progress
    from bot.terminal import terminal
    from index.access import OPERATOR

    with closing(open_library(settings)) as library:
        library.reload()
        if library.out_of_touch:
            typer.echo(f"footnote: {library.out_of_touch}", err=True)
        if library.generation(OPERATOR) is None:
            with progress.shown(errors()) as show:
                report = library.refresh(progress=show)
            terminal.show_report(errors(), report)
        yield library


@contextmanager
def open_answers(settings: Settings) -> Iterator[tuple[Library, Answerer]]:
    """Give the library, and what answers out of it."""
    from bot.app import open_answerer

    with open_index(settings) as library, closing(open_answerer(library, settings)) as answerer:
        yield library, answerer
