"""EPUB: the chapters of a book in the order in which they are read, each read as HTML is."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from index.readers import archive, html
from index.readers.encoding import decode
from index.readers.front_matter import day, language_code
from index.readers.parsed import DocumentBuilder, ParsedDocument

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a book; each part of its reading order is a chapter.

    Raises `UnreadableDocument`: no book, damage, a bomb, digital rights management.
    """
    with archive.opened(data, "EPUB") as file:
        archive.require(file, "META-INF/container.xml", "EPUB")
        container = archive.xml(archive.part(file, "META-INF/container.xml"))
        package_name = next((root.get("full-path") for root in container.iter("{*}rootfile")), "")
        package = archive.xml(archive.part(file, package_name or ""))
        writer = DocumentBuilder()
        if package is None:
            return writer.parsed()
        folder = posixpath.dirname(package_name or "")
        parts = {item.get("id"): unquote(item.get("href") or "") for item in package.iter(f"{_OPF}item")}
        for number, reference in enumerate(package.iter(f"{_OPF}itemref"), start=1):
            name = posixpath.normpath(posixpath.join(folder, parts.get(reference.get("idref"), "")))
            source, _ = decode(archive.part(file, name)) if name in file.namelist() else ("", None)
            if not source:
                continue
            headings = len(writer.headings)
            writer.begin_place("chapter", number)
            html.write(source, writer)
            if len(writer.headings) > headings:
                writer.name_place(writer.headings[headings].title)
    said = {
        name: (package.findtext(f".//{_DC}{name}") or "").strip() or None
        for name in ("title", "creator", "publisher", "date", "language")
    }
    return writer.parsed(
        title=said["title"],
        author=said["creator"],
        publisher=said["publisher"],
        published=day(said["date"]),
        language=language_code(said["language"]) if said["language"] else None,
    )
