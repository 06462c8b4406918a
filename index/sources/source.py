"""A source: where documents come from. Each kind is one module beside this one.

A local folder is read where it lies. Every other kind tells what has changed since the last time; what it found is
kept (`kept`), so that the last good text of a document outlives the source's bad days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import ConfigDict, Field

from index.access import Access
from index.documents import CORPUS, Provenance
from index.sources.limited import Limited
from index.sources.web.validators import NEVER_SEEN, Validators

if TYPE_CHECKING:
    from index.sources.web.web import Web

# How many documents a source may be limited to.
Limit = Annotated[int, Field(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Found:
    """A document that is new or has changed. `suffix` tells its format where the end of its address does not."""

    address: str
    data: bytes
    suffix: str = ""
    url: str | None = None
    title: str | None = None
    published: date | None = None
    validators: Validators = NEVER_SEEN


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document that is as it was kept."""

    address: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that was not there this time; missing twice in a row, it is gone."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that is known to be gone."""

    address: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A document, or the source itself, that could not be asked: what is kept of it stays."""

    address: str
    reason: str


Change = Found | Unchanged | Missing | Gone | Failed


@dataclass(frozen=True, slots=True)
class Reach:
    """What a source may reach in order to find its changes.

    `folder` is its own, for what it keeps besides documents. `loaders` are the classes that an operator lets be run.
    """

    web: Web
    folder: Path
    loaders: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """What every source has: a name, how often it is asked, and what is known of all its documents.

    `title` makes a document's title of the one that was found in it, in the place of `{title}`. `access` limits who may
    see its documents, or some of them.
    """

    kind: ClassVar[str]
    # A typo in corpus.toml is an error.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    interval: timedelta = timedelta(hours=1)
    language: str | None = None
    title: str = "{title}"
    access: Annotated[tuple[Limited, ...], Field(min_length=1)] = ()

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is: a path or an address."""

    def access_of(self, document: str) -> Access:
        """Return who may see a document, by the path or address by which the index knows it.

        A kind whose documents are not for everybody adds its own rules to these.
        """
        path = self._path(document)
        return tuple(limited.rule for limited in self.access if path in limited)

    def idle_limits(self, documents: Collection[str]) -> tuple[Limited, ...]:
        """Return what limits none of its documents: nothing where there are none yet."""
        paths = [self._path(document) for document in documents]
        return tuple(limited for limited in self.access if paths and not any(path in limited for path in paths))

    def _path(self, document: str) -> str:
        return document if self.name == CORPUS else document.removeprefix(f"{self.name}/")

    def provenance(self, document: str, suffix: str = "") -> Provenance:
        """Return what is known of a document before it is read."""
        access = self.access_of(document)
        return Provenance(self.name, suffix or None, language=self.language, titled=self.title, access=access)


@dataclass(frozen=True, kw_only=True)
class RemoteSource(Source):
    """A source that has to be asked."""

    @abstractmethod
    def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell what has changed since the documents that are kept, by address, had these validators.

        What is kept and not spoken of stays as it is. Whatever is wrong with a document or the source is told as
        `Failed`, and raised nowhere.
        """
