"""Alignment: where a statement repeats its quote word for word, the facts at one place must be the same fact.

This is what tells that "Vik sued Holm" became "Holm sued Vik", though both names are in the quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Long texts are not aligned: that takes time in the square of their length.
_LONGEST = 400
_LEAST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Element:
    """A word or a fact of a text. Elements of one `key` may stand for each other in an alignment.

    `is_content` tells what carries meaning; `fact` is what must be the same at one place, None for a plain word.
    """

    key: str
    text: str
    is_content: bool
    fact: object = None


def replaced(
    said: Sequence[Element], quoted: Sequence[Element], same: Callable[[Element, Element], bool]
) -> Iterator[tuple[Element, Element]]:
    """Yield each fact of a statement that stands where its quote has another of its kind, and that other one.

    Both are aligned by the words that they share; a fact counts as standing in the place of another where shared words
    surround it.

    Args:
        said: The elements of the statement, in order.
        quoted: The elements of its quote, in order.
        same: Tells whether two elements are the same fact.

    """
    if max(len(said), len(quoted)) > _LONGEST:
        return
    matcher = SequenceMatcher(None, [each.key for each in said], [each.key for each in quoted], autojunk=False)
    for start, other_start, length in matcher.get_matching_blocks():
        shared = sum(each.is_content for each in said[start : start + length])
        if shared < _LEAST_SHARED:
            continue
        for step in range(length):
            mine, theirs = said[start + step], quoted[other_start + step]
            is_held = (step > 0 or start == other_start == 0) and (step < length - 1 or start + length == len(said))
            if mine.fact is not None and theirs.fact is not None and is_held and not same(mine, theirs):
                yield mine, theirs
