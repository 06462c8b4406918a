"""Verifying: whether the passages that a draft cites support it, and in which of their sentences that can be read.

A model copies no quotes here. For each draft the sentences that carry it are looked up in the passages that it names,
and it is held to those: every number, date, unit, name and negation of it must be in them (`bot.answering.facts`), the
words and the meaning must be theirs, and, where there is a model that judges entailment, it must follow from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Protocol

from bot.answering.citing import Quote, Supported, one_line, points_back
from bot.answering.facts.checking import Context, unsupported
from index import words
from index.evidence import Sentence
from index.vectors import Vector

# A linear rule over the share of a claim's words that its quotes have and its cosine with the nearest of their
# sentences, fitted by `tests.benchmarks.attribution`.
_LEAST_SHARE = 0.5
_LEAST_SUM = 1.1
_LEAST_ENTAILMENT = 0.5
# What a further sentence or passage must add to the share of words to be quoted too.
_WORTH_QUOTING = 0.1
_LONGEST_QUOTE = 3
_LONGEST_ADDITION = 4
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|[Mm]e|[Mm]y|[Ww]e|[Oo]ur)\b|我")
_SHORTEST_STEM, _SAME_STEM = 5, 0.6
_MOST_QUOTES = 3


class Entails(Protocol):
    """What judges entailment: a sentence-transformers CrossEncoder for natural language inference."""

    def __call__(self, premise: str, hypothesis: str) -> float:
        """Return the probability, 0 to 1, that who believes the premise believes the hypothesis."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a draft may not be said."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """A draft's sentence as it is compared: its words that carry meaning, what each is worth, and its vector."""

    text: str
    words: tuple[words.Word, ...]
    weights: tuple[float, ...]
    vector: Vector | None

    def share(self, terms: frozenset[str]) -> float:
        """Return the share, by weight, of the claim's words that are among these terms, 0 to 1."""
        whole = sum(self.weights)
        covered = sum(weight for word, weight in zip(self.words, self.weights, strict=True) if word.forms & terms)
        return covered / whole if whole else 0.0

    def gain(self, terms: frozenset[str], more: frozenset[str]) -> float:
        """Return the share that `more` terms add to, of the words that are no names.

        A name is no reason to quote a further sentence: it might be there on quite another matter. The first word of a
        sentence may be one too.
        """
        plain = [word for word in self.words[1:] if not word.is_name]
        weights = dict(zip(self.words, self.weights, strict=True))
        added = sum(weights[word] for word in plain if word.forms & more and not word.forms & terms)
        return added / sum(self.weights) if added else 0.0

    def cosine(self, sentences: Sequence[Sentence]) -> float | None:
        """Return the cosine with the nearest of these sentences, None without a dense side."""
        if self.vector is None:
            return None
        near = [float(sentence.vector @ self.vector) for sentence in sentences if sentence.vector is not None]
        return max(near, default=None)


class Verifier:
    """Holds drafts to the passages that they cite.

    `rarity` tells how rare a word is in its language, 0 to 1; `embed` returns the unit vector of a text, None where the
    model does not read it; `entails` is None where no model judges entailment.
    """

    def __init__(
        self,
        rarity: Callable[[str], float],
        embed: Callable[[str], Vector | None],
        entails: Entails | None = None,
    ) -> None:
        self._rarity = rarity
        self._embed = embed
        self._entails = entails

    def verify(
        self, text: str, cited: Sequence[Sequence[Sentence]], known: frozenset[str] = frozenset()
    ) -> Supported | Unsupported:
        """Return the sentence `text` with the quotes that carry it, or why there are none.

        `cited` holds the sentences of each passage that is named as its support, in order; `known` are the lower-case
        words of everything that was found, by which a common word is told from a name at the beginning of a sentence.
        """
        passages = [sentences for sentences in cited if sentences]
        if not passages:
            return Unsupported("it cites no passage")
        claim = self._claim(text, passages)
        quotes = _quotes(claim, passages)
        reasons = unsupported(text, "\n".join(quote.text for quote in quotes), _context(quotes, passages, known))
        reasons = (*reasons, *_strange(claim, passages), *_spoken(claim, quotes))
        if reasons:
            return Unsupported(f"not in the passage: {reasons[0]}")
        if _longest_addition(claim, quotes) > _LONGEST_ADDITION:
            return Unsupported("it adds to what the passage says")
        if not _is_near(claim, quotes):
            return Unsupported("the passage says something else")
        if self._entails is not None and self._entails(_premise(quotes, passages), text) < _LEAST_ENTAILMENT:
            return Unsupported("it does not follow from the passage")
        return Supported(text, tuple(quotes))

    def _claim(self, text: str, passages: Sequence[Sequence[Sentence]]) -> _Claim:
        languages = sorted({sentences[0].hit.document.language or words.UNKNOWN for sentences in passages})
        found = words.questions_words(text, languages)
        return _Claim(text, found, tuple(self._rarity(word.text) for word in found), self._embed(text))


def _strange(claim: _Claim, passages: Sequence[Sequence[Sentence]]) -> list[str]:
    """Return what is said of each word that has no entry in the vocabulary and is akin to none in the passages.

    Such a word is as good as a name; a paraphrase does without.
    """
    rare = [word for word, weight in zip(claim.words, claim.weights, strict=True) if weight >= 1.0]
    if not rare:
        return []
    terms = frozenset().union(*(each.terms for sentences in passages for each in sentences))
    terms |= frozenset().union(*(_terms_above(sentences[0]) for sentences in passages))
    return [f'the word "{word.text}"' for word in rare if not word.forms & terms and not _is_akin(word, terms)]


