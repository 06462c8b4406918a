"""A source that is asked again and again, as `fetch` asks it, and what is kept of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.report import FetchReport, Progress
from index.sources.configuration import remote_sources
from index.sources.fetching import FetchRequest, fetch
from index.sources.kept import Kept, KeptFile, kept_in


@dataclass
class Fetches:
    """A corpus folder whose `corpus.toml` is written by the test, and the data folder beside it."""

    folder: Path
    hosts: frozenset[str] = frozenset()
    loaders: frozenset[str] = frozenset()

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def configure(self, text: str) -> None:
        self.corpus.mkdir(exist_ok=True)
        (self.corpus / "corpus.toml").write_text(text)

    def fetch(self, *only: str) -> FetchReport:
        told: list[Progress] = []
        request = FetchRequest(self.corpus, self.data, self.hosts, self.loaders, frozenset(only) or None)
        return fetch(request, told.append)

    def files(self) -> list[KeptFile]:
        with closing(Kept.open(kept_in(self.data))) as kept:
            return [file for source in remote_sources(self.corpus) for file in kept.files(source)]

    def addresses(self) -> list[str]:
        return [file.source for file in self.files()]

    def texts(self) -> dict[str, str]:
        return {file.source: file.read().decode() for file in self.files()}

    def problems(self) -> dict[str, str]:
        with closing(Kept.open(kept_in(self.data))) as kept:
            every = [kept.problems(source.name) for source in remote_sources(self.corpus)]
        return {problem.source: problem.reason for problems in every for problem in problems}
