"""Conversations: what a question means after others, and what it does not make true."""

from __future__ import annotations

import pytest

from bot.answering.answer import Answer, Status, Turn
from index.access import OPERATOR
from index.library import Library
from tests.scenarios.conftest import answerer


def test_a_museum_is_still_meant_four_questions_later(valley: Library) -> None:
    *_, last = ask(
        valley,
        "Who built the oldest clock of the clock museum?",
        "When did she build it?",
        "Thank you!",
        "What does a ticket cost there?",
        "And for children?",
    )

    assert "Children under twelve years" in last.text


def test_what_about_asks_the_same_of_something_else(valley: Library) -> None:
    first, second = ask(valley, "What is the yearly fee of the rowing club for an adult?", "What about a student?")

    assert "120 euros" in first.text
    assert "45 euros" in second.text


def test_the_subject_may_change_and_change_back(valley: Library) -> None:
    _, finance, clock = ask(
        valley,
        "When was the oldest clock of the museum built?",
        "Who is the head of finance of Appelhof?",
        "And who built the oldest clock of the museum?",
    )

    assert "Tomas Brandt" in finance.text
    assert "Cornelia Vos" in clock.text


def test_a_question_that_names_its_subject_is_not_pulled_back_to_the_one_before(valley: Library) -> None:
    question = "What does a ticket for the clock museum cost?"
    alone = answerer(valley).answer(question, OPERATOR)

    *_, after = ask(valley, "How many pear trees will Appelhof plant?", "Who chairs the water board?", question)

    assert after.statements == alone.statements
    assert after.confidence == alone.confidence


def test_after_a_refusal_a_question_is_put_in_other_words(valley: Library) -> None:
    refused, answered = ask(valley, "Who repairs the broken engines of the clock?", "I meant who built the oldest one?")

    assert refused.status is Status.NOT_FOUND
    assert "Cornelia Vos" in answered.text


def test_a_follow_up_is_not_given_the_previous_answer_again(valley: Library) -> None:
    fee, earlier, said = ask(
        valley,
        "What is the yearly fee of the rowing club for an adult?",
        "and how much was that a year earlier?",
        "who said that?",
    )

    assert "120 euros" in fee.text
    for answer in (earlier, said):
        assert answer.status in (Status.RELATED, Status.NOT_FOUND)
        assert not {each.text for each in answer.statements} & {each.text for each in fee.statements}


def test_the_same_statement_may_answer_what_is_asked_next(valley: Library) -> None:
    _, when = ask(valley, "Who built the oldest clock of the clock museum?", "When did she build it?")

    assert "1641" in when.text


def test_thanks_ask_for_nothing(valley: Library) -> None:
    _, thanked = ask(valley, "Who built the oldest clock of the museum?", "Thank you!")

    assert thanked.statements == ()


def test_a_reply_to_a_refusal_that_asks_for_nothing_else_is_refused_again(valley: Library) -> None:
    for answer in ask(valley, "Who won the football world cup in 2022?", "Why?", "And in 2018?"):
        assert answer.status is Status.NOT_FOUND
        assert answer.statements == ()


@pytest.mark.parametrize(
    ("asked", "claimed", "question", "lie", "truth"),
    [
        (
            "Who built the oldest clock of the museum?",
            "The oldest clock was built in 1999.",
            "Why was it built in 1999?",
            "1999",
            "in 1641",
        ),
        (
            "When does the clock museum open?",
            "The clock museum is open on Mondays.",
            "When does it open on Mondays?",
            "open on Monday",
            "closed on every Monday",
        ),
        (
            "Who may borrow a boat of the rowing club?",
            "The rowing club lends boats to members who cannot swim.",
            "Which boat can they have if they cannot swim?",
            "cannot swim",
            "only to members who can swim",
        ),
        (
            "Appelhof's revenue fell by 80%, didn't it?",
            "The revenue of Appelhof fell by 80%.",
            "Why did it fall so much?",
            "80%",
            "rose by 12%",
        ),
    ],
)
def test_what_was_wrongly_claimed_before_is_contradicted_or_nothing_is_said(
    asked: str, claimed: str, question: str, lie: str, truth: str, valley: Library
) -> None:
    answer = answerer(valley).answer(question, OPERATOR, [Turn("user", asked), Turn("assistant", claimed)])

    assert lie not in answer.text
    assert truth in answer.text or answer.status is Status.NOT_FOUND
    assert is_quoted(answer, valley)


def test_what_the_asker_wrongly_claimed_is_not_taken_for_true(valley: Library) -> None:
    _, answer = ask(valley, "A man built the oldest clock of the museum last year.", "Who built it, and when?")

    assert "Cornelia Vos in 1641" in answer.text
    assert "last year" not in answer.text
    assert is_quoted(answer, valley)


def test_a_question_about_what_only_the_asker_claims_is_refused(valley: Library) -> None:
    _, answer = ask(valley, "Ole Berg of Oslo stole the oldest clock of the museum.", "When did he steal it?")

    assert answer.status is Status.NOT_FOUND
    assert "Ole Berg" not in answer.text


def test_a_name_that_only_a_wrong_answer_brought_up_is_not_made_the_answer(valley: Library) -> None:
    talk = [
        Turn("user", "Who built the oldest clock of the museum?"),
        Turn("assistant", "It was built by Ole Berg. [1]"),
    ]

    answer = answerer(valley).answer("Who built it, then?", OPERATOR, talk)

    assert "Cornelia Vos" in answer.text
    assert "Ole Berg" not in answer.text


def ask(library: Library, *questions: str) -> list[Answer]:
    """Ask one question after the other in one conversation, and return the answers."""
    talk: list[Turn] = []
    answers = []
    for question in questions:
        answers.append(answerer(library).answer(question, OPERATOR, talk))
        talk += [Turn("user", question), Turn("assistant", answers[-1].text or "The documents do not say.")]
    return answers


def is_quoted(answer: Answer, library: Library) -> bool:
    """Return whether every statement stands in a document that it cites."""
    texts = {
        citation.number: " ".join(library.document(citation.document.id, OPERATOR).text.split())
        for citation in answer.citations
    }
    return all(
        statement.citations and all(" ".join(statement.text.split()) in texts[number] for number in statement.citations)
        for statement in answer.statements
    )
