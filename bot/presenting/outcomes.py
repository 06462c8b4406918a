"""Outcomes: what stands above the statements of an answer, and the question that is asked back."""

from __future__ import annotations

from bot.answering.answer import Answer, Clarification, Distinction, FalsePremise, NoteKind, Status
from bot.presenting.words import ENGLISH, Words, language_name


def lead(answer: Answer, words: Words = ENGLISH) -> str:
    """Return the line before the statements: that they only come close, or what is wrong in the question, if so."""
    if answer.status is Status.RELATED:
        return words("The documents do not say this outright. Closest:")
    return corrected(answer.false_premise, words) if answer.false_premise else ""


def refusal(answer: Answer, words: Words = ENGLISH) -> str:
    """Return what is said where there are no statements: what is asked back, or why there is no answer."""
    if answer.status is Status.CLARIFY:
        return asked_back(answer.clarification, words)
    languages = [note.detail for note in answer.notes if note.kind is NoteKind.NOT_SEARCHED]
    if languages:
        name = language_name(str(languages[0]), words)
        return words("I cannot search these documents in {language}.", language=name)
    return words("The documents do not say.")


def corrected(premise: FalsePremise, words: Words = ENGLISH) -> str:
    """Return which figure the documents have in place of the asker's."""
    return words("The documents say {found}, not {asked}.", found=premise.found, asked=premise.asked)


def asked_back(clarification: Clarification | None, words: Words = ENGLISH) -> str:
    """Return the question that has to be answered before the asker's can be."""
    if clarification is None:
        return words("The question can mean more than one thing: say more exactly what you mean.")
    *others, last = (choice.name for choice in clarification.choices)
    return _which(clarification.distinction, words).format(others=", ".join(others), last=last)


def _which(distinction: Distinction, words: Words) -> str:
    match distinction:
        case Distinction.QUARTER:
            return words("Which quarter do you mean: {others} or {last}?")
        case Distinction.HALF:
            return words("Which half do you mean: {others} or {last}?")
        case Distinction.YEAR:
            return words("Which year do you mean: {others} or {last}?")
        case Distinction.PRODUCT:
            return words("Which product do you mean: {others} or {last}?")
