"""Sight: what of one generation a viewer sees."""

from __future__ import annotations

from dataclasses import dataclass

from index.access import Viewer
from index.documents import DocumentMetadata
from index.store.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees of a generation.

    `hidden` are the accesses in it, as text, of what the viewer may not see: empty where all is seen, so that nothing
    has to be filtered. `manifest` is the generation's, with the counts and languages of what is seen.
    """

    viewer: Viewer
    hidden: frozenset[str]
    manifest: Manifest

    def sees(self, document: DocumentMetadata) -> bool:
        """Return whether the viewer may see a document."""
        return self.viewer.sees(document.access)
