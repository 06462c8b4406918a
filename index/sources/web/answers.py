"""What comes of asking for an address."""

from __future__ import annotations

from dataclasses import dataclass

from index.sources.web.validators import Validators


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: the address after all redirects, the bytes, and what the server said of them."""

    address: str
    data: bytes
    media_type: str
    charset: str | None
    validators: Validators


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is what it was when its validators were sent."""


@dataclass(frozen=True, slots=True)
class NoPage:
    """The server says that there is no such page (404, 410)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Why a page could not be had this time, in one line, and the status that said so where a server did."""

    reason: str
    status: int | None = None


Answer = Page | NotModified | NoPage | NotFetched
