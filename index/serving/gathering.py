"""Gathering evidence: a question is searched for, and what was found is taken apart into its sentences."""

from __future__ import annotations

from itertools import islice
from math import log

from index.background import NO_BACKGROUND
from index.documents import Filter, Span
from index.evidence import Evidence, Sentence
from index.hits import Hit, Query
from index.language import words
from index.near_duplicates import without_near_duplicates
from index.serving.reranking import Reranker
from index.serving.retrieval import search
from index.store.generation import Generation
from index.store.sight import Sight
from index.store.vectors import unpack

# Times as many passages are searched as are asked for, so that where near-duplicates make room there is one to come.
_TO_CHOOSE_FROM = 2


def gather(
    generation: Generation, sight: Sight, query: Query, k: int, where: Filter, reranker: Reranker | None = None
) -> Evidence:
    """Return the evidence in the `k` best passages for a question, of near-duplicates in the best of them alone.

    Args:
        generation: The generation to search.
        sight: What is seen of it.
        query: The question, as both sides of the index need it.
        k: The most passages that are read.
        where: The documents that may be found.
        reranker: Puts the passages in order once more, None where nothing does.

    """
    languages = sight.manifest.languages
    question_words = words.query_terms(query.text, languages)
    terms = sorted({form for word in question_words for form in word.forms})
    frequencies = generation.lexical.frequencies(terms, sight.hidden)
    found = search(generation, sight, query, _TO_CHOOSE_FROM * k, where, reranker)
    hits = tuple(islice(without_near_duplicates(found.hits), k))
    return Evidence(
        question=query.text,
        generation=generation.manifest.number,
        words=question_words,
        pairs=frozenset(pair for language in languages for pair in words.pairs(query.text, language)),
        idf={term: _idf(frequencies[term], sight.manifest.passages) for term in terms},
        hits=hits,
        sentences=tuple(_sentences(generation, query, hits)),
        notes=found.notes,
        language=query.language,
    )


def _sentences(generation: Generation, query: Query, hits: tuple[Hit, ...]) -> list[Sentence]:
    packed = generation.catalogue.vectors([hit.passage.id for hit in hits])
    background = generation.manifest.background or NO_BACKGROUND
    found = []
    for hit in hits:
        language = hit.document.language or words.UNKNOWN
        asked = query.vector
        vectors = None if asked is None else unpack(packed[hit.passage.id], len(asked))
        cosines = None if asked is None or vectors is None else vectors @ asked
        for ordinal, span in enumerate(hit.passage.sentences):
            text = Span(span.start - hit.passage.span.start, span.end - hit.passage.span.start).of(hit.passage.text)
            terms, pairs = frozenset(words.terms(text, language)), frozenset(words.pairs(text, language))
            cosine = None if cosines is None else background.of_question(float(cosines[1 + ordinal]))
            vector = None if vectors is None else vectors[1 + ordinal]
            found.append(Sentence(hit, ordinal, span, text, cosine, terms, pairs, vector, background))
    return found


def _idf(frequency: int, passages: int) -> float:
    # Robertson and Sparck Jones' weight, as BM25 has it, relative to that of a term which stands nowhere.
    # Passages that were replaced are counted until their words are tidied away.
    frequency = min(frequency, passages)
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5)) / log(1 + (passages + 0.5) / 0.5)
