"""The commands of whoever runs Footnote: starting a folder, checking everything, serving Discord."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opening import settings_of
from bot.commands.options import Corpus, Data
from bot.commands.streams import output


def init(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Start a folder of your own: the settings to fill in, and the sample documents."""
    from bot.terminal.starter import create

    create(folder)
    typer.echo(f"{folder} is ready: put your documents into {folder / 'corpus'}, then cd {folder} and run footnote.")


def doctor(corpus: Corpus = None, data: Data = None) -> None:
    """Check everything that Footnote stands on, and say what to do about what is wrong."""
    from bot.doctor import examine
    from bot.presenting.checks import Result
    from bot.terminal.terminal import show_check

    failed = False
    for check in examine(settings_of(corpus, data)):
        show_check(output(), check)
        failed |= check.result is Result.FAIL
    if failed:
        raise typer.Exit(1)


def discord(corpus: Corpus = None, data: Data = None) -> None:
    """Serve Discord, as the bot whose DISCORD_TOKEN is set, until it is told to stop."""
    from bot.app import open_answerer, open_library
    from bot.discord import process

    settings = settings_of(corpus, data)
    if settings.discord_token is None:
        typer.echo("footnote: DISCORD_TOKEN is not set: put your bot's token into .env", err=True)
        raise typer.Exit(process.WRONG_SETTINGS)
    options = process.Options(
        token=settings.discord_token.get_secret_value(),
        store=settings.data / "answers.sqlite",
        refreshers=settings.refresh_roles,
        message_content=settings.message_content,
        log_level=settings.log_level,
        secrets=settings.secrets,
        chat_model=settings.chat_model,
        chat_seconds=settings.chat_timeout,
        servers=settings.discord_servers,
        retention_days=settings.retention_days,
        monitoring=settings.monitoring,
    )
    with closing(open_library(settings)) as library, closing(open_answerer(library, settings)) as answerer:
        raise typer.Exit(process.run(options, library, answerer, None if settings.manual_refresh else library))
