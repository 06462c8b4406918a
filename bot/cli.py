"""The command line: one function for each command, each as short as its own description.

Whatever needs the index or a model is imported inside the command that needs it: `--help`, `--version` and `sources`
must not wait for libraries that they never use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.evaluation.halves import Half

if TYPE_CHECKING:
    from rich.console import Console

    from bot.answering.answerer import Answerer
    from bot.settings import Settings
    from bot.terminal.batch import BatchLine
    from index.library import Library

app = typer.Typer(
    name="footnote",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Corpus = Annotated[Path | None, typer.Option(metavar="DIR", help="The documents; else FOOTNOTE_CORPUS.")]
Data = Annotated[Path | None, typer.Option(metavar="DIR", help="What Footnote itself writes; else FOOTNOTE_DATA.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write one line of JSON.")]
Batch = Annotated[
    typer.FileBinaryRead | None,
    typer.Option(metavar="FILE", help="Many at once: lines of JSON with id and text; - is standard input."),
]
# What a source may be that is added by its address; a loader is added to corpus.toml by hand.
Kind = Literal["folder", "pages", "sitemap", "feed", "git"]
Source = Annotated[str | None, typer.Option(metavar="PATH", help="Only this document, or what lies below this folder.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="By date published.")]


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
        chat(corpus, data)
    elif corpus or data:
        raise typer.BadParameter(f"--corpus and --data go after the command: footnote {context.invoked_subcommand} …")


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Start a folder of your own: the settings to fill in, and the sample documents."""
    from bot.terminal.starter import create

    create(folder)
    typer.echo(f"{folder} is ready: put your documents into {folder / 'corpus'}, then cd {folder} and run footnote.")


@app.command()
def chat(corpus: Corpus = None, data: Data = None) -> None:
    """Hold a conversation in the terminal; without one, each line of standard input is a question."""
    with _answerer(_settings(corpus, data)) as (library, answerer):
        from bot.terminal.conversation import Conversation, typed

        Conversation(library, answerer, _output(), _errors()).run(typed())


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(metavar="QUESTION")] = None,
    as_json: AsJson = False,
    batch: Batch = None,
    source: Source = None,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Answer a question from the documents."""
    from bot.answering.understanding.question import parse
    from bot.terminal import json_form, terminal
    from index.documents import Filter

    text = None if _is_batch(question, batch) else parse(" ".join(question or ()))
    where = Filter(source=source)
    with _answerer(_settings(corpus, data)) as (library, answerer):
        if text is None:
            _run(batch, lambda item: json_form.answer(answerer.answer(item.text, item.conversation, where), item.id))
            return
        if as_json:
            _write(json_form.answer(answerer.answer(text, where=where)))
            return
        output = _output()
        answer = terminal.show_writing(output, answerer.stream(text, where=where))
        terminal.show_answer(output, answer, library.document)


@app.command()
def search(
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
    batch: Batch = None,
    source: Source = None,
    since: Day = None,
    until: Day = None,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Find the passages that come closest to a query, with no answer made of them."""
    from bot.answering.understanding.question import parse
    from bot.terminal import json_form, terminal
    from index.documents import Filter

    text = None if _is_batch(query, batch) else parse(" ".join(query or ()))
    where = Filter(source=source, since=since and since.date(), until=until and until.date())
    with _library(_settings(corpus, data)) as library:
        if text is None:
            _run(batch, lambda item: json_form.search(library.search(item.text, k, where), item.id))
            return
        found = library.search(text, k, where)
        if as_json:
            _write(json_form.search(found))
        else:
            terminal.show_search(_output(), found)


