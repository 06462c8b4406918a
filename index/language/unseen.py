"""Unseen characters: those that a reader does not see, and which of them are kept for whom.

A text can hide words, or an order to a machine, in characters that draw nothing, turn the line around or move the
cursor. See "Default_Ignorable_Code_Point" and the general categories in the Unicode Standard, chapters 4.5 and 5.21.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache


class Unseen(Enum):
    """A kind of unseen character; its value is a class of a regular expression."""

    # All but the tab and the line feed.
    CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
    # What changes only the look or the order of others: soft hyphens, zero-width spaces, marks of direction, tags. The
    # signs of Arabic and its kin that Unicode calls format characters too, such as U+06DD, are drawn, and not here.
    FORMAT = (
        "\xad\u061c\u070f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
        "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    )
    # Persian, the scripts of India and emoji are spelt with these.
    JOINER = "\u200c\u200d"
    SURROGATE = "\ud800-\udfff"
    PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
    # No characters, and those yet to come that Unicode says are to be drawn as nothing.
    UNASSIGNED = "\ufdd0-\ufdef\ufff0-\ufff8\ufffe\uffff\U000e0000\U000e0002-\U000e001f\U000e0080-\U000e00ff" + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    # Letters and marks that draw nothing.
    BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


class Reader(Enum):
    """Who gets a text: a policy, by the kinds of unseen characters that are taken out for it."""

    # A document keeps the spelling of its words, and what may be a symbol of its own font.
    DOCUMENT = frozenset({Unseen.CONTROL, Unseen.FORMAT})
    # A chat model reads every character; nothing is to reach it that people do not see.
    PROMPT = frozenset(Unseen) - {Unseen.BLANK}
    # A name of blank letters alone would be no name.
    DISCORD = frozenset({Unseen.CONTROL, Unseen.FORMAT, Unseen.JOINER, Unseen.SURROGATE, Unseen.BLANK})
    # What a font draws as it likes may be anything on a terminal.
    TERMINAL = frozenset({Unseen.CONTROL, Unseen.FORMAT, Unseen.SURROGATE, Unseen.PRIVATE})
    # Two texts that look the same are to be the same.
    COMPARISON = frozenset({Unseen.FORMAT, Unseen.JOINER})


# Text that no reader can see: tags, which spell whole sentences, orders to turn the line around, runs of no width.
_HIDDEN = re.compile("[\U000e0000-\U000e007f\u202d\u202e]|[\u200b-\u200f\u2060-\u2064\ufeff]{6}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")


def seen_by(reader: Reader, text: str) -> str:
    """Return a text without the characters that this reader does not see."""
    return _taken_out(reader).sub("", text)


def hides_text(text: str) -> bool:
    """Return whether a text has so many unseen characters, or such, that it hides something; flags do not."""
    return _HIDDEN.search(_FLAG.sub("", text)) is not None


@cache
def _taken_out(reader: Reader) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(kind.value for kind in reader.value))}]+")
