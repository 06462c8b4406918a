"""Opposites: pairs of words of which a statement may not say one where its quote says the other."""

from __future__ import annotations

from bot.answering.facts.words import stem_of

OPPOSITES: dict[str, frozenset[str]] = {}
