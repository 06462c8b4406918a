"""Spelling: a misspelt or clipped word of a question is read as the word of the documents that it comes closest to.

Only words are touched that stand neither in the documents, in any form, nor in the language at large. A word is near
where one letter is put in, left out, changed, or swapped with the next (optimal string alignment); two letters off are
often another word. Among several the documents' commoner one counts. Letters left out by the handful are a clipping:
"nvda", "amzn".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.language.language import Language
from index.language.patterns import any_of, compiled

_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_]{3,30}(?![^\W_])")
_SHORTEST_TYPO = 4
_LONGEST_CLIPPING, _LEFT_OUT = 5, 2
_CANDIDATES = 20


class Vocabulary(Protocol):
    """The words of the documents: `index.serving.snapshot.Snapshot`."""

    def spelled(self, shortest: int, longest: int) -> dict[str, int]:
        """Give the words of so many letters in lower case, each with the number of documents that it stands in."""

    def expansions(self, short: str) -> Sequence[str]:
        """Give what an abbreviation stands for, the commonest meaning first."""


@dataclass(frozen=True, slots=True)
class Respelling:
    """A question as it is looked up, and what was read otherwise than it was typed: each as typed, and as read."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


def respelled(question: str, vocabulary: Vocabulary, is_known: Callable[[str], bool], language: Language) -> Respelling:
    """Read the misspelt words of a question as words of the documents, and write their abbreviations out.

    Args:
        question: The question as it was typed.
        vocabulary: The words of the documents as they are spelled.
        is_known: Tells whether a word stands in the documents, in any form, or in the language at large.
        language: That of the question: who asks what an abbreviation means is not told in the question.

    """
    asks_meaning = _asking_meaning(language).search(question) is not None
    changes: dict[str, str] = {}
    for word in dict.fromkeys(_TOKEN.findall(question)):
        read = _expanded(word, question, vocabulary) if _is_short(word) and not asks_meaning else None
        if read is None and not is_known(word):
            read = _nearest(word, vocabulary)
        if read is not None:
            changes[word] = read
    text = _TOKEN.sub(lambda match: changes.get(match[0], match[0]), question)
    return Respelling(text, tuple(changes.items()))


def _is_short(word: str) -> bool:
    return len(word) <= _LONGEST_CLIPPING or word.isupper()


def _expanded(word: str, question: str, vocabulary: Vocabulary) -> str | None:
    """Write an abbreviation out behind itself, unless that is there already."""
    long = next(iter(vocabulary.expansions(word)), None)
    return f"{word} ({long})" if long is not None and long.lower() not in question.lower() else None


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    typed = word.lower()
    corrected = _corrected(typed, word, vocabulary)
    # A name with one capital is written out.
    is_name = word[0].isupper() and not word.isupper()
    return corrected if corrected or is_name else _unclipped(typed, vocabulary)


def _corrected(typed: str, word: str, vocabulary: Vocabulary) -> str | None:
    # An acronym that is a letter off is another one, and whoever writes a short name in capitals knows it.
    is_name = word[0].isupper()
    if word.isupper() or len(typed) < _SHORTEST_TYPO + is_name:
        return None
    known = vocabulary.spelled(len(typed) - 1, len(typed) + 1)
    found = process.extract(typed, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=_CANDIDATES)
    near = sorted((-known[candidate], candidate) for candidate, _, _ in found if _begins_alike(typed, candidate))
    if not near or (is_name and len(near) > 1):
        return None
    return _in_the_case_of(word, near[0][1])


def _begins_alike(typed: str, candidate: str) -> bool:
    """Tell whether two words begin with the same letter, or with the same two letters swapped."""
    return typed[0] == candidate[0] or typed[:2] == candidate[1::-1]


def _unclipped(typed: str, vocabulary: Vocabulary) -> str | None:
    """Find the commonest word that a clipping stands for: its beginning, or its first, last and some more letters."""
    if len(typed) > _LONGEST_CLIPPING:
        return None
    known = vocabulary.spelled(len(typed) + _LEFT_OUT, 4 * len(typed))
    whole = [
        candidate
        for candidate in known
        if candidate.startswith(typed)
        or (candidate[0] == typed[0] and candidate[-1] == typed[-1] and _has_in_order(candidate, typed))
    ]
    return min(whole, key=lambda candidate: (-known[candidate], len(candidate), candidate), default=None)


def _has_in_order(candidate: str, letters: str) -> bool:
    rest = iter(candidate)
    return all(letter in rest for letter in letters)


@cache
def _asking_meaning(language: Language) -> re.Pattern[str]:
    return compiled(any_of(language.questions.meanings))


def _in_the_case_of(word: str, read: str) -> str:
    return read.capitalize() if word[0].isupper() else read
