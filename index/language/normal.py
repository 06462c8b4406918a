"""Normal text: one way to write what has many, so that the facts of two texts can be compared."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2212": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2044": "/",
    }
)
_SUPERSCRIPT = re.compile("(?<=\\d)([\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)")
_VULGAR_FRACTION = re.compile("[\u00bc-\u00be\u2150-\u215e]")
# Digits in groups of three, parted by spaces: the way of ISO 80000.
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d,]|\.\d)")
_SPACE = re.compile(r"[ \u00a0\u2009\u202f]")


def normal(text: str) -> str:
    """Return a text with plain dashes, quotation marks and digits; powers as "10^9", fractions as "6 1/2"."""
    text = _SPACED_THOUSANDS.sub(lambda number: _SPACE.sub(",", number[0]), text)
    text = _SUPERSCRIPT.sub(r"^\1", text)
    text = _VULGAR_FRACTION.sub(lambda fraction: " " + unicodedata.normalize("NFKC", fraction[0]), text)
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)


def folded(word: str) -> str:
    """Return a word in lower case, without accents and without a possessive's "s"."""
    if word.isascii():
        word = word.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", word.casefold())
        word = "".join(character for character in decomposed if not unicodedata.combining(character))
    return word.removesuffix("'s").strip("'.-")
