"""Hungarian."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="hu", name="Hungarian", stemmer="hungarian", stop_list="hungarian")
