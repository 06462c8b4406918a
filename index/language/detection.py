"""Language: which one a text is written in, as far as its script and its letters tell."""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from typing import Any

from index.language import scripts

_HAN = re.compile(f"[{scripts.HAN}]")
_KANA = re.compile(f"[{scripts.KANA}]")
_HANGUL = re.compile(f"[{scripts.HANGUL}]")
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 400
_ENOUGH = 40
_SURE = 0.5
_PLAIN = 0.7
_MOST_USED = """
ar cs da de el en es fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh
"""


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of `text`, or None if it is too short or too mixed to tell.

    Chinese, Japanese and Korean are told by their scripts, all others by py3langid from its first characters.
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return None
    han, kana, hangul = (len(script.findall(sample)) for script in (_HAN, _KANA, _HANGUL))
    if hangul * 3 > letters:
        return "ko"
    if (han + kana) * 3 > letters:
        # A Chinese text may quote a Japanese name; a Japanese one cannot do without kana.
        return "ja" if kana * 10 > han else "zh"
    if letters < _ENOUGH:
        return None
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _SURE and len(code) == 2 else None


def of_question(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a question is asked in, or None where that is not plain.

    A question is too short to be told from all the languages of the world, so it is told from the few dozen most used.
    """
    return detect(text) or _of_few_letters(text)


def _of_few_letters(text: str) -> str | None:
    if not _LETTER.search(text):
        return None
    code, probability = _identifier_of_questions().classify(text)
    return str(code) if probability >= _PLAIN else None


@cache
def _identifier_of_questions() -> Any:
    identifier = copy(_identifier())
    identifier.set_languages(_MOST_USED.split())
    return identifier


@cache
def _identifier() -> Any:
    # Imported here because it brings numpy along, and commands that ask nothing do without.
    from index.language.identifier import load

    return load()
