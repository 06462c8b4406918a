"""Words as the checks compare them: folded, stemmed, with their place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.verifying.facts.normal import folded
from index.language import words as index_words

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|(?:(?![{_HAN}])[^\W_])+(?:['&.](?:(?![{_HAN}])[^\W_])+)*")
_ONE_HAN = re.compile(f"[{_HAN}]")
_CLAUSE_END = re.compile(r"[,;:.!?()。、]|\s-\s|--|—")
_CLAUSE_WORDS = frozenset(["but", "although", "though", "while", "whereas", "because", "yet", "however"])


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, or one Chinese character, and the number of the clause that it stands in.

    `stem` is empty for the words that carry no meaning, such as "the"; that of a Chinese character is the pair that it
    begins.
    """

    text: str
    start: int
    end: int
    folded: str
    stem: str
    clause: int


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a normal text, in order."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    clause = last = 0
    for match in _WORD.finditer(text):
        written, (start, end) = match[0], match.span()
        plain = folded(written)
        clause += _CLAUSE_END.search(text, last, start) is not None or plain in _CLAUSE_WORDS
        last = end
        yield Word(written, start, end, plain, _pair(text, start) if has_han(written) else stem_of(plain), clause)


def has_han(text: str) -> bool:
    """Return whether there are Chinese characters in a text."""
    return _ONE_HAN.search(text) is not None


def is_mainly_han(text: str) -> bool:
    """Return whether most letters of a text are Chinese characters, each of which says as much as a few Latin ones."""
    return 3 * len(_ONE_HAN.findall(text)) > sum(map(str.isalpha, text))


@lru_cache(maxsize=1 << 14)
def stem_of(word: str) -> str:
    """Return the English stem of a folded word, empty for one that carries no meaning."""
    return next(iter(index_words.terms(word, "en")), "")


def _pair(text: str, start: int) -> str:
    pair = text[start : start + 2]
    return pair if has_han(pair[1:]) else pair[:1]
