"""Encoding: bytes become text, once, at the door; no other module meets a byte or a control character.

Strict UTF-8 comes before any guess, because other encodings almost never pass as UTF-8 by accident. A guess must be
confident: a document refused with a reason can be mended, one indexed with wrong letters is never noticed.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from index.errors import UnreadableDocument
from index.language.unseen import Reader, seen_by

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
_WESTERN = "cp1252"

_CONTROL_BYTES = bytes(sorted({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b")))
_NEWLINES = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n\t ]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """Return the clean text of `data`, and the name of its encoding if that had to be guessed, else None.

    `declared` is the encoding that the document itself names, as HTML does; it is heard after a byte order mark and
    UTF-8. Raises `UnreadableDocument` if the bytes are not text, or no encoding can be told with confidence.
    """
    text, guessed = _decoded(data, declared)
    return clean(text), guessed


def clean(text: str) -> str:
    """Return `text` in NFC, with a line feed for every line break, a plain space for every space, nothing invisible.

    Lone surrogates become U+FFFD. Blank lines at the start, and white space at the end, are dropped.
    """
    text = _NEWLINES.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = seen_by(Reader.DOCUMENT, text)
    text = _SURROGATES.sub("\ufffd", text)
    return unicodedata.normalize("NFC", text).rstrip().lstrip("\n")


def _decoded(data: bytes, declared: str | None) -> tuple[str, str | None]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), None
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide, errors="replace"), wide
    if len(data) - len(data.translate(None, _CONTROL_BYTES)) > max(8, 0.02 * len(data)):
        return _unmarked_utf16(data)
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        return _declared(data, declared) or _damaged_utf8(data) or _guess(data)


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 whose zero bytes `data` has at every other place, where it has many."""
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    pairs = min(len(data), _SAMPLE) // 2
    if odd > 0.4 * pairs and even < 0.02 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.02 * pairs:
        return "utf-16-be"
    return None


def _declared(data: bytes, name: str | None) -> tuple[str, None] | None:
    # What is not UTF-8 by its bytes is not so by its word either, and no page is in one of Python's own codecs.
    if name is None or name.lower().startswith(("utf", "unicode", "raw")):
        return None
    try:
        # Pages that say Latin-1 or GB 2312 mean the wider set that browsers read (https://encoding.spec.whatwg.org).
        name = {"iso8859-1": _WESTERN, "ascii": _WESTERN, "gb2312": "gb18030"}.get(codecs.lookup(name).name, name)
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError):
        return None
    return (text, None) if text.count("\ufffd") <= len(text) // 1000 else None


def _damaged_utf8(data: bytes) -> tuple[str, str] | None:
    """Return `data` as UTF-8 with a few broken bytes, as after a cut or a bad copy, if that is what it is."""
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return (text, "utf-8") if whole > 10 * broken else None


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    guess = from_bytes(data[:_SAMPLE]).best()
    if guess is not None and guess.coherence > 0.05 and guess.chaos < 0.1 and not _is_latin(str(guess)):
        return data.decode(guess.encoding, errors="replace"), guess.encoding
    # All Latin code pages look alike to a guesser: it takes French for Polish. Windows' own is by far the likeliest.
    if sum(byte > 0x7F for byte in data[:_SAMPLE]) > 0.3 * min(len(data), _SAMPLE):
        raise UnreadableDocument("its character encoding cannot be told; save it as UTF-8")
    return data.decode(_WESTERN, errors="replace"), _WESTERN


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    """Return `data` as UTF-16 of a script whose halves look like control characters, as Chinese does."""
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:_SAMPLE], cp_isolation=["utf_16_le", "utf_16_be"]).best()
    if guess is None or guess.coherence <= 0.05 or guess.chaos >= 0.1:
        raise UnreadableDocument("not text: it is full of control characters")
    return data.decode(guess.encoding, errors="replace"), guess.encoding


def _is_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha() and character > "\x7f"]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return latin * 2 >= len(letters)
