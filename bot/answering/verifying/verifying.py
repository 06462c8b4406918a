"""Verifying: whether the passages that a draft cites support it, and in which of their sentences that can be read.

A model copies no quotes here. For each draft the sentences that carry it are looked up in the passages that it names,
and it is held to those: every number, date, unit, name and negation of it must be in them (`facts`), and its words and
its meaning must be theirs. Where a model judges entailment, a draft may paraphrase, as long as it follows from them;
where none does, it may leave out and turn around, but hardly say anything in words of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.quoting.citing import Quote, SupportedStatement, one_line
from bot.answering.verifying.claim import Claim
from bot.answering.verifying.facts.checking import Context, unsupported
from bot.answering.verifying.facts.names import key_of, same
from bot.answering.verifying.quotes import quotes_of, terms_of
from bot.answering.verifying.rejection import Rejection, RejectionReason
from bot.answering.verifying.wording import objections
from index.embeddings import Vector
from index.evidence import Sentence
from index.language import words
from index.language.analysis import Analysis

_LEAST_ENTAILMENT = 0.5
_LEAST_NEARNESS = 1.1  # found by `tests.benchmarks.attribution`
# Where no model judges entailment: found by `tests.benchmarks.worst_model`.
_LEAST_NEARNESS_OF_ONE, _LEAST_SHARE_OF_ONE = 1.5, 0.75
_WHOLE = 0.95


class Entails(Protocol):
    """What judges entailment: a sentence-transformers CrossEncoder for natural language inference."""

    def __call__(self, premise: str, hypothesis: str) -> float:
        """Return P(premise entails hypothesis), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A statement that keeps all facts, in words of its own: it may be said if a judge finds that it is entailed."""

    statement: SupportedStatement
    premise: str


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
    ) -> SupportedStatement | Doubtful | Rejection:
        """Return the statement with the quotes that support it, or why there are none.

        It is doubtful where no model judges entailment, and only the wording is not that of a quote.

        Args:
            text: The statement, one sentence.
            cited: The sentences of each passage that is named as its support, in order.
            known: The lower-case words of everything that was found, by which a common word is told from a name at the
                beginning of a sentence.

        """
        passages = [sentences for sentences in cited if sentences]
        if not passages:
            return Rejection(RejectionReason.NO_PASSAGE)
        claim = self._claim(text, passages)
        quotes = quotes_of(claim, passages)
        if self._entails is None:
            # In several quotes together, more words are found by chance, whatever they say.
            quotes = quotes[:1]
        missing = unsupported(claim.analysis, _analysis(quotes), _context(quotes, passages, known))
        if missing:
            return missing[0]
        objection = next(objections(claim, quotes, passages), None)
        if objection:
            return objection
        if not _is_near(claim, quotes):
            return Rejection(RejectionReason.SOMETHING_ELSE)
        statement = SupportedStatement(text, tuple(quotes))
        if self._entails is None and not _says_all(claim, quotes[0]):
            return Doubtful(statement, _premise(quotes, passages))
        if self._entails is not None and self._entails(_premise(quotes, passages), text) < _LEAST_ENTAILMENT:
            return Rejection(RejectionReason.NOT_ENTAILED)
        return statement

    def _claim(self, text: str, passages: Sequence[Sequence[Sentence]]) -> Claim:
        languages = sorted({sentences[0].language for sentences in passages})
        found = tuple(_with_kin(word, passages) for word in words.query_terms(text, languages))
        return Claim(
            Analysis(text, passages[0][0].language),
            found,
            tuple(self._rarity(word.text) for word in found),
            self._embed(text),
        )


def _with_kin(word: words.QueryTerm, passages: Sequence[Sequence[Sentence]]) -> words.QueryTerm:
    """Return a word that may be a name with the terms of the same name in another form: China's are Chinese."""
    if not word.text[0].isupper():
        return word
    kin = {
        term
        for sentences in passages
        for sentence in sentences
        for token in sentence.analysis.tokens
        if token.text[0].isupper() and token.text != word.text and same(key_of(word.text), key_of(token.text))
        for term in words.terms(token.text, sentence.analysis.code)
    }
    return replace(word, forms=word.forms | kin) if kin else word


def _is_near(claim: Claim, quotes: Sequence[Quote]) -> bool:
    return _nearness(claim, quotes) >= _LEAST_NEARNESS


def _says_all(claim: Claim, quote: Quote) -> bool:
    """Return whether the words of a claim are those of a quote, but for a few."""
    share = claim.share(terms_of(quote))
    # The vector of a sentence knows its context: that of the same words without one may be far from it.
    is_near = _nearness(claim, [quote]) >= _LEAST_NEARNESS_OF_ONE
    return share >= _WHOLE or (share >= _LEAST_SHARE_OF_ONE and is_near)


def _nearness(claim: Claim, quotes: Sequence[Quote]) -> float:
    """Return the share of a claim's words that quotes have, plus its cosine with the nearest of their sentences.

    Without a dense side the share counts twice.
    """
    share = claim.share(terms_of(*quotes))
    cosine = claim.cosine([sentence for quote in quotes for sentence in quote.sentences])
    return share + (share if cosine is None else cosine)


def _context(quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]], known: frozenset[str]) -> Context:
    dates = [quote.sentences[0].hit.document.published for quote in quotes]
    return Context(
        above="\n".join(quote.sentences[0].above for quote in quotes),
        before="\n".join(_before(quote, passages) for quote in quotes),
        published=next((date for date in dates if date), None),
        words=known,
    )


def _analysis(quotes: Sequence[Quote]) -> Analysis:
    """Return the quotes as one text, a line each, analysed in the language of the first."""
    first = quotes[0].sentences
    if len(quotes) == len(first) == 1:
        return first[0].analysis
    return Analysis("\n".join(quote.text for quote in quotes), first[0].language)


def _before(quote: Quote, passages: Sequence[Sequence[Sentence]]) -> str:
    own = next(sentences for sentences in passages if sentences[0].passage.id == quote.passage.id)
    return " ".join(sentence.text for sentence in own if sentence.ordinal < quote.sentences[0].ordinal)


def _premise(quotes: Sequence[Quote], passages: Sequence[Sequence[Sentence]]) -> str:
    """Return the premise that a claim must follow from: the quotes, with their titles and the sentence before each."""
    parts: list[str] = []
    for quote in quotes:
        before = _before(quote, passages)[-300:]
        parts.append(" ".join(filter(None, (f"{one_line(quote.sentences[0].above)}.", before, one_line(quote.text)))))
    return "\n".join(parts)
