"""What the tests of readers share."""

from index import readers
from index.documents import Document


def read(data: bytes, source: str) -> Document:
    """Return the one document that a file holds."""
    (document,) = readers.read(data, source)
    return document