def _spoken(claim: _Claim, quotes: Sequence[Quote]) -> list[str]:
    """Return what is said of a model that speaks of itself: documents do, now and then, and may be quoted with it."""
    own = _FIRST_PERSON.search(claim.text)
    said_there = any(_FIRST_PERSON.search(quote.text) for quote in quotes)
    return [f'"{own[0]}"'] if own and not said_there else []


def _is_akin(word: words.Word, terms: frozenset[str]) -> bool:
    """Return whether a word begins as another does, for the greater part: "evaporation", "evaporate"."""
    begin = max(_SHORTEST_STEM, ceil(_SAME_STEM * len(word.text)))
    return any(term[:begin] == word.text[:begin].lower() for term in terms)


def _longest_addition(claim: _Claim, quotes: Sequence[Quote]) -> int:
    """Return how many words in a row the quotes do not have: scattered ones paraphrase, a row of them adds a clause."""
    terms = _terms(*quotes)
    rows = (len(list(row)) for is_there, row in groupby(claim.words, lambda w: bool(w.forms & terms)) if not is_there)
    return max(rows, default=0)


def _quotes(claim: _Claim, passages: Sequence[Sequence[Sentence]]) -> list[Quote]:
    """Return the quotes that carry a claim, the best first: of each passage one, if it adds to those before it."""
    ranked = sorted((_quote(claim, sentences) for sentences in passages), key=lambda quote: -_worth(claim, quote))
    kept = ranked[:1]
    for quote in ranked[1:]:
        if claim.gain(_terms(*kept), _terms(quote)) >= _WORTH_QUOTING and len(kept) < _MOST_QUOTES:
            kept.append(quote)
    return kept


def _quote(claim: _Claim, sentences: Sequence[Sentence]) -> Quote:
    """Return the neighbouring sentences of one passage that come closest to a claim, as few as will do."""
    best = max(range(len(sentences)), key=lambda at: (_worth(claim, Quote((sentences[at],))), -at))
    start, end = best, best + 1
    while end - start < _LONGEST_QUOTE:
        own = _terms(Quote(tuple(sentences[start:end])))
        wider = [
            (claim.gain(own, _terms(Quote(tuple(sentences[first:last])))), first, last)
            for first, last in ((start - 1, end), (start, end + 1))
            if first >= 0 and last <= len(sentences) and _are_neighbours(sentences[first:last])
        ]
        gain, first, last = max(wider, default=(0.0, start, end))
        if gain < _WORTH_QUOTING:
            break
        start, end = first, last
    if start and points_back(sentences[start].text) and _are_neighbours(sentences[start - 1 : end]):
        start -= 1
    return Quote(tuple(sentences[start:end]))


def _are_neighbours(sentences: Sequence[Sentence]) -> bool:
    """Return whether no sentence between these was left out."""
    return sentences[-1].ordinal - sentences[0].ordinal == len(sentences) - 1


def _worth(claim: _Claim, quote: Quote) -> float:
    return claim.share(_terms(quote)) + (claim.cosine(quote.sentences) or 0.0)


def _terms(*quotes: Quote) -> frozenset[str]:
    """Return the terms of quotes and of what stands above them."""
    own = (sentence.terms for quote in quotes for sentence in quote.sentences)
    return frozenset().union(*own, *(_terms_above(quote.sentences[0]) for quote in quotes))


def _terms_above(sentence: Sentence) -> frozenset[str]:
    return frozenset(words.terms(_above(sentence), sentence.hit.document.language or words.UNKNOWN))


def _above(sentence: Sentence) -> str:
    return "\n".join((sentence.hit.document.title, *sentence.hit.passage.heading))


def _is_near(claim: _Claim, quotes: Sequence[Quote]) -> bool:
    share = claim.share(_terms(*quotes))
    cosine = claim.cosine([sentence for quote in quotes for sentence in quote.sentences])
    if cosine is None:
        return share >= _LEAST_SHARE
    return share + cosine >= _LEAST_SUM


def _context(quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]], known: frozenset[str]) -> Context:
    dates = [quote.sentences[0].hit.document.published for quote in quotes]
    return Context(
        above="\n".join(_above(quote.sentences[0]) for quote in quotes),
        before="\n".join(_before(quote, passages) for quote in quotes),
        published=next((date for date in dates if date), None),
        words=known,
    )


def _before(quote: Quote, passages: Sequence[Sequence[Sentence]]) -> str:
    own = next(sentences for sentences in passages if sentences[0].hit.passage.id == quote.passage.id)
    return " ".join(sentence.text for sentence in own if sentence.ordinal < quote.sentences[0].ordinal)


def _premise(quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]]) -> str:
    """Return what a claim must follow from: the quotes, with their titles and the sentence before each."""
    parts: list[str] = []
    for quote in quotes:
        before = _before(quote, passages)[-300:]
        parts.append(" ".join(filter(None, (f"{one_line(_above(quote.sentences[0]))}.", before, one_line(quote.text)))))
    return "\n".join(parts)
