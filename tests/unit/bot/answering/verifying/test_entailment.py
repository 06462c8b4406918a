from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from bot.answering.generating.chat import Chat
from bot.answering.generating.chat_session import ChatSession
from bot.answering.verifying.entailment import Pair, Proof, _read, judge, known_pairs, prove
from bot.errors import ChatFailed

PAIRS = [Pair("Nine hives stand there.", "There are nine hives."), Pair("Nine hives stand there.", "There are bees.")]


def chat(*replies: str) -> Chat:
    return Chat("fake:model", GenericFakeChatModel(messages=iter([AIMessage(reply) for reply in replies])), 60)


@pytest.mark.parametrize(
    "reply",
    ['{"judgements": ["yes", "no"]}', "1. yes\n2. no", "Sure!\n1: Yes\n2) NO\n", '```{"judgements":["Yes","no"]}```'],
)
def test_a_model_says_of_each_pair_whether_the_sentence_follows_in_whichever_form(reply: str) -> None:
    assert judge(ChatSession(chat(reply)), PAIRS) == [True, False]


@pytest.mark.parametrize(
    "reply", ['{"judgements": ["yes"]}', "1. yes", "2. yes\n1. no", "perhaps", '{"judgements": ["maybe", "no"]}']
)
def test_a_model_that_does_not_judge_each_pair_has_failed(reply: str) -> None:
    with pytest.raises(ChatFailed):
        judge(ChatSession(chat(reply)), PAIRS)


def test_nothing_to_judge_asks_nothing() -> None:
    assert judge(ChatSession(chat()), []) == []


@given(st.text())
def test_whatever_a_model_replies_is_read_as_judgements_or_as_none(reply: str) -> None:
    assert all(isinstance(each, bool) for each in _read(reply))


def test_the_known_pairs_are_forty_and_half_of_them_follow() -> None:
    assert len(known_pairs()) == 40
    assert sum(follows for _, follows in known_pairs()) == 20


def answers(wrong: int) -> Iterator[str]:
    for place, (_, follows) in enumerate(known_pairs()):
        yield "yes" if follows is (place >= wrong) else "no"


@pytest.mark.parametrize(("wrong", "suffices"), [(0, True), (4, True), (5, False), (40, False)])
def test_a_model_proves_itself_by_nine_of_ten(wrong: int, suffices: bool) -> None:
    proof = prove(chat(json.dumps({"judgements": list(answers(wrong))})))
    assert proof == Proof(40 - wrong, 40)
    assert proof.suffices is suffices


def test_whoever_says_yes_to_everything_proves_nothing() -> None:
    assert not prove(chat(json.dumps({"judgements": ["yes"] * 40}))).suffices
