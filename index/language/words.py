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

# Raised whenever the terms of a text change, so that indexes with the old ones are built anew.
VERSION = "1"

UNKNOWN = "und"

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

# What has no language, and the Latin words in Chinese, Japanese and Korean, is taken for English.
_WITH_ENGLISH = frozenset({"zh", "ja", "ko", UNKNOWN})

# A number keeps its decimal point and its thousands: "4.6" and "1,000" are one term each.
_WORD = r"\d+(?:[.,]\d+)*|\w+"
_HAN_AND_KANA = re.compile("[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_QUESTION_WORD = re.compile(f"{_HAN_AND_KANA.pattern}|{_WORD}")
# What may stand right before the first word of a sentence.
_SENTENCE_ENDS = '.?!:"\u201c\u201e\u00ab\u00bf\u00a1('
_LONGEST_TERM = 80


# "U.S." is one term, and so is "CFO" where the text says "Chief Financial Officer".
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TITLE = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+){2,9}\b")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as it was written, its terms in the languages of the index, and whether it is a name.

    Numbers count as names, and words with a capital that do not begin a sentence.
    """

    text: str
    forms: frozenset[str]
    is_name: bool


def terms(text: str, language: str = UNKNOWN) -> list[str]:
    """Return the terms of `text`, repeats included, as its `language` (ISO 639-1) forms them."""
    text = _prepared(text)
    found = _analyzer(language).analyze(_HAN_AND_KANA.sub(" ", text))
    for title in _TITLE.findall(text):
        found.extend(_acronyms(title.split()))
    for run in _HAN_AND_KANA.findall(text):
        found.extend(_bigrams(run))
    return found


def pairs(text: str, language: str = UNKNOWN) -> list[str]:
    """Return each two words of `text` that stand side by side, stemmed, stop words included, as "first_second".

    Pairs tell "sales in China" from "China in sales" (term dependence: Metzler and Croft 2005). Chinese and Japanese
    have none: their terms are pairs of characters already.
    """
    spaced = _HAN_AND_KANA.sub(" ", _prepared(text))
    words = _analyzer(language, keep_stop_words=True).analyze(spaced)
    return [f"{first}_{second}" for first, second in pairwise(words)]


def query_terms(text: str, languages: Sequence[str]) -> tuple[Word, ...]:
    """Return the words of a question that carry meaning, in order, in the forms these languages give them.

    A run of Chinese or Japanese counts as one word for each pair of its characters.
    """
    text = _prepared(text)
    found = []
    for match in _QUESTION_WORD.finditer(text):
        pieces = _bigrams(match[0]) if _HAN_AND_KANA.match(match[0]) else [match[0]]
        for piece in pieces:
            forms = frozenset(form for language in languages for form in terms(piece, language))
            if forms:
                found.append(Word(piece, forms, _is_name(piece, text[: match.start()])))
    return tuple(found)


@cache
def _analyzer(language: str, *, keep_stop_words: bool = False) -> TextAnalyzer:
    builder = (
        TextAnalyzerBuilder(Tokenizer.regex(_WORD)).filter(Filter.remove_long(_LONGEST_TERM)).filter(Filter.lowercase())
    )
    if language in _WITH_ENGLISH:
        language = "en"
    if language not in STEMMED:
        return builder.filter(Filter.ascii_fold()).build()
    name, has_stop_words = STEMMED[language]
    if has_stop_words and not keep_stop_words:
        builder = builder.filter(Filter.stopword(name))
    return builder.filter(Filter.stemmer(name)).filter(Filter.ascii_fold()).build()


def _acronyms(words: Sequence[str]) -> list[str]:
    return ["".join(word[0] for word in words[at : at + 3]).lower() for at in range(len(words) - 2)]


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _prepared(text: str) -> str:
    return _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), unicodedata.normalize("NFKC", text))


def _is_name(word: str, before: str) -> bool:
    if any(character.isdigit() for character in word):
        return True
    before = before.rstrip()
    return word[0].isupper() and bool(before) and before[-1] not in _SENTENCE_ENDS
