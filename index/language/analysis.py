"""Analysis: a text and its tokens, split once and read by whoever asks something of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from index.language import languages, names, words
from index.language.language import Language
from index.language.normal import folded, normal
from index.language.patterns import any_of, compiled
from index.language.scripts import HAN, UNSPACED, has_han, is_mainly_han

_TOKEN = re.compile(rf"[{HAN}]|(?:(?![{HAN}])[^\W_])+(?:['&.](?:(?![{HAN}])[^\W_])+)*")
_PIECE = rf"(?:(?![{UNSPACED}])[^\W_])+"
_WORD = re.compile(rf"[{UNSPACED}]+|{_PIECE}(?:(?:['.&+-]|_+|(?<=\d),(?=\d)){_PIECE})*(?:\+\+|#|(?<=\.[A-Za-z])\.)?")
_JOINT = re.compile(r"[-_]+")
_CLAUSE_END = re.compile(r"[,;:.!?()。、]|\s-\s|--|—")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a normal text, or one Chinese character, and the number of the clause that it stands in.

    `folded` is it in lower case without accents. `stem` is empty for a stop word; that of a Chinese character is the
    pair that it begins. `is_number` is one in digits; `is_negation` may deny what follows.
    """

    text: str
    start: int
    end: int
    folded: str
    stem: str
    clause: int
    is_number: bool
    is_negation: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, "Anglo-Norman", "1,000" and "U.S." whole, or a row of Chinese or Japanese.

    `source` is the normal text that it stands in.
    """

    text: str
    start: int
    source: str

    @property
    def end(self) -> int:
        """Where it ends in its text."""
        return self.start + len(self.text)

    @property
    def folded(self) -> str:
        """The word in lower case, without accents and without a possessive's "s"."""
        return folded(self.text)

    @property
    def has_digit(self) -> bool:
        """Whether there is a digit in it."""
        return any(map(str.isdigit, self.text))

    @property
    def begins_sentence(self) -> bool:
        """Whether it is the first of its sentence, where a capital says nothing."""
        return names.begins_sentence(self.source, self.start)

    @property
    def is_name(self) -> bool:
        """Whether it is taken for a name: numbers are, and words with a capital that begin no sentence."""
        return names.is_name(self.text, self.source, self.start)

    @property
    def parts(self) -> tuple[Word, ...]:
        """The words of a compound, itself alone where it is none."""
        if "-" not in self.text and "_" not in self.text:
            return (self,)
        ends = [(joint.start(), joint.end()) for joint in _JOINT.finditer(self.text)]
        begins = [0, *(end for _, end in ends)]
        pieces = zip(begins, [*(start for start, _ in ends), len(self.text)], strict=True)
        return tuple(Word(self.text[start:end], self.start + start, self.source) for start, end in pieces)


class Analysis:
    """One text in one language, each of its parts found when it is first asked for.

    `text` is as it was written, `normal` in normal form, in which the tokens have their places.
    """

    def __init__(self, text: str, code: str | None = None) -> None:
        self.text = text
        self.code = code or words.UNKNOWN
        self.language = languages.of(code)

    @cached_property
    def normal(self) -> str:
        """The text with one way to write what has many."""
        return normal(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the normal text, in order."""
        return tuple(_tokens(self.normal, self.code, self.language))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the normal text as they are written, in order."""
        return tuple(Word(match[0], match.start(), self.normal) for match in _WORD.finditer(self.normal))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the tokens that are no stop words."""
        return frozenset(token.stem for token in self.tokens if token.stem)

    @cached_property
    def folded(self) -> frozenset[str]:
        """The tokens, folded."""
        return frozenset(token.folded for token in self.tokens)

    @cached_property
    def is_mainly_han(self) -> bool:
        """Whether the text is Chinese, whatever Latin names are in it."""
        return is_mainly_han(self.normal)


@lru_cache(maxsize=1 << 14)
def stem_of(word: str, code: str) -> str:
    """Return the stem of a folded word in the language of this code, empty for a stop word."""
    return next(iter(words.terms(word, code)), "")


def _tokens(text: str, code: str, language: Language) -> Iterator[Token]:
    contrasts, negation = language.certainty.contrasts, _negation(language)
    clause = last = 0
    for match in _TOKEN.finditer(text):
        written, (start, end) = match[0], match.span()
        plain = folded(written)
        clause += _CLAUSE_END.search(text, last, start) is not None or plain in contrasts
        last = end
        yield Token(
            text=written,
            start=start,
            end=end,
            folded=plain,
            stem=_pair(text, start) if has_han(written) else stem_of(plain, code),
            clause=clause,
            is_number=plain.isdecimal(),
            is_negation=negation.fullmatch(plain) is not None,
        )


@cache
def _negation(language: Language) -> re.Pattern[str]:
    spelt = (re.escape(folded(word)) for word in sorted(language.negation.words))
    return compiled(any_of([*spelt, *language.negation.forms]))


def _pair(text: str, start: int) -> str:
    pair = text[start : start + 2]
    return pair if has_han(pair[1:]) else pair[:1]
