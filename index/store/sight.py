"""Sight: what of one generation a viewer sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from index.access import Access, Hidden, Viewer
from index.documents import DocumentMetadata
from index.store.manifest import Manifest


class LimitsDocuments(Protocol):
    """What tells who may see a document now: `index.sources.rules.Rules`."""

    def of(self, collection: str, document: str) -> Access:
        """Return the access that a document of a source has now."""

    def __bool__(self) -> bool:
        """Whether there is any rule."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees of a generation.

    `hidden` are the accesses in it, as text, of what the viewer may not see: empty where all is seen, so that nothing
    has to be filtered. `manifest` is the generation's, with the counts and languages of what is seen. `rules` are those
    of now: where they are stricter than they were when something was indexed, or in a generation that was gone back to,
    it is not seen either, and `is_outdated`: its words cannot be told from those of other documents.
    """

    viewer: Viewer
    hidden: Hidden
    manifest: Manifest
    rules: LimitsDocuments
    is_outdated: bool = False

    def sees(self, document: DocumentMetadata) -> bool:
        """Return whether the viewer may see a document."""
        return self.allows(document, document.access)

    def allows(self, document: DocumentMetadata, access: Access) -> bool:
        """Return whether the viewer may see a document that has this access in the index."""
        return self.viewer.sees(access) and self.viewer.sees(self.rules.of(document.collection, document.source))
