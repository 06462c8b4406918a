"""Quotes: which sentences of the passages that a model cites carry what it claims, as few as will do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.quoting.citing import Quote, points_back
from bot.answering.verifying.claim import Claim
from index.evidence import Sentence

# What a further sentence or passage must add to the share of words to be quoted too.
_WORTH_QUOTING = 0.1
_LONGEST_QUOTE = 3
_MOST_QUOTES = 3


def quotes_of(claim: Claim, passages: Sequence[Sequence[Sentence]]) -> list[Quote]:
    """Return the quotes that carry a claim, the best first: of each passage one, if it adds to those before it."""
    ranked = sorted((_quote(claim, sentences) for sentences in passages), key=lambda quote: -_score(claim, quote))
    kept = ranked[:1]
    for quote in ranked[1:]:
        if claim.gain(terms_of(*kept), terms_of(quote)) >= _WORTH_QUOTING and len(kept) < _MOST_QUOTES:
            kept.append(quote)
    return kept


def _quote(claim: Claim, sentences: Sequence[Sentence]) -> Quote:
    """Return the neighbouring sentences of one passage that come closest to a claim, as few as will do."""
    best = max(range(len(sentences)), key=lambda at: (_score(claim, Quote((sentences[at],))), -at))
    start, end = best, best + 1
    while end - start < _LONGEST_QUOTE:
        own = terms_of(Quote(tuple(sentences[start:end])))
        wider = [
            (claim.gain(own, terms_of(Quote(tuple(sentences[first:last])))), first, last)
            for first, last in ((start - 1, end), (start, end + 1))
            if first >= 0 and last <= len(sentences) and _are_neighbours(sentences[first:last])
        ]
        gain, first, last = max(wider, default=(0.0, start, end))
        if gain < _WORTH_QUOTING:
            break
        start, end = first, last
    if start and points_back(sentences[start]) and _are_neighbours(sentences[start - 1 : end]):
        start -= 1
    return Quote(tuple(sentences[start:end]))


def _are_neighbours(sentences: Sequence[Sentence]) -> bool:
    """Return whether these go on from one to the next: none between them was left out, none is an item of a list."""
    is_whole = sentences[-1].ordinal - sentences[0].ordinal == len(sentences) - 1
    return is_whole and "\n" not in Quote(tuple(sentences)).text


def _score(claim: Claim, quote: Quote) -> float:
    return claim.share(terms_of(quote)) + (claim.cosine(quote.sentences) or 0.0)


def terms_of(*quotes: Quote) -> frozenset[str]:
    """Return the terms of quotes and of what stands above them."""
    own = (sentence.terms for quote in quotes for sentence in quote.sentences)
    return frozenset().union(*own, *(quote.sentences[0].heading_terms for quote in quotes))
