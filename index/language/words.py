"""Words: text becomes the terms by which the lexical side of the index finds it.

One analyser serves documents, questions and sentences, so that a term means the same everywhere: lower case, accents
folded, stop words dropped, Snowball stems (https://snowballstem.org) for the languages that have them, and overlapping
pairs of characters for Chinese and Japanese, which put no spaces between their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from index.language import languages
from index.language.names import is_name
from index.language.scripts import UNSPACED

# Raised whenever the terms of a text change, so that indexes with the old ones are built anew.
VERSION = "1"

UNKNOWN = "und"
_UNKNOWN_IS = "en"

# A number keeps its decimal point and its thousands: "4.6" and "1,000" are one term each.
_WORD = r"\d+(?:[.,]\d+)*|\w+"
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_QUESTION_WORD = re.compile(f"{_UNSPACED_RUN.pattern}|{_WORD}")
_LONGEST_TERM = 80


# "U.S." is one term, and so is "CFO" where the text says "Chief Financial Officer".
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TITLE = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){2,9}\b")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word to look up: as it was written, the terms (`forms`) that the index may hold it under, and if it is a name.

    It has one form or more for each language that it is looked up in, a row of Chinese one for each pair of characters.
    Numbers count as names, and words with a capital that do not begin a sentence.
    """

    text: str
    forms: frozenset[str]
    is_name: bool


def terms(text: str, language: str = UNKNOWN) -> list[str]:
    """Return the terms of `text`, repeats included, as its `language` (ISO 639-1) forms them."""
    text = _prepared(text)
    found = _analyzer(language).analyze(_UNSPACED_RUN.sub(" ", text))
    for title in _TITLE.findall(text):
        found.extend(_acronyms(title.split()))
    for run in _UNSPACED_RUN.findall(text):
        found.extend(_bigrams(run))
    return found


def pairs(text: str, language: str = UNKNOWN) -> list[str]:
    """Return each two words of `text` that stand side by side, stemmed, stop words included, as "first_second".

    Pairs tell "sales in China" from "China in sales" (term dependence: Metzler and Croft 2005). Chinese and Japanese
    have none: their terms are pairs of characters already.
    """
    spaced = _UNSPACED_RUN.sub(" ", _prepared(text))
    words = _analyzer(language, keep_stop_words=True).analyze(spaced)
    return [f"{first}_{second}" for first, second in pairwise(words)]


def query_terms(text: str, languages: Sequence[str]) -> tuple[QueryTerm, ...]:
    """Return the words of a question that carry meaning, in order, in the forms these languages give them.

    A run of Chinese or Japanese counts as one word for each pair of its characters.
    """
    text = _prepared(text)
    found = []
    for match in _QUESTION_WORD.finditer(text):
        pieces = _bigrams(match[0]) if _UNSPACED_RUN.match(match[0]) else [match[0]]
        for piece in pieces:
            forms = frozenset(form for language in languages for form in terms(piece, language))
            if forms:
                found.append(QueryTerm(piece, forms, is_name(piece, text, match.start())))
    return tuple(found)


@cache
def _analyzer(language: str, *, keep_stop_words: bool = False) -> TextAnalyzer:
    builder = (
        TextAnalyzerBuilder(Tokenizer.regex(_WORD)).filter(Filter.remove_long(_LONGEST_TERM)).filter(Filter.lowercase())
    )
    known = languages.known()
    if language not in known and language != UNKNOWN:
        return builder.filter(Filter.ascii_fold()).build()
    spoken = known[language if language in known else _UNKNOWN_IS]
    spoken = known[spoken.read_as or spoken.code]
    if not keep_stop_words:
        if spoken.stop_list:
            builder = builder.filter(Filter.stopword(spoken.stop_list))
        if spoken.stop_words:
            builder = builder.filter(Filter.custom_stopword(sorted(spoken.stop_words)))
    if spoken.stemmer:
        builder = builder.filter(Filter.stemmer(spoken.stemmer))
    return builder.filter(Filter.ascii_fold()).build()


def _acronyms(words: Sequence[str]) -> list[str]:
    return ["".join(word[0] for word in words[at : at + 3]).lower() for at in range(len(words) - 2)]


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _prepared(text: str) -> str:
    return _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), unicodedata.normalize("NFKC", text))
