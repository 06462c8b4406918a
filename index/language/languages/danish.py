"""Danish."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="da", name="Danish", stemmer="danish", stop_list="danish")
