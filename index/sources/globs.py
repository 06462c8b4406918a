"""Globs: which of many paths are meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, slots=True)
class Globs:
    """The paths that match one of `include`, or all where there are none, and none of `exclude`.

    `*` stands for anything within one part of a path, `**` for any number of parts.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __contains__(self, path: str) -> bool:
        return (not self.include or _matches(path, self.include)) and not _matches(path, self.exclude)


def _matches(path: str, globs: Sequence[str]) -> bool:
    return any(_pattern(glob).fullmatch(path) for glob in globs)


def _pattern(glob: str) -> re.Pattern[str]:
    # `re` keeps the patterns that it compiled last.
    return re.compile("".join(_MEANINGS.get(part) or re.escape(part) for part in _PARTS.findall(glob)), re.DOTALL)
