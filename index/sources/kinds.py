"""The kinds of source: a new one is one module, and one line here."""

from __future__ import annotations

from index.sources.feed import Feed
from index.sources.folder import Folder
from index.sources.git import Git
from index.sources.loader import Loader
from index.sources.page import Pages
from index.sources.sitemap import Sitemap
from index.sources.source import Source

KINDS: dict[str, type[Source]] = {kind.kind: kind for kind in (Folder, Pages, Sitemap, Feed, Git, Loader)}
