"""Transfer: files that are sent or fetched several at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

_AT_ONE_TIME = 8


def each(names: Collection[str], do: Callable[[str], None], told: Callable[[int], None] = lambda _: None) -> None:
    """Do something with each name, several at a time; `told` hears how many are done. The first error ends it all."""
    with ThreadPoolExecutor(_AT_ONE_TIME, thread_name_prefix="footnote-transfer") as pool:
        for done, _ in enumerate(pool.map(do, names), start=1):
            told(done)
