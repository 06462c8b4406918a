"""Romanian."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="ro", name="Romanian", stemmer="romanian")
