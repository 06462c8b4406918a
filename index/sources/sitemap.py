"""Sitemaps: the pages that a site lists (https://www.sitemaps.org/protocol.html), so many and no more."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from lxml import etree
from yarl import URL

from index.sources.globs import Globs
from index.sources.page import Link, fetched
from index.sources.source import Change, Failed, Limit, Missing, Reach, RemoteSource
from index.sources.web.address import parse
from index.sources.web.answers import Page
from index.sources.web.media_types import XML, of_types
from index.sources.web.validators import Validators

if TYPE_CHECKING:
    from index.sources.web.web import Web

_MOST_SITEMAPS = 50
_LARGEST = 50 * 2**20  # what the protocol allows


@dataclass(frozen=True, kw_only=True)
class Sitemap(RemoteSource):
    """The pages of a sitemap that lie on its own host; at most `limit` of them, by globs over their paths."""

    kind: ClassVar[str] = "sitemap"

    sitemap: str
    limit: Limit = 1000
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parse(self.sitemap)

    @property
    def address(self) -> str:
        """The sitemap."""
        return self.sitemap

    async def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell what became of each page. What a sitemap that lists any no longer lists is missing."""
        listed = _Listed(self.sitemap, Globs(self.include, self.exclude), self.limit)
        async for failure in listed.read(reach.web):
            yield failure
        if not listed.pages:
            yield Failed(self.sitemap, "it lists no page of its own host: what is kept stays")
            return
        async for change in fetched(reach.web, map(Link, listed.pages), since):
            yield change
        if listed.is_whole:
            for address in sorted(since.keys() - listed.pages.keys()):
                yield Missing(address, "the sitemap no longer lists it")


class _Listed:
    """The pages that a sitemap and the sitemaps in it list, in order."""

    def __init__(self, first: str, globs: Globs, limit: int) -> None:
        self.pages: dict[str, None] = {}
        self.is_whole = True
        self._waiting = [first]
        self._host = URL(first).host
        self._globs = globs
        self._limit = limit

    async def read(self, web: Web) -> AsyncIterator[Failed]:
        """Read them all, telling of each that cannot be read."""
        seen: set[str] = set()
        while self._waiting and len(self.pages) < self._limit:
            address = self._waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > _MOST_SITEMAPS:
                self.is_whole = False
                yield Failed(address, f"more than {_MOST_SITEMAPS} sitemaps: the others are not read")
                return
            answer = await web.get(address, of_types(XML), largest=_LARGEST)
            try:
                if not isinstance(answer, Page):
                    raise ValueError(getattr(answer, "reason", "it sends nothing"))
                self._take(answer.data)
            except (ValueError, etree.XMLSyntaxError, zlib.error) as error:
                self.is_whole = False
                yield Failed(address, str(error) if type(error) is ValueError else "it is no sitemap")

    def _take(self, data: bytes) -> None:
        for name, address in _entries(_unpacked(data)):
            try:
                url = URL(address)
            except ValueError:
                continue
            if url.host != self._host:
                continue
            if name == "sitemap":
                self._waiting.append(address)
            elif url.path.lstrip("/") in self._globs and len(self.pages) < self._limit:
                self.pages[address] = None


def _entries(data: bytes) -> list[tuple[str, str]]:
    """Return what each entry is ("url" or "sitemap") and its address. Raises XMLSyntaxError."""
    entries = []
    # Nothing is looked up or unfolded that the file itself does not spell out.
    for _, element in etree.iterparse(io.BytesIO(data), resolve_entities=False, no_network=True, huge_tree=False):
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name == "loc":
            parent = element.getparent()
            address = (element.text or "").strip()
            if parent is not None and address:
                entries.append((etree.QName(parent).localname, address))
        elif name in ("url", "sitemap"):
            element.clear()
    return entries


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacking = zlib.decompressobj(wbits=31)
    unpacked = unpacking.decompress(data, _LARGEST)
    if unpacking.unconsumed_tail:
        raise ValueError(f"larger than {_LARGEST // 2**20} MB when unpacked")
    return unpacked
