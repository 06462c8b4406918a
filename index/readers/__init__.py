"""Readers: the bytes of a file become documents. One small module for each format; `read` chooses by the suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import PurePosixPath

from index.documents import CORPUS, FROM_THE_CORPUS, Document, DocumentMetadata, Provenance, content_id
from index.errors import NoTextLayer, UnreadableDocument
from index.language.detection import detect
from index.readers import discord
from index.readers.formats import format_of
from index.readers.parsed import ParsedDocument

# Raised whenever a reader makes another text of the same file, so that every file is read anew.
READERS = "2"

_LONGEST_TITLE = 300
_LONGEST_ADDRESS = 2000


def read(
    data: bytes,
    source: str,
    known: Provenance = FROM_THE_CORPUS,
    recognise: Callable[[bytes], bytes] | None = None,
) -> tuple[Document, ...]:
    """Return the documents that `data` holds, read by the format that the suffix of `source` names; mostly it is one.

    What is `known` of them goes before what they say of themselves, but for their title and date.
    `recognise` gives a scanned PDF a text layer, by OCR; without it, scans are refused.
    The same bytes under the same source always give the same documents, ids included. Raises `UnreadableDocument` with
    the reason, and what to do about it, in one line: an unknown kind, a password, no text, not what its name says.
    """
    name = known.name(source)
    format_ = format_of(name)
    if not data:
        raise UnreadableDocument("no text in it: it is empty")
    drafts: Iterable[ParsedDocument]
    if discord.is_export(data, name):
        drafts = discord.read(data)
    else:
        # Imported when the first of its files is met: some formats need a library that takes a while.
        reader = import_module(f"index.readers.{format_.module}")
        try:
            drafts = (reader.read(data),)
        except NoTextLayer:
            if recognise is None:
                raise
            drafts = (_scan(reader.read, recognise(data)),)
    documents = tuple(_document(draft, source, known) for draft in drafts if draft.text)
    if not documents:
        raise UnreadableDocument("no text in it")
    return documents


def _scan(reader: Callable[[bytes], ParsedDocument], data: bytes) -> ParsedDocument:
    try:
        return reader(data)
    except NoTextLayer as error:
        raise UnreadableDocument("no text layer, and OCR found no words in it: scan it anew, sharper") from error


def _document(draft: ParsedDocument, source: str, known: Provenance) -> Document:
    return Document(_metadata(draft, source, known), draft.text, draft.headings, draft.places, draft.lines, draft.rows)


def _metadata(draft: ParsedDocument, source: str, known: Provenance) -> DocumentMetadata:
    found = " ".join((draft.title or known.title or "").split()) or _readable(source)
    title = " ".join(known.titled.replace("{title}", found).split())[:_LONGEST_TITLE]
    language = known.language or draft.language or detect(draft.text)
    url = known.url or draft.url
    url = url if url and len(url) <= _LONGEST_ADDRESS else None
    published = draft.published or known.published
    # Headings and places are part of what is indexed: "# A" and "A" have the same text, and other passages.
    said: tuple[object, ...] = (title, url, draft.publisher, draft.author, published, language, draft.encoding)
    if known.collection != CORPUS:
        said = (*said, known.collection)
    return DocumentMetadata(
        id=content_id(source, repr((said, draft.headings, draft.places)), draft.text),
        title=title,
        source=source,
        url=url,
        publisher=draft.publisher,
        published=published,
        language=language,
        encoding=draft.encoding,
        author=draft.author,
        collection=known.collection,
    )


def _readable(source: str) -> str:
    """Return the file name of `source` as words: "a/third-quarter_results.md" is "Third quarter results"."""
    words = " ".join(PurePosixPath(source).stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or source
