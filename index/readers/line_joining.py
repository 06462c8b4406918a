"""Joining lines: the lines of a paragraph become one text, and words that a hyphen cut are made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.readers.page_lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class LineJoiner:
    """Joins the lines of a paragraph; whether a hyphen at a line's end stays is told by the file's other words."""

    words: frozenset[str]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> LineJoiner:
        """Take note of the words of a file, but for those that a hyphen cuts."""
        return cls(
            frozenset(
                word.casefold()
                for lines in pages
                for line in lines
                for piece in line.words[: -1 if line.is_hyphenated else None]
                for word in _WORD.findall(piece.text)
            )
        )

    def joined(self, lines: Sequence[Line]) -> str:
        """Make one text of lines, at least one; a hyphen at the end of the last stays."""
        text = ""
        for number, line in enumerate(lines):
            words = line.text
            before = lines[number - 1] if number else None
            if before is None:
                text = words
            elif before.is_hyphenated:
                text = self._across_hyphen(text, words)
            elif text.endswith(("-", "\xad")) and len(text) > 1 and text[-2].isalpha() and words[:1].islower():
                text = self._across_hyphen(text[:-1], words)
            elif _CJK.match(text[-1:]) and _CJK.match(words[:1]):
                text += words
            else:
                text += " " + words
        return text + "-" if lines[-1].is_hyphenated else text

    def _across_hyphen(self, before: str, after: str) -> str:
        first, second = _last_word(before), _first_word(after)
        if not first or not second:
            return f"{before}-{after}"
        whole, compound = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        if whole in self.words:
            return before + after
        both_are_words = (
            first.casefold() in self.words and second.casefold() in self.words and min(len(first), len(second)) > 2
        )
        keeps = compound in self.words or second[:1].isupper() or both_are_words
        return f"{before}-{after}" if keeps else before + after


def _last_word(text: str) -> str:
    found = re.search(r"[^\W\d_]+$", text[-60:])
    return found[0] if found else ""


def _first_word(text: str) -> str:
    found = re.match(r"[^\W\d_]+", text[:60])
    return found[0] if found else ""
