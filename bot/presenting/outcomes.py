"""Outcomes in English: what stands above the statements of an answer, and the question that is asked back."""

from __future__ import annotations

from bot.answering.answer import Answer, Clarification, FalsePremise, Status

RELATED = "The documents do not say this outright. Closest:"


def lead(answer: Answer) -> str:
    """Return the line before the statements: that they only come close, or what is wrong in the question, if so."""
    if answer.status is Status.RELATED:
        return RELATED
    return corrected(answer.false_premise) if answer.false_premise else ""


def corrected(premise: FalsePremise) -> str:
    """Return which figure the documents have in place of the asker's."""
    return f"The documents say {premise.found}, not {premise.asked}."


def asked_back(clarification: Clarification | None) -> str:
    """Return the question that has to be answered before the asker's can be."""
    if clarification is None:
        return "The question can mean more than one thing: say more exactly what you mean."
    *others, last = (choice.name for choice in clarification.choices)
    return f"Which {clarification.distinction} do you mean: {', '.join(others)} or {last}?"
