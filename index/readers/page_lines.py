"""The lines of a page: words with their places on paper, and the cells that white space makes of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box on the page, in points from the lower left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a line, the height and the font of its letters, and whether a hyphen at its end was taken off."""

    words: tuple[Word, ...]
    size: float
    font: str
    is_hyphenated: bool = False

    @property
    def text(self) -> str:
        """Its words, a space between."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return self.words[-1].right

    @property
    def bottom(self) -> float:
        """The lower edge of its first word."""
        return self.words[0].bottom

    def cells(self) -> list[Line]:
        """Return the line in the parts that white space wider than that between words keeps apart."""
        if _RIGHT_TO_LEFT.search(self.text):
            return [self]  # its words come from the right, and its numbers from the left
        parts: list[list[Word]] = [[self.words[0]]]
        for word in self.words[1:]:
            if word.left - parts[-1][-1].right > 1.1 * self.size or word.left < parts[-1][-1].left - self.size:
                parts.append([])
            parts[-1].append(word)
        return [Line(tuple(part), self.size, self.font) for part in parts]
