"""Web pages, each named by its address; and how any page is fetched, for the kinds that find pages by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field
from yarl import URL

from index.sources.source import Change, Failed, Found, Missing, Reach, RemoteSource, Unchanged
from index.sources.web.address import parse
from index.sources.web.answers import NoPage, NotFetched, NotModified
from index.sources.web.media_types import as_utf8, suffix_of
from index.sources.web.validators import NEVER_SEEN, Validators

if TYPE_CHECKING:
    from index.sources.web.web import Web


@dataclass(frozen=True, kw_only=True)
class Pages(RemoteSource):
    """Some web pages."""

    kind: ClassVar[str] = "pages"

    pages: Annotated[tuple[str, ...], Field(min_length=1)]

    def __post_init__(self) -> None:
        for address in self.pages:
            parse(address)

    @property
    def address(self) -> str:
        """The first page."""
        return self.pages[0]

    async def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell of each page what became of it; one that is no longer named is gone."""
        async for change in fetched(reach.web, map(Link, self.pages), since):
            yield change
        for address in since.keys() - set(self.pages):
            yield Missing(address, "it is no longer named")


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a page, and what whoever names it says of it."""

    address: str
    title: str | None = None
    published: date | None = None


async def fetched(web: Web, links: Iterable[Link], since: Mapping[str, Validators]) -> AsyncIterator[Change]:
    """Fetch pages, several at a time, and tell what became of each; those that are not kept yet come first."""
    tasks = [
        asyncio.create_task(fetch(web, link, since.get(link.address, NEVER_SEEN)))
        for link in sorted(links, key=lambda link: link.address in since)
    ]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for waiting in tasks:
            waiting.cancel()


async def fetch(web: Web, link: Link, since: Validators) -> Change:
    """Fetch one page, if it has changed."""
    answer = await web.get(link.address, suffix_of, since)
    if isinstance(answer, NotModified):
        return Unchanged(link.address)
    if isinstance(answer, NoPage):
        return Missing(link.address, answer.reason)
    if isinstance(answer, NotFetched):
        return Failed(link.address, answer.reason)
    suffix = suffix_of(answer.media_type, URL(answer.address).path) or ""
    data = as_utf8(answer.data, answer.charset) if suffix in (".html", ".txt", ".md", ".csv") else answer.data
    return Found(
        link.address,
        data,
        suffix,
        url=answer.address,
        title=link.title,
        published=link.published,
        validators=answer.validators,
    )
