"""Names: how they are written, in a question and in a document alike."""

from __future__ import annotations

import re

from index.language.language import Language
from index.language.normal import folded

# What stands before the first word of a sentence, of a quotation or of an item of a list: its capital says nothing.
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"“”„«¿¡。！？]|[-*•]\s)['\"(\[\s“„«¿¡]*$")
_FARTHEST_START = 6
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FULL_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)+")


def begins_sentence(text: str, start: int) -> bool:
    """Return whether the word that starts here is the first of its sentence."""
    return _SENTENCE_START.search(text, max(0, start - _FARTHEST_START), start) is not None


def is_name(word: str, text: str, start: int) -> bool:
    """Return whether a word, which starts here in a text, is taken for a name.

    Numbers are, and words with a capital that begin no sentence.
    """
    if any(character.isdigit() for character in word):
        return True
    return word[0].isupper() and not begins_sentence(text, start)


def is_name_like(word: str, language: Language) -> bool:
    """Return whether a word is written as names are in Latin letters: with a capital, or with letters and digits.

    Words that name nobody are not, such as "The", whatever they begin.
    """
    if not _LATIN_LETTER.search(word):
        return False
    if any(character.isdigit() for character in word):
        return True
    plain = folded(word)
    if not plain or word == "I" or not any(map(str.isupper, word)):
        return False
    is_acronym = word.isupper() and len(word) > 1 and plain in language.names.acronyms
    return plain not in language.names.common or is_acronym


def full_name(text: str) -> str | None:
    """Return the first run of words with a capital in a text, two at least, None where there is none."""
    found = _FULL_NAME.search(text)
    return found[0] if found else None
