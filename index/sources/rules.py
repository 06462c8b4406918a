"""Rules: what `corpus.toml` says now of who may see what, for documents that were indexed before it said so."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from index.access import PUBLIC, Access
from index.errors import BadConfiguration

if TYPE_CHECKING:
    from index.sources.source import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Rules:
    """The sources that limit who may see their documents, by name."""

    sources: Mapping[str, Source] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sources)

    def of(self, collection: str, document: str) -> Access:
        """Return the access that a document, known as `document`, of the source of this name has now."""
        source = self.sources.get(collection)
        return source.access_of(document) if source else PUBLIC


class CurrentRules:
    """The rules of a corpus folder, read again when its `corpus.toml` was written. Any thread may ask.

    One that is broken changes nothing: the rules from before stay, until it is mended.
    """

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._lock = Lock()
        self._state: tuple[int, int] | None = None
        self._rules = Rules()

    def get(self) -> Rules:
        """Return the rules of now."""
        with self._lock:
            state = self._stat()
            if state != self._state:
                self._rules = self._read() if state else Rules()
                self._state = state
            return self._rules

    def _stat(self) -> tuple[int, int] | None:
        try:
            # The name is written out because what reads it takes a while to import, and most corpora have none.
            stat = (self._corpus / "corpus.toml").stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size

    def _read(self) -> Rules:
        from index.sources.configuration import read_configuration
        from index.sources.source import Source

        try:
            sources = read_configuration(self._corpus)
        except BadConfiguration as error:
            log.warning("%s; until it is mended, who may see what stays as it was", error)
            return self._rules
        limits = (one for one in sources if one.access or type(one).access_of is not Source.access_of)
        return Rules({source.name: source for source in limits})
