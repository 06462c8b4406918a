"""The nouns of a refresh: how far it has come, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh has come: `done` of `total` documents in a `step`.

    The steps are "fetching", "reading", "indexing", "checking" and "publishing"; `seconds_left` is a guess for the
    step, None where there is nothing to make it from.
    """

    step: str
    done: int
    total: int
    seconds_left: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, and why; `kept` tells whether its last good passages still serve."""

    source: str
    reason: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source of documents: its name, kind and address, how many it has in the index, and when it was last asked.

    `problem` is what was wrong with it then, None where nothing was or it is never asked.
    """

    name: str
    kind: str
    address: str
    documents: int
    asked: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of asking the sources: how many were asked, and whether there is something new to index."""

    sources: int
    is_new: bool
    seconds: float


NOTHING_FETCHED = FetchReport(0, False, 0.0)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did: the sources added, changed and removed, how many did not change, and what failed.

    `generation` is the number of the generation in use afterwards; it is the old one where nothing had changed.
    `passages` counts all that it holds, `embedded` those that the model had to embed. `stages` are the seconds that
    each step took.
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
    stages: Mapping[str, float] = field(default_factory=dict, compare=False)
