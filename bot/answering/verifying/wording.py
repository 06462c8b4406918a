"""Wording: what a statement may not say, or not say so, however near it comes to its quotes.

Small models speak of themselves, of the question and of "the article", break off, and mistake a man for a woman; a
malicious one adds a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

from bot.answering.quoting.citing import Quote
from bot.answering.verifying.claim import Claim
from bot.answering.verifying.quotes import terms_of
from index.evidence import Sentence
from index.language import words

_SHORTEST_STEM, _SAME_STEM = 5, 0.6
_LONGEST_ADDITION = 4
# Each of these is right in a statement only where the quotes have one of its kind.
_OF_ITSELF = re.compile(r"\b(?:I|I['’]\w+|[Mm]e|[Mm]y|[Ww]e|[Oo]ur)\b|我")
_OF_THE_TEXT = re.compile(
    r"\b(?:questions?|answers?|passages?|articles?|texts?|excerpts?|contexts?|documents?|reports?|sources?)\b",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:he|him|his)\b|他", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?)\b|她", re.IGNORECASE)
_KINDS = (_OF_ITSELF, _OF_THE_TEXT, _HE, _SHE)
_OF_THE_ANSWER = re.compile(r"^\W*(?:the|this|that|your|my) (?:answer|question)\b", re.IGNORECASE)
# A command, an option, a piece of code.
_VERBATIM = re.compile(r"(?<![\w/])(?:/|--?)[A-Za-z][\w-]*|(?<=`)[^`]+(?=`)")
_UNFINISHED = re.compile(
    r"\b(?:an?|the|of|in|on|at|to|for|from|by|with|and|or|but|that|which|who|is|was|are|were|be|as|than|only|its|their)"
    r"[,;:…\s]*$",
    re.IGNORECASE,
)


def objections(claim: Claim, quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]]) -> Iterator[str]:
    """Yield what is wrong with the words of a claim that `quotes` out of `passages` carry, each in one phrase."""
    yield from _strange(claim, passages)
    there = "\n".join(text for quote in quotes for text in (quote.text, quote.sentences[0].above))
    for kind in _KINDS:
        own = kind.search(claim.text)
        if own and not kind.search(there):
            yield f'"{own[0]}" is not in the passage'
    for match in _VERBATIM.finditer(claim.text):
        if match[0] not in there:
            yield f'"{match[0]}" is not in the passage'
    if _OF_THE_ANSWER.match(claim.text):
        yield "it speaks of the answer"
    if _UNFINISHED.search(claim.text):
        yield "it breaks off"
    if _longest_addition(claim, quotes) > _LONGEST_ADDITION:
        yield "it adds to what the passage says"


def _strange(claim: Claim, passages: Sequence[Sequence[Sentence]]) -> list[str]:
    """Return what is said of each word that has no entry in the vocabulary and is akin to none in the passages.

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
        f'the word "{word.text}" is not in the passage'
        for word in rare
        if not word.forms & terms and not _is_akin(word, terms)
    ]


def _longest_addition(claim: Claim, quotes: Sequence[Quote]) -> int:
    """Return how many words in a row the quotes do not have: scattered ones paraphrase, a row of them adds a clause."""
    terms = terms_of(*quotes)
    rows = (len(list(row)) for is_there, row in groupby(claim.words, lambda w: bool(w.forms & terms)) if not is_there)
    return max(rows, default=0)


def _is_akin(word: words.Word, terms: frozenset[str]) -> bool:
    """Return whether a word begins as another does, for the greater part: "evaporation", "evaporate"."""
    begin = max(_SHORTEST_STEM, ceil(_SAME_STEM * len(word.text)))
    return any(term[:begin] == word.text[:begin].lower() for term in terms)
