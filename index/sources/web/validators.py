"""Validators: by what a server tells whether a page changed (RFC 9110, 8.8); other kinds of source have their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What came with a document when it was kept, exactly as it came; None where nothing did."""

    etag: str | None = None
    modified: str | None = None


NEVER_SEEN = Validators()
