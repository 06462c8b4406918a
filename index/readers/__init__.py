"""Readers: the bytes of a file become documents. One small module for each format; `parse` chooses by the suffix.

`parse` is run on whatever people drop into the folder, in a process with limits; `document_of` on what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import PurePosixPath

from index.documents import CORPUS, FROM_THE_CORPUS, Document, DocumentMetadata, Provenance, content_id
from index.errors import NoTextLayer, UnreadableDocument
from index.language.detection import detect
from index.readers import discord
from index.readers.encoding import clean
from index.readers.formats import format_of
from index.readers.parsed import ParsedDocument

# Raised whenever a reader makes another text of the same file, so that every file is read anew.
READERS = "3"

_LONGEST_TITLE = 300
_LONGEST_ADDRESS = 2000


def parse(data: bytes, source: str, recognise: Callable[[bytes], bytes] | None = None) -> tuple[ParsedDocument, ...]:
    """Return the drafts that `data` holds, read by the format that the suffix of `source` names; mostly it is one.

    `recognise` gives a scanned PDF a text layer, by OCR; without it, scans are refused. Raises `UnreadableDocument`
    with the reason, and what to do about it, in one line: an unknown kind, a password, no text, not what its name says.
    """
    format_ = format_of(source)
    if not data:
        raise UnreadableDocument("no text in it: it is empty")
    drafts: Iterable[ParsedDocument]
    if discord.is_export(data, source):
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
    found = tuple(draft for draft in drafts if draft.text)
    if not found:
        raise UnreadableDocument("no text in it")
    return found


def document_of(draft: ParsedDocument, source: str, known: Provenance = FROM_THE_CORPUS) -> Document:
    """Return the document that a draft becomes under its source; the same draft gives the same id.

    What is `known` of it goes before what it says of itself, but for its title and its date.

    The language of a text is told here and not in `parse`: what tells it takes half a second to load, once in each
    process.
    """
    return Document(_metadata(draft, source, known), draft.text, draft.headings, draft.places, draft.lines, draft.rows)


def _scan(reader: Callable[[bytes], ParsedDocument], data: bytes) -> ParsedDocument:
    try:
        return reader(data)
    except NoTextLayer as error:
        raise UnreadableDocument("no text layer, and OCR found no words in it: scan it anew, sharper") from error


def _metadata(draft: ParsedDocument, source: str, known: Provenance) -> DocumentMetadata:
    found = " ".join(clean(draft.title or known.title or "").split()) or _readable(source)
    title = " ".join(known.titled.replace("{title}", found).split())[:_LONGEST_TITLE]
    language = known.language or draft.language or detect(draft.text) or draft.template_language
    url = known.url or draft.url
    url = url if url and len(url) <= _LONGEST_ADDRESS else None
    published = draft.published or known.published
    publisher, author = draft.publisher and clean(draft.publisher), draft.author and clean(draft.author)
    # Headings and places are part of what is indexed: "# A" and "A" have the same text, and other passages.
    said: tuple[object, ...] = (title, url, publisher, author, published, language, draft.encoding)
    if known.collection != CORPUS:
        said = (*said, known.collection)
    return DocumentMetadata(
        id=content_id(source, repr((said, draft.headings, draft.places)), draft.text),
        title=title,
        source=source,
        url=url,
        publisher=publisher,
        published=published,
        language=language,
        encoding=draft.encoding,
        author=author,
        collection=known.collection,
        access=known.access,
    )


def _readable(source: str) -> str:
    """Return the file name of `source` as words: "a/third-quarter_results.md" is "Third quarter results"."""
    words = " ".join(PurePosixPath(source).stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or source
