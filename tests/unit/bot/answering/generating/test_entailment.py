from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.generating.entailment import ChatJudge, Pair, Proof, ProofFile, judge, known_pairs, prove
from bot.errors import ChatFailed
from tests.unit.bot.answering.chats import ScriptedChat

PAIRS = [Pair("Nine hives stand there.", "There are nine hives."), Pair("Nine hives stand there.", "There are bees.")]


@pytest.mark.parametrize(
    "reply",
    [
        '{"judgements": ["yes", "no"]}',
        "1. yes\n2. no",
        "Sure!\n1: Yes\n2) NO\n",
        '```json\n{"judgements":["yes","no"]}\n```',
    ],
)
def test_a_model_says_of_each_pair_whether_the_sentence_follows_in_whichever_form(reply: str) -> None:
    assert judge(ScriptedChat(reply).session, PAIRS) == [True, False]


@pytest.mark.parametrize(
    "reply", ['{"judgements": ["yes"]}', "1. yes", "1. yes\n2. no\n3. no", "perhaps", '{"judgements": ["maybe", "no"]}']
)
def test_a_model_that_does_not_judge_each_pair_has_failed(reply: str) -> None:
    with pytest.raises(ChatFailed):
        judge(ScriptedChat(reply).session, PAIRS)


def test_nothing_to_judge_asks_nothing() -> None:
    assert judge(ScriptedChat().session, []) == []


def test_the_known_pairs_are_forty_and_half_of_them_follow() -> None:
    assert len(known_pairs()) == 40
    assert sum(follows for _, follows in known_pairs()) == 20


def answers(wrong: int) -> Iterator[str]:
    for place, (_, follows) in enumerate(known_pairs()):
        yield "yes" if follows is (place >= wrong) else "no"


@pytest.mark.parametrize(("wrong", "suffices"), [(0, True), (4, True), (5, False), (40, False)])
def test_a_model_proves_itself_by_nine_of_ten(wrong: int, suffices: bool) -> None:
    proof = prove(ScriptedChat(json.dumps({"judgements": list(answers(wrong))})).as_chat)
    assert proof == Proof(40 - wrong, 40)
    assert proof.suffices is suffices


def test_a_judge_is_trusted_once_it_has_proved_itself_and_then_for_good(tmp_path: Path) -> None:
    file = ProofFile(tmp_path / "data" / "entailment.json")
    chat = ScriptedChat(json.dumps({"judgements": list(answers(wrong=2))}), json.dumps({"judgements": ["yes", "no"]}))
    assert not ChatJudge(chat.as_chat, "scripted", file).is_trusted
    assert ChatJudge(chat.as_chat, "scripted", file).prove() == Proof(38, 40)
    assert ChatJudge(chat.as_chat, "another", file).proof is None
    proven = ChatJudge(chat.as_chat, "scripted", file)
    assert proven.is_trusted
    assert proven(chat.session, PAIRS) == [True, False]


def test_whoever_says_yes_to_everything_proves_nothing() -> None:
    assert not prove(ScriptedChat(json.dumps({"judgements": ["yes"] * 40})).as_chat).suffices
