"""Content words: the words of a question or an answer that tell what it is about."""

from __future__ import annotations

import re
from functools import cache

from index.language import words
from index.language.analysis import Analysis
from index.language.language import Language
from index.language.patterns import any_of
from index.language.words import QueryTerm


def content_words(text: Analysis) -> list[QueryTerm]:
    """List the content words of a text in order: all but stop words and those that people say of anything."""
    found = []
    for word in text.words:
        # Chinese puts no spaces between words: what is left between those that only ask and point is taken for one.
        for piece in filter(None, _filling(text.language).split(word.text)):
            forms = frozenset(words.terms(piece, text.language.code))
            if forms and not _is_talk(piece, text.language):
                is_acronym = sum(map(str.isupper, piece)) > 1
                found.append(QueryTerm(piece, forms, is_acronym or word.is_name))
    return found


def _is_talk(piece: str, language: Language) -> bool:
    is_acronym = len(piece) > 1 and piece.isupper()
    return not is_acronym and piece.lower() in language.talk.words


@cache
def _filling(language: Language) -> re.Pattern[str]:
    return re.compile(any_of(language.talk.filling))
