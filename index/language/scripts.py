"""Scripts: the characters of Chinese, Japanese and Korean, as classes of a regular expression."""

from __future__ import annotations

import re

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7a3"
# What puts no spaces between its words.
UNSPACED = KANA + HAN

_ONE_HAN = re.compile(f"[{HAN}]")
_ONE_UNSPACED = re.compile(f"[{UNSPACED}]")


def has_han(text: str) -> bool:
    """Return whether there are Chinese characters in a text."""
    return _ONE_HAN.search(text) is not None


def is_mainly_han(text: str) -> bool:
    """Return whether most letters of a text are Chinese characters, each of which says as much as a few Latin ones."""
    return 3 * len(_ONE_HAN.findall(text)) > sum(map(str.isalpha, text))


def is_unspaced(text: str) -> bool:
    """Return whether a text has characters of a script that puts no spaces between words."""
    return _ONE_UNSPACED.search(text) is not None
