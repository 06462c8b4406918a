"""Counts: a number of things, in words."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """Return the number and the noun, in the plural unless there is one: "1 passage", "1,200 passages"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
