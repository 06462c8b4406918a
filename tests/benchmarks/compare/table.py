"""The table of the comparison: a row for each measure, a column for each system, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

# What was measured of one system on the first set, step by step; on each set its nDCG@10.
Measured = dict[str, dict[str, Any]]


def table(columns: Sequence[str], quality: dict[str, list[float]], measured: Sequence[Measured]) -> str:
    """Return the table of systems named `columns`: their `quality` on each set, by its title, and what they cost."""
    rows = [["", *columns], ["---"] * (len(columns) + 1)]
    rows += [[title, *(f"{value:.3f}".removeprefix("0") for value in values)] for title, values in quality.items()]
    rows += [[title, *map(cell, measured)] for title, cell in _COSTS.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _indexing(measured: Measured) -> str:
    index = measured["index"]
    a_passage = 1000 * index["seconds"] / index["passages"]
    return f"{index['seconds']:.0f} s, {a_passage:.0f} ms a passage"


def _changed(measured: Measured) -> str:
    change = measured["change"]
    stale = "" if not change["finds_old"] else "; the old text is still found"
    return f"{change['seconds']:.1f} s{stale}" if change["finds_new"] else "not found"


def _again(measured: Measured) -> str:
    again = measured["repeat"]
    made = again["passages"] / measured["index"]["passages"]
    return f"{again['seconds']:.1f} s" + (f"; {made:.0f} times the passages" if round(made) > 1 else "")


def _answer(measured: Measured) -> str:
    seconds = measured["serve"]["answer_seconds"]
    return "needs a chat model" if seconds is None else f"{1000 * seconds:.0f} ms"


_COSTS: dict[str, Callable[[Measured], str]] = {
    "indexing from nothing": _indexing,
    "a search": lambda each: f"{1000 * each['serve']['query_seconds']:.0f} ms",
    "a cited answer": _answer,
    "the first search of a process": lambda each: f"{each['serve']['cold_seconds']:.1f} s",
    "memory after all searches": lambda each: f"{each['serve']['megabytes']:,} MB",
    "one changed document": _changed,
    "indexing again, nothing changed": _again,
    "a deleted file, after indexing again": lambda each: "still found" if each["forget"]["finds_deleted"] else "gone",
}
