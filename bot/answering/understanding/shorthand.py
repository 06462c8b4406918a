"""Shorthand: what people type in a hurry, written out as documents write it: "q3", "57bn", "15pct", "whats", "w"."""

from __future__ import annotations

import re

_ORDINALS = ("first", "second", "third", "fourth")
_QUARTER = re.compile(r"\b(?:Q([1-4])|([1-4])Q)(?![^\W\d_])", re.IGNORECASE)
_HALF = re.compile(r"\bH([12])(?= (?:of )?\d{4}\b)|\b([12])H(?![^\W_])", re.IGNORECASE)
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "mio": "million", "b": "billion", "bn": "billion"}
_SCALED = re.compile(
    r"(?<![^\W_])(?P<money>[$€£¥]?)(?P<digits>\d+(?:[.,]\d+)*) ?(?P<scale>mn|mio|bn|k|m|b)\b(?!\.\w)", re.I
)
_PERCENT = re.compile(r"(?<=\d) ?(?:pct|percent|per cent)\b\.?", re.IGNORECASE)
_IS = re.compile(r"\b(what|who|where|how|when|that|there)s\b", re.IGNORECASE)
# Said in chats all the world over; what belongs to one trade is for its documents to expand.
_CLIPPED = {
    "abt": "about",
    "bc": "because",
    "btw": "by the way",
    "govt": "government",
    "mgmt": "management",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "qtr": "quarter",
    "r": "are",
    "rev": "revenue",
    "u": "you",
    "ur": "your",
    "vs": "versus",
    "w": "with",
    "wat": "what",
    "w/": "with",
    "w/o": "without",
    "yr": "year",
    "yrs": "years",
}
_CLIPPING = re.compile(
    rf"(?<![\w/.'’-])(?:{'|'.join(map(re.escape, sorted(_CLIPPED, key=len, reverse=True)))})(?![\w/'’-]|\.\w)"
)
_REPEATED = re.compile(r"([?!])[?!]+")


def written_out(question: str) -> str:
    """Give a question with its quarters, scales, percentages and chat words as documents mostly write them.

    "nvda q3 rev??" becomes "nvda third quarter revenue?". Only small letters are taken for a chat word: "R" is a name.
    """
    text = _REPEATED.sub(lambda match: match[1], question)
    text = _QUARTER.sub(lambda match: f"{_ORDINALS[int(match[1] or match[2]) - 1]} quarter", text)
    text = _HALF.sub(lambda match: f"{_ORDINALS[int(match[1] or match[2]) - 1]} half", text)
    text = _SCALED.sub(_scaled, text)
    text = _PERCENT.sub("%", text)
    text = _IS.sub(lambda match: f"{match[1]} is", text)
    return _CLIPPING.sub(lambda match: _CLIPPED[match[0]], text)


def _scaled(match: re.Match[str]) -> str:
    written, is_money = match["scale"], bool(match["money"])
    # "5 m" may be metres and "4 k" a resolution: alone, one letter is a scale only of money or right behind a number.
    if len(written) == 1 and not is_money and (match[0][-2] == " " or written.lower() == "m"):
        return match[0]
    return f"{match['money']}{match['digits']} {_SCALES[written.lower()]}"
