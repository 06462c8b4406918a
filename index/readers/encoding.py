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
from index.readers import charsets

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
_ESCAPES = re.compile(rb"\x1b\$[@B]")

_CONTROL_BYTES = bytes(sorted({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b")))
_NEWLINES = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n\t ]")
# What is neither a letter, a digit, ASCII nor white space: where so many stand in a row, they may be combining marks.
_MOST_MARKS = 30
_LONG_RUN = re.compile(rf"[^\w\s!-~]{{{_MOST_MARKS + 1},}}")
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
    text = _LONG_RUN.sub(_stream_safe, text)
    return unicodedata.normalize("NFC", text).rstrip().lstrip("\n")


def _stream_safe(run: re.Match[str]) -> str:
    """Return a run of characters with no more than 30 combining marks in a row.

    To put marks in order takes the square of their number (Unicode Standard Annex 15, 13: stream-safe text).
    """
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _decoded(data: bytes, declared: str | None) -> tuple[str, str | None]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), None
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide, errors="replace"), wide
    if len(data) - len(data.translate(None, _CONTROL_BYTES)) > max(8, 0.02 * len(data)):
        return _unmarked_utf16(data)
    if _ESCAPES.search(data[:_SAMPLE]):
        return data.decode("iso2022_jp", errors="replace"), "iso2022_jp"
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
    """Return `data` as its own word for its encoding says, where that is one of the web's and the bytes agree."""
    codec = charsets.codec_of(name)
    if codec is None:
        return None
    better = charsets.guess(data[:_SAMPLE])
    if better is not None and better != codec and not charsets.agree(data[:_SAMPLE], better, codec):
        return None
    try:
        text = data.decode(codec, errors="replace")
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
    codec = charsets.guess(data[:_SAMPLE])
    if codec is None:
        raise UnreadableDocument("its character encoding cannot be told; save it as UTF-8")
    return data.decode(codec, errors="replace"), codec


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    """Return `data` as UTF-16 or UTF-32 of a script whose halves look like control characters, as Chinese does."""
    wide = charsets.guess_wide(data[:_SAMPLE])
    if wide is None:
        raise UnreadableDocument("not text: it is full of control characters")
    return data.decode(wide, errors="replace"), wide
