"""What the tests of readers share."""

from index import readers
from index.documents import Document


def read_all(data: bytes, source: str) -> tuple[Document, ...]:
    """Return the documents that a file holds, as a refresh makes them."""
    return tuple(readers.document_of(draft, source) for draft in readers.parse(data, source))


def read(data: bytes, source: str) -> Document:
    """Return the one document that a file holds."""
    (document,) = read_all(data, source)
    return document