@app.command()
def sources(
    failed: Annotated[bool, typer.Option("--failed", help="List what could not be read, and what to do.")] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """List the documents that are indexed, and the sources that they come from."""
    from bot.terminal import json_form, terminal

    with _library(_settings(corpus, data)) as library:
        if failed:
            unread = library.failures()
            if as_json:
                _write(json_form.failures(unread))
            else:
                terminal.show_failures(_output(), unread)
            return
        documents, configured = library.sources(), library.configured()
    if as_json:
        _write(json_form.sources(documents, configured))
    else:
        terminal.show_sources(_output(), documents, configured)


@app.command()
def refresh(
    yes: Annotated[bool, typer.Option("--yes", help="Go on even if most documents are gone.")] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Read the documents again, and index what is new or changed."""
    from bot.app import open_library

    with closing(open_library(_settings(corpus, data))) as library:
        _refresh(library, as_json, allow_shrinking=yes)


@app.command()
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

    with closing(open_library(_settings(corpus, data))) as library:
        added = library.add_source(address, kind, name)
        typer.echo(f"Added {added}.", err=True)
        _refresh(library, as_json)


@app.command()
def remove(
    source: Annotated[str, typer.Argument(metavar="SOURCE")],
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Take a source out of corpus.toml, by its name, and its documents out of the index."""
    from bot.app import open_library

    with closing(open_library(_settings(corpus, data))) as library:
        typer.echo(f"Removed {library.remove_source(source)}.", err=True)
        _refresh(library, as_json, allow_shrinking=True)


@app.command()
def history(as_json: AsJson = False, corpus: Corpus = None, data: Data = None) -> None:
    """List the generations of the index that are kept."""
    from bot.app import open_library
    from bot.terminal import json_form, terminal

    with closing(open_library(_settings(corpus, data))) as library:
        generations = library.history()
    if as_json:
        _write(json_form.history(generations))
    else:
        terminal.show_history(_output(), generations)


@app.command()
def rollback(
    number: Annotated[int | None, typer.Argument(metavar="N", min=1)] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Go back to an earlier generation of the index, the one before if no number is given."""
    from bot.app import open_library
    from bot.terminal import json_form, terminal

    with closing(open_library(_settings(corpus, data))) as library:
        restored = library.roll_back(number)
    if as_json:
        _write(json_form.generation(restored))
    else:
        terminal.show_rollback(_output(), restored)


@app.command()
def doctor(corpus: Corpus = None, data: Data = None) -> None:
    """Check everything that Footnote stands on, and say what to do about what is wrong."""
    from bot.doctor import examine
    from bot.presenting.checks import Result
    from bot.terminal.terminal import show_check

    failed = False
    for check in examine(_settings(corpus, data)):
        show_check(_output(), check)
        failed |= check.result is Result.FAIL
    if failed:
        raise typer.Exit(1)


@app.command()
def discord(corpus: Corpus = None, data: Data = None) -> None:
    """Serve Discord, as the bot whose DISCORD_TOKEN is set, until it is told to stop."""
    from bot.app import open_answerer, open_library
    from bot.discord import process

    settings = _settings(corpus, data)
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
    )
    with closing(open_library(settings)) as library, closing(open_answerer(library, settings)) as answerer:
        raise typer.Exit(process.run(options, library, answerer, None if settings.manual_refresh else library))


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
    against: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Ask the documents of this set.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many questions of each set.")] = None,
    half: Annotated[
        Half | None, typer.Option(help="Only one half of the questions: one for choosing, one for measuring.")
    ] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Score Footnote on the questions in a folder, and in every folder below it."""
    from bot.evaluation import evaluation, question_sets

    sets = question_sets.find(folder, against)
    scores = evaluation.evaluate(sets, _settings(corpus, data), limit, _errors(), half)
    if as_json:
        _write({"sets": [score.form() for score in scores]})
    else:
        evaluation.show(_output(), scores)


@app.command()
def calibrate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS", exists=True)],
    as_json: AsJson = False,
    corpus: Corpus = None,
    data: Data = None,
) -> None:
    """Fit how sure an answer has to be on questions of your own, a file or a folder of them."""
    from bot.app import calibration_file, calibration_key, open_uncalibrated
    from bot.evaluation import calibrating, question_sets
    from bot.presenting import progress
    from bot.terminal import terminal
    from index.report import Progress

    settings = _settings(corpus, data)
    asked = question_sets.questions_in(questions)
    with (
        _library(settings) as library,
        closing(open_uncalibrated(library, settings)) as answerer,
        progress.shown(_errors()) as show,
    ):
        judged = calibrating.ask(asked, library, answerer, lambda done: show(Progress("asking", done, len(asked))))
    fitted = calibrating.fit(judged)
    calibration_file(settings).keep(calibration_key(settings), fitted)
    if as_json:
        _write(asdict(fitted))
    else:
        terminal.show_calibration(_output(), fitted)


def _refresh(library: Library, as_json: bool, *, allow_shrinking: bool = False) -> None:
    """Refresh, showing how far it is, and write what was done."""
    from bot.presenting import progress
    from bot.terminal import json_form, terminal

    with progress.shown(_errors()) as show:
        report = library.refresh(allow_shrinking=allow_shrinking, progress=show)
    if as_json:
        _write(json_form.report(report))
    else:
        terminal.show_report(_output(), report)
    with progress.shown(_errors()) as show:
        library.compact(progress=show)


def _settings(corpus: Path | None, data: Path | None) -> Settings:
    from bot import journal
    from bot.settings import load

    settings = load(corpus, data)
    journal.keep(settings.data, settings.log_level, settings.secrets)
    return settings


@contextmanager
def _library(settings: Settings) -> Iterator[Library]:
    """Give the library, and build its index first where there is none yet."""
    from bot.app import open_library
    from bot.presenting import progress
    from bot.terminal import terminal

    with closing(open_library(settings)) as library:
        if library.generation is None:
            with progress.shown(_errors()) as show:
                report = library.refresh(progress=show)
            terminal.show_report(_errors(), report)
        yield library


@contextmanager
def _answerer(settings: Settings) -> Iterator[tuple[Library, Answerer]]:
    """Give the library, and what answers out of it."""
    from bot.app import open_answerer

    with _library(settings) as library, closing(open_answerer(library, settings)) as answerer:
        yield library, answerer


def _is_batch(words: list[str] | None, batch: Batch) -> bool:
    if (words is None) == (batch is None):
        raise typer.BadParameter("give either a text or --batch FILE")
    return batch is not None


def _run(lines: Any, form: Callable[[BatchLine], dict[str, Any]]) -> None:
    from bot.terminal.batch import run

    failed = False
    for result in run(lines, form):
        _write(result)
        failed |= "error" in result
    if failed:
        raise typer.Exit(1)


def _write(form: dict[str, Any]) -> None:
    from bot.terminal.json_form import line

    typer.echo(line(form))


def _output() -> Console:
    from rich.console import Console

    return Console()


def _errors() -> Console:
    from rich.console import Console

    return Console(stderr=True)
