"""The commands of the index: what is in it, and bringing it up to date, forward and back."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opening import open_index, settings_of
from bot.commands.options import AsJson, Corpus, Data, Kind
from bot.commands.streams import errors, output, write_json

if TYPE_CHECKING:
    from index.library import Library


def sources(
    failed: Annotated[bool, typer.Option("--failed", help="List what could not be read, and what to do.")] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """List the documents that are indexed, and the sources that they come from."""
    from bot.terminal import json_form, terminal
    from index.access import OPERATOR

    with open_index(settings_of(corpus, data)) as library:
        if failed:
            unread = library.failures()
            if as_json:
                write_json(json_form.failures(unread))
            else:
                terminal.show_failures(output(), unread)
            return
        documents, configured = library.sources(OPERATOR), library.configured(OPERATOR)
    if as_json:
        write_json(json_form.sources(documents, configured))
    else:
        terminal.show_sources(output(), documents, configured)


def refresh(
    yes: Annotated[bool, typer.Option("--yes", help="Go on even if most documents are gone.")] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Read the documents again, and index what is new or changed."""
    from bot.app import open_library

    with closing(open_library(settings_of(corpus, data))) as library:
        _refresh(library, as_json, allow_shrinking=yes)


def add(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    kind: Annotated[Kind | None, typer.Option(help="What is there; else its address tells.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it; else its address tells.")] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Add a source, at a web address or a path, to corpus.toml, and index what it has."""
    from bot.app import open_library

    with closing(open_library(settings_of(corpus, data))) as library:
        added = library.add_source(address, kind, name)
        typer.echo(f"Added {added}.", err=True)
        _refresh(library, as_json)


def remove(
    source: Annotated[str, typer.Argument(metavar="SOURCE")],
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Take a source out of corpus.toml, by its name, and its documents out of the index."""
    from bot.app import open_library

    with closing(open_library(settings_of(corpus, data))) as library:
        typer.echo(f"Removed {library.remove_source(source)}.", err=True)
        _refresh(library, as_json, allow_shrinking=True)


def history(as_json: AsJson = False, corpus: Corpus = None, data: Data = None) -> None:
    """List the generations of the index that are kept."""
    from bot.app import open_library
    from bot.terminal import json_form, terminal

    with closing(open_library(settings_of(corpus, data))) as library:
        generations = library.history()
    if as_json:
        write_json(json_form.history(generations))
    else:
        terminal.show_history(output(), generations)


def rollback(
    number: Annotated[int | None, typer.Argument(metavar="N", min=1)] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Go back to an earlier generation of the index, the one before if no number is given."""
    from bot.app import open_library
    from bot.terminal import json_form, terminal

    with closing(open_library(settings_of(corpus, data))) as library:
        restored = library.roll_back(number)
    if as_json:
        write_json(json_form.generation(restored))
    else:
        terminal.show_rollback(output(), restored)


def _refresh(library: Library, as_json: bool, *, allow_shrinking: bool = False) -> None:
    """Refresh, showing how far it is, and write what was done."""
    from bot.presenting import progress
    from bot.terminal import json_form, terminal

    with progress.shown(errors()) as show:
        report = library.refresh(allow_shrinking=allow_shrinking, progress=show)
    if as_json:
        write_json(json_form.report(report))
    else:
        terminal.show_report(output(), report)
    with progress.shown(errors()) as show:
        library.compact(progress=show)
