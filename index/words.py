"""Words: text becomes the terms by which the lexical side of the index finds it.

One analyser serves documents, questions and sentences, so that a term means the same everywhere: lower case, accents
folded, stop words dropped, Snowball stems (https://snowballstem.org) for the languages that have them, and overlapping
pairs of characters for Chinese and Japanese, which put no spaces between their words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Raised whenever the terms of a text change, so that indexes with the old ones are built anew.
VERSION = "1"

# ISO 639-1 codes of the languages that Tantivy can stem; those marked True also have stop words there.
STEMMED = {
    "ar": ("arabic", False),
    "da": ("danish", True),
    "de": ("german", True),
    "el": ("greek", False),
    "en": ("english", True),
    "es": ("spanish", True),
    "fi": ("finnish", True),
    "fr": ("french", True),
    "hu": ("hungarian", True),
    "it": ("italian", True),
    "nl": ("dutch", True),
    "no": ("norwegian", True),
    "pt": ("portuguese", True),
    "ro": ("romanian", False),
    "ru": ("russian", True),
    "sv": ("swedish", True),
    "ta": ("tamil", False),
    "tr": ("turkish", False),
}

# A number keeps its decimal point and its thousands: "4.6" and "1,000" are one term each.
_WORD = r"\d+(?:[.,]\d+)*|\w+"
_HAN_AND_KANA = re.compile("[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LONGEST_TERM = 80


def terms(text: str, language: str | None = None) -> list[str]:
    """Return the terms of `text` in order, repeats included, as its `language` (ISO 639-1) forms them."""
    text = unicodedata.normalize("NFKC", text)
    found = _analyzer(language).analyze(_HAN_AND_KANA.sub(" ", text))
    for run in _HAN_AND_KANA.findall(text):
        found.extend(_bigrams(run))
    return found


def pairs(text: str, language: str | None = None) -> list[str]:
    """Return each two words of `text` that stand side by side, stemmed, stop words included, as "first_second".

    Pairs tell "sales in China" from "China in sales" (term dependence: Metzler and Croft 2005). Chinese and Japanese
    have none: their terms are pairs of characters already.
    """
    spaced = _HAN_AND_KANA.sub(" ", unicodedata.normalize("NFKC", text))
    words = _analyzer(language, keep_stop_words=True).analyze(spaced)
    return [f"{first}_{second}" for first, second in pairwise(words)]


@cache
def _analyzer(language: str | None, *, keep_stop_words: bool = False) -> TextAnalyzer:
    builder = (
        TextAnalyzerBuilder(Tokenizer.regex(_WORD)).filter(Filter.remove_long(_LONGEST_TERM)).filter(Filter.lowercase())
    )
    if language not in STEMMED:
        return builder.filter(Filter.ascii_fold()).build()
    name, has_stop_words = STEMMED[language]
    if has_stop_words and not keep_stop_words:
        builder = builder.filter(Filter.stopword(name))
    return builder.filter(Filter.stemmer(name)).filter(Filter.ascii_fold()).build()


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
