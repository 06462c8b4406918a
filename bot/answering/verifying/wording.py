"""Wording: what a statement may not say, or not say so, however near it comes to its quotes.

Small models speak of themselves, of the question and of "the article", break off, and mistake a man for a woman; a
malicious one adds a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from math import ceil

from bot.answering.quoting.citing import Quote
from bot.answering.verifying.claim import Claim
from bot.answering.verifying.quotes import terms_of
from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.evidence import Sentence
from index.language import words
from index.language.language import Language
from index.language.patterns import any_of, any_word, compiled

_SHORTEST_STEM, _SAME_STEM = 5, 0.6
_LONGEST_ADDITION = 4
# A command, an option, a piece of code.
_VERBATIM = re.compile(r"(?<![\w/])(?:/|--?)[A-Za-z][\w-]*|(?<=`)[^`]+(?=`)")


def objections(claim: Claim, quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]]) -> Iterator[Rejection]:
    """Yield a rejection for each fault in the words of a claim, which `quotes` out of `passages` support."""
    yield from _strange(claim, passages)
    language = claim.analysis.language
    there = "\n".join(text for quote in quotes for text in (quote.text, quote.sentences[0].above))
    for kind in _kinds(language):
        own = kind.search(claim.text)
        if own and not kind.search(there):
            yield Rejection(RejectionReason.OWN_WORD, own[0])
    for match in _VERBATIM.finditer(claim.text):
        if match[0] not in there:
            yield Rejection(RejectionReason.OWN_WORD, match[0])
    if _about_the_answer(language).search(claim.text):
        yield Rejection(RejectionReason.ABOUT_THE_ANSWER)
    if _unfinished(language).search(claim.text):
        yield Rejection(RejectionReason.UNFINISHED)
    if _longest_addition(claim, quotes) > _LONGEST_ADDITION:
        yield Rejection(RejectionReason.ADDITION)


@cache
def _kinds(language: Language) -> tuple[re.Pattern[str], ...]:
    """Return patterns of which each may match a statement only where it matches the quotes too."""
    return (
        re.compile(any_of(language.wording.of_itself)),
        compiled(any_of(language.wording.of_the_text)),
        compiled(any_word(language.pronouns.masculine)),
        compiled(any_word(language.pronouns.feminine)),
    )


@cache
def _about_the_answer(language: Language) -> re.Pattern[str]:
    return compiled(rf"^\W*{any_of(language.wording.of_the_answer)}")


@cache
def _unfinished(language: Language) -> re.Pattern[str]:
    return compiled(rf"{any_word(language.wording.unfinished)}[,;:…\s]*$")


def _strange(claim: Claim, passages: Sequence[Sequence[Sentence]]) -> list[Rejection]:
    """Return a rejection for each word that has no entry in the vocabulary and is akin to none in the passages.

    Such a word is as good as a name; a paraphrase does without.
    """
    # What has digits is a number or a name, which are looked for as such.
    rare = [
        word
        for word, weight in zip(claim.words, claim.weights, strict=True)
        if weight >= 1.0 and not any(character.isdigit() for character in word.text)
    ]
    if not rare:
        return []
    terms = frozenset().union(*(each.terms for sentences in passages for each in sentences))
    terms |= frozenset().union(*(sentences[0].heading_terms for sentences in passages))
    return [
        Rejection(RejectionReason.STRANGE_WORD, word.text)
        for word in rare
        if not word.forms & terms and not _is_akin(word, terms)
    ]


def _longest_addition(claim: Claim, quotes: Sequence[Quote]) -> int:
    """Return how many words in a row the quotes do not have: scattered ones paraphrase, a row of them adds a clause."""
    terms = terms_of(*quotes)
    rows = (len(list(row)) for is_there, row in groupby(claim.words, lambda w: bool(w.forms & terms)) if not is_there)
    return max(rows, default=0)


def _is_akin(word: words.QueryTerm, terms: frozenset[str]) -> bool:
    """Return whether a word begins as another does, for the greater part: "evaporation", "evaporate"."""
    begin = max(_SHORTEST_STEM, ceil(_SAME_STEM * len(word.text)))
    return any(term[:begin] == word.text[:begin].lower() for term in terms)
