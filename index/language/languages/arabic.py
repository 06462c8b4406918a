"""Arabic."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="ar", name="Arabic", stemmer="arabic")
