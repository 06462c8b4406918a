from __future__ import annotations

import pytest

from bot.answering.answer import Turn
from bot.answering.selecting.choosing import choose, weigh
from bot.answering.understanding.follow_up import novelty_of
from index.evidence import Evidence
from tests.unit.bot.answering.samples import document, evidence

BEES = document("Mara Lind founded the club in 1998. The club has 40 members, and 12 of them are students.")
FOUNDED, MEMBERS = "Mara Lind founded the club in 1998.", "The club has 40 members, and 12 of them are students."


def test_what_was_said_is_no_answer_to_what_is_asked_next() -> None:
    talk = (Turn("user", "How many members has the club?"), Turn("assistant", f"{MEMBERS} [1]"))

    assert _chosen("How many was that a year earlier?", talk) == [FOUNDED]


@pytest.mark.parametrize(
    ("first", "answer", "then"),
    [
        ("Who founded the club?", FOUNDED, "When was that?"),
        ("How many members has the club?", MEMBERS, "How many students?"),
        ("How many members has the club?", MEMBERS, "How many members?"),
    ],
)
def test_it_is_where_it_answers_what_is_new_or_the_same_is_asked_again(first: str, answer: str, then: str) -> None:
    assert answer in _chosen(then, (Turn("user", first), Turn("assistant", f"{answer} [1]")))


def test_carried_words_weigh_no_more_than_those_that_are_new() -> None:
    novelty = novelty_of("And the students?", (Turn("user", "How many members has the bee club?"),), "en")
    found = evidence("(many members bee club): And the students?", BEES)

    weights = weigh(found, lambda _: 1.0, novelty).with_idf

    own = sum(each for each, word in zip(weights, found.words, strict=True) if word.forms & novelty.terms)
    assert 0 < sum(weights) - own <= own * 1.001


def test_where_nothing_is_new_the_answer_stands_beside_what_was_said() -> None:
    talk = (Turn("user", "How many members has the club?"), Turn("assistant", f"{MEMBERS} [1]"))
    why, who = (novelty_of(question, talk, "en") for question in ("Why?", "And who?"))
    found = evidence("(members club): Why?", BEES)
    beside = next(each for each in found.sentences if each.text == FOUNDED)

    assert not why.is_answered_by(beside, found)
    assert who.is_answered_by(beside, found)


def _chosen(question: str, talk: tuple[Turn, ...]) -> list[str]:
    found: Evidence = evidence(f"(club): {question}", BEES)
    novelty = novelty_of(question, talk, "en")
    return [each.sentence.text for each in choose(found, weigh(found, lambda _: 1.0, novelty), (), novelty)]
