"""Sources by name: which indexed document or folder somebody means, and which ones a half-typed name could mean."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import PurePosixPath

from discord import app_commands

from bot.discord.backend import Library
from bot.discord.messaging.neutral import label
from bot.discord.messaging.notices import Refused
from bot.presenting.words import Words
from index.access import Viewer
from index.documents import DocumentMetadata
from index.errors import FootnoteError

_CHOICES = 25
_FOLDERS = 10
_CHOICE_LENGTH = 100


class SourceNames:
    """The names of what a library has indexed."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def resolve(self, name: str | None, viewer: Viewer, words: Words) -> str | None:
        """Return the source that is meant by a document's id, title or path, or by a folder's path; None for every one.

        Raises Refused when nothing is meant that is indexed and that the viewer sees.
        """
        if not name:
            return None
        found = meant(name, await asyncio.to_thread(self._library.sources, viewer))
        if found is None:
            raise Refused(
                words(
                    "No indexed document or folder is called “{name}”. /sources lists what there is.", name=name[:200]
                )
            )
        return found

    async def choices(self, typed: str, viewer: Viewer) -> list[app_commands.Choice[str]]:
        """Up to 25 folders and documents whose title or path holds `typed`, folders first; none where nothing is."""
        wanted = typed.strip().casefold()
        try:
            documents = await asyncio.to_thread(self._library.sources, viewer)
        except FootnoteError:
            return []
        found = sorted(
            named_like(wanted, documents),
            key=lambda each: (not each.title.casefold().startswith(wanted), each.title.casefold(), each.source),
        )
        inside = [f"{folder}/" for folder in folders(documents) if wanted in folder.casefold()]
        named = [
            *(app_commands.Choice(name=label(folder, _CHOICE_LENGTH), value=folder) for folder in inside[:_FOLDERS]),
            *(app_commands.Choice(name=label(each.title, _CHOICE_LENGTH), value=each.id) for each in found),
        ]
        return named[:_CHOICES]


def folders(documents: Sequence[DocumentMetadata]) -> list[str]:
    """Return the folders that the indexed files lie in and that can be named in a choice, by name."""
    paths = (each.source for each in documents if "://" not in each.source)
    found = {f"{parent}" for path in paths for parent in PurePosixPath(path).parents if parent.name}
    return sorted(folder for folder in found if len(folder) < _CHOICE_LENGTH)


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
