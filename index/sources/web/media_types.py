"""Media types: what a server says it sends, as the suffix of the format by which it is read."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Container
from pathlib import PurePosixPath

from index.readers.charsets import codec_of
from index.readers.formats import is_read

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/x-rst": ".rst",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/json": ".json",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OPEN}text": ".odt",
    f"{_OPEN}presentation": ".odp",
    f"{_OPEN}spreadsheet": ".ods",
}
# Types that say too little: the address knows better.
_VAGUE = {"text/plain": ".txt", "application/octet-stream": None, "": None}
FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
XML = frozenset({"application/xml", "text/xml", "text/plain", "application/gzip", "application/x-gzip"})


def suffix_of(media_type: str, path: str) -> str | None:
    """Return the suffix of the format of what was sent as `media_type` from `path`, None where it is not read."""
    if media_type in _VAGUE:
        own = PurePosixPath(path).suffix.lower()
        return own if is_read(path) else _VAGUE[media_type]
    return _SUFFIXES.get(media_type)


def of_types(types: Container[str]) -> Callable[[str, str], bool]:
    """Return what wants pages of these media types."""
    return lambda media_type, _: media_type in types


def as_utf8(data: bytes, charset: str | None) -> bytes:
    """Return a text with the encoding that its server declares as UTF-8, marked, unless it says or is that already."""
    codec = codec_of(charset)
    if codec is None:
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        return codecs.BOM_UTF8 + data.decode(codec, errors="replace").encode()
    return data
