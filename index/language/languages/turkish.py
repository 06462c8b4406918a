"""Turkish."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="tr", name="Turkish", stemmer="turkish")
