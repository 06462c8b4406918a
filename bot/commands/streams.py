"""Where a command writes: what was asked for to standard output, everything else to standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console


def write_json(form: dict[str, Any]) -> None:
    """Write one line of JSON to standard output."""
    from bot.terminal.json_form import line

    typer.echo(line(form))


def output() -> Console:
    """Return standard output, as lines that people read are written to it."""
    from rich.console import Console

    return Console()


def errors() -> Console:
    """Return standard error, as progress and reports are written to it."""
    from rich.console import Console

    return Console(stderr=True)
