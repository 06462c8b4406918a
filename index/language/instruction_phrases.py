"""The phrases by which a text gives itself away as one that speaks to a machine: those of every language, and marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from index.language import languages
from index.language.patterns import any_of

# What only a machine would take for more than text: marks of a role, of a boundary, of a format.
_MARKS = (
    r"<\|\w+\|>|\[\[?(?:system|assistant|developer|admin)\]|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|instructions?"
    r"|im_start|im_end|prompt|admin|developer)\b[^>]*>",
    r"^\W{0,3}#{2,}\s*(?:instructions?|system|response|assistant|human|user)\s*:?",
    r"^\W{0,3}(?:system|assistant|developer|ai|human)(?: message| prompt)?\W{0,2}:\s*(?=\S+\s+\S+\s+\S+).{12}",
    r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|user|tool)|[\"'](?:statements|tool_calls"
    r"|function_call)[\"']\s*:",
    r"[-=#*<\[~]{2,}\s*(?:end|begin|start|close|stop)(?:ning)?\b(?: of)?.{0,20}?\b(?:documents?|passages?|context"
    r"|system|instructions?"
    r"|prompt|data|user|input|sources?|quotes?|evidence|text)\b.{0,20}(?:[-=#*>\]~]{2,}|$)",
    r"\b(?:end|beginning) of (?:the )?(?:documents?|passages?|context|sources?|evidence)\W+(?:new|system|now"
    r"|the (?:user|system)|begin)\b",
)

# What is decoded.
BLOB = re.compile(r"(?<![\w/+])(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{20,}={0,2}")

_ADDRESSES = r"https?://|www\.|discord\.gg|@everyone|@here|<@"


@cache
def phrases() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of which one is found in a text that speaks to a machine."""
    orders = [language.orders for language in languages.known().values()]
    return (
        _any((each for one in orders for each in one.beginning), r"(?:^|\| )(?:[\w ]{1,30}: )?\W*"),
        _any((each for one in orders for each in one.at_word), r"\b(?=\w)"),
        _any((*(each for one in orders for each in one.anywhere), *_MARKS)),
    )


@cache
def going_on() -> re.Pattern[str]:
    """Return the pattern of what goes on with an instruction when it has begun: an order, an address, a mention."""
    begun = (each for language in languages.known().values() for each in language.orders.going_on)
    return re.compile(rf"^\W*{any_of(begun)}|{_ADDRESSES}", re.IGNORECASE)


@cache
def decoding() -> re.Pattern[str]:
    """Return the pattern of an order to decode something."""
    return _any(each for language in languages.known().values() for each in language.orders.decoding)


def _any(pieces: Iterable[str], before: str = "") -> re.Pattern[str]:
    # What all have in common stands in front once: an alternative is tried at few places, not at every letter.
    return re.compile(f"{before}{any_of(pieces)}", re.IGNORECASE | re.MULTILINE)
