"""Finnish."""

from __future__ import annotations

from index.language.language import Language

LANGUAGE = Language(code="fi", name="Finnish", stemmer="finnish", stop_list="finnish")
