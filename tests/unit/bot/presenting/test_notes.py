from __future__ import annotations

import pytest

from bot.answering.answer import Note, NoteKind
from bot.errors import ChatFailure, ChatFailureKind
from bot.presenting import notes
from index.hits import OlderGeneration, RerankerSkipped, SearchedByWords, SearchNote


@pytest.mark.parametrize("kind", list(NoteKind))
def test_every_kind_of_note_is_one_phrase_that_holds_its_detail(kind: NoteKind) -> None:
    said = notes.of_answer(Note(kind, "was {cut} off"))
    assert said and not said.endswith(".")
    assert kind in (NoteKind.NOTHING_SUPPORTED, NoteKind.SEARCHED_BY_WORDS) or "was {cut} off" in said


@pytest.mark.parametrize("note", [SearchedByWords(), OlderGeneration(7)])
def test_every_note_of_a_search_is_one_phrase(note: SearchNote) -> None:
    assert notes.of_search(note) and not notes.of_search(note).endswith(".")


def test_a_search_and_an_answer_say_the_same_of_a_reranker_that_was_too_slow() -> None:
    assert notes.of_search(RerankerSkipped(2.5)) == "the reranker took longer than 2.5 s and was skipped"
    assert notes.of_search(RerankerSkipped(2.0)) == notes.of_answer(Note(NoteKind.RERANKER_SKIPPED, "2"))


def test_why_a_chat_model_failed_is_part_of_the_note() -> None:
    failed = Note(NoteKind.NOT_WRITTEN, ChatFailure(ChatFailureKind.TIMED_OUT, "45"))
    assert notes.of_answer(failed) == "the chat model did not answer within 45 s: these are the documents' own words"
