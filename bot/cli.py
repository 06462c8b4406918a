"""The command line: `footnote`, and the list of its commands. They stand in `commands/`, by what they are for."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands import asking, indexing, measuring, operating
from bot.commands.options import Corpus, Data

app = typer.Typer(
    name="footnote",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def footnote(
    context: typer.Context,
    corpus: Corpus = None,
    data: Data = None,
    version: Annotated[bool, typer.Option("--version", help="Say which Footnote this is.")] = False,
) -> None:
    """Answers from your own documents, with a checked citation for every sentence.

    Without a command, a conversation in the terminal begins.
    """
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"footnote {version_of('footnote')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        asking.chat(corpus, data)
    elif corpus or data:
        raise typer.BadParameter(f"--corpus and --data go after the command: footnote {context.invoked_subcommand} …")


# As `--help` lists them.
for command in (
    operating.init,
    asking.chat,
    asking.ask,
    asking.search,
    indexing.sources,
    indexing.refresh,
    indexing.add,
    indexing.remove,
    indexing.history,
    indexing.rollback,
    operating.doctor,
    operating.discord,
    measuring.evaluate,
    measuring.calibrate,
):
    app.command()(command)
