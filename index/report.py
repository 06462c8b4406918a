"""The nouns of a refresh: how far it has come, and what it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh has come: `done` of `total` documents in a `step` ("reading", "indexing", "checking")."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, and why; `kept` tells whether its last good passages still serve."""

    source: str
    reason: str
    kept: bool


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of asking the sources: how many were asked, and whether there is something new to index."""

    sources: int
    is_new: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did: the sources added, changed and removed, how many did not change, and what failed.

    `generation` is the number of the generation in use afterwards; it is the old one where nothing had changed.
    `passages` counts all that it holds, `embedded` those that the model had to embed.
    """

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    failed: tuple[Failure, ...]
    passages: int
    embedded: int
    seconds: float
