"""Readers: the bytes of a file become a `Document`. One small module for each format; `read` chooses by the suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from index.documents import Document, DocumentMetadata, content_id
from index.errors import UnreadableDocument
from index.language.detection import detect
from index.readers.html import read as read_html
from index.readers.markdown import read as read_markdown
from index.readers.parsed import ParsedDocument
from index.readers.text import read as read_text

# Raised whenever a reader makes another text of the same file, so that every file is read anew.
READERS = "2"

_READERS: dict[str, Callable[[bytes], ParsedDocument]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".text": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}
SUFFIXES = frozenset(_READERS)
LARGEST = 64 * 1024 * 1024
_LONGEST_TITLE = 300


def read(data: bytes, source: str) -> Document:
    """Return the document that `data` holds, read by the format that the suffix of `source` names.

    The same bytes under the same source always give the same document, id included. Raises `UnreadableDocument` with
    the reason in one line: an unknown kind, too large, no text, not text at all.
    """
    suffix = PurePosixPath(source).suffix.lower()
    if suffix not in _READERS:
        raise UnreadableDocument(f"files of the kind {suffix or 'without a suffix'} are not read")
    if len(data) > LARGEST:
        raise UnreadableDocument(f"larger than {LARGEST // 1024**2} MiB; split it into smaller files")
    draft = _READERS[suffix](data)
    if not draft.text:
        raise UnreadableDocument("no text in it")
    return Document(_record(draft, source), draft.text, draft.headings, draft.places, draft.lines, draft.rows)


def _record(draft: ParsedDocument, source: str) -> DocumentMetadata:
    title = " ".join((draft.title or "").split())[:_LONGEST_TITLE] or _readable(source)
    language = draft.language or detect(draft.text)
    # Headings and places are part of what is indexed: "# A" and "A" have the same text, and other passages.
    said = (title, draft.url, draft.publisher, draft.published, language, draft.encoding, draft.headings, draft.places)
    return DocumentMetadata(
        id=content_id(source, repr(said), draft.text),
        title=title,
        source=source,
        url=draft.url,
        publisher=draft.publisher,
        published=draft.published,
        language=language,
        encoding=draft.encoding,
    )


def _readable(source: str) -> str:
    """Return the file name of `source` as words: "a/third-quarter_results.md" is "Third quarter results"."""
    words = " ".join(PurePosixPath(source).stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or source
