"""Document loaders of LangChain, of whatever package: each document that one loads is a document here.

See `langchain_core.document_loaders.BaseLoader`. A loader is code that runs as Footnote, so that only those are run
that the operator names in a setting, whatever `corpus.toml` says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import islice
from typing import Any, ClassVar

from index.documents import content_id
from index.readers.front_matter import day, web_address
from index.sources.source import Change, Failed, Found, Limit, Missing, Reach, RemoteSource, Unchanged
from index.sources.web.validators import Validators

log = logging.getLogger(__name__)

_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Loader(RemoteSource):
    """What a document loader loads: `loader` is its class as `package.module:Class`, made with `arguments`.

    At most `limit` documents are taken.
    """

    kind: ClassVar[str] = "loader"

    loader: str
    arguments: dict[str, Any] = field(default_factory=dict)
    limit: Limit = 10_000

    @property
    def address(self) -> str:
        """The class."""
        return self.loader

    async def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell of each document what became of it; what is no longer loaded is missing, unless nothing is."""
        if self.loader not in reach.loaders:
            yield Failed(self.loader, "only the loaders that FOOTNOTE_LOADERS names are run: name it there")
            return
        try:
            async with asyncio.timeout(_SECONDS):
                loaded = await asyncio.to_thread(self._load)
        except Exception as error:
            log.warning("%s could not load", self.loader, exc_info=True)
            yield Failed(self.loader, f"the loader failed ({type(error).__name__}: {str(error)[:200]})")
            return
        if not loaded:
            yield Failed(self.loader, "it loads no document: what is kept stays")
            return
        for address, document in loaded.items():
            is_same = since.get(address) == document.validators
            yield Unchanged(address) if is_same else document.found(address)
        for address in sorted(since.keys() - loaded.keys()):
            yield Missing(address, "it is no longer loaded")

    def _load(self) -> dict[str, _Loaded]:
        module, _, name = self.loader.partition(":")
        loader = getattr(import_module(module), name)(**self.arguments)
        parts: dict[str, list[Any]] = {}
        for number, document in enumerate(islice(loader.lazy_load(), self.limit)):
            source = str(document.metadata.get("source") or number)
            address = source if web_address(source) else f"{self.name}/{source.lstrip('/')}"
            parts.setdefault(address, []).append(document)
        return {address: _Loaded.of(documents) for address, documents in parts.items()}


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was loaded of one source: its text and what its metadata say."""

    text: str
    title: str | None
    url: str | None
    published: date | None

    @classmethod
    def of(cls, documents: list[Any]) -> _Loaded:
        """Put together what a loader gives in parts, page by page say."""
        said = documents[0].metadata
        url = web_address(str(said.get("url") or said.get("source")))
        text = "\n\n".join(document.page_content for document in documents)
        return cls(text, str(said["title"]) if said.get("title") else None, url, day(str(said.get("date") or "")))

    @property
    def validators(self) -> Validators:
        return Validators(etag=content_id(self.text, repr((self.title, self.url, self.published))))

    def found(self, address: str) -> Found:
        return Found(
            address,
            self.text.encode(errors="replace"),
            ".txt",
            url=self.url,
            title=self.title,
            published=self.published,
            validators=self.validators,
        )
