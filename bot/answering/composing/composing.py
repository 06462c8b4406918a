"""Composing: what was found for a question becomes an `Answer`, quoted or written, or a refusal."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answering.answer import Answer, FalsePremise, Made, Note, NoteKind, Status
from bot.answering.composing.request import Findings
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.translating import is_foreign, translated
from bot.answering.generating.writing import AnswerWriter, WritingInput, WritingProgress
from bot.answering.quoting.citing import SupportedStatement, cite, quoted
from bot.answering.selecting.confidence import Verdict
from bot.answering.selecting.context import Context
from bot.answering.understanding.clarifying import ambiguity
from bot.answering.understanding.premise import false_premise
from bot.errors import ChatFailed
from index.hits import OlderGeneration, RerankerSkipped, SearchedByWords, SearchNote

log = logging.getLogger(__name__)

_WRITTEN_FROM = 10
_NEAREST = 3


def compose(found: Findings, writer: AnswerWriter | None) -> Iterator[Answer]:
    """Yield the answer as it grows, at least once; the last one is the answer.

    Args:
        found: The question as it is understood, and what was selected for it.
        writer: Has a chat model write, in the session of the request. Where there is none, where it fails, and where
            the documents answer nothing, the answer is quoted.

    Raises:
        Stopped: Nobody wants the answer any more.

    """
    session = found.request.session
    asked = replace(found, context=found.context.for_a_chat_model())
    if writer is None or session is None or not asked.context.answered:
        yield _ask_back(found) or _quote(found)
        return
    try:
        yield from _write(asked, found, writer, session)
    except ChatFailed as failed:
        log.warning("the answer is quoted, since the chat model failed: %s", failed)
        # What it failed at before, if it did, was the same and matters no more.
        yield replace(_quote(found), notes=(Note(NoteKind.NOT_WRITTEN, failed.failure),))


def _ask_back(found: Findings) -> Answer | None:
    """Return the question that has to be answered first, None where what was asked is clear."""
    context = found.context
    if len(context.parts) > 1 or context.least is not Verdict.ANSWER or not context.best:
        return None
    open_question = ambiguity(
        found.understood.question, [sentence.text for sentence in context.best], context.best[0].analysis.language
    )
    if open_question is None:
        return None
    return replace(_answer(found, (), whole=True), status=Status.CLARIFY, clarification=open_question)


def _quote(found: Findings, *, whole: bool = True) -> Answer:
    with found.request.stopwatch.step("cite"):
        said = tuple(quoted(found.context.best, found.context.sentences))
    return _answer(found, said, whole=whole)


def _write(found: Findings, quotable: Findings, writer: AnswerWriter, session: ChatSession) -> Iterator[Answer]:
    """Yield what a chat model writes of what was `found`; where all of that is dropped, quote what is `quotable`."""
    context, asker, stopwatch = found.context, found.understood.language, found.request.stopwatch
    material = WritingInput(
        question=found.understood.question,
        sentences=context.of_best_passages(_WRITTEN_FROM),
        relevant=context.relevant,
        quotable=context.best,
    )
    progress = WritingProgress()
    for progress in writer.write(session, material):
        if progress.said and not any(is_foreign(each, asker) for each in progress.said):
            stopwatch.mark("first_statement")
            yield _answer(found, progress.said, whole=not progress.main_statement_dropped)
    if progress.dropped and not progress.said:
        yield replace(_quote(quotable, whole=False), notes=(Note(NoteKind.NOTHING_SUPPORTED),))
        return
    said, notes = _in_language(session, progress.said, asker)
    stopwatch.mark("first_statement")
    answer = _answer(found, said, whole=not progress.main_statement_dropped)
    yield replace(answer, notes=(*answer.notes, *notes))


def _in_language(
    session: ChatSession, said: tuple[SupportedStatement, ...], asker: str | None
) -> tuple[tuple[SupportedStatement, ...], tuple[Note, ...]]:
    """Return the statements, in the asker's language where a translation can be trusted, and a note if it failed."""
    if asker is None or not any(is_foreign(each, asker) for each in said):
        return said, ()
    try:
        return translated(session, said, asker), ()
    except ChatFailed as failed:
        return said, (Note(NoteKind.NOT_TRANSLATED, failed.failure),)


def _answer(found: Findings, said: Sequence[SupportedStatement], *, whole: bool) -> Answer:
    """Return the answer that says these statements; `whole` tells that nothing essential had to be left out of it."""
    request, context = found.request, found.context
    statements, citations = cite(said, functools.cache(request.snapshot.document), context.answers)
    return Answer(
        question=request.question,
        status=_status(context, whole=whole) if statements else Status.NOT_FOUND,
        statements=statements,
        citations=citations,
        nearest=() if statements else context.parts[0].evidence.hits[:_NEAREST],
        confidence=round(context.probability, 4),
        generation=request.snapshot.manifest.number,
        as_of=request.snapshot.manifest.created_at,
        timings_ms=request.stopwatch.timings(),
        made=Made.of(each.made for each in said),
        usage=request.session.usage if request.session else None,
        notes=_notes(found) if statements else (*_notes(found), *_not_searched(found)),
        false_premise=_false_premise(found) if statements else None,
    )


def _status(context: Context, *, whole: bool) -> Status:
    if context.least is Verdict.RELATED:
        return Status.RELATED
    return Status.ANSWERED if whole and context.answered == context.parts else Status.PARTLY_ANSWERED


def _false_premise(found: Findings) -> FalsePremise | None:
    """Return the figure of the question that the documents contradict, None where it asks several things."""
    context = found.context
    if len(context.parts) > 1 or not context.best:
        return None
    passages = [hit.passage.text for hit in context.parts[0].evidence.hits]
    sentence = context.best[0]
    return false_premise(found.understood.question, sentence.text, passages, sentence.language)


def _notes(found: Findings) -> tuple[Note, ...]:
    """Return the notes of understanding and searching, each once."""
    respelled = found.understood.respelled
    read_as = (Note(NoteKind.READ_AS, respelled),) if respelled else ()
    searched = map(_of_search, found.context.search_notes)
    return tuple(dict.fromkeys((*read_as, *found.understood.notes, *searched)))


def _not_searched(found: Findings) -> tuple[Note, ...]:
    """Return the note that nothing can be found in the asker's language, where that is so."""
    asker = found.understood.language
    if asker is None or found.understood.translations or found.request.snapshot.searches(asker):
        return ()
    return (Note(NoteKind.NOT_SEARCHED, asker),)


def _of_search(note: SearchNote) -> Note:
    match note:
        case RerankerSkipped(seconds):
            return Note(NoteKind.RERANKER_SKIPPED, f"{seconds:g}")
        case SearchedByWords():
            return Note(NoteKind.SEARCHED_BY_WORDS)
        case OlderGeneration(damaged):
            return Note(NoteKind.OLDER_GENERATION, str(damaged))
