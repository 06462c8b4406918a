"""The commands that ask: `chat`, `ask` and `search`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.opening import open_answers, open_index, settings_of
from bot.commands.options import AsJson, Batch, Corpus, Data, Day, Source
from bot.commands.streams import errors, output, write_json

if TYPE_CHECKING:
    from bot.terminal.batch import BatchLine


def chat(corpus: Corpus = None, data: Data = None) -> None:
    """Hold a conversation in the terminal; without one, each line of standard input is a question."""
    with open_answers(settings_of(corpus, data)) as (library, answerer):
        from bot.terminal.conversation import Conversation, typed

        Conversation(library, answerer, output(), errors()).run(typed())


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
    from index.access import OPERATOR
    from index.documents import Filter

    text = None if _is_batch(question, batch) else parse(" ".join(question or ()))
    where = Filter(source=source)
    with open_answers(settings_of(corpus, data)) as (library, answerer):
        if text is None:
            answered = partial(answerer.answer, viewer=OPERATOR, where=where)
            _run(batch, lambda item: json_form.answer(answered(item.text, conversation=item.conversation), item.id))
            return
        if as_json:
            write_json(json_form.answer(answerer.answer(text, OPERATOR, where=where)))
            return
        screen = output()
        answer = terminal.show_writing(screen, answerer.stream(text, OPERATOR, where=where))
        terminal.show_answer(screen, answer, partial(library.document, viewer=OPERATOR))


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
    from index.access import OPERATOR
    from index.documents import Filter

    text = None if _is_batch(query, batch) else parse(" ".join(query or ()))
    where = Filter(source=source, since=since and since.date(), until=until and until.date())
    with open_index(settings_of(corpus, data)) as library:
        if text is None:
            _run(batch, lambda item: json_form.search(library.search(item.text, OPERATOR, k, where), item.id))
            return
        found = library.search(text, OPERATOR, k, where)
        if as_json:
            write_json(json_form.search(found))
        else:
            terminal.show_search(output(), found)


def _is_batch(words: list[str] | None, batch: Batch) -> bool:
    if (words is None) == (batch is None):
        raise typer.BadParameter("give either a text or --batch FILE")
    return batch is not None


def _run(lines: Any, form: Callable[[BatchLine], dict[str, Any]]) -> None:
    from bot.terminal.batch import run

    failed = False
    for result in run(lines, form):
        write_json(result)
        failed |= "error" in result
    if failed:
        raise typer.Exit(1)
