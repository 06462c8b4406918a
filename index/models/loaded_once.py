"""Loading once: what takes seconds to load is loaded when it is first asked for, and once however many ask."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Loaded = TypeVar("Loaded")


class LoadedOnce(Generic[Loaded]):
    """What `load` returns. Any thread may ask; where loading raises, the next one who asks loads again."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self._load = load
        self._lock = Lock()
        self._loaded: list[Loaded] = []

    def get(self) -> Loaded:
        """Return the loaded thing; the first call loads it. Raises what `load` raises."""
        with self._lock:
            if not self._loaded:
                self._loaded.append(self._load())
            return self._loaded[0]

    def peek(self) -> Loaded | None:
        """Return the loaded thing where it is loaded already; this waits for nothing."""
        return self._loaded[0] if self._loaded else None
