"""Feeds: the entries of an RSS or Atom feed, each a document that stays when the feed has moved on.

An entry that holds its whole text is taken as it is; of any other the page that it links to is fetched.
See RFC 4287 (Atom), https://www.rssboard.org/rss-specification and https://web.resource.org/rss/1.0/modules/content.
Read with lxml and not with a library of feeds, because that takes a time that grows with what a hostile one sends.
"""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from lxml import etree
from yarl import URL

from index.documents import content_id
from index.sources.page import Link, fetched
from index.sources.source import Change, Failed, Found, Limit, Reach, RemoteSource, Unchanged
from index.sources.web.address import parse
from index.sources.web.answers import NotModified, Page
from index.sources.web.media_types import FEEDS, XML, of_types
from index.sources.web.validators import Validators

_LARGEST = 5 * 2**20
_DATES = ("pubDate", "published", "date", "updated")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, kw_only=True)
class Feed(RemoteSource):
    """The entries of a feed, the first `limit` of them."""

    kind: ClassVar[str] = "feed"

    feed: str
    limit: Limit = 200

    def __post_init__(self) -> None:
        parse(self.feed)

    @property
    def address(self) -> str:
        """The feed."""
        return self.feed

    async def changes(self, since: Mapping[str, Validators], reach: Reach) -> AsyncIterator[Change]:
        """Tell of each entry what became of it. What the feed no longer holds stays."""
        answer = await reach.web.get(self.feed, of_types(FEEDS | XML), largest=_LARGEST)
        if isinstance(answer, NotModified):
            return
        if not isinstance(answer, Page):
            yield Failed(self.feed, answer.reason)
            return
        try:
            entries = list(_entries(answer.data, answer.address))[: self.limit]
        except etree.XMLSyntaxError:
            yield Failed(self.feed, "it is no feed")
            return
        if not entries:
            yield Failed(self.feed, "it has no entries: what is kept stays")
        for entry in entries:
            if entry.text:
                is_same = since.get(entry.address) == entry.validators
                yield Unchanged(entry.address) if is_same else entry.found()
        links = [Link(entry.address, entry.title, entry.published) for entry in entries if not entry.text]
        async for change in fetched(reach.web, links, since):
            yield change


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a feed; `text` is HTML, and None where the feed does not hold the whole of it."""

    address: str
    title: str | None
    published: date | None
    text: str | None

    @property
    def validators(self) -> Validators:
        return Validators(etag=content_id(self.title or "", str(self.published), self.text or ""))

    def found(self) -> Found:
        page = f"<!doctype html><title>{html.escape(self.title or '')}</title><body>{self.text}</body>"
        return Found(
            self.address,
            page.encode(),
            ".html",
            url=self.address,
            title=self.title,
            published=self.published,
            validators=self.validators,
        )


def _entries(data: bytes, base: str) -> Iterator[_Entry]:
    """Yield the entries that have an address. Raises XMLSyntaxError where this is no XML at all."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise etree.XMLSyntaxError("nothing in it", 0, 0, 0)
    for element in root.iter("{*}item", "{*}entry"):
        address = _link(element, base)
        if address:
            title = _text(element, "{*}title")
            yield _Entry(address, title and _plain(title), _published(element), _whole_text(element))


def _link(element: Any, base: str) -> str | None:
    """Return where an entry leads: Atom's alternate link, RSS's link, or a GUID that is an address."""
    for link in element.iterfind("{*}link"):
        if link.get("rel", "alternate") == "alternate" and (said := link.get("href") or link.text):
            break
    else:
        guid = element.find("{*}guid")
        said = guid.text if guid is not None and guid.get("isPermaLink") != "false" else None
    try:
        url = URL(base).join(URL((said or "").strip())).with_fragment(None)
    except ValueError:
        return None
    return str(url) if said and url.scheme in ("http", "https") else None


def _whole_text(element: Any) -> str | None:
    """Return the HTML of an entry that holds its own text."""
    content = element.find("{*}content")
    if content is None:
        return _text(element, _CONTENT)
    if content.get("src"):
        return None
    if content.get("type") == "xhtml":
        return "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in content)
    text = "".join(content.itertext())
    return text if content.get("type") in ("html", "text/html") else f"<p>{html.escape(text)}</p>"


def _published(element: Any) -> date | None:
    said = next(filter(None, (_text(element, f"{{*}}{name}") for name in _DATES)), "")
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, IndexError):
            return read(said).date()
    return None


def _text(element: Any, path: str) -> str | None:
    found = element.find(path)
    return ("".join(found.itertext()).strip() or None) if found is not None else None


def _plain(title: str) -> str:
    """Return a title without its markup, which feeds escape once or twice."""
    text = html.unescape(title)
    if "<" not in text:
        return text
    tree = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))
    return "".join(tree.itertext()) if tree is not None else text
