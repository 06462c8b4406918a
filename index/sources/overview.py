"""An overview of all sources: what each is, what it has in the index, and how it was when it was last asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from index.access import Viewer
from index.documents import DocumentMetadata
from index.report import ConfiguredSource
from index.sources.configuration import read_configuration
from index.sources.kept import Kept, KeptUnusable, kept_in
from index.sources.source import RemoteSource


def overview(
    corpus: Path, data: Path, documents: Iterable[DocumentMetadata], viewer: Viewer
) -> tuple[ConfiguredSource, ...]:
    """Return what there is to say of each source of which a viewer may see anything. Raises BadConfiguration.

    `documents` are those that are indexed and that the viewer sees.
    """
    counted = Counter(document.collection for document in documents)
    every = read_configuration(corpus)
    sources = [one for one in every if counted[one.name] or viewer.sees(one.access_of(one.address))]
    plain = [ConfiguredSource(source.name, source.kind, source.address, counted[source.name]) for source in sources]
    if not any(isinstance(source, RemoteSource) for source in sources):
        return tuple(plain)
    try:
        with closing(Kept.open(kept_in(data))) as kept:
            return tuple(_asked(one, kept) for one in plain)
    except KeptUnusable:
        # A data folder that is for reading alone can tell what is indexed all the same.
        return tuple(plain)


def _asked(source: ConfiguredSource, kept: Kept) -> ConfiguredSource:
    at = kept.asked(source.name)
    if at is None:
        return source
    problems = {failure.source: failure.reason for failure in kept.problems(source.name)}
    return ConfiguredSource(
        source.name,
        source.kind,
        source.address,
        source.documents,
        datetime.fromtimestamp(at, UTC),
        problems.get(source.address),
    )
