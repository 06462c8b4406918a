"""Words as the checks compare them: folded, stemmed, with their place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.facts.normal import folded
from index import words as index_words

_WORD = re.compile(r"[^\W_]+(?:['&.][^\W_]+)*")
_CLAUSE_END = re.compile(r"[,;:.!?()\"]|\s-\s|--|—|\b(?:but|although|though|while|whereas|because|yet|however)\b", re.I)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; `stem` is empty for the words that carry no meaning, such as "the"."""

    text: str
    start: int
    end: int
    folded: str
    stem: str
    clause: int


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a normal text, in order, each with the number of the clause that it stands in."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    clause = last = 0
    for match in _WORD.finditer(text):
        for between in _CLAUSE_END.finditer(text, last, match.end()):
            clause += between.end() > between.start()
        last = match.end()
        plain = folded(match[0])
        yield Word(match[0], match.start(), match.end(), plain, stem_of(plain), clause)


def has_han(text: str) -> bool:
    """Return whether there are Chinese characters in a text."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=1 << 14)
def stem_of(word: str) -> str:
    """Return the English stem of a folded word, empty for one that carries no meaning."""
    return next(iter(index_words.terms(word, "en")), "")
