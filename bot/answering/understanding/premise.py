"""The premise: a question that takes a figure for granted is answered with the one that the documents have.

"Did revenue grow by 26%?" where the documents say 62%: the sentence that speaks of the same thing has another figure of
the same unit, and the asker's stands nowhere in what was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.answer import FalsePremise
from bot.answering.verifying.facts.numbers import Number, is_supported, numbers
from bot.answering.verifying.facts.units import ORDINAL
from index.language import languages
from index.language.normal import normal


def false_premise(
    question: str, sentence: str, passages: Sequence[str], language: str | None = None
) -> FalsePremise | None:
    """Compare the figures of a question with those of the sentence that answers it.

    None where the question has no figure with a unit, where it has several, and where the sentence has none or several
    of that unit.

    Args:
        question: The question.
        sentence: The sentence that answers it best.
        passages: All that was found: a figure that stands in any of it is no false premise.
        language: The code of the sentence's language, in which figures are read as one writes them there.

    """
    own = languages.of(language)
    asked = [number for number in numbers(normal(question), own) if _unit(number)]
    if len(asked) != 1:
        return None
    (claimed,) = asked
    if any(is_supported(claimed, numbers(normal(passage), own)) for passage in (sentence, *passages)):
        return None
    rivals = [number for number in numbers(normal(sentence), own) if _unit(number) == _unit(claimed)]
    if len(rivals) != 1:
        return None
    return FalsePremise(claimed.text.strip(), rivals[0].text.strip())


def _unit(number: Number) -> str | None:
    """Give what a number counts, None for a mere number: a year or the number of a section is no figure."""
    units = {unit for _, unit in number.readings}
    unit = next(iter(units)) if len(units) == 1 else None
    # "Fourth" counts a quarter or a place: that the documents speak of the third contradicts nobody.
    return None if unit == ORDINAL else unit
