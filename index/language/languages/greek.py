"""Greek."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="el", name="Greek", stemmer="greek")
