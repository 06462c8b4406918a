"""Limited: the part of a source that only some may see, as `corpus.toml` says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from index.access import AccessRule
from index.sources.globs import Globs

# Ids of Discord. An empty list is a mistake: it reads as if nobody were let in, and says nothing.
_Ids = Annotated[frozenset[Annotated[int, Field(ge=1, lt=2**63)]], Field(min_length=1)] | None


@dataclass(frozen=True, kw_only=True)
class Limited:
    """The documents that match `include`, or all, but for those that match `exclude`; and who may see them."""

    # A typo in corpus.toml is an error.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    servers: _Ids = None
    roles: _Ids = None
    channels: _Ids = None
    readers_of: _Ids = None

    def __post_init__(self) -> None:
        if self.rule == AccessRule():
            raise ValueError("name the servers, roles or channels that may see it, or channels as readers_of")

    def __contains__(self, path: str) -> bool:
        return path in Globs(self.include, self.exclude)

    @property
    def rule(self) -> AccessRule:
        """What must hold of whoever may see it."""
        none: frozenset[int] = frozenset()
        return AccessRule(self.servers or none, self.roles or none, self.channels or none, self.readers_of or none)
