"""An overview of all sources: what each is, what it has in the index, and how it was when it was last asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from index.access import Viewer
from index.documents import DocumentMetadata
from index.messages import HANDED_IN, collection_of
from index.report import ConfiguredSource
from index.sources.attached import attached_in
from index.sources.channels import Channels, ChannelsUnusable, channels_in
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
    try:
        if any(isinstance(source, RemoteSource) for source in sources):
            with closing(Kept.open(kept_in(data))) as kept:
                plain = [_asked(one, kept) for one in plain]
        return (*plain, *_from_discord(data, counted, viewer))
    except (KeptUnusable, ChannelsUnusable):
        # A data folder that is for reading alone can tell what is indexed all the same.
        return tuple(plain)


def _from_discord(data: Path, counted: Counter[str], viewer: Viewer) -> Iterator[ConfiguredSource]:
    """Yield the channels that are kept, and the documents that were handed in, as far as a viewer sees any of them."""
    channels = Channels(channels_in(data))
    problems = channels.problems()
    for channel in channels.every():
        number = counted[collection_of(channel.id)]
        if number or viewer.owns:
            yield ConfiguredSource(
                f"#{channel.name}", "channel", channel.address, number, problem=problems.get(channel.id)
            )
    handed_in = counted[HANDED_IN]
    if handed_in:
        yield ConfiguredSource("attached files", "attached", attached_in(data).name, handed_in)


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
