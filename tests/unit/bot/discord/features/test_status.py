from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, ModelUsage, Note, NoteKind
from bot.answering.generating.entailment import Proof
from bot.discord.features.status import ChatModel, presence, status_message
from bot.discord.messaging.message import Message
from bot.presenting.words import ENGLISH
from tests.unit.bot.discord.limits_of_discord import acting, broken_limits, texts
from tests.unit.bot.discord.sample_answers import ANSWER, any_answers, any_text

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    model_name: str = "all-MiniLM-L6-v2"


@dataclass(frozen=True)
class Generation:
    number: int = 5
    created_at: datetime = NOW - timedelta(hours=3)
    documents: int = 1200
    passages: int = 9000
    fingerprint: Made = Made()


CHAT = ChatModel("openai:gpt-5-mini")


def fields(message: Message) -> dict[str, str]:
    return {field.name: field.value for embed in message.embeds for field in embed.fields}


def test_the_status_names_the_index_the_models_and_the_time_of_each_step() -> None:
    latest = [replace(ANSWER, timings_ms={"search": milliseconds}) for milliseconds in (90.0, 12.4, 10.0)]
    said = fields(
        status_message(Generation(), [*latest, replace(ANSWER, timings_ms={"cite": 3.0})], None, NOW, words=ENGLISH)
    )
    assert said["Documents"] == "1,200"
    assert said["Generation"] == "5, made 3 h ago"
    assert said["Model"] == "all-MiniLM-L6-v2"
    assert said["Chat model"] == "none: answers are quotes alone"
    assert said["Latest answers, median"] == "search 12 ms · cite 3 ms"


def test_before_the_first_answer_the_status_has_nothing_to_say_of_answers() -> None:
    assert [
        name for name in fields(status_message(Generation(), [], None, NOW, words=ENGLISH)) if "answers" in name
    ] == []


def test_the_status_says_what_the_chat_model_cost_and_how_soon_it_began() -> None:
    latest = [
        replace(ANSWER, usage=ModelUsage("openai:gpt-5-mini", read, wrote), timings_ms={"first_statement": 800.0})
        for read, wrote in ((1000, 50), (3000, 70), (1100, 60))
    ]
    asked_of_the_cache = replace(ANSWER, usage=ModelUsage("openai:gpt-5-mini"), timings_ms={})
    said = fields(status_message(Generation(), [*latest, asked_of_the_cache, ANSWER], CHAT, NOW, words=ENGLISH))
    assert said["Chat model"] == "openai:gpt-5-mini"
    assert said["Tokens of the latest answers"] == (
        "read 5,100, median 1,100 · written 180, median 60 · 3 answers of a chat model"
    )
    assert "first statement 800 ms" in said["Latest answers, median"]


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (38, "It judges its own paraphrases: it was right on 38 of 40 known pairs."),
        (30, "Its paraphrases are dropped: it was right on only 30 of 40 known pairs."),
    ],
)
def test_the_status_says_whether_the_chat_model_proved_that_it_can_judge(right: int, said: str) -> None:
    chat = ChatModel("openai:gpt-5-mini", Proof(right, 40))
    shown = fields(status_message(Generation(), [], chat, NOW, words=ENGLISH))
    assert shown["Chat model"] == f"openai:gpt-5-mini\n-# {said}"


def test_the_status_counts_what_went_wrong_the_most_frequent_first() -> None:
    late, full = (
        Note(NoteKind.QUESTION_NOT_REWRITTEN, why) for why in ("did not answer within 45 s", "is out of quota")
    )
    latest = [replace(ANSWER, notes=notes) for notes in ((full,), (late,), (), (late, full), (late,))]
    said = fields(status_message(Generation(), latest, CHAT, NOW, words=ENGLISH))
    assert said["What the latest answers went without"] == (
        "3 × the chat model did not answer within 45 s\n2 × the chat model is out of quota"
    )


@settings(max_examples=50)
@given(st.lists(any_answers(), max_size=4), st.none() | any_text(5))
def test_any_status_keeps_the_limits_and_acts_on_nothing(latest: list[Answer], chat_model: str | None) -> None:
    chat = None if chat_model is None else ChatModel(chat_model, Proof(38, 40))
    message = status_message(Generation(), latest, chat, NOW, words=ENGLISH)
    assert broken_limits(message) == []
    assert [found for text in texts(message) for found in acting(text)] == []


def test_without_an_index_the_status_says_what_to_do() -> None:
    assert "/refresh" in status_message(None, [], None, NOW, words=ENGLISH).content


def test_the_presence_is_the_number_of_documents_and_their_age() -> None:
    assert presence(Generation(), NOW, words=ENGLISH) == "1,200 documents · indexed 3 h ago"
    assert presence(None, NOW, words=ENGLISH) == "no index yet"
