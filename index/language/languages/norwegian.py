"""Norwegian."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="no", name="Norwegian", stemmer="norwegian", stop_list="norwegian")
