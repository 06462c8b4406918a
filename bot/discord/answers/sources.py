"""Sources by name: which indexed document or folder somebody means, and which ones a half-typed name could mean."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from discord import app_commands

from bot.discord.backend import Library
from bot.discord.messaging.neutral import label
from index.documents import DocumentMetadata
from index.errors import FootnoteError

_CHOICES = 25
_CHOICE_LENGTH = 100


class NoSuchSource(FootnoteError):
    """A source that somebody named is not in the index."""


class SourceNames:
    """The names of what a library has indexed."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def resolve(self, name: str | None) -> str | None:
        """Return the source that is meant by a document's id, title or path, or by a folder's path; None for every one.

        Raises NoSuchSource when nothing indexed is meant.
        """
        if not name:
            return None
        found = meant(name, await asyncio.to_thread(self._library.sources))
        if found is None:
            raise NoSuchSource(f"No indexed document or folder is called “{name[:200]}”. /sources lists what there is.")
        return found

    async def choices(self, typed: str) -> list[app_commands.Choice[str]]:
        """Up to 25 documents whose title or path holds `typed`, by title; none where there is no index."""
        wanted = typed.strip().casefold()
        try:
            documents = await asyncio.to_thread(self._library.sources)
        except FootnoteError:
            return []
        found = sorted(
            named_like(wanted, documents),
            key=lambda each: (not each.title.casefold().startswith(wanted), each.title.casefold(), each.source),
        )
        return [app_commands.Choice(name=label(each.title, _CHOICE_LENGTH), value=each.id) for each in found[:_CHOICES]]


def named_like(words: str, documents: Sequence[DocumentMetadata]) -> list[DocumentMetadata]:
    """Those documents whose title or path holds `words`, in whatever case."""
    wanted = words.casefold()
    return [each for each in documents if wanted in f"{each.title}\n{each.source}".casefold()]


def meant(name: str, documents: Sequence[DocumentMetadata]) -> str | None:
    """Return the source or folder that `name` means, or None: exact names are looked for first, then a part of one."""
    wanted = name.strip().casefold().rstrip("/")
    for each in documents:
        if wanted in {each.id, each.source.casefold(), each.title.casefold()}:
            return each.source
    for each in documents:
        if each.source.casefold().startswith(f"{wanted}/"):
            return each.source[: len(wanted)]
    parts = [each.source for each in named_like(wanted, documents)]
    return parts[0] if len(parts) == 1 else None
