"""A source: where documents come from. Each kind is one module beside this one.

A local folder is read where it lies. Every other kind tells what has changed since the last time; what it found is
kept (`kept`), so that the last good text of a document outlives the source's bad days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from index.documents import Provenance
from index.sources.web.validators import NEVER_SEEN, Validators

if TYPE_CHECKING:
    from index.sources.web.web import Web


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

    `title` makes a document's title of the one that was found in it, in the place of `{title}`.
    """

    kind: ClassVar[str]
    # A typo in corpus.toml is an error. pydantic is not imported here: a refresh has other things to do.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    interval: timedelta = timedelta(hours=1)
    language: str | None = None
    title: str = "{title}"

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is: a path or an address."""

    def provenance(self, suffix: str = "") -> Provenance:
        """Return what is known of each of its documents."""
        return Provenance(self.name, suffix or None, language=self.language, titled=self.title)


@dataclass(frozen=True, kw_only=True)
class RemoteSource(Source):
    """A source that has to be asked."""

    @abstractmethod
    def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell what has changed since the documents that are kept, by address, had these validators.

        What is kept and not spoken of stays as it is. Whatever is wrong with a document or the source is told as
        `Failed`, and raised nowhere.
        """
