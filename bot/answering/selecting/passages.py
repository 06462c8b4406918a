"""The passages that are read: the best of what was found, by a reader that is loaded when the first question comes."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.reading.reading import Reader, Reading
from index.evidence import Evidence
from index.models.loaded_once import LoadedOnce

MOST_READ = 3


class PassageReader:
    """Reads the best passages of the evidence, within so many seconds; `load` gives None where there is no reader."""

    def __init__(self, load: Callable[[], Reader | None] = lambda: None, seconds: float = 1.0) -> None:
        self._reader = LoadedOnce(load)
        self._seconds = seconds

    @property
    def name(self) -> str | None:
        """The name of the reader, None where there is none. Raises ModelUnusable where it cannot be loaded."""
        reader = self._reader.get()
        return reader.name if reader else None

    def read(self, evidence: Evidence) -> tuple[Reading, ...]:
        """Give the readings of the first passages, in their order: none where there is no reader."""
        reader = self._reader.get()
        if reader is None:
            return ()
        texts = [hit.passage.text for hit in evidence.hits[:MOST_READ]]
        return tuple(reader.read(evidence.question, texts, self._seconds))
