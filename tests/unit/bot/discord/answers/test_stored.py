from dataclasses import replace

import pytest

from bot.answering.answer import Turn
from bot.discord.answers.question import PriorConversation
from bot.discord.answers.stored import Conversations
from bot.discord.store import Origin, Store
from index.access import NOBODY, AccessRule, Viewer
from tests.fakes import FakeLibrary
from tests.unit.bot.discord.sample_answers import ANSWER, PAGE

ASKED = Origin(asker=7, guild=1, channel=2)
STAFF = AccessRule(roles=frozenset({5}))


@pytest.fixture
def store() -> Store:
    return Store(":memory:")


@pytest.fixture
def conversations(store: Store) -> Conversations:
    return Conversations(store, FakeLibrary(PAGE))


async def test_a_conversation_follows_the_answers_back_to_the_first(store: Store, conversations: Conversations) -> None:
    store.save_answer("a1", ASKED, ANSWER)
    store.save_answer("a2", replace(ASKED, follows="a1"), replace(ANSWER, question="And in April?"))
    assert await conversations.upto("a2", NOBODY, None) == PriorConversation(
        (
            Turn("user", ANSWER.question),
            Turn("assistant", ANSWER.text),
            Turn("user", "And in April?"),
            Turn("assistant", ANSWER.text),
        ),
        "a2",
    )


async def test_a_long_conversation_keeps_its_latest_turns(store: Store, conversations: Conversations) -> None:
    for number in range(12):
        follows = f"a{number - 1}" if number else None
        store.save_answer(
            f"a{number}", replace(ASKED, follows=follows), replace(ANSWER, question=f"Question {number}?")
        )
    turns = (await conversations.upto("a11", NOBODY, None)).turns
    assert len(turns) == 16
    assert turns[-2] == Turn("user", "Question 11?")


async def test_a_conversation_begins_after_what_who_sees_the_next_answer_may_not_see(
    store: Store, conversations: Conversations
) -> None:
    (citation,) = ANSWER.citations
    limited = replace(citation, document=replace(citation.document, id="pay", source="pay.md", access=(STAFF,)))
    store.save_answer("a1", ASKED, replace(ANSWER, citations=(limited,)))
    store.save_answer("a2", replace(ASKED, follows="a1"), replace(ANSWER, question="And in April?"))
    assert len((await conversations.upto("a2", Viewer(roles=frozenset({5})), None)).turns) == 4
    assert len((await conversations.upto("a2", NOBODY, None)).turns) == 2
    assert await conversations.upto("a1", NOBODY, None) == PriorConversation()


async def test_what_somebody_was_shown_alone_is_said_before_their_own_questions_only(
    store: Store, conversations: Conversations
) -> None:
    store.save_answer("a1", ASKED, ANSWER, private=True)
    store.save_answer("a2", replace(ASKED, follows="a1"), replace(ANSWER, question="And in April?"))
    assert len((await conversations.upto("a2", NOBODY, ASKED.asker)).turns) == 4
    assert len((await conversations.upto("a2", NOBODY, 8)).turns) == 2
    assert len((await conversations.upto("a2", NOBODY, None)).turns) == 2
