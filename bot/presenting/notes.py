"""Notes in English: what was skipped or went wrong on the way to an answer or to hits, as phrases."""

from __future__ import annotations

from bot.answering.answer import Note, NoteKind
from bot.presenting import chat_failures
from index.hits import OlderGeneration, RerankerSkipped, SearchedByWords, SearchNote

_OWN_WORDS = "these are the documents' own words"
_ENGLISH = {
    NoteKind.READ_AS: "looked up as: {}",
    NoteKind.RERANKER_SKIPPED: "the reranker took longer than {} s and was skipped",
    NoteKind.SEARCHED_BY_WORDS: "the vectors could not be opened, so the search went by words alone",
    NoteKind.OLDER_GENERATION: "the newest generation ({}) is damaged, so this is from one before it",
    NoteKind.QUESTION_NOT_REWRITTEN: "the chat model {}",
    NoteKind.NOT_WRITTEN: f"the chat model {{}}: {_OWN_WORDS}",
    NoteKind.NOTHING_SUPPORTED: f"nothing that the chat model wrote is in the passages: {_OWN_WORDS}",
    NoteKind.NOT_TRANSLATED: "the chat model {}: the statements are in the language of the documents",
    NoteKind.FREE_TEXT: "{}",
}


def of_answer(note: Note) -> str:
    """Return a note of an answer as one phrase in English, without a capital and a full stop."""
    detail = note.detail if isinstance(note.detail, str) else chat_failures.phrase(note.detail)
    return _ENGLISH[note.kind].format(detail)


def of_search(note: SearchNote) -> str:
    """Return a note of a search as one phrase in English, without a capital and a full stop."""
    match note:
        case RerankerSkipped(seconds):
            return _ENGLISH[NoteKind.RERANKER_SKIPPED].format(f"{seconds:g}")
        case SearchedByWords():
            return _ENGLISH[NoteKind.SEARCHED_BY_WORDS]
        case OlderGeneration(damaged):
            return _ENGLISH[NoteKind.OLDER_GENERATION].format(damaged)
