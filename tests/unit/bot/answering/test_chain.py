from __future__ import annotations

from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda

from bot.answering.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.chain import chain
from bot.answering.selecting.confidence import load_confidence
from index.access import OPERATOR
from index.library import Library


@pytest.fixture
def answerer(articles: Library) -> Answerer:
    return Answerer(articles, load_confidence())


def _text(answer: Answer) -> str:
    return answer.text


def test_a_question_goes_in_and_an_answer_comes_out(answerer: Answerer) -> None:
    assert chain(answerer, OPERATOR).invoke("Who leads Nvidia?").text.startswith("Jensen Huang leads Nvidia. [1]")


async def test_it_can_be_awaited_batched_and_be_a_step(answerer: Answerer) -> None:
    step = chain(answerer, OPERATOR) | RunnableLambda(_text)
    told = await step.ainvoke("Who leads Nvidia?")

    assert told == step.invoke("Who leads Nvidia?")
    assert step.batch(["Who leads Nvidia?", "Who leads Nvidia?"]) == [told, told]


def test_a_conversation_of_messages_is_what_a_follow_up_leans_on(answerer: Answerer) -> None:
    before = [HumanMessage("Who is Jensen Huang?"), AIMessage("Jensen Huang leads Nvidia. [1]")]
    answer = chain(answerer, OPERATOR).invoke({"question": "What does he wear?", "conversation": before})

    assert "leather jacket" in answer.text


def test_its_stream_ends_with_the_answer(answerer: Answerer) -> None:
    answers: Iterator[Answer] = chain(answerer, OPERATOR).stream("Who leads Nvidia?")

    assert [answer.text for answer in answers][-1] == chain(answerer, OPERATOR).invoke("Who leads Nvidia?").text
