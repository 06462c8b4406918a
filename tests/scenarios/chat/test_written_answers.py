"""Journeys with a chat model: good, slow, wrong, malformed, cut off and down."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Made, Note, NoteKind, Status, Turn
from bot.answering.keeping.cache import AnswerCache
from bot.errors import ChatFailure, Stopped
from bot.errors import ChatFailureKind as Kind
from index.access import OPERATOR
from index.library import Library
from tests.conftest import Shelf
from tests.scenarios.chat.standin import (
    ChatServer,
    CutOff,
    Drop,
    Empty,
    Endless,
    Fail,
    Garbage,
    Refuse,
    Request,
    Say,
    SayWith,
    Scripted,
    Stall,
)
from tests.scenarios.chat.writers import as_json, as_lines, passages, stating, writing, written_at

QUESTION = "When does the clock museum open?"
FOREIGN = "Which vitamins are in a kiwi?"
TRUE = ("The clock museum opens at nine in the morning.", "nine in the morning")
FALSE = ("The clock museum opens at ten in the morning.", "nine in the morning")


def _texts(answer: Answer) -> list[str]:
    return [statement.text for statement in answer.statements]


def _are_quotes(answer: Answer) -> bool:
    quotes = " ".join(" ".join(citation.quote.split()) for citation in answer.citations)
    return bool(answer.statements) and all(statement.text in quotes for statement in answer.statements)


def test_a_written_answer_says_what_the_model_wrote_and_cites_what_the_document_says(english_valley: Library) -> None:
    with writing(english_valley, [stating(TRUE)]) as (answerer, _):
        answer = answerer.answer(QUESTION, OPERATOR)

    assert answer.status is Status.ANSWERED
    assert answer.text == "The clock museum opens at nine in the morning. [1]"
    (citation,) = answer.citations
    document = english_valley.document(citation.document.id, OPERATOR)
    assert citation.span.of(document.text) == citation.quote
    assert "nine in the morning" in citation.quote
    assert answer.made is Made.WRITTEN
    assert answer.usage is not None
    assert answer.usage.model == "openai:scripted"
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0
    assert answer.timings_ms["first_statement"] <= answer.timings_ms["total"]
    assert answer.notes == ()


def test_a_model_that_knows_no_json_writes_lines(english_valley: Library) -> None:
    with writing(english_valley, [Fail(400, "response_format is not supported"), as_lines(TRUE)]) as (answerer, server):
        assert _texts(answerer.answer(QUESTION, OPERATOR)) == [TRUE[0]]
        assert _texts(answerer.answer("Since when does the clock museum open at nine?", OPERATOR)) != []

    assert [request.form is None for request in server.requests[:2]] == [False, True]
    assert "JSON" not in server.requests[-1].prompt


def test_a_wrong_statement_is_said_in_the_words_of_the_document(english_valley: Library) -> None:
    with writing(english_valley, [stating(FALSE)]) as (answerer, _):
        answer = answerer.answer(QUESTION, OPERATOR)

    assert _are_quotes(answer)
    assert "ten" not in answer.text


def test_an_answer_whose_core_is_lost_is_half_an_answer(english_valley: Library) -> None:
    with writing(english_valley, [stating(("Penguins run it.", "nine in the morning"), TRUE)]) as (answerer, _):
        answer = answerer.answer(QUESTION, OPERATOR)

    assert answer.status is Status.PARTLY_ANSWERED
    assert _texts(answer) == [TRUE[0]]


def test_an_answer_of_which_nothing_is_left_is_quoted_and_only_half_an_answer(english_valley: Library) -> None:
    with writing(english_valley, [stating(("Penguins run it.", "nine in the morning"))]) as (answerer, _):
        answer = answerer.answer(QUESTION, OPERATOR)

    assert answer.status is Status.PARTLY_ANSWERED
    assert _are_quotes(answer)
    assert answer.made is Made.QUOTED
    assert answer.notes == (Note(NoteKind.NOTHING_SUPPORTED),)


def test_a_model_may_find_that_the_passages_do_not_answer(english_valley: Library) -> None:
    with writing(english_valley, [Say('{"statements": []}')]) as (answerer, _):
        assert answerer.answer(QUESTION, OPERATOR).status is Status.NOT_FOUND


def test_what_the_documents_do_not_answer_is_not_sent_to_a_model(english_valley: Library) -> None:
    with writing(english_valley, [stating(TRUE)]) as (answerer, server):
        assert answerer.answer(FOREIGN, OPERATOR).status is Status.NOT_FOUND
        assert server.requests == []


@pytest.mark.parametrize(
    ("reply", "why", "times"),
    [
        (Say("I think at nine."), ChatFailure(Kind.MALFORMED), 2),
        (Garbage(), ChatFailure(Kind.UNFORESEEN, "JSONDecodeError"), 2),
        (CutOff('{"statements": [{"text": "The clock mus'), ChatFailure(Kind.CUT_OFF), 2),
        (Empty(), ChatFailure(Kind.EMPTY), 2),
        (Drop('{"statements": ['), ChatFailure(Kind.BROKE_OFF), 2),
        (Refuse(), ChatFailure(Kind.REFUSED), 1),
        (Endless(), ChatFailure(Kind.ENDLESS), 1),
        (Fail(429), ChatFailure(Kind.RATE_LIMITED), 1),
        (Fail(401), ChatFailure(Kind.KEY_REFUSED), 1),
        (Fail(500), ChatFailure(Kind.SERVER_ERROR, "500"), 1),
    ],
)
def test_whatever_a_model_does_the_asker_gets_the_quoted_answer(
    english_valley: Library, reply: Scripted, why: ChatFailure, times: int
) -> None:
    with writing(english_valley, [reply]) as (answerer, server):
        answer = answerer.answer(QUESTION, OPERATOR)

    assert answer.status is Status.ANSWERED
    assert _are_quotes(answer)
    assert answer.made is Made.QUOTED
    assert answer.notes == (Note(NoteKind.NOT_WRITTEN, why),)
    assert len(server.requests) == times


def test_a_model_that_takes_too_long_is_left_behind(english_valley: Library) -> None:
    with writing(english_valley, [Stall()], seconds=0.5) as (answerer, server):
        answer = answerer.answer(QUESTION, OPERATOR)

        assert server.was_hung_up_on()
    assert _are_quotes(answer)
    assert answer.notes == (Note(NoteKind.NOT_WRITTEN, ChatFailure(Kind.TIMED_OUT, "0.5")),)


def test_a_model_that_is_down_costs_the_answer_nothing_but_its_words(english_valley: Library) -> None:
    with ChatServer([stating(TRUE)]) as server:
        gone = server.url
    with written_at(english_valley, gone) as answerer:
        answer = answerer.answer(QUESTION, OPERATOR)

    assert _are_quotes(answer)
    assert answer.notes == (Note(NoteKind.NOT_WRITTEN, ChatFailure(Kind.UNREACHABLE)),)


def test_statements_appear_one_by_one_and_none_before_it_is_verified(english_valley: Library) -> None:
    said = (TRUE, FALSE, ("It is closed on every Monday.", "Monday"))
    with writing(english_valley, [stating(*said)]) as (answerer, _):
        shown = [_texts(answer) for answer in answerer.stream(QUESTION, OPERATOR)]

    assert shown[0] == [TRUE[0]]
    assert all("ten" not in text for texts in shown for text in texts)
    assert [len(texts) for texts in shown] == sorted(len(texts) for texts in shown)


def test_stop_stops_the_model(english_valley: Library) -> None:
    stop: Future[None] = Future()
    with writing(english_valley, lambda request: Stall(as_json(request, (TRUE,))[:-2])) as (answerer, server):
        answers = answerer.stream(QUESTION, OPERATOR, stop=stop)
        assert _texts(next(answers)) == [TRUE[0]]
        stop.set_result(None)
        with pytest.raises(Stopped):
            list(answers)

        assert server.was_hung_up_on()


def test_leaving_an_answer_unread_stops_the_model(english_valley: Library) -> None:
    with writing(english_valley, lambda request: Stall(as_json(request, (TRUE,))[:-2])) as (answerer, server):
        answers = answerer.stream(QUESTION, OPERATOR)
        next(answers)
        answers.close()  # type: ignore[attr-defined]

        assert server.was_hung_up_on()


def test_a_follow_up_is_understood_by_the_model_and_looked_up_again(english_valley: Library) -> None:
    before = (Turn("user", "Where is the clock museum?"), Turn("assistant", "On the market square of Veldhaven. [1]"))

    def script(request: Request) -> Scripted:
        if passages(request):
            return stating(TRUE)
        return Say(json.dumps({"question": QUESTION, "translations": []}))

    with writing(english_valley, script) as (answerer, server):
        answer = answerer.answer("And when does it open?", OPERATOR, before)

    assert answer.question == "And when does it open?"
    assert _texts(answer) == [TRUE[0]]
    assert QUESTION in server.requests[1].prompt


def test_a_false_premise_of_the_conversation_is_not_agreed_with(english_valley: Library) -> None:
    before = (Turn("user", "The clock museum opens at ten in the morning, right?"), Turn("assistant", "Yes."))
    agreeing = SayWith(
        lambda request: (
            as_json(request, (("Yes, it opens at ten in the morning.", "nine in the morning"),))
            if passages(request)
            else json.dumps({"question": "Does the clock museum open at ten in the morning?", "translations": []})
        )
    )
    with writing(english_valley, [agreeing]) as (answerer, _):
        answer = answerer.answer("So it opens at ten?", OPERATOR, before)

    assert "ten" not in answer.text.split()


def test_a_question_in_another_language_is_searched_in_the_documents_and_answered_in_its_own(
    english_valley: Library,
) -> None:
    def script(request: Request) -> Scripted:
        if passages(request):
            return stating(TRUE)
        if "numbered sentences" in request.prompt:
            return Say('{"translations": ["Das Uhrenmuseum öffnet um neun Uhr morgens."]}')
        translations = [{"language": "en", "text": QUESTION}]
        return Say(json.dumps({"question": "Wann öffnet das Uhrenmuseum?", "translations": translations}))

    with writing(english_valley, script) as (answerer, _):
        shown = list(answerer.stream("Wann öffnet das Uhrenmuseum?", OPERATOR))

    assert _texts(shown[-1]) == ["Das Uhrenmuseum öffnet um neun Uhr morgens."]
    assert "nine in the morning" in shown[-1].citations[0].quote


def test_a_translation_that_says_something_else_is_not_shown(english_valley: Library) -> None:
    def script(request: Request) -> Scripted:
        if passages(request):
            return stating(("A ticket for adults costs 8.50 euros.", "8.50"))
        if "numbered sentences" in request.prompt:
            return Say('{"translations": ["Eine Eintrittskarte für Erwachsene kostet 9,50 Euro."]}')
        translations = [{"language": "en", "text": "What does a ticket for adults cost?"}]
        return Say(json.dumps({"question": "Was kostet eine Eintrittskarte?", "translations": translations}))

    with writing(english_valley, script) as (answerer, _):
        answer = answerer.answer("Was kostet eine Eintrittskarte für Erwachsene?", OPERATOR)

    assert _texts(answer) == ["A ticket for adults costs 8.50 euros."]


def test_only_what_a_model_wrote_is_remembered(english_valley: Library, tmp_path: Path) -> None:
    kept = tmp_path / "written.sqlite"
    cache = AnswerCache(kept, "settings")
    with writing(english_valley, [stating(TRUE)], cache=cache) as (answerer, _):
        answerer.answer(FOREIGN, OPERATOR)
        answerer.answer(QUESTION, OPERATOR)

    assert TRUE[0].encode() in kept.read_bytes()
    assert FOREIGN.encode() not in kept.read_bytes()


def test_what_was_written_once_is_not_sent_again_until_the_documents_change(shelf: Shelf, tmp_path: Path) -> None:
    library, cache = shelf.library(), AnswerCache(tmp_path / "written.sqlite", "settings")
    leads = ("Jensen Huang leads Nvidia.", "leads Nvidia")
    with writing(library, [stating(leads)], cache=cache) as (answerer, server):
        first = answerer.answer("Who leads Nvidia?", OPERATOR)
        again = answerer.answer("Who leads Nvidia?", OPERATOR)
        assert len(server.requests) == 1
        shelf.put("cats.txt", "Cats sleep all day.")
        shelf.refresh()
        library.reload()
        answerer.answer("Who leads Nvidia?", OPERATOR)
        assert len(server.requests) == 2

    assert (again.text, again.citations) == (first.text, first.citations)
    assert again.usage is not None
    assert (again.usage.input_tokens, again.usage.output_tokens) == (0, 0)


def test_warming_up_asks_no_model_whatever_the_languages_of_the_documents(shelf: Shelf) -> None:
    library = shelf.library()
    shelf.put("cats.txt", "Katzen schlafen den ganzen Tag, und in der Nacht jagen sie Mäuse im Garten des Nachbarn.")
    shelf.refresh()
    library.reload()
    with writing(library, [Fail(500)]) as (answerer, server):
        answerer.warm_up()

    assert server.requests == []


def test_an_answerer_that_is_closed_stops_its_model(english_valley: Library) -> None:
    with writing(english_valley, lambda request: Stall(as_json(request, (TRUE,))[:-2])) as (answerer, server):
        answers = answerer.stream(QUESTION, OPERATOR)
        next(answers)
        answerer.close()
        with pytest.raises(Stopped):
            list(answers)

        assert server.was_hung_up_on()


def test_an_answer_that_a_model_failed_at_is_tried_again(english_valley: Library, tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "written.sqlite", "settings")
    with writing(english_valley, [Fail(429), stating(TRUE)], cache=cache) as (answerer, _):
        assert _are_quotes(answerer.answer(QUESTION, OPERATOR))
        assert _texts(answerer.answer(QUESTION, OPERATOR)) == [TRUE[0]]
