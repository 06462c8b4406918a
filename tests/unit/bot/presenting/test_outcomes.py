from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Choice, Clarification, Distinction, FalsePremise, Status
from bot.presenting import outcomes
from tests.unit.bot import samples

ANSWER = samples.answer(samples.document("a.md"))


def test_an_answer_that_is_sure_needs_no_lead() -> None:
    assert outcomes.lead(ANSWER) == ""


def test_what_only_comes_close_is_said_to_only_come_close() -> None:
    assert outcomes.lead(replace(ANSWER, status=Status.RELATED)).startswith("The documents do not say this outright")


def test_a_false_premise_is_named_with_what_the_documents_say() -> None:
    premise = FalsePremise("26%", "62%")
    assert outcomes.lead(replace(ANSWER, false_premise=premise)) == "The documents say 62%, not 26%."


def test_what_a_question_leaves_open_is_asked_with_its_choices() -> None:
    names = ("first quarter", "second quarter", "third quarter")
    clarification = Clarification(Distinction.QUARTER, tuple(Choice(name, f"And in the {name}?") for name in names))
    asked = "Which quarter do you mean: first quarter, second quarter or third quarter?"
    assert outcomes.asked_back(clarification) == asked
    assert outcomes.asked_back(None).startswith("The question can mean more than one thing")
