"""Tamil."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="ta", name="Tamil", stemmer="tamil")
