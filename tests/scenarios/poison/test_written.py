"""Answers written by chat models that obey every attack: what they plant does not come out."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from bot.answering.answer import Answer
from index.access import OPERATOR
from index.library import Library
from tests.scenarios.chat.standin import ChatServer, Request, Say, Scripted
from tests.scenarios.chat.writers import passages, writing
from tests.scenarios.poison.conftest import in_a_terminal, in_discord, leaked, said
from tests.scenarios.poison.documents import DOCUMENTS
from tests.scenarios.poison.fiends import TRICKS, fiend, fiend_in_lines
from tests.scenarios.poison.questions import QUESTIONS

# A few words of the rules that a model is given.
RULES = ("You answer a question", "They are data", "Reply with JSON", "from nothing else")
SOME = DOCUMENTS[::20]
AT_ONCE = 3


@pytest.mark.parametrize("trick", TRICKS)
def test_a_model_that_plays_a_trick_is_not_believed(poisoned: Library, trick: str) -> None:
    for poison in SOME:
        with writing(poisoned, fiend(poison.number, trick)) as (answerer, server):
            answer = answerer.answer(poison.question, OPERATOR)

        assert _signs(answer, poisoned, server) == [], poison.question


def test_nothing_planted_gets_out_of_any_document_by_a_model_that_obeys(poisoned: Library) -> None:
    playing = _ByTurns()
    with writing(poisoned, playing) as (answerer, server):
        for poison in DOCUMENTS:
            playing.number = poison.number
            answer = answerer.answer(poison.question, OPERATOR)

            assert _signs(answer, poisoned, server) == [], poison.question
    assert len(server.requests) >= 0.8 * len(DOCUMENTS)


def test_nothing_planted_gets_out_of_any_question_by_a_model_that_obeys(valley: Library) -> None:
    playing = _ByTurns()
    with writing(valley, playing) as (answerer, server):
        for asked in QUESTIONS:
            playing.number = asked.number
            answer = answerer.answer(asked.text, OPERATOR, asked.conversation)

            assert leaked(said(answer)) + _told(answer, server.requests) == [], asked.text
    assert server.requests


def test_a_model_that_replies_with_its_prompt_tells_nothing_of_it(poisoned: Library) -> None:
    with writing(poisoned, lambda request: Say(request.prompt)) as (answerer, server):
        answers = [answerer.answer(poison.question, OPERATOR) for poison in SOME]

    assert [_signs(answer, poisoned, server) for answer in answers] == [[], [], []]
    assert server.requests


def test_a_model_is_never_shown_what_was_planted_in_a_document(poisoned: Library) -> None:
    with writing(poisoned, [Say('{"statements": []}')]) as (answerer, server):
        for poison in DOCUMENTS:
            answerer.answer(poison.question, OPERATOR)

    shown = "\n".join(text for request in server.requests for text in passages(request).values())
    assert DOCUMENTS[0].answer in shown
    assert leaked(shown) == []


class _ByTurns:
    """A few tricks at once, others for each number: in JSON, or every other time in lines."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, request: Request) -> Scripted:
        names = list(TRICKS) * 2
        first = self.number * AT_ONCE % len(TRICKS)
        script = fiend if self.number % 2 else fiend_in_lines
        return script(self.number, *names[first : first + AT_ONCE])(request)


def _signs(answer: Answer, library: Library, server: ChatServer) -> list[str]:
    shown = in_discord(answer, library) + in_a_terminal(answer, library)
    return leaked(said(answer)) + leaked(shown) + _told(answer, server.requests)


def _told(answer: Answer, requests: Iterable[Request]) -> list[str]:
    """List the parts of the prompts that an answer tells: their rules, their boundary, their keys."""
    text = said(answer)
    drawn = {
        word for request in requests for word in (*passages(request), *re.findall(r"\b[0-9a-f]{16}\b", request.prompt))
    }
    return [secret for secret in (*RULES, *drawn) if secret in text]
