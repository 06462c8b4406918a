"""Notes: what was skipped or went wrong on the way to an answer or to hits, as phrases."""

from __future__ import annotations

from bot.answering.answer import Note, NoteKind
from bot.presenting import chat_failures
from bot.presenting.words import ENGLISH, Words, language_name
from index.hits import OlderGeneration, RerankerSkipped, SearchedByWords, SearchNote


def of_answer(note: Note, words: Words = ENGLISH) -> str:
    """Return a note of an answer as one phrase, without a capital and a full stop."""
    detail = note.detail if isinstance(note.detail, str) else chat_failures.phrase(note.detail, words)
    return _phrase(note.kind, detail, words)


def of_search(note: SearchNote, words: Words = ENGLISH) -> str:
    """Return a note of a search as one phrase, without a capital and a full stop."""
    match note:
        case RerankerSkipped(seconds):
            return _phrase(NoteKind.RERANKER_SKIPPED, f"{seconds:g}", words)
        case SearchedByWords():
            return _phrase(NoteKind.SEARCHED_BY_WORDS, "", words)
        case OlderGeneration(damaged):
            return _phrase(NoteKind.OLDER_GENERATION, f"{damaged}", words)


def _phrase(kind: NoteKind, detail: str, words: Words) -> str:
    match kind:
        case NoteKind.READ_AS:
            return words("looked up as: {question}", question=detail)
        case NoteKind.RERANKER_SKIPPED:
            return words("the reranker took longer than {seconds} s and was skipped", seconds=detail)
        case NoteKind.SEARCHED_BY_WORDS:
            return words("the vectors could not be opened, so the search went by words alone")
        case NoteKind.OLDER_GENERATION:
            return words("the newest generation ({number}) is damaged, so this is from one before it", number=detail)
        case NoteKind.QUESTION_NOT_REWRITTEN:
            return words("the chat model {failed}", failed=detail)
        case NoteKind.NOT_WRITTEN:
            return words("the chat model {failed}: these are the documents' own words", failed=detail)
        case NoteKind.NOTHING_SUPPORTED:
            return words("nothing that the chat model wrote is in the passages: these are the documents' own words")
        case NoteKind.NOT_TRANSLATED:
            return words("the chat model {failed}: the statements are in the language of the documents", failed=detail)
        case NoteKind.NOT_SEARCHED:
            return words(
                "ask in the language of the documents; whoever runs me can set EMBEDDING_MODEL to a model that reads"
                " {language}, or CHAT_MODEL, which translates",
                language=language_name(detail, words),
            )
        case NoteKind.FREE_TEXT:
            return detail
