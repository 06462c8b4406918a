"""Vocabulary: how the words of a text are spelled, and the abbreviations that it expands itself.

The terms of `words` are stems, which nobody types; a misspelt question is held to what was really written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST, LONGEST = 3, 30
_SPELLING = re.compile(rf"(?<![^\W_])[^\W\d_]{{{SHORTEST},{LONGEST}}}(?![^\W_])")
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z0-9&-]{1,9})\)")
_WORD = re.compile(r"[^\W_]+")


def spellings(text: str) -> frozenset[str]:
    """Give the words of a text as they are spelled, in lower case: 3 to 30 letters each, no digits in them."""
    return frozenset(word.lower() for word in _SPELLING.findall(text) if not _SPACELESS.search(word))


def abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Yield each abbreviation that a text puts in brackets behind what it stands for, and that.

    "graphics processing unit (GPU)" gives ("GPU", "graphics processing unit"). The long form is the shortest stretch
    before the brackets that has the letters in order, the first at the beginning of a word (Schwartz and Hearst 2003).
    """
    for match in _IN_BRACKETS.finditer(text):
        short = match[1]
        # More words than these are no name of it, and a new line ends one.
        before = text[max(0, match.start() - 200) : match.start()].rpartition("\n")[2].rstrip()
        words = list(_WORD.finditer(before))[-min(len(short) + 5, 2 * len(short)) :]
        start = _begins(short, before)
        if words and start is not None and start >= words[0].start():
            long = before[start:]
            if len(long) > len(short) and short.lower() not in long.lower().split():
                yield short, " ".join(long.split())


def _begins(short: str, before: str) -> int | None:
    """Find where the long form begins: both are read backwards, each letter of the short one found in turn."""
    at = len(before)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (before[at].lower() != letter or (place == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return at
