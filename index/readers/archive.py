"""Archives: the zip files that office documents and books are, opened only when their declared sizes are in reason.

XML is parsed without entities, external references or the network.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from index.errors import UnreadableDocument

_LARGEST = 400 * 1024 * 1024
_LARGEST_PART = 200 * 1024 * 1024
_SMALL = 20 * 1024 * 1024
_MOST_RATIO = 200
_MOST_PARTS = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class Properties:
    """What an office file says of itself; None where it says nothing."""

    title: str | None = None
    author: str | None = None


@contextmanager
def opened(data: bytes, kind: str) -> Iterator[ZipFile]:
    """Give the archive that `data` is. Raises `UnreadableDocument` if it is none, is locked, or would burst."""
    refuse_ole(data, kind)
    try:
        with _unzipped(data) as file:
            parts = file.infolist()
            declared = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS:
                raise UnreadableDocument(f"holds {len(parts)} parts, more than any {kind} file: it is made to do harm")
            if declared > _LARGEST or (declared > _SMALL and declared > _MOST_RATIO * len(data)):
                raise UnreadableDocument(f"would unpack to {declared // 2**20} MB: it is made to do harm, or split it")
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableDocument("needs a password to open: save it without one")
            yield file
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableDocument(f"damaged, or not a {kind} file: save it anew") from error


def _unzipped(data: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(data))
    except ValueError as error:  # a directory that lies before the beginning of the file
        raise BadZipFile from error


def refuse_ole(data: bytes, kind: str) -> None:
    """Raise `UnreadableDocument` for the container of older office files, and of new ones that have a password."""
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise UnreadableDocument("needs a password to open: save it without one")
        raise UnreadableDocument(f"in the format of an older {kind}, whatever its name says: save it anew")


def require(file: ZipFile, name: str, kind: str) -> None:
    """Raise `UnreadableDocument` unless the archive holds this part."""
    if name not in file.namelist():
        raise UnreadableDocument(f"not a {kind} file, whatever its name says: give it the suffix of its format")


def part(file: ZipFile, name: str) -> bytes:
    """Return a part of the archive: nothing where it is not there. Raises `UnreadableDocument` for a bomb."""
    try:
        info = file.getinfo(name)
    except KeyError:
        return b""
    if info.file_size > _LARGEST_PART:
        raise UnreadableDocument(f"would unpack to {info.file_size // 2**20} MB: it is made to do harm, or split it")
    try:
        return file.read(info)
    except ValueError as error:  # a part that lies before the beginning of the file
        raise BadZipFile from error


def xml(data: bytes) -> Any:
    """Return the root of some XML, or None where there is none. Entities stay unresolved, nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    return etree.fromstring(data, parser) if data.strip() else None


def core_properties(file: ZipFile) -> Properties:
    """Return the properties that the archive of an office file gives of itself, such as its title."""
    root = xml(part(file, "docProps/core.xml"))
    if root is None:
        return Properties()
    title, author = (root.findtext(f"{_DUBLIN_CORE}{name}") for name in ("title", "creator"))
    return Properties((title or "").strip() or None, (author or "").strip() or None)
